// Asynchronous copies of one thread. From the start of a copy until the wait that covers it, the destination holds poison; a source that
// changes in between is a fault. source: CUDA C++ Programming Guide, "Asynchronous Data Copies"; PTX ISA, "cp.async"
#ifndef KERNELGLOT_ASYNC_H
#define KERNELGLOT_ASYNC_H
#include "addresses.h"

namespace kernelglot { namespace async {
struct Copy { Copy *next; char *to; const char *from; unsigned bytes, read, group; int line; char data[]; };
// Per thread: copies that nobody has waited for, the newest first, and the group that the next copy belongs to.
struct Thread { Copy *newest; unsigned group; };
#ifdef KG_HOST
inline thread_local Thread threads[1024];        // blocks run on several operating system threads
#else
inline Thread threads[1024];
#endif

inline Thread &mine() {
  if (block_is_fresh) {
    for (Thread &each : threads) each = {0, 0};           // copies of an earlier block that nobody waited for are forgotten
    block_is_fresh = 0;
  }
  return threads[kg_agent];
}
inline Copy *noted(void *to, const void *from, size_t bytes, size_t read, int line) {
  KG_UNWATCHED;
  Thread &thread = mine();
  Copy *copy = (Copy *)malloc(sizeof(Copy) + bytes);
  if (!copy) kg_fault("memory", "no memory for asynchronous copies", line);
  *copy = {thread.newest, (char *)to, (const char *)from, (unsigned)bytes, (unsigned)read, thread.group, line};
  memset(copy->data + read, 0, bytes - read);
  memset(to, kg_poison, bytes);
  thread.newest = copy;
  return copy;
}
// `read` of the bytes come from the source, the rest become zero.
inline void begin(void *to, const void *from, size_t bytes, size_t read, int line) {
  Copy *copy = noted(to, from, bytes, read, line);
  if (read) memcpy(copy->data, from, read);
  KG_ASYNC_BEGIN(to, bytes);
}
inline void check(const Copy *copy) {
  KG_UNWATCHED;
  if (copy->read && memcmp(copy->data, copy->from, copy->read))
    kg_fault("async", "the source of an asynchronous copy was changed before the wait", copy->line);
  for (unsigned i = 0; i < copy->bytes; ++i)
    if ((unsigned char)copy->to[i] != kg_poison) kg_fault("async", "the destination of an asynchronous copy was written before the wait", copy->line);
}
inline void finish(Copy *copy) {
  KG_ASYNC_END(copy->to, copy->bytes);
  check(copy);
  memcpy(copy->to, copy->data, copy->bytes);
  free(copy);
}
// Everything up to and including `last` has arrived.
inline Copy *taken(unsigned last) {
  KG_UNWATCHED;
  Copy **at = &mine().newest, *done = 0;
  while (*at && (int)((*at)->group - last) > 0) at = &(*at)->next;
  for (Copy *copy = *at; copy;) { Copy *next = copy->next; copy->next = done, done = copy, copy = next; }     // the oldest first
  *at = 0;
  return done;
}
inline void wait_until(unsigned last, int) {
  Copy *done = taken(last);
  while (done) { Copy *next = done->next; finish(done); done = next; }
}
inline unsigned group() { KG_UNWATCHED; return mine().group; }
inline void commit() { KG_UNWATCHED; ++mine().group; }
inline void wait_prior(unsigned pending, int line) { wait_until(group() - pending - 1, line); }
inline void wait_all(int line) { wait_until(group(), line); }
// cp.async: 4, 8 or 16 bytes (16 alone where the first level of the cache is left out), aligned to their number.
inline void copy(void *to, const void *from, unsigned bytes, unsigned read, unsigned least, int line) {
  if ((bytes != 4 && bytes != 8 && bytes != 16) || bytes < least)
    kg_fault("length", "an asynchronous copy must have 4, 8 or 16 bytes (16 for cp.async.cg)", line);
  if ((uintptr_t)to % bytes || (uintptr_t)from % bytes) kg_fault("alignment", "an address of an asynchronous copy is not a multiple of its bytes", line);
  begin(to, from, bytes, read < bytes ? read : bytes, line);
}
} }

inline void __pipeline_memcpy_async(void *to, const void *from, size_t bytes, size_t zeros = 0, int line = __builtin_LINE()) {
  if (zeros > bytes) kg_fault("length", "__pipeline_memcpy_async fills more bytes with zero than it has", line);
  if (!kernelglot::is_shared(to)) kg_fault("scope", "the destination of __pipeline_memcpy_async is not in shared memory", line);
  kernelglot::async::copy(to, from, (unsigned)bytes, (unsigned)(bytes - zeros), 4, line);
}
inline void __pipeline_commit() { kernelglot::async::commit(); }
inline void __pipeline_wait_prior(size_t pending, int line = __builtin_LINE()) { kernelglot::async::wait_prior((unsigned)pending, line); }
#endif
