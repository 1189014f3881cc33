#include <cstdio>
#include <cstdlib>
#include <cfloat>

// Row-wise argmax with dynamic shared memory: values first, then indices.
extern __shared__ unsigned char smem_raw[];

__global__ void row_argmax(const float *logits, int *out_idx, float *out_val, int n_cols)
{
    float *s_val = reinterpret_cast<float *>(smem_raw);
    int *s_idx = (int *)(s_val + blockDim.x);

    const float *row = logits + (long long)blockIdx.x * n_cols;
    float best = -FLT_MAX;
    int best_i = 0;
    for (int c = threadIdx.x; c < n_cols; c += blockDim.x) {
        float v = row[c];
        if (v > best) { best = v; best_i = c; }
    }
    s_val[threadIdx.x] = best;
    s_idx[threadIdx.x] = best_i;
    __syncthreads();

    for (unsigned int s = blockDim.x / 2; s > 0; s >>= 1) {
        if (threadIdx.x < s) {
            float o = s_val[threadIdx.x + s];
            int oi = s_idx[threadIdx.x + s];
            // ties go to the smaller index
            if (o > s_val[threadIdx.x] || (o == s_val[threadIdx.x] && oi < s_idx[threadIdx.x])) {
                s_val[threadIdx.x] = o;
                s_idx[threadIdx.x] = oi;
            }
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        out_idx[blockIdx.x] = s_idx[0];
        out_val[blockIdx.x] = s_val[0];
    }
}

static void die(const char *msg, cudaError_t e) { fprintf(stderr, "%s: %s\n", msg, cudaGetErrorString(e)); exit(1); }
#define TRY(x) do { cudaError_t e = x; if (e != cudaSuccess) die(#x, e); } while (0)

int main(int argc, char *argv[])
{
    int rows = 64, cols = 1000;
    if (argc == 3) { rows = atoi(argv[1]); cols = atoi(argv[2]); }
    float *h = (float *)malloc(sizeof(float) * rows * cols);
    for (int i = 0; i < rows * cols; i++) h[i] = (float)drand48();
    float *d, *v; int *ix;
    TRY(cudaMalloc((void **)&d, sizeof(float) * rows * cols));
    TRY(cudaMalloc((void **)&v, sizeof(float) * rows));
    TRY(cudaMalloc((void **)&ix, sizeof(int) * rows));
    TRY(cudaMemcpy(d, h, sizeof(float) * rows * cols, cudaMemcpyHostToDevice));
    const int threads = 128;
    size_t shmem = threads * (sizeof(float) + sizeof(int));
    row_argmax<<<rows, threads, shmem>>>(d, ix, v, cols);
    TRY(cudaGetLastError());
    int *hi = (int *)malloc(sizeof(int) * rows);
    TRY(cudaMemcpy(hi, ix, sizeof(int) * rows, cudaMemcpyDeviceToHost));
    for (int r = 0; r < rows; r++) {
        int b = 0;
        for (int c = 1; c < cols; c++) if (h[r * cols + c] > h[r * cols + b]) b = c;
        if (b != hi[r]) { printf("row %d: %d != %d\n", r, hi[r], b); return 1; }
    }
    printf("all rows ok\n");
    cudaFree(d); cudaFree(v); cudaFree(ix); free(h); free(hi);
    return 0;
}
