// Launches of CUDA and HIP kernels (see unit.h), and the conditions under which a real device refuses one.
#ifndef KERNELGLOT_HOST_SIMT_UNIT_H
#define KERNELGLOT_HOST_SIMT_UNIT_H
#include "unit.h"

enum KG_API(Error_t) : int;

extern "C" __attribute__((visibility("hidden"))) void kg_place(const unsigned thread[3]) {
  threadIdx = {thread[0], thread[1], thread[2]};
  kernelglot::waited = true;
}
extern "C" __attribute__((visibility("hidden"))) void kg_place_block(const unsigned block[3]) {
  blockIdx = {block[0], block[1], block[2]};
#ifdef KERNELGLOT_ADDRESSES_H
  kernelglot::block_is_fresh = 1;
#endif
}

namespace kernelglot {
enum : int { NO_ERROR = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_CONFIGURATION = 9, INVALID_DEVICE_FUNCTION = 98, ILLEGAL_ADDRESS = 700,
             MISALIGNED = 716, ASSERTION = 710, LAUNCH_FAILURE = 719, TOO_LARGE_TOGETHER = 720 };

// What the host asked of a kernel with FuncSetAttribute, by the kernel's address.
struct FunctionSettings { const void *function; int dynamic_shared; };
inline std::vector<FunctionSettings> function_settings;
enum : unsigned { SHARED_BYTES = 49152, SHARED_OPT_IN = KG_SHARED_OPT_IN, MOST_THREADS_OF_BLOCK = 1024, PROCESSORS = 16, THREADS_OF_PROCESSOR = 2048 };

inline unsigned most_dynamic_shared(const void *function) {
  unsigned most = SHARED_BYTES;
  for (const FunctionSettings &each : function_settings)
    if (!function || each.function == function) most = std::max(most, (unsigned)each.dynamic_shared);
  return most;
}

inline int sticky_error() {
  switch (kg_sticky()) {
    case KG_FAULT_NONE: return NO_ERROR;
    case KG_FAULT_ADDRESS: return ILLEGAL_ADDRESS;
    case KG_FAULT_MISALIGNED: return MISALIGNED;
    case KG_FAULT_ASSERT: return ASSERTION;
    default: return LAUNCH_FAILURE;
  }
}

inline int launch_error(Shape grid, Shape block, size_t shared, const void *function, int flags) {
  unsigned long long threads = (unsigned long long)block.x * block.y * block.z;
  if (!threads || threads > MOST_THREADS_OF_BLOCK || block.x > 1024 || block.y > 1024 || block.z > 64) return INVALID_CONFIGURATION;
  if (!grid.x || !grid.y || !grid.z || grid.x > 2147483647u || grid.y > 65535 || grid.z > 65535) return INVALID_CONFIGURATION;
  if (shared > most_dynamic_shared(function)) return INVALID_VALUE;
  unsigned long long blocks = (unsigned long long)grid.x * grid.y * grid.z;
  if (flags & KG_HOST_COOPERATIVE && blocks > (unsigned long long)PROCESSORS * (THREADS_OF_PROCESSOR / threads)) return TOO_LARGE_TOGETHER;
  return NO_ERROR;
}

template <class Kernel, class... A> struct Call { Kernel kernel; std::tuple<A...> arguments; };

// The threads of a block from kg_agent on. What the loop needs is its own: nothing in the kernel's body can change it.
template <class Kernel, class... A> void run_threads(const void *call) {
  Kernel kernel = ((const Call<Kernel, A...> *)call)->kernel;
  std::tuple<A...> arguments = ((const Call<Kernel, A...> *)call)->arguments;
  const unsigned width = blockDim.x, height = blockDim.y, depth = blockDim.z;
  unsigned agent = kg_agent, x = agent % width, y = agent / width % height, z = agent / width / height;
  waited = false;
  for (; z < depth; ++z, y = 0)
    for (; y < height; ++y, x = 0) {
      threadIdx.y = y, threadIdx.z = z;
      for (; x < width; ++x) {
        threadIdx.x = x, kg_agent = agent++;
        std::apply(kernel, arguments);
        if (waited) return;
      }
    }
}

template <class Kernel> struct Launcher {
  Site site;
  const void *function;
  Kernel kernel;
  Shape grid, block;
  size_t shared;
  int flags;
  template <class... A> void operator()(A &&...given) const {
    if (sticky_error()) return;
    if (int error = launch_error(grid, block, shared, function, flags)) {
      last_error = error;
      return;
    }
    using Made = Call<Kernel, std::decay_t<A>...>;
    Made call{kernel, {std::forward<A>(given)...}};
    const void *pointers[] = {nullptr, pointer_value<std::decay_t<A>>(given)...};
    kg_host_launch launch{site.kernel, site.file, site.line, flags, {grid.x, grid.y, grid.z}, {block.x, block.y, block.z}, (unsigned)shared,
                          KG_WARP, 0, 0, run_threads<Kernel, std::decay_t<A>...>, &call, pointers + 1, sizeof...(A)};
    kg_host_run(&launch);
  }
};
template <class Kernel, class Stream = void *>
inline Launcher<Kernel> launch(Site site, const void *function, Kernel kernel, dim3 grid, dim3 block, size_t shared = 0, Stream = nullptr) {
  return {site, function, kernel, {grid.x, grid.y, grid.z}, {block.x, block.y, block.z}, shared, 0};
}

// cudaLaunchKernel: the arguments come as an array of pointers to them.
template <class... P, size_t... I>
inline void launch_array(Launcher<void (*)(P...)> launcher, void **given, std::index_sequence<I...>) {
  struct Spread {
    void (*function)(P...);
    void operator()(std::decay_t<P> &...arguments) const { function(arguments...); }
  };
  Launcher<Spread>{launcher.site, launcher.function, Spread{launcher.kernel}, launcher.grid, launcher.block, launcher.shared, launcher.flags}(
      *(std::decay_t<P> *)given[I]...);
}
template <int flags, class... P>
inline KG_API(Error_t) launch_function(Site site, void (*function)(P...), dim3 grid, dim3 block, void **given, size_t shared = 0, void * = nullptr) {
  int before = last_error;
  last_error = NO_ERROR;
  launch_array(Launcher<void (*)(P...)>{site, (const void *)function, function, {grid.x, grid.y, grid.z}, {block.x, block.y, block.z}, shared, flags},
               given, std::index_sequence_for<P...>{});
  int error = last_error;
  if (!error) last_error = before;
  return (KG_API(Error_t))error;
}
template <int flags> inline KG_API(Error_t) launch_function(Site site, const void *, dim3, dim3, void **, size_t = 0, void * = nullptr) {
  kg_complain(site.file, site.line, "unsupported", "the type of the kernel is not known where it is launched; name the kernel itself there");
  return (KG_API(Error_t))(last_error = INVALID_DEVICE_FUNCTION);
}
template <class F> inline const void *address(F *function) { return (const void *)function; }
}
#define KG_SITE(name) kernelglot::Site {name, __FILE__, __LINE__}
#endif
