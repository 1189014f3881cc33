"""Tables: names of types and of functions that every dialect shares, and what they become in the IR."""

from __future__ import annotations

from ..ir.types import BF16, BOOL, F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, VOID, Scalar

SCALAR_TYPES: dict[str, Scalar] = {
    "void": VOID,
    "bool": BOOL,
    "char": I8,
    "short": I16,
    "int": I32,
    "long": I64,
    "float": F32,
    "double": F64,
    "unsigned": U32,
    "signed": I32,
    "int8_t": I8,
    "int16_t": I16,
    "int32_t": I32,
    "int64_t": I64,
    "uint8_t": U8,
    "uint16_t": U16,
    "uint32_t": U32,
    "uint64_t": U64,
    "size_t": U64,
    "ssize_t": I64,
    "ptrdiff_t": I64,
    "intptr_t": I64,
    "uintptr_t": U64,
    "uint": U32,
    "uchar": U8,
    "ushort": U16,
    "ulong": U64,
    "float32_t": F32,
    "float64_t": F64,
    "clock_t": I64,
    "byte": U8,
    "half": F16,
    "__half": F16,
    "float16": F16,
    "__nv_bfloat16": BF16,
    "nv_bfloat16": BF16,
    "bfloat16": BF16,
    "__bf16": BF16,
}
_VECTOR_BASES: dict[str, Scalar] = {
    "float": F32,
    "double": F64,
    "int": I32,
    "uint": U32,
    "char": I8,
    "uchar": U8,
    "short": I16,
    "ushort": U16,
    "long": I64,
    "ulong": U64,
    "longlong": I64,
    "ulonglong": U64,
}
VECTOR_TYPES: dict[str, tuple[Scalar, int]] = {
    **{f"{base}{count}": (element, count) for base, element in _VECTOR_BASES.items() for count in (1, 2, 3, 4)},
    "half2": (F16, 2),
    "__half2": (F16, 2),
    "__nv_bfloat162": (BF16, 2),
    "nv_bfloat162": (BF16, 2),
    "__hip_bfloat162": (BF16, 2),
    "dim3": (U32, 3),
}
COMPONENTS = {"x": 0, "y": 1, "z": 2, "w": 3, "r": 0, "g": 1, "b": 2, "a": 3}

KNOWN_CONSTANTS: dict[str, tuple[int | float, Scalar]] = {
    "FLT_MAX": (3.4028234663852886e38, F32),
    "FLT_MIN": (1.1754943508222875e-38, F32),
    "FLT_EPSILON": (1.1920928955078125e-07, F32),
    "DBL_MAX": (1.7976931348623157e308, F64),
    "DBL_MIN": (2.2250738585072014e-308, F64),
    "DBL_EPSILON": (2.220446049250313e-16, F64),
    "INFINITY": (float("inf"), F32),
    "HUGE_VALF": (float("inf"), F32),
    "HUGE_VAL": (float("inf"), F64),
    "NAN": (float("nan"), F32),
    "CUDART_INF_F": (float("inf"), F32),
    "CUDART_INF": (float("inf"), F64),
    "CUDART_NAN_F": (float("nan"), F32),
    "CUDART_PI_F": (3.1415927410125732, F32),
    "M_PI": (3.141592653589793, F64),
    "M_PI_2": (1.5707963267948966, F64),
    "M_PI_4": (0.7853981633974483, F64),
    "M_1_PI": (0.3183098861837907, F64),
    "M_2_PI": (0.6366197723675814, F64),
    "M_E": (2.718281828459045, F64),
    "M_LOG2E": (1.4426950408889634, F64),
    "M_LOG10E": (0.4342944819032518, F64),
    "M_LN2": (0.6931471805599453, F64),
    "M_LN10": (2.302585092994046, F64),
    "M_SQRT2": (1.4142135623730951, F64),
    "M_SQRT1_2": (0.7071067811865476, F64),
    "M_2_SQRTPI": (1.1283791670955126, F64),
    "INT_MAX": (2**31 - 1, I32),
    "INT_MIN": (-(2**31), I32),
    "UINT_MAX": (2**32 - 1, U32),
    "LONG_MAX": (2**63 - 1, I64),
    "LLONG_MAX": (2**63 - 1, I64),
    "LLONG_MIN": (-(2**63), I64),
    "CHAR_BIT": (8, I32),
    "SCHAR_MAX": (127, I32),
    "SCHAR_MIN": (-128, I32),
    "UCHAR_MAX": (255, I32),
    "SHRT_MAX": (32767, I32),
    "SHRT_MIN": (-32768, I32),
    "USHRT_MAX": (65535, I32),
    "INT8_MAX": (127, I32),
    "INT8_MIN": (-128, I32),
    "UINT8_MAX": (255, I32),
    "INT16_MAX": (32767, I32),
    "INT16_MIN": (-32768, I32),
    "UINT16_MAX": (65535, I32),
    "INT32_MAX": (2**31 - 1, I32),
    "INT32_MIN": (-(2**31), I32),
    "UINT32_MAX": (2**32 - 1, U32),
    "INT64_MAX": (2**63 - 1, I64),
    "INT64_MIN": (-(2**63), I64),
}

# Functions of one, two or three floats: ``name`` on f64, ``namef`` on f32. C++ and CUDA overload the plain name.
UNARY_MATH = frozenset(
    "exp exp2 exp10 expm1 log log2 log10 log1p sqrt rsqrt cbrt rcbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sinpi "
    "cospi erf erfc erfinv normcdf lgamma tgamma floor ceil round trunc rint nearbyint fabs logb".split()
)
BINARY_MATH = frozenset("pow fmod atan2 hypot copysign fmax fmin fdim remainder nextafter".split())
TERNARY_MATH = frozenset({"fma"})
MATH = UNARY_MATH | BINARY_MATH | TERNARY_MATH

FAST_MATH = {  # CUDA's approximations and rounding-explicit spellings
    "__expf": "expf",
    "__exp10f": "exp10f",
    "__logf": "logf",
    "__log2f": "log2f",
    "__log10f": "log10f",
    "__sinf": "sinf",
    "__cosf": "cosf",
    "__tanf": "tanf",
    "__powf": "powf",
    "__fsqrt_rn": "sqrtf",
    "__frsqrt_rn": "rsqrtf",
    "__fmaf_rn": "fmaf",
    "__fmaf_rz": "fmaf",
    "__dsqrt_rn": "sqrt",
    "__fma_rn": "fma",
    "__tanhf": "tanhf",
    "__builtin_expf": "expf",
    "__builtin_sqrtf": "sqrtf",
    "__builtin_fabsf": "fabsf",
    "__builtin_fmaxf": "fmaxf",
    "__builtin_fminf": "fminf",
    "__builtin_fmaf": "fmaf",
}
AS_OPERATOR = {  # two operands -> operator, with the type it computes in
    "__fadd_rn": ("+", F32),
    "__fsub_rn": ("-", F32),
    "__fmul_rn": ("*", F32),
    "__fdiv_rn": ("/", F32),
    "__fdividef": ("/", F32),
    "fdividef": ("/", F32),
    "__dadd_rn": ("+", F64),
    "__dsub_rn": ("-", F64),
    "__dmul_rn": ("*", F64),
    "__ddiv_rn": ("/", F64),
    "__mul24": ("*", I32),
    "__umul24": ("*", U32),
    "__hadd": ("+", F16),
    "__hsub": ("-", F16),
    "__hmul": ("*", F16),
    "__hdiv": ("/", F16),
    "__hadd_rn": ("+", F16),
    "__hsub_rn": ("-", F16),
    "__hmul_rn": ("*", F16),
    "__hgt": (">", BOOL),
    "__hge": (">=", BOOL),
    "__hlt": ("<", BOOL),
    "__hle": ("<=", BOOL),
    "__heq": ("==", BOOL),
    "__hne": ("!=", BOOL),
}
PACKED_OPERATOR = {"__hadd2": "+", "__hsub2": "-", "__hmul2": "*", "__h2div": "/", "__hadd2_rn": "+", "__hmul2_rn": "*"}
HALF_MATH = {  # through f32, rounded back: what cuda_fp16.h does
    "hexp": "expf",
    "hexp2": "exp2f",
    "hlog": "logf",
    "hlog2": "log2f",
    "hsqrt": "sqrtf",
    "hrsqrt": "rsqrtf",
    "hsin": "sinf",
    "hcos": "cosf",
    "hfloor": "floorf",
    "hceil": "ceilf",
    "hrint": "rintf",
    "htrunc": "truncf",
    "htanh": "tanhf",
    "__habs": "fabsf",
    "__hmax": "fmaxf",
    "__hmin": "fminf",
    "__hfma": "fmaf",
}
CONVERSIONS: dict[str, tuple[str, Scalar]] = {  # name -> (rounding function applied first, result)
    "__half2float": ("", F32),
    "__float2half": ("", F16),
    "__float2half_rn": ("", F16),
    "__double2half": ("", F16),
    "__low2float": ("", F32),
    "__bfloat162float": ("", F32),
    "__float2bfloat16": ("", BF16),
    "__float2bfloat16_rn": ("", BF16),
    "__double2bfloat16": ("", BF16),
    "__int2half_rn": ("", F16),
    "__uint2half_rn": ("", F16),
    "__short2half_rn": ("", F16),
    "__int2float_rn": ("", F32),
    "__int2float_rz": ("", F32),
    "__uint2float_rn": ("", F32),
    "__int2double_rn": ("", F64),
    "__uint2double_rn": ("", F64),
    "__ll2float_rn": ("", F32),
    "__ull2float_rn": ("", F32),
    "__ll2double_rn": ("", F64),
    "__double2float_rn": ("", F32),
    "__float2int_rz": ("", I32),
    "__float2int_rn": ("rintf", I32),
    "__float2int_rd": ("floorf", I32),
    "__float2int_ru": ("ceilf", I32),
    "__float2uint_rz": ("", U32),
    "__float2uint_rn": ("rintf", U32),
    "__float2ll_rz": ("", I64),
    "__float2ll_rn": ("rintf", I64),
    "__double2int_rz": ("", I32),
    "__double2int_rn": ("rint", I32),
    "__half2int_rz": ("", I32),
    "__half2int_rn": ("rintf", I32),
    "__float2int_tz": ("", I32),
    "__half2short_rz": ("", I16),
}
OTHER_CALLS: dict[str, Scalar] = {  # kept by name; their result
    "isnan": BOOL,
    "isinf": BOOL,
    "isfinite": BOOL,
    "signbit": BOOL,
    "isnanf": BOOL,
    "isinff": BOOL,
    "isfinitef": BOOL,
    "__popc": I32,
    "__clz": I32,
    "__ffs": I32,
    "__brev": U32,
    "__brevll": U64,
    "__popcll": I32,
    "__clzll": I32,
    "__ffsll": I32,
    "__mulhi": I32,
    "__umulhi": U32,
    "__mul64hi": I64,
    "__umul64hi": U64,
    "__byte_perm": U32,
    "__hadd": I32,
    "__rhadd": I32,
    "__uhadd": U32,
    "__urhadd": U32,
    "__float_as_int": I32,
    "__float_as_uint": U32,
    "__int_as_float": F32,
    "__uint_as_float": F32,
    "__double_as_longlong": I64,
    "__longlong_as_double": F64,
    "__half_as_short": I16,
    "__half_as_ushort": U16,
    "__short_as_half": F16,
    "__ushort_as_half": F16,
    "__sad": U32,
    "__usad": U32,
    "__funnelshift_l": U32,
    "__funnelshift_r": U32,
    "ldexpf": F32,
    "ldexp": F64,
    "scalbnf": F32,
    "scalbn": F64,
    "clock": I64,
    "clock64": I64,
    "lroundf": I64,
    "lround": I64,
    "lrintf": I64,
    "lrint": I64,
    "ilogbf": I32,
    "__dp4a": I32,
    "__dp2a_lo": I32,
    "__dp2a_hi": I32,
    "__builtin_popcount": I32,
    "__builtin_clz": I32,
    "__hisnan": BOOL,
    "__hisinf": BOOL,
}
HALF_TESTS = {"__hisnan": "isnan", "__hisinf": "isinf"}
SHUFFLES = {
    "__shfl_sync": "shfl",
    "__shfl_up_sync": "shfl_up",
    "__shfl_down_sync": "shfl_down",
    "__shfl_xor_sync": "shfl_xor",
    "__shfl": "shfl",
    "__shfl_up": "shfl_up",
    "__shfl_down": "shfl_down",
    "__shfl_xor": "shfl_xor",
}
VOTES = {
    "__ballot_sync": "ballot",
    "__any_sync": "any",
    "__all_sync": "all",
    "__ballot": "ballot",
    "__any": "any",
    "__all": "all",
    "__reduce_add_sync": "reduce_add",
    "__reduce_min_sync": "reduce_min",
    "__reduce_max_sync": "reduce_max",
    "__reduce_and_sync": "reduce_and",
    "__reduce_or_sync": "reduce_or",
    "__reduce_xor_sync": "reduce_xor",
    "__match_any_sync": "match_any",
    "__syncthreads_count": "syncthreads_count",
    "__syncthreads_or": "syncthreads_or",
    "__syncthreads_and": "syncthreads_and",
}
ATOMICS = frozenset("atomicAdd atomicSub atomicMax atomicMin atomicExch atomicCAS atomicAnd atomicOr atomicXor atomicInc atomicDec".split())
CACHED_LOADS = frozenset("__ldg __ldcg __ldca __ldcs __ldlu __ldcv __builtin_nontemporal_load".split())
SINE_AND_COSINE = {  # name -> (sine, cosine)
    "sincosf": ("sinf", "cosf"),
    "__sincosf": ("__sinf", "__cosf"),
    "sincos": ("sin", "cos"),
    "sincospif": ("sinpif", "cospif"),
    "sincospi": ("sinpi", "cospi"),
}
CACHED_STORES = frozenset("__stwb __stcg __stcs __stwt".split())
DROPPED = frozenset(
    "printf fprintf assert puts __bang_printf __assert __assert_fail static_assert __builtin_assume __nanosleep __builtin_prefetch".split()
)


def register_type(name: str) -> Scalar | None:
    """``__m512i`` and its like as a scalar of kind ``vector``; mask registers as unsigned integers."""
    if name.startswith("__mmask") and name[7:].isdigit():
        return Scalar(name, "uint", int(name[7:]))
    if name.startswith("__m") and name[3:6].isdigit():
        return Scalar(name, "vector", int(name[3:6]))
    return None


def intrinsic_result(name: str) -> Scalar:
    """What an AVX or BANG intrinsic returns, told from its name."""
    if not name.startswith("_mm"):
        if name in ("__is_mpu", "__is_ipu", "__is_nram", "__is_wram", "__is_sram", "__is_dram"):
            return BOOL
        if name.startswith("__bang_count"):
            return U32
        if name.startswith("__builtin_amdgcn_sdot"):
            return I32
        return VOID
    if (
        "store" in name
        or "scatter" in name
        or name.startswith(("_mm_prefetch", "_mm_sfence", "_mm512_stream", "_mm256_stream", "_mm_stream", "_mm256_zeroupper", "_mm_free"))
    ):
        return VOID
    if "reduce_" in name:
        return {"ps": F32, "pd": F64, "epi64": I64, "epi32": I32, "epu32": U32, "ph": F16}.get(name.rsplit("_", 1)[1], I32)
    if name.endswith("_mask"):
        lanes = {"8": 64, "16": 32, "32": 16, "64": 8, "ps": 16, "pd": 8}
        kind = next(
            (key for part in name.split("_") for key in ("64", "32", "16", "8") if part.startswith(("epi", "epu")) and part.endswith(key)),
            None,
        )
        count = lanes[kind or ("pd" if "_pd_" in name else "ps")] // {"_mm512": 1, "_mm256": 2}.get(name.split("_")[1].join(("_", "")), 4)
        return register_type(f"__mmask{max(8, count)}") or U16
    tails = {
        "_mm_cvtss_f32": F32,
        "_mm256_cvtss_f32": F32,
        "_mm512_cvtss_f32": F32,
        "_mm_cvtsi128_si32": I32,
        "_mm512_cvtsi512_si32": I32,
        "_mm256_cvtsi256_si32": I32,
        "_mm_cvtsi128_si64": I64,
        "_mm_cvtsd_f64": F64,
        "_mm512_cvtsd_f64": F64,
    }
    if name in tails:
        return tails[name]
    width = {"_mm512": 512, "_mm256": 256}.get("_" + name.split("_")[1], 128)
    tail = name.rsplit("_", 1)[1]
    halves = ("extract", "castps512_ps256", "castsi512_si256", "castpd512_pd256")
    digits = "".join(c for c in tail if c.isdigit())
    if tail.startswith(("si", "ps", "pd")) and digits in ("128", "256", "512"):
        width = int(digits)
    elif name.startswith("_mm512_extract"):
        width = 128 if "x4" in name and ("32x4" in name) or "64x2" in name else 256
    elif name.startswith("_mm256_extract"):
        width = 128
    elif name.startswith("_mm512_cvt"):
        parts = (
            name.split("_")[2].replace("cvts", "cvt", 1)
            if name.startswith("_mm512_cvts") and not name.startswith("_mm512_cvtss")
            else name.split("_")[2]
        )
        bits = {
            "epi8": 8,
            "epu8": 8,
            "epi16": 16,
            "epu16": 16,
            "epi32": 32,
            "epu32": 32,
            "ps": 32,
            "epi64": 64,
            "epu64": 64,
            "pd": 64,
            "ph": 16,
        }
        source, target = (
            bits.get(parts.removeprefix("cvtt").removeprefix("cvt").removeprefix("us").removeprefix("s"), 32),
            bits.get(tail, 32),
        )
        if target < source:
            width = 512 * target // source
    elif any(name.endswith(half) for half in halves):
        width = 256
    suffix = "" if tail.startswith("ps") else "d" if tail.startswith("pd") else "i"
    return register_type(f"__m{width}{suffix}") or VOID
