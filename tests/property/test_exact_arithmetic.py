"""Numbers of the exact channel against Python's integers: one kernel calculates random expressions in postfix form, the test does the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction

import numpy
import pytest
from emulator.running import needs_gcc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernelglot.verify import exact, field_build
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.emulate import Build, Execution, Field, Job, Module

pytestmark = needs_gcc

P, Q = exact.PRIME, exact.EXPONENTS
WORD = (1 << 64) - 1
INPUTS, STEPS, RESULTS = 6, 24, 8
CONSTANTS = (0.0, 1.0, -2.5, 0.1, 3.0, 1e-3, 65504.0, 0.75)
MACHINE = """#include <math.h>
void machine(const float *x, const int *code, float *out, int results, int steps) {
  const float constants[] = {0.0f, 1.0f, -2.5f, 0.1f, 3.0f, 1e-3f, 65504.0f, 0.75f};
  for (int r = 0; r < results; ++r) {
    float stack[64];
    int depth = 0;
    for (int i = 0; i < steps; ++i) {
      int word = code[r * steps + i], operation = word / 100, operand = word % 100;
      if (operation == 1) stack[depth++] = x[operand];
      else if (operation == 2) stack[depth++] = constants[operand];
      else if (operation == 3) { --depth; stack[depth - 1] = stack[depth - 1] + stack[depth]; }
      else if (operation == 4) { --depth; stack[depth - 1] -= stack[depth]; }
      else if (operation == 5) { --depth; stack[depth - 1] = stack[depth - 1] * stack[depth]; }
      else if (operation == 6) { --depth; stack[depth - 1] /= stack[depth]; }
      else if (operation == 7) stack[depth - 1] = expf(stack[depth - 1]);
    }
    out[r] = stack[0];
  }
}"""


def is_prime(n: int) -> bool:
    """Miller and Rabin, certain below 3.3e24."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41):
        power = pow(base, odd, n)
        if power in (1, n - 1):
            continue
        if all((power := power * power % n) != n - 1 for _ in range(twos - 1)):
            return False
    return True


def test_the_moduli_are_primes_and_one_is_an_order_in_the_other() -> None:
    assert is_prime(P) and is_prime(Q) and 2 * Q + 1 == P and 1 << 60 < Q < P < 1 << 62


def mix(x: int) -> int:
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & WORD
    x = (x ^ x >> 27) * 0x94D049BB133111EB & WORD
    return x ^ x >> 31


class Random:
    """The keyed generator of runtime/field.c."""

    def __init__(self, seed: int) -> None:
        self.key = mix(seed + 0x243F6A8885A308D3 & WORD)

    def word(self, kind: int, x: int) -> int:
        return mix(mix(self.key + kind * 0x9E3779B97F4A7C15 & WORD) ^ mix(x * 0xD6E8FEB86659FD93 + self.key & WORD) ^ x)

    def residue(self, modulus: int, kind: int, x: int) -> int:
        word = self.word(kind, x)
        while (word := word & (1 << 62) - 1) >= modulus:
            word = self.word(kind, mix(word + x & WORD))
        return word * pow(1 << 64, -1, modulus) % modulus  # what the runner keeps is 2^64 times that


def number(value: float, modulus: int) -> int:
    exact_value = Fraction(float(numpy.float32(value)))
    return exact_value.numerator * pow(exact_value.denominator, -1, modulus) % modulus


def expected(code: list[int], random: Random) -> int:
    """The hash of the residue that a program gives."""
    root = random.residue(P, 3, 0)
    root = root * root % P * (1 << 64) % P * pow(1 << 64, -1, P) % P
    stack: list[tuple[int, int | None]] = []
    for word in code:
        operation, operand = divmod(word, 100)
        if operation == 1:
            stack.append((random.residue(P, 1, operand), random.residue(Q, 2, operand)))
        elif operation == 2:
            stack.append((number(CONSTANTS[operand], P), number(CONSTANTS[operand], Q)))
        elif operation == 7:
            _, exponent = stack.pop()
            assert exponent is not None
            stack.append((pow(root, exponent, P), None))
        elif operation:
            (b, b_q), (a, a_q) = stack.pop(), stack.pop()
            known = a_q is not None and b_q is not None
            p = (a + b, a - b, a * b, a * pow(b, -1, P) if operation == 6 else 0)[operation - 3] % P
            stack.append(
                (p, (a_q + b_q, a_q - b_q, a_q * b_q, a_q * pow(b_q, -1, Q) if operation == 6 else 0)[operation - 3] % Q if known else None)
            )
    assert len(stack) == 1
    shown = random.word(6, stack[0][0] * (1 << 64) % P) >> 32
    return 0 if shown == 0xFFFFFFFF else shown


@st.composite
def programs(draw: st.DrawFn) -> list[int]:
    """Postfix code of one expression: no division by what may be 0, no exp of what went through exp."""
    code: list[int] = []
    kinds: list[str] = []  # of what is on the stack: "data", "constant", "power"
    while True:
        room = STEPS - len(code) - len(kinds)
        choices = [1, 2] if room > 2 else []
        if len(kinds) > 1:
            choices += [3, 4, 5] + ([6] if kinds[-1] == "data" else [])
        if kinds and kinds[-1] != "power" and room > 2:
            choices.append(7)
        if len(kinds) == 1 and (not choices or draw(st.integers(0, 5)) == 0):
            return code + [0] * (STEPS - len(code))
        operation = draw(st.sampled_from(choices))
        if operation <= 2:
            code.append(100 * operation + draw(st.integers(0, INPUTS - 1 if operation == 1 else len(CONSTANTS) - 1)))
            kinds.append("data" if operation == 1 else "constant")
        elif operation == 7:
            code.append(700)
            kinds[-1] = "power"
        else:
            code.append(100 * operation)
            above, below = kinds.pop(), kinds.pop()
            kinds.append("power" if "power" in (above, below) else "mixed")


@pytest.fixture(scope="module")
def machine() -> Iterator[tuple[Module, TestCase]]:
    arguments = (
        Buffer("x", "f32", INPUTS, "in"),
        Buffer("code", "i32", RESULTS * STEPS, "in"),
        Buffer("out", "f32", RESULTS, "out"),
        Scalar("results", "i32", RESULTS),
        Scalar("steps", "i32", STEPS),
    )
    case = TestCase("machine", arguments, Launch((1, 1, 1), (1, 1, 1)), "toml")
    program = Program("c", MACHINE, "machine", case.launch, tuple(argument.name for argument in arguments))
    with Build(program, [case], make=field_build.unit) as build:
        yield build.wait(), case


def run(machine: tuple[Module, TestCase], code: list[list[int]], seeds: tuple[int, ...]) -> list[list[int]]:
    module, case = machine
    executions = []
    for seed in seeds:
        arrays, count = exact.leaves(case, seed)
        arrays["code"] = numpy.array(code, dtype=numpy.int32).ravel()
        executions.append(Execution(0, arrays, field=Field(seed, count, True, False)))
    with ExitStack() as stack:
        outcome = stack.enter_context(Job(module, [case], executions, timeout_s=30.0)).wait()
        assert outcome.fault is None, outcome.fault
        return [list(map(int, result["out"].view("u4"))) for result in outcome.results]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(code=st.lists(programs(), min_size=RESULTS, max_size=RESULTS), seed=st.integers(1, 2**63))
def test_a_field_calculates_as_integers_do(machine: tuple[Module, TestCase], code: list[list[int]], seed: int) -> None:
    random = Random(seed)
    assert run(machine, code, (seed,))[0] == [expected(each, random) for each in code]


def test_two_seeds_give_independent_values(machine: tuple[Module, TestCase]) -> None:
    code = [[100 + i % INPUTS] + [0] * (STEPS - 1) for i in range(RESULTS)]
    first, second, again = run(machine, code, (1, 2, 1))
    assert first == again and not set(first) & set(second) and len(set(first)) == INPUTS
    bits = numpy.array([run(machine, code, tuple(range(3, 35)))], dtype=numpy.uint32)
    ones = numpy.unpackbits(bits.view(numpy.uint8)).mean()
    assert abs(ones - 0.5) < 0.03
