// Matrix transpose with coalesced reads and writes. 32x32 tiles, 32x8 threads: each thread
// moves four elements. The 33rd column of the tile avoids shared-memory bank conflicts.
#include <assert.h>
#include <stdio.h>
#include <cuda_runtime.h>

const int TILE_DIM = 32;
const int BLOCK_ROWS = 8;

__global__ void transposeTile(float *odata, const float *idata, const int width, const int height)
{
  __shared__ float tile[32][33];

  int x = blockIdx.x * TILE_DIM + threadIdx.x;
  int y = blockIdx.y * TILE_DIM + threadIdx.y;

  for (int j = 0; j < TILE_DIM; j += BLOCK_ROWS)
    if (x < width && y + j < height)
      tile[threadIdx.y + j][threadIdx.x] = idata[(y + j) * width + x];

  __syncthreads();

  x = blockIdx.y * TILE_DIM + threadIdx.x;  // transpose block offset
  y = blockIdx.x * TILE_DIM + threadIdx.y;

  for (int j = 0; j < TILE_DIM; j += BLOCK_ROWS)
    if (x < height && y + j < width)
      odata[(y + j) * height + x] = tile[threadIdx.x][threadIdx.y + j];
}

int main(int argc, char **argv)
{
  const int width = 75;
  const int height = 100;
  const int mem_size = width * height * sizeof(float);

  float *h_idata, *h_odata;
  cudaMallocHost(&h_idata, mem_size);
  cudaMallocHost(&h_odata, mem_size);
  for (int j = 0; j < height; j++)
    for (int i = 0; i < width; i++)
      h_idata[j * width + i] = j * width + i;

  float *d_idata, *d_odata;
  cudaMalloc(&d_idata, mem_size);
  cudaMalloc(&d_odata, mem_size);
  cudaMemcpy(d_idata, h_idata, mem_size, cudaMemcpyHostToDevice);
  cudaMemset(d_odata, 0, mem_size);

  dim3 dimGrid((width + TILE_DIM - 1) / TILE_DIM, (height + TILE_DIM - 1) / TILE_DIM, 1);
  dim3 dimBlock(TILE_DIM, BLOCK_ROWS, 1);
  transposeTile<<<dimGrid, dimBlock>>>(d_odata, d_idata, width, height);
  assert(cudaGetLastError() == cudaSuccess);

  cudaMemcpy(h_odata, d_odata, mem_size, cudaMemcpyDeviceToHost);
  int errors = 0;
  for (int j = 0; j < height; j++)
    for (int i = 0; i < width; i++)
      if (h_odata[i * height + j] != h_idata[j * width + i]) errors++;
  printf("transpose %dx%d: %d errors\n", height, width, errors);

  cudaFree(d_odata);
  cudaFree(d_idata);
  cudaFreeHost(h_idata);
  cudaFreeHost(h_odata);
  return errors > 0;
}
