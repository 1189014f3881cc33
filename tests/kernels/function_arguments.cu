// llm.c manner: fused classifier: softmax + cross entropy + dlogits in place
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <float.h>
#include <cuda_runtime.h>

#define WARP_SIZE 32U
#define CEIL_DIV(M, N) (((M) + (N)-1) / (N))
typedef float floatX;

__device__ inline float warpReduceSum(float val) {
    for (int offset = 16; offset > 0; offset /= 2) val += __shfl_xor_sync(0xFFFFFFFF, val, offset);
    return val;
}
__device__ inline float warpReduceMax(float val) {
    for (int offset = 16; offset > 0; offset /= 2) val = fmaxf(val, __shfl_xor_sync(0xFFFFFFFF, val, offset));
    return val;
}

using reduction_func_t = float (*)(float);
template <reduction_func_t warp_reduction>
__device__ inline float blockReduce(float val, bool final_sync = false, float out_of_bounds = 0.0f) {
    // two reductions of up to 1024 threads:
    // 1) inside warp (shuffle), 2) cross-warp (shared memory), 3) inside warp (shuffle)
    __shared__ float shared_val[WARP_SIZE];
    const int lane_id = threadIdx.x % WARP_SIZE;
    const int warp_id = threadIdx.x / WARP_SIZE;
    const int num_warps = blockDim.x / WARP_SIZE;

    float warp_val = warp_reduction(val);
    if (lane_id == 0) { shared_val[warp_id] = warp_val; }
    __syncthreads();
    warp_val = (lane_id < num_warps) ? shared_val[lane_id] : out_of_bounds;
    float block_val = warp_reduction(warp_val);
    if (final_sync) { __syncthreads(); } // only needed in loops when effectively reusing shared memory etc.
    return block_val;
}

struct SoftmaxParams {
    float Scale;
    float Offset;
};

__device__ SoftmaxParams prepare_softmax(int idx, const floatX *inp, int V, int P) {
    const floatX *x = inp + idx * P;
    float thread_max = -INFINITY;
    float thread_sum = 0.0f;
    for (int i = threadIdx.x; i < V; i += blockDim.x) {
        float v = x[i];
        float old = thread_max;
        thread_max = fmaxf(thread_max, v);
        thread_sum *= expf(old - thread_max);
        thread_sum += expf(v - thread_max);
    }
    float block_max = blockReduce<warpReduceMax>(thread_max, true, -FLT_MAX);
    thread_sum *= expf(thread_max - block_max);
    float block_sum = blockReduce<warpReduceSum>(thread_sum, true);
    return SoftmaxParams{1.f / block_sum, block_max};
}

__global__ void fused_classifier_kernel(floatX *logits, float *losses, const float dloss, const int *targets, int B, int T, int V, int P)
{
    int idx = gridDim.x - (blockIdx.x + 1); // reverse order for cache hits on matmul data
    int ix = targets[idx];
    SoftmaxParams sp = prepare_softmax(idx, logits, V, P);
    if (threadIdx.x == 0) {
        float prob = expf(logits[idx * P + ix] - sp.Offset) * sp.Scale;
        losses[idx] = -logf(prob);
    }
    __syncthreads(); // the loss reads a logit that is replaced below
    for (int i = threadIdx.x; i < V; i += blockDim.x) {
        float prob = expf(logits[idx * P + i] - sp.Offset) * sp.Scale;
        float indicator = (i == ix) ? 1.0f : 0.0f;
        logits[idx * P + i] = (prob - indicator) * dloss;
    }
}

int main(int argc, char **argv)
{
    int B = 2, T = 8, V = 500, P = 512;
    float *logits = (float *)malloc(B * T * P * sizeof(float));
    int *targets = (int *)malloc(B * T * sizeof(int));
    for (int i = 0; i < B * T * P; i++) logits[i] = ((float)rand() / RAND_MAX) * 2.0f - 1.0f;
    for (int i = 0; i < B * T; i++) targets[i] = rand() % V;
    float *d_logits, *d_losses; int *d_targets;
    cudaMalloc(&d_logits, B * T * P * sizeof(float));
    cudaMalloc(&d_losses, B * T * sizeof(float));
    cudaMalloc(&d_targets, B * T * sizeof(int));
    cudaMemcpy(d_logits, logits, B * T * P * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(d_targets, targets, B * T * sizeof(int), cudaMemcpyHostToDevice);
    const int block_size = 256;
    const int N = B * T;
    fused_classifier_kernel<<<N, block_size>>>(d_logits, d_losses, 1.0f / (B * T), d_targets, B, T, V, P);
    float *losses = (float *)malloc(N * sizeof(float));
    cudaMemcpy(losses, d_losses, N * sizeof(float), cudaMemcpyDeviceToHost);
    printf("%f\n", losses[0]);
    return 0;
}
