// Tensor-core GEMM: half inputs, float accumulation, one warp per 16x16 tile of C.
//   A [M, K] row-major,  B [K, N] row-major,  C [M, N] row-major
// wmma has no guards, so M, N and K must be multiples of 16 (the grid may still overshoot).
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <mma.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace nvcuda;

constexpr int WMMA_M = 16;
constexpr int WMMA_N = 16;
constexpr int WMMA_K = 16;
constexpr int WARPS_PER_BLOCK = 4;
constexpr int WARP_SIZE = 32;

static_assert(WMMA_M == WMMA_N && WMMA_N == WMMA_K, "square tiles");

__global__ void gemm_wmma(const half* __restrict__ A, const half* __restrict__ B, float* __restrict__ C,
                          int M, int N, int K) {
    // warps run along N, blockIdx.y along M; the condition is the same for all lanes of a warp
    const int warp = (blockIdx.x * blockDim.x + threadIdx.x) / WARP_SIZE;
    const int tile_row = blockIdx.y * WMMA_M;
    const int tile_col = warp * WMMA_N;
    if (tile_row >= M || tile_col >= N) return;

    wmma::fragment<wmma::matrix_a, WMMA_M, WMMA_N, WMMA_K, half, wmma::row_major> a_frag;
    wmma::fragment<wmma::matrix_b, WMMA_M, WMMA_N, WMMA_K, half, wmma::row_major> b_frag;
    wmma::fragment<wmma::accumulator, WMMA_M, WMMA_N, WMMA_K, float> acc;
    wmma::fill_fragment(acc, 0.0f);

    for (int k = 0; k < K; k += WMMA_K) {
        wmma::load_matrix_sync(a_frag, A + tile_row * K + k, K);
        wmma::load_matrix_sync(b_frag, B + k * N + tile_col, N);
        wmma::mma_sync(acc, a_frag, b_frag, acc);
    }
    wmma::store_matrix_sync(C + tile_row * N + tile_col, acc, N, wmma::mem_row_major);
}

int main() {
    const int M = 48, N = 80, K = 64;

    std::vector<half> a(M * K), b(K * N);
    std::vector<float> c(M * N);
    for (auto& v : a) v = __float2half((rand() % 33 - 16) / 16.0f);
    for (auto& v : b) v = __float2half((rand() % 33 - 16) / 16.0f);

    half *d_a, *d_b;
    float* d_c;
    cudaMalloc(&d_a, a.size() * sizeof(half));
    cudaMalloc(&d_b, b.size() * sizeof(half));
    cudaMalloc(&d_c, c.size() * sizeof(float));
    cudaMemcpy(d_a, a.data(), a.size() * sizeof(half), cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b.data(), b.size() * sizeof(half), cudaMemcpyHostToDevice);

    const int tiles_n = N / WMMA_N;  // 5 tiles, 4 warps a block: the second block is mostly idle
    dim3 block(WARPS_PER_BLOCK * WARP_SIZE);
    dim3 grid((tiles_n + WARPS_PER_BLOCK - 1) / WARPS_PER_BLOCK, M / WMMA_M);
    gemm_wmma<<<grid, block>>>(d_a, d_b, d_c, M, N, K);

    cudaMemcpy(c.data(), d_c, c.size() * sizeof(float), cudaMemcpyDeviceToHost);

    bool correct = true;
    for (int i = 0; i < M; ++i) {
        for (int j = 0; j < N; ++j) {
            float sum = 0.0f;
            for (int k = 0; k < K; ++k) {
                sum += __half2float(a[i * K + k]) * __half2float(b[k * N + j]);
            }
            correct = correct && fabsf(sum - c[i * N + j]) <= 1e-3f;
        }
    }
    printf("gemm_wmma: %s\n", correct ? "correct" : "wrong");

    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
    return correct ? 0 : 1;
}
