// Asynchronous copies that were started and not yet waited for. The bytes move when they are waited for: until then the destination holds
// poison, so that whoever reads it reads poison, and a source or destination that is written in between is found at the wait. Intrinsics
// that touch either are a fault at once.
#pragma once

struct bang_pending_copy {
  bang_pending_copy *next;
  char *dst, *src;                                   // either may be null: nothing is written, nothing is held
  bang_segments segments;
  int pipe, line;
  char data[];                                       // what the source held
};
#ifdef BANG_WITHOUT_ASYNC                             // the text has no asynchronous intrinsic
static inline void bang_wait(int) {}
static inline void bang_finish() {}
static inline void bang_require_settled(const void *, unsigned long, bool, int) {}
static inline bang_pending_copy *bang_begin(void *, const void *, const bang_segments &, int) { return 0; }
static inline void bang_begin_copy(void *, const void *, const bang_segments &, int) {}
static inline void bang_poison(void *, const bang_segments &) {}
static inline void bang_hold(const void *, unsigned long, int) {}
#else
static bang_pending_copy *bang_pending;

/// Ends a copy: nobody has touched either end since it began, so the bytes may have moved at any time.
static inline void bang_complete(bang_pending_copy *copy) {
  const bang_segments &s = copy->segments;
  for (long i = 0; copy->dst && i < s.count; ++i) KG_ASYNC_END(copy->dst + s.to(i), s.size);
  KG_UNWATCHED;
  for (long i = 0; i < s.count; ++i) {
    const char *was = copy->data + i * s.size, *at = copy->dst + s.to(i);
    unsigned long written = copy->dst ? 0 : s.size;
    while (written < s.size && (unsigned char)at[written] == kg_poison) ++written;
    if (written < s.size || (copy->src && memcmp(copy->src + s.from(i), was, s.size)))
      kg_fault("async", written < s.size ? "the destination of an asynchronous copy was written before the copy was waited for"
                                         : "the source of an asynchronous copy was overwritten before the copy was waited for", copy->line);
  }
  for (long i = 0; copy->dst && i < s.count; ++i) memcpy(copy->dst + s.to(i), copy->data + i * s.size, s.size);
}

/// Waits for all copies in these pipelines, the earliest first.
static inline void bang_wait(int pipes) {
  bang_pending_copy **place = &bang_pending;
  while (*place) {
    bang_pending_copy *copy = *place;
    if (!(copy->pipe & pipes)) { place = &copy->next; continue; }
    *place = copy->next;
    bang_complete(copy);
    free(copy);
  }
}

/// Called when a task ends: hardware ends a kernel when all its pipelines are done.
static inline void bang_finish() { bang_wait(BANG_IO | BANG_MOVE | BANG_COMPUTE); }

static inline bool bang_within_reach(const void *start, unsigned long bytes, bang_range reach) {
  return bang_touches(start, bytes, reach.start, reach.stop - reach.start);
}

/// Whether a pending copy writes these bytes, or reads them where they are to be written.
static inline bool bang_waits_for(const bang_pending_copy *copy, const void *start, unsigned long bytes, bool writes, bool *written) {
  const bang_segments &s = copy->segments;
  if (copy->dst && bang_within_reach(start, bytes, bang_reach_to(copy->dst, s)))
    for (long i = 0; i < s.count; ++i)
      if (bang_touches(start, bytes, copy->dst + s.to(i), s.size)) return *written = true;
  *written = false;
  if (writes && copy->src && bang_within_reach(start, bytes, bang_reach_from(copy->src, s)))
    for (long i = 0; i < s.count; ++i)
      if (bang_touches(start, bytes, copy->src + s.from(i), s.size)) return true;
  return false;
}

/// A pipeline runs its own work in order, so a copy may follow a copy of the same pipe.
static inline void bang_require_settled(const void *start, unsigned long bytes, bool writes, int pipe) {
  bool written;
  for (bang_pending_copy *copy = bang_pending; copy; copy = copy->next) {
    if (!bang_waits_for(copy, start, bytes, writes, &written)) continue;
    if (copy->pipe == pipe) return bang_wait(pipe);
    BANG_FAULT("async", "an asynchronous copy that %s these bytes has not been waited for: __sync() is missing",
               written ? "writes" : "reads");
  }
}

/// Starts a copy whose operands were checked: `data` is what moves.
static inline bang_pending_copy *bang_begin(void *dst, const void *src, const bang_segments &s, int pipe) {
  bang_pending_copy *copy = (bang_pending_copy *)malloc(sizeof(bang_pending_copy) + s.count * s.size);
  if (!copy) BANG_FAULT("memory", "no memory for the asynchronous copies that are under way");
  copy->next = 0, copy->dst = (char *)dst, copy->src = (char *)src, copy->segments = s, copy->pipe = pipe, copy->line = bang_line;
  bang_pending_copy **last = &bang_pending;
  while (*last) last = &(*last)->next;
  return *last = copy;
}

static inline void bang_poison(void *dst, const bang_segments &s) {
  for (long i = 0; i < s.count; ++i) memset((char *)dst + s.to(i), kg_poison, s.size);
  for (long i = 0; i < s.count; ++i) KG_ASYNC_BEGIN((char *)dst + s.to(i), s.size);
}

/// These bytes are read until a wait.
static inline void bang_hold(const void *src, unsigned long bytes, int pipe) {
  memcpy(bang_begin(0, src, {bytes, 1, 1, 0, 0, 1, 0, 0}, pipe)->data, src, bytes);
}

/// Starts a copy whose operands were checked. One onto itself is done at once.
static inline void bang_begin_copy(void *dst, const void *src, const bang_segments &s, int pipe) {
  if (bang_onto_itself(dst, src, s)) {
    for (long i = 0; i < s.count; ++i) memmove((char *)dst + s.to(i), (const char *)src + s.from(i), s.size);
    return;
  }
  bang_pending_copy *copy = bang_begin(dst, src, s, pipe);
  for (long i = 0; i < s.count; ++i) memcpy(copy->data + i * s.size, (const char *)src + s.from(i), s.size);
  bang_poison(dst, s);
}
#endif
