// Comes before the text of a file that `kernelglot emulate` builds, behind its dialect's prelude: how its launches reach the engine.
// A launch `k<<<grid, block, shared, stream>>>(a, b)` was rewritten to
//   kernelglot::launch({"k", "file.cu", 12}, address of k, [&](auto &...kg_a) { k(kg_a...); }, grid, block, shared, stream)(a, b)
#ifndef KERNELGLOT_HOST_UNIT_H
#define KERNELGLOT_HOST_UNIT_H
#include "host.h"

namespace kernelglot {
static thread_local bool waited;                 // the running thread has waited somewhere, so others have run since
enum : unsigned { DYNAMIC_SHARED = 232448 };     // the most that a kernel may ask for

inline thread_local int last_error;              // of this host thread, until it is asked for

struct Site { const char *kernel, *file; int line; };
struct Shape { unsigned x = 1, y = 1, z = 1; };

// The functions that --host makes: the caller's arrays are used as they are, and a fault is told once, in the result.
template <class Launcher, class... A> inline int run_plainly(Launcher launcher, A... arguments) {
  launcher.flags |= KG_HOST_PLAIN_POINTERS;
  last_error = 0;
  launcher(arguments...);
  int refused = last_error, fault = kg_sticky();
  kg_forget_fault();
  return refused ? refused : fault;
}

template <class T> inline const void *pointer_value(const T &argument) {
  if constexpr (std::is_pointer_v<T> && !std::is_function_v<std::remove_pointer_t<T>>) return (const void *)argument;
  else return nullptr;
}
}

#ifdef KG_DYNAMIC_SHARED                         // every `extern __shared__` array is this one (the linker is told)
extern "C" {
__attribute__((aligned(256), visibility("hidden")))
thread_local char kg_dynamic_shared[kernelglot::DYNAMIC_SHARED + 256];
}
#endif
extern "C" __attribute__((used, visibility("hidden"))) inline char *kg_shared_memory() {
#ifdef KG_DYNAMIC_SHARED
  return kg_dynamic_shared;
#else
  return nullptr;
#endif
}
#endif
