"""A verdict can be had again: the same question, the same answer; an entry that was touched is refused."""

from __future__ import annotations

import dataclasses
import json

import pytest
from emulator.running import needs_gcc

from kernelglot import cli, session
from kernelglot.verify import replay
from kernelglot.verify.again import again
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase, Verdict
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc

LAUNCH = Launch((4, 1, 1), (64, 1, 1))
SOURCE = Program("cuda", """__global__ void scale(const float *x, float *y, int n, float by) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = by * x[i];
}""", "scale", LAUNCH, ("x", "y", "n", "by"))
TARGET = Program("c", "void scale(const float *x, float *y, int n, float by) { for (int i = 0; i < n; ++i) y[i] = x[i] * by; }", "scale",
                 LAUNCH, SOURCE.parameters, language="c")
CASE = TestCase("scale", (Buffer("x", "f32", 200, "in"), Buffer("y", "f32", 200, "out"), Scalar("n", "i32", 200), Scalar("by", "f32", 0.5)),
                LAUNCH, "toml", ("`by` is 0.5.",))
WRONG = dataclasses.replace(TARGET, text=TARGET.text.replace("x[i] * by", "x[i] * by + (i == 77) * 0.25f"))


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "kernelglot" / "verdicts"


def test_a_verdict_has_an_id_that_its_question_decides() -> None:
    one, two = verify(SOURCE, TARGET, [CASE]), verify(SOURCE, TARGET, [CASE])
    assert one.id == two.id and len(one.id) == 16 and int(one.id, 16) >= 0
    others = [verify(SOURCE, WRONG, [CASE]), verify(SOURCE, TARGET, [CASE], seeds=(4, 5, 6)),
              verify(SOURCE, TARGET, [dataclasses.replace(CASE, launch=Launch((5, 1, 1), (64, 1, 1)))])]
    assert len({one.id, *(each.id for each in others)}) == 4


def test_nothing_is_stored_unless_it_is_asked_for(data_folder) -> None:
    verify(SOURCE, TARGET, [CASE])
    assert not data_folder.exists()
    verdict = verify(SOURCE, TARGET, [CASE], keep=True)
    assert [file.name for file in data_folder.iterdir()] == [f"{verdict.id}.json"]
    assert data_folder.stat().st_mode & 0o777 == 0o700 and (data_folder / f"{verdict.id}.json").stat().st_mode & 0o077 == 0


def test_a_question_comes_back_as_it_was() -> None:
    buffer = Buffer("i", "i64", 9, "in", 0, 8, True)
    case = dataclasses.replace(CASE, arguments=(*CASE.arguments, buffer), varied=True, guessed=True)
    question = replay.Question(SOURCE, dataclasses.replace(TARGET, text=TARGET.text + " // \u2026 \udc80"), (CASE, case), (1, 2), 7, (LAUNCH, LAUNCH), 3.5)
    verdict = Verdict("tested", id=replay.identity(question))
    assert replay.store(question, verdict) == ""
    assert replay.load(verdict.id).question == question and replay.load(verdict.id[:8]).question == question


@pytest.mark.parametrize("target, rung", [(TARGET, "tested"), (WRONG, "rejected")])
def test_the_same_verdict_is_reached_again(target: Program, rung: str) -> None:
    verdict = verify(SOURCE, target, [CASE], keep=True)
    found = again(verdict.id)
    assert found.same and verdict.rung == found.verdict.rung == rung and found.verdict.evidence == verdict.evidence
    assert found.verdict.counterexample == verdict.counterexample and found.entry.changed == ()
    if rung == "rejected":
        assert verdict.counterexample and verdict.counterexample.index == 77


def test_a_fault_is_reached_again() -> None:
    verdict = verify(SOURCE, dataclasses.replace(TARGET, text=TARGET.text.replace("i < n", "i <= n")), [CASE], keep=True)
    assert verdict.fault and again(verdict.id).same


def test_another_answer_is_told(data_folder) -> None:
    verdict = verify(SOURCE, WRONG, [CASE], keep=True)
    question = replay.load(verdict.id).question
    found = verdict.counterexample
    assert found
    replay.store(question, dataclasses.replace(verdict, counterexample=dataclasses.replace(found, index=3)))
    assert [line.partition(":")[0] for line in again(verdict.id).differences] == ["counterexample"]
    replay.store(question, Verdict("tested", id=verdict.id))
    assert "rung: was tested, is rejected" in again(verdict.id).differences


@pytest.mark.parametrize("old, new", [("0.5", "0.75"), ("tested", "proved"), ('"seeds"', '"weeds"'), ("for (int", "for (char"), ("}", "")])
def test_an_entry_that_was_edited_is_refused(data_folder, old: str, new: str) -> None:
    verdict = verify(SOURCE, TARGET, [CASE], keep=True)
    file = data_folder / f"{verdict.id}.json"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(replay.Unreplayable, match="edited"):
        replay.load(verdict.id)


def test_an_entry_under_another_name_is_refused(data_folder) -> None:
    """Content-addressed: an entry answers for its own question alone, even with a checksum that fits."""
    verdict = verify(SOURCE, TARGET, [CASE], keep=True)
    (data_folder / f"{verdict.id}.json").rename(data_folder / "00000000deadbeef.json")
    with pytest.raises(replay.Unreplayable, match="edited"):
        replay.load("00000000deadbeef")


def test_what_is_no_id_is_refused(data_folder) -> None:
    for wrong in ("", "../../etc/passwd", "xyz", "abc"):
        with pytest.raises(replay.Unreplayable, match="is no ID"):
            replay.load(wrong)
    with pytest.raises(replay.Unreplayable, match="is stored in"):
        replay.load("123456789abc")


def test_old_entries_make_room(data_folder, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (verify(SOURCE, TARGET, [CASE], seeds=(seed,), keep=True) for seed in (1, 2))
    size = (data_folder / f"{second.id}.json").stat().st_size
    monkeypatch.setattr(replay, "MOST_BYTES", int(1.5 * size))
    third = verify(SOURCE, TARGET, [CASE], seeds=(3,), keep=True)
    assert {file.stem for file in data_folder.iterdir()} == {third.id}
    assert first.id != second.id


def test_a_folder_that_others_may_read_is_not_used(data_folder) -> None:
    data_folder.mkdir(parents=True)
    data_folder.chmod(0o755)
    verdict = verify(SOURCE, TARGET, [CASE], keep=True)
    assert verdict.rung == "tested" and any("not private" in line for line in verdict.skipped) and not list(data_folder.iterdir())


def test_a_verdict_that_cannot_be_stored_is_a_verdict_still(data_folder) -> None:
    data_folder.parent.mkdir(parents=True)
    data_folder.write_text("a file where the folder should be")
    verdict = verify(SOURCE, TARGET, [CASE], keep=True)
    assert verdict.rung == "tested" and any(line.startswith("not stored for a replay") for line in verdict.skipped)


def test_another_oracle_is_another_id_and_a_replay_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = verify(SOURCE, TARGET, [CASE], keep=True)
    now = {**replay.conditions(), "oracle": "0" * 32}
    monkeypatch.setattr(replay, "conditions", lambda: now)
    found = again(verdict.id)
    assert found.same and found.entry.changed == ("oracle",) and found.verdict.id != verdict.id


def test_the_command_line_replays(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scale.cu"
    file.write_text(SOURCE.text + "\nvoid run(float *x, float *y) { int n = 200; cudaMalloc(&x, 4 * n); cudaMalloc(&y, 4 * n);\n"
                    "  scale<<<4, 64>>>(x, y, n, 0.5f); }\n")
    assert cli.main(["translate", str(file), "--to", "c", "--json"]) == 0
    id_ = json.loads(capsys.readouterr().out)["kernels"][0]["verdict"]["id"]
    assert cli.main(["verify", "--replay", id_, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["replay"] == {"id": id_, "same": True, "differences": [], "changed": []} and told["kernels"][0]["verdict"]["id"] == id_
    assert cli.main(["verify", "--replay", id_]) == 0
    out = capsys.readouterr().out
    assert f"replay {id_}: the same verdict" in out and f"kernelglot verify --replay {id_}" in out
    assert cli.main(["verify", "--replay", "123456789abc"]) == 2 and cli.main(["verify", str(file)]) == 2
    with pytest.raises(session.Unusable, match="no verdict"):
        session.replay("123456789abc")
