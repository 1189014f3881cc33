"""Real compilers: which are found, what their answers mean, when they are asked, and what becomes of a verdict."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from emulator.running import needs_gcc

from kernelglot import doctor, session
from kernelglot.frontend import adapter
from kernelglot.verify import compilers, sandbox, toolchain, vendor
from kernelglot.verify.cases import Launch, Program, Verdict
from kernelglot.verify.compilers import Compiler
from kernelglot.verify.sandbox import Finished
from kernelglot.verify.vendor import Answer, Asking, Question, answer_of, text_for

pytestmark = needs_gcc
ALONE = Launch((1, 1, 1), (1, 1, 1))
TESTED = Verdict("tested", ("12 runs",), ("other sizes",))
NVCC = Compiler("nvcc", "/bin/true")
OLD = Compiler("clang", "/bin/true", headers="HIP 5.2 headers", dated=True)


def program(dialect: str, text: str, symbol: str = "k", architecture: str = "") -> Program:
    return Program(dialect, text, symbol, ALONE, ("x",), architecture)


# ---- what is compiled -----------------------------------------------------------------------------------------------------------

def test_the_text_stays_as_it_is_with_its_lines() -> None:
    text = '#include <cuda_runtime.h>\n#include "cuda_fp16.h"\n__global__ void k(float *x) { x[0] = 1; }\n'
    made, complete = text_for(program("cuda", text))
    assert complete and made.startswith("#include <cuda_runtime.h>\n#line 1 \"kernel\"\n" + text)
    assert text_for(program("c", "void k(float *x) {}\n"))[0].startswith('#line 1 "kernel"\n')


def test_the_author_s_own_headers_are_not_there() -> None:
    made, complete = text_for(program("cuda", '#include "common.h"\n#include "hip_helper/x.hpp"\nint a;\n'))
    assert not complete and "common.h" not in made and "helper" not in made and "\n\n" not in made.strip("\n").replace(" ", "")[:40]


def test_a_template_is_used_so_that_it_is_compiled() -> None:
    assert "&reduce<float, 256>;" in text_for(program("cuda", "", "reduce<float, 256>"))[0]


def test_what_only_the_emulator_needs_is_left_out() -> None:
    own = "__global__ void k(Point p) {}\n"
    made, complete = text_for(program("cuda", f"{own}{adapter.MARK}struct X;\n}}\n__global__ void {adapter.NAME}(float *p_x) {{ k<3>(p_whole); }}\n", adapter.NAME))
    assert complete and "kernelglot_types" not in made and "&k<3>;" in made and own in made


# ---- what an answer means -------------------------------------------------------------------------------------------------------

ANSWERS = [
    (NVCC, 0, "", Answer(True)),
    (NVCC, 0, 'kernel(3): warning #177-D: variable "a" was declared but never referenced\n', Answer(True, 'kernel(3): warning #177-D: variable "a" was declared but never referenced', 0, 1)),
    (NVCC, 2, 'kernel(4): error: identifier "d" is undefined\n\n1 error detected in the compilation of "kernel.cu".\n', Answer(False, 'identifier "d" is undefined', 4)),
    (NVCC, 255, "ptxas error   : Entry function '_Z1kPf' uses too much shared data (0x13880 bytes, 0xc000 max)\n",
     Answer(False, "Entry function '_Z1kPf' uses too much shared data (0x13880 bytes, 0xc000 max)")),
    (NVCC, 1, "kernel:2:10: fatal error: cutlass/gemm.h: No such file or directory\n", Answer(None, "was not given the header `cutlass/gemm.h`")),
    (OLD, 1, "kernel:1:10: fatal error: 'rocwmma/rocwmma.hpp' file not found\n", Answer(None, "was not given the header `rocwmma/rocwmma.hpp`")),
    (OLD, 1, "kernel:7:5: error: use of undeclared identifier '__shfl_sync'\n", Answer(None, "its HIP 5.2 headers do not know `__shfl_sync`")),
    (OLD, 1, "kernel:7:5: error: expected ';' after expression\n", Answer(False, "expected ';' after expression", 7)),
    (OLD, 1, "/usr/x/amd.h:9:1: error: in a header\nkernel:7:5: error: no viable conversion\n", Answer(False, "no viable conversion", 7)),
    (OLD, 1, "error: local memory (70000) exceeds limit (65536) in function 'k'\n", Answer(False, "local memory (70000) exceeds limit (65536) in function 'k'")),
    (NVCC, 1, "", Answer(None, "ended with status 1: no message")),
    (NVCC, -11, "Segmentation fault\n", Answer(None, "ended with status -11: Segmentation fault")),
    (NVCC, 126, "kernelglot: this system refused the namespaces\n", Answer(None, "ended with status 126: kernelglot: this system refused the namespaces")),
    (NVCC, 2, 'kernel(1): error: bad \x1b[31m"red"\n', Answer(False, 'bad ?[31m"red"', 1)),
]


@pytest.mark.parametrize("compiler, code, output, meaning", ANSWERS)
def test_what_compilers_say(compiler: Compiler, code: int, output: str, meaning: Answer) -> None:
    assert answer_of(Finished(code, output, False, 1.0), compiler, True) == meaning


def test_an_error_without_the_author_s_headers_is_no_no() -> None:
    done = Finished(2, 'kernel(4): error: identifier "d" is undefined\n', False, 1.0)
    assert answer_of(done, NVCC, False).accepted is None
    assert answer_of(Finished(-9, "", True, 5.0), NVCC, True) == Answer(None, "gave no answer within 5 s")


# ---- asking, with compilers of this test's own ----------------------------------------------------------------------------------

Fake = Callable[..., Compiler]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Makes a compiler of a shell script (its last words are the file and -o unit.out) and the only one for CUDA and HIP."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "bin").mkdir()
    sandbox.strength()

    def make(script: str, dialects: tuple[str, ...] = ("hip",)) -> Compiler:
        file = tmp_path / "bin" / "fake"
        file.write_text(f'#!/bin/sh\ncase "$1" in --version) echo "fake version 7.5"; exit 0;; esac\n{script}\n', encoding="ascii")
        file.chmod(0o755)
        made = Compiler("fake", str(file), (str(tmp_path / "bin"),))
        monkeypatch.setattr(vendor, "compilers", lambda dialect: (made,) if dialect in dialects else ())
        return made

    return make


SOURCE, TARGET = program("cuda", "__global__ void k(float *x) {}\n"), program("hip", "__global__ void k(float *x) {}\n")


def judged(patience_s: float | None, verdict: Verdict = TESTED) -> Verdict:
    with Asking(SOURCE, TARGET, patience_s) as asking:
        return asking.judged(verdict)


def test_a_compiler_that_accepts_is_evidence(fake: Fake) -> None:
    fake("exit 0")
    found = judged(20.0)
    assert found.rung == "tested" and found.evidence == ("12 runs", "fake 7.5 accepts the target for gfx90a (device code)")
    assert found.skipped == ("other sizes", vendor.MISSING["cuda"])


def test_a_target_that_is_rejected_is_rejected(fake: Fake) -> None:
    fake("echo 'kernel:3:1: error: no such thing' >&2; exit 1")
    found = judged(20.0)
    assert found.rung == "rejected" and not found.accepted and found.fault.side == "target" and found.fault.line == 3
    assert found.counterexample.sentence == "the target: fake 7.5 rejects it for gfx90a: no such thing (line 3)"


def test_a_source_that_is_rejected_is_told(fake: Fake) -> None:
    fake("echo 'kernel(2): error: no such thing' >&2; exit 1", ("cuda",))
    found = judged(20.0)
    assert found.rung == "tested" and "fake 7.5 rejects the source for sm_80 (line 2): no such thing" in found.evidence


def test_warnings_are_told(fake: Fake) -> None:
    fake("echo 'kernel:3:1: warning: looks odd' >&2; exit 0")
    assert "with 1 warning: kernel:3:1: warning: looks odd" in judged(20.0).evidence[-1]


@pytest.mark.parametrize("script, sentence", [("kill -SEGV $$", "ended with status"), ("exit 3", "ended with status 3"), ("sleep 30", "gave no answer within 0.3 s")],
                         ids=["crashes", "no-message", "hangs"])
def test_a_compiler_that_does_not_answer_changes_nothing(fake: Fake, script: str, sentence: str) -> None:
    fake(script)
    start = time.monotonic()
    found = judged(0.3 if "sleep" in script else 20.0)
    assert found.rung == "tested" and found.evidence == TESTED.evidence and any(sentence in each for each in found.skipped)
    assert time.monotonic() - start < 10


def test_a_flood_of_messages_is_cut(fake: Fake) -> None:
    fake("head -c 300000000 /usr/lib/x86_64-linux-gnu/* 2>/dev/null | tr -c x y >&2; exit 1")
    assert all(len(each) < 500 for each in judged(20.0).skipped)


def test_nobody_waits_who_did_not_say_so(fake: Fake) -> None:
    fake("sleep 2; exit 0")
    start = time.monotonic()
    assert any("fake: was not asked" in each for each in judged(None).skipped)
    assert any("is being asked" in each for each in judged(0.0).skipped)
    assert time.monotonic() - start < 1


def test_the_next_verdict_knows_what_was_asked_in_the_background(fake: Fake) -> None:
    fake("sleep 0.3; exit 0")
    judged(0.0)
    until = time.monotonic() + 20
    while not any("accepts the target" in each for each in judged(None).evidence):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_an_answer_is_given_once(fake: Fake, tmp_path: Path) -> None:
    fake("exit 0")
    judged(20.0)
    (tmp_path / "bin" / "fake").touch()                         # another time of change: another compiler, perhaps
    assert any("was not asked" in each for each in judged(None).skipped)
    assert any("accepts" in each for each in judged(20.0).evidence)


def test_one_process_asks_at_a_time(fake: Fake) -> None:
    compiler = fake("sleep 1; exit 0")
    first, second = (Question(compiler, TARGET, "target") for _ in range(2))
    first.start(20.0)
    second.start(20.0)
    assert second._running is None
    first.finish(20.0)
    assert first.answer.accepted and Question(compiler, TARGET, "target").answer == first.answer


def test_a_claim_of_a_dead_process_is_nobody_s(fake: Fake) -> None:
    compiler = fake("exit 0")
    question = Question(compiler, TARGET, "target")
    claim = vendor._claim(question._file)
    claim.touch()
    os.utime(claim, (0, 0))
    question.start(20.0)
    question.finish(20.0)
    assert question.answer.accepted and not claim.exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"accepted": "yes"}', '{"accepted": true, "message": 3}', '{"accepted": null}', "\xff", '{"accepted": true, "more": 1}'])
def test_a_stored_answer_that_was_edited_is_none(fake: Fake, content: str) -> None:
    compiler = fake("echo 'kernel:1:1: error: bad' >&2; exit 1")
    question = Question(compiler, TARGET, "target")
    question._file.write_text(content, encoding="latin-1")
    question = Question(compiler, TARGET, "target")
    if content == "{}":
        assert question.answer is None or question.answer.accepted is None
    question.answer = vendor._stored(question._file)
    assert question.answer is None


def test_what_was_rejected_already_is_not_waited_for(fake: Fake) -> None:
    fake("sleep 5")
    start = time.monotonic()
    assert judged(20.0, Verdict("rejected")).rung == "rejected" and time.monotonic() - start < 2


def test_nothing_is_left_behind(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    for script, patience in (("exit 0", 20.0), ("sleep 30", 0.2), ("exit 1", 20.0)):
        fake(script)
        judged(patience)
    assert os.listdir(tmp_path / "tmp") == [] and not list((tmp_path / "cache" / "kernelglot").glob("*.asking"))


# ---- the rules of BANG C --------------------------------------------------------------------------------------------------------

def test_the_rules_of_bang_c_stand_in_for_its_compiler() -> None:
    good = program("bang", "__mlu_entry__ void k(float *x) { __nram__ float a[64]; __memcpy(a, x, 256, GDRAM2NRAM); __memcpy(x, a, 256, NRAM2GDRAM); }\n")
    bad = program("bang", "__mlu_entry__ void k(float *x) {\n  __nram__ float a[64];\n  __bang_no_such_thing(a, a, 64);\n}\n")
    for target, rung in ((good, "tested"), (bad, "rejected")):
        with Asking(program("c", ""), target, None) as asking:
            found = asking.judged(TESTED)
        assert found.rung == rung and any("cncc" in each for each in found.skipped) != toolchain.installed("cncc")
    assert found.fault.line == 3


# ---- which compilers there are --------------------------------------------------------------------------------------------------

def test_nvcc_of_the_wheels_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "installed", lambda tool: False)
    monkeypatch.setattr(compilers.sysconfig, "get_path", lambda name: str(tmp_path))
    assert compilers.compilers("cuda") == ()
    nvcc = tmp_path / "nvidia/cu13/bin/nvcc"
    nvcc.parent.mkdir(parents=True)
    nvcc.touch()
    assert compilers.compilers("cuda") == (Compiler("nvcc", str(nvcc), (str(tmp_path / "nvidia/cu13"),)),)


def test_without_headers_there_is_no_compiler_for_hip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compilers, "HIP_HEADERS", (tmp_path,))
    if not toolchain.installed("hipcc"):
        assert compilers.compilers("hip") == ()


def test_options_are_ours_alone() -> None:
    hostile = program("hip", "// -fplugin=evil\n", "k -fplugin=evil", "")
    assert not any("evil" in word for word in compilers.command(OLD, hostile, "kernel.hip"))


def asked(dialect: str, text: str, architecture: str = "", symbol: str = "k") -> list[Answer]:
    found = compilers.compilers(dialect)
    if not found:
        pytest.skip(vendor.MISSING.get(dialect, f"no compiler for {dialect} is installed"))
    answers = []
    for compiler in found:
        question = Question(compiler, program(dialect, text, symbol, architecture), "target")
        question.start(60.0)
        question.finish(60.0)
        answers.append(question.answer)
    return answers


def test_nvcc_accepts_and_rejects() -> None:
    assert [each.accepted for each in asked("cuda", "#include <mma.h>\n__global__ void k(float *x) { x[threadIdx.x] = expf(x[0]); }\n")] == [True]
    answer, = asked("cuda", "__global__ void k(float *x) {\n  x[0] = d[1];\n}\n")
    assert answer == Answer(False, 'identifier "d" is undefined', 2)
    answer, = asked("cuda", "template <int N> __global__ void k(float *x) {\n  x[0] = N.a;\n}\n", symbol="k<3>")
    assert answer.accepted is False and answer.line == 2
    answer, = asked("cuda", "__global__ void k(float *x) {\n  __shared__ float a[20000];\n  a[threadIdx.x] = x[1]; x[0] = a[3];\n}\n")
    assert answer.accepted is False and "shared" in answer.message


@pytest.mark.parametrize("architecture", compilers.HIP_ARCHITECTURES)
def test_clang_accepts_and_rejects_hip(architecture: str) -> None:
    text = """#include <hip/hip_runtime.h>
#include <hip/hip_fp16.h>
__global__ void k(float *x) { __shared__ float s[64]; s[threadIdx.x] = expf(__shfl_down(x[0], 3)); __syncthreads(); atomicAdd(x, s[1]); x[1] = __half2float(__float2half(x[2])); }
"""
    assert asked("hip", text, architecture) == [Answer(True)]
    answer, = asked("hip", "__global__ void k(float *x) {\n  x[0] = 1\n}\n", architecture)
    assert answer.accepted is False and answer.line == 2
    answer, = asked("hip", "__global__ void k(float *x) {\n  __shared__ float a[20000];\n  a[threadIdx.x] = x[1]; x[0] = a[3];\n}\n", architecture)
    assert answer.accepted is False and "exceeds limit" in answer.message


def test_gcc_and_clang_tell_of_warnings() -> None:
    answers = asked("c", "void k(float *x) { int unused; x[0] = 1; }\n")
    assert all(each.accepted and each.warnings == 1 and "unused" in each.message for each in answers)


def test_both_know_the_instructions_of_the_vnni_dialect() -> None:
    text = "#include <immintrin.h>\nvoid k(int *x) { __m512i a = _mm512_loadu_si512(x); _mm512_storeu_si512(x, _mm512_dpbusd_epi32(a, a, a)); }\n"
    assert all(each == Answer(True) for each in asked("vnni", text))


# ---- the ways in ----------------------------------------------------------------------------------------------------------------

ADD = """__global__ void add(const float *x, float *y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = x[i] + 1.0f; }
void host(float *x, float *y) { add<<<4, 256>>>(x, y, 1000); }
"""


def test_a_translation_asks_as_its_caller_says(fake: Fake) -> None:
    fake("echo 'kernel:1:1: error: never' >&2; exit 1", ("hip",))
    kernel = session.translate("add.cu", ADD, "hip").kernels[0]
    assert kernel.verdict.accepted and "fake: was not asked" in kernel.verdict.skipped
    kernel = session.translate("add.cu", ADD, "hip", compilers_s=20.0).kernels[0]
    assert kernel.verdict.rung == "rejected" and "fake 7.5 rejects it" in kernel.verdict.counterexample.sentence


def test_two_files_are_shown_to_compilers_too(fake: Fake, tmp_path: Path) -> None:
    fake("exit 0", ("cuda", "hip"))
    (tmp_path / "a.cu").write_text(ADD, encoding="ascii")
    (tmp_path / "b.hip").write_text("#include <hip/hip_runtime.h>\n" + ADD, encoding="ascii")
    kernel = session.verify_files(str(tmp_path / "a.cu"), str(tmp_path / "b.hip"), compilers_s=20.0).kernels[0]
    assert [each for each in kernel.verdict.evidence if "fake" in each] == ["fake 7.5 accepts the source for sm_80", "fake 7.5 accepts the target for gfx90a (device code)"]


def test_the_doctor_says_which_compilers_really_compile(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = fake("exit 0", ("cuda",))
    monkeypatch.setattr(doctor, "compilers", lambda dialect: (compiler,) if dialect in ("cuda", "hip") else ())
    rows = {check.name: check for check in doctor.examine()}
    assert rows["nvcc"].ok and rows["nvcc"].detail.startswith("fake 7.5 at ") and rows["nvcc"].detail.endswith("compiled a kernel for sm_80")
    assert not rows["cncc"].ok and rows["cncc"].detail == "not found" and "sandbox" in rows
    compiler = fake("echo 'kernel:1:1: error: broken' >&2; exit 1")
    assert "does not compile the smallest kernel for gfx90a: broken" in {check.name: check for check in doctor.examine()}["hip"].detail


def corpus(root: Path, folder: str) -> list[Path]:
    return sorted((root / folder).glob("*.cu"))


def test_every_hip_translation_of_the_examples_is_accepted_by_clang(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without runs: what is asked is whether the text is HIP."""
    from kernelglot import translation

    pairs: list[tuple[Program, Program]] = []
    monkeypatch.setattr(translation, "verify", lambda source, target, cases, **_: (pairs.append((source, target)), TESTED)[1])
    found = compilers.compilers("hip")
    if not found:
        pytest.skip(vendor.MISSING["hip"])
    for file in corpus(root, "examples/operators"):
        session.translate(str(file), file.read_text(encoding="utf-8"), "hip")
    for _, target in pairs:
        question = Question(found[0], target, "target")
        question.start(60.0)
        question.finish(60.0)
        answer = question.answer
        assert answer is not None and answer.accepted is not False, (target.symbol, answer)
        assert answer.accepted or "rocwmma" in answer.message or "do not know" in answer.message, (target.symbol, answer)
    assert len(pairs) >= 17


def test_make_compilers_names_what_exists(root: Path) -> None:
    script = root / "scripts/compilers.sh"
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert "share/kernelglot/hip" in script.read_text(encoding="utf-8") and "share/kernelglot/hip/include" in str(compilers.HIP_HEADERS[0])
    assert json.dumps([*doctor.REAL]) == '["cuda", "hip", "bang", "c"]'


def test_the_linkage_of_a_blanked_host_function_goes_with_it() -> None:
    from kernelglot.dialects import base
    from kernelglot.frontend.syntax import device_text

    text = '__global__ void k(float *x) { x[0] = 1; }\nextern "C" void host(float *x) { k<<<1, 1>>>(x); }\nextern "C"\n__global__ void l(float *x) { x[0] = 1; }\n'
    made = device_text(text, base.load("cuda").spelling)
    assert len(made) == len(text) and made.count('extern "C"') == 1 and 'extern "C"\n__global__ void l' in made


def test_the_command_line_asks_unless_told_otherwise(fake: Fake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kernelglot import cli

    fake("exit 0")
    (tmp_path / "add.cu").write_text(ADD, encoding="ascii")
    said = []
    for more in (["--compilers", "0"], []):
        assert cli.main(["translate", str(tmp_path / "add.cu"), "--to", "hip", "--out", str(tmp_path / "add.hip"), *more]) == 0
        said.append(capsys.readouterr().out)
    assert "not checked: fake: was not asked" in said[0] and "fake 7.5 accepts the target for gfx90a" in said[1]
