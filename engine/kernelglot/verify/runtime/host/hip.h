// A whole HIP file: the device's side (the prelude) comes before this, the runtime's functions are here.
#ifndef KERNELGLOT_HOST_HIP_H
#define KERNELGLOT_HOST_HIP_H
#define KG_JOIN_(a, b) a##b
#define KG_JOIN(a, b) KG_JOIN_(a, b)
#define KG_CUDA 0
#define KG_API(name) hip##name
#define KG_SHARED_OPT_IN 65536                   // LDS of a workgroup
#define KG_MAJOR 9
#define KG_MINOR 0
#ifndef KG_ARCHITECTURE
#define KG_ARCHITECTURE "gfx90a"
#endif
#include "api.h"
#define HIP_SYMBOL(x) x
#define HIP_KERNEL_NAME(...) __VA_ARGS__
#define hipLaunchKernelGGL(kernel, grid, block, shared, stream, ...) \
  kernelglot::launch(KG_SITE(#kernel), nullptr, [&](auto &...kg_a) { kernel(kg_a...); }, grid, block, shared, stream)(__VA_ARGS__)
#define hipMemcpyHtoD(to, from, bytes) hipMemcpy((void *)(to), from, bytes, hipMemcpyHostToDevice)
#define hipMemcpyDtoH(to, from, bytes) hipMemcpy(to, (const void *)(from), bytes, hipMemcpyDeviceToHost)
#define hipMemcpyDtoD(to, from, bytes) hipMemcpy((void *)(to), (const void *)(from), bytes, hipMemcpyDeviceToDevice)
#endif
