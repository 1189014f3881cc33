#include <vector>
#include <random>
#include <iostream>
#include <limits>
#include <cuda_runtime.h>

namespace ops {

constexpr int kWarpSize = 32;

template <typename T>
struct MaxOp { __device__ T operator()(T a, T b) const { return a > b ? a : b; } };
template <typename T>
struct SumOp { __device__ T operator()(T a, T b) const { return a + b; } };

template <template <typename> class Op, typename T>
__device__ __forceinline__ T warpAllReduce(T v) {
  Op<T> op;
#pragma unroll
  for (int mask = kWarpSize / 2; mask > 0; mask /= 2) v = op(v, __shfl_xor_sync(0xffffffffu, v, mask));
  return v;
}

// One warp per row; columns are strided over the lanes.
template <typename T, int COLS_PER_LANE>
__global__ void softmaxWarp(const T* __restrict__ x, T* __restrict__ y, int rows, int cols) {
  const int row = blockIdx.x * blockDim.y + threadIdx.y;
  if (row >= rows) return;
  const int lane = threadIdx.x;
  T buf[COLS_PER_LANE];
  T m = -INFINITY;
#pragma unroll
  for (int k = 0; k < COLS_PER_LANE; ++k) {
    const int c = lane + k * kWarpSize;
    buf[k] = c < cols ? x[row * cols + c] : -INFINITY;
    m = max(m, buf[k]);
  }
  m = warpAllReduce<MaxOp, T>(m);
  T s = 0;
#pragma unroll
  for (int k = 0; k < COLS_PER_LANE; ++k) {
    buf[k] = __expf(buf[k] - m);
    s += buf[k];
  }
  s = warpAllReduce<SumOp, T>(s);
#pragma unroll
  for (int k = 0; k < COLS_PER_LANE; ++k) {
    const int c = lane + k * kWarpSize;
    if (c < cols) y[row * cols + c] = buf[k] / s;
  }
}

}  // namespace ops

#define CUDA_CHECK(call)                                                       \
  do {                                                                         \
    cudaError_t err_ = (call);                                                 \
    if (err_ != cudaSuccess) {                                                 \
      std::cerr << cudaGetErrorString(err_) << " at " << __LINE__ << std::endl; \
      std::exit(1);                                                            \
    }                                                                          \
  } while (0)

int main() {
  const int rows = 77, cols = 200;
  std::vector<float> hx(rows * cols), hy(rows * cols);
  std::mt19937 gen(42);
  std::normal_distribution<float> dist(0.f, 2.f);
  for (auto& v : hx) v = dist(gen);
  float *dx, *dy;
  CUDA_CHECK(cudaMalloc(&dx, hx.size() * sizeof(float)));
  CUDA_CHECK(cudaMalloc(&dy, hy.size() * sizeof(float)));
  CUDA_CHECK(cudaMemcpy(dx, hx.data(), hx.size() * sizeof(float), cudaMemcpyHostToDevice));
  dim3 block(32, 4);
  dim3 grid((rows + block.y - 1) / block.y);
  ops::softmaxWarp<float, 8><<<grid, block>>>(dx, dy, rows, cols);
  CUDA_CHECK(cudaGetLastError());
  CUDA_CHECK(cudaMemcpy(hy.data(), dy, hy.size() * sizeof(float), cudaMemcpyDeviceToHost));
  for (int r = 0; r < rows; ++r) {
    double s = 0;
    for (int c = 0; c < cols; ++c) s += hy[r * cols + c];
    if (std::abs(s - 1.0) > 1e-4) { std::cerr << "row " << r << " sums to " << s << "\n"; return 1; }
  }
  cudaFree(dx); cudaFree(dy);
  std::cout << "ok\n";
}
