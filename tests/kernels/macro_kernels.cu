#include <cuda_runtime.h>
#include <math.h>

#define UNARY_KERNEL(NAME, EXPR)                                            \
  __global__ void NAME##_kernel(const float *in, float *out, int n) {      \
    int i = blockIdx.x * blockDim.x + threadIdx.x;                          \
    if (i < n) {                                                            \
      float x = in[i];                                                      \
      out[i] = (EXPR);                                                      \
    }                                                                       \
  }                                                                         \
  void NAME(const float *in, float *out, int n) {                           \
    NAME##_kernel<<<(n + 255) / 256, 256>>>(in, out, n);                    \
  }

UNARY_KERNEL(softplus, log1pf(expf(x)))
UNARY_KERNEL(mish, x * tanhf(log1pf(expf(x))))
UNARY_KERNEL(square, x * x)

#define BINARY(NAME, OP)                                                                         \
  __global__ void NAME(const float *a, const float *b, float *c, int n) {                        \
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)      \
      c[i] = a[i] OP b[i];                                                                       \
  }
BINARY(vadd, +)
BINARY(vdiv, /)

int main() {
  int n = 5000;
  float *a, *b, *c;
  cudaMalloc(&a, n * sizeof(float)); cudaMalloc(&b, n * sizeof(float)); cudaMalloc(&c, n * sizeof(float));
  softplus(a, b, n);
  mish(a, b, n);
  square(a, b, n);
  vadd<<<8, 256>>>(a, b, c, n);
  vdiv<<<8, 256>>>(a, b, c, n);
}
