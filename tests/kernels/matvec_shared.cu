/*
 * y = A x. Thread per row; x is staged through shared memory in pieces of blockDim.x,
 * because all rows of the block read it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <cuda_runtime.h>

#define BLOCK 64

__global__ void matvec(const double *A, const double *x, double *y, int nrow, int ncol)
{
	__shared__ double xs[BLOCK];
	int row = blockIdx.x * BLOCK + threadIdx.x;
	double acc = 0.0;

	for (int start = 0; start < ncol; start += BLOCK) {
		int chunk = min(BLOCK, ncol - start);

		/* all threads take part, also those past the last row */
		if (threadIdx.x < chunk)
			xs[threadIdx.x] = x[start + threadIdx.x];
		__syncthreads();

		if (row < nrow) {
			int k = 0;
			while (k < chunk) {
				acc += A[row * ncol + start + k] * xs[k];
				k++;
			}
		}
		__syncthreads();
	}

	if (row < nrow)
		y[row] = acc;
}

int main(void)
{
	int nrow = 83, ncol = 150, i, j;
	double *A, *x, *y, *dA, *dx, *dy;
	int bad = 0;

	A = (double *) malloc(sizeof(*A) * nrow * ncol);
	x = (double *) malloc(sizeof(*x) * ncol);
	y = (double *) malloc(sizeof(*y) * nrow);
	for (i = 0; i < nrow * ncol; i++)
		A[i] = cos(0.01 * i);
	for (i = 0; i < ncol; i++)
		x[i] = 1.0 / (i + 1);

	cudaMalloc((void **) &dA, sizeof(double) * nrow * ncol);
	cudaMalloc((void **) &dx, sizeof(double) * ncol);
	cudaMalloc((void **) &dy, sizeof(double) * nrow);
	cudaMemcpy(dA, A, sizeof(double) * nrow * ncol, cudaMemcpyHostToDevice);
	cudaMemcpy(dx, x, sizeof(double) * ncol, cudaMemcpyHostToDevice);

	int nblock = (nrow + BLOCK - 1) / BLOCK;
	matvec<<<nblock, BLOCK>>>(dA, dx, dy, nrow, ncol);
	cudaMemcpy(y, dy, sizeof(double) * nrow, cudaMemcpyDeviceToHost);

	for (i = 0; i < nrow; i++) {
		double s = 0.0;
		for (j = 0; j < ncol; j++)
			s += A[i * ncol + j] * x[j];
		bad += !(fabs(s - y[i]) < 1e-10);
	}
	printf("matvec: %d bad rows\n", bad);

	cudaFree(dA); cudaFree(dx); cudaFree(dy);
	free(A); free(x); free(y);
	return bad;
}
