#include <cuda_runtime.h>
#include <stdexcept>
#include <string>
#include <vector>
#include <numeric>

template <typename T>
class DeviceBuffer {
 public:
  explicit DeviceBuffer(size_t count) : count_(count) {
    auto status = cudaMalloc(&data_, count * sizeof(T));
    if (status != cudaSuccess) throw std::runtime_error(cudaGetErrorString(status));
  }
  DeviceBuffer(const DeviceBuffer&) = delete;
  DeviceBuffer& operator=(const DeviceBuffer&) = delete;
  ~DeviceBuffer() { cudaFree(data_); }

  void upload(const std::vector<T>& host) {
    cudaMemcpy(data_, host.data(), host.size() * sizeof(T), cudaMemcpyHostToDevice);
  }
  void download(std::vector<T>& host) const {
    cudaMemcpy(host.data(), data_, count_ * sizeof(T), cudaMemcpyDeviceToHost);
  }
  T* get() { return data_; }
  const T* get() const { return data_; }
  size_t size() const { return count_; }

 private:
  T* data_ = nullptr;
  size_t count_ = 0;
};

// inclusive prefix sum of every row, one thread a row
__global__ void cumsum_rows(const float* in, float* out, size_t rows, size_t cols) {
  const size_t row = blockIdx.x * (size_t)blockDim.x + threadIdx.x;
  if (row >= rows) return;
  float running = 0.f;
  for (size_t col = 0; col < cols; ++col) {
    running += in[row * cols + col];
    out[row * cols + col] = running;
  }
}

int main() {
  const size_t rows = 300, cols = 129;
  std::vector<float> host(rows * cols);
  std::iota(host.begin(), host.end(), 0.f);
  DeviceBuffer<float> input(host.size());
  DeviceBuffer<float> output(rows * cols);
  input.upload(host);
  constexpr unsigned threads = 128;
  const unsigned blocks = static_cast<unsigned>((rows + threads - 1) / threads);
  cumsum_rows<<<blocks, threads>>>(input.get(), output.get(), rows, cols);
  cudaDeviceSynchronize();
  output.download(host);
}
