// 1-D convolution of a signal with a short odd mask kept in constant memory. A block loads its
// piece of the signal plus the halo on both sides; outside the signal everything is zero.
#include <cuda_runtime.h>
#include <math.h>
#include <stdio.h>

#define MASK_RADIUS 4
#define MASK_WIDTH (2 * MASK_RADIUS + 1)
#define TILE_SIZE 128

__constant__ float mask[MASK_WIDTH];

__global__ void convolution_1d(const float *N, float *P, int width)
{
    __shared__ float N_s[TILE_SIZE + 2 * MASK_RADIUS];
    int start = blockIdx.x * TILE_SIZE - MASK_RADIUS;

    for (int s = threadIdx.x; s < TILE_SIZE + 2 * MASK_RADIUS; s += TILE_SIZE) {
        int i = start + s;
        N_s[s] = (i < 0 || i >= width) ? 0.0f : N[i];
    }
    __syncthreads();

    int i = blockIdx.x * TILE_SIZE + threadIdx.x;
    if (i < width) {
        float Pvalue = 0.0f;
        for (int j = 0; j < MASK_WIDTH; j++)
            Pvalue += N_s[threadIdx.x + j] * mask[j];
        P[i] = Pvalue;
    }
}

int main()
{
    const int width = 1500;
    float h_mask[MASK_WIDTH], signal[width], filtered[width];
    for (int j = 0; j < MASK_WIDTH; j++) h_mask[j] = 1.0f / (1 + abs(j - MASK_RADIUS));
    for (int i = 0; i < width; i++) signal[i] = cosf(0.05f * i);

    float *d_N, *d_P;
    cudaMalloc(&d_N, sizeof(signal));
    cudaMalloc(&d_P, sizeof(filtered));
    cudaMemcpy(d_N, signal, sizeof(signal), cudaMemcpyHostToDevice);
    cudaMemcpyToSymbol(mask, h_mask, sizeof(h_mask));

    int num_blocks = (width - 1) / TILE_SIZE + 1;
    convolution_1d<<<num_blocks, TILE_SIZE>>>(d_N, d_P, width);

    cudaMemcpy(filtered, d_P, sizeof(filtered), cudaMemcpyDeviceToHost);
    int wrong = 0;
    for (int i = 0; i < width; i++) {
        float sum = 0;
        for (int j = 0; j < MASK_WIDTH; j++) {
            int at = i + j - MASK_RADIUS;
            if (at >= 0 && at < width) sum += signal[at] * h_mask[j];
        }
        wrong += !(fabsf(sum - filtered[i]) <= 1e-5f);
    }
    printf("convolution_1d: %d wrong\n", wrong);
    cudaFree(d_N);
    cudaFree(d_P);
    return wrong > 0;
}
