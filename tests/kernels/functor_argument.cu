#include <cuda_runtime.h>
#include <cuda_fp16.h>
#include <cstdint>

struct Relu { __device__ float operator()(float x) const { return x > 0.f ? x : 0.f; } };
struct HardSwish { __device__ float operator()(float x) const { return x * fminf(fmaxf(x + 3.f, 0.f), 6.f) / 6.f; } };
struct Clip {
  float lo, hi;
  __device__ float operator()(float x) const { return fminf(fmaxf(x, lo), hi); }
};

template <typename T, typename Op>
__global__ void unary_kernel(const T* in, T* out, int64_t n, Op op) {
  const int64_t stride = (int64_t)gridDim.x * blockDim.x;
  for (int64_t i = (int64_t)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride) out[i] = (T)op((float)in[i]);
}

template <typename T, typename Op>
void launch_unary(const T* in, T* out, int64_t n, Op op, cudaStream_t stream = 0) {
  const int threads = 256;
  const int64_t wanted = (n + threads - 1) / threads;
  const int blocks = wanted < 4096 ? (int)wanted : 4096;
  unary_kernel<T, Op><<<blocks, threads, 0, stream>>>(in, out, n, op);
}

int main() {
  int64_t n = 100000;
  float *a, *b;
  __half *ha, *hb;
  cudaMalloc(&a, n * sizeof(float));
  cudaMalloc(&b, n * sizeof(float));
  cudaMalloc(&ha, n * sizeof(__half));
  cudaMalloc(&hb, n * sizeof(__half));
  launch_unary(a, b, n, Relu());
  launch_unary<float>(a, b, n, HardSwish{});
  launch_unary(ha, hb, n, Clip{-1.f, 1.f});
  cudaDeviceSynchronize();
}
