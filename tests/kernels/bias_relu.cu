// Fused epilogue of a fully connected layer, in place: y[b, f] = max(y[b, f] + bias[f], 0)
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

typedef float real;

static inline int divUp(int total, int grain) { return (total + grain - 1) / grain; }

__global__ void fusedBiasRelu(real* __restrict__ data, const real* __restrict__ bias, int batch, int features)
{
    const int f = blockDim.x * blockIdx.x + threadIdx.x;
    const int b = blockDim.y * blockIdx.y + threadIdx.y;
    if (!(f < features && b < batch)) { return; }

    real* cell = &data[b * features + f];
    const real shifted = *cell + bias[f];
    *cell = (shifted > real(0)) ? shifted : real(0);
}

int main()
{
    const int batch = 21, features = 90;
    real* activations = new real[batch * features];
    real* expected = new real[batch * features];
    real* bias = new real[features];
    for (int f = 0; f < features; ++f) bias[f] = real(f % 7) / 4 - 1;
    for (int i = 0; i < batch * features; ++i) {
        activations[i] = real(rand() % 100) / 50 - 1;
        const real v = activations[i] + bias[i % features];
        expected[i] = v > 0 ? v : 0;
    }

    real *gpuData, *gpuBias;
    cudaMalloc(&gpuData, batch * features * sizeof(real));
    cudaMalloc(&gpuBias, features * sizeof(real));
    cudaMemcpy(gpuData, activations, batch * features * sizeof(real), cudaMemcpyHostToDevice);
    cudaMemcpy(gpuBias, bias, features * sizeof(real), cudaMemcpyHostToDevice);

    const dim3 tpb(32, 4);
    fusedBiasRelu<<<dim3(divUp(features, tpb.x), divUp(batch, tpb.y)), tpb>>>(gpuData, gpuBias, batch, features);

    cudaMemcpy(activations, gpuData, batch * features * sizeof(real), cudaMemcpyDeviceToHost);
    int wrong = 0;
    for (int i = 0; i < batch * features; ++i) wrong += activations[i] != expected[i];
    std::printf("fusedBiasRelu: %d wrong\n", wrong);

    cudaFree(gpuData);
    cudaFree(gpuBias);
    delete[] activations;
    delete[] expected;
    delete[] bias;
    return wrong;
}
