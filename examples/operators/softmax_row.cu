/* softmax over the last axis, one thread per row -- fine for short rows */
#include "cuda_runtime.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

__global__ void softmaxRow(float *x, float *y, int nrows, int ncols)
{
	int row = threadIdx.x + blockIdx.x*blockDim.x;

	if (row < nrows)
	{
		float m = x[row*ncols];
		for (int j = 1; j < ncols; ++j)
			if (x[row*ncols + j] > m)
				m = x[row*ncols + j];

		float sum = 0.f;
		for (int j = 0; j < ncols; ++j)
		{
			float e = expf(x[row*ncols + j] - m);
			y[row*ncols + j] = e;	/* keep, it is scaled below */
			sum += e;
		}

		for (int j = 0; j < ncols; ++j)
			y[row*ncols + j] /= sum;
	}
}

int main()
{
	int nrows = 45, ncols = 25;
	size_t nbytes = nrows*ncols*sizeof(float);
	float *x, *y;
	int i, j, fail = 0;

	/* managed memory, so no copies */
	cudaMallocManaged(&x, nbytes);
	cudaMallocManaged(&y, nbytes);

	for (i = 0; i < nrows*ncols; ++i)
		x[i] = (float)((i*7919) % 1000) / 100.f - 5.f;

	int nthreads = 32;
	int nblocks = (nrows + nthreads - 1)/nthreads;
	softmaxRow<<<nblocks, nthreads>>>(x, y, nrows, ncols);
	cudaDeviceSynchronize();

	for (i = 0; i < nrows; ++i)
	{
		float total = 0.f;
		for (j = 0; j < ncols; ++j)
			total += y[i*ncols + j];
		if (!(fabsf(total - 1.f) <= 1e-5f))
			fail = 1;
	}
	printf("softmaxRow: %s\n", fail ? "rows do not sum to one" : "PASS");

	cudaFree(x);
	cudaFree(y);
	return fail;
}
