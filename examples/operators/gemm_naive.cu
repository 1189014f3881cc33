// sgemm, one thread per output element, row-major:  C[M,N] = alpha * A[M,K] * B[K,N] + beta * C[M,N]
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <cuda_runtime.h>

__global__ void sgemm_naive(int M, int N, int K, float alpha, const float *A,
                            const float *B, float beta, float *C) {
  const unsigned int x = blockIdx.x * blockDim.x + threadIdx.x; // row
  const unsigned int y = blockIdx.y * blockDim.y + threadIdx.y; // column

  // needed because M and N are not multiples of the block
  if (x < M && y < N) {
    float tmp = 0.0;
    for (int i = 0; i < K; ++i) {
      tmp += A[x * K + i] * B[i * N + y];
    }
    C[x * N + y] = alpha * tmp + beta * C[x * N + y];
  }
}

int main(int argc, char **argv) {
  int M = 50, N = 70, K = 45;
  float alpha = 0.5f, beta = 2.0f;

  float *A = (float *)malloc(M * K * sizeof(float));
  float *B = (float *)malloc(K * N * sizeof(float));
  float *C = (float *)malloc(M * N * sizeof(float));
  float *C_ref = (float *)malloc(M * N * sizeof(float));
  for (int i = 0; i < M * K; i++) A[i] = (float)(rand() % 17) / 16.0f - 0.5f;
  for (int i = 0; i < K * N; i++) B[i] = (float)(rand() % 13) / 12.0f - 0.5f;
  for (int i = 0; i < M * N; i++) C[i] = (float)(i % 5);

  for (int r = 0; r < M; r++)
    for (int c = 0; c < N; c++) {
      float sum = 0;
      for (int k = 0; k < K; k++) sum += A[r * K + k] * B[k * N + c];
      C_ref[r * N + c] = alpha * sum + beta * C[r * N + c];
    }

  float *dA, *dB, *dC;
  cudaMalloc((void **)&dA, M * K * sizeof(float));
  cudaMalloc((void **)&dB, K * N * sizeof(float));
  cudaMalloc((void **)&dC, M * N * sizeof(float));
  cudaMemcpy(dA, A, M * K * sizeof(float), cudaMemcpyHostToDevice);
  cudaMemcpy(dB, B, K * N * sizeof(float), cudaMemcpyHostToDevice);
  cudaMemcpy(dC, C, M * N * sizeof(float), cudaMemcpyHostToDevice);

  dim3 blockDim(16, 16, 1);
  dim3 gridDim((M + blockDim.x - 1) / blockDim.x, (N + blockDim.y - 1) / blockDim.y, 1);
  sgemm_naive<<<gridDim, blockDim>>>(M, N, K, alpha, dA, dB, beta, dC);
  cudaDeviceSynchronize();

  cudaMemcpy(C, dC, M * N * sizeof(float), cudaMemcpyDeviceToHost);

  int ok = 1;
  for (int i = 0; i < M * N; i++) ok &= fabsf(C[i] - C_ref[i]) <= 1e-4f;
  printf("sgemm_naive %s\n", ok ? "matches" : "DIFFERS");

  cudaFree(dA); cudaFree(dB); cudaFree(dC);
  free(A); free(B); free(C); free(C_ref);
  return !ok;
}
