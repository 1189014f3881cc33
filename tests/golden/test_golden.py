"""The one runner of all golden files: what each pass makes of a kernel, as text; and that the text can be read and computes the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from emulator.running import needs_gcc
from golden import claims as golden
from golden import steps
from golden.claims import Block, Claim

from kernelglot.dialects import base
from kernelglot.frontend.lower import Module, lower
from kernelglot.frontend.syntax import device_text
from kernelglot.ir.build import value_of
from kernelglot.ir.nodes import Kernel, Literal
from kernelglot.ir.walk import substitute
from kernelglot.passes.base import Declined
from kernelglot.verify.cases import Program, Scalar, TestCase
from kernelglot.verify.discover import discover
from kernelglot.verify.verdict import verify

# All passes of the design. A golden folder, a prompt and a file in passes/ have the same stem; `cache` has a golden folder because
# passes/cache.py is there, `pipeline` gets one with its file.
DESIGN = (
    "loop_recovery",
    "loop_bind",
    "loop_split",
    "loop_fuse",
    "loop_reorder",
    "loop_expansion",
    "loop_contraction",
    "cache",
    "pipeline",
    "tensorize",
    "detensorize",
)
CLAIMS = [claim for path in golden.files() for claim in golden.claims(path)]
IDS = [f"{claim.pass_name}-{claim.path.stem}-{claim.title}" for claim in CLAIMS]
every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=IDS)


def read(text: str, dialect: str) -> tuple[Module, Kernel]:
    """The only kernel of a text that has to be wholly understood."""
    loaded = base.load(dialect)
    module = lower(text, loaded.spelling, f"kernel{loaded.suffixes[0]}")
    assert not module.problems, (module.problems, text)
    (kernel,) = module.kernels
    return module, kernel


def applied(claim: Claim) -> steps.Made:
    """Raises Declined."""
    role, block = claim.result or ("", Block("", ""))
    _, kernel = read(claim.blocks["before"].text, claim.blocks["before"].language)
    made, took_part = steps.apply(claim.pass_name, kernel, claim.settings, block.language if role == "after" else "")
    assert took_part, f"{claim.pass_name} had nothing to do with it"
    return made


def case_of(claim: Claim, module: Module, kernel: Kernel) -> TestCase:
    """The case of the `kernelglot:` comment above the kernel."""
    before = claim.blocks["before"]
    loaded = base.load(before.language)
    discovery = discover(before.text, f"kernel{loaded.suffixes[0]}", module, kernel, loaded.spelling)
    assert discovery.cases and discovery.cases[0].origin == "comment", discovery.missing or "no `kernelglot:` comment above the kernel"
    return discovery.cases[0]


def without_includes(unit: str) -> str:
    """What a golden file shows of a printed text: all but the lines that every text of its dialect begins with."""
    lines = unit.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.strip() and not line.startswith("#include"))
    return "".join(lines[start:])


# ---- the files


def test_every_pass_has_a_golden_folder_and_every_folder_a_pass() -> None:
    existing = sorted(name for name in DESIGN if (steps.PASSES / f"{name}.py").is_file())
    assert golden.pass_folders() == existing == sorted(steps.STEPS)


@pytest.mark.parametrize("name", golden.pass_folders())
def test_a_folder_holds_claims(name: str) -> None:
    assert any(claim.pass_name == name for claim in CLAIMS)
    assert [path.name for path in (golden.FOLDER / name).iterdir() if path.suffix != ".md"] == []


@pytest.mark.parametrize("path", golden.files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_is_complete(path: Path, update_golden: bool) -> None:
    found = golden.claims(path)
    titles = [claim.title for claim in found]
    assert found, "no claim"
    assert len(set(titles)) == len(titles), "two claims have the same heading"
    assert {claim.title: claim.problems(update_golden) for claim in found if claim.problems(update_golden)} == {}


# ---- what comes out


@every_claim
def test_the_pass_makes_the_expected_text(claim: Claim, update_golden: bool) -> None:
    assert not claim.problems(update_golden)
    try:
        made = applied(claim)
    except Declined as no:
        role, block = "declined", Block("text", f"{no.code}: {no.reason}\n")
    else:
        role, block = "after", Block(made.dialect, without_includes(made.unit))
    expected = claim.result
    if role == "declined" and expected is not None and expected[0] == role and block.text.startswith(expected[1].text.strip()):
        return
    if update_golden:
        if expected != (role, block):
            golden.rewrite(claim, role, block)
        return
    assert expected is not None and (expected[0], expected[1].language) == (role, block.language), block.text
    assert block.text == expected[1].text


@every_claim
def test_comment_and_apply_say_the_same_launch(claim: Claim) -> None:
    module, kernel = read(claim.blocks["before"].text, claim.blocks["before"].language)
    case = case_of(claim, module, kernel)
    shape = steps.launch_shape(kernel, claim.settings)
    sizes = {a.name: Literal(a.value) for a in case.arguments if isinstance(a, Scalar) and isinstance(a.value, int)}

    def numbers(extents) -> tuple:
        return tuple(value_of(substitute(extent, sizes)) for extent in extents)

    assert (numbers(shape.grid), numbers(shape.block)) == (case.launch.grid, case.launch.block)
    assert numbers([shape.shared_bytes]) == (case.launch.shared_bytes,)


# ---- properties of every result


@every_claim
def test_what_is_printed_is_read_back_and_printed_the_same(claim: Claim) -> None:
    try:
        made = applied(claim)
    except Declined:
        return
    for each in (made, *made.others):
        _, again = read(each.unit, each.dialect)
        assert steps.PRINT[each.dialect](again) == each.unit


@needs_gcc
@every_claim
def test_the_result_computes_the_same(claim: Claim) -> None:
    before = claim.blocks["before"]
    module, kernel = read(before.text, before.language)
    case = case_of(claim, module, kernel)
    try:
        made = applied(claim)
    except Declined:
        return
    parameters = tuple(p.name for p in kernel.params)
    text = device_text(before.text, base.load(before.language).spelling)
    source = Program(before.language, text, kernel.symbol or kernel.name, case.launch, parameters)
    for each in (made, *made.others):
        target = Program(each.dialect, each.unit, each.name, each.launch, parameters)
        verdict = verify(source, target, [case], target_launches=[each.launch], seeds=(1,), budget_s=2.0)
        assert verdict.accepted, (verdict, each.unit)


# ---- the runner itself


def written(folder: Path, text: str) -> Claim:
    path = folder / "loop_split" / "topic.md"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return golden.claims(path)[0]


GOOD = "## a claim\nA reason.\n```c before\nvoid f() {}\n```\n```toml apply\nwidth = 4\n```\n```c after\nvoid f() {}\n```\n"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("A reason.\n", "", "no sentence says why"),
        ("```c before\nvoid f() {}\n```\n", "", "no block `before`"),
        ("```toml apply\nwidth = 4\n```\n", "", "no block `apply`"),
        ("```c after\nvoid f() {}\n```\n", "", "no block `after` or `declined`; `make golden` writes it"),
        ("toml apply", "ini apply", "the block `apply` is not TOML"),
        ("c before", "fortran before", "`fortran` is no dialect"),
        ("c after\nvoid f() {}\n```\n", "c after\nvoid f() {}\n", "a block that does not say its language and role, or does not end"),
        ("c after", "c afterwards", "a block `afterwards`"),
        ("toml apply", "c before", "two blocks `before`"),
    ],
)
def test_an_incomplete_claim_is_reported(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert written(tmp_path, GOOD).problems() == []
    (tmp_path / "loop_split" / "topic.md").write_text(GOOD.replace(old, new), encoding="utf-8")
    assert problem in golden.claims(tmp_path / "loop_split" / "topic.md")[0].problems()


def test_only_the_result_of_one_claim_is_rewritten(tmp_path: Path) -> None:
    other = GOOD.replace("a claim", "another claim")
    claim = written(tmp_path, GOOD + "\n" + other)
    golden.rewrite(claim, "after", Block("c", "void g() {}\n"))
    assert claim.path.read_text() == GOOD.replace("c after\nvoid f", "c after\nvoid g") + "\n" + other
    golden.rewrite(golden.claims(claim.path)[1], "declined", Block("text", "no: no\n"))
    assert claim.path.read_text().endswith("```text declined\nno: no\n```\n")


def test_a_result_that_is_missing_is_added_where_its_section_ends(tmp_path: Path) -> None:
    bare = GOOD.split("```c after")[0]
    claim = written(tmp_path, bare + "\n" + GOOD.replace("a claim", "another claim"))
    golden.rewrite(claim, "after", Block("c", "void f() {}\n"))
    assert claim.path.read_text() == GOOD + "\n" + GOOD.replace("a claim", "another claim")
