"""Comparing the results of runs, and fetching what a second and third look need: results with every rounding up and down, and the source's
results on inputs that moved a little (see ``compare``). Most pairs of results have the same bits, and nothing more is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from . import compare, inputs
from .cases import TestCase
from .emulate import Execution, Module
from .plan import Run

if TYPE_CHECKING:
    import numpy

Results = Mapping[str, "numpy.ndarray"]
Execute = Callable[[int, Sequence[Execution]], Sequence[Results]]       # side (0 source, 1 target) -> results of those that were done

# Signs that a text calculates in 16-bit floats, not only stores them; what atomics add up is rounded to its own type each time.
_COARSE = re.compile(r"\batomic\w*\(|__h(?:add|sub|mul|div|fma)|accumulator[^;>]*\b(?:half|__half|float16_t)\b|\bh2?(?:exp|log|sqrt|rcp)\b|"
                     r"\b(?:half2|__half2|__nv_bfloat162)\b|\b(?:half|__half|_Float16|bfloat16_t|__nv_bfloat16)\s+\w+\s*(?:=|\[|;)")
# Functions that round as the machine is set: with every rounding up they compute something else.
_MODES = re.compile(r"rint|_r[nduz]\b|cvt\w*_ep|roundscale|float2u?int|float2\w+_r|_mm\d*_round")
# What directed rounding does not reach: functions with an error of their own (square roots and quotients round correctly), tables and
# approximations, threads with a rounding mode of their own.
_LOOSE = re.compile(r"\b_*(?:exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|powr|sin|cos|sincos|tan|tanh|sinh|cosh|asin|acos|atan|atan2|"
                    r"asinh|acosh|atanh|erf|erfc|erfinv|lgamma|tgamma|cbrt|rcbrt|hypot|rhypot|norm3d|norm4d|normcdf|normcdfinv|sinpi|cospi)"
                    r"(?:f|l)?(?:_rn)?\s*\(|__fdividef|__saturatef|rcp14|rsqrt14|_mm\d*_(?:exp|log|pow|sin|cos|tan|erf)\w*_p|__bang_(?:active|lut|taylor|"
                    r"recip|rsqrt|sqrt|div|log|pow|sin|cos|exp)|half|bfloat|_Float16|\bbf16|pragma\s+omp|[^\w]asm\b|__nv_fp8")
_DIVISION, _COMMENT = re.compile(r"/|sqrt|_div_"), re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
FEWEST_DIVIDED = 16                 # results whose widths are all 0 although something divides: no coincidence
_FLOAT = re.compile(r"(?<![\w.])(\d+\.\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)[fFlL]?(?!\w)")


class Looks:
    """Says of runs whether the two sides agree. ``execute`` runs more of a side when that is needed."""

    def __init__(self, modules: Sequence[Module], cases: Sequence[TestCase], operations: int | None, execute: Execute) -> None:
        self._cases, self._operations, self._execute = cases, operations, execute
        texts = [module.unit.program.text for module in modules]
        short = any(buffer.dtype in ("f16", "bf16") for case in cases for buffer in case.buffers)
        self._coarse = short and any(_COARSE.search(text) for text in texts)
        self._directed = not any(_MODES.search(text) for text in texts)
        self._loose = short or not self._directed or any(_LOOSE.search(text) for text in texts)
        self._whole = all(exact_numbers(text) for text in texts)
        self._divides = any(_DIVISION.search(_COMMENT.sub(" ", text)) for text in texts)

    def at(self, run: Run, arrays: Results, expected: Results, got: Results) -> compare.Difference | compare.Agreement:
        """Two results of one run, with as many looks as it takes."""
        return self.all({0: (run, arrays, expected, got)}).get(0) or self._look(run, expected, got)

    def all(self, pairs: Mapping[int, tuple[Run, Results, Results, Results]]) -> dict[int, compare.Difference | compare.Agreement]:
        """For each key: the run, its inputs, what the source made of them and what the target made of them. A key is missing in what comes
        back where the time did not suffice for all the looks that it takes: a difference is a mistake only after the last one."""
        found = {key: self._look(run, expected, got) for key, (run, _, expected, got) in pairs.items()}
        open_ = [key for key, result in found.items() if self._doubtful(pairs[key][0], result)]
        known: dict[int, dict[str, Results]] = {key: {} for key in open_}
        fetches = [("spread", self._widths)] * self._directed + [("moved", self._moved)]
        for name, fetch in reversed(fetches) if self._loose else fetches:
            more = fetch([pairs[key][:2] for key in open_]) if open_ else []
            for key, results in zip(open_, more):
                run, _, expected, got = pairs[key]
                known[key][name] = results
                found[key] = self._look(run, expected, got, **known[key], exact=self._exact(run))
            for key in open_[len(more):]:
                del found[key]
            open_ = [key for key in open_[:len(more)] if isinstance(found[key], compare.Difference)]
        return found

    def reordered(self, run: Run, first: Results, second: Results, *ends: tuple[Results, Results]) -> bool:
        """Whether two results of one side are sums in two orders. ``ends``: for each order the results with every rounding up and down."""
        case = self._cases[run.case]
        widths = [compare.width(case, *pair) for pair in ends]
        both = {name: sum(each[name] for each in widths) for name in widths[0]}
        return isinstance(self._look(run, first, second, spread=(both, both)), compare.Agreement)

    def _doubtful(self, run: Run, result: compare.Difference | compare.Agreement) -> bool:
        """Whether a first look is not enough: a difference, or bits that differ where every bit is asked for."""
        if isinstance(result, compare.Agreement):
            return not result.exact and not self._loose and self._exact(run)
        return True

    def _exact(self, run: Run) -> bool:
        """Whether sums are exact in this run as far as the texts show; the widths then say whether they are."""
        enough = not self._divides or min([buffer.elements for buffer in self._cases[run.case].results] or [0]) >= FEWEST_DIVIDED
        return self._whole and enough and run.value_class == "integers"

    def _look(self, run: Run, expected: Results, got: Results, moved: Results | None = None, spread: compare.Spread | None = None,
              exact: bool = False) -> compare.Difference | compare.Agreement:
        return compare.compare(self._cases[run.case], expected, got, ops=self._operations, moved=moved, spread=spread, coarse=self._coarse,
                               loose=self._loose, exact=exact)

    def _widths(self, runs: Sequence[tuple[Run, Results]]) -> Sequence[compare.Spread]:
        """How far both sides' results move when every rounding goes up and then down."""
        executions = [Execution(run.case, arrays, rounding=way) for run, arrays in runs for way in (1, -1)]
        if not executions:
            return []
        sides = [self._execute(side, executions) for side in (0, 1)]
        pairs = [list(zip(results[::2], results[1::2])) for results in sides]
        return [(compare.width(self._cases[run.case], *source), compare.width(self._cases[run.case], *target))
                for (run, _), source, target in zip(runs, *pairs)]

    def _moved(self, runs: Sequence[tuple[Run, Results]]) -> Sequence[Results]:
        """The source's results on inputs moved by rounding errors."""
        executions = [Execution(run.case, inputs.perturbed(arrays, self._cases[run.case], run.seed)) for run, arrays in runs]
        return self._execute(0, executions) if executions else []


def exact_numbers(text: str) -> bool:
    """Whether every float that a text spells out is a small multiple of 1/1024, so that sums and products with it stay exact."""
    return all((float(number) * 1024).is_integer() for number in _FLOAT.findall(text))


__all__ = ["Looks", "exact_numbers"]
