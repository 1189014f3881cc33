#include <cuda_runtime.h>
#include <cfloat>
#include <cmath>

__global__ void argmax_rows(const float* in, int* out, int rows, int cols) {
  extern __shared__ char smem[];
  float* vals = (float*)smem;
  int* idxs = (int*)(vals + blockDim.x);
  const int row = blockIdx.x;
  float best = -INFINITY;
  int where = 0;
  for (int c = threadIdx.x; c < cols; c += blockDim.x) {
    float v = in[row * cols + c];
    if (v > best) { best = v; where = c; }
  }
  vals[threadIdx.x] = best;
  idxs[threadIdx.x] = where;
  __syncthreads();
  for (int off = blockDim.x >> 1; off; off >>= 1) {
    if (threadIdx.x < off) {
      float o = vals[threadIdx.x + off];
      if (o > vals[threadIdx.x] || (o == vals[threadIdx.x] && idxs[threadIdx.x + off] < idxs[threadIdx.x])) {
        vals[threadIdx.x] = o;
        idxs[threadIdx.x] = idxs[threadIdx.x + off];
      }
    }
    __syncthreads();
  }
  if (!threadIdx.x) out[row] = idxs[0];
}

#define TOPK 4
__global__ void topk_rows(const float* in, float* values, int* indices, int rows, int cols) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= rows) return;
  float best[TOPK];
  int index[TOPK];
  for (int k = 0; k < TOPK; ++k) { best[k] = -FLT_MAX; index[k] = -1; }
  for (int c = 0; c < cols; ++c) {
    float v = in[row * cols + c];
    if (v <= best[TOPK - 1]) continue;
    int k = TOPK - 1;
    while (k > 0 && best[k - 1] < v) {
      best[k] = best[k - 1];
      index[k] = index[k - 1];
      --k;
    }
    best[k] = v;
    index[k] = c;
  }
  for (int k = 0; k < TOPK; ++k) {
    values[row * TOPK + k] = best[k];
    indices[row * TOPK + k] = index[k];
  }
}

int main() {
  int rows = 100, cols = 333;
  float *in, *vals; int *out, *ind;
  cudaMalloc(&in, rows * cols * sizeof(float));
  cudaMalloc(&vals, rows * TOPK * sizeof(float));
  cudaMalloc(&out, rows * sizeof(int));
  cudaMalloc(&ind, rows * TOPK * sizeof(int));
  int threads = 128;
  size_t smem = threads * (sizeof(float) + sizeof(int));
  argmax_rows<<<rows, threads, smem>>>(in, out, rows, cols);
  topk_rows<<<(rows + 63) / 64, 64>>>(in, vals, ind, rows, cols);
}
