"""``kernelglot emulate``: a whole file with its host code, as a shared library or a program that runs on this CPU by itself.

The file's text keeps its lines. Launches become calls (host_launches.py), vendor headers become empty ones (their names come from
runtime/host/ and the dialect's prelude), files that it includes from its own folder are treated like it. The result is linked with the
engine (runtime/host/*.c) and needs nothing of ours when it runs. Compilers run in the compile profile of the sandbox.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import bang_build, build, cpu_build, elf, emulate, hip_build, ptx, sandbox, toolchain
from .cases import Launch, Program
from .host_launches import rewritten, without

LIBRARY, PROGRAM = "library", "program"
MARK = "made by kernelglot emulate"             # in every result, so that it may be replaced by a later one
_NO_LAUNCH = Launch((1, 1, 1), (1, 1, 1))
ENGINE, END = ("engine.c", "memory.c", "report.c"), ("end.c",)

# Speed matters here, where a whole program runs; both sides of a comparison still round alike. Host code may throw.
FLAGS = (
    "-O2",
    "-g1",
    "-fPIC",
    "-w",
    "-pipe",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-ffp-contract=off",
    "-fno-semantic-interposition",
    "-fdiagnostics-color=never",
    "-fmax-errors=5",
)
DEVICE_FLAGS = (
    "-DKG_HOST=1",
    "-fpermissive",
    "-fno-gnu-unique",
    "-fno-delete-null-pointer-checks",
    "-fno-extern-tls-init",
    "-fdata-sections",
    "-fsanitize=bounds,integer-divide-by-zero",
    "-fno-sanitize-recover=all",
)
# Where a library's thread-local variables lie is asked for; in a program it is known. (Not by descriptors, -mtls-dialect=gnu2: before 2.40
# glibc's answer destroys vector registers.)
THREAD_LOCAL = {LIBRARY: ("-ftls-model=local-dynamic",), PROGRAM: ("-ftls-model=initial-exec",)}
_VENDOR = re.compile(
    r"^(?:(?:cuda|cooperative_groups|device_|nv|vector_|math_|sm_|channel_|driver_|texture_|surface_|helper_|exception\.h)[\w/.]*"
    r"|mma\.h|crt/.*|hip/.*|rocwmma/.*|hip_runtime.*|cnrt\w*\.h|cn_api\.h|cnnl\w*\.h|bang\w*\.h|mlu\w*\.h|cub/.*)$"
)
_INCLUDE = re.compile(r"^([ \t]*#[ \t]*include[ \t]*)([<\"])([^>\"\n]+)[>\"]", re.MULTILINE)
_ERROR = re.compile(r"^([^\s:][^:\n]*):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$", re.MULTILINE)
# Kept by name: what an outside program may call. The C++ library's and our own names stay inside.
_EXPORTS = "{ global: *; local: _ZSt*; _ZNSt*; _ZNKSt*; _ZTVSt*; _ZN9__gnu*; _ZNK9__gnu*; _ZN10kernelglot*; _ZNK10kernelglot*; kg_*; };\n"

Loader = Callable[[str], str | None]


class NotBuilt(Exception):
    """A file that could not be built; ``line`` is 0 where the compiler names none."""

    def __init__(self, sentence: str, file: str = "", line: int = 0) -> None:
        self.sentence, self.file, self.line = sentence, file, line
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Whole:
    """A file to build. ``name``: as messages show it. ``tail``: generated text that comes after it (a wrapper). ``load`` reads what it
    includes from beside itself."""

    name: str
    text: str
    dialect: str
    architecture: str = ""
    tail: str = ""
    load: Loader = field(default=lambda name: None, compare=False)


@dataclass(frozen=True, slots=True)
class Built:
    """``exports``: names with C linkage that the result defines, ``main`` included. ``seconds``: that it took, 0 from the cache."""

    path: str
    exports: tuple[str, ...]
    seconds: float


# ---- texts ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """What the compiler is given: files by their names in its folder, the first one is compiled."""

    files: dict[str, str]
    language: str
    flags: tuple[str, ...]


def _source(whole: Whole, kind: str) -> _Source:
    device = whole.dialect in ("cuda", "hip", "bang")
    files: dict[str, str] = {}
    read: list[str] = []
    text = _prepared(whole, whole.text, "", files, read)
    every = "\n".join([*read, whole.tail])                         # as written: what is rewritten below names no features any more
    shown = whole.name.replace("\\", "/").replace('"', "'")
    language = "c" if whole.dialect in ("c", "vnni") and whole.name.endswith(".c") else "c++"
    head = [f'static const char kg_mark[] __attribute__((used)) = "{MARK}";', f'#define KG_FILE "{shown}"']
    flags = [*FLAGS, "-std=gnu++17" if language == "c++" else "-std=gnu17", "-I.", f"-I{toolchain.RUNTIME}"]
    if device:
        flags += [*DEVICE_FLAGS, *THREAD_LOCAL[kind], *_device_flags(whole, every)]
        head += [f'#include "{toolchain.DIALECTS}/{whole.dialect}/intrinsics/prelude.h"', f'#include "host/{whole.dialect}.h"']
    else:
        vectors = cpu_build.vectors(every, False)
        flags += build._cpu_flags(Program(whole.dialect, every, "", _NO_LAUNCH, ()), vectors)
        head += vectors.head
        if vectors.semantic:
            text = re.sub(r"(?m)^([ \t]*)#[ \t]*include[ \t]*<\w*intrin\.h>", r"\1", text)
    parts = [*head, f'#line 1 "{shown}"', text]
    if whole.tail:
        parts += ['#line 1 "generated wrapper"', whole.tail]
    main = "unit.c" if language == "c" else "unit.cpp"
    return _Source({main: "\n".join([*parts, ""]), **files}, language, tuple(flags))


def _device_flags(whole: Whole, text: str) -> list[str]:
    warp = build.warp_size(Program(whole.dialect, "", "", _NO_LAUNCH, (), architecture=whole.architecture))
    flags = [f"-DKG_WARP={warp}", *build._device_features(text)]
    if "f16c" in toolchain.cpu_flags():
        flags.append("-mf16c")
    if whole.dialect == "bang":
        flags += [flag for flag in bang_build.flags(whole.architecture, text) if flag != "-fwhole-program"]
    elif whole.dialect == "hip":
        flags += hip_build.flags(whole.architecture or "gfx90a", text)
    if build._dynamic_shared(text):
        flags.append("-DKG_DYNAMIC_SHARED=1")
    if emulate.SYNC_WORDS["bang"].search(text):
        flags.append("-DKG_TASKS_WAIT=1")
    return flags


def _prepared(whole: Whole, text: str, folder: str, files: dict[str, str], read: list[str]) -> str:
    """``text`` as the compiler sees it; what it includes from beside itself lands in ``files``, and each text as it was in ``read``."""
    read.append(text)
    bare = without(text, strings=False)
    pieces, done = [], 0
    for found in _INCLUDE.finditer(bare):
        replacement = _included(whole, found, folder, files, read)
        if replacement is not None:
            pieces += [text[done : found.start()], replacement]
            done = found.end()
    text = "".join([*pieces, text[done:]])
    if whole.dialect == "cuda" and "asm" in text:
        text = ptx.rewritten(text)
    elif whole.dialect == "hip":
        text = hip_build.without_ext_vectors(text)
    elif whole.dialect == "bang":
        text = bang_build.rewritten(text)
    return rewritten(text) if whole.dialect in ("cuda", "hip", "bang") else text


def _included(whole: Whole, found: re.Match[str], folder: str, files: dict[str, str], read: list[str]) -> str | None:
    """The directive in another form; None where it stays."""
    name = found[3].strip()
    if found[2] == '"':
        for path in dict.fromkeys((os.path.normpath(os.path.join(folder, name)), os.path.normpath(name))):
            flat = f"{path.replace('/', '-')}.kg"  # the sandbox has no folders below its own
            if flat in files:
                return f'{found[1]}"{flat}"'
            text = None if path.startswith("..") or os.path.isabs(path) else whole.load(path)
            if text is not None:
                files[flat] = ""  # it may include itself
                shown = os.path.join(os.path.dirname(whole.name), path)
                files[flat] = f'#line 1 "{shown}"\n' + _prepared(whole, text, os.path.dirname(path), files, read)
                return f'{found[1]}"{flat}"'
    device = whole.dialect in ("cuda", "hip", "bang")
    return None if (not device or not _VENDOR.match(name)) and _in_system(name) else ""


def _in_system(name: str) -> bool:
    """Whether the compiler finds a header; a name that it can't find is left out, and what used it does not compile."""
    prefix = Path(os.path.realpath(toolchain.find("g++"))).parents[1]
    folders = [
        folder
        for pattern in ("include", "include/c++/*", "include/*-linux-gnu", "local/include", "lib/gcc/*/*/include")
        for folder in prefix.glob(pattern)
    ]
    return any((folder / name).exists() for folder in (*folders, Path("/usr/include")))


# ---- building ------------------------------------------------------------------------------------------------------------------


def emulated(whole: Whole, kind: str = LIBRARY) -> Built:
    """Builds a library or a program into the cache folder. Raises NotBuilt, MissingTool."""
    if os.uname().machine != "x86_64" and whole.dialect in ("cuda", "hip", "bang"):
        raise NotBuilt("whole files with kernels are emulated on x86-64 only: the engine's threads need its context switch")
    source = _source(whole, kind)
    compiler = "g++" if source.language == "c++" else "gcc"
    stem = toolchain.digest(
        kind, *(part for item in source.files.items() for part in item), *source.flags, toolchain.fingerprint(compiler), _digest()
    )
    target = toolchain.cache_folder() / f"module-host-{stem}.so"
    if toolchain.reuse_module(target):
        return Built(str(target), exported(target.read_bytes()), 0.0)
    scratch = Path(tempfile.mkdtemp(prefix="kernelglot-emulate-"))
    try:
        seconds = _build(source, kind, whole, scratch, compiler)
        (scratch / "result").chmod(0o755)
        toolchain.publish(scratch / "result", target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    toolchain.forget_old_modules(target.parent)
    return Built(str(target), exported(target.read_bytes()), seconds)


def run(built: Built, arguments: tuple[str, ...], timeout_s: float) -> tuple[int | None, str, str]:
    """Runs a program in the sandbox: it may start nothing, reach no network and write nothing but its own empty folder. Its status (None:
    it was killed after its time), its output and its errors, the latter two cut at MOST_OUTPUT characters."""
    sandbox.demand()
    scratch = Path(tempfile.mkdtemp(prefix="kernelglot-run-"))
    try:
        shell = toolchain.find("sh")
        done = sandbox.compile_now(
            [[shell, "-c", '"$@" > output 2> errors; echo $? > status', "sh", built.path, *arguments]],
            scratch,
            execute=[built.path],
            timeout_s=timeout_s,
        )
        status, output, errors = (_read(scratch / name) for name in ("status", "output", "errors"))
        return None if done.timed_out else int(status or done.returncode), output, errors + done.output
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(sandbox.MOST_OUTPUT).decode("utf-8", "replace")
    except OSError:
        return ""


def _build(source: _Source, kind: str, whole: Whole, scratch: Path, compiler: str) -> float:
    for name, text in source.files.items():
        (scratch / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    tool = toolchain.find(compiler)
    prefix = toolchain.install_folders(tool)
    device = whole.dialect in ("cuda", "hip", "bang")
    compiled = sandbox.compile_now(
        [[tool, *source.flags, f"-fdebug-prefix-map={scratch}=.", "-c", next(iter(source.files)), "-o", "unit.o"]],
        scratch,
        execute=prefix,
        read=[str(toolchain.RUNTIME), str(toolchain.DIALECTS)],
        timeout_s=120,
    )
    if compiled.returncode or compiled.timed_out:
        raise _failure(compiled, whole, scratch)
    if device:
        _gather_private_memory(scratch / "unit.o", "\n".join(source.files.values()))
    defined = (
        [
            f"-Wl,--defsym={name}=kg_dynamic_shared"
            for name in build.undefined_thread_locals((scratch / "unit.o").read_bytes())
            if not name.startswith(("kg_", "_ZSt", "_ZNSt"))
        ]
        if "-DKG_DYNAMIC_SHARED=1" in source.flags
        else []
    )
    (first, last), libraries = _engine(kind) if device else (("", ""), [])
    (scratch / "exports").write_text(_EXPORTS, encoding="ascii")
    shape = ["-shared", "-Wl,--version-script=exports"] if kind == LIBRARY else []
    more = ["-fopenmp"] if "-fopenmp" in source.flags else []
    link = [
        tool,
        *shape,
        "-Wl,-z,now",
        "-Wl,-Bsymbolic",
        "-Wl,--build-id=none",
        "-Wl,--exclude-libs,libbacktrace.a",
        *defined,
        *filter(None, [first, "unit.o", last]),
        *more,
        *libraries,
        "-lpthread",
        "-lm",
        "-o",
        "result",
    ]
    linked = sandbox.compile_now([link], scratch, execute=prefix, read=[str(toolchain.cache_folder())], timeout_s=60)
    if linked.returncode or linked.timed_out:
        raise _failure(linked, whole, scratch)
    return compiled.seconds + linked.seconds


def _failure(done: sandbox.Finished, whole: Whole, scratch: Path) -> NotBuilt:
    if done.timed_out:
        return NotBuilt(f"the compiler did not end within {done.seconds:.0f} s")
    found = [error for error in _ERROR.findall(done.output) if not error[0].startswith(str(toolchain.RUNTIME))]
    if found:
        file, line, message = found[0]
        return NotBuilt(f"it does not compile: {message[:300]}", file.removeprefix(f"{scratch}/"), int(line))
    missing = re.search(r"undefined reference to [`'](.*)'", done.output)
    if missing:
        main = missing[1] == "main"
        return NotBuilt(
            "it has no main, so there is no program to run; build a library with --so"
            if main
            else f"it uses `{missing[1]}`, which is defined neither in the file nor in the emulator"
        )
    message = next((line for line in done.output.splitlines() if "error" in line), done.output.strip()[:300] or "no message")
    return NotBuilt(f"it does not compile: {message[:300]}")


def _digest() -> str:
    """Changes when the engine, a header of it or the way of building does."""
    host = sorted([*(toolchain.RUNTIME / "host").glob("*"), Path(__file__), Path(__file__).with_name("host_launches.py")])
    return toolchain.digest(toolchain.runtime_digest(), *(part for file in host for part in (file.name, file.read_bytes())))


def _engine(kind: str) -> tuple[list[str], list[str]]:
    """The engine's objects in the cache folder, to be linked before and behind the unit, and the libraries they need. Lines of faults are
    known where gcc brings libbacktrace."""
    compiler = toolchain.find("gcc")
    stem = f"engine-{kind}-{toolchain.digest(toolchain.fingerprint('gcc'), _digest())}"
    targets = [toolchain.cache_folder() / f"{stem}-{part}.o" for part in ("first", "last")]
    backtrace = next(iter(Path(os.path.realpath(compiler)).parents[1].glob("lib/gcc/*/*/libbacktrace.a")), None)
    if not all(target.exists() for target in targets):
        flags = [
            "-O2",
            "-fPIC",
            "-w",
            "-fvisibility=hidden",
            *THREAD_LOCAL[kind],
            "-DKG_HOST=1",
            *(["-DKG_BACKTRACE=1"] if backtrace else []),
        ]
        commands = [
            [compiler, *flags, "-r", "-nostdlib", *(str(toolchain.RUNTIME / "host" / name) for name in sources), "-o", target.name]
            for sources, target in zip((ENGINE, END), targets)
        ]
        with tempfile.TemporaryDirectory(prefix="kernelglot-engine-") as scratch:
            done = sandbox.compile_now(commands, Path(scratch), execute=toolchain.install_folders(compiler), read=[str(toolchain.RUNTIME)])
            if done.returncode:
                raise RuntimeError(f"the emulator's engine does not compile: {done.output[:2000]}")
            for target in targets:
                toolchain.publish(Path(scratch) / target.name, target)
    return [str(target) for target in targets], [str(backtrace)] if backtrace else []


# ---- objects (ELF64) -----------------------------------------------------------------------------------------------------------


def _gather_private_memory(unit: Path, text: str) -> None:
    """What is one instance a block (a core) goes to one section, whose bounds the engine knows: variables of functions, and those that the
    text calls shared. gcc gives each variable a section named after it (and forgets the one it was given in a template)."""
    data = unit.read_bytes()
    shared = set(re.findall(r"__shared__[^;(){}]*?\b(\w+)\s*(?:\[|;|__attribute__)", text))
    private = []
    for section in elf.sections(data):
        name = section.name
        own = re.fullmatch(r"\.tbss\.(?:_Z\w*?\d)?([A-Za-z_]\w*?)E?", name)
        if section.flags & elf.THREAD_LOCAL and (
            name.startswith((".tbss.kg_nram", ".tbss.kg_wram", ".tbss.kg_ldram", ".tbss._ZZ")) or (own and own[1] in shared)
        ):
            private.append(name)
    if private:
        renames = [word for name in sorted(set(private)) for word in ("--rename-section", f"{name}=kg_private")]
        done = sandbox.compile_now([[toolchain.find("objcopy"), *renames, unit.name, "gathered.o"]], unit.parent)
        if done.returncode:
            raise RuntimeError(f"objcopy fails: {done.output[:500]}")
        unit.write_bytes(_with_content((unit.parent / "gathered.o").read_bytes(), "kg_private"))


def _with_content(data: bytes, wanted: str) -> bytes:
    """The object with zeros as the content of sections that had none: two sections of thread-local variables without content would
    share their addresses (GNU ld)."""
    result, most = bytearray(data + bytes(-len(data) % 64)), 0
    for section in elf.sections(data):
        if section.name == wanted and section.kind == elf.NOTHING_IN_FILE:
            struct.pack_into("<I", result, section.header + 4, 1)               # SHT_PROGBITS
            struct.pack_into("<Q", result, section.header + 24, len(result))
            most = max(most, section.bytes)
    return bytes(result) + bytes(most)


def exported(data: bytes) -> tuple[str, ...]:
    """Functions with C linkage that a library (or program) defines for others."""
    found = {symbol.name for symbol in elf.symbols(data, elf.DYNAMIC_SYMBOLS) if symbol.kind == elf.FUNCTION and symbol.section}
    return tuple(sorted(name for name in found if name != "kg_switch" and not name.startswith("_")))


__all__ = ["LIBRARY", "PROGRAM", "Built", "NotBuilt", "Whole", "emulated", "exported", "run"]
