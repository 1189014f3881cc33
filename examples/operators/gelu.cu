#include <cuda_runtime.h>

#include <cmath>
#include <iostream>
#include <memory>

#define SQRT_2_OVER_PI 0.7978845608028654f
#define GELU_CUBIC     0.044715f

// tanh approximation: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
__device__ __forceinline__ float gelu(float x) {
    const float cube = GELU_CUBIC * x * x * x;
    return 0.5f * x * (1.0f + tanhf(SQRT_2_OVER_PI * (x + cube)));
}

__global__ void gelu_kernel(float *__restrict__ out, const float *__restrict__ inp, size_t count) {
    const size_t i = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i < count) {
        out[i] = gelu(inp[i]);
    }
}

static float gelu_reference(float x) {
    return 0.5f * x * (1.0f + std::tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
}

int main() {
    constexpr size_t batch = 3, tokens = 29, hidden = 45;
    constexpr size_t count = batch * tokens * hidden;

    auto inp = std::make_unique<float[]>(count);
    auto out = std::make_unique<float[]>(count);
    for (size_t i = 0; i < count; ++i) {
        inp[i] = -4.0f + 8.0f * static_cast<float>(i) / static_cast<float>(count);
    }

    float *d_inp = nullptr, *d_out = nullptr;
    cudaMalloc(&d_inp, count * sizeof(float));
    cudaMalloc(&d_out, count * sizeof(float));
    cudaMemcpy(d_inp, inp.get(), count * sizeof(float), cudaMemcpyHostToDevice);

    const unsigned int block_size = 512;
    const unsigned int grid_size = static_cast<unsigned int>((count + block_size - 1) / block_size);
    gelu_kernel<<<grid_size, block_size>>>(d_out, d_inp, count);

    if (cudaError_t err = cudaGetLastError(); err != cudaSuccess) {
        std::cerr << "launch failed: " << cudaGetErrorString(err) << std::endl;
        return 2;
    }
    cudaMemcpy(out.get(), d_out, count * sizeof(float), cudaMemcpyDeviceToHost);

    size_t wrong = 0;
    for (size_t i = 0; i < count; ++i) {
        if (!(std::fabs(out[i] - gelu_reference(inp[i])) < 1e-5f)) ++wrong;  // a NaN is wrong, too
    }
    std::cout << "gelu: " << wrong << " of " << count << " wrong" << std::endl;

    cudaFree(d_inp);
    cudaFree(d_out);
    return wrong == 0 ? 0 : 1;
}
