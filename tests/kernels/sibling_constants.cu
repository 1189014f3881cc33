template <int BM>
__global__ void k(float *a, int n) {
  int i = blockIdx.x * BM + threadIdx.x;
  if (threadIdx.x < BM && i < n) a[i] *= BM;
}
void run(float *a, int n) {
  if (n >= 1000) {
    const unsigned BM = 128;
    k<BM><<<(n + BM - 1) / BM, BM>>>(a, n);
  } else {
    const unsigned BM = 64;
    k<BM><<<(n + BM - 1) / BM, BM>>>(a, n);
  }
}
int main() { float *a; int n = 5000; cudaMalloc(&a, n * sizeof(float)); run(a, n); }
