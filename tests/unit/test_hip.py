"""CUDA to HIP in the text: what changes, what stays to the byte, and what is refused rather than guessed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernelglot.dialects.hip.host import translate_text
from kernelglot.dialects.hip.tokens import tokenize

ROOT = Path(__file__).resolve().parents[2]
KERNELS = sorted((ROOT / "examples/operators").glob("*.cu")) + sorted((ROOT / "tests/kernels").glob("*.cu"))
HEADER = "#include <hip/hip_runtime.h>\n"


def body(text: str) -> str:
    """The translation of one line of device code, without the header that every HIP file gets."""
    return translate_text(text).text.removeprefix(HEADER)


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.stem)
def test_every_example_is_translated_whole(path: Path):
    text = path.read_text()
    hip = translate_text(text)
    assert hip.unconverted == ()
    left = [token.text for token in tokenize(hip.text) if token.kind in ("name", "include") and re.search(r"\bcuda|nvcuda|^__\w+_sync$", token.text)]
    assert left == []
    assert hip.text.count("hip/hip_runtime.h") == 1
    assert hip.architecture == ("gfx1100" if "nvcuda" in text else "gfx90a")


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.stem)
def test_lines_without_cuda_names_stay_to_the_byte(path: Path):
    plain = [line for line in path.read_text().splitlines(keepends=True) if not re.search(r"cuda|CUDA|_sync|mma|warpSize|launch_|cooperative_groups.h", line)]
    translated = iter(translate_text(path.read_text()).text.splitlines(keepends=True))
    assert [line for line in plain if line.strip() and line not in translated] == []          # in order: `in` consumes the iterator


@pytest.mark.parametrize(("cuda", "hip"), [
    ("v += __shfl_down_sync(0xffffffff, v, 16);", "v += __shfl_down(v, 16, 32);"),
    ("v = __shfl_sync(mask, v, 0, 8);", "v = __shfl(v, 0, 8);"),
    ("v = __shfl_xor_sync(m(), __shfl_up_sync(m(), v, 1), 2);", "v = __shfl_xor(__shfl_up(v, 1, 32), 2, 32);"),
    ("v = __shfl_xor_sync(m, f<a, b>(v), 2);", "v = __shfl_xor(f<a, b>(v), 2, 32);"),
    ("v = __shfl_down(v, 1);", "v = __shfl_down(v, 1, 32);"),
    ("b = __ballot_sync(0xffffffffu, p);", "b = (unsigned)(__ballot(p) >> (__lane_id() & 32));"),
    ("b = __ballot_sync(m, p);", "b = ((m) & (unsigned)(__ballot(p) >> (__lane_id() & 32)));"),
    ("if (__any_sync(-1, p)) s();", "if (((unsigned)(__ballot(p) >> (__lane_id() & 32)) != 0)) s();"),
    ("if (__all_sync(~0u, a < b)) s();", "if (((unsigned)(__ballot(!(a < b)) >> (__lane_id() & 32)) == 0)) s();"),
    ("b = __all_sync(-1, __any_sync(-1, p));",
     "b = ((unsigned)(__ballot(!(((unsigned)(__ballot(p) >> (__lane_id() & 32)) != 0))) >> (__lane_id() & 32)) == 0);"),
    ("n = __popc(__activemask());", "n = __popc((unsigned)(__ballot(1) >> (__lane_id() & 32)));"),
    ("__syncwarp(0xff);", "__syncwarp();"),
    ("for (int o = warpSize / 2; o; o >>= 1) s();", "for (int o = 32 / 2; o; o >>= 1) s();"),
    ("int w = prop.warpSize;", "int w = prop.warpSize;"),
    ("const int warpSize = 32; f(warpSize);", "const int warpSize = 32; f(warpSize);"),
    ("__half h; h = __shfl_down_sync(-1, h, 4);", "__half h; h = __ushort_as_half((unsigned short)__shfl_down((int)__half_as_ushort(h), 4, 32));"),
    ("half g = a, h; float v; h = __shfl_sync(-1, h, 4);", "half g = a, h; float v; h = __ushort_as_half((unsigned short)__shfl((int)__half_as_ushort(h), 4, 32));"),
    ("half h; { float h; h = __shfl_sync(-1, h, 4); }", "half h; { float h; h = __shfl(h, 4, 32); }"),
    ("half2 h; h = __shfl_down_sync(-1, h, 4);", "half2 h; h = __builtin_bit_cast(__half2, __shfl_down(__builtin_bit_cast(int, h), 4, 32));"),
])
def test_warp_operations_keep_groups_of_32_lanes(cuda: str, hip: str):
    assert body(cuda) == hip
    assert translate_text(cuda).unconverted == ()


def test_a_constant_of_the_file_counts_as_the_full_mask():
    assert "(unsigned)(__ballot(p) >>" in body("#define FULL 0xffffffff\nb = __ballot_sync(FULL, p);").splitlines()[1].removeprefix("b = ")
    assert body("constexpr unsigned kAll = 0xffffffffu;\nb = __ballot_sync(kAll, p);").splitlines()[1].startswith("b = (unsigned)(__ballot(p)")
    assert "(kLow) &" in body("constexpr unsigned kLow = 0xffff;\nb = __ballot_sync(kLow, p);")


def test_shuffles_inside_a_macro_are_translated_where_they_are_written():
    assert body("#define SHFL(v, o) \\\n    __shfl_down_sync(0xffffffff, v, o)\n") == "#define SHFL(v, o) \\\n    __shfl_down(v, o, 32)\n"


@pytest.mark.parametrize(("cuda", "hip"), [
    ("#include <cuda_fp16.h>\n#include <cuda_runtime.h>\n", "#include <hip/hip_fp16.h>\n#include <hip/hip_runtime.h>\n"),
    ('#include "cuda_runtime.h"\n#include "device_launch_parameters.h"\n#include <cstdio>\n', '#include "hip/hip_runtime.h"\n#include <cstdio>\n'),
    ("#include <cuda.h>\n#include <cuda_runtime.h>\nint x;\n", "#include <hip/hip_runtime.h>\nint x;\n"),
    ("// about\n#include <cmath>\n", "// about\n#include <hip/hip_runtime.h>\n#include <cmath>\n"),
    ("#pragma once\nint x;\n", "#pragma once\n#include <hip/hip_runtime.h>\nint x;\n"),
    ("#ifndef A_H\n#define A_H\n#include <cmath>\n#endif\n", "#ifndef A_H\n#define A_H\n#include <hip/hip_runtime.h>\n#include <cmath>\n#endif\n"),
    ("#ifdef A\n#include <cmath>\n#endif\n", "#include <hip/hip_runtime.h>\n#ifdef A\n#include <cmath>\n#endif\n"),
    ("#ifdef A\n#include <cuda.h>\n#endif\n#include <cuda_runtime.h>\n",
     "#ifdef A\n#include <hip/hip_runtime.h>\n#endif\n#include <hip/hip_runtime.h>\n"),
    ("", HEADER),
])
def test_headers(cuda: str, hip: str):
    assert translate_text(cuda).text == hip


@pytest.mark.parametrize(("cuda", "hip"), [
    ('puts("cudaMalloc"); // cudaFree\n/* cudaMemcpy */ cudaFree(p);', 'puts("cudaMalloc"); // cudaFree\n/* cudaMemcpy */ hipFree(p);'),
    ('auto s = R"(cudaMalloc")"; cudaFree(p);', 'auto s = R"(cudaMalloc")"; hipFree(p);'),
    ("int n = 1'000; cudaFree(p);", "int n = 1'000; hipFree(p);"),
    ("k<<<grid, block, 0, s>>>(x);", "k<<<grid, block, 0, s>>>(x);"),
    ("cudaMemcpyToSymbol(t, p, 4);", "hipMemcpyToSymbol(HIP_SYMBOL(t), p, 4);"),
    ("cudaMemcpyFromSymbol(p, t, 4);", "hipMemcpyFromSymbol(p, HIP_SYMBOL(t), 4);"),
    ("cudaFuncSetAttribute(k<float, 2>, cudaFuncAttributeMaxDynamicSharedMemorySize, n);",
     "hipFuncSetAttribute(reinterpret_cast<const void*>(k<float, 2>), hipFuncAttributeMaxDynamicSharedMemorySize, n);"),
    ("cudaLaunchKernel((void*)k, g, b, a);", "hipLaunchKernel((void*)k, g, b, a);"),
    ("cudaDeviceProp p; cudaHostAlloc(&q, n, cudaHostAllocDefault);", "hipDeviceProp_t p; hipHostMalloc(&q, n, hipHostMallocDefault);"),
    ("#ifdef __CUDA_ARCH__\n", "#ifdef __HIP_DEVICE_COMPILE__\n"),
    ("__nv_bfloat16 x = __float2bfloat16(y);", "__hip_bfloat16 x = __float2bfloat16(y);"),
    ("__global__ void __launch_bounds__(256) k() {}", "__global__ void __launch_bounds__(256) k() {}"),
    ("__global__ void __launch_bounds__(256, 2) k() {}", "__global__ void __launch_bounds__(256, 16) k() {}"),
    ("template <int T> __global__ void __launch_bounds__(T, 2) k() {}", "template <int T> __global__ void __launch_bounds__(T, (2) * (T) / 32) k() {}"),
    ("#define CUDA_CHECK(e) f(e)\nCUDA_CHECK(cudaFree(p));", "#define CUDA_CHECK(e) f(e)\nCUDA_CHECK(hipFree(p));"),
    ("cudaError_t cudaStatus = cudaSetDevice(0);", "hipError_t cudaStatus = hipSetDevice(0);"),
])
def test_names(cuda: str, hip: str):
    translated = translate_text(cuda)
    assert translated.text.removeprefix(HEADER) == hip
    assert translated.unconverted == ()


@pytest.mark.parametrize(("cuda", "name"), [
    ('asm volatile("mov.u32 %0, %laneid;" : "=r"(l));', "asm"),
    ("x = tex2D<float>(t, u, v);", "tex2D"),
    ("cudaTextureObject_t t;", "cudaTextureObject_t"),
    ("__pipeline_memcpy_async(a, b, 16);", "__pipeline_memcpy_async"),
    ("cuda::barrier<cuda::thread_scope_block> b;", "cuda"),
    ("#include <cuda/pipeline>\n", "cuda/pipeline"),
    ("CUdeviceptr p;", "CUdeviceptr"),
    ("cuModuleLoad(&m, f);", "cuModuleLoad"),
    ("cudaBrandNewCall(x);", "cudaBrandNewCall"),
    ("CUDA_CHECK(f());", "CUDA_CHECK"),
    ("m = __match_any_sync(-1, v);", "__match_any_sync"),
    ("s = __reduce_add_sync(-1, v);", "__reduce_add_sync"),
    ("n = __syncthreads_count(p);", "__syncthreads_count"),
    ("#if __CUDA_ARCH__ >= 700\n", "__CUDA_ARCH__"),
    ("x = __dp4a(a, b, c);", "__dp4a"),
    ("x = __ldcs(p);", "__ldcs"),
    ("x = __fadd_rz(a, b);", "__fadd_rz"),
    ("x = __fmaf_rd(a, b, c);", "__fmaf_rd"),
    ("atomicAdd_block(p, 1);", "atomicAdd_block"),
    ("#define F __shfl_down_sync\n", "__shfl_down_sync"),
    ("__nv_bfloat16 h; h = __shfl_down_sync(-1, h, 4);", "__shfl_down_sync"),
    ("half a; x = __shfl_down_sync(-1, a + b, 4);", "__shfl_down_sync"),
    ("void f(const half* __restrict__ p) { x = __shfl_sync(-1, p[0], 0); }", "__shfl_sync"),
    ("__global__ void k(int* p) { j<<<1, 1>>>(p); }", "j<<<>>>"),
    ("using namespace nvcuda;\nwmma::fragment<wmma::matrix_a, 32, 8, 16, half, wmma::row_major> f;", "wmma::fragment"),
    ("nvcuda::wmma::fragment<nvcuda::wmma::matrix_a, 16, 16, 16, __nv_bfloat16, nvcuda::wmma::row_major> f;", "wmma::fragment"),
])
def test_what_has_no_counterpart_is_listed_and_left(cuda: str, name: str):
    hip = translate_text("\n" + cuda)
    assert [(found.name, bool(found.reason)) for found in hip.unconverted if found.name == name][:1] == [(name, True)]
    assert hip.unconverted[0].line >= 2
    assert name.split("<")[0].split("::")[-1] in hip.text


def test_unconverted_names_come_with_their_line():
    found = translate_text("int a;\ncudaNovelty();\n\ncudaNovelty();\n").unconverted
    assert [(each.name, each.line) for each in found] == [("cudaNovelty", 2), ("cudaNovelty", 4)]


def test_wmma_becomes_rocwmma_on_a_wave32_architecture():
    text = "#include <mma.h>\n\nusing namespace nvcuda;\n\nvoid f() { wmma::fill_fragment(acc, 0.0f); nvcuda::wmma::mma_sync(d, a, b, c); }\n"
    hip = translate_text(text)
    assert hip.text == HEADER + "#include <rocwmma/rocwmma.hpp>\n\nvoid f() { rocwmma::fill_fragment(acc, 0.0f); rocwmma::mma_sync(d, a, b, c); }\n"
    assert hip.architecture == "gfx1100" and any("gfx1100" in note for note in hip.notes)


def test_an_alias_for_wmma_keeps_its_uses():
    assert body("namespace wmma = nvcuda::wmma;\nwmma::layout_t l;\n") == "namespace wmma = rocwmma;\nwmma::layout_t l;\n"


def test_a_translation_is_a_fixed_point_where_there_is_nothing_to_do():
    for path in KERNELS[:4]:
        hip = translate_text(path.read_text()).text
        if "__shfl" not in hip:
            assert translate_text(hip).text == hip


FRAGMENTS = ["cudaMalloc", "__shfl_down_sync(", "__ballot_sync(m, ", ")", "(", "{", "}", ",", '"', "'", "//", "/*", "*/", "\n", "#include <cuda.h>",
             "#if", "#endif", "#define", "wmma::", "fragment<", "nvcuda", "using namespace ", ";", "<", ">", ">>>", "<<<", "R\"(", "\\", "x", "0x1F", "\u00e9"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25))
def test_no_text_breaks_it(parts: list[str]):
    text = " ".join(parts)
    hip = translate_text(text)
    assert isinstance(hip.text, str) and all(1 <= found.line <= text.count("\n") + 1 for found in hip.unconverted)


def test_of_the_samples_helpers_a_file_gets_what_it_uses():
    hip = translate_text('#include <cstdio>\n#include <helper_cuda.h>\nint main() { checkCudaErrors(cudaFree(p)); }\n')
    assert hip.unconverted == () and "helper_cuda" not in hip.text and hip.text.count("#include <cstdio>") == 1
    assert "#define checkCudaErrors(call)" in hip.text and "getLastCudaError" not in hip.text and "checkCudaErrors(hipFree(p))" in hip.text
    left = translate_text("#include <helper_cuda.h>\nint main() { StopWatchInterface *t; sdkCreateTimer(&t); }\n")
    assert [found.name for found in left.unconverted] == ["sdkCreateTimer"]


def test_extensions_of_pytorch_use_the_names_of_its_own_hipify():
    text = "#include <c10/cuda/CUDAGuard.h>\nvoid f(torch::Tensor t) { const at::cuda::OptionalCUDAGuard guard(device_of(t)); C10_CUDA_KERNEL_LAUNCH_CHECK(); }\n"
    hip = translate_text(text)
    assert hip.unconverted == ()
    assert "ATen/hip/impl/HIPGuardImplMasqueradingAsCUDA.h" in hip.text and "at::hip::OptionalHIPGuardMasqueradingAsCUDA guard" in hip.text
    assert [found.reason for found in translate_text("#include <x.h>\nint a = cuda::ceil_div(3, 2);\n").unconverted] == ["libcu++ is not part of HIP"]
