// Matrix multiplication C = A * B through shared memory.
// Neither M, N nor K is a multiple of TILE, so the tiles at the edges are filled up with zeros.
#include <cstdio>
#include <cmath>
#include <vector>
#include <cuda_runtime.h>

#define TILE 16

__global__ void MatMulTiled(const float* A, const float* B, float* C, int M, int N, int K)
{
    __shared__ float As[TILE][TILE];
    __shared__ float Bs[TILE][TILE];

    const int tx = threadIdx.x, ty = threadIdx.y;
    const int row = blockIdx.y * TILE + ty;
    const int col = blockIdx.x * TILE + tx;

    float acc = 0.0f;

    for (int t = 0; t < (K + TILE - 1) / TILE; ++t)
    {
        // each thread brings one element of A and one of B
        if (row < M && t * TILE + tx < K)
            As[ty][tx] = A[row * K + t * TILE + tx];
        else
            As[ty][tx] = 0.0f;

        if (t * TILE + ty < K && col < N)
            Bs[ty][tx] = B[(t * TILE + ty) * N + col];
        else
            Bs[ty][tx] = 0.0f;

        __syncthreads();

        #pragma unroll
        for (int k = 0; k < TILE; ++k)
            acc += As[ty][k] * Bs[k][tx];

        __syncthreads();   // nobody may overwrite a tile that is still being read
    }

    if (row < M && col < N)
        C[row * N + col] = acc;
}

int main()
{
    const int M = 37, N = 53, K = 41;

    std::vector<float> A(M * K), B(K * N), C(M * N);
    for (int i = 0; i < M * K; ++i) A[i] = 0.01f * (i % 97) - 0.5f;
    for (int i = 0; i < K * N; ++i) B[i] = 0.02f * (i % 61) - 0.6f;

    float *dA, *dB, *dC;
    cudaMalloc(&dA, sizeof(float) * M * K);
    cudaMalloc(&dB, sizeof(float) * K * N);
    cudaMalloc(&dC, sizeof(float) * M * N);
    cudaMemcpy(dA, A.data(), sizeof(float) * M * K, cudaMemcpyHostToDevice);
    cudaMemcpy(dB, B.data(), sizeof(float) * K * N, cudaMemcpyHostToDevice);

    dim3 threads(TILE, TILE);
    dim3 blocks((N + TILE - 1) / TILE, (M + TILE - 1) / TILE);
    MatMulTiled<<<blocks, threads>>>(dA, dB, dC, M, N, K);

    cudaMemcpy(C.data(), dC, sizeof(float) * M * N, cudaMemcpyDeviceToHost);

    int wrong = 0;
    for (int i = 0; i < M; ++i)
        for (int j = 0; j < N; ++j)
        {
            double expected = 0.0;
            for (int k = 0; k < K; ++k)
                expected += (double)A[i * K + k] * B[k * N + j];
            if (!(std::fabs(C[i * N + j] - expected) < 1e-4))
                ++wrong;
        }
    std::printf("MatMulTiled: %d wrong\n", wrong);

    cudaFree(dA);
    cudaFree(dB);
    cudaFree(dC);
    return wrong == 0 ? 0 : 1;
}
