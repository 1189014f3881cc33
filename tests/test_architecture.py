"""The arrows of ARCHITECTURE.md, held: who may import whom, and which room a library belongs to.

Imports are read from the source (imports inside functions and under TYPE_CHECKING count too), nothing is executed. The rules are
the tables below; a broken one is reported with file, line and what to do. A new room is a row in ROOMS, and a line in ARCHITECTURE.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Left imports right, never the other way; rooms of one row don't import each other.
ROOMS: tuple[tuple[str, ...], ...] = (
    ("cli", "worker"),          # two ways in: a terminal, and the server's worker processes
    ("session",),
    ("translation", "comparison", "emulation", "doctor"),    # one file each for what the facade can be asked
    ("units", "files"),         # texts: kernels cut out of a file and joined to one; reading and writing
    ("results", "terminal"),    # the plain values that the facade hands out; how a terminal is told
    ("tune", "plan"),
    ("devices",),
    ("repair", "propose"),
    ("verify",),
    ("passes",),
    ("dialects",),
    ("frontend",),
    ("analysis",),
    ("smt",),
    ("ir",),
)
RANK = {room: rank for rank, row in enumerate(ROOMS) for room in row}

# library -> where it may be imported: a folder ("smt/") or a module ("verify/sandbox.py"; "server/" is kernelglot_server).
LIBRARIES: dict[str, tuple[str, ...]] = {
    "tree_sitter": ("frontend/",),
    "tree_sitter_c": ("frontend/",),
    "tree_sitter_cpp": ("frontend/",),
    "tree_sitter_cuda": ("frontend/",),
    "z3": ("smt/",),
    "pygls": ("server/",),
    "lsprotocol": ("server/",),
    "dask": ("devices/",),
    "distributed": ("devices/",),
    "anthropic": ("propose/model.py",),
    "sqlite3": ("tune/journal.py",),
}
# Running programs: kernels and compilers in verify/, the server's own workers in server/.
PROGRAMS = ("subprocess", "multiprocessing", "pty")
RUNNERS = ("verify/sandbox.py", "verify/toolchain.py", "verify/emulate.py", "server/")
LIBRARIES |= dict.fromkeys(PROGRAMS, RUNNERS)
LIBRARIES |= {"asyncio": ("server/",)}

# What the server process never loads: it starts fast and survives its workers (they import these themselves, through the session).
NEVER_IN_SERVER = ("z3", "numpy", "anthropic")


@dataclass(frozen=True)
class Import:
    """One imported module, absolute: `kernelglot.ir.nodes` in `file`, at `line`."""

    file: str               # "passes/cache.py", "server/app.py": relative to its package, the server's under "server/"
    line: int
    module: str
    in_function: bool

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


def module_imports(text: str, file: str) -> Iterator[Import]:
    """Each import of one source text. `from . import x` counts as the module it names, seen from `file`."""
    package = package_of(file)

    def walk(node: ast.AST, in_function: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inside = in_function or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(file, child.lineno, alias.name, in_function)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    base = ".".join([*package[: len(package) - child.level + 1], *filter(None, [child.module])])
                for alias in child.names:
                    yield Import(file, child.lineno, f"{base}.{alias.name}", in_function)
            else:
                yield from walk(child, inside)

    yield from walk(ast.parse(text, file), False)


def package_of(file: str) -> list[str]:
    """The dotted package a file lies in, as a list: `passes/cache.py` -> kernelglot, passes."""
    folders = list(Path(file).parent.parts)
    if folders[:1] == ["server"]:
        return ["kernelglot_server", *folders[1:]]
    return ["kernelglot", *folders]


def room_of(file: str) -> str:
    """The room a file is in: its first folder, or the module's own name at the top (`session.py` -> session)."""
    parts = Path(file).parts
    return parts[0] if len(parts) > 1 else Path(file).stem


def broken_rules(imports: list[Import]) -> list[str]:
    """One sentence for each import that a rule forbids."""
    return [f"{each.where}: {sentence}" for each in imports if (sentence := broken_rule(each))]


def broken_rule(each: Import) -> str | None:
    parts = each.module.split(".")
    library = parts[0]
    if library in LIBRARIES and not allowed(each.file, LIBRARIES[library]):
        return f"{library} belongs in {' or '.join(LIBRARIES[library])}"
    if library == "kernelglot_server":
        if each.file.startswith("server/") or (each.file == "cli.py" and each.in_function):
            return None
        return "the engine doesn't know the server; only `kernelglot serve` (cli.py) imports it, inside its function"
    if each.file.startswith("server/"):
        if library in NEVER_IN_SERVER:
            return f"{library} is never loaded by the server process; leave it to a worker, through kernelglot.session"
        if library == "kernelglot" and parts[1:2] not in ([], ["session"], ["__version__"]):
            return f"the server asks kernelglot.session, not {'.'.join(parts[:3])}"
        return None
    if library == "kernelglot" and len(parts) > 1:
        return broken_arrow(each, parts)
    return None


def broken_arrow(each: Import, parts: list[str]) -> str | None:
    """An import of the engine by the engine."""
    here, there = room_of(each.file), parts[1]
    if here in ("__init__", "__main__") or there not in RANK:
        return None                                    # `from kernelglot import __version__` and the like
    if here == there == "dialects":
        return crossed_dialects(each.file, parts)
    if here == there:
        return None
    if RANK[there] == RANK[here]:
        return f"{here} and {there} stand side by side and don't import each other; what both need goes to a room further right"
    if RANK[there] < RANK[here]:
        return f"{here} may not import {there}: arrows point {there} -> {here}"
    return None


def crossed_dialects(file: str, parts: list[str]) -> str | None:
    """`dialects/hip/emit.py` may use `dialects/emit_c.py`, but not `dialects/bang/`."""
    mine = Path(file).parts[1] if len(Path(file).parts) > 2 else None
    folders = {path.name for path in (ROOT / "engine/kernelglot/dialects").iterdir() if path.is_dir()}
    other = parts[2] if len(parts) > 2 and parts[2] in folders else None
    if mine and other and mine != other:
        return f"dialect {mine} imports dialect {other}; what two dialects share goes to dialects/emit_c.py"
    return None


def allowed(file: str, places: tuple[str, ...]) -> bool:
    return any(file.startswith(place) if place.endswith("/") else file == place for place in places)


def sources() -> list[tuple[str, Path]]:
    """Each product file with its name as the rules spell it."""
    engine, server = ROOT / "engine/kernelglot", ROOT / "server/kernelglot_server"
    named = [(path.relative_to(engine).as_posix(), path) for path in sorted(engine.rglob("*.py"))]
    return named + [("server/" + path.relative_to(server).as_posix(), path) for path in sorted(server.rglob("*.py"))]


def test_imports_follow_the_arrows():
    broken = []
    for file, path in sources():
        broken += broken_rules(list(module_imports(path.read_text(encoding="utf-8"), file)))
    assert not broken, "\n" + "\n".join(broken)


def test_every_room_is_known():
    engine = ROOT / "engine/kernelglot"
    rooms = {room_of(file) for file, path in sources() if not file.startswith("server/")}
    folders = {path.name for path in engine.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    unknown = (rooms | folders) - RANK.keys() - {"__init__", "__main__"}
    assert not unknown, f"new rooms {sorted(unknown)}: give each a row in ROOMS here and a line in ARCHITECTURE.md, or use one that exists"


@pytest.mark.parametrize(("file", "text", "sentence"), [
    ("ir/nodes.py", "from kernelglot.passes import base", "ir may not import passes"),
    ("ir/nodes.py", "from ..passes.base import Pass", "ir may not import passes"),
    ("plan/planner.py", "from kernelglot import tune", "stand side by side"),
    ("verify/proof.py", "import z3", "z3 belongs in smt/"),
    ("passes/cache.py", "def apply():\n    import tree_sitter_cuda", "tree_sitter_cuda belongs in frontend/"),
    ("session.py", "import subprocess", "subprocess belongs in verify/sandbox.py"),
    ("session.py", "def f():\n    import kernelglot_server", "doesn't know the server"),
    ("cli.py", "from kernelglot_server.app import main", "doesn't know the server"),
    ("server/features/hover.py", "import numpy", "never loaded by the server process"),
    ("server/features/hover.py", "from kernelglot.ir import nodes", "asks kernelglot.session"),
])
def test_a_forbidden_import_is_named(file: str, text: str, sentence: str):
    assert [sentence in line for line in broken_rules(list(module_imports(text, file)))] == [True]


@pytest.mark.parametrize(("file", "text"), [
    ("cli.py", "def serve():\n    from kernelglot_server.app import main"),
    ("cli.py", "from kernelglot import __version__, session"),
    ("smt/encode.py", "import z3\nfrom kernelglot.ir.nodes import For"),
    ("dialects/hip/emit.py", "from kernelglot.dialects import emit_c\nfrom ..emit_c import Printer"),
    ("dialects/hip/emit.py", "from .host import translate_text"),
    ("server/jobs.py", "import subprocess\nfrom kernelglot import session, __version__\nfrom kernelglot.session import Report"),
])
def test_an_allowed_import_is_silent(file: str, text: str):
    assert broken_rules(list(module_imports(text, file))) == []
