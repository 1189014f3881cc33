// Multi-scale deformable attention, forward: every query samples `num_point` places on every
// feature level, at locations that are themselves data, and sums them with attention weights.
//   value            [batch, spatial_size, num_heads, channels]
//   spatial_shapes   [num_levels, 2]  (height, width)
//   level_start      [num_levels]     first row of a level in spatial_size
//   sampling_loc     [batch, num_query, num_heads, num_levels, num_point, 2]  (x, y), about 0..1
//   attn_weight      [batch, num_query, num_heads, num_levels, num_point]
//   output           [batch, num_query, num_heads, channels]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>
#include <cuda_runtime.h>

const int THREADS_PER_BLOCK = 192;

__device__ float bilinear_sample(const float *__restrict__ bottom, const int height, const int width,
                                 const int num_heads, const int channels, const float h, const float w,
                                 const int m, const int c) {
  const int h_low = (int)floorf(h);
  const int w_low = (int)floorf(w);
  const int h_high = h_low + 1;
  const int w_high = w_low + 1;
  const float lh = h - h_low, lw = w - w_low;
  const float hh = 1.0f - lh, hw = 1.0f - lw;

  const int w_stride = num_heads * channels;
  const int h_stride = width * w_stride;
  const int base = m * channels + c;

  float v1 = 0.0f, v2 = 0.0f, v3 = 0.0f, v4 = 0.0f;
  if (h_low >= 0) {
    if (w_low >= 0) v1 = bottom[h_low * h_stride + w_low * w_stride + base];
    if (w_high <= width - 1) v2 = bottom[h_low * h_stride + w_high * w_stride + base];
  }
  if (h_high <= height - 1) {
    if (w_low >= 0) v3 = bottom[h_high * h_stride + w_low * w_stride + base];
    if (w_high <= width - 1) v4 = bottom[h_high * h_stride + w_high * w_stride + base];
  }
  return hh * hw * v1 + hh * lw * v2 + lh * hw * v3 + lh * lw * v4;
}

__global__ void ms_deform_attn_forward(const int n, const float *__restrict__ value,
                                       const int *__restrict__ spatial_shapes,
                                       const int *__restrict__ level_start,
                                       const float *__restrict__ sampling_loc,
                                       const float *__restrict__ attn_weight, const int spatial_size,
                                       const int num_heads, const int channels, const int num_levels,
                                       const int num_query, const int num_point, float *__restrict__ output) {
  const int index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= n) return;

  int rest = index;
  const int c_col = rest % channels;
  rest /= channels;
  const int sampling_index = rest;  // ((batch * num_query) + query) * num_heads + head
  const int m_col = rest % num_heads;
  rest /= num_heads;
  rest /= num_query;                // the query itself is only needed inside sampling_index
  const int b_col = rest;

  int weight_ptr = sampling_index * num_levels * num_point;
  int loc_ptr = weight_ptr << 1;
  const float *value_of_image = value + b_col * spatial_size * num_heads * channels;

  float col = 0.0f;
  for (int level = 0; level < num_levels; ++level) {
    const int level_h = spatial_shapes[2 * level];
    const int level_w = spatial_shapes[2 * level + 1];
    const float *value_of_level = value_of_image + level_start[level] * num_heads * channels;
    for (int point = 0; point < num_point; ++point) {
      const float loc_w = sampling_loc[loc_ptr];
      const float loc_h = sampling_loc[loc_ptr + 1];
      const float weight = attn_weight[weight_ptr];
      const float h_im = loc_h * level_h - 0.5f;
      const float w_im = loc_w * level_w - 0.5f;
      if (h_im > -1 && w_im > -1 && h_im < level_h && w_im < level_w) {
        col += bilinear_sample(value_of_level, level_h, level_w, num_heads, channels, h_im, w_im, m_col, c_col) * weight;
      }
      weight_ptr += 1;
      loc_ptr += 2;
    }
  }
  output[index] = col;
}

template <typename T>
T *to_device(const std::vector<T> &host) {
  T *device = nullptr;
  cudaMalloc(&device, host.size() * sizeof(T));
  cudaMemcpy(device, host.data(), host.size() * sizeof(T), cudaMemcpyHostToDevice);
  return device;
}

int main() {
  const int batch = 2, num_query = 11, num_heads = 4, channels = 8, num_levels = 3, num_point = 4;
  const std::vector<int> spatial_shapes = {12, 10, 6, 5, 3, 3};
  const std::vector<int> level_start = {0, 120, 150};
  const int spatial_size = 159;

  std::vector<float> value(batch * spatial_size * num_heads * channels);
  std::vector<float> sampling_loc(batch * num_query * num_heads * num_levels * num_point * 2);
  std::vector<float> attn_weight(batch * num_query * num_heads * num_levels * num_point);
  for (size_t i = 0; i < value.size(); ++i) value[i] = std::cos(0.11f * i);
  for (auto &x : sampling_loc) x = 1.2f * rand() / RAND_MAX - 0.1f;  // a few fall outside the level
  for (auto &x : attn_weight) x = 1.0f / (num_levels * num_point);

  const int n = batch * num_query * num_heads * channels;
  std::vector<float> output(n);
  float *d_value = to_device(value);
  int *d_shapes = to_device(spatial_shapes);
  int *d_start = to_device(level_start);
  float *d_loc = to_device(sampling_loc);
  float *d_weight = to_device(attn_weight);
  float *d_output = nullptr;
  cudaMalloc(&d_output, n * sizeof(float));

  const int num_blocks = (n + THREADS_PER_BLOCK - 1) / THREADS_PER_BLOCK;
  ms_deform_attn_forward<<<num_blocks, THREADS_PER_BLOCK>>>(n, d_value, d_shapes, d_start, d_loc, d_weight, spatial_size,
                                                            num_heads, channels, num_levels, num_query, num_point, d_output);
  cudaMemcpy(output.data(), d_output, n * sizeof(float), cudaMemcpyDeviceToHost);

  float checksum = 0.0f;
  for (float x : output) checksum += x;
  printf("ms_deform_attn_forward: %s, checksum %f\n", cudaGetErrorString(cudaGetLastError()), checksum);
  cudaFree(d_value);
  cudaFree(d_shapes);
  cudaFree(d_start);
  cudaFree(d_loc);
  cudaFree(d_weight);
  cudaFree(d_output);
  return 0;
}
