#include <cuda_runtime.h>
#include <cmath>
#include <cstdio>
#include <vector>

// Element-wise kernel over a functor: one template, any unary operator.

template <typename T>
struct Sigmoid {
    __device__ __forceinline__ T operator()(const T x) const { return T(1) / (T(1) + exp(-x)); }
};

template <typename T, typename Op, int ITEMS>
__global__ void unary_kernel(const T* __restrict__ in, T* __restrict__ out, const unsigned n)
{
    const Op op{};
    const unsigned base = blockIdx.x * (blockDim.x * ITEMS) + threadIdx.x;
#pragma unroll
    for (int item = 0; item < ITEMS; ++item) {
        const unsigned i = base + item * blockDim.x;
        if (i < n)
            out[i] = op(in[i]);
    }
}

int main()
{
    constexpr int items = 4;
    const unsigned n = 5003;
    std::vector<float> x(n), y(n);
    for (unsigned i = 0; i < n; ++i)
        x[i] = 0.003f * float(i) - 7.5f;

    float *d_x, *d_y;
    cudaMalloc(&d_x, n * sizeof(float));
    cudaMalloc(&d_y, n * sizeof(float));
    cudaMemcpy(d_x, x.data(), n * sizeof(float), cudaMemcpyHostToDevice);

    const unsigned threads = 96;
    const unsigned per_block = threads * items;
    unary_kernel<float, Sigmoid<float>, items><<<(n + per_block - 1) / per_block, threads>>>(d_x, d_y, n);

    cudaMemcpy(y.data(), d_y, n * sizeof(float), cudaMemcpyDeviceToHost);
    bool ok = true;
    for (unsigned i = 0; i < n; ++i)
        ok &= std::fabs(y[i] - 1.0f / (1.0f + std::exp(-x[i]))) < 1e-6f;
    std::printf("sigmoid %s\n", ok ? "ok" : "wrong");
    cudaFree(d_x);
    cudaFree(d_y);
    return ok ? 0 : 1;
}
