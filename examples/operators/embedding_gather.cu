// Embedding lookup: output[t, :] = table[tokens[t], :]. Tokens outside the vocabulary give a row of
// zeros instead of a wild read. One block per token, 64-bit indices as frameworks pass them.
#include <cuda_runtime.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

template <typename scalar_t, typename index_t>
__global__ void embedding_gather(const index_t *__restrict__ tokens, const scalar_t *__restrict__ table,
                                 scalar_t *__restrict__ output, const int64_t vocabulary, const int64_t width)
{
    const index_t token = tokens[blockIdx.x];
    const int64_t out_row = (int64_t)blockIdx.x * width;

    for (int64_t d = threadIdx.x; d < width; d += blockDim.x)
    {
        scalar_t value = 0;
        if (token >= 0 && token < vocabulary)
            value = table[token * width + d];
        output[out_row + d] = value;
    }
}

int main()
{
    const int64_t vocabulary = 211, width = 72;
    const int num_tokens = 50;

    std::vector<int64_t> tokens(num_tokens);
    std::vector<float> table(vocabulary * width), output(num_tokens * width);
    for (int t = 0; t < num_tokens; ++t)
        tokens[t] = rand() % vocabulary;
    tokens[7] = -1;   // padding
    for (int64_t i = 0; i < vocabulary * width; ++i)
        table[i] = (float)(i % 1009) * 0.125f;

    int64_t *d_tokens;
    float *d_table, *d_output;
    cudaMalloc(&d_tokens, num_tokens * sizeof(int64_t));
    cudaMalloc(&d_table, vocabulary * width * sizeof(float));
    cudaMalloc(&d_output, num_tokens * width * sizeof(float));
    cudaMemcpy(d_tokens, tokens.data(), num_tokens * sizeof(int64_t), cudaMemcpyHostToDevice);
    cudaMemcpy(d_table, table.data(), vocabulary * width * sizeof(float), cudaMemcpyHostToDevice);

    const int threads = 64;
    embedding_gather<float, int64_t><<<num_tokens, threads>>>(d_tokens, d_table, d_output, vocabulary, width);

    cudaMemcpy(output.data(), d_output, num_tokens * width * sizeof(float), cudaMemcpyDeviceToHost);

    int wrong = 0;
    for (int t = 0; t < num_tokens; ++t)
        for (int64_t d = 0; d < width; ++d)
        {
            const float expected = tokens[t] < 0 ? 0.0f : table[tokens[t] * width + d];
            wrong += output[t * width + d] != expected;
        }
    printf("embedding_gather: %d wrong\n", wrong);

    cudaFree(d_tokens);
    cudaFree(d_table);
    cudaFree(d_output);
    return wrong ? 1 : 0;
}
