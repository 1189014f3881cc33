"""BANG atomics, transfers by offset, fills of every memory, copies in every direction and scalar access, against numpy."""

from __future__ import annotations

import numpy
import pytest
from emulator.bang_reference import STORED, stored, value_of
from emulator.running import needs_gcc, run

pytestmark = needs_gcc
OPERATIONS = {"add": lambda o, v: o + v, "max": numpy.maximum, "min": numpy.minimum, "exch": lambda o, v: v, "and": lambda o, v: o & v, "or": lambda o, v: o | v,
              "xor": lambda o, v: o ^ v, "inc": lambda o, v: numpy.where(o >= v, 0, o + 1), "dec": lambda o, v: numpy.where((o == 0) | (o > v), v, o - 1)}
BITWISE = ("and", "or", "xor", "inc", "dec")
REDUCTIONS = [*OPERATIONS, "cas"]
NAMES = [f"__bang_atomic_{name}{form}" for name in [*OPERATIONS, "cas"] for form in ("", "_async")]
NAMES += [f"__bang_atomic_reduce_{name}" for name in REDUCTIONS] + [f"__bang_atomic_reduce_{name}_async" for name in OPERATIONS]


def data(c_type: str, seed: int, n: int = 8) -> numpy.ndarray:
    return stored(numpy.random.default_rng(seed).integers(0, 90, n), c_type)


@pytest.mark.covers("bang", *NAMES)
@pytest.mark.parametrize("c_type", ["float", "half", "int", "unsigned"])
def test_atomics(c_type: str) -> None:
    """Each operation with a vector, with a number, until a wait, and without the old values; one buffer of 8 elements a call."""
    integer = c_type in ("int", "unsigned")
    start, operand, number = data(c_type, 1), data(c_type, 2), 41
    steps: list[tuple[str, numpy.ndarray, bool]] = []
    for name, operation in OPERATIONS.items():
        if name in BITWISE and not integer:
            continue
        with_vector, with_number = (operation(value_of(start, c_type), other) for other in (value_of(operand, c_type), numpy.full(8, number, STORED[c_type])))
        steps += [(f"__bang_atomic_{name}(old, g, v, 8);", with_vector, True), (f"__bang_atomic_{name}(old, g, {number}, 8);", with_number, True),
                  (f"__bang_atomic_{name}_async(old, g, v, 8); __sync();", with_vector, True), (f"__bang_atomic_{name}_async(old, g, {number}, 8); __sync();", with_number, True),
                  (f"__bang_atomic_reduce_{name}(g, v, 8);", with_vector, False), (f"__bang_atomic_reduce_{name}_async(g, v, 8); __sync();", with_vector, False)]
        if name != "exch":
            steps.append((f"__bang_atomic_reduce_{name}(g, {number});", numpy.concatenate([with_number[:1], start[1:]]), False))
    if integer:
        swapped = numpy.where(start == start[3], 7, start)
        matched = numpy.where(start == operand, start + 1, start)
        steps += [("__bang_atomic_cas(old, g, first[3], 7, 8);", swapped, True), ("__bang_atomic_cas_async(old, g, first[3], 7, 8); __sync();", swapped, True),
                  ("{ for (int i = 0; i < 8; ++i) w[i] = first[i] + 1; __bang_atomic_cas(old, g, v, w, 8); }", matched, True),
                  ("__bang_atomic_reduce_cas(g, first[0], 7);", numpy.concatenate([[7], start[1:]]), False)]
        operand = numpy.where(numpy.arange(8) % 2, operand, start).astype(STORED[c_type])
        steps = [(call, want if "w[i]" not in call else numpy.where(start == operand, start + 1, start), old) for call, want, old in steps
                 if "v" not in call.split("(", 1)[1] or "w[i]" in call]
    body = "".join(f"  g = out + {8 * i}; {call} __memcpy(olds + {8 * i}, old, sizeof(old), NRAM2GDRAM);\n" for i, (call, _, _) in enumerate(steps))
    text = f"""__mlu_entry__ void k({c_type} *out, {c_type} *olds, const {c_type} *first, const {c_type} *gv) {{
  __nram__ {c_type} v[8], w[8], old[8];
  {c_type} *g;
  __memcpy(v, gv, sizeof(v), GDRAM2NRAM);
{body}}}"""
    count = len(steps)
    got = run(text, "k", {"out": numpy.tile(start, count), "olds": numpy.zeros(8 * count, STORED[c_type]), "first": start, "gv": operand}, dialect="bang",
              inout=("out",), out=("olds",))
    after, olds = got["out"].reshape(count, 8), got["olds"].reshape(count, 8)
    for (call, want, gives_old), result, old in zip(steps, after, olds):
        numpy.testing.assert_array_equal(result, numpy.asarray(want).astype(STORED[c_type]), err_msg=call)
        if gives_old:
            numpy.testing.assert_array_equal(old, start, err_msg=call)


@pytest.mark.parametrize("c_type", ["int", "unsigned"])
def test_atomics_of_integers_with_vectors(c_type: str) -> None:
    """The integer operations again, with vector operands of which some are 0, at their bounds and beyond."""
    start = numpy.array([0, 1, 5, 9, 10, 11, 200, 77], STORED[c_type])
    operand = numpy.array([0, 1, 5, 3, 20, 11, 7, 0], STORED[c_type])
    names = list(OPERATIONS)
    body = "".join(f"  __bang_atomic_{name}(old, out + {16 * i}, v, 8); __bang_atomic_reduce_{name}(out + {16 * i + 8}, v, 8);\n" for i, name in enumerate(names))
    text = f"__mlu_entry__ void k({c_type} *out, const {c_type} *gv) {{\n  __nram__ {c_type} v[8], old[8];\n  __memcpy(v, gv, 32, GDRAM2NRAM);\n{body}}}"
    got = run(text, "k", {"out": numpy.tile(start, 2 * len(names)), "gv": operand}, dialect="bang", inout=("out",), out=())["out"].reshape(len(names), 2, 8)
    for name, both in zip(names, got):
        want = numpy.asarray(OPERATIONS[name](start, operand)).astype(STORED[c_type])
        assert (both == want).all(), name


@pytest.mark.covers("bang", "__gather", "__scatter", "__gather_async", "__scatter_async")
@pytest.mark.parametrize("index", ["unsigned", "unsigned short", "unsigned char"])
@pytest.mark.parametrize("form", ["", "_async"])
def test_transfers_by_offset(index: str, form: str) -> None:
    source = numpy.arange(32, dtype=numpy.float32) + 1
    offsets = numpy.random.default_rng(3).permutation(8).astype(STORED[index]) * 8
    text = f"""__mlu_entry__ void k(float *out, const float *in, const {index} *go) {{
  __nram__ float x[32], y[4][32]; __nram__ {index} o[8]; __nram__ unsigned char mask[1];
  __memcpy(x, in, sizeof(x), GDRAM2NRAM); __memcpy(o, go, sizeof(o), GDRAM2NRAM);
  __bang_write_zero(y[0], 128); mask[0] = 0xb5;
  __gather{form}(y[0], in, o, 8, GDRAM2NRAM, 16, 8);
  __gather{form}(y[1], x, o, mask, 4, NRAM2NRAM, 4, 8);
  __scatter{form}(y[2], x, o, 4, NRAM2NRAM, 8, 8);
  __scatter{form}(y[3], in, o, mask, 8, GDRAM2NRAM, 8, 8);
  __sync();
  __memcpy(out, y[0], sizeof(y), NRAM2GDRAM);
}}"""
    got = run(text, "k", {"out": numpy.zeros(128, numpy.float32), "in": source, "go": offsets}, dialect="bang")["out"].reshape(4, 32)
    want = numpy.zeros((4, 32), numpy.float32)
    for i, at in enumerate(offsets.astype(int) // 4):
        want[0, 4 * i: 4 * i + 2] = source[at: at + 2]
        want[2, at] = source[2 * i]
        if 0xB5 >> i & 1:
            want[1, i] = source[at]
            want[3, at: at + 2] = source[2 * i: 2 * i + 2]
    assert (got == want).all()


SETS = ["__nramset", "__gdramset", "__ldramset", "__sramset"]


@pytest.mark.covers("bang", *SETS, *(f"{name}_async" for name in SETS), "__bang_write_value", "__memset_nram")
@pytest.mark.parametrize("form", ["", "_async"])
def test_fills_of_every_memory(form: str) -> None:
    """Plain: 5 elements of 16 bits; strided: 2 * 3 segments of 2 elements."""
    sets = "".join(f"{name}{form}({where}, 5, (short)7); {name}{form}({where} + 16, 2, (short)-3, 8, 2, 32, 1); " for name, where in
                   (("__nramset", "x"), ("__gdramset", "out"), ("__ldramset", "l"), ("__sramset", "s")))
    text = f"""__mlu_entry__ void k(short *out) {{
  __nram__ short x[64], t[64]; __ldram__ short l[64]; __mlu_shared__ short s[64];
  __bang_write_zero(x, 64); __memcpy(l, x, 128, NRAM2LDRAM); __memcpy(s, x, 128, NRAM2SRAM); __memcpy(out, x, 128, NRAM2GDRAM);
  {sets}
  __sync();
  __memcpy(out + 64, x, 128, NRAM2GDRAM);
  __memcpy(t, l, 128, LDRAM2NRAM); __memcpy(out + 128, t, 128, NRAM2GDRAM);
  __memcpy(t, s, 128, SRAM2NRAM); __memcpy(out + 192, t, 128, NRAM2GDRAM);
  __bang_write_zero(t, 64); __bang_write_value(t, 5, (short)7); __bang_write_value(t + 16, 2, (short)-3, 8, 2, 32, 1); __memcpy(out + 256, t, 128, NRAM2GDRAM);
}}"""
    want = numpy.zeros(64, numpy.int16)
    want[:5] = 7
    for j in range(2):
        for i in range(3):
            want[16 + 16 * j + 4 * i: 18 + 16 * j + 4 * i] = -3
    assert (run(text, "k", {"out": numpy.zeros(320, numpy.int16)}, dialect="bang")["out"].reshape(5, 64) == want).all()


ON_CHIP = {"NRAM": "x", "WRAM": "w", "LDRAM": "l", "GDRAM": "in"}
DIRECTIONS = [f"{a}2{b}" for a in ("GDRAM", "LDRAM", "NRAM", "WRAM") for b in ("GDRAM", "LDRAM", "NRAM", "WRAM") if (a, b) != ("WRAM", "WRAM")]


@pytest.mark.covers("bang", "__memcpy", "__memcpy_async", "__bang_move")
@pytest.mark.parametrize("form", ["", "_async"])
def test_copies_in_every_direction_of_a_core(form: str) -> None:
    """One, two and three dimensions: 64 numbers, then every second row of 4, then the transpose of the blocks."""
    calls = []
    for direction in DIRECTIONS:
        a, b = direction.split("2")
        source, target = {"NRAM": "x", "WRAM": "w", "LDRAM": "l", "GDRAM": "in"}[a], {"NRAM": "y", "WRAM": "v", "LDRAM": "m", "GDRAM": "t"}[b]
        for rest in ("256, {d}", "16, {d}, 16, 32, 7", "16, {d}, 16, 7, 128, 0, 32, 3, 16, 1"):
            put = {"y": "", "v": "__memcpy(y, v, 256, WRAM2NRAM);", "m": "__memcpy(y, m, 256, LDRAM2NRAM);", "t": "__memcpy(y, t, 256, GDRAM2NRAM);"}[target]
            calls.append(f"__memcpy{form}({target}, {source}, {rest.format(d=direction)}); __sync(); {put} __memcpy(out + {64 * len(calls)}, y, 256, NRAM2GDRAM);")
    body = "\n  ".join(calls)
    text = f"""__mlu_entry__ void k(float *out, float *t, const float *in) {{
  __nram__ float x[64], y[64]; __wram__ float w[64], v[64]; __ldram__ float l[64], m[64];
  __bang_write_zero(y, 64); __memcpy(v, y, 256, NRAM2WRAM); __memcpy(m, y, 256, NRAM2LDRAM);
  __memcpy(x, in, 256, GDRAM2NRAM); __memcpy(w, in, 256, GDRAM2WRAM); __memcpy(l, in, 256, GDRAM2LDRAM);
  {body}
  __memcpy(y, x, 256, NRAM2NRAM); __bang_move(y, x + 32, 128); __bang_move(y + 32, x, 8, 16, 32, 3); __memcpy(out + {64 * len(calls)}, y, 256, NRAM2GDRAM);
}}"""
    source = numpy.arange(64, dtype=numpy.float32) + 1
    got = run(text, "k", {"out": numpy.zeros(64 * len(calls) + 64, numpy.float32), "t": numpy.zeros(64, numpy.float32), "in": source}, dialect="bang",
              out=("out", "t"))["out"].reshape(-1, 64)
    rows = source.reshape(8, 2, 4)
    assert len(calls) == 45
    for one, two, three in zip(got[0::3], got[1::3], got[2::3]):
        assert (one == source).all()
        assert (two[:32] == rows[:, 0].ravel()).all() and (two[32:] == source[32:]).all()
        order = numpy.concatenate([rows[i, 0] for i in range(4)] + [rows[i, 1] for i in range(4)])
        assert (three[:32] == order).all() and (three[32:] == source[32:]).all()
    want = source.copy()
    want[:32] = source[32:]
    for i in range(4):
        want[32 + 4 * i: 34 + 4 * i] = source[8 * i: 8 * i + 2]
    assert (got[-1] == want).all()


@pytest.mark.covers("bang", "__load_nram", "__load_gdram", "__store_nram", "__store_gdram", "__is_nram", "__is_wram", "__is_sram", "__is_dram", "__bang_printf", "__sync",
                    "__sync_io", "__sync_move", "__sync_compute", "__sync_io_move_compute")
def test_scalar_access_questions_and_waits() -> None:
    text = """__mlu_entry__ void k(int *out, const int *in) {
  __nram__ int x[4]; __wram__ int w[4]; __mlu_shared__ int s[4]; __ldram__ int l[4];
  __store_nram(x + 1, __load_gdram(in + 2) + 1); __store_gdram(out, __load_nram(x + 1));
  const void *places[] = {x, w, s, l, in};
  for (int i = 0; i < 5; ++i) out[1 + i] = __is_nram(places[i]) + 2 * __is_wram(places[i]) + 4 * __is_sram(places[i]) + 8 * __is_dram(places[i]);
  __bang_printf("%d %f", in[0], (half)1.5);
  __memcpy_async(x, in, 16, GDRAM2NRAM); __sync_io(); out[6] = x[3];
  __memcpy_async(s, x, 16, NRAM2SRAM); __sync_move(); out[7] = s[3];
  __memcpy_async(x + 2, x, 8, NRAM2NRAM); __sync_compute(); out[8] = x[3];
  __memcpy_async(x, in, 16, GDRAM2NRAM); __sync_io_move_compute(true, false, false, true, true, true); out[9] = x[3];
}"""
    got = run(text, "k", {"out": numpy.zeros(10, numpy.int32), "in": numpy.array([5, 6, 7, 8], numpy.int32)}, dialect="bang")["out"]
    assert got.tolist() == [8, 1, 2, 4, 8, 8, 8, 8, 6, 8]
