// RMSNorm, one block per token, dynamic shared memory for the reduction.
#include <cuda_runtime.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

__global__ void rmsnorm_kernel(float* o, const float* x, const float* weight, int size, float eps) {
    extern __shared__ float partial[];
    const float* xr = x + (size_t)blockIdx.x * size;
    float* outr = o + (size_t)blockIdx.x * size;

    // sum of squares
    float ss = 0.0f;
    for (int j = threadIdx.x; j < size; j += blockDim.x) {
        ss += xr[j] * xr[j];
    }
    partial[threadIdx.x] = ss;
    __syncthreads();
    for (unsigned int s = blockDim.x >> 1; s > 0; s >>= 1) {
        if (threadIdx.x < s) partial[threadIdx.x] += partial[threadIdx.x + s];
        __syncthreads();
    }
    ss = 1.0f / sqrtf(partial[0] / size + eps);

    // normalize and scale
    for (int j = threadIdx.x; j < size; j += blockDim.x) {
        outr[j] = weight[j] * (ss * xr[j]);
    }
}

int main() {
    int tokens = 13, dim = 172;
    float *x = (float*)malloc(tokens * dim * sizeof(float));
    float *w = (float*)malloc(dim * sizeof(float));
    float *o = (float*)malloc(tokens * dim * sizeof(float));
    for (int i = 0; i < tokens * dim; i++) x[i] = sinf(i * 0.1f);
    for (int i = 0; i < dim; i++) w[i] = 1.0f + 0.01f * i;

    float *dx, *dw, *dout;
    cudaMalloc((void**)&dx, tokens * dim * sizeof(float));
    cudaMalloc((void**)&dw, dim * sizeof(float));
    cudaMalloc((void**)&dout, tokens * dim * sizeof(float));
    cudaMemcpy(dx, x, tokens * dim * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(dw, w, dim * sizeof(float), cudaMemcpyHostToDevice);

    int num_threads = 64;
    rmsnorm_kernel<<<tokens, num_threads, num_threads * sizeof(float)>>>(dout, dx, dw, dim, 1e-6f);
    cudaMemcpy(o, dout, tokens * dim * sizeof(float), cudaMemcpyDeviceToHost);

    int bad = 0;
    for (int t = 0; t < tokens; t++) {
        double ss = 0;
        for (int j = 0; j < dim; j++) ss += (double)x[t * dim + j] * x[t * dim + j];
        ss = 1.0 / sqrt(ss / dim + 1e-6);
        for (int j = 0; j < dim; j++)
            bad += !(fabs(o[t * dim + j] - w[j] * ss * x[t * dim + j]) <= 1e-4);
    }
    printf("rmsnorm: %d bad\n", bad);
    cudaFree(dx); cudaFree(dw); cudaFree(dout);
    free(x); free(w); free(o);
    return bad != 0;
}
