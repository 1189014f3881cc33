#include <cuda_runtime.h>
#include <cstdio>
// An outer product, its tile chosen by a policy class
template <int TM, int TN> struct Tile { static constexpr int M = TM, N = TN; static constexpr int threads = TM * TN; };
template <class Cfg>
__global__ void __launch_bounds__(Cfg::threads) outer_product(const float* a, const float* b, float* c, int m, int n) {
  const int i = blockIdx.y * Cfg::M + threadIdx.y, j = blockIdx.x * Cfg::N + threadIdx.x;
  if (i < m && j < n) c[i * n + j] = a[i] * b[j];
}
template <class Cfg>
void run(const float* a, const float* b, float* c, int m, int n) {
  dim3 grid((n + Cfg::N - 1) / Cfg::N, (m + Cfg::M - 1) / Cfg::M);
  outer_product<Cfg><<<grid, dim3(Cfg::N, Cfg::M)>>>(a, b, c, m, n);
}
int main() {
  int m = 50, n = 70;
  float *a, *b, *c;
  cudaMalloc(&a, m * 4); cudaMalloc(&b, n * 4); cudaMalloc(&c, m * n * 4);
  run<Tile<8, 32>>(a, b, c, m, n);
  run<Tile<16, 16>>(a, b, c, m, n);
}
