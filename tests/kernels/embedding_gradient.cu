#include <cuda_runtime.h>
#include <stdint.h>
#include <stdlib.h>
#include <random>
#include <vector>

using index_t = int64_t;
using scalar = float;

__global__ void embedding_forward(const index_t* __restrict__ ids, const scalar* __restrict__ table, scalar* __restrict__ out,
                                  index_t tokens, index_t dim, index_t padding_idx) {
  for (index_t t = blockIdx.x; t < tokens; t += gridDim.x) {
    const index_t id = ids[t];
    for (index_t d = threadIdx.x; d < dim; d += blockDim.x)
      out[t * dim + d] = id == padding_idx ? scalar(0) : table[id * dim + d];
  }
}

__global__ void scatter_add(const index_t* ids, const scalar* grad, scalar* table_grad, index_t tokens, index_t dim) {
  index_t i = blockIdx.x * (index_t)blockDim.x + threadIdx.x;
  if (i >= tokens * dim) return;
  index_t t = i / dim, d = i - t * dim;
  atomicAdd(table_grad + ids[t] * dim + d, grad[i]);
}

int main(int argc, char* argv[]) {
  const index_t vocab = argc > 1 ? std::atoll(argv[1]) : 5000, tokens = 96, dim = 100;
  std::mt19937 gen(42);
  std::uniform_int_distribution<index_t> pick(0, vocab - 1);
  std::vector<index_t> ids(tokens);
  for (auto& id : ids) id = pick(gen);
  index_t* d_ids;
  scalar *d_table, *d_out, *d_grad;
  cudaMalloc(&d_ids, ids.size() * sizeof(index_t));
  cudaMalloc(&d_table, vocab * dim * sizeof(scalar));
  cudaMalloc(&d_out, tokens * dim * sizeof(scalar));
  cudaMalloc(&d_grad, vocab * dim * sizeof(scalar));
  cudaMemset(d_grad, 0, vocab * dim * sizeof(scalar));
  cudaMemcpy(d_ids, ids.data(), ids.size() * sizeof(index_t), cudaMemcpyHostToDevice);
  embedding_forward<<<64, 128>>>(d_ids, d_table, d_out, tokens, dim, 0);
  scatter_add<<<(tokens * dim + 127) / 128, 128>>>(d_ids, d_out, d_grad, tokens, dim);
  cudaFree(d_ids);
}
