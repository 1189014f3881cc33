#include <cuda_runtime.h>
// multiple smoothing steps in shared memory, pointers swapped
__global__ void smooth(const float *x, float *y, int n, int steps) {
  __shared__ float a[66], b[66];
  float *cur = a, *nxt = b;
  int t = threadIdx.x, g = blockIdx.x * 64 + t;
  cur[t + 1] = g < n ? x[g] : 0.f;
  if (t == 0) { a[0] = b[0] = 0.f; a[65] = b[65] = 0.f; }
  __syncthreads();
  for (int s = 0; s < steps; ++s) {
    nxt[t + 1] = 0.25f * cur[t] + 0.5f * cur[t + 1] + 0.25f * cur[t + 2];
    __syncthreads();
    float *tmp = cur; cur = nxt; nxt = tmp;
  }
  if (g < n) y[g] = cur[t + 1];
}
// one of two inputs, and an atomic through a pointer
__global__ void pick(const float *p, const float *q, int *odd, int *even, float *out, int n, int mode) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const float *src = p;
  if (i % 3 < mode) src = q;
  int *count = odd;
  if (i % 2 == 0) count = even;
  atomicAdd(&count[0], 1);
  out[i] = *src + src[i];
}
// rows of one array
__global__ void rows2(const int *x, int *y) {
  __shared__ int buf[2][64];
  int *in = buf[0], *out = buf[1];
  int t = threadIdx.x;
  in[t] = x[blockIdx.x * 64 + t];
  __syncthreads();
  for (int d = 1; d < 8; ++d) {
    out[t] = in[t] + in[(t + d) % 64];
    __syncthreads();
    int *swap = in;
    in = out;
    out = swap;
  }
  y[blockIdx.x * 64 + t] = in[t];
}
int main() { int n = 500; float *x, *y; cudaMalloc(&x, n*4); cudaMalloc(&y, n*4); smooth<<<(n+63)/64, 64>>>(x, y, n, 3);
  float *p, *q, *o; int *a, *b; cudaMalloc(&p, n*4); cudaMalloc(&q, n*4); cudaMalloc(&o, n*4); cudaMalloc(&a, 4); cudaMalloc(&b, 4); cudaMemset(a, 0, 4); cudaMemset(b, 0, 4);
  pick<<<(n+63)/64, 64>>>(p, q, a, b, o, n, 2);
  int *u, *v; cudaMalloc(&u, 256*4); cudaMalloc(&v, 256*4); rows2<<<4, 64>>>(u, v); }
