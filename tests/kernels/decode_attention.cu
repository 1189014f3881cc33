#include <cuda_runtime.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
/*
 * Decode-time attention: one query per (batch, head), a KV cache, causal by length.
 *   q   [B, H, D]     kc, vc [B, S_max, H, D]    lens [B]    out [B, H, D]
 * One block per (head, batch); dynamic shared memory holds the scores.
 */
typedef struct {
    int batch;
    int heads;
    int head_dim;
    int max_seq;
    float scale;
} AttnShape;

__global__ void decode_attention(const float *q, const float *kc, const float *vc, const int *lens, float *out, const AttnShape s)
{
    extern __shared__ float scores[];
    __shared__ float red[128];
    const int h = blockIdx.x, b = blockIdx.y, t = threadIdx.x;
    const int len = lens[b];
    const float *qv = q + (b * s.heads + h) * s.head_dim;

    float local_max = -1e30f;
    for (int j = t; j < len; j += blockDim.x) {
        const float *kv = kc + ((b * s.max_seq + j) * s.heads + h) * s.head_dim;
        float dot = 0.f;
        for (int d = 0; d < s.head_dim; ++d) dot += qv[d] * kv[d];
        dot *= s.scale;
        scores[j] = dot;
        local_max = fmaxf(local_max, dot);
    }
    red[t] = local_max;
    __syncthreads();
    for (int w = blockDim.x >> 1; w; w >>= 1) {
        if (t < w) red[t] = fmaxf(red[t], red[t + w]);
        __syncthreads();
    }
    const float mx = red[0];
    __syncthreads();

    float local_sum = 0.f;
    for (int j = t; j < len; j += blockDim.x) {
        float e = expf(scores[j] - mx);
        scores[j] = e;
        local_sum += e;
    }
    red[t] = local_sum;
    __syncthreads();
    for (int w = blockDim.x >> 1; w; w >>= 1) {
        if (t < w) red[t] += red[t + w];
        __syncthreads();
    }
    const float inv = 1.f / (red[0] + 1e-6f);

    for (int d = t; d < s.head_dim; d += blockDim.x) {
        float acc = 0.f;
        for (int j = 0; j < len; ++j)
            acc += scores[j] * vc[((b * s.max_seq + j) * s.heads + h) * s.head_dim + d];
        out[(b * s.heads + h) * s.head_dim + d] = acc * inv;
    }
}

int main(void)
{
    AttnShape s = {2, 4, 32, 50, 0.f};
    s.scale = 1.0f / sqrtf((float)s.head_dim);
    size_t nq = s.batch * s.heads * s.head_dim, nkv = nq * s.max_seq;
    float *q = (float *)malloc(nq * sizeof(float)), *k = (float *)malloc(nkv * sizeof(float)), *v = (float *)malloc(nkv * sizeof(float));
    int lens[2] = {50, 31};
    for (size_t i = 0; i < nq; i++) q[i] = rand() / (float)RAND_MAX - .5f;
    for (size_t i = 0; i < nkv; i++) { k[i] = rand() / (float)RAND_MAX - .5f; v[i] = rand() / (float)RAND_MAX - .5f; }
    float *dq, *dk, *dv, *dout; int *dl;
    cudaMalloc((void **)&dq, nq * sizeof(float));
    cudaMalloc((void **)&dk, nkv * sizeof(float));
    cudaMalloc((void **)&dv, nkv * sizeof(float));
    cudaMalloc((void **)&dout, nq * sizeof(float));
    cudaMalloc((void **)&dl, sizeof(lens));
    cudaMemcpy(dq, q, nq * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(dk, k, nkv * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(dv, v, nkv * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(dl, lens, sizeof(lens), cudaMemcpyHostToDevice);
    dim3 g(s.heads, s.batch);
    decode_attention<<<g, 128, s.max_seq * sizeof(float)>>>(dq, dk, dv, dl, dout, s);
    float *o = (float *)malloc(nq * sizeof(float));
    cudaMemcpy(o, dout, nq * sizeof(float), cudaMemcpyDeviceToHost);
    printf("%g\n", o[0]);
    return 0;
}
