typedef struct { float4 *pos, *vel; } BodySystem;
__global__ void bodyForce(float4 *p, float4 *v, float dt, int n) {
  int i = blockDim.x * blockIdx.x + threadIdx.x;
  if (i < n) { float s = 0; for (int t = 0; t < n; t++) s += p[t].x; v[i].x += dt*s; }
}
int main(){ int nBodies = 1000; int bytes = 2*nBodies*sizeof(float4); float *d_buf; cudaMalloc(&d_buf, bytes); BodySystem d_p = { (float4*)d_buf, ((float4*)d_buf) + nBodies };
 bodyForce<<<(nBodies+255)/256, 256>>>(d_p.pos, d_p.vel, 0.01f, nBodies); }
