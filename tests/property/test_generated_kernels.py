"""Kernels nobody wrote: drawn at random from the ways kernels are written, translated to every target, tested against their source."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernelglot import session

FLOATS = ("x", "y")
UNARY = ("fmaxf({}, 0.0f)", "fabsf({})", "expf(-fabsf({}))", "tanhf({})", "sqrtf(fabsf({}))", "-({})", "1.0f / (1.0f + expf(-({})))")
BINARY = ("{} + {}", "{} - {}", "{} * {}", "fmaxf({}, {})", "fminf({}, {})", "({} > {} ? 1.0f : 0.5f)")


def values(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Float expressions over ``leaf``."""

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds(lambda f, a: f.format(a), st.sampled_from(UNARY), inner),
            st.builds(lambda f, a, b: f.format(f"({a})", f"({b})"), st.sampled_from(BINARY), inner, inner),
        )

    return st.recursive(st.one_of(leaf, st.sampled_from(("0.5f", "1.25f", "alpha"))), larger, max_leaves=5)


@st.composite
def elementwise(draw) -> str:
    """One element a thread, by early return, guard or grid-stride loop."""
    index = draw(
        st.sampled_from(
            ("blockIdx.x * blockDim.x + threadIdx.x", "threadIdx.x + blockDim.x * blockIdx.x", "blockIdx.x * 128 + threadIdx.x")
        )
    )
    value = draw(values(st.sampled_from(("x[i]", "y[i]", "v"))))
    work = f"float v = x[i]; v = v * alpha; out[i] = {value};"
    shape = draw(st.sampled_from(("return", "if", "stride")))
    body = {
        "return": f"int i = {index}; if (i >= n) return; {work}",
        "if": f"int i = {index}; if (i < n) {{ {work} }}",
        "stride": f"for (int i = {index}; i < n; i += gridDim.x * blockDim.x) {{ {work} }}",
    }[shape]
    grid = "(n + 127) / 128" if shape != "stride" else draw(st.sampled_from(("3", "(n + 127) / 128")))
    n = draw(st.sampled_from((1, 127, 1000, 1283)))
    return f"""__global__ void k(const float* x, const float* y, float* out, int n, float alpha) {{ {body} }}
void run() {{ int n = {n}; float *x, *y, *out; cudaMalloc(&x, n * 4); cudaMalloc(&y, n * 4); cudaMalloc(&out, n * 4);
  k<<<{grid}, 128>>>(x, y, out, n, 0.75f); }}
"""


@st.composite
def rows(draw) -> str:
    """A reduction over the columns of a row: a thread a row, or a block a row with a tree in shared memory."""
    start, merge = draw(st.sampled_from((("0.0f", "{} + {}"), ("-3.0e38f", "fmaxf({}, {})"), ("3.0e38f", "fminf({}, {})"))))
    term = draw(values(st.just("x[r * cols + c]")))
    merged = merge.format("s", f"({term})")
    n, m = draw(st.sampled_from((1, 7, 33))), draw(st.sampled_from((1, 64, 71)))
    head = f"int rows = {n}, cols = {m}; float *x, *out; cudaMalloc(&x, rows * cols * 4); cudaMalloc(&out, rows * 4);"
    if draw(st.booleans()):
        return f"""__global__ void k(const float* x, float* out, int rows, int cols, float alpha) {{
  int r = blockIdx.x * blockDim.x + threadIdx.x; if (r >= rows) return;
  float s = {start}; for (int c = 0; c < cols; ++c) s = {merged}; out[r] = s * alpha; }}
void run() {{ {head} k<<<(rows + 31) / 32, 32>>>(x, out, rows, cols, 0.5f); }}
"""
    tree = merge.format("buf[t]", "buf[t + h]")
    return f"""__global__ void k(const float* x, float* out, int cols, float alpha) {{
  __shared__ float buf[64]; int r = blockIdx.x; int t = threadIdx.x;
  float s = {start}; for (int c = t; c < cols; c += blockDim.x) s = {merged};
  buf[t] = s; __syncthreads();
  for (int h = blockDim.x / 2; h > 0; h >>= 1) {{ if (t < h) buf[t] = {tree}; __syncthreads(); }}
  if (t == 0) out[r] = buf[0] * alpha; }}
void run() {{ {head} k<<<rows, 64>>>(x, out, cols, 0.5f); }}
"""


@st.composite
def planes(draw) -> str:
    """A window over a plane, one thread an output, the index flat or two-dimensional, with padding guards."""
    window, pad = draw(st.sampled_from(((1, 0), (3, 1), (3, 0), (2, 0))))
    h, w = draw(st.sampled_from(((5, 9), (8, 8), (13, 21))))
    inner = draw(values(st.just("x[yy * W + xx]")))
    oh, ow = h + 2 * pad - window + 1, w + 2 * pad - window + 1
    loop = f"""float s = 0.0f; for (int dy = 0; dy < {window}; ++dy) for (int dx = 0; dx < {window}; ++dx) {{
    int yy = oy + dy - {pad}; int xx = ox + dx - {pad};
    if (yy >= 0 && yy < H && xx >= 0 && xx < W) s += {inner}; }}
  out[oy * OW + ox] = s;"""
    if draw(st.booleans()):
        place = "int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= OH * OW) return; int ox = i % OW; int oy = i / OW;"
        launch = "(OH * OW + 63) / 64, 64"
    else:
        place = "int ox = blockIdx.x * 8 + threadIdx.x; int oy = blockIdx.y * 8 + threadIdx.y; if (ox >= OW || oy >= OH) return;"
        launch = "dim3((OW + 7) / 8, (OH + 7) / 8), dim3(8, 8)"
    return f"""__global__ void k(const float* x, float* out, int H, int W, int OH, int OW, float alpha) {{ {place} {loop} }}
void run() {{ int H = {h}, W = {w}, OH = {oh}, OW = {ow}; float *x, *out; cudaMalloc(&x, H * W * 4); cudaMalloc(&out, OH * OW * 4);
  k<<<{launch}>>>(x, out, H, W, OH, OW, 0.5f); }}
"""


EXCHANGED = ("s[63 - t]", "s[(t + 5) % 64]", "s[t ^ 1]", "s[t > 0 ? t - 1 : 63]")
COMBINED = ("0.5f * ({0} + {1})", "fmaxf({0}, {1})", "{0} - 0.25f * {1}")


@st.composite
def exchange(draw) -> str:
    """Threads hand values to each other through shared memory."""
    target, value = draw(st.sampled_from(("v", "w"))), draw(st.sampled_from(COMBINED))
    read = value.format(target, draw(st.sampled_from(EXCHANGED)))
    return f"__syncthreads(); s[t] = v; __syncthreads(); {target} = {read};"


@st.composite
def step(draw, depth: int = 0) -> str:
    """Something a block does: exchange, reduce, shuffle, count, or do one of those in a loop, under a condition or until a value is met."""
    inner = exchange() if depth else step(depth=1)
    match draw(st.integers(0, 8)):
        case 0:
            return ("__syncthreads(); s[t] = v; __syncthreads();\n  for (int d = 32; d > 0; d >>= 1) "
                    "{ if (t < d) s[t] = fmaxf(s[t], s[t + d]); __syncthreads(); }\n  w += 0.125f * s[0];")
        case 1:
            return f"v = 0.5f * (v + __shfl_xor_sync(0xffffffff, v, {draw(st.sampled_from((1, 4, 16)))}));"
        case 2:
            return "if (t < 32) { for (int o = 16; o > 0; o >>= 1) w += 0.25f * __shfl_down_sync(0xffffffff, w, o); }"
        case 3:
            return "p = 1 - p; w += 0.5f * p;"
        case 4:
            return f"for (int r = 0; r < {draw(st.integers(1, 3))}; ++r) {{ int q = 1 - p; {draw(inner)} v += 0.0625f * q; p = q; }}"
        case 5:
            return f"if (n > {draw(st.sampled_from((10, 1000)))}) {{ {draw(inner)} }} else {{ w = -w; }}"
        case 6:
            return f"for (int r = 0; r < 4; ++r) {{ {draw(inner)} __syncthreads(); if (p + r > {draw(st.integers(0, 3))}) break; v = -v; }}"
        case 7:
            return "{ int c = 0; while (c < 5) { v = 0.5f * v; if (v * v < 0.01f) break; ++c; } w += c; }"
    return draw(exchange())


@st.composite
def blocks(draw) -> str:
    """A block whose threads wait for each other, in any order of steps."""
    steps = "\n  ".join(draw(st.lists(step(), min_size=1, max_size=4)))
    ending = draw(st.sampled_from(("if (i < n) out[i] = v + w;", "if (i >= n) return; out[i] = v - w;")))
    return f"""// kernelglot: launch grid=(3) block=(64) n=150 x=float[150] out=float[150]:out
__global__ void k(const float* x, float* out, int n) {{
  __shared__ float s[64];
  int t = threadIdx.x, i = blockIdx.x * 64 + t, p = {draw(st.integers(0, 1))};
  float v = i < n ? x[i] : 0.0f, w = 0.25f;
  {steps}
  {ending}
}}
"""


INTEGERS = ("int", "unsigned", "short", "unsigned char", "signed char", "unsigned short", "long long")
WHOLE = ("({0}) + ({1})", "({0}) - ({1})", "({0}) * ({1})", "({0}) & ({1})", "({0}) ^ ({1})", "({0}) | ({1})", "({0}) / 7", "({0}) % 5",
         "({0}) >> 3", "({0}) << 2", "max((int)({0}), (int)({1}))", "(({0}) > ({1}) ? ({0}) : 3)", "__popc({0})", "~({0})", "(int)(0.5f * ({0}))")


@st.composite
def integers(draw) -> str:
    """Whole numbers of every width: sums that wrap, shifts, bits, quotients, conversions up and down; the result may be cut short."""
    a, b, out = (draw(st.sampled_from(INTEGERS)) for _ in range(3))
    leaf = st.sampled_from(("(x[i] & 1023)", "(y[i] & 31)", "i", "12", "3u"))
    value = draw(st.recursive(leaf, lambda inner: st.builds(lambda f, p, q: f.format(p, q), st.sampled_from(WHOLE), inner, inner), max_leaves=4))
    store = draw(st.sampled_from(("out[i] = ({0})(v);", "if (v > 9) out[i] = ({0})v; else out[i] = x[i] & 7;", "out[i] ^= ({0})v;")))
    return f"""// kernelglot: launch grid=(5) block=(64) n={draw(st.sampled_from((1, 64, 300)))} x={TYPE[a]}[300] y={TYPE[b]}[300] out={TYPE[out]}[300]:inout
__global__ void k(const {a}* x, const {b}* y, {out}* out, int n) {{
  int i = blockIdx.x * 64 + threadIdx.x;
  if (i < n) {{ int v = (int)({value}); {store.format(out)} }} }}
"""


TYPE = dict(zip(INTEGERS, ("int", "uint32_t", "int16_t", "uint8_t", "int8_t", "uint16_t", "int64_t"), strict=True))


@st.composite
def leaving(draw) -> str:
    """Threads that go round a loop for different numbers of times: by a condition, a bound of their own, a break or a continue."""
    loop = draw(
        st.sampled_from(
            (
                "while (v > {0} && c < 20) {{ v = 0.5f * v; ++c; }}",
                "do {{ v = 0.75f * v + 0.1f; ++c; if (v * v > 4.0f) v = 1.0f; }} while (v > {0} && c < 9);",
                "for (int j = 0; j < i % 7; ++j) {{ v = 0.5f * v + x[j]; }}",
                "for (int j = i; j < n; j += 13) {{ if (x[j] > {0}) continue; v += x[j]; c = j; }}",
                "for (int j = 0; j < 12; ++j) {{ if (v < {0}) break; v = v - 0.25f; c += j; }}",
                "for (int j = 0; j < 12; ++j) {{ if (v < {0}) {{ c = j; break; }} if (j == i % 3) continue; v = 0.8f * v; }}",
                "int lo = 0, hi = n; while (lo < hi) {{ int mid = (lo + hi) / 2; if (x[mid] < v) lo = mid + 1; else hi = mid; }} c = lo;",
            )
        )
    ).format(draw(st.sampled_from(("0.5f", "0.0f", "1.5f"))))
    value = draw(values(st.sampled_from(("v", "(float)c", "x[i]"))))
    return f"""// kernelglot: launch grid=(3) block=(64) n=150 alpha=0.5 x=float[150] out=float[150]:out
__global__ void k(const float* x, float* out, int n, float alpha) {{
  int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return;
  float v = x[i] * 2.0f; int c = 0; {loop}
  out[i] = {value}; }}
"""


@st.composite
def tiles(draw) -> str:
    """A stencil whose block loads its part of the plane and a rim into shared memory first; outside of the plane is a fixed value."""
    rim, outside = draw(st.sampled_from((1, 2))), draw(st.sampled_from(("0.0f", "1.0f")))
    h, w = draw(st.sampled_from(((16, 16), (9, 30), (21, 5))))
    term = draw(values(st.sampled_from(("s[ty + dy][tx + dx]", "s[ty + dy][tx]", "c"))))
    edge = draw(st.sampled_from(("", f"if (ox < {rim} || oy < {rim}) {{ out[oy * w + ox] = 0.25f; return; }}")))
    return f"""// kernelglot: launch grid=({(w + 7) // 8},{(h + 7) // 8}) block=(8,8) w={w} h={h} alpha=0.5 x=float[{w * h}] out=float[{w * h}]:out
__global__ void k(const float* x, float* out, int w, int h, float alpha) {{
  __shared__ float s[8 + 2 * {rim}][8 + 2 * {rim}];
  for (int ty = threadIdx.y; ty < 8 + 2 * {rim}; ty += 8)
    for (int tx = threadIdx.x; tx < 8 + 2 * {rim}; tx += 8) {{
      int gx = blockIdx.x * 8 + tx - {rim}, gy = blockIdx.y * 8 + ty - {rim};
      s[ty][tx] = gx >= 0 && gx < w && gy >= 0 && gy < h ? x[gy * w + gx] : {outside}; }}
  __syncthreads();
  int tx = threadIdx.x + {rim}, ty = threadIdx.y + {rim}, ox = blockIdx.x * 8 + threadIdx.x, oy = blockIdx.y * 8 + threadIdx.y;
  if (ox >= w || oy >= h) return;
  {edge}
  float c = s[ty][tx], sum = 0.0f;
  for (int dy = -{rim}; dy <= {rim}; ++dy) for (int dx = -{rim}; dx <= {rim}; ++dx) sum += {term};
  out[oy * w + ox] = sum; }}
"""


@pytest.mark.parametrize("kind", [elementwise, rows, planes, blocks, integers, leaving, tiles], ids=lambda k: k.__name__)
@pytest.mark.parametrize("target", ["bang", "hip", "vnni", "c"])
def test_a_generated_kernel_is_translated_and_tested(kind, target):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(kind())
    def check(text: str) -> None:
        (kernel,) = session.translate("generated.cu", text, target).kernels
        assert kernel.verdict is not None and kernel.verdict.accepted, (text, kernel.as_json())

    check()
