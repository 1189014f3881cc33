#include <cuda_runtime.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

// Sum of an array: registers -> warp -> block -> one atomicAdd per block. *result starts at zero.

__inline__ __device__ float warpReduceSum(float val) {
  for (int offset = warpSize / 2; offset > 0; offset /= 2)
    val += __shfl_down_sync(0xffffffff, val, offset);
  return val;
}

__global__ void deviceReduceKernel(const float* in, float* result, size_t N) {
  __shared__ float shared[32];  // one slot a warp
  float sum = 0;
  for (size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < N; i += blockDim.x * gridDim.x) {
    sum += in[i];
  }

  int lane = threadIdx.x & (warpSize - 1);
  int wid = threadIdx.x / warpSize;
  sum = warpReduceSum(sum);
  if (lane == 0) shared[wid] = sum;
  __syncthreads();

  if (wid == 0) {
    sum = (threadIdx.x < blockDim.x / warpSize) ? shared[lane] : 0;
    sum = warpReduceSum(sum);
    if (threadIdx.x == 0) atomicAdd(result, sum);
  }
}

int main() {
  const size_t N = 12345;
  std::vector<float> host(N);
  double expected = 0;
  for (size_t i = 0; i < N; i++) {
    host[i] = float(i % 11) - 4.75f;
    expected += host[i];
  }

  float *in, *result, total;
  cudaMalloc(&in, N * sizeof(float));
  cudaMalloc(&result, sizeof(float));
  cudaMemcpy(in, host.data(), N * sizeof(float), cudaMemcpyHostToDevice);
  cudaMemset(result, 0, sizeof(float));

  int threads = 256;
  int blocks = std::min((int)((N + threads - 1) / threads), 8);
  deviceReduceKernel<<<blocks, threads>>>(in, result, N);

  cudaMemcpy(&total, result, sizeof(float), cudaMemcpyDeviceToHost);
  printf("sum %f, expected %f\n", total, expected);
  cudaFree(in);
  cudaFree(result);
  return !(std::fabs(total - expected) < 1e-2);
}
