template <class T, unsigned int blockSize, bool nIsPow2>
__global__ void reduce6(const T *g_idata, T *g_odata, unsigned int n) {
  __shared__ T sdata[blockSize];
  unsigned int tid = threadIdx.x, i = blockIdx.x * blockSize * 2 + threadIdx.x, gridSize = blockSize * 2 * gridDim.x;
  T mySum = 0;
  while (i < n) { mySum += g_idata[i]; if (nIsPow2 || i + blockSize < n) mySum += g_idata[i + blockSize]; i += gridSize; }
  sdata[tid] = mySum; __syncthreads();
  for (unsigned s = blockSize / 2; s > 0; s >>= 1) { if (tid < s) sdata[tid] += sdata[tid + s]; __syncthreads(); }
  if (tid == 0) g_odata[blockIdx.x] = sdata[0];
}
bool isPow2(unsigned x) { return (x & (x - 1)) == 0; }
void reduce(int size, int threads, int blocks, int *d_idata, int *d_odata) {
  if (isPow2(size)) {
    switch (threads) { case 512: reduce6<int, 512, true><<<blocks, threads>>>(d_idata, d_odata, size); break;
      case 256: reduce6<int, 256, true><<<blocks, threads>>>(d_idata, d_odata, size); break; }
  } else {
    switch (threads) { case 512: reduce6<int, 512, false><<<blocks, threads>>>(d_idata, d_odata, size); break;
      case 256: reduce6<int, 256, false><<<blocks, threads>>>(d_idata, d_odata, size); break; }
  }
}
int main() { int n = 50000, threads = 256, blocks = 64; int *a, *b; cudaMalloc(&a, n * 4); cudaMalloc(&b, blocks * 4); reduce(n, threads, blocks, a, b); }
