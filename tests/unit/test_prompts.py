"""The prompts: parts in their order, fields as documented, and examples that are read, run and right (or wrong, where they say so)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from emulator.running import needs_gcc
from golden import claims as golden
from golden.steps import PASSES
from golden.test_golden import DESIGN

from kernelglot.dialects import base
from kernelglot.frontend.lower import Module, lower
from kernelglot.frontend.syntax import device_text
from kernelglot.ir.nodes import Opaque
from kernelglot.ir.walk import walk
from kernelglot.verify.cases import Launch, Program, TestCase, Verdict
from kernelglot.verify.discover import discover
from kernelglot.verify.verdict import verify

ROOT = Path(__file__).resolve().parents[2]
PROMPTS = ROOT / "prompts"
PER_CALL = "<!-- per call -->"
PLATFORM = "## Platform"
MOST_LINES, WIDEST_LINE = 80, 160
# How a result is called. Extents of the GPU's launch divide no size of the examples: bound loops have to work for any number of units.
LAUNCHES = {
    "c": Launch((1, 1, 1), (1, 1, 1)),
    "vnni": Launch((1, 1, 1), (1, 1, 1)),
    "cuda": Launch((2, 1, 1), (3, 1, 1)),
}

FIELD = re.compile(r"\{\{(\w+)\}\}")
DATA = re.compile(r"^<data \{\{nonce\}\} (\w+)>\n\{\{(\w+)\}\}\n</data \{\{nonce\}\}>$", re.M)
BLOCK = re.compile(r"^```(?P<language>\w+) (?P<role>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
DECLINED = re.compile(r"`([a-z]+(?:-[a-z]+)*)`")
UNWANTED = {
    "an absolute path": re.compile(r"(?<![\w.])(?:/(?:home|root|tmp|usr|etc|opt|var|mnt|work|Users)\b|[A-Z]:\\)"),
    "a key": re.compile(r"\bsk-[\w-]{8,}|Bearer [\w.-]{8,}|-----BEGIN|\bAKIA[0-9A-Z]{12,}"),
    "an address": re.compile(r"https?://|[\w.]+@[\w-]+\.\w+"),
}


@dataclass(frozen=True)
class Prompt:
    """One file, in its parts."""

    path: Path
    text: str

    @cached_property
    def front(self) -> dict[str, str]:
        _, front, _ = self.text.split("---\n", 2)
        return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in front.splitlines())}

    @property
    def body(self) -> str:
        return self.text.split("---\n", 2)[2]

    @property
    def parts(self) -> tuple[str, str, str]:
        """Text without fields, the part that varies with the platform, the part of one call."""
        stable, _, call = self.body.partition(f"{PER_CALL}\n")
        fixed, _, platform = stable.partition(f"{PLATFORM}\n")
        return fixed, platform, call

    @property
    def fields(self) -> list[str]:
        """Those of the text, each once."""
        return list(dict.fromkeys(FIELD.findall(self.body)))

    @cached_property
    def blocks(self) -> dict[str, tuple[str, str]]:
        """Language and text of the examples by their role."""
        found = [(each["role"], (each["language"], each["text"])) for each in BLOCK.finditer(self.body)]
        assert len(dict(found)) == len(found), "two blocks play the same role"
        return dict(found)


def read(path: Path) -> Prompt:
    return Prompt(path, path.read_text(encoding="utf-8"))


ALL = [read(path) for path in sorted(PROMPTS.rglob("*.md")) if path.name != "README.md"]
RULES = next(prompt for prompt in ALL if prompt.path.stem == "rules")
TASKS = [prompt for prompt in ALL if prompt is not RULES]
every_prompt = pytest.mark.parametrize("prompt", ALL, ids=lambda prompt: prompt.path.stem)
every_task = pytest.mark.parametrize("prompt", TASKS, ids=lambda prompt: prompt.path.stem)
WITH_PAIRS = [prompt for prompt in TASKS if "before" in prompt.blocks]
every_pair = pytest.mark.parametrize("prompt", WITH_PAIRS, ids=lambda prompt: prompt.path.stem)


@dataclass(frozen=True)
class Field:
    """A row of the README's table."""

    varies_with: str
    origin: str


def documented() -> dict[str, Field]:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| \S", (PROMPTS / "README.md").read_text(encoding="utf-8"), re.M)
    assert len({name for name, *_ in rows}) == len(rows), "a field has two rows"
    return {name: Field(*rest) for name, *rest in rows}


# ---- one stem, three places


def test_every_pass_has_a_prompt_and_golden_files() -> None:
    existing = sorted(name for name in DESIGN if (PASSES / f"{name}.py").is_file())
    assert sorted(path.stem for path in (PROMPTS / "passes").iterdir()) == existing == golden.pass_folders()


def test_the_readme_lists_the_prompts() -> None:
    listed = re.findall(r"^\| `([\w/<>]+)\.md` \|.*\| (\w+) \|$", (PROMPTS / "README.md").read_text(encoding="utf-8"), re.M)
    answers = {"passes/<pass>" if each.path.parent.name == "passes" else each.path.stem: each.front["answer"] for each in ALL}
    assert dict(listed) == answers


# ---- the form of a file


@every_prompt
def test_the_front_matter_is_complete(prompt: Prompt) -> None:
    assert prompt.text.startswith("---\n")
    assert list(prompt.front) == ["name", "version", "answer", "fields"]
    assert prompt.front["name"] == prompt.path.stem
    assert int(prompt.front["version"]) >= 1
    assert prompt.front["answer"] in ("none", "kernel", "statement", "marks")


@every_prompt
def test_fields_are_those_declared_and_documented(prompt: Prompt) -> None:
    declared = [name.strip() for name in prompt.front["fields"].split(",") if name.strip()]
    assert sorted(declared) == sorted(prompt.fields)
    assert set(declared) <= set(documented())
    assert "{{" not in FIELD.sub("", prompt.body)


def test_every_documented_field_is_used() -> None:
    assert {name for prompt in ALL for name in prompt.fields} == set(documented())
    assert {(field.varies_with, field.origin) for field in documented().values()} == {
        ("platform", "ours"),
        ("call", "ours"),
        ("call", "user"),
    }


def test_the_rules_are_the_same_for_all() -> None:
    """They are the beginning of every request, so nothing in them may vary."""
    assert RULES.fields == [] and PER_CALL not in RULES.body and PLATFORM not in RULES.body


@every_task
def test_what_varies_less_comes_first(prompt: Prompt) -> None:
    assert prompt.body.splitlines().count(PER_CALL) == prompt.body.splitlines().count(PLATFORM) == 1
    fixed, platform, call = prompt.parts
    assert FIELD.findall(fixed) == []
    known = documented()
    assert {known[name].varies_with for name in FIELD.findall(platform)} == {"platform"}
    assert {known[name].varies_with for name in FIELD.findall(call)} == {"call"}


@every_task
def test_text_of_others_stands_between_fences_only(prompt: Prompt) -> None:
    _, _, call = prompt.parts
    fenced = DATA.findall(call)
    assert [name for name, _ in fenced] == [name for _, name in fenced]
    users = [name for name in FIELD.findall(call) if documented()[name].origin == "user"]
    assert sorted(users) == sorted(name for name, _ in fenced) and users
    assert call.startswith("The fence word of this message is {{nonce}}.\n")
    assert FIELD.findall(DATA.sub("", call)).count("nonce") == 1


@every_task
def test_a_task_says_before_and_after_and_when_to_decline(prompt: Prompt) -> None:
    fixed, _, _ = prompt.parts
    assert fixed.startswith("# Task: ")
    if prompt.front["answer"] == "marks":
        return  # an empty list is its way to decline
    assert re.search(r"^```text\n.+?^```$", fixed, re.M | re.S)
    _, found, declining = fixed.partition("ecline with ")
    assert found and DECLINED.search(declining)


@every_prompt
def test_a_prompt_is_short_and_holds_nothing_private(prompt: Prompt) -> None:
    lines = prompt.text.splitlines()
    assert len(lines) < MOST_LINES
    assert [line for line in lines if len(line) > WIDEST_LINE] == []
    assert {what: found.group() for what, pattern in UNWANTED.items() if (found := pattern.search(prompt.text))} == {}
    assert len(re.findall(r"^```", prompt.body, re.M)) % 2 == 0


@pytest.mark.parametrize("line", ["see /home/someone/kernel.cu", "C:\\Users\\me", "key sk-ant-0123456789", "http://localhost:8080"])
def test_what_is_private_would_be_seen(line: str) -> None:
    assert any(pattern.search(line) for pattern in UNWANTED.values())


# ---- the examples


def lowered(text: str, dialect: str) -> Module:
    """All of the text understood, one kernel in it."""
    loaded = base.load(dialect)
    module = lower(text, loaded.spelling, f"kernel{loaded.suffixes[0]}")
    assert not module.problems, module.problems
    (kernel,) = module.kernels
    assert not any(isinstance(node, Opaque) for node in walk(kernel.body))
    return module


def case_and_source(prompt: Prompt) -> tuple[TestCase, Program]:
    """What the `kernelglot:` comment of `before` says."""
    dialect, text = prompt.blocks["before"]
    module, loaded = lowered(text, dialect), base.load(dialect)
    (kernel,) = module.kernels
    discovery = discover(text, f"kernel{loaded.suffixes[0]}", module, kernel, loaded.spelling)
    assert discovery.cases and discovery.cases[0].origin == "comment", discovery.missing
    case = discovery.cases[0]
    return case, Program(dialect, device_text(text, loaded.spelling), kernel.name, case.launch, tuple(p.name for p in kernel.params))


def judged(prompt: Prompt, dialect: str, text: str) -> Verdict:
    """``text`` beside the example's `before`, launched like it where it has its dialect."""
    case, source = case_and_source(prompt)
    (kernel,) = lowered(text, dialect).kernels
    assert (kernel.name, tuple(p.name for p in kernel.params)) == (source.symbol, source.parameters)
    launch = case.launch if dialect == source.dialect else LAUNCHES[dialect]
    target = Program(dialect, text, kernel.name, launch, source.parameters)
    return verify(source, target, [case], target_launches=[launch], seeds=(1,), budget_s=2.0)


def filled(prompt: Prompt, hole: int) -> str:
    """The candidate with the example's statement in place of the one that it is about, which assigns to the same element."""
    dialect, statement = prompt.blocks["statement"]
    goal = statement.partition("=")[0]
    candidate = prompt.blocks["candidate"][1].splitlines(keepends=True)
    (at,) = [number for number, line in enumerate(candidate) if line.startswith(goal)]
    return "".join((*candidate[:at], statement.replace("hole_1", str(hole)), *candidate[at + 1 :]))


def test_every_task_has_an_example() -> None:
    assert [prompt.path.stem for prompt in TASKS if prompt not in WITH_PAIRS] == ["annotate"]
    for prompt in WITH_PAIRS:
        result = "statement" if prompt.front["answer"] == "statement" else "after"
        assert {"before", result} <= set(prompt.blocks) <= {"before", result, "candidate"}


@every_prompt
def test_every_example_is_read_without_a_problem(prompt: Prompt) -> None:
    for role, (language, text) in prompt.blocks.items():
        if role in ("before", "after", "candidate"):
            lowered(text, language)


@needs_gcc
@every_pair
def test_an_example_is_right(prompt: Prompt) -> None:
    dialect, text = prompt.blocks["after"] if "after" in prompt.blocks else (prompt.blocks["candidate"][0], filled(prompt, 4))
    verdict = judged(prompt, dialect, text)
    assert verdict.accepted, verdict


@needs_gcc
@pytest.mark.parametrize("prompt", [each for each in TASKS if "candidate" in each.blocks], ids=lambda prompt: prompt.path.stem)
def test_a_candidate_to_be_corrected_is_wrong(prompt: Prompt) -> None:
    verdict = judged(prompt, *prompt.blocks["candidate"])
    assert not verdict.accepted and verdict.fault is None and verdict.counterexample is not None, verdict


@needs_gcc
def test_the_hole_of_the_example_has_one_value() -> None:
    prompt = read(PROMPTS / "repair.md")
    dialect = prompt.blocks["candidate"][0]
    assert [hole for hole in range(1, 6) if judged(prompt, dialect, filled(prompt, hole)).accepted] == [4]


def test_the_marks_of_the_example_belong_to_its_lines() -> None:
    prompt = read(PROMPTS / "annotate.md")
    language, numbered = prompt.blocks["numbered"]
    lines = [re.fullmatch(r" *(\d+)  (.*)", line) for line in numbered.splitlines()]
    assert [int(line[1]) for line in lines] == list(range(1, len(lines) + 1))
    lowered("\n".join(line[2] for line in lines), language)
    for mark in json.loads(prompt.blocks["marks"][1])["marks"]:
        assert list(mark) == ["kind", "name", "first", "last", "reads", "writes"]
        assert f"- `{mark['kind']}`: " in prompt.body
        run = "\n".join(line[2] for line in lines[mark["first"] - 1 : mark["last"]])
        assert run and set(mark["reads"]) <= set(re.findall(r"\w+", run))
        assert set(mark["writes"]) <= set(re.findall(r"(\w+)(?:\[[^]]*\])? [-+*/]?= ", run))
