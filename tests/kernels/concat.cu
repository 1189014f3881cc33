// Concatenate two tensors along the channel axis (NCHW seen as [batch, channels * area]).
#include <cstdio>
#include <vector>
#include "cuda_runtime.h"
#include "device_launch_parameters.h"

constexpr int N = 3, CA = 5, CB = 7, AREA = 7 * 9;
constexpr int A_ROW = CA * AREA, B_ROW = CB * AREA, OUT_ROW = A_ROW + B_ROW;

extern "C" __global__ void __launch_bounds__(256) concat_kernel(float* __restrict__ T_concat, float* __restrict__ ph_a, float* __restrict__ ph_b) {
  if (((int)blockIdx.x) * 256 + ((int)threadIdx.x) < N * OUT_ROW) {
    int flat = ((int)blockIdx.x) * 256 + ((int)threadIdx.x);
    T_concat[flat] = (A_ROW <= (flat % OUT_ROW))
        ? ph_b[(flat / OUT_ROW) * B_ROW + (flat % OUT_ROW) - A_ROW]
        : ph_a[(flat / OUT_ROW) * A_ROW + (flat % OUT_ROW)];
  }
}

int main() {
  std::vector<float> a(N * A_ROW), b(N * B_ROW), out(N * OUT_ROW);
  for (size_t i = 0; i < a.size(); i++) a[i] = 1.0f + i;
  for (size_t i = 0; i < b.size(); i++) b[i] = -1.0f - i;

  float *ga, *gb, *gout;
  cudaMalloc(&ga, a.size() * sizeof(float));
  cudaMalloc(&gb, b.size() * sizeof(float));
  cudaMalloc(&gout, out.size() * sizeof(float));
  cudaMemcpy(ga, a.data(), a.size() * sizeof(float), cudaMemcpyHostToDevice);
  cudaMemcpy(gb, b.data(), b.size() * sizeof(float), cudaMemcpyHostToDevice);

  dim3 blockSize(256);
  dim3 numBlocks((N * OUT_ROW + 255) / 256);
  concat_kernel<<<numBlocks, blockSize>>>(gout, ga, gb);
  cudaMemcpy(out.data(), gout, out.size() * sizeof(float), cudaMemcpyDeviceToHost);

  int wrong = 0;
  for (int n = 0; n < N; n++)
    for (int i = 0; i < OUT_ROW; i++) {
      float expected = i < A_ROW ? a[n * A_ROW + i] : b[n * B_ROW + i - A_ROW];
      if (out[n * OUT_ROW + i] != expected) wrong++;
    }
  printf("concat: %d wrong\n", wrong);
  cudaFree(ga);
  cudaFree(gb);
  cudaFree(gout);
  return wrong;
}
