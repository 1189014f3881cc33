#include <cuda_runtime.h>
#include <cuda_fp16.h>
#include <cassert>
#include <cstdio>
#include <memory>

using index_t = unsigned int;

constexpr int TILE_DIM = 32;
constexpr int BLOCK_ROWS = 8;

/// Batched transpose of a [batch, rows, cols] tensor, any 2- or 4-byte type.
template <typename Elem>
__global__ void batched_transpose(Elem *__restrict__ dst, const Elem *__restrict__ src, index_t rows, index_t cols)
{
    __shared__ Elem tile[TILE_DIM][TILE_DIM + 1]; // +1: no bank conflicts
    const size_t plane = (size_t)blockIdx.z * rows * cols;
    src += plane;
    dst += plane;

    index_t x = blockIdx.x * TILE_DIM + threadIdx.x;
    index_t y = blockIdx.y * TILE_DIM + threadIdx.y;
    for (int j = 0; j < TILE_DIM; j += BLOCK_ROWS)
        if (x < cols && y + j < rows)
            tile[threadIdx.y + j][threadIdx.x] = src[(y + j) * cols + x];
    __syncthreads();

    x = blockIdx.y * TILE_DIM + threadIdx.x; // swapped block offsets
    y = blockIdx.x * TILE_DIM + threadIdx.y;
    for (int j = 0; j < TILE_DIM; j += BLOCK_ROWS)
        if (x < rows && y + j < cols)
            dst[(y + j) * rows + x] = tile[threadIdx.x][threadIdx.y + j];
}

template <typename Elem>
void launch_transpose(Elem *dst, const Elem *src, int batch, int rows, int cols, cudaStream_t stream)
{
    const dim3 grid((cols + TILE_DIM - 1) / TILE_DIM, (rows + TILE_DIM - 1) / TILE_DIM, batch);
    const dim3 block(TILE_DIM, BLOCK_ROWS);
    batched_transpose<Elem><<<grid, block, 0, stream>>>(dst, src, rows, cols);
}

int main()
{
    const int batch = 3, rows = 45, cols = 70;
    const size_t n = (size_t)batch * rows * cols;
    std::unique_ptr<half[]> h(new half[n]);
    for (size_t i = 0; i < n; ++i) h[i] = __float2half((float)(i % 2048));
    cudaStream_t stream;
    cudaStreamCreate(&stream);
    half *a = nullptr, *b = nullptr;
    cudaMalloc(&a, n * sizeof(half));
    cudaMalloc(&b, n * sizeof(half));
    cudaMemcpyAsync(a, h.get(), n * sizeof(half), cudaMemcpyHostToDevice, stream);
    launch_transpose(b, a, batch, rows, cols, stream);
    cudaMemcpyAsync(h.get(), b, n * sizeof(half), cudaMemcpyDeviceToHost, stream);
    cudaStreamSynchronize(stream);
    for (int z = 0; z < batch; ++z)
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < cols; ++c)
                assert(__half2float(h[(z * cols + c) * rows + r]) == (float)(((z * rows + r) * cols + c) % 2048));
    cudaFree(a);
    cudaFree(b);
    cudaStreamDestroy(stream);
    puts("passed");
}
