"""The manual pages: every cited page exists, and what a page says of the intrinsics agrees with the headers that define them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANUALS = ROOT / "manuals"
DIALECTS = ROOT / "engine" / "kernelglot" / "dialects"
PAGES = sorted(MANUALS.glob("*/*.md"))
MOST_LINES = 400
ABSENT = "not emulated yet"  # a line that says so, or a section of that name, may name what no header defines

CITATION = re.compile(r"\bmanuals/[a-z]+/[a-z_0-9]+\.md")
DEFINITION = re.compile(
    r"((?:^///[^\n]*\n)+)^(?:template <[^>]*>\s+)?(?:static|__device__) inline [\w ]+?[ *]+(\w+)\(([^{]*?)\)\s*\{", re.MULTILINE
)
MACRO = re.compile(r"^#define (_\w+)\(", re.MULTILINE)
MATRIX_BUILTIN = re.compile(r"^KG_MFMA\w*\((\w+), \d|inline (?:V|double) __builtin_amdgcn_mfma_(\w+)\(", re.MULTILINE)
# A name ends where the word does; `__bang_active_*` and `_mm512_` stand for all names that begin so.
MENTION = re.compile(r"(?<![\w.])(?:__bang_|_mm(?:256|512)?_|_tile_|__builtin_amdgcn_mfma_|_k[a-z]+_mask\d)\w*")


@dataclass(frozen=True)
class Intrinsic:
    """One documented function of a header. ``parameters``: their names, with defaults; ``tags``: the comment's fields that occur once."""

    name: str
    parameters: tuple[str, ...]
    tags: dict[str, str]

    @property
    def call(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


def name_of(parameter: str) -> str:
    """``const T *src`` -> ``src``; what has no name gets the one that the manuals use."""
    text = " ".join(parameter.split())
    if text.endswith("..."):
        return "values..."
    return "format" if text.endswith("*") else re.search(r"\w+(?: = .*)?$", text)[0]  # type: ignore[index]


@cache
def intrinsics(dialect: str) -> tuple[Intrinsic, ...]:
    """Every function of a dialect's headers whose comment cites a page."""
    found = []
    for header in sorted((DIALECTS / dialect / "intrinsics").glob("*.h")):
        for comment, name, parameters in DEFINITION.findall(header.read_text()):
            words = " ".join(line.removeprefix("///").strip() for line in comment.splitlines())
            tags = {key: text.strip() for key, text in re.findall(r"@(\w+)\s+([^@]*)", words)}
            if "source" in tags and not name.startswith(f"{dialect}_"):  # bang_fill and the like are the headers' own helpers
                names = tuple(name_of(each) for each in parameters.split(",") if each.strip() not in ("", "void"))
                found.append(Intrinsic(name, names, tags))
    return tuple(found)


@cache
def defined_names() -> frozenset[str]:
    """What a page may name as usable: functions and macros of every dialect's headers."""
    names = {each.name for dialect in ("bang", "vnni") for each in intrinsics(dialect)}
    for header in DIALECTS.glob("*/intrinsics/*.h"):
        text = header.read_text()
        names.update(MACRO.findall(text))
        names.update(f"__builtin_amdgcn_mfma_{one or other}" for one, other in MATRIX_BUILTIN.findall(text))
    return frozenset(names)


@cache
def lines_of(page: str) -> tuple[str, ...]:
    """The lines of a page, given as headers cite it."""
    return tuple((ROOT / page).read_text().splitlines())


def cells(page: str) -> tuple[str, ...]:
    """The rows of a page's tables."""
    return tuple(line for line in lines_of(page) if line.startswith("|"))


def mentions(page: Path) -> list[tuple[str, bool]]:
    """The intrinsic names on a page, each with whether it is said to be absent."""
    found, heading = [], ""
    for line in page.read_text().splitlines():
        heading = line.removeprefix("## ").lower() if line.startswith("## ") else heading
        absent = ABSENT in line or heading == ABSENT
        found += [(name, absent) for name in MENTION.findall(line)]
    return found


def title(page: Path) -> str:
    return f"{page.parent.name}/{page.stem}"


def test_cited_pages_exist() -> None:
    texts = [path for pattern in ("*.py", "*.h", "*.c", "*.toml") for path in (ROOT / "engine").rglob(pattern)] + PAGES
    cited = {citation: path.relative_to(ROOT) for path in texts for citation in CITATION.findall(path.read_text())}
    assert len(cited) > 20
    assert {page: by for page, by in cited.items() if not (ROOT / page).is_file()} == {}
    uncited = {page.relative_to(ROOT).as_posix() for page in PAGES} - set(cited)
    assert not uncited, "no code cites these pages"


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_a_page_begins_with_title_source_and_architectures(page: Path) -> None:
    first, second, third, fourth = page.read_text().splitlines()[:4]
    assert re.fullmatch(r"# \S.*", first)
    assert re.fullmatch(r"source: \S.*", second)
    assert re.fullmatch(r"architectures: \S.*", third)
    assert fourth == ""


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_a_page_is_short_plain_and_divided(page: Path) -> None:
    text = page.read_text()
    assert text.isascii()
    assert text.endswith("\n")
    assert len(text.splitlines()) < MOST_LINES
    assert len(re.findall(r"^## \S", text, re.MULTILINE)) >= 2
    assert not re.search(r"[ \t]$", text, re.MULTILINE), "a space at the end of a line"
    assert not re.search(r"</?[a-z]+ ?/?>", re.sub(r"`[^`]*`", "code", text)), "HTML outside of code"


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_tables_have_rows_as_wide_as_their_head(page: Path) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", page.read_text(), re.MULTILINE):
        head, rule, *rows = table.splitlines()
        assert re.fullmatch(r"[|-]+", rule)
        assert rows, f"no rows under {head}"
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in (rule, *rows)} == {head.count("|")}, head


@pytest.mark.parametrize(("dialect", "least"), [("bang", 380), ("vnni", 970), ("cuda", 30)])
def test_every_intrinsic_is_on_the_page_that_it_cites(dialect: str, least: int) -> None:
    assert len(intrinsics(dialect)) >= least
    missing = [
        each.name
        for each in intrinsics(dialect)
        if not any(re.search(rf"[`\[ ]{each.name}\b", line) for line in lines_of(each.tags["source"]))
    ]
    assert missing == []


def test_calls_of_bang_are_spelled_as_the_headers_declare_them() -> None:
    """Operands in order, and in the same row the architectures."""
    wrong = [
        each.call
        for each in intrinsics("bang")
        if not any(f"| `{each.call}` |" in line and f"| {each.tags['arch']} |" in line for line in cells(each.tags["source"]))
    ]
    assert wrong == []


def test_rows_of_vnni_name_the_instruction_sets_of_the_headers() -> None:
    wrong = [
        each.name
        for each in intrinsics("vnni")
        if not any(
            re.search(rf"`{each.name}\b", line) and all(isa in line for isa in each.tags["isa"].split())
            for line in lines_of(each.tags["source"])
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_names_without_a_definition_are_marked(page: Path) -> None:
    """Of what no header defines a page says that it is not emulated, and it says so of nothing else."""
    known = defined_names()
    for name, absent in mentions(page):
        if name.endswith("_"):
            assert any(each.startswith(name) for each in known), f"nothing begins with {name}"
        else:
            assert (name in known) != absent, f"{name} is {'' if name in known else 'not '}defined"
