// Copies and fills. Copy sizes and strides count bytes, fills count elements. A direction names both memories, source first.
// Copies between SRAM and off-chip memory are the memory core's on hardware; here each core that reaches the statement performs them,
// with the same bytes.
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

/// What every segment of a copy must satisfy.
static inline void bang_require_copy(void *dst, const void *src, unsigned long size, int dir) {
  if (size == 0) BANG_FAULT("length", "the size of a copy is 0 bytes");
  if ((unsigned)dir > SRAM2SRAM) BANG_FAULT("scope", "%d is no copy direction", dir);
  int pipe = bang_copy_pipe(dir);
  bool vector = dir == NRAM2NRAM;
  bang_require_end(src, size, bang_ends[dir][0], true, vector);
  bang_require_end(dst, size, bang_ends[dir][1], false, vector);
  bang_require_settled(src, size, false, pipe);
  bang_require_settled(dst, size, true, pipe);
}

/// dst[i] = src[i], `size` bytes; done before later code that uses it.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes  @overlap any
/// @align WRAM: 8 B address, size % 16 (2xx: 64); 2xx NRAM2NRAM: 64 B address, size % 128  @arch all  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir) {
  bang_require_copy(dst, src, size, dir);
  memmove(dst, src, size);
}

/// dst[i] = src[i], `size` bytes, into the SRAM of another cluster.
/// @operand dst bytes[size] sram  @operand src bytes[size] sram  @length size bytes  @arch mtp_2xx mtp_372  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, unsigned id_dst_cluster) {
  if (__BANG_ARCH__ >= 500 || id_dst_cluster != (unsigned)clusterId)
    BANG_FAULT("architecture", "copies into the SRAM of another cluster are not emulated, and don't exist on 5xx");
  __memcpy(dst, src, size, dir);
}

/// segnum + 1 segments of `size` bytes; dst_stride and src_stride are bytes between the starts of segments.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, segnum 0..65535 (count minus one)
/// @align as the plain copy; dst_stride >= size  @overlap none  @arch all  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, unsigned dst_stride, int src_stride,
                            unsigned segnum) {
  bang_require_true(segnum <= 65535, "segnum is over 65535: it is the number of segments minus one");
  bang_require_true(segnum == 0 || dst_stride >= size, "dst_stride is smaller than the size of a segment");
  for (long i = 0; i <= (long)segnum; ++i) {
    bang_require_copy((char *)dst + i * dst_stride, (const char *)src + i * src_stride, size, dir);
    memmove((char *)dst + i * dst_stride, (const char *)src + i * src_stride, size);
  }
}

/// (dst_segnum1 + 1) * (dst_segnum2 + 1) segments of `size` bytes; stride0 steps inside segnum1, stride1 inside segnum2, in bytes.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, counts minus one
/// @align as the plain copy; strides into WRAM % 8  @overlap none  @arch >=300  @source manuals/bang/memory.md
static inline void __memcpy(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, int dst_stride0, unsigned dst_segnum1,
                            int dst_stride1, unsigned dst_segnum2, int src_stride0, unsigned src_segnum1, int src_stride1,
                            unsigned src_segnum2) {
  bang_require_arch(300);
  bang_require_true((dst_segnum1 + 1ul) * (dst_segnum2 + 1ul) == (src_segnum1 + 1ul) * (src_segnum2 + 1ul),
                    "destination and source have different numbers of segments");
  for (long i = 0; i < (dst_segnum1 + 1l) * (dst_segnum2 + 1l); ++i) {
    long to = i / (dst_segnum1 + 1l) * dst_stride1 + i % (dst_segnum1 + 1l) * dst_stride0;
    long from = i / (src_segnum1 + 1l) * src_stride1 + i % (src_segnum1 + 1l) * src_stride0;
    bang_require_copy((char *)dst + to, (const char *)src + from, size, dir);
    memmove((char *)dst + to, (const char *)src + from, size);
  }
}

/// Notes the bytes an asynchronous copy touches: `count` segments of `size` bytes, `stride` apart.
static inline void bang_note_copy(const void *start, unsigned long size, long stride, unsigned long count, bool written, int dir) {
  long last = stride * (long)(count - 1);
  bang_note_pending((const char *)start + (last < 0 ? last : 0), size + (unsigned long)(last < 0 ? -last : last), written,
                    bang_copy_pipe(dir));
}

/// As __memcpy; its operands may not be touched before a wait (`__sync`, `__sync_io`, `__sync_move` or a barrier).
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes  @arch all
/// @source manuals/bang/memory.md
static inline void __memcpy_async(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir) {
  __memcpy(dst, src, size, dir);
  bang_note_copy(dst, size, 0, 1, true, dir);
  bang_note_copy(src, size, 0, 1, false, dir);
}

/// As the strided __memcpy; its operands may not be touched before a wait.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, segnum is the count minus one
/// @arch all  @source manuals/bang/memory.md
static inline void __memcpy_async(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, unsigned dst_stride,
                                  int src_stride, unsigned segnum) {
  __memcpy(dst, src, size, dir, dst_stride, src_stride, segnum);
  bang_note_copy(dst, size, dst_stride, segnum + 1ul, true, dir);
  bang_note_copy(src, size, src_stride, segnum + 1ul, false, dir);
}

/// As the __memcpy with two levels of segments; the emulator does not follow what is pending here.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @length size bytes, counts minus one
/// @arch >=300  @source manuals/bang/memory.md
static inline void __memcpy_async(void *dst, const void *src, unsigned size, mluMemcpyDirection_t dir, int dst_stride0,
                                  unsigned dst_segnum1, int dst_stride1, unsigned dst_segnum2, int src_stride0, unsigned src_segnum1,
                                  int src_stride1, unsigned src_segnum2) {
  __memcpy(dst, src, size, dir, dst_stride0, dst_segnum1, dst_stride1, dst_segnum2, src_stride0, src_segnum1, src_stride1, src_segnum2);
}

/// dst[i] = src[i], `size` bytes inside NRAM, in the vector pipeline.
/// @operand dst bytes[size] nram  @operand src bytes[size] nram  @length size bytes  @overlap any
/// @align 2xx: 64 B address, size % 128  @arch all  @source manuals/bang/memory.md
static inline void __bang_move(void *dst, const void *src, unsigned size) { __memcpy(dst, src, size, NRAM2NRAM); }

/// segnum + 1 segments of `size` bytes inside NRAM; strides in bytes.
/// @operand dst bytes[size] nram  @operand src bytes[size] nram  @length size bytes, segnum is the count minus one  @overlap none
/// @arch all  @source manuals/bang/memory.md
static inline void __bang_move(void *dst, const void *src, unsigned size, unsigned dst_stride, int src_stride, unsigned segnum) {
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
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 0;
}

/// dst[i] = value; the width of an element is the type of `value`, not of `dst`.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void bang_fill(T *dst, unsigned n, T value) {
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

/// dst[i] = value in NRAM; the width of an element is the type of `value`. Deprecated name.
/// @operand dst T[n] nram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __nramset(void *dst, unsigned n, T value) { __bang_write_value(dst, n, value); }

/// dst[i] = value in GDRAM; the width of an element is the type of `value`.
/// @operand dst T[n] gdram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __gdramset(void *dst, unsigned n, T value) {
  bang_require_dram(dst, 1);
  for (unsigned i = 0; i < n; ++i) ((typename bang_fill_type<T>::type *)dst)[i] = value;
}

/// dst[i] = value in SRAM; the width of an element is the type of `value`.
/// @operand dst T[n] sram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch mtp
/// @source manuals/bang/memory.md
template <typename T> static inline void __sramset(void *dst, unsigned n, T value) {
  bang_require_arena(dst, n * sizeof(typename bang_fill_type<T>::type), BANG_SRAM);
  for (unsigned i = 0; i < n; ++i) ((typename bang_fill_type<T>::type *)dst)[i] = value;
}

/// dst[i] = value in LDRAM; the width of an element is the type of `value`.
/// @operand dst T[n] ldram  @operand value T scalar  @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all
/// @source manuals/bang/memory.md
template <typename T> static inline void __ldramset(void *dst, unsigned n, T value) {
  for (unsigned i = 0; i < n; ++i) ((typename bang_fill_type<T>::type *)dst)[i] = value;
}
