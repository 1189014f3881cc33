"""Each AVX-512, AVX2 and VNNI intrinsic's C meaning against the instruction, on random bits. Skipped where the CPU lacks them.

For every function of the headers one small wrapper is generated (one a value of an immediate), compiled once against the real
immintrin.h and once against ours, and both are called on the same bytes.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import cpu_build, toolchain

HEADERS = toolchain.DIALECTS / "vnni" / "intrinsics"
FUNCTION = re.compile(r"((?:^///[^\n]*\n)+)^static inline ([\w ]+?) (_\w+)\(([^{]*?)\) \{", re.MULTILINE)
MEMORY = 512                        # bytes that pointers point to; gather indices stay inside
IN = 1024                           # bytes of input a call
OUT = 64 + MEMORY
# Values of `imm` by name; the first match counts.
IMMEDIATES: list[tuple[str, tuple[int, ...]]] = [
    (r"cmp_p[sd]", tuple(range(32))), (r"cmp_ep", tuple(range(7))), (r"roundscale", (0, 1, 2, 3, 4, 8, 9, 0x10, 0x23)), (r"_round_", (0, 1, 2, 3, 4, 8, 11)),
    (r"s(ll|rl|ra)i_epi16", (0, 3, 15, 16, 40)), (r"s(ll|rl|ra)i", (0, 1, 31, 32, 63, 64)), (r"shuffle", (0x1B, 0xB1, 0x4E, 0)), (r"kshift", (0, 1, 5)),
    (r"cvtps_ph", (0, 1, 2, 3, 4)), (r"(extract|insert)[fi]?(32x8|64x4|128|i128)", (0, 1)), (r"extract|insert", (0, 1, 2, 3)),
]
WIDENING_CAST = re.compile(r"_cast(ps|pd|si)(128|256)_(ps|pd|si)(256|512)")       # upper bits are unspecified
ELEMENT = {"__m512": "f4", "__m256": "f4", "__m128": "f4", "__m512d": "f8", "__m256d": "f8", "__m128d": "f8", "float": "f4", "double": "f8"}


@dataclass(frozen=True)
class Call:
    """One wrapper: an intrinsic with the value of its immediate, if it has one."""

    result: str
    name: str
    parameters: str
    immediate: int | None

    @property
    def body(self) -> str:
        lines, arguments = [], []
        for index, parameter in enumerate(filter(None, (part.strip() for part in self.parameters.replace("void", "", self.parameters == "void").split(",")))):
            kind, name = re.fullmatch(r"(.*?)(\w+)", parameter).groups()
            if name == "imm":
                arguments.append(str(self.immediate))
            elif name == "scale":
                arguments.append("4")
            elif "*" in kind:
                arguments.append(f"({kind.strip()})memory")
            else:
                lines.append(f"{kind}{name}; memcpy(&{name}, in + {MEMORY + 64 * index}, sizeof {name});")
                if name == "index" and ("gather" in self.name or "scatter" in self.name):
                    lines.append(f"for (int j = 0; j < (int)(sizeof index / 4); ++j) ((int *)&index)[j] &= {MEMORY // 4 - 1};")
                arguments.append(name)
        call = f"{self.name}({', '.join(arguments)})"
        lines.append(f"{call};" if self.result == "void" else f"{self.result} result = {call}; memcpy(out, &result, sizeof result);")
        return " ".join(lines)


# gcc 12 drops the upper eight bits of the masks of these two.
NATIVE = """#include <immintrin.h>
#include <string.h>
#include <stdlib.h>
#define _mm512_mask_dpbf16_ps(src, k, a, b) _mm512_mask_blend_ps(k, src, _mm512_dpbf16_ps(src, a, b))
#define _mm512_maskz_dpbf16_ps(k, src, a, b) _mm512_maskz_mov_ps(k, _mm512_dpbf16_ps(src, a, b))"""
# The sets that are compared with the instruction; what no processor at hand has is held against numpy in test_vnni_sets.py and test_vnni_float16.py.
SETS = {"sse", "sse2", "sse3", "ssse3", "sse4.1", "sse4.2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16"}
APPROXIMATE = re.compile(r"_r(?:cp|sqrt)(?:14)?_p[sd]$")            # the hardware's own value: test_approximate_reciprocals
COMPARED = sorted(name for name, sets in cpu_build.instruction_sets().items() if set(sets) <= SETS and not APPROXIMATE.search(name))


def calls() -> list[Call]:
    """Of the intrinsics of SETS, those that this CPU has."""
    found = []
    here = {name for name in COMPARED if set(cpu_build.instruction_sets()[name]) <= cpu_build.available_sets()}
    for header in re.findall(r'#include "(\w+\.h)"', (HEADERS / "prelude.h").read_text()):
        if not (HEADERS / header).exists():
            continue
        for _, result, name, parameters in FUNCTION.findall((HEADERS / header).read_text()):
            if name not in here:
                continue
            parameters = " ".join(parameters.split())
            values: tuple[int | None, ...] = (None,)
            if re.search(r"\bimm\b", parameters):
                values = next(chosen for pattern, chosen in IMMEDIATES if re.search(pattern, name))
            found += [Call(result, name, parameters, value) for value in values]
    return found


def library(made: list[Call], include: str, flags: list[str], folder: Path, name: str) -> ctypes.CDLL:
    text = [include, "#define KEEP __attribute__((visibility(\"default\"), noinline))"]
    for number, call in enumerate(made):
        text.append(f"static void call{number}(const char *in, char *memory, char *out) {{ {call.body} }}")
    table = ", ".join(f"call{number}" for number in range(len(made)))
    text.append(f"static void (*const calls[])(const char *, char *, char *) = {{{table}}};")
    text.append(f"""KEEP void run(int count, const char *in, char *out) {{
  static char memory[{MEMORY}] __attribute__((aligned(64)));
  for (int i = 0; i < count; ++i) {{
    memcpy(memory, in, {MEMORY});
    calls[i](in, memory, out + (long)i * {OUT});
    memcpy(out + (long)i * {OUT} + 64, memory, {MEMORY});
  }}
}}
KEEP void kg_fault(const char *kind, const char *sentence, int line) {{ for (;;) ((void (*)(void))abort)(); }}""")
    source = folder / f"{name}.c"
    source.write_text("\n".join(text))
    command = [toolchain.find("gcc"), "-std=gnu17", "-O0", "-fPIC", "-shared", "-w", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off", *flags, str(source),
               "-o", str(folder / f"{name}.so"), "-lm"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    return ctypes.CDLL(str(folder / f"{name}.so"))


def inputs() -> list[bytes]:
    """Random bits, small floats, floats with the special values among them, and small integers."""
    random = numpy.random.default_rng(1)
    floats = random.normal(0, 4, IN // 4).astype(numpy.float32)
    special = floats.copy()
    special[random.integers(0, IN // 4, 80)] = random.choice(numpy.array([numpy.nan, numpy.inf, -numpy.inf, 0.0, -0.0, 0.5, -2.5, 3e9, -3e9, 1e-40, 65520, 6e-8], numpy.float32), 80)
    doubles = random.normal(0, 4, IN // 8)
    return [random.bytes(IN), random.bytes(IN), floats.tobytes(), special.tobytes(), doubles.tobytes(), random.integers(-40, 40, IN // 4, numpy.int32).tobytes(),
            random.integers(-40, 40, IN // 2, numpy.int16).tobytes()]


def same(call: Call, ours: bytes, theirs: bytes, with_nan: bool) -> bool:
    """Bit for bit, but for NaN where the result is floating."""
    if ours == theirs or WIDENING_CAST.match(call.name):
        return True
    if re.search(r"reduce_m(in|ax)_p[sd]", call.name):
        return with_nan             # which of NaN and a number wins depends on the order, and the compiler chooses that
    kind = "f4" if "_ps" in call.name else "f8" if "_pd" in call.name else ELEMENT.get(call.result)
    if kind is None:
        return False
    a, b = numpy.frombuffer(ours, kind), numpy.frombuffer(theirs, kind)
    bits_a, bits_b = (array.view(kind.replace("f", "u")) for array in (a, b))
    return bool(((bits_a == bits_b) | (numpy.isnan(a) & numpy.isnan(b))).all())


@needs_gcc
@pytest.mark.skipif(not toolchain.has_avx512_vnni(), reason="this CPU has no AVX-512 with VNNI")
@pytest.mark.covers("vnni", *COMPARED)
def test_the_meaning_of_every_intrinsic_is_the_instruction(tmp_path: Path) -> None:
    made = calls()
    assert len(made) > 900
    ours = library(made, '#include "prelude.h"', [f"-I{HEADERS}", f"-I{toolchain.RUNTIME}"], tmp_path, "ours")
    theirs = library(made, NATIVE, ["-march=native"], tmp_path, "theirs")
    wrong: dict[str, Call] = {}
    for data in inputs():
        results = [ctypes.create_string_buffer(OUT * len(made)) for _ in range(2)]
        for side, result in zip((ours, theirs), results):
            side.run(len(made), data, result)
        for number, call in enumerate(made):
            part = slice(number * OUT, (number + 1) * OUT)
            if not same(call, results[0].raw[part], results[1].raw[part], bool(numpy.isnan(numpy.frombuffer(data, "f4")).any())):
                wrong[f"{call.name} imm={call.immediate}"] = call
    assert not wrong, f"{len(wrong)} differ from the instruction: {', '.join(sorted(wrong))}"


NEAR = {name: 2.0**-14 if "14" in name else 1.5 * 2.0**-12 for name in cpu_build.instruction_sets() if APPROXIMATE.search(name)}


@needs_gcc
@pytest.mark.parametrize("architecture", ["", "semantic"], ids=["instructions", "meanings"])
@pytest.mark.covers("vnni", *NEAR)
def test_approximate_reciprocals(architecture: str) -> None:
    """The instruction where this CPU has it, and the meaning: both within the documented error."""
    names = sorted(NEAR)
    cases, wide = [], {"_mm512": 64, "_mm256": 32, "_mm": 16}
    for number, name in enumerate(names):
        prefix, double = name.split("_m")[0] + "_m" + name.split("_m", 1)[1].split("_")[0], name.endswith("d")
        vector = {64: "__m512", 32: "__m256", 16: "__m128"}[wide[prefix]] + "d" * double
        mask = {"mask": "s, 0x2, ", "maskz": "0x2, "}.get(name.split("_")[2], "")
        cases.append(f"  {{ {vector} a, s; memcpy(&a, {'y' if double else 'x'}, sizeof a); memset(&s, 0, sizeof s); a = {name}({mask}a); memcpy(out + {64 * number}, &a, sizeof a); }}")
    text = "#include <immintrin.h>\n#include <string.h>\nvoid k(unsigned char *out, const float *x, const double *y) {\n" + "\n".join(cases) + "\n}"
    x = numpy.random.default_rng(3).uniform(0.01, 99, 16)
    arguments = {"out": numpy.zeros(64 * len(names), numpy.uint8), "x": x.astype(numpy.float32), "y": x}
    got = run(text, "k", arguments, dialect="vnni", architecture=architecture)["out"].reshape(-1, 64)
    for row, name in zip(got, names):
        given = (arguments["y"] if name.endswith("d") else arguments["x"])[:wide[re.match(r"_mm\d*", name)[0]] // (8 if name.endswith("d") else 4)]  # type: ignore[index]
        want = 1 / numpy.sqrt(given.astype(float)) if "rsqrt" in name else 1 / given.astype(float)
        if "mask" in name:
            want = numpy.where(numpy.arange(len(want)) == 1, want, 0)
        numpy.testing.assert_allclose(row.view(given.dtype)[:len(want)], want, rtol=NEAR[name], atol=0, err_msg=name)
