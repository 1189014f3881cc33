// leaky relu for half data with a float slope; pointers are device pointers, the caller owns them
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#define BLOCK_SIZE 256
#define LEAK(v, slope) ((v) > 0.f ? (v) : (v) * (slope))

__global__ void leaky_relu_kernel(const __half *in, __half *out, float slope, int rows, int cols, int ld) {
  int col = blockIdx.x * blockDim.x + threadIdx.x;
  int row = blockIdx.y;
  if (col >= cols) return;

  // rows are padded to ld elements; the padding is not touched
  float v = __half2float(in[row * ld + col]);
  out[row * ld + col] = __float2half(LEAK(v, slope));
}

// in, out: [rows, ld] with ld >= cols
extern "C" void leaky_relu(const void *in, void *out, float slope, int rows, int cols, int ld, cudaStream_t stream) {
  dim3 grid((cols + BLOCK_SIZE - 1) / BLOCK_SIZE, rows);
  leaky_relu_kernel<<<grid, BLOCK_SIZE, 0, stream>>>((const __half *)in, (__half *)out, slope, rows, cols, ld);
}
