// The sum of a vector in one launch: the block that finishes last adds up what the others left. How many have finished is counted in
// a variable that outlives the launch, which no translation keeps.
#include <cuda_runtime.h>

__device__ unsigned int arrived = 0;

__global__ void sum_in_one_launch(const float *x, float *partial, float *sum, int n)
{
    __shared__ float s[128];
    __shared__ bool last;
    float own = 0.0f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        own += x[i];
    s[threadIdx.x] = own;
    __syncthreads();
    for (int k = 64; k > 0; k >>= 1) {
        if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k];
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = s[0];
        __threadfence();
        last = atomicInc(&arrived, gridDim.x) == gridDim.x - 1;
    }
    __syncthreads();
    if (last && threadIdx.x == 0) {
        float total = 0.0f;
        for (int b = 0; b < gridDim.x; ++b) total += partial[b];
        *sum = total;
        arrived = 0;
    }
}

int main()
{
    const int n = 5000;
    float *x, *partial, *sum;
    cudaMalloc(&x, n * sizeof(float));
    cudaMalloc(&partial, 8 * sizeof(float));
    cudaMalloc(&sum, sizeof(float));
    sum_in_one_launch<<<8, 128>>>(x, partial, sum, n);
    return 0;
}
