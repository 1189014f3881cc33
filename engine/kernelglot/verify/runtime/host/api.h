// The part of the CUDA and HIP runtime that programs with one device use. The two differ in their prefix: KG_API(Malloc) is cudaMalloc or
// hipMalloc (KG_API is defined by cuda.h and hip.h here). Work is done before a call returns, so streams keep their order by themselves;
// errors come back where a device would give them: a launch that is refused at the next GetLastError, a fault of a kernel from then on.
#include "simt_unit.h"

enum KG_API(Error_t) : int {
  KG_API(Success) = 0, KG_API(ErrorInvalidValue) = 1, KG_API(ErrorMemoryAllocation) = 2, KG_API(ErrorOutOfMemory) = 2,
  KG_API(ErrorInitializationError) = 3, KG_API(ErrorNotInitialized) = 3, KG_API(ErrorInvalidConfiguration) = 9, KG_API(ErrorInvalidPitchValue) = 12,
  KG_API(ErrorInvalidSymbol) = 13, KG_API(ErrorInvalidDevicePointer) = 17, KG_API(ErrorInvalidMemcpyDirection) = 21, KG_API(ErrorInsufficientDriver) = 35,
  KG_API(ErrorInvalidDeviceFunction) = 98, KG_API(ErrorNoDevice) = 100, KG_API(ErrorInvalidDevice) = 101, KG_API(ErrorInvalidResourceHandle) = 400,
  KG_API(ErrorInvalidHandle) = 400, KG_API(ErrorNotReady) = 600, KG_API(ErrorIllegalAddress) = 700, KG_API(ErrorLaunchOutOfResources) = 701,
  KG_API(ErrorLaunchTimeout) = 702, KG_API(ErrorLaunchTimeOut) = 702, KG_API(ErrorPeerAccessAlreadyEnabled) = 704,
  KG_API(ErrorPeerAccessNotEnabled) = 705, KG_API(ErrorAssert) = 710, KG_API(ErrorHostMemoryAlreadyRegistered) = 712,
  KG_API(ErrorHostMemoryNotRegistered) = 713, KG_API(ErrorIllegalInstruction) = 715, KG_API(ErrorMisalignedAddress) = 716,
  KG_API(ErrorLaunchFailure) = 719, KG_API(ErrorCooperativeLaunchTooLarge) = 720, KG_API(ErrorNotSupported) = 801, KG_API(ErrorUnknown) = 999,
};
typedef KG_API(Error_t) KG_API(Error);

namespace kernelglot {
using Error = KG_API(Error_t);
struct ErrorText { int code; const char *name, *text; };
#define KG_STRING_(x) #x
#define KG_STRING(x) KG_STRING_(x)
#define KG_TEXT(name, text) {KG_API(name), KG_STRING(KG_API(name)), text},
inline constexpr ErrorText error_texts[] = {
  KG_TEXT(Success, "no error") KG_TEXT(ErrorInvalidValue, "invalid argument") KG_TEXT(ErrorMemoryAllocation, "out of memory")
  KG_TEXT(ErrorInitializationError, "initialization error") KG_TEXT(ErrorInvalidConfiguration, "invalid configuration argument")
  KG_TEXT(ErrorInvalidPitchValue, "invalid pitch argument") KG_TEXT(ErrorInvalidSymbol, "invalid device symbol")
  KG_TEXT(ErrorInvalidDevicePointer, "invalid device pointer") KG_TEXT(ErrorInvalidMemcpyDirection, "invalid copy direction for memcpy")
  KG_TEXT(ErrorInvalidDeviceFunction, "invalid device function") KG_TEXT(ErrorNoDevice, "no CUDA-capable device is detected")
  KG_TEXT(ErrorInvalidDevice, "invalid device ordinal") KG_TEXT(ErrorInvalidResourceHandle, "invalid resource handle")
  KG_TEXT(ErrorNotReady, "device not ready") KG_TEXT(ErrorIllegalAddress, "an illegal memory access was encountered")
  KG_TEXT(ErrorLaunchOutOfResources, "too many resources requested for launch") KG_TEXT(ErrorAssert, "device-side assert triggered")
  KG_TEXT(ErrorHostMemoryAlreadyRegistered, "part or all of the requested memory range is already mapped")
  KG_TEXT(ErrorHostMemoryNotRegistered, "pointer does not correspond to a registered memory region")
  KG_TEXT(ErrorMisalignedAddress, "misaligned address") KG_TEXT(ErrorLaunchFailure, "unspecified launch failure")
  KG_TEXT(ErrorCooperativeLaunchTooLarge, "too many blocks in cooperative launch") KG_TEXT(ErrorNotSupported, "operation not supported")
};
// Every call gives the fault of a kernel that came before it; else its own error, which GetLastError repeats.
inline Error give(int error) {
  if (int fault = sticky_error()) return (Error)fault;
  if (error) last_error = error;
  return (Error)error;
}
inline const ErrorText *text_of(int error) {
  for (const ErrorText &each : error_texts) if (each.code == error) return &each;
  return nullptr;
}
struct StreamState { unsigned flags; int priority; };
struct EventState { double when; unsigned flags; };
}
inline const char *KG_API(GetErrorString)(KG_API(Error_t) error) { auto *found = kernelglot::text_of(error); return found ? found->text : "unrecognized error code"; }
inline const char *KG_API(GetErrorName)(KG_API(Error_t) error) { auto *found = kernelglot::text_of(error); return found ? found->name : "unrecognized error code"; }
inline KG_API(Error_t) KG_API(PeekAtLastError)() { int fault = kernelglot::sticky_error(); return (KG_API(Error_t))(fault ? fault : kernelglot::last_error); }
inline KG_API(Error_t) KG_API(GetLastError)() {
  KG_API(Error_t) error = KG_API(PeekAtLastError)();
  kernelglot::last_error = 0;
  return error;
}

// ---- memory --------------------------------------------------------------------------------------------------------------------
enum KG_API(MemcpyKind) { KG_API(MemcpyHostToHost), KG_API(MemcpyHostToDevice), KG_API(MemcpyDeviceToHost), KG_API(MemcpyDeviceToDevice), KG_API(MemcpyDefault) };
enum { KG_API(MemAttachGlobal) = 1, KG_API(MemAttachHost) = 2, KG_API(HostAllocDefault) = 0, KG_API(HostAllocPortable) = 1, KG_API(HostAllocMapped) = 2,
       KG_API(HostAllocWriteCombined) = 4, KG_API(HostMallocDefault) = 0, KG_API(HostMallocPortable) = 1, KG_API(HostMallocMapped) = 2,
       KG_API(HostRegisterDefault) = 0, KG_API(HostRegisterPortable) = 1, KG_API(HostRegisterMapped) = 2, KG_API(StreamDefault) = 0,
       KG_API(StreamNonBlocking) = 1, KG_API(EventDefault) = 0, KG_API(EventBlockingSync) = 1, KG_API(EventDisableTiming) = 2,
       KG_API(OccupancyDefault) = 0, KG_API(CpuDeviceId) = -1, KG_API(InvalidDeviceId) = -2 };
typedef struct KG_StreamHandle : kernelglot::StreamState {} *KG_API(Stream_t);
typedef struct KG_EventHandle : kernelglot::EventState {} *KG_API(Event_t);
struct KG_API(Extent) { size_t width, height, depth; };
struct KG_API(Pos) { size_t x, y, z; };
struct KG_API(PitchedPtr) { void *ptr; size_t pitch, xsize, ysize; };
struct KG_API(Memcpy3DParms) { void *srcArray; KG_API(Pos) srcPos; KG_API(PitchedPtr) srcPtr; void *dstArray; KG_API(Pos) dstPos; KG_API(PitchedPtr) dstPtr;
                              KG_API(Extent) extent; KG_API(MemcpyKind) kind; };
inline KG_API(Extent) KG_JOIN(make_, KG_API(Extent))(size_t width, size_t height, size_t depth) { return {width, height, depth}; }
inline KG_API(Pos) KG_JOIN(make_, KG_API(Pos))(size_t x, size_t y, size_t z) { return {x, y, z}; }
inline KG_API(PitchedPtr) KG_JOIN(make_, KG_API(PitchedPtr))(void *pointer, size_t pitch, size_t x, size_t y) { return {pointer, pitch, x, y}; }

namespace kernelglot {
template <class T> inline Error allocate(T **result, size_t bytes, int kind, unsigned flags = 0) {
  if (!result) return give(INVALID_VALUE);
  *result = nullptr;
  if (Error fault = give(0)) return fault;
  if (!bytes) return give(0);
  *result = (T *)kg_allocate(bytes, kind, flags);
  return give(*result ? NO_ERROR : OUT_OF_MEMORY);
}
// Where an address lies, as far as a direction of copying is concerned.
inline bool on_device(const void *pointer) { kg_allocation found; return kg_allocation_of(pointer, &found) && found.kind == KG_DEVICE; }
inline bool on_host(const void *pointer) { return !on_device(pointer); }
inline bool direction_fits(const void *to, const void *from, int kind) {
  kg_allocation found;
  auto reachable = [&](const void *pointer) { return kg_own_address(pointer) || kg_allocation_of(pointer, &found); };
  switch (kind) {
    case KG_API(MemcpyHostToHost): return on_host(to) && on_host(from);
    case KG_API(MemcpyHostToDevice): return reachable(to) && on_host(from);
    case KG_API(MemcpyDeviceToHost): return on_host(to) && reachable(from);
    case KG_API(MemcpyDeviceToDevice): return reachable(to) && reachable(from);
    default: return kind == KG_API(MemcpyDefault);
  }
}
inline Error copy(void *to, const void *from, size_t bytes, int kind) {
  if (Error fault = give(0)) return fault;
  if (!bytes) return give(0);
  if (!to || !from) return give(INVALID_VALUE);
  if (!direction_fits(to, from, kind)) return give(kind < 0 || kind > 4 ? (int)KG_API(ErrorInvalidMemcpyDirection) : (int)INVALID_VALUE);
  return give(kg_copy(to, from, bytes) ? NO_ERROR : INVALID_VALUE);
}
inline Error copy_rows(char *to, size_t to_pitch, const char *from, size_t from_pitch, size_t width, size_t height, int kind) {
  if (width > to_pitch || width > from_pitch) return give(KG_API(ErrorInvalidPitchValue));
  for (size_t row = 0; row < height; ++row)
    if (Error error = copy(to + row * to_pitch, from + row * from_pitch, width, kind)) return error;
  return give(0);
}
inline Error fill(void *to, int value, size_t bytes) {
  if (Error fault = give(0)) return fault;
  if (bytes && (!to || !(kg_own_address(to) || [&] { kg_allocation found; return kg_allocation_of(to, &found); }()))) return give(INVALID_VALUE);
  return give(!bytes || kg_fill(to, value, bytes) ? NO_ERROR : INVALID_VALUE);
}
inline Error release(void *pointer, int kind) {
  if (Error fault = give(0)) return fault;
  return give(!pointer || kg_release(pointer, kind) ? NO_ERROR : INVALID_VALUE);
}
inline Error finish() { return give(0); }
}
#define KG_FN inline KG_API(Error_t)
template <class T> KG_FN KG_API(Malloc)(T **pointer, size_t bytes) { return kernelglot::allocate(pointer, bytes, KG_DEVICE); }
template <class T> KG_FN KG_API(MallocAsync)(T **pointer, size_t bytes, KG_API(Stream_t) = 0) { return kernelglot::allocate(pointer, bytes, KG_DEVICE); }
template <class T> KG_FN KG_API(MallocManaged)(T **pointer, size_t bytes, unsigned = 1) { return kernelglot::allocate(pointer, bytes, KG_MANAGED); }
template <class T> KG_FN KG_API(MallocHost)(T **pointer, size_t bytes, unsigned flags = 0) { return kernelglot::allocate(pointer, bytes, KG_PINNED, flags); }
template <class T> KG_FN KG_API(HostAlloc)(T **pointer, size_t bytes, unsigned flags = 0) { return kernelglot::allocate(pointer, bytes, KG_PINNED, flags); }
template <class T> KG_FN KG_API(HostMalloc)(T **pointer, size_t bytes, unsigned flags = 0) { return kernelglot::allocate(pointer, bytes, KG_PINNED, flags); }
template <class T> KG_FN KG_API(MallocPitch)(T **pointer, size_t *pitch, size_t width, size_t height) {
  if (!pitch) return kernelglot::give(1);
  *pitch = (width + 511) / 512 * 512;
  return kernelglot::allocate(pointer, *pitch * height, KG_DEVICE);
}
KG_FN KG_API(Malloc3D)(KG_API(PitchedPtr) *result, KG_API(Extent) extent) {
  if (!result) return kernelglot::give(1);
  result->pitch = (extent.width + 511) / 512 * 512, result->xsize = extent.width, result->ysize = extent.height;
  return kernelglot::allocate(&result->ptr, result->pitch * extent.height * extent.depth, KG_DEVICE);
}
KG_FN KG_API(Free)(void *pointer) { return kernelglot::release(pointer, KG_DEVICE); }
KG_FN KG_API(FreeAsync)(void *pointer, KG_API(Stream_t) = 0) { return kernelglot::release(pointer, KG_DEVICE); }
KG_FN KG_API(FreeHost)(void *pointer) { return kernelglot::release(pointer, KG_PINNED); }
KG_FN KG_API(HostFree)(void *pointer) { return kernelglot::release(pointer, KG_PINNED); }
KG_FN KG_API(Memcpy)(void *to, const void *from, size_t bytes, KG_API(MemcpyKind) kind) { return kernelglot::copy(to, from, bytes, kind); }
KG_FN KG_API(MemcpyAsync)(void *to, const void *from, size_t bytes, KG_API(MemcpyKind) kind, KG_API(Stream_t) = 0) { return kernelglot::copy(to, from, bytes, kind); }
KG_FN KG_API(MemcpyPeer)(void *to, int, const void *from, int, size_t bytes) { return kernelglot::copy(to, from, bytes, KG_API(MemcpyDeviceToDevice)); }
KG_FN KG_API(MemcpyPeerAsync)(void *to, int, const void *from, int, size_t bytes, KG_API(Stream_t) = 0) { return kernelglot::copy(to, from, bytes, KG_API(MemcpyDeviceToDevice)); }
KG_FN KG_API(Memcpy2D)(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, KG_API(MemcpyKind) kind) {
  return kernelglot::copy_rows((char *)to, to_pitch, (const char *)from, from_pitch, width, height, kind);
}
KG_FN KG_API(Memcpy2DAsync)(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, KG_API(MemcpyKind) kind, KG_API(Stream_t) = 0) {
  return kernelglot::copy_rows((char *)to, to_pitch, (const char *)from, from_pitch, width, height, kind);
}
KG_FN KG_API(Memcpy3D)(const KG_API(Memcpy3DParms) *p) {
  if (!p || p->srcArray || p->dstArray) return kernelglot::give(p ? (int)KG_API(ErrorNotSupported) : 1);
  for (size_t z = 0; z < p->extent.depth; ++z) {
    char *to = (char *)p->dstPtr.ptr + ((p->dstPos.z + z) * p->dstPtr.ysize + p->dstPos.y) * p->dstPtr.pitch + p->dstPos.x;
    const char *from = (const char *)p->srcPtr.ptr + ((p->srcPos.z + z) * p->srcPtr.ysize + p->srcPos.y) * p->srcPtr.pitch + p->srcPos.x;
    if (KG_API(Error_t) error = kernelglot::copy_rows(to, p->dstPtr.pitch, from, p->srcPtr.pitch, p->extent.width, p->extent.height, p->kind)) return error;
  }
  return kernelglot::give(0);
}
KG_FN KG_API(Memcpy3DAsync)(const KG_API(Memcpy3DParms) *p, KG_API(Stream_t) = 0) { return KG_API(Memcpy3D)(p); }
KG_FN KG_API(Memset)(void *to, int value, size_t bytes) { return kernelglot::fill(to, value, bytes); }
KG_FN KG_API(MemsetAsync)(void *to, int value, size_t bytes, KG_API(Stream_t) = 0) { return kernelglot::fill(to, value, bytes); }
KG_FN KG_API(Memset2D)(void *to, size_t pitch, int value, size_t width, size_t height) {
  for (size_t row = 0; row < height; ++row)
    if (KG_API(Error_t) error = kernelglot::fill((char *)to + row * pitch, value, width)) return error;
  return kernelglot::give(0);
}
KG_FN KG_API(Memset2DAsync)(void *to, size_t pitch, int value, size_t width, size_t height, KG_API(Stream_t) = 0) { return KG_API(Memset2D)(to, pitch, value, width, height); }
KG_FN KG_API(MemGetInfo)(size_t *free_bytes, size_t *total) {
  if (!free_bytes || !total) return kernelglot::give(1);
  *total = kg_memory_total(), *free_bytes = *total - kg_memory_used();
  return kernelglot::give(0);
}
KG_FN KG_API(HostRegister)(void *pointer, size_t bytes, unsigned flags) {
  if (!pointer || !bytes) return kernelglot::give(1);
  return kernelglot::give(kg_register(pointer, bytes, flags) ? 0 : KG_API(ErrorHostMemoryAlreadyRegistered));
}
KG_FN KG_API(HostUnregister)(void *pointer) { return kernelglot::give(kg_unregister(pointer) ? 0 : KG_API(ErrorHostMemoryNotRegistered)); }
template <class T> KG_FN KG_API(HostGetDevicePointer)(T **result, void *pointer, unsigned) {
  kg_allocation found;
  if (!result || !kg_allocation_of(pointer, &found)) return kernelglot::give(1);
  *result = (T *)pointer;
  return kernelglot::give(0);
}
KG_FN KG_API(HostGetFlags)(unsigned *flags, void *pointer) {
  kg_allocation found;
  if (!flags || !kg_allocation_of(pointer, &found)) return kernelglot::give(1);
  *flags = found.flags;
  return kernelglot::give(0);
}
KG_FN KG_API(MemPrefetchAsync)(const void *, size_t, int, KG_API(Stream_t) = 0) { return kernelglot::give(0); }
enum KG_API(MemoryAdvise) { KG_API(MemAdviseSetReadMostly) = 1, KG_API(MemAdviseUnsetReadMostly), KG_API(MemAdviseSetPreferredLocation),
                            KG_API(MemAdviseUnsetPreferredLocation), KG_API(MemAdviseSetAccessedBy), KG_API(MemAdviseUnsetAccessedBy) };
KG_FN KG_API(MemAdvise)(const void *, size_t, KG_API(MemoryAdvise), int) { return kernelglot::give(0); }
enum KG_API(MemoryType) { KG_API(MemoryTypeUnregistered), KG_API(MemoryTypeHost), KG_API(MemoryTypeDevice), KG_API(MemoryTypeManaged) };
struct KG_API(PointerAttributes) { KG_API(MemoryType) type; int device; void *devicePointer, *hostPointer; int isManaged; unsigned allocationFlags; };
typedef KG_API(PointerAttributes) KG_API(PointerAttribute_t);
KG_FN KG_API(PointerGetAttributes)(KG_API(PointerAttributes) *result, const void *pointer) {
  kg_allocation found;
  if (!result) return kernelglot::give(1);
  *result = {};
  if (!kg_allocation_of(pointer, &found)) { result->hostPointer = (void *)pointer; return kernelglot::give(0); }
  result->type = found.kind == KG_DEVICE ? KG_API(MemoryTypeDevice) : found.kind == KG_MANAGED ? KG_API(MemoryTypeManaged) : KG_API(MemoryTypeHost);
  result->devicePointer = (void *)pointer, result->hostPointer = found.kind == KG_DEVICE ? nullptr : (void *)pointer;
  result->isManaged = found.kind == KG_MANAGED, result->allocationFlags = found.flags;
  return kernelglot::give(0);
}

// ---- variables of the device: in this library they are its own ----------------------------------------------------------------
namespace kernelglot {
template <class T> inline char *symbol(const T &variable) { return (char *)__builtin_addressof(variable); }
template <class T> inline char *symbol(T *const &variable) { return kg_own_address(variable) ? (char *)variable : (char *)__builtin_addressof(variable); }
template <class T> inline Error copy_symbol(const T &variable, size_t variable_bytes, void *to, const void *from, size_t bytes, size_t offset) {
  if (Error fault = give(0)) return fault;
  if (variable_bytes && offset + bytes > variable_bytes) return give(INVALID_VALUE);
  return give(kg_copy(to ? to : symbol(variable) + offset, from ? from : symbol(variable) + offset, bytes) ? NO_ERROR : INVALID_VALUE);
}
template <class T> constexpr size_t size_of_symbol() { return std::is_pointer_v<T> ? 0 : sizeof(T); }
}
template <class T> KG_FN KG_API(MemcpyToSymbol)(const T &variable, const void *from, size_t bytes, size_t offset = 0, KG_API(MemcpyKind) = KG_API(MemcpyHostToDevice)) {
  if (!from) return kernelglot::give(1);
  return kernelglot::copy_symbol(variable, kernelglot::size_of_symbol<T>(), nullptr, from, bytes, offset);
}
template <class T> KG_FN KG_API(MemcpyToSymbolAsync)(const T &variable, const void *from, size_t bytes, size_t offset, KG_API(MemcpyKind) kind, KG_API(Stream_t) = 0) {
  return KG_API(MemcpyToSymbol)(variable, from, bytes, offset, kind);
}
template <class T> KG_FN KG_API(MemcpyFromSymbol)(void *to, const T &variable, size_t bytes, size_t offset = 0, KG_API(MemcpyKind) = KG_API(MemcpyDeviceToHost)) {
  if (!to) return kernelglot::give(1);
  return kernelglot::copy_symbol(variable, kernelglot::size_of_symbol<T>(), to, nullptr, bytes, offset);
}
template <class T> KG_FN KG_API(MemcpyFromSymbolAsync)(void *to, const T &variable, size_t bytes, size_t offset, KG_API(MemcpyKind) kind, KG_API(Stream_t) = 0) {
  return KG_API(MemcpyFromSymbol)(to, variable, bytes, offset, kind);
}
template <class P, class T> KG_FN KG_API(GetSymbolAddress)(P **result, const T &variable) {
  if (!result) return kernelglot::give(1);
  *result = (P *)kernelglot::symbol(variable);
  return kernelglot::give(0);
}
template <class T> KG_FN KG_API(GetSymbolSize)(size_t *result, const T &) {
  if (!result) return kernelglot::give(1);
  *result = sizeof(T);
  return kernelglot::give(0);
}

// ---- streams and events ----------------------------------------------------------------------------------------------------------
KG_FN KG_API(StreamCreate)(KG_API(Stream_t) *stream) { if (!stream) return kernelglot::give(1); *stream = new KG_StreamHandle{}; return kernelglot::give(0); }
KG_FN KG_API(StreamCreateWithFlags)(KG_API(Stream_t) *stream, unsigned flags) {
  if (!stream) return kernelglot::give(1);
  *stream = new KG_StreamHandle{{flags, 0}};
  return kernelglot::give(0);
}
KG_FN KG_API(StreamCreateWithPriority)(KG_API(Stream_t) *stream, unsigned flags, int priority) {
  if (!stream) return kernelglot::give(1);
  *stream = new KG_StreamHandle{{flags, priority}};
  return kernelglot::give(0);
}
KG_FN KG_API(DeviceGetStreamPriorityRange)(int *least, int *greatest) { if (least) *least = 0; if (greatest) *greatest = -5; return kernelglot::give(0); }
KG_FN KG_API(StreamDestroy)(KG_API(Stream_t) stream) { if (!stream) return kernelglot::give(KG_API(ErrorInvalidResourceHandle)); delete stream; return kernelglot::give(0); }
KG_FN KG_API(StreamSynchronize)(KG_API(Stream_t)) { return kernelglot::finish(); }
KG_FN KG_API(StreamQuery)(KG_API(Stream_t)) { return kernelglot::finish(); }
KG_FN KG_API(StreamWaitEvent)(KG_API(Stream_t), KG_API(Event_t), unsigned = 0) { return kernelglot::give(0); }
KG_FN KG_API(StreamAddCallback)(KG_API(Stream_t) stream, void (*call)(KG_API(Stream_t), KG_API(Error_t), void *), void *data, unsigned) {
  call(stream, kernelglot::give(0), data);
  return kernelglot::give(0);
}
KG_FN KG_API(LaunchHostFunc)(KG_API(Stream_t), void (*call)(void *), void *data) { call(data); return kernelglot::give(0); }
KG_FN KG_API(EventCreateWithFlags)(KG_API(Event_t) *event, unsigned flags) {
  if (!event) return kernelglot::give(1);
  *event = new KG_EventHandle{{-1.0, flags}};
  return kernelglot::give(0);
}
KG_FN KG_API(EventCreate)(KG_API(Event_t) *event, unsigned flags = 0) { return KG_API(EventCreateWithFlags)(event, flags); }
KG_FN KG_API(EventRecord)(KG_API(Event_t) event, KG_API(Stream_t) = 0) {
  if (!event) return kernelglot::give(KG_API(ErrorInvalidResourceHandle));
  event->when = kg_clock();
  return kernelglot::give(0);
}
KG_FN KG_API(EventSynchronize)(KG_API(Event_t)) { return kernelglot::finish(); }
KG_FN KG_API(EventQuery)(KG_API(Event_t)) { return kernelglot::finish(); }
KG_FN KG_API(EventDestroy)(KG_API(Event_t) event) { delete event; return kernelglot::give(0); }
KG_FN KG_API(EventElapsedTime)(float *milliseconds, KG_API(Event_t) from, KG_API(Event_t) to) {
  if (!milliseconds || !from || !to) return kernelglot::give(KG_API(ErrorInvalidResourceHandle));
  if (from->when < 0 || to->when < 0 || (from->flags | to->flags) & KG_API(EventDisableTiming)) return kernelglot::give(KG_API(ErrorInvalidResourceHandle));
  *milliseconds = (float)(1e3 * (to->when - from->when));
  return kernelglot::give(0);
}

// ---- the device: one, of a size that keeps grids small ------------------------------------------------------------------------------
#define KG_ATTRIBUTES(M) \
  M(MaxThreadsPerBlock, 1, 1024) M(MaxBlockDimX, 2, 1024) M(MaxBlockDimY, 3, 1024) M(MaxBlockDimZ, 4, 64) M(MaxGridDimX, 5, 2147483647) \
  M(MaxGridDimY, 6, 65535) M(MaxGridDimZ, 7, 65535) M(MaxSharedMemoryPerBlock, 8, 49152) M(TotalConstantMemory, 9, 65536) M(WarpSize, 10, KG_WARP) \
  M(MaxRegistersPerBlock, 12, 65536) M(ClockRate, 13, 1000000) M(MultiProcessorCount, 16, 16) M(Integrated, 18, 0) M(CanMapHostMemory, 19, 1) \
  M(ConcurrentKernels, 31, 1) M(MemoryClockRate, 36, 1000000) M(GlobalMemoryBusWidth, 37, 256) M(L2CacheSize, 38, 4194304) \
  M(MaxThreadsPerMultiProcessor, 39, 2048) M(UnifiedAddressing, 41, 1) M(ComputeCapabilityMajor, 75, KG_MAJOR) M(ComputeCapabilityMinor, 76, KG_MINOR) \
  M(MaxSharedMemoryPerMultiprocessor, 81, (int)kernelglot::SHARED_OPT_IN) M(ManagedMemory, 83, 1) M(ConcurrentManagedAccess, 89, 1) \
  M(CooperativeLaunch, 95, 1) M(MaxSharedMemoryPerBlockOptin, 97, (int)kernelglot::SHARED_OPT_IN) M(MemoryPoolsSupported, 115, 1)
#if KG_CUDA
#define KG_ATTRIBUTE(name) cudaDevAttr##name
enum cudaDeviceAttr {
#else
#define KG_ATTRIBUTE(name) hipDeviceAttribute##name
#define hipDeviceAttributeMultiprocessorCount hipDeviceAttributeMultiProcessorCount
enum hipDeviceAttribute_t {
#endif
#define KG_ATTRIBUTE_ROW(name, number, value) KG_ATTRIBUTE(name) = number,
  KG_ATTRIBUTES(KG_ATTRIBUTE_ROW)
};
struct KG_API(DeviceProp) {
  char name[256], gcnArchName[256];
  size_t totalGlobalMem, sharedMemPerBlock, sharedMemPerMultiprocessor, sharedMemPerBlockOptin, totalConstMem, memPitch, textureAlignment;
  int regsPerBlock, regsPerMultiprocessor, warpSize, maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3], clockRate, major, minor, multiProcessorCount;
  int l2CacheSize, maxThreadsPerMultiProcessor, maxBlocksPerMultiProcessor, memoryClockRate, memoryBusWidth, concurrentKernels, integrated, canMapHostMemory;
  int unifiedAddressing, managedMemory, concurrentManagedAccess, cooperativeLaunch, computeMode, asyncEngineCount, ECCEnabled, pciBusID, pciDeviceID;
  int pciDomainID, deviceOverlap, kernelExecTimeoutEnabled, isMultiGpuBoard, pageableMemoryAccess, hostNativeAtomicSupported, persistingL2CacheMaxSize;
};
typedef KG_API(DeviceProp) KG_API(DeviceProp_t);
KG_FN KG_API(GetDeviceProperties)(KG_API(DeviceProp) *p, int device = 0) {
  if (!p || device) return kernelglot::give(p ? (int)KG_API(ErrorInvalidDevice) : 1);
  *p = {};
  snprintf(p->name, sizeof p->name, "Kernelglot emulated device");
  snprintf(p->gcnArchName, sizeof p->gcnArchName, "%s", KG_ARCHITECTURE);
  p->totalGlobalMem = kg_memory_total(), p->sharedMemPerBlock = kernelglot::SHARED_BYTES, p->totalConstMem = 65536, p->memPitch = 2147483647, p->textureAlignment = 512;
  p->sharedMemPerMultiprocessor = p->sharedMemPerBlockOptin = kernelglot::SHARED_OPT_IN, p->regsPerBlock = p->regsPerMultiprocessor = 65536;
  p->warpSize = KG_WARP, p->maxThreadsPerBlock = 1024, p->maxThreadsDim[0] = p->maxThreadsDim[1] = 1024, p->maxThreadsDim[2] = 64;
  p->maxGridSize[0] = 2147483647, p->maxGridSize[1] = p->maxGridSize[2] = 65535, p->clockRate = p->memoryClockRate = 1000000, p->memoryBusWidth = 256;
  p->major = KG_MAJOR, p->minor = KG_MINOR, p->multiProcessorCount = kernelglot::PROCESSORS, p->l2CacheSize = 4194304;
  p->maxThreadsPerMultiProcessor = kernelglot::THREADS_OF_PROCESSOR, p->maxBlocksPerMultiProcessor = 32, p->concurrentKernels = p->canMapHostMemory = 1;
  p->unifiedAddressing = p->managedMemory = p->concurrentManagedAccess = p->cooperativeLaunch = p->asyncEngineCount = p->deviceOverlap = 1;
  return kernelglot::give(0);
}
template <class Attribute> KG_FN KG_API(DeviceGetAttribute)(int *value, Attribute attribute, int device) {
  if (!value || device) return kernelglot::give(value ? (int)KG_API(ErrorInvalidDevice) : 1);
#define KG_ATTRIBUTE_CASE(name, number, is) case number: *value = is; break;
  switch ((int)attribute) { KG_ATTRIBUTES(KG_ATTRIBUTE_CASE) default: return kernelglot::give(1); }
  return kernelglot::give(0);
}
KG_FN KG_API(GetDeviceCount)(int *count) { if (!count) return kernelglot::give(1); *count = 1; return kernelglot::give(0); }
KG_FN KG_API(GetDevice)(int *device) { if (!device) return kernelglot::give(1); *device = 0; return kernelglot::give(0); }
KG_FN KG_API(SetDevice)(int device) { return kernelglot::give(device ? (int)KG_API(ErrorInvalidDevice) : 0); }
KG_FN KG_API(SetDeviceFlags)(unsigned) { return kernelglot::give(0); }
KG_FN KG_API(DriverGetVersion)(int *version) { if (!version) return kernelglot::give(1); *version = 12000; return kernelglot::give(0); }
KG_FN KG_API(RuntimeGetVersion)(int *version) { if (!version) return kernelglot::give(1); *version = 12000; return kernelglot::give(0); }
KG_FN KG_API(DeviceSynchronize)() { return kernelglot::finish(); }
KG_FN KG_API(ThreadSynchronize)() { return kernelglot::finish(); }
KG_FN KG_API(DeviceReset)() { kg_reset(); kernelglot::last_error = 0; kernelglot::function_settings.clear(); return KG_API(Success); }
KG_FN KG_API(DeviceCanAccessPeer)(int *can, int, int) { if (!can) return kernelglot::give(1); *can = 0; return kernelglot::give(0); }
KG_FN KG_API(DeviceEnablePeerAccess)(int, unsigned) { return kernelglot::give(KG_API(ErrorInvalidDevice)); }
enum KG_API(Limit) { KG_API(LimitStackSize), KG_API(LimitPrintfFifoSize), KG_API(LimitMallocHeapSize) };
KG_FN KG_API(DeviceSetLimit)(KG_API(Limit), size_t) { return kernelglot::give(0); }
KG_FN KG_API(DeviceGetLimit)(size_t *value, KG_API(Limit)) { if (!value) return kernelglot::give(1); *value = 262144; return kernelglot::give(0); }
enum KG_API(FuncCache) { KG_API(FuncCachePreferNone), KG_API(FuncCachePreferShared), KG_API(FuncCachePreferL1), KG_API(FuncCachePreferEqual) };
typedef KG_API(FuncCache) KG_API(FuncCache_t);
enum KG_API(SharedMemConfig) { KG_API(SharedMemBankSizeDefault), KG_API(SharedMemBankSizeFourByte), KG_API(SharedMemBankSizeEightByte) };
KG_FN KG_API(DeviceSetCacheConfig)(KG_API(FuncCache)) { return kernelglot::give(0); }
KG_FN KG_API(DeviceSetSharedMemConfig)(KG_API(SharedMemConfig)) { return kernelglot::give(0); }
KG_FN KG_API(ProfilerStart)() { return kernelglot::give(0); }
KG_FN KG_API(ProfilerStop)() { return kernelglot::give(0); }

// ---- functions ---------------------------------------------------------------------------------------------------------------------
struct KG_API(FuncAttributes) { size_t sharedSizeBytes, constSizeBytes, localSizeBytes; int maxThreadsPerBlock, numRegs, ptxVersion, binaryVersion, cacheModeCA,
                               maxDynamicSharedSizeBytes, preferredShmemCarveout; };
enum KG_API(FuncAttribute) { KG_API(FuncAttributeMaxDynamicSharedMemorySize) = 8, KG_API(FuncAttributePreferredSharedMemoryCarveout) = 9 };
template <class F, class Attribute> KG_FN KG_API(FuncSetAttribute)(F *function, Attribute attribute, int value) {
  if (!function) return kernelglot::give(KG_API(ErrorInvalidDeviceFunction));
  if ((int)attribute != KG_API(FuncAttributeMaxDynamicSharedMemorySize)) return kernelglot::give(0);
  if (value < 0 || (unsigned)value > kernelglot::SHARED_OPT_IN) return kernelglot::give(1);
  kernelglot::function_settings.push_back({(const void *)function, value});
  return kernelglot::give(0);
}
template <class F> KG_FN KG_API(FuncSetCacheConfig)(F *, KG_API(FuncCache)) { return kernelglot::give(0); }
template <class F> KG_FN KG_API(FuncSetSharedMemConfig)(F *, KG_API(SharedMemConfig)) { return kernelglot::give(0); }
template <class F> KG_FN KG_API(FuncGetAttributes)(KG_API(FuncAttributes) *result, F *function) {
  if (!result || !function) return kernelglot::give(result ? (int)KG_API(ErrorInvalidDeviceFunction) : 1);
  *result = {};
  result->maxThreadsPerBlock = 1024, result->numRegs = 32, result->ptxVersion = result->binaryVersion = 10 * KG_MAJOR + KG_MINOR;
  result->maxDynamicSharedSizeBytes = (int)kernelglot::most_dynamic_shared((const void *)function);
  return kernelglot::give(0);
}
// As many blocks as threads and dynamic shared memory leave room for; registers are not known here.
template <class F> KG_FN KG_API(OccupancyMaxActiveBlocksPerMultiprocessor)(int *blocks, F *, int threads, size_t shared) {
  if (!blocks || threads < 1) return kernelglot::give(1);
  int warps = (threads + KG_WARP - 1) / KG_WARP, by_threads = threads > 1024 ? 0 : (int)kernelglot::THREADS_OF_PROCESSOR / (warps * KG_WARP);
  *blocks = std::min({32, by_threads, shared ? (int)(kernelglot::SHARED_OPT_IN / shared) : 32});
  return kernelglot::give(0);
}
template <class F> KG_FN KG_API(OccupancyMaxActiveBlocksPerMultiprocessorWithFlags)(int *blocks, F *function, int threads, size_t shared, unsigned) {
  return KG_API(OccupancyMaxActiveBlocksPerMultiprocessor)(blocks, function, threads, shared);
}
template <class F, class Bytes> KG_FN KG_API(OccupancyMaxPotentialBlockSizeVariableSMem)(int *grid, int *block, F *, Bytes, int limit = 0) {
  if (!grid || !block) return kernelglot::give(1);
  *block = limit > 0 && limit < 1024 ? limit : 1024, *grid = (int)kernelglot::PROCESSORS * (int)(kernelglot::THREADS_OF_PROCESSOR / 1024);
  return kernelglot::give(0);
}
template <class F> KG_FN KG_API(OccupancyMaxPotentialBlockSize)(int *grid, int *block, F *function, size_t shared = 0, int limit = 0) {
  return KG_API(OccupancyMaxPotentialBlockSizeVariableSMem)(grid, block, function, shared, limit);
}
