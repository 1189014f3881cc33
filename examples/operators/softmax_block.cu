// Row-wise softmax, one block per row.
// Pass 1: row maximum, pass 2: sum of exponentials, pass 3: normalise.
// Reductions: shuffles inside a warp, then one value per warp through shared memory.
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <vector>

#include <cuda_runtime.h>

constexpr int kWarpSize = 32;
constexpr int kBlockSize = 128;
constexpr int kWarps = kBlockSize / kWarpSize;
constexpr unsigned kFullMask = 0xffffffffu;

__device__ __forceinline__ float warp_reduce_max(float value) {
#pragma unroll
  for (int offset = kWarpSize / 2; offset > 0; offset >>= 1) {
    value = fmaxf(value, __shfl_xor_sync(kFullMask, value, offset));
  }
  return value;
}

__device__ __forceinline__ float warp_reduce_sum(float value) {
#pragma unroll
  for (int offset = kWarpSize / 2; offset > 0; offset >>= 1) {
    value += __shfl_down_sync(kFullMask, value, offset);
  }
  return value;  // valid in lane 0 only
}

__global__ void softmax_block(const float* __restrict__ input, float* __restrict__ output, int cols) {
  __shared__ float warp_values[kWarps];
  __shared__ float row_sum;

  const int tid = threadIdx.x;
  const int lane = tid % kWarpSize;
  const int warp = tid / kWarpSize;
  const float* row_in = input + blockIdx.x * cols;
  float* row_out = output + blockIdx.x * cols;

  // ---- maximum -------------------------------------------------------
  float local_max = -FLT_MAX;
  for (int c = tid; c < cols; c += kBlockSize) {
    local_max = fmaxf(local_max, row_in[c]);
  }
  local_max = warp_reduce_max(local_max);
  if (lane == 0) {
    warp_values[warp] = local_max;
  }
  __syncthreads();
  float row_max = warp_values[0];
#pragma unroll
  for (int w = 1; w < kWarps; ++w) {
    row_max = fmaxf(row_max, warp_values[w]);
  }
  __syncthreads();  // warp_values is used again below

  // ---- sum of exponentials -------------------------------------------
  float local_sum = 0.0f;
  for (int c = tid; c < cols; c += kBlockSize) {
    local_sum += expf(row_in[c] - row_max);
  }
  local_sum = warp_reduce_sum(local_sum);
  if (lane == 0) {
    warp_values[warp] = local_sum;
  }
  __syncthreads();
  if (warp == 0) {
    float value = lane < kWarps ? warp_values[lane] : 0.0f;
    value = warp_reduce_sum(value);
    if (lane == 0) {
      row_sum = value;
    }
  }
  __syncthreads();

  // ---- normalise -----------------------------------------------------
  const float scale = 1.0f / row_sum;
  for (int c = tid; c < cols; c += kBlockSize) {
    row_out[c] = expf(row_in[c] - row_max) * scale;
  }
}

int main() {
  const int rows = 19;
  const int cols = 300;
  const size_t bytes = static_cast<size_t>(rows) * cols * sizeof(float);

  std::vector<float> host_in(rows * cols);
  std::vector<float> host_out(rows * cols);
  for (int i = 0; i < rows * cols; ++i) {
    host_in[i] = std::sin(0.37f * i) * 4.0f;
  }

  float* device_in;
  float* device_out;
  cudaMalloc(&device_in, bytes);
  cudaMalloc(&device_out, bytes);
  cudaMemcpy(device_in, host_in.data(), bytes, cudaMemcpyHostToDevice);

  softmax_block<<<rows, kBlockSize>>>(device_in, device_out, cols);

  cudaMemcpy(host_out.data(), device_out, bytes, cudaMemcpyDeviceToHost);

  bool ok = true;
  for (int r = 0; r < rows; ++r) {
    float peak = -FLT_MAX, sum = 0.0f;
    for (int c = 0; c < cols; ++c) peak = std::fmax(peak, host_in[r * cols + c]);
    for (int c = 0; c < cols; ++c) sum += std::exp(host_in[r * cols + c] - peak);
    for (int c = 0; c < cols; ++c) {
      const float expected = std::exp(host_in[r * cols + c] - peak) / sum;
      ok = ok && std::fabs(host_out[r * cols + c] - expected) < 1e-5f;
    }
  }
  std::printf("softmax_block %s\n", ok ? "passed" : "failed");

  cudaFree(device_in);
  cudaFree(device_out);
  return ok ? 0 : 1;
}
