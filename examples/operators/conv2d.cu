// Direct 2-D convolution with bias, NCHW, zero padding by guards.
//   input [N, C, H, W]   weight [K, C, R, S]   bias [K]   output [N, K, P, Q]
#include <cstdio>
#include <cstdlib>
#include <cmath>
#include <cuda_runtime.h>

#define CHECK_CUDA(expr)                                                    \
    {                                                                       \
        cudaError_t e = (expr);                                             \
        if (e != cudaSuccess) {                                             \
            fprintf(stderr, "CUDA: %s\n", cudaGetErrorString(e));           \
            exit(EXIT_FAILURE);                                             \
        }                                                                   \
    }

__global__ void conv2d_nchw(const float* __restrict__ input, const float* __restrict__ weight,
                            const float* __restrict__ bias, float* __restrict__ output,
                            int C, int H, int W, int K, int R, int S, int P, int Q, int stride, int pad) {
    const int q = blockIdx.x * blockDim.x + threadIdx.x;   // output column
    const int p = blockIdx.y * blockDim.y + threadIdx.y;   // output row
    const int k = blockIdx.z % K;                          // output channel
    const int n = blockIdx.z / K;
    if (q >= Q || p >= P) return;

    float sum = bias[k];
    for (int c = 0; c < C; ++c) {
        for (int r = 0; r < R; ++r) {
            const int h = p * stride + r - pad;
            if (h < 0 || h >= H) continue;
            for (int s = 0; s < S; ++s) {
                const int w = q * stride + s - pad;
                if (w < 0 || w >= W) continue;
                sum += input[((n * C + c) * H + h) * W + w] * weight[((k * C + c) * R + r) * S + s];
            }
        }
    }
    output[((n * K + k) * P + p) * Q + q] = sum;
}

static void conv2d_host(const float* in, const float* wt, const float* bias, float* out, int N, int C, int H, int W,
                        int K, int R, int S, int P, int Q, int stride, int pad) {
    for (int i = 0; i < N * K * P * Q; ++i) {
        const int q = i % Q, p = i / Q % P, k = i / (Q * P) % K, n = i / (Q * P * K);
        float sum = bias[k];
        for (int c = 0; c < C; ++c)
            for (int r = 0; r < R; ++r)
                for (int s = 0; s < S; ++s) {
                    const int h = p * stride + r - pad, w = q * stride + s - pad;
                    const bool inside = h >= 0 && h < H && w >= 0 && w < W;
                    sum += inside ? in[((n * C + c) * H + h) * W + w] * wt[((k * C + c) * R + r) * S + s] : 0.0f;
                }
        out[i] = sum;
    }
}

static float* random_array(int count) {
    float* p = (float*)malloc(count * sizeof(float));
    for (int i = 0; i < count; ++i) p[i] = rand() / (float)RAND_MAX - 0.5f;
    return p;
}

int main() {
    const int N = 2, C = 3, H = 19, W = 21, K = 5, R = 3, S = 3, stride = 1, pad = 1;
    const int P = (H + 2 * pad - R) / stride + 1;
    const int Q = (W + 2 * pad - S) / stride + 1;
    const int in_size = N * C * H * W, weight_size = K * C * R * S, out_size = N * K * P * Q;

    float* in = random_array(in_size);
    float* wt = random_array(weight_size);
    float* bias = random_array(K);
    float* out = (float*)malloc(out_size * sizeof(float));
    float* expected = (float*)malloc(out_size * sizeof(float));

    float *d_in, *d_wt, *d_bias, *d_out;
    CHECK_CUDA(cudaMalloc(&d_in, in_size * sizeof(float)));
    CHECK_CUDA(cudaMalloc(&d_wt, weight_size * sizeof(float)));
    CHECK_CUDA(cudaMalloc(&d_bias, K * sizeof(float)));
    CHECK_CUDA(cudaMalloc(&d_out, out_size * sizeof(float)));
    CHECK_CUDA(cudaMemcpy(d_in, in, in_size * sizeof(float), cudaMemcpyHostToDevice));
    CHECK_CUDA(cudaMemcpy(d_wt, wt, weight_size * sizeof(float), cudaMemcpyHostToDevice));
    CHECK_CUDA(cudaMemcpy(d_bias, bias, K * sizeof(float), cudaMemcpyHostToDevice));

    dim3 block(8, 8);
    dim3 grid((Q + block.x - 1) / block.x, (P + block.y - 1) / block.y, N * K);
    conv2d_nchw<<<grid, block>>>(d_in, d_wt, d_bias, d_out, C, H, W, K, R, S, P, Q, stride, pad);
    CHECK_CUDA(cudaPeekAtLastError());
    CHECK_CUDA(cudaMemcpy(out, d_out, out_size * sizeof(float), cudaMemcpyDeviceToHost));

    conv2d_host(in, wt, bias, expected, N, C, H, W, K, R, S, P, Q, stride, pad);
    int wrong = 0;
    for (int i = 0; i < out_size; ++i) wrong += !(fabsf(out[i] - expected[i]) < 1e-4f);
    printf("conv2d_nchw: %d of %d wrong\n", wrong, out_size);

    CHECK_CUDA(cudaFree(d_in)); CHECK_CUDA(cudaFree(d_wt)); CHECK_CUDA(cudaFree(d_bias)); CHECK_CUDA(cudaFree(d_out));
    free(in); free(wt); free(bias); free(out); free(expected);
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
