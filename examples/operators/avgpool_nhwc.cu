// Average pooling, NHWC, no padding.  grid = (ceil(channels / 32), out_w, batch * out_h)
#include <cstdio>
#include <cuda_runtime.h>
#include <numeric>
#include <vector>

struct Shape { int n, h, w, c; };   // host side only

__global__ void avgPoolNHWC(const float* src, float* dst,
                            int height, int width, int channels,
                            int outHeight, int outWidth,
                            int window, int stride)
{
    int channel = blockIdx.x * blockDim.x + threadIdx.x;
    if (channel < channels)
    {
        int outCol = blockIdx.y;
        int outRow = blockIdx.z % outHeight;
        int image  = blockIdx.z / outHeight;

        float sum = 0.0f;
        int top  = outRow * stride;
        int left = outCol * stride;
        for (int r = top; r < top + window; ++r)
        {
            for (int s = left; s < left + window; ++s)
            {
                sum += src[((image * height + r) * width + s) * channels + channel];
            }
        }
        dst[((image * outHeight + outRow) * outWidth + outCol) * channels + channel] = sum / (window * window);
    }
}

int main()
{
    const Shape in = {2, 13, 11, 40};
    const int window = 3, stride = 2;
    const int outH = (in.h - window) / stride + 1;
    const int outW = (in.w - window) / stride + 1;
    const int srcCount = in.n * in.h * in.w * in.c;
    const int dstCount = in.n * outH * outW * in.c;

    std::vector<float> hostSrc(srcCount), hostDst(dstCount, -1.0f);
    std::iota(hostSrc.begin(), hostSrc.end(), 0.0f);

    float* devSrc = nullptr;
    float* devDst = nullptr;
    cudaMalloc((void**)&devSrc, srcCount * sizeof(float));
    cudaMalloc((void**)&devDst, dstCount * sizeof(float));
    cudaMemcpy(devSrc, &hostSrc[0], srcCount * sizeof(float), cudaMemcpyHostToDevice);

    dim3 threadsPerBlock(32);
    dim3 numBlocks((in.c + threadsPerBlock.x - 1) / threadsPerBlock.x, outW, in.n * outH);
    avgPoolNHWC<<<numBlocks, threadsPerBlock>>>(devSrc, devDst, in.h, in.w, in.c, outH, outW, window, stride);

    cudaMemcpy(&hostDst[0], devDst, dstCount * sizeof(float), cudaMemcpyDeviceToHost);

    // the input is a ramp, so every average is the element in the middle of its window
    int mismatches = 0;
    for (int n = 0; n < in.n; ++n)
        for (int i = 0; i < outH; ++i)
            for (int j = 0; j < outW; ++j)
                for (int c = 0; c < in.c; ++c)
                {
                    float middle = hostSrc[((n * in.h + i * stride + 1) * in.w + j * stride + 1) * in.c + c];
                    float got = hostDst[((n * outH + i) * outW + j) * in.c + c];
                    if (got < middle - 0.01f || got > middle + 0.01f) ++mismatches;
                }
    printf("avgPoolNHWC %s (%d mismatches)\n", mismatches == 0 ? "OK" : "FAILED", mismatches);

    cudaFree(devSrc);
    cudaFree(devDst);
    return mismatches;
}
