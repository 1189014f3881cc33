// Max and argmax over the middle axis of [outer, axis, inner].
#include <cuda_runtime.h>
#include <climits>
#include <cstdint>
#include <cstdio>

#define OUTER 6
#define AXIS  33
#define INNER 50

__global__ void max_over_axis(const int32_t* __restrict__ data, int32_t* __restrict__ values, int32_t* __restrict__ indices)
{
    auto inner = blockIdx.x * blockDim.x + threadIdx.x;
    auto outer = blockIdx.y;

    if (inner < INNER) {
        int32_t best = INT_MIN;
        int32_t where = 0;
        const int32_t* p = data + outer * AXIS * INNER + inner;
        for (int a = 0; a < AXIS; a++, p += INNER) {
            if (*p > best) {            // strictly: the first of equals wins
                best = *p;
                where = a;
            }
        }
        values[outer * INNER + inner] = best;
        indices[outer * INNER + inner] = where;
    }
}

int main()
{
    static int32_t data[OUTER * AXIS * INNER], values[OUTER * INNER], indices[OUTER * INNER];
    for (int i = 0; i < OUTER * AXIS * INNER; i++)
        data[i] = (int32_t)((i * 2654435761u) >> 12) % 5000 - 2500;

    int32_t *data_dev, *values_dev, *indices_dev;
    cudaMalloc(&data_dev, sizeof(data));
    cudaMalloc(&values_dev, sizeof(values));
    cudaMalloc(&indices_dev, sizeof(indices));
    cudaMemcpy(data_dev, data, sizeof(data), cudaMemcpyHostToDevice);

    int block = 32;
    dim3 grid((INNER + block - 1) / block, OUTER);
    max_over_axis<<<grid, block>>>(data_dev, values_dev, indices_dev);

    cudaMemcpy(values, values_dev, sizeof(values), cudaMemcpyDeviceToHost);
    cudaMemcpy(indices, indices_dev, sizeof(indices), cudaMemcpyDeviceToHost);

    int wrong = 0;
    for (int o = 0; o < OUTER; o++)
        for (int i = 0; i < INNER; i++) {
            int at = indices[o * INNER + i];
            wrong += data[(o * AXIS + at) * INNER + i] != values[o * INNER + i];
            for (int a = 0; a < AXIS; a++)
                wrong += data[(o * AXIS + a) * INNER + i] > values[o * INNER + i];
        }
    printf("max_over_axis: %d wrong\n", wrong);
    cudaFree(data_dev);
    cudaFree(values_dev);
    cudaFree(indices_dev);
    return wrong != 0;
}
