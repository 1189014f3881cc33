// A whole CUDA file: the device's side (the prelude) comes before this, the runtime's functions are here.
#ifndef KERNELGLOT_HOST_CUDA_H
#define KERNELGLOT_HOST_CUDA_H
#define KG_JOIN_(a, b) a##b
#define KG_JOIN(a, b) KG_JOIN_(a, b)
#define KG_CUDA 1
#define KG_API(name) cuda##name
#define KG_SHARED_OPT_IN 166912                  // 163 KiB, as an A100 has
#define KG_MAJOR 8
#define KG_MINOR 0
#define KG_ARCHITECTURE "sm_80"
#include "api.h"
#define cudaStreamLegacy ((cudaStream_t)1)
#define cudaStreamPerThread ((cudaStream_t)2)
#define CUDART_CB
namespace nvcuda {}                              // a header that is included for nothing of it
#define cudaDeviceScheduleAuto 0
#define cudaDeviceScheduleBlockingSync 4
#define cudaDeviceMapHost 8
#endif
