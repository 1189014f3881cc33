#include <cuda_runtime.h>
#include <cmath>
using real = float;
inline int divup(int a, int b) { return (a + b - 1) / b; }
// One step of the Gray-Scott equations; the grid is a structure passed by value
struct Grid { int nx, ny; real dx, dy; };
__device__ inline int clampi(int v, int lo, int hi) { return v < lo ? lo : (v > hi ? hi : v); }
__device__ real laplace(const real *u, const Grid &g, int i, int j) {
  int im = clampi(i - 1, 0, g.nx - 1), ip = clampi(i + 1, 0, g.nx - 1), jm = clampi(j - 1, 0, g.ny - 1), jp = clampi(j + 1, 0, g.ny - 1);
  return (u[j * g.nx + ip] - 2 * u[j * g.nx + i] + u[j * g.nx + im]) / (g.dx * g.dx) + (u[jp * g.nx + i] - 2 * u[j * g.nx + i] + u[jm * g.nx + i]) / (g.dy * g.dy);
}
__global__ void gray_scott(const real *u, const real *v, real *un, real *vn, Grid g, real du, real dv, real feed, real kill, real dt) {
  for (int j = blockIdx.y * blockDim.y + threadIdx.y; j < g.ny; j += blockDim.y * gridDim.y)
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < g.nx; i += blockDim.x * gridDim.x) {
      const int k = j * g.nx + i;
      const real uvv = u[k] * v[k] * v[k];
      un[k] = u[k] + dt * (du * laplace(u, g, i, j) - uvv + feed * (1 - u[k]));
      vn[k] = v[k] + dt * (dv * laplace(v, g, i, j) + uvv - (feed + kill) * v[k]);
    }
}
int main() {
  Grid g = {70, 45, 0.5f, 0.5f};
  real *u, *v, *un, *vn;
  size_t b = sizeof(real) * g.nx * g.ny;
  cudaMalloc(&u, b); cudaMalloc(&v, b); cudaMalloc(&un, b); cudaMalloc(&vn, b);
  dim3 t(16, 16), q(divup(g.nx, t.x), divup(g.ny, t.y));
  for (int s = 0; s < 100; ++s) { gray_scott<<<q, t>>>(u, v, un, vn, g, 0.16f, 0.08f, 0.035f, 0.065f, 0.1f); std::swap(u, un); std::swap(v, vn); }
}
