#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <cuda_runtime.h>

#define CEIL_DIV(a, b) (((a) + (b) - 1) / (b))

#define BATCH 2
#define IN_H 17
#define IN_W 15
#define CHANNELS 24
#define KERNEL 3
#define STRIDE 2
#define PAD 1
#define OUT_H ((IN_H + 2 * PAD - KERNEL) / STRIDE + 1)
#define OUT_W ((IN_W + 2 * PAD - KERNEL) / STRIDE + 1)

// NHWC max pooling, one output element per thread; padding never wins.
__global__ void __launch_bounds__(256) maxpool_nhwc(const float* __restrict__ in,
                                                    float* __restrict__ out)
{
    int idx = (int)blockIdx.x * blockDim.x + (int)threadIdx.x;
    if (idx >= BATCH * OUT_H * OUT_W * CHANNELS)
        return;

    // innermost to outermost: channel, column, row, image
    int c = idx % CHANNELS;
    int ow = (idx / CHANNELS) % OUT_W;
    int oh = (idx / (CHANNELS * OUT_W)) % OUT_H;
    int n = idx / (CHANNELS * OUT_W * OUT_H);

    float best = -FLT_MAX;
    for (int kh = 0; kh < KERNEL; kh++) {
        int ih = oh * STRIDE - PAD + kh;
        for (int kw = 0; kw < KERNEL; kw++) {
            int iw = ow * STRIDE - PAD + kw;
            if (ih >= 0 && ih < IN_H && iw >= 0 && iw < IN_W) {
                float v = in[((n * IN_H + ih) * IN_W + iw) * CHANNELS + c];
                best = v > best ? v : best;
            }
        }
    }
    out[idx] = best;
}

int main(void)
{
    const int in_count = BATCH * IN_H * IN_W * CHANNELS;
    const int out_count = BATCH * OUT_H * OUT_W * CHANNELS;

    float* in = (float*)malloc(in_count * sizeof(float));
    float* out = (float*)malloc(out_count * sizeof(float));
    for (int i = 0; i < in_count; i++)
        in[i] = (float)(rand() % 2000 - 1000) / 100.0f;

    float *d_in, *d_out;
    cudaMalloc((void**)&d_in, in_count * sizeof(float));
    cudaMalloc((void**)&d_out, out_count * sizeof(float));
    cudaMemcpy(d_in, in, in_count * sizeof(float), cudaMemcpyHostToDevice);

    dim3 block(256);
    dim3 grid(CEIL_DIV(out_count, 256));
    maxpool_nhwc<<<grid, block>>>(d_in, d_out);

    cudaMemcpy(out, d_out, out_count * sizeof(float), cudaMemcpyDeviceToHost);

    int bad = 0;
    for (int n = 0; n < BATCH; n++)
    for (int oh = 0; oh < OUT_H; oh++)
    for (int ow = 0; ow < OUT_W; ow++)
    for (int c = 0; c < CHANNELS; c++) {
        float m = -FLT_MAX;
        for (int ih = oh * STRIDE - PAD; ih < oh * STRIDE - PAD + KERNEL; ih++)
            for (int iw = ow * STRIDE - PAD; iw < ow * STRIDE - PAD + KERNEL; iw++)
                if (ih >= 0 && ih < IN_H && iw >= 0 && iw < IN_W) {
                    float v = in[((n * IN_H + ih) * IN_W + iw) * CHANNELS + c];
                    if (v > m) m = v;
                }
        if (out[((n * OUT_H + oh) * OUT_W + ow) * CHANNELS + c] != m) bad++;
    }
    printf("maxpool_nhwc: %d wrong of %d\n", bad, out_count);

    cudaFree(d_in);
    cudaFree(d_out);
    free(in);
    free(out);
    return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
