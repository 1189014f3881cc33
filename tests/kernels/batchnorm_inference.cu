#include <cuda_runtime.h>

/// Batch normalisation at inference time, NCHW. One block per (image, channel) plane:
/// the four statistics are read once, folded to a scale and a shift, then applied to the plane.
template <unsigned int BLOCK_THREADS>
__launch_bounds__(BLOCK_THREADS)
__global__ void batchnorm2d_inference(float const* const __restrict__ input,
                                      float const* const __restrict__ mean,
                                      float const* const __restrict__ variance,
                                      float const* const __restrict__ scale,
                                      float const* const __restrict__ offset,
                                      float* const __restrict__ output,
                                      unsigned int const channels,
                                      unsigned int const plane,
                                      float const epsilon)
{
    unsigned int const channel = blockIdx.x;
    unsigned int const image   = blockIdx.y;

    __shared__ float folded[2];
    if (threadIdx.x == 0u)
    {
        float const a = scale[channel] / sqrtf(variance[channel] + epsilon);
        folded[0] = a;
        folded[1] = offset[channel] - mean[channel] * a;
    }
    __syncthreads();

    unsigned int const first = (image * channels + channel) * plane;
    for (unsigned int p = threadIdx.x; p < plane; p += BLOCK_THREADS)
    {
        output[first + p] = folded[0] * input[first + p] + folded[1];
    }
}

extern "C" cudaError_t batchnorm_launch(float const* input, float const* mean, float const* variance,
                                        float const* scale, float const* offset, float* output)
{
    unsigned int const images = 3u, channels = 10u, height = 12u, width = 15u;
    unsigned int const plane = height * width;
    constexpr unsigned int threads = 64u;

    float *input_d, *stats_d, *output_d;     // the four statistics share one allocation
    cudaMalloc(&input_d, images * channels * plane * sizeof(float));
    cudaMalloc(&stats_d, 4 * channels * sizeof(float));
    cudaMalloc(&output_d, images * channels * plane * sizeof(float));
    cudaMemcpy(input_d, input, images * channels * plane * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(stats_d + 0 * channels, mean, channels * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(stats_d + 1 * channels, variance, channels * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(stats_d + 2 * channels, scale, channels * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(stats_d + 3 * channels, offset, channels * sizeof(float), cudaMemcpyHostToDevice);

    dim3 const grid{channels, images};
    batchnorm2d_inference<threads><<<grid, threads>>>(
        input_d, stats_d, stats_d + channels, stats_d + 2 * channels, stats_d + 3 * channels,
        output_d, channels, plane, 1e-5f);

    cudaMemcpy(output, output_d, images * channels * plane * sizeof(float), cudaMemcpyDeviceToHost);
    cudaFree(input_d);
    cudaFree(stats_d);
    cudaFree(output_d);
    return cudaGetLastError();
}
