#include <cuda_runtime.h>
#include <cstdint>
#include <cstdio>
#include <vector>

#define CUDA_CHECK(call)                                                       \
  do {                                                                         \
    cudaError_t status = (call);                                               \
    if (status != cudaSuccess) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, cudaGetErrorString(status)); \
      return 1;                                                                \
    }                                                                          \
  } while (0)

// Four elements per thread through a 128-bit load; the last n % 4 elements go one by one.
// x and y come from cudaMalloc and are therefore 16-byte aligned.
__global__ __launch_bounds__(128) void relu_vec4(const float* __restrict__ x,
                                                 float* __restrict__ y, int n) {
  const int n_vec = n / 4;
  const int idx = blockIdx.x * blockDim.x + threadIdx.x;

  if (idx < n_vec) {
    float4 v = reinterpret_cast<const float4*>(x)[idx];
    v.x = fmaxf(v.x, 0.0f);
    v.y = fmaxf(v.y, 0.0f);
    v.z = fmaxf(v.z, 0.0f);
    v.w = fmaxf(v.w, 0.0f);
    reinterpret_cast<float4*>(y)[idx] = v;
  }

  // tail: handled by the first threads of the grid
  const int tail = n_vec * 4 + idx;
  if (tail < n) {
    y[tail] = fmaxf(x[tail], 0.0f);
  }
}

int main() {
  const int n = 4099;  // 1024 vectors and a tail of three
  std::vector<float> input(n), output(n);
  for (int i = 0; i < n; ++i) input[i] = (i * 37 % 101) * 0.02f - 1.0f;

  float *d_x = nullptr, *d_y = nullptr;
  CUDA_CHECK(cudaMalloc(&d_x, n * sizeof(float)));
  CUDA_CHECK(cudaMalloc(&d_y, n * sizeof(float)));
  cudaStream_t stream;
  CUDA_CHECK(cudaStreamCreate(&stream));
  CUDA_CHECK(cudaMemcpyAsync(d_x, input.data(), n * sizeof(float), cudaMemcpyHostToDevice, stream));

  const int block = 128;
  const int grid = (n + 4 * block - 1) / (4 * block);
  relu_vec4<<<grid, block, 0, stream>>>(d_x, d_y, n);
  CUDA_CHECK(cudaGetLastError());

  CUDA_CHECK(cudaMemcpyAsync(output.data(), d_y, n * sizeof(float), cudaMemcpyDeviceToHost, stream));
  CUDA_CHECK(cudaStreamSynchronize(stream));

  int errors = 0;
  for (int i = 0; i < n; ++i) {
    const float expected = input[i] > 0.0f ? input[i] : 0.0f;
    errors += output[i] != expected;
  }
  printf("relu: %d mismatches of %d\n", errors, n);

  cudaStreamDestroy(stream);
  cudaFree(d_x);
  cudaFree(d_y);
  return errors == 0 ? 0 : 1;
}
