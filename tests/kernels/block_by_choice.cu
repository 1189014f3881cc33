template <int TPB>
__global__ void sum(const float *x, float *out, int n) {
  __shared__ float s[TPB];
  int i = blockIdx.x * TPB + threadIdx.x;
  s[threadIdx.x] = i < n ? x[i] : 0.f;
  __syncthreads();
  for (int k = TPB / 2; k > 0; k >>= 1) { if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k]; __syncthreads(); }
  if (threadIdx.x == 0) out[blockIdx.x] = s[0];
}
void run(const float *x, float *out, int n, int threads) {
  int blocks = (n + threads - 1) / threads;
  switch (threads) {
    case 128: sum<128><<<blocks, threads>>>(x, out, n); break;
    case 256: sum<256><<<blocks, threads>>>(x, out, n); break;
  }
}
int main() { float *x, *o; int n = 5000; cudaMalloc(&x, n * sizeof(float)); cudaMalloc(&o, n * sizeof(float)); int maxThreads = 256; int threads = n < 512 ? 128 : maxThreads; run(x, o, n, threads); }
