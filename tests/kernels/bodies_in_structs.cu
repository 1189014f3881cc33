#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#define BLOCK_SIZE 256
#define SOFTENING 1e-9f

typedef struct { float x, y, z, vx, vy, vz; } Body;

void randomizeBodies(float *data, int n) {
  for (int i = 0; i < n; i++) {
    data[i] = 2.0f * (rand() / (float)RAND_MAX) - 1.0f;
  }
}

__global__
void bodyForce(Body *p, float dt, int n) {
  int i = blockDim.x * blockIdx.x + threadIdx.x;
  if (i < n) {
    float Fx = 0.0f; float Fy = 0.0f; float Fz = 0.0f;

    for (int j = 0; j < n; j++) {
      float dx = p[j].x - p[i].x;
      float dy = p[j].y - p[i].y;
      float dz = p[j].z - p[i].z;
      float distSqr = dx*dx + dy*dy + dz*dz + SOFTENING;
      float invDist = rsqrtf(distSqr);
      float invDist3 = invDist * invDist * invDist;

      Fx += dx * invDist3; Fy += dy * invDist3; Fz += dz * invDist3;
    }

    p[i].vx += dt*Fx; p[i].vy += dt*Fy; p[i].vz += dt*Fz;
  }
}

__global__ void accel4(const float4 *pos, float4 *acc, int n) {
  __shared__ float4 tile[64];
  int i = blockIdx.x * 64 + threadIdx.x;
  float4 me = i < n ? pos[i] : make_float4(0.f, 0.f, 0.f, 0.f);
  float3 a = {0.f, 0.f, 0.f};
  for (int base = 0; base < n; base += 64) {
    int j = base + threadIdx.x;
    tile[threadIdx.x] = j < n ? pos[j] : make_float4(0, 0, 0, 0);
    __syncthreads();
#pragma unroll 8
    for (int k = 0; k < 64; k++) {
      float3 r;
      r.x = tile[k].x - me.x;
      r.y = tile[k].y - me.y;
      r.z = tile[k].z - me.z;
      float d2 = r.x * r.x + r.y * r.y + r.z * r.z + 1e-2f;
      float inv = rsqrtf(d2);
      float s = tile[k].w * inv * inv * inv;
      a.x += r.x * s; a.y += r.y * s; a.z += r.z * s;
    }
    __syncthreads();
  }
  if (i < n) acc[i] = make_float4(a.x, a.y, a.z, 0.f);
}

int main(const int argc, const char** argv) {
  int nBodies = 3000;
  if (argc > 1) nBodies = atoi(argv[1]);
  const float dt = 0.01f; // time step
  const int nIters = 10;  // simulation iterations
  int bytes = nBodies*sizeof(Body);
  float *buf = (float*)malloc(bytes);
  randomizeBodies(buf, 6*nBodies); // Init pos / vel data

  float *d_buf;
  cudaMalloc(&d_buf, bytes);
  Body *d_p = (Body*)d_buf;
  float4 *pos, *acc;
  cudaMalloc(&pos, nBodies * sizeof(float4));
  cudaMalloc(&acc, nBodies * sizeof(float4));

  int nBlocks = (nBodies + BLOCK_SIZE - 1) / BLOCK_SIZE;
  for (int iter = 1; iter <= nIters; iter++) {
    cudaMemcpy(d_buf, buf, bytes, cudaMemcpyHostToDevice);
    bodyForce<<<nBlocks, BLOCK_SIZE>>>(d_p, dt, nBodies); // compute interbody forces
    cudaMemcpy(buf, d_buf, bytes, cudaMemcpyDeviceToHost);
  }
  accel4<<<(nBodies + 63) / 64, 64>>>(pos, acc, nBodies);
  free(buf);
  cudaFree(d_buf);
}
