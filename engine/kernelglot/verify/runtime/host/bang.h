// A whole BANG C file: the device's side (the prelude) comes before this; launches and the part of CNRT that programs with one device use are
// here, with the names of both generations of CNRT. Work is done before a call returns, so queues keep their order by themselves.
// source: manuals/bang/parallel.md
#ifndef KERNELGLOT_HOST_BANG_H
#define KERNELGLOT_HOST_BANG_H
#include "unit.h"

extern "C" __attribute__((visibility("hidden"))) void kg_place(const unsigned *) {}
extern "C" __attribute__((visibility("hidden"))) void kg_place_block(const unsigned *) {}

typedef enum {
  cnrtSuccess = 0, cnrtErrorNotReady = 100002, cnrtErrorInit = 100003, cnrtErrorArgsInvalid = 100005, cnrtErrorNoMem = 100100,
  cnrtErrorInvalidConfiguration = 632010, cnrtErrorKernelTrap = 632017, cnrtErrorUnknown = 999991,
  CNRT_RET_SUCCESS = 0, CNRT_RET_ERR_INVALID = 100005, CNRT_RET_ERR_NOMEM = 100100, CNRT_RET_ERR_UNKNOWN = 999991,
} cnrtRet_t;
typedef struct { unsigned x, y, z; } cnrtDim3_t;
typedef enum {
  cnrtFuncTypeBlock = 1, cnrtFuncTypeUnion1 = 4, cnrtFuncTypeUnion2 = 8, cnrtFuncTypeUnion4 = 16, cnrtFuncTypeUnion8 = 32, cnrtFuncTypeUnion16 = 64,
  CNRT_FUNC_TYPE_BLOCK = 1, CNRT_FUNC_TYPE_UNION1 = 4, CNRT_FUNC_TYPE_UNION2 = 8, CNRT_FUNC_TYPE_UNION4 = 16, CNRT_FUNC_TYPE_UNION8 = 32,
  CNRT_FUNC_TYPE_UNION16 = 64,
} cnrtFunctionType_t;
typedef cnrtFunctionType_t cnrtKernelClass_t;
typedef enum {
  cnrtMemcpyHostToHost, cnrtMemcpyHostToDev, cnrtMemcpyDevToHost, cnrtMemcpyDevToDev, cnrtMemcpyPeerToPeer, cnrtMemcpyNoDirection,
  CNRT_MEM_TRANS_DIR_HOST2HOST = 0, CNRT_MEM_TRANS_DIR_HOST2DEV = 1, CNRT_MEM_TRANS_DIR_DEV2HOST = 2, CNRT_MEM_TRANS_DIR_DEV2DEV = 3,
} cnrtMemTransDir_t;
typedef struct KG_QueueHandle { unsigned flags; } *cnrtQueue_t;
typedef struct KG_NotifierHandle { double when; } *cnrtNotifier_t;
typedef int cnrtDev_t;

namespace kernelglot {
inline cnrtRet_t give(int error) {
  if (kg_sticky()) return cnrtErrorKernelTrap;
  if (error) last_error = error;
  return (cnrtRet_t)error;
}
inline cnrtRet_t finish() { return give(0); }

template <class Kernel, class... A> struct TaskCall { Kernel kernel; std::tuple<A...> arguments; };
template <class Kernel, class... A> void run_task(const void *given) {
  TaskCall<Kernel, A...> call = *(const TaskCall<Kernel, A...> *)given;
  std::apply(call.kernel, call.arguments);
  bang_finish();
}
template <class Kernel> struct TaskLauncher {
  Site site;
  Kernel kernel;
  cnrtDim3_t dim;
  int type, flags;
  template <class... A> void operator()(A &&...given) const {
    unsigned long long tasks = (unsigned long long)dim.x * dim.y * dim.z;
    int clusters = type / 4;
    if (!tasks || tasks > 1u << 20 || (clusters && dim.x % (4 * clusters))) { last_error = cnrtErrorInvalidConfiguration; return; }
    TaskCall<Kernel, std::decay_t<A>...> call{kernel, {std::forward<A>(given)...}};
    const void *pointers[] = {nullptr, pointer_value<std::decay_t<A>>(given)...};
#ifdef BANG_MEMORY_CORE
    const unsigned agents = 5;
#else
    const unsigned agents = 4;
#endif
#ifdef KG_TASKS_WAIT
    const int waits = KG_HOST_WAITS;
#else
    const int waits = 0;
#endif
    kg_host_launch launch{site.kernel, site.file, site.line, flags | KG_HOST_TASKS | waits, {dim.x, dim.y, dim.z}, {1, 1, 1}, 0, 32, (unsigned)clusters, agents,
                          run_task<Kernel, std::decay_t<A>...>, &call, pointers + 1, sizeof...(A)};
    kg_host_run(&launch);
  }
};
template <class Kernel> inline TaskLauncher<Kernel> launch(Site site, const void *, Kernel kernel, cnrtDim3_t dim, int type, cnrtQueue_t = nullptr) {
  return {site, kernel, dim, type, 0};
}
template <class T> inline cnrtRet_t allocate(T **result, size_t bytes, int kind) {
  if (!result) return give(cnrtErrorArgsInvalid);
  *result = bytes ? (T *)kg_allocate(bytes, kind, 0) : nullptr;
  return give(*result || !bytes ? 0 : cnrtErrorNoMem);
}
}
#define KG_SITE(name) kernelglot::Site {name, __FILE__, __LINE__}

#define KG_CNRT inline cnrtRet_t
KG_CNRT cnrtInit(unsigned) { return kernelglot::give(0); }
inline void cnrtDestroy() {}
KG_CNRT cnrtGetDeviceCount(unsigned *count) { if (!count) return kernelglot::give(cnrtErrorArgsInvalid); *count = 1; return kernelglot::give(0); }
KG_CNRT cnrtGetDevice(int *device) { if (!device) return kernelglot::give(cnrtErrorArgsInvalid); *device = 0; return kernelglot::give(0); }
KG_CNRT cnrtGetDeviceHandle(cnrtDev_t *device, int number) { if (!device || number) return kernelglot::give(cnrtErrorArgsInvalid); *device = 0; return kernelglot::give(0); }
KG_CNRT cnrtSetDevice(int device) { return kernelglot::give(device ? cnrtErrorArgsInvalid : 0); }
KG_CNRT cnrtSetCurrentDevice(cnrtDev_t device) { return kernelglot::give(device ? cnrtErrorArgsInvalid : 0); }
KG_CNRT cnrtSyncDevice() { return kernelglot::finish(); }
KG_CNRT cnrtDeviceReset() { kg_reset(); kernelglot::last_error = 0; return cnrtSuccess; }
KG_CNRT cnrtPeekAtLastError() { return kg_sticky() ? cnrtErrorKernelTrap : (cnrtRet_t)kernelglot::last_error; }
KG_CNRT cnrtGetLastError() { cnrtRet_t error = cnrtPeekAtLastError(); kernelglot::last_error = 0; return error; }
inline const char *cnrtGetErrorStr(cnrtRet_t error) {
  switch ((int)error) {
    case cnrtSuccess: return "no error";
    case cnrtErrorArgsInvalid: return "invalid argument";
    case cnrtErrorNoMem: return "out of memory";
    case cnrtErrorInvalidConfiguration: return "invalid configuration of a launch";
    case cnrtErrorKernelTrap: return "a kernel ended with a fault";
    default: return "unknown error";
  }
}
inline const char *cnrtGetErrorName(cnrtRet_t error) { return cnrtGetErrorStr(error); }

template <class T> KG_CNRT cnrtMalloc(T **pointer, size_t bytes) { return kernelglot::allocate(pointer, bytes, KG_DEVICE); }
template <class T> KG_CNRT cnrtMallocHost(T **pointer, size_t bytes, unsigned = 0) { return kernelglot::allocate(pointer, bytes, KG_PINNED); }
template <class T> KG_CNRT cnrtHostMalloc(T **pointer, size_t bytes) { return kernelglot::allocate(pointer, bytes, KG_PINNED); }
KG_CNRT cnrtFree(void *pointer) { return kernelglot::give(!pointer || kg_release(pointer, KG_DEVICE) ? 0 : cnrtErrorArgsInvalid); }
KG_CNRT cnrtFreeHost(void *pointer) { return kernelglot::give(!pointer || kg_release(pointer, KG_PINNED) ? 0 : cnrtErrorArgsInvalid); }
KG_CNRT cnrtMemcpy(void *to, const void *from, size_t bytes, cnrtMemTransDir_t direction) {
  if (cnrtRet_t fault = kernelglot::give(0)) return fault;
  kg_allocation found;
  bool device_to = kg_own_address(to) || kg_allocation_of(to, &found), device_from = kg_own_address(from) || kg_allocation_of(from, &found);
  bool fits = direction == cnrtMemcpyHostToDev ? device_to : direction == cnrtMemcpyDevToHost ? device_from : direction != cnrtMemcpyDevToDev || (device_to && device_from);
  return kernelglot::give(!bytes || (to && from && fits && kg_copy(to, from, bytes)) ? 0 : cnrtErrorArgsInvalid);
}
KG_CNRT cnrtMemcpyAsync(void *to, const void *from, size_t bytes, cnrtQueue_t, cnrtMemTransDir_t direction) { return cnrtMemcpy(to, from, bytes, direction); }
KG_CNRT cnrtMemset(void *to, int value, size_t bytes) { return kernelglot::give(!bytes || (to && kg_fill(to, value, bytes)) ? 0 : cnrtErrorArgsInvalid); }
KG_CNRT cnrtMemsetAsync(void *to, int value, size_t bytes, cnrtQueue_t) { return cnrtMemset(to, value, bytes); }
KG_CNRT cnrtMemGetInfo(size_t *free_bytes, size_t *total) {
  if (!free_bytes || !total) return kernelglot::give(cnrtErrorArgsInvalid);
  *total = kg_memory_total(), *free_bytes = *total - kg_memory_used();
  return kernelglot::give(0);
}

KG_CNRT cnrtQueueCreate(cnrtQueue_t *queue) { if (!queue) return kernelglot::give(cnrtErrorArgsInvalid); *queue = new KG_QueueHandle{}; return kernelglot::give(0); }
KG_CNRT cnrtCreateQueue(cnrtQueue_t *queue) { return cnrtQueueCreate(queue); }
KG_CNRT cnrtQueueDestroy(cnrtQueue_t queue) { delete queue; return kernelglot::give(0); }
KG_CNRT cnrtDestroyQueue(cnrtQueue_t queue) { return cnrtQueueDestroy(queue); }
KG_CNRT cnrtQueueSync(cnrtQueue_t) { return kernelglot::finish(); }
KG_CNRT cnrtSyncQueue(cnrtQueue_t) { return kernelglot::finish(); }
KG_CNRT cnrtQueueQuery(cnrtQueue_t) { return kernelglot::finish(); }
KG_CNRT cnrtQueueWaitNotifier(cnrtNotifier_t, cnrtQueue_t, unsigned = 0) { return kernelglot::give(0); }
KG_CNRT cnrtNotifierCreate(cnrtNotifier_t *made) { if (!made) return kernelglot::give(cnrtErrorArgsInvalid); *made = new KG_NotifierHandle{-1}; return kernelglot::give(0); }
KG_CNRT cnrtCreateNotifier(cnrtNotifier_t *made) { return cnrtNotifierCreate(made); }
KG_CNRT cnrtNotifierDestroy(cnrtNotifier_t notifier) { delete notifier; return kernelglot::give(0); }
KG_CNRT cnrtDestroyNotifier(cnrtNotifier_t *notifier) { if (notifier) delete *notifier; return kernelglot::give(0); }
KG_CNRT cnrtPlaceNotifier(cnrtNotifier_t notifier, cnrtQueue_t) {
  if (!notifier) return kernelglot::give(cnrtErrorArgsInvalid);
  notifier->when = kg_clock();
  return kernelglot::give(0);
}
KG_CNRT cnrtWaitNotifier(cnrtNotifier_t) { return kernelglot::finish(); }
KG_CNRT cnrtQueryNotifier(cnrtNotifier_t) { return kernelglot::finish(); }
KG_CNRT cnrtNotifierDuration(cnrtNotifier_t from, cnrtNotifier_t to, float *microseconds) {
  if (!from || !to || !microseconds || from->when < 0 || to->when < 0) return kernelglot::give(cnrtErrorArgsInvalid);
  *microseconds = (float)(1e6 * (to->when - from->when));
  return kernelglot::give(0);
}
KG_CNRT cnrtNotifierElapsedTime(cnrtNotifier_t from, cnrtNotifier_t to, float *milliseconds) {
  cnrtRet_t error = cnrtNotifierDuration(from, to, milliseconds);
  if (!error) *milliseconds *= 1e-3f;
  return error;
}
#ifndef CNRT_CHECK
#define CNRT_CHECK(...) do { cnrtRet_t kg_error = (cnrtRet_t)(__VA_ARGS__); if (kg_error) { \
  fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #__VA_ARGS__, cnrtGetErrorStr(kg_error)); exit(EXIT_FAILURE); } } while (0)
#endif
#ifndef GET_LAST_ERROR
#define cnrtCheckLastError() cnrtGetLastError()
#endif
#endif
