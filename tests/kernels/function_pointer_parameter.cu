#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <cooperative_groups.h>
#include <iostream>
#include <vector>

namespace cg = cooperative_groups;
namespace llm { namespace kernels {

// RMSNorm with fused residual add, half2
__global__ void fused_add_rms_norm(__half2* __restrict__ x, __half2* __restrict__ residual, const __half2* __restrict__ weight,
                                   const float eps, const int hidden2) {
  cg::thread_block cta = cg::this_thread_block();
  cg::thread_block_tile<32> warp = cg::tiled_partition<32>(cta);
  __shared__ float partial[32];

  const int row = blockIdx.x;
  float ss = 0.0f;
  for (int i = cta.thread_rank(); i < hidden2; i += cta.size()) {
    __half2 z = __hadd2(x[row * hidden2 + i], residual[row * hidden2 + i]);
    residual[row * hidden2 + i] = z;
    float2 f = __half22float2(z);
    ss += f.x * f.x + f.y * f.y;
  }
  for (int o = warp.size() / 2; o > 0; o /= 2) ss += warp.shfl_down(ss, o);
  if (warp.thread_rank() == 0) partial[threadIdx.x / 32] = ss;
  cta.sync();
  if (threadIdx.x == 0) {
    float t = 0.f;
    for (int w = 0; w < blockDim.x / 32; ++w) t += partial[w];
    partial[0] = rsqrtf(t / (2 * hidden2) + eps);
  }
  cta.sync();
  const float inv = partial[0];
  for (int i = cta.thread_rank(); i < hidden2; i += cta.size()) {
    float2 f = __half22float2(residual[row * hidden2 + i]);
    float2 w = __half22float2(weight[i]);
    x[row * hidden2 + i] = __floats2half2_rn(f.x * inv * w.x, f.y * inv * w.y);
  }
}

template <typename T> __device__ __forceinline__ T silu(const T& x) { return (T)(((float)x) / (1.0f + expf((float)-x))); }

// out[t, d] = silu(in[t, d]) * in[t, inter + d]
template <typename T, T (*ACT)(const T&)>
__global__ void act_and_mul(T* __restrict__ out, const T* __restrict__ input, const int d) {
  const int64_t token_idx = blockIdx.x;
  for (int64_t idx = threadIdx.x; idx < d; idx += blockDim.x) {
    const T a = __ldg(&input[token_idx * 2 * d + idx]);
    const T b = __ldg(&input[token_idx * 2 * d + d + idx]);
    out[token_idx * d + idx] = ACT(a) * b;
  }
}

}}  // namespace llm::kernels

int main() {
  const int tokens = 12, hidden = 256, inter = 300;
  std::vector<__half> hx(tokens * hidden, __float2half(0.5f)), hr(tokens * hidden, __float2half(0.1f)), hw(hidden, __float2half(1.f));
  __half *x, *r, *w;
  cudaMalloc(&x, hx.size() * sizeof(__half));
  cudaMalloc(&r, hr.size() * sizeof(__half));
  cudaMalloc(&w, hw.size() * sizeof(__half));
  cudaMemcpy(x, hx.data(), hx.size() * sizeof(__half), cudaMemcpyHostToDevice);
  cudaMemcpy(r, hr.data(), hr.size() * sizeof(__half), cudaMemcpyHostToDevice);
  cudaMemcpy(w, hw.data(), hw.size() * sizeof(__half), cudaMemcpyHostToDevice);
  llm::kernels::fused_add_rms_norm<<<tokens, 128>>>((__half2*)x, (__half2*)r, (const __half2*)w, 1e-6f, hidden / 2);

  std::vector<float> hin(tokens * 2 * inter, 0.3f);
  float *in, *out;
  cudaMalloc(&in, hin.size() * sizeof(float));
  cudaMalloc(&out, tokens * inter * sizeof(float));
  cudaMemcpy(in, hin.data(), hin.size() * sizeof(float), cudaMemcpyHostToDevice);
  llm::kernels::act_and_mul<float, llm::kernels::silu<float>><<<tokens, 128>>>(out, in, inter);
  cudaDeviceSynchronize();
  std::cout << cudaGetErrorString(cudaGetLastError()) << std::endl;
  return 0;
}
