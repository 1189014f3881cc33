"""What the oracle kills and what it wrongly accuses: `python bench/oracle.py [--seeds 10]` (with PYTHONPATH=engine).

Each row is a pair of C texts, source and target, and says whether the target is right. Columns: how often it was accepted by ``verify``;
by one run on N(0, 1) at one size, which is what error bounds alone can see; and by an ordinary unit test on N(0, 1) with
rtol = atol = 1e-3, or with torch's assert_close for the type.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy

from kernelglot.verify import verdict as verdicts
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.emulate import run_once
from kernelglot.verify.plan import Run
from kernelglot.verify.verdict import verify

ONE = Launch((1, 1, 1), (1, 1, 1))


def dot(order: str, last: str = "n", start: str = "0.0f", accumulator: str = "float") -> str:
    return summed("x[i] * y[i]", order, last, start, accumulator)


def total(order: str, last: str = "n") -> str:
    """A sum of terms that are all positive: they round the same way again and again."""
    return summed("x[i] * x[i]", order, last)


def summed(term: str, order: str, last: str, start: str = "0.0f", accumulator: str = "float") -> str:
    loops = {
        "forward": f"for (int i = 0; i < {last}; ++i) s += {term};",
        "backward": f"for (int i = {last} - 1; i >= 0; --i) s += {term};",
        "lanes": f"float p[16] = {{0}}; for (int i = 0; i < {last}; ++i) p[i % 16] += {term}; for (int j = 0; j < 16; ++j) s += p[j];",
    }
    return f"void k(const float *x, const float *y, float *o, int n) {{ {accumulator} s = {start}; {loops[order]} o[0] = s; }}"


HEAD = "void k(const float *x, const float *y, float *o, int n) { "
VARIANCE = HEAD + "float m = 0.0f, s = 0.0f; for (int i = 0; i < n; ++i) m += x[i]; m /= n; "
TWO_PASS = VARIANCE + "for (int i = 0; i < n; ++i) s += (x[i] - m) * (x[i] - m); o[0] = s / n; }"
BACKWARD = VARIANCE + "for (int i = n - 1; i >= 0; --i) s += (x[i] - m) * (x[i] - m); o[0] = s / n; }"
ONE_PASS = VARIANCE + "for (int i = 0; i < n; ++i) s += x[i] * x[i]; o[0] = s / n - m * m; }"
NORM = VARIANCE + "for (int i = 0; i < n; ++i) s += (x[i] - m) * (x[i] - m); o[0] = (x[0] - m) / sqrtf(s / n + 1e-5f); }"
SOFTMAX = """void k(const float *x, const float *y, float *o, int n) { float t = -INFINITY, s = 0.0f;
 for (int i = 0; i < n; ++i) t = fmaxf(t, x[i]); for (int i = 0; i < n; ++i) s += expf(x[i] - t); o[0] = expf(x[0] - t) / s; }"""
LOGSUM = """void k(const float *x, const float *y, float *o, int n) { float t = -INFINITY, s = 0.0f;
 for (int i = 0; i < n; ++i) t = fmaxf(t, x[i]); for (int i = 0; i < n; ++i) s += expf(x[i] - t); o[0] = t + logf(s); }"""
GREATEST = HEAD + "float t = -INFINITY; for (int i = 0; i < n; ++i) t = fmaxf(t, x[i]); o[0] = t; }"

ROWS: list[tuple[str, int, str, str, bool]] = []        # what, n, source, target, whether the target is right
for size in (512, 4096, 65536):
    for name, text in (("dot product", dot), ("sum of squares", total)):
        ROWS += [(f"{name}, {way}", size, text("forward"), text(way), True) for way in ("backward", "lanes")]
        ROWS += [(f"{name}, last term dropped", size, text("forward"), text("lanes", "(n - 1)"), False)]
    ROWS += [("one-pass variance", size, TWO_PASS, ONE_PASS, False), ("variance, backward", size, TWO_PASS, BACKWARD, True)]
ROWS += [
    ("16-bit accumulator", 512, dot("forward"), dot("forward", accumulator="_Float16"), False),
    ("64-bit accumulator", 4096, dot("forward"), dot("forward", accumulator="double"), True),
    ("sum that starts with 1e-3", 512, dot("forward"), dot("forward", start="1e-3f"), False),
    ("softmax without its maximum", 512, SOFTMAX, SOFTMAX.replace("t = fmaxf(t, x[i])", "t = 0.0f"), False),
    ("log-sum-exp without its maximum", 512, LOGSUM, LOGSUM.replace("t = fmaxf(t, x[i])", "t = 0.0f"), False),
    ("softmax, sum backward", 512, SOFTMAX, SOFTMAX.replace("int i = 0; i < n; ++i) s", "int i = n - 1; i >= 0; --i) s"), True),
    ("epsilon outside of the root", 512, NORM, NORM.replace("sqrtf(s / n + 1e-5f)", "(sqrtf(s / n) + 1e-5f)"), False),
    ("epsilon forgotten", 512, NORM, NORM.replace(" + 1e-5f", ""), False),
    ("1 / sqrt multiplied", 512, NORM, NORM.replace("/ sqrtf(s / n + 1e-5f)", "* (1.0f / sqrtf(s / n + 1e-5f))"), True),
    ("maximum that starts with 0", 512, GREATEST, GREATEST.replace("-INFINITY", "0.0f"), False),
    ("maximum that starts with the least float", 512, GREATEST, GREATEST.replace("-INFINITY", "-3.402823466e38f"), True),
]


def programs(source: str, target: str, n: int, varied: bool = False) -> tuple[Program, Program, TestCase]:
    buffers = Buffer("x", "f32", n, "in"), Buffer("y", "f32", n, "in"), Buffer("o", "f32", 1, "out")
    case = TestCase("k", (*buffers, Scalar("n", "i32", n)), ONE, "toml", varied=varied)
    pair = [Program("c", "#include <math.h>\n" + text, "k", ONE, ("x", "y", "o", "n"), language="c") for text in (source, target)]
    return pair[0], pair[1], case


def usual(source: Program, target: Program, case: TestCase, rtol: float, atol: float, seed: int) -> bool:
    """Whether an ordinary unit test on N(0, 1) says that both are the same."""
    generator = numpy.random.default_rng(seed)
    arrays = {buffer.name: generator.standard_normal(buffer.elements).astype("f4") for buffer in case.buffers if buffer.role == "in"}
    one, two = (run_once(program, case, arrays)["o"] for program in (source, target))
    return bool(numpy.allclose(two, one, rtol, atol, equal_nan=True))


def by_sums(cases: Sequence[TestCase], seeds: Sequence[int]) -> list[Run]:
    return [Run(0, "normal", seeds[0])]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seeds", type=int, default=10)
    seeds = range(1, options.parse_args().seeds + 1)
    print(f"{'':42} {'n':>6}  {'right':5}  accepted of {len(seeds)}:  verify  one class  1e-3  torch")
    sums = {"killed": [0, 0, 0, 0], "wrong": 0, "accused": [0, 0, 0, 0], "correct": 0}
    for what, n, source, target, right in ROWS:
        one, two, case = programs(source, target, n)
        cases = [case, *(programs(source, target, small, True)[2] for small in (1, 17))]
        whole, plain, loose, torch = 0, 0, 0, 0
        for seed in seeds:
            whole += verify(one, two, cases, seeds=(seed, seed + 100, seed + 200)).accepted
            kept, verdicts.plan = verdicts.plan, by_sums        # type: ignore[assignment]
            try:
                plain += verify(one, two, [case], seeds=(seed,)).accepted
            finally:
                verdicts.plan = kept
            loose += usual(one, two, case, 1e-3, 1e-3, seed)
            torch += usual(one, two, case, 1.3e-6, 1e-5, seed)
        print(f"{what:42} {n:6}  {'yes' if right else 'no':5}  {'':14} {whole:7} {plain:10} {loose:5} {torch:6}", flush=True)
        key, total_key = ("accused", "correct") if right else ("killed", "wrong")
        sums[total_key] += 1
        for column, accepted in enumerate((whole, plain, loose, torch)):
            sums[key][column] += len(seeds) - accepted
    for key, total_key in (("killed", "wrong"), ("accused", "correct")):
        shares = "  ".join(f"{100 * each / max(1, sums[total_key] * len(seeds)):5.1f} %" for each in sums[key])
        print(f"{key} of {sums[total_key]} {total_key} targets, {len(seeds)} seeds each (verify, one class, 1e-3, torch): {shares}")


if __name__ == "__main__":
    main()
