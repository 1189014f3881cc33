// Copies and fills. Copy sizes and strides count bytes, fills count elements. A direction names both memories, source first.
// Copies between SRAM and off-chip memory or SRAM are the memory core's: of the agents of a cluster that reach the statement it alone
// performs them, the others pass (what they do is UNCERTAIN), and a Block task, which has no memory core, may not hold one.
// A strided copy into WRAM writes linear addresses, as a copy in one piece does; on hardware a segment may land in other lanes
// (UNCERTAIN, see layout.h). Bytes of a lane behind a size that is no multiple of 8 keep what they held.
#pragma once

typedef enum {
  GDRAM2NRAM, NRAM2GDRAM, LDRAM2NRAM, NRAM2LDRAM, GDRAM2WRAM, WRAM2GDRAM, LDRAM2WRAM, WRAM2LDRAM, NRAM2NRAM, NRAM2WRAM, WRAM2NRAM,
  GDRAM2SRAM, SRAM2GDRAM, LDRAM2SRAM, SRAM2LDRAM, SRAM2NRAM, NRAM2SRAM, SRAM2WRAM, WRAM2SRAM, GDRAM2GDRAM, GDRAM2LDRAM, LDRAM2GDRAM,
  LDRAM2LDRAM, SRAM2SRAM
} mluMemcpyDirection_t;

// Source and destination memory of each direction, in the order of the enumeration.
static const signed char bang_ends[24][2] = {
    {BANG_GDRAM, BANG_NRAM},  {BANG_NRAM, BANG_GDRAM},  {BANG_LDRAM, BANG_NRAM},  {BANG_NRAM, BANG_LDRAM}, {BANG_GDRAM, BANG_WRAM},
    {BANG_WRAM, BANG_GDRAM},  {BANG_LDRAM, BANG_WRAM},  {BANG_WRAM, BANG_LDRAM},  {BANG_NRAM, BANG_NRAM},  {BANG_NRAM, BANG_WRAM},
    {BANG_WRAM, BANG_NRAM},   {BANG_GDRAM, BANG_SRAM},  {BANG_SRAM, BANG_GDRAM},  {BANG_LDRAM, BANG_SRAM}, {BANG_SRAM, BANG_LDRAM},
    {BANG_SRAM, BANG_NRAM},   {BANG_NRAM, BANG_SRAM},   {BANG_SRAM, BANG_WRAM},   {BANG_WRAM, BANG_SRAM},  {BANG_GDRAM, BANG_GDRAM},
    {BANG_GDRAM, BANG_LDRAM}, {BANG_LDRAM, BANG_GDRAM}, {BANG_LDRAM, BANG_LDRAM}, {BANG_SRAM, BANG_SRAM}};

static inline int bang_copy_pipe(int dir) {
  int from = bang_ends[dir][0], to = bang_ends[dir][1];
  if (from >= BANG_LDRAM || to >= BANG_LDRAM) return BANG_IO;
  return from == BANG_NRAM && to == BANG_NRAM ? BANG_COMPUTE : BANG_MOVE;
}

/// One end of a copy: in the memory the direction names, inside its arrays, aligned.
static inline void bang_require_end(const void *pointer, unsigned long bytes, int scope, bool source, bool vector) {
  if (bang_elsewhere(pointer, scope))
    BANG_FAULT("scope", "the %s of the copy lies in %s, and its direction says %s", source ? "source" : "destination",
               bang_scope_names[bang_scope_of(pointer)], bang_scope_names[scope]);
  if (scope <= BANG_SRAM) bang_require_arena(pointer, bytes, scope);
  if (scope == BANG_WRAM && (uintptr_t)pointer % 8) BANG_FAULT("alignment", "a WRAM address of a copy must be a multiple of 8 bytes");
  if (scope == BANG_WRAM) bang_require_multiple(bytes, __BANG_ARCH__ < 300 ? 64 : 16, "the size in bytes of a copy with WRAM");
  if (vector && __BANG_ARCH__ < 300) {
    if ((uintptr_t)pointer % 64) BANG_FAULT("alignment", "an NRAM2NRAM copy needs addresses that are multiples of 64 bytes on 2xx");
    bang_require_multiple(bytes, 128, "the size in bytes of an NRAM2NRAM copy on 2xx");
  }
}

/// Both ends of every segment of a copy.
static inline void bang_require_copy(void *dst, const void *src, const bang_segments &s, int dir) {
  if (s.size == 0) BANG_FAULT("length", "the size of a copy is 0 bytes");
#ifdef BANG_SINGLE_CORE
  if (bang_ends[dir][0] == BANG_SRAM || bang_ends[dir][1] == BANG_SRAM) BANG_FAULT("architecture", "a tp_ target has no SRAM");
#endif
  int pipe = bang_copy_pipe(dir);
  bool vector = dir == NRAM2NRAM;
  for (long i = 0; i < s.count; ++i) {
    char *to = (char *)dst + s.to(i);
    const char *from = (const char *)src + s.from(i);
    bang_require_end(from, s.size, bang_ends[dir][0], true, vector);
    bang_require_end(to, s.size, bang_ends[dir][1], false, vector);
    bang_require_settled(from, s.size, false, pipe);
    bang_require_settled(to, s.size, true, pipe);
  }
}

/// Whether the running agent performs a copy of this direction, see above.
static inline bool bang_performs(int dir) {
  if ((unsigned)dir > SRAM2SRAM) BANG_FAULT("scope", "%d is no copy direction", dir);
  int from = bang_ends[dir][0], to = bang_ends[dir][1];
  if ((from == BANG_SRAM && to >= BANG_SRAM) || (to == BANG_SRAM && from >= BANG_SRAM)) {
    if (!kg_union) BANG_FAULT("launch", "a copy between SRAM and off-chip memory is the memory core's, which a Block task has not");
    return bang_on_memory_core();
  }
  return !bang_on_memory_core();
}

/// The copy in all its forms.
static inline void bang_copy(void *dst, const void *src, const bang_segments &s, int dir, bool waits) {
  if (!bang_performs(dir)) return;
  bang_require_copy(dst, src, s, dir);
  if (!waits) return bang_begin_copy(dst, src, s, bang_copy_pipe(dir));
  for (long i = 0; i < s.count; ++i) memmove((char *)dst + s.to(i), (const char *)src + s.from(i), s.size);
}

static inline bang_segments bang_one_segment(unsigned size) { return {size, 1, 1, 0, 0, 1, 0, 0}; }

static inline bang_segments bang_row_of_segments(unsigned size, unsigned dst_stride, int src_stride, unsigned segnum) {
  bang_require_true(segnum <= 65535, "segnum is over 65535: it is the number of segments minus one");
  bang_require_true(segnum == 0 || dst_stride >= size, "dst_stride is smaller than the size of a segment");
  return {size, segnum + 1l, segnum + 1l, dst_stride, 0, segnum + 1l, src_stride, 0};
}

static inline bang_segments bang_grid_of_segments(unsigned size, int dst_stride0, unsigned dst_segnum1, int dst_stride1,
                                                  unsigned dst_segnum2, int src_stride0, unsigned src_segnum1, int src_stride1,
                                                  unsigned src_segnum2) {
  bang_require_arch(300);
  bang_require_true((dst_segnum1 + 1ul) * (dst_segnum2 + 1ul) == (src_segnum1 + 1ul) * (src_segnum2 + 1ul),
                    "destination and source have different numbers of segments");
  bang_require_true(dst_segnum1 == 0 || labs(dst_stride0) >= (long)size, "dst_stride0 is smaller than the size of a segment");
  bang_require_true(dst_segnum2 == 0 || labs(dst_stride1) >= (long)size, "dst_stride1 is smaller than the size of a segment");
  const long count = (dst_segnum1 + 1l) * (dst_segnum2 + 1l);
  return {size, count, dst_segnum1 + 1l, dst_stride0, dst_stride1, src_segnum1 + 1l, src_stride0, src_stride1};
}

/// The place of `dst` in the SRAM of cluster `id` of this union task.
static inline void *bang_in_cluster(void *dst, unsigned id, int dir) {
  if (__BANG_ARCH__ >= 500)
    BANG_FAULT("architecture", "copies into the SRAM of another cluster do not exist on architecture %d", __BANG_ARCH__);
  if (dir != SRAM2SRAM) BANG_FAULT("scope", "only a copy from SRAM to SRAM names another cluster");
  if (id >= kg_union) BANG_FAULT("length", "cluster %u is not one of the %u of this task", id, kg_union);
  return id == (unsigned)clusterId ? dst : kg_in_cluster(kg_agent / BANG_LANES - clusterId + id, dst, bang_line);
}

/// dst[i] = src[i], `size` bytes; done before later code that uses it.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes  @overlap any
/// @align WRAM: 8 B address, size % 16 (2xx: 64); 2xx NRAM2NRAM: 64 B address, size % 128  @arch all  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir) {
  bang_copy(dst, src, bang_one_segment(size), dir, true);
}

/// dst[i] = src[i], `size` bytes, into the SRAM of another cluster.
/// @operand dst bytes[size] sram  @operand src bytes[size] sram  @length size bytes  @arch mtp_2xx mtp_372  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, unsigned id_dst_cluster) {
  if (!bang_performs(dir)) return;
  bang_require_copy(dst, src, bang_one_segment(size), dir);
  memmove(bang_in_cluster(dst, id_dst_cluster, dir), src, size);
}

/// segnum + 1 segments of `size` bytes; dst_stride and src_stride are bytes between the starts of segments.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, segnum 0..65535 (count minus one)
/// @align as the plain copy; dst_stride >= size  @overlap none  @arch all  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, unsigned dst_stride, int src_stride,
                            unsigned segnum) {
  bang_copy(dst, src, bang_row_of_segments(size, dst_stride, src_stride, segnum), dir, true);
}

/// (dst_segnum1 + 1) * (dst_segnum2 + 1) segments of `size` bytes; stride0 steps inside segnum1, stride1 inside segnum2, in bytes.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, counts minus one
/// @align as the plain copy; strides into WRAM % 8  @overlap none  @arch >=300  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, int dst_stride0, unsigned dst_segnum1,
                            int dst_stride1, unsigned dst_segnum2, int src_stride0, unsigned src_segnum1, int src_stride1,
                            unsigned src_segnum2) {
  bang_copy(dst, src, bang_grid_of_segments(size, dst_stride0, dst_segnum1, dst_stride1, dst_segnum2, src_stride0, src_segnum1, src_stride1,
                                            src_segnum2), dir, true);
}

/// As __memcpy; its operands may not be touched before a wait (`__sync`, `__sync_io`, `__sync_move` or a barrier).
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes  @arch all
/// @source manuals/bang/memory.md
static inline void __memcpy_async(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir) {
  bang_copy(dst, src, bang_one_segment(size), dir, false);
}

/// As __memcpy into the SRAM of another cluster; performed at once here, because that cluster may run before this one waits.
/// @operand dst bytes[size] sram  @operand src bytes[size] sram  @length size bytes  @arch mtp_2xx mtp_372  @source manuals/bang/memory.md
static inline void __memcpy_async(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, unsigned id_dst_cluster) {
  __memcpy(dst, src, size, dir, id_dst_cluster);
}

/// As the strided __memcpy; its operands may not be touched before a wait.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, segnum is the count minus one
/// @arch all  @source manuals/bang/memory.md
static inline void __memcpy_async(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, unsigned dst_stride,
                                  int src_stride, unsigned segnum) {
  bang_copy(dst, src, bang_row_of_segments(size, dst_stride, src_stride, segnum), dir, false);
}

/// As the __memcpy with two levels of segments; its operands may not be touched before a wait.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, counts minus one
/// @arch >=300  @source manuals/bang/memory.md
static inline void __memcpy_async(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, int dst_stride0,
                                  unsigned dst_segnum1, int dst_stride1, unsigned dst_segnum2, int src_stride0, unsigned src_segnum1,
                                  int src_stride1, unsigned src_segnum2) {
  bang_copy(dst, src, bang_grid_of_segments(size, dst_stride0, dst_segnum1, dst_stride1, dst_segnum2, src_stride0, src_segnum1, src_stride1,
                                            src_segnum2), dir, false);
}

/// 2xx and 372 do not allow the segments of a move to overlap.
static inline void bang_require_apart(const void *dst, const void *src, const bang_segments &s) {
  if ((__BANG_ARCH__ < 300 || __BANG_ARCH__ == 372) && bang_onto_itself(dst, src, s))
    BANG_FAULT("overlap", "on 2xx and 372 the segments of a move may not overlap");
}

/// dst[i] = src[i], `size` bytes inside NRAM, in the vector pipeline.
/// @operand dst bytes[size] nram  @operand src bytes[size] nram  @length size bytes  @overlap any
/// @align 2xx: 64 B address, size % 128  @arch all  @source manuals/bang/memory.md
static inline void __bang_move(void *dst, const void *src, unsigned size) { __memcpy(dst, src, size, NRAM2NRAM); }

/// segnum + 1 segments of `size` bytes inside NRAM; strides in bytes.
/// @operand dst bytes[size] nram  @operand src bytes[size] nram  @length size bytes, segnum is the count minus one  @overlap none
/// @arch all  @source manuals/bang/memory.md
static inline void __bang_move(void *dst, const void *src, unsigned size, unsigned dst_stride, int src_stride, unsigned segnum) {
  bang_require_apart(dst, src, bang_row_of_segments(size, dst_stride, src_stride, segnum));
  __memcpy(dst, src, size, NRAM2NRAM, dst_stride, src_stride, segnum);
}

/// Two levels of segments inside NRAM; strides in bytes.
/// @operand dst bytes[size] nram  @operand src bytes[size] nram  @length size bytes, counts minus one  @overlap none
/// @arch >=300  @source manuals/bang/memory.md
static inline void __bang_move(void *dst, const void *src, unsigned size, int dst_stride0, unsigned dst_segnum1, int dst_stride1,
                               unsigned dst_segnum2, int src_stride0, unsigned src_segnum1, int src_stride1, unsigned src_segnum2) {
  __memcpy(dst, src, size, NRAM2NRAM, dst_stride0, dst_segnum1, dst_stride1, dst_segnum2, src_stride0, src_segnum1, src_stride1,
           src_segnum2);
}

/// dst[i] = 0.
/// @operand dst T[n] nram  @length n elements  @types f32 f16 bf16 i32 i16 i8  @align 2xx: 64 B address, n * sizeof(T) % 128
/// @arch all  @source manuals/bang/memory.md
template <typename T> static inline void __bang_write_zero(T *dst, unsigned n) {
  bang_require_kind<T>(BANG_ANY);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 0;
}

/// dst[i] = value; the width of an element is the type of `value`, not of `dst`.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void bang_fill(T *dst, unsigned n, T value) {
  bang_require_kind<T>(BANG_ANY);
  bang_require_nram(dst, n, true, 64);
  for (unsigned i = 0; i < n; ++i) dst[i] = value;
}

// The element types a fill exists for. `double` literals are floats here: the device has no fp64.
template <typename T> struct bang_fill_type { typedef T type; };
template <> struct bang_fill_type<double> { typedef float type; };

/// dst[i] = value; the width of an element is the type of `value`, not of `dst`.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8
/// @align 2xx: 64 B address, n * sizeof(T) % 64  @arch all  @source manuals/bang/memory.md
template <typename T> static inline void __bang_write_value(void *dst, unsigned n, T value) {
  bang_fill((typename bang_fill_type<T>::type *)dst, n, (typename bang_fill_type<T>::type)value);
}

/// The strided fill: (segnum1 + 1) * (segnum2 + 1) segments of n elements; strides in bytes.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8
/// @arch >=300  @source manuals/bang/memory.md
template <typename T>
static inline void __bang_write_value(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_require_arch(300);
  for (unsigned j = 0; j <= segnum2; ++j)
    for (unsigned i = 0; i <= segnum1; ++i) __bang_write_value((char *)dst + (long)j * stride1 + (long)i * stride0, n, value);
}

/// dst[i] = value in the Move pipeline; the width of an element is the type of `value`.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __memset_nram(void *dst, unsigned n, T value) { __bang_write_value(dst, n, value); }

template <typename T> using bang_filled = typename bang_fill_type<T>::type;

template <typename T>
static inline bang_segments bang_fill_segments(unsigned n, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_require_arch(300);
  return {n * sizeof(bang_filled<T>), (segnum1 + 1l) * (segnum2 + 1l), segnum1 + 1l, stride0, stride1, 1, 0, 0};
}

/// Fills the segments at dst in memory `scope`, at once or when it is waited for.
template <typename T> static inline void bang_set(void *dst, const bang_segments &s, T value, int scope, bool waits) {
  if (scope == BANG_NRAM && bang_on_memory_core()) return;
  if (s.size == 0) BANG_FAULT("length", "the number of elements is 0");
  const int pipe = scope >= BANG_LDRAM ? BANG_IO : BANG_MOVE;
  for (long i = 0; i < s.count; ++i) {
    bang_require_end((char *)dst + s.to(i), s.size, scope, false, false);
    bang_require_settled((char *)dst + s.to(i), s.size, true, pipe);
  }
  bang_pending_copy *copy = waits ? 0 : bang_begin(dst, 0, s, pipe);
  for (long i = 0; i < s.count; ++i) {
    T *segment = (T *)(waits ? (char *)dst + s.to(i) : copy->data + i * s.size);
    for (unsigned long j = 0; j < s.size / sizeof(T); ++j) segment[j] = value;
  }
  if (!waits) bang_poison(dst, s);
}

/// dst[i] = value in NRAM; the width of an element is the type of `value`. Deprecated name.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __nramset(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_NRAM, true);
}

/// dst[i] = value in NRAM; the width of an element is the type of `value`, until a wait as __memcpy_async.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __nramset_async(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_NRAM, false);
}

/// The strided fill: (segnum1 + 1) * (segnum2 + 1) segments of n elements; strides in bytes.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8  @arch >=300
/// @source manuals/bang/memory.md
template <typename T>
static inline void __nramset(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_NRAM, true);
}

/// The strided fill, until a wait as __memcpy_async.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8  @arch >=300
/// @source manuals/bang/memory.md
template <typename T>
static inline void __nramset_async(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_NRAM, false);
}

/// dst[i] = value in GDRAM; the width of an element is the type of `value`.
/// @operand dst T[n] gdram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __gdramset(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_GDRAM, true);
}

/// dst[i] = value in GDRAM; the width of an element is the type of `value`, until a wait as __memcpy_async.
/// @operand dst T[n] gdram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __gdramset_async(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_GDRAM, false);
}

/// The strided fill: (segnum1 + 1) * (segnum2 + 1) segments of n elements; strides in bytes.
/// @operand dst T[n] gdram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8  @arch >=300
/// @source manuals/bang/memory.md
template <typename T>
static inline void __gdramset(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_GDRAM, true);
}

/// The strided fill, until a wait as __memcpy_async.
/// @operand dst T[n] gdram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8  @arch >=300
/// @source manuals/bang/memory.md
template <typename T>
static inline void __gdramset_async(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_GDRAM, false);
}

/// dst[i] = value in SRAM; the width of an element is the type of `value`.
/// @operand dst T[n] sram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch mtp
/// @source manuals/bang/memory.md
template <typename T> static inline void __sramset(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_SRAM, true);
}

/// dst[i] = value in SRAM; the width of an element is the type of `value`, until a wait as __memcpy_async.
/// @operand dst T[n] sram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch mtp
/// @source manuals/bang/memory.md
template <typename T> static inline void __sramset_async(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_SRAM, false);
}

/// The strided fill: (segnum1 + 1) * (segnum2 + 1) segments of n elements; strides in bytes.
/// @operand dst T[n] sram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8
/// @arch mtp_3xx and later
/// @source manuals/bang/memory.md
template <typename T>
static inline void __sramset(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_SRAM, true);
}

/// The strided fill, until a wait as __memcpy_async.
/// @operand dst T[n] sram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8
/// @arch mtp_3xx and later
/// @source manuals/bang/memory.md
template <typename T>
static inline void __sramset_async(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_SRAM, false);
}

/// dst[i] = value in LDRAM; the width of an element is the type of `value`.
/// @operand dst T[n] ldram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __ldramset(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_LDRAM, true);
}

/// dst[i] = value in LDRAM; the width of an element is the type of `value`, until a wait as __memcpy_async.
/// @operand dst T[n] ldram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __ldramset_async(void *dst, unsigned n, T value) {
  bang_set(dst, bang_one_segment(n * sizeof(bang_filled<T>)), (bang_filled<T>)value, BANG_LDRAM, false);
}

/// The strided fill: (segnum1 + 1) * (segnum2 + 1) segments of n elements; strides in bytes.
/// @operand dst T[n] ldram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8  @arch >=300
/// @source manuals/bang/memory.md
template <typename T>
static inline void __ldramset(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_LDRAM, true);
}

/// The strided fill, until a wait as __memcpy_async.
/// @operand dst T[n] ldram  @operand value T scalar  @length n elements, counts minus one  @types f32 f16 bf16 i32 i16 i8  @arch >=300
/// @source manuals/bang/memory.md
template <typename T>
static inline void __ldramset_async(void *dst, unsigned n, T value, int stride0, unsigned segnum1, int stride1, unsigned segnum2) {
  bang_set(dst, bang_fill_segments<T>(n, stride0, segnum1, stride1, segnum2), (bang_filled<T>)value, BANG_LDRAM, false);
}
