#include <cuda_runtime.h>
#include <float.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define gpuErrchk(ans) { gpuAssert((ans), __FILE__, __LINE__); }
inline void gpuAssert(cudaError_t code, const char *file, int line, bool abort = true)
{
   if (code != cudaSuccess)
   {
      fprintf(stderr, "GPUassert: %s %s %d\n", cudaGetErrorString(code), file, line);
      if (abort) exit(code);
   }
}

struct __align__(8) MD { float m; float d; };

__device__ __forceinline__ MD reduce_md_op(MD a, MD b)
{
    bool a_bigger = (a.m > b.m);
    MD bigger_m = a_bigger ? a : b;
    MD smaller_m = a_bigger ? b : a;
    MD res;
    res.d = bigger_m.d + smaller_m.d * __expf(smaller_m.m - bigger_m.m);
    res.m = bigger_m.m;
    return res;
}

template <int THREADBLOCK_SIZE>
__launch_bounds__(THREADBLOCK_SIZE)
__global__ void online_softmax(const float *__restrict x, float *__restrict y, int V)
{
    int thread_id = threadIdx.x;
    int vector_id = blockIdx.x;
    x += vector_id * V;
    y += vector_id * V;
    __shared__ MD buf[THREADBLOCK_SIZE];
    MD md_partial;
    md_partial.m = -FLT_MAX;
    md_partial.d = 0.0F;
    for (int elem_id = thread_id; elem_id < V; elem_id += THREADBLOCK_SIZE) {
        MD new_elem;
        new_elem.m = x[elem_id];
        new_elem.d = 1.0F;
        md_partial = reduce_md_op(md_partial, new_elem);
    }
    buf[thread_id] = md_partial;
    __syncthreads();
    for (int s = THREADBLOCK_SIZE / 2; s > 0; s >>= 1) {
        if (thread_id < s) buf[thread_id] = reduce_md_op(buf[thread_id], buf[thread_id + s]);
        __syncthreads();
    }
    MD md_total = buf[0];
    float d_total_inverse = __fdividef(1.0F, md_total.d);
    for (int elem_id = thread_id; elem_id < V; elem_id += THREADBLOCK_SIZE)
        y[elem_id] = __expf(x[elem_id] - md_total.m) * d_total_inverse;
}

int main(int argc, char *argv[])
{
    int batch_size = 10, V = 1000;
    float *x, *y;
    gpuErrchk(cudaMalloc(&x, (size_t)V * batch_size * sizeof(float)));
    gpuErrchk(cudaMalloc(&y, (size_t)V * batch_size * sizeof(float)));
    online_softmax<256><<<batch_size, 256>>>(x, y, V);
    gpuErrchk(cudaPeekAtLastError());
    gpuErrchk(cudaDeviceSynchronize());
    return 0;
}
