// cuda::pipeline and cuda::barrier of a block, over the copies of async.h. source: CUDA C++ Programming Guide, "Asynchronous Barrier", libcu++
#ifndef KERNELGLOT_PIPELINE_H
#define KERNELGLOT_PIPELINE_H
#include "async.h"

namespace cuda {
enum thread_scope { thread_scope_system, thread_scope_device, thread_scope_block, thread_scope_thread };
template <size_t Alignment> struct aligned_size_t {
  size_t value;
  constexpr explicit aligned_size_t(size_t value) : value(value) {}
  constexpr operator size_t() const { return value; }
};
// What threads of a block share of a pipeline lies here, but each waits for its own copies and then for the others.
template <thread_scope Scope, unsigned char Stages> struct pipeline_shared_state { char unused; };

template <thread_scope Scope> struct pipeline {
  bool shared;                                      // by all threads of the block
  unsigned released;                                // groups that were waited for
  void producer_acquire() {}
  void producer_commit() { kernelglot::async::commit(); }
  void consumer_wait(int line = __builtin_LINE()) {
    kernelglot::async::wait_until(released++, line);
    if (shared) kg_barrier(0, kg_agents, line);
  }
  void consumer_release(int line = __builtin_LINE()) { if (shared) kg_barrier(0, kg_agents, line); }
  bool quit() { return true; }
};
inline pipeline<thread_scope_thread> make_pipeline() { return {false, kernelglot::async::group()}; }
template <class Group, thread_scope Scope, unsigned char Stages>
inline pipeline<Scope> make_pipeline(const Group &group, pipeline_shared_state<Scope, Stages> *, int line = __builtin_LINE()) {
  if (group.num_threads() != kg_agents) kg_fault("unsupported", "a pipeline of only some threads of a block is not emulated", line);
  return {true, kernelglot::async::group()};
}
template <class Group, thread_scope Scope, unsigned char Stages>
inline pipeline<Scope> make_pipeline(const Group &, pipeline_shared_state<Scope, Stages> *, size_t, int line = __builtin_LINE()) {
  kg_fault("unsupported", "a pipeline whose threads are producers or consumers is not emulated", line);
  return {true, 0};
}
template <unsigned Prior, thread_scope Scope> inline void pipeline_consumer_wait_prior(pipeline<Scope> &p, int line = __builtin_LINE()) {
  kernelglot::async::wait_prior(Prior, line);
  p.released = kernelglot::async::group() - Prior;
}

namespace share {
inline void copy_share(size_t rank, size_t threads, void *to, const void *from, size_t bytes, int line) {
  for (size_t at = rank * 16; at < bytes; at += threads * 16) {
    size_t part = bytes - at < 16 ? bytes - at : 16;
    kernelglot::async::begin((char *)to + at, (const char *)from + at, part, part, line);
  }
}
}
template <thread_scope Scope> inline void memcpy_async(void *to, const void *from, size_t bytes, pipeline<Scope> &, int line = __builtin_LINE()) {
  kernelglot::async::begin(to, from, bytes, bytes, line);
}
template <class Group, thread_scope Scope>
inline void memcpy_async(const Group &group, void *to, const void *from, size_t bytes, pipeline<Scope> &, int line = __builtin_LINE()) {
  share::copy_share(group.thread_rank(), group.num_threads(), to, from, bytes, line);
}

// A barrier that all threads of the block arrive at and wait for. Copies that were bound to it have arrived when the wait ends.
template <thread_scope Scope = thread_scope_system> struct barrier {
  struct arrival_token {};
  ptrdiff_t expected;
  friend void init(barrier *self, ptrdiff_t count) { self->expected = count; }
  void check(int line) const {
    if (expected != (ptrdiff_t)kg_agents) kg_fault("unsupported", "a cuda::barrier of another number of threads than the block has is not emulated", line);
  }
  arrival_token arrive(int line = __builtin_LINE()) { check(line); return {}; }
  void wait(arrival_token &&, int line = __builtin_LINE()) const {
    kernelglot::async::commit();
    kernelglot::async::wait_prior(0, line);
    kg_barrier(0, kg_agents, line);
  }
  void arrive_and_wait(int line = __builtin_LINE()) { check(line); wait({}, line); }
};
template <thread_scope Scope> inline void memcpy_async(void *to, const void *from, size_t bytes, barrier<Scope> &, int line = __builtin_LINE()) {
  kernelglot::async::begin(to, from, bytes, bytes, line);
}
template <class Group, thread_scope Scope>
inline void memcpy_async(const Group &group, void *to, const void *from, size_t bytes, barrier<Scope> &, int line = __builtin_LINE()) {
  share::copy_share(group.thread_rank(), group.num_threads(), to, from, bytes, line);
}
}
#endif
