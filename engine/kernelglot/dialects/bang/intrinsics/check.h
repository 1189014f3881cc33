// What hardware leaves undefined and the emulator refuses: wrong memory, out of bounds, misaligned, overlapping, not on this
// architecture, used before its copy was waited for. Each is a typed fault with one sentence and the line of the kernel's call.
// Functions named bang_require_* say a rule, and are no part of an intrinsic's meaning. Kinds: "out-of-bounds" "scope" "alignment"
// "overlap" "length" "type" "architecture" "capacity" "async".
#pragma once

static int bang_line;                    // the kernel's line and name of the intrinsic call under way, set by lines.h
static const char *bang_call = "";

#define BANG_FAULT(kind, ...)                                                               \
  do {                                                                                      \
    char message[320];                                                                      \
    int named = snprintf(message, 64, "%s%s", bang_call, *bang_call ? ": " : "");          \
    snprintf(message + named, sizeof message - named, __VA_ARGS__);                       \
    kg_fault(kind, message, bang_line);                                                    \
  } while (0)

#ifndef BANG_SLACK
#define BANG_SLACK 0
#endif
// The first and the last byte of each memory. This stands before any array, so subsection 0 begins here; subsection 1 ends the section.
#define BANG_SECTION(name, section, flags, type)                                                                               \
  ".pushsection " section ",\"" flags "\",@nobits\n.balign 64\n.type bang_" name "_start," type "\nbang_" name "_start:\n.popsection\n" \
  ".pushsection " section ",1,\"" flags "\",@nobits\n.zero " BANG_TEXT(BANG_SLACK) "\n.type bang_" name "_stop," type "\n"         \
  "bang_" name "_stop:\n.zero 64\n.popsection\n"
asm(BANG_SECTION("nram", ".tbss.kg_nram", "awT", "@tls_object") BANG_SECTION("wram", ".tbss.kg_wram", "awT", "@tls_object")
    BANG_SECTION("ldram", ".tbss.kg_ldram", "awT", "@tls_object"));

#define BANG_HIDDEN __attribute__((visibility("hidden")))
extern "C" {
extern __thread char bang_nram_start[] BANG_HIDDEN, bang_nram_stop[] BANG_HIDDEN;
extern __thread char bang_wram_start[] BANG_HIDDEN, bang_wram_stop[] BANG_HIDDEN;
extern __thread char bang_ldram_start[] BANG_HIDDEN, bang_ldram_stop[] BANG_HIDDEN;
}

enum bang_scope { BANG_NRAM, BANG_WRAM, BANG_SRAM, BANG_LDRAM, BANG_GDRAM };
static const char *const bang_scope_names[5] = {"NRAM", "WRAM", "SRAM", "LDRAM", "GDRAM"};
struct bang_range { const char *start, *stop; };

// gcc 12 forgets the section of a variable that stands in a template. Such a variable is still thread_local (or static, for SRAM), so it
// lies in this module's thread-local block (data) outside of the named sections: there it may be of any scope that is kept so.
struct bang_program_header { unsigned type, flags; unsigned long offset, address, physical, file_bytes, bytes, alignment; };
struct bang_module {
  unsigned long base;
  const char *name;
  const bang_program_header *headers;
  unsigned short count;
  unsigned long long added, removed;
  size_t tls_number;
  char *tls;
};
extern "C" int dl_iterate_phdr(int (*)(bang_module *, size_t, void *), void *);
static bang_range bang_private, bang_data;           // thread-local memory and writable data of this module

static int bang_look(bang_module *module, size_t, void *) {
  bang_range block = {0, 0};
  for (int i = 0; i < module->count; ++i) {
    const bang_program_header &part = module->headers[i];
    const char *start = (const char *)module->base + part.address;
    if (part.type == 7) block.start = module->tls, block.stop = module->tls + part.bytes;                 // PT_TLS
    if (part.type == 1 && part.flags & 2) {                                                               // PT_LOAD, writable
      bang_range data = {start, start + part.bytes};
      if ((const char *)&bang_data >= data.start && (const char *)&bang_data < data.stop) bang_data = data;
    }
  }
  if (!bang_data.start) return 0;
  bang_private = block;
  return 1;
}

static inline bool bang_within(const void *pointer, bang_range range) {
  return (const char *)pointer >= range.start && (const char *)pointer < range.stop;
}

/// Where the arrays of one memory lie.
static inline bang_range bang_range_of(int scope) {
  bang_range nram = {bang_nram_start, bang_nram_stop}, wram = {bang_wram_start, bang_wram_stop};
  bang_range sram = {__start_kg_sram, __stop_kg_sram}, ldram = {bang_ldram_start, bang_ldram_stop};
  return scope == BANG_NRAM ? nram : scope == BANG_WRAM ? wram : scope == BANG_SRAM ? sram : ldram;
}

/// The memory `pointer` points into. What lies in no memory of the core is taken for GDRAM: buffers, but a function's own variables too.
static inline int bang_scope_of(const void *pointer) {
  if (!bang_data.start) dl_iterate_phdr(bang_look, 0);
  for (int scope = BANG_NRAM; scope <= BANG_LDRAM; ++scope)
    if (bang_within(pointer, bang_range_of(scope))) return scope;
  return bang_within(pointer, bang_private) ? BANG_NRAM : BANG_GDRAM;
}

/// True where the scope of `pointer` is known to be another one.
static inline bool bang_elsewhere(const void *pointer, int scope) {
  int found = bang_scope_of(pointer);
  if (found == scope) return false;
  if (found == BANG_NRAM) return scope == BANG_GDRAM || scope == BANG_SRAM || bang_within(pointer, bang_range_of(BANG_NRAM));
  return !(found == BANG_GDRAM && (scope == BANG_LDRAM || (scope == BANG_SRAM && bang_within(pointer, bang_data))));
}

/// Where the memory that `pointer` lies in ends.
static inline const char *bang_end_of(const void *pointer) {
  for (int scope = BANG_NRAM; scope <= BANG_LDRAM; ++scope)
    if (bang_within(pointer, bang_range_of(scope))) return bang_range_of(scope).stop;
  return bang_within(pointer, bang_private) ? bang_private.stop : bang_data.stop;
}

/// Bytes of all arrays of a memory. Those without a section count as NRAM (in front of each end there is the slack).
static inline unsigned long bang_used(int scope) {
  bang_range range = bang_range_of(scope), wram = bang_range_of(BANG_WRAM), ldram = bang_range_of(BANG_LDRAM);
  unsigned long used = (unsigned long)(range.stop - range.start) - (scope == BANG_SRAM ? 0 : BANG_SLACK);
  if (scope != BANG_NRAM) return used;
  unsigned long rest = (unsigned long)((bang_private.stop - bang_private.start) - (wram.stop - wram.start) - (ldram.stop - ldram.start));
  return rest - BANG_SLACK - 192 > used ? rest - BANG_SLACK - 192 : used;
}

enum bang_pipe { BANG_IO = 1, BANG_MOVE = 2, BANG_COMPUTE = 4 };

/// `count` segments of `size` bytes: `inner` of them `stride0` apart, and those groups `stride1` apart.
struct bang_segments {
  unsigned long size;
  long count, dst_inner, dst_stride0, dst_stride1, src_inner, src_stride0, src_stride1;
  long to(long i) const { return i / dst_inner * dst_stride1 + i % dst_inner * dst_stride0; }
  long from(long i) const { return i / src_inner * src_stride1 + i % src_inner * src_stride0; }
};

static inline bool bang_touches(const void *start, unsigned long bytes, const void *other, unsigned long other_bytes) {
  return (const char *)other < (const char *)start + bytes && (const char *)start < (const char *)other + other_bytes;
}

/// The bytes from the first to the last that `inner` times `outer` segments reach.
static inline bang_range bang_reach(const char *start, unsigned long size, long inner, long stride0, long outer, long stride1) {
  long one = (inner - 1) * stride0, other = (outer - 1) * stride1;
  return {start + (one < 0 ? one : 0) + (other < 0 ? other : 0), start + size + (one > 0 ? one : 0) + (other > 0 ? other : 0)};
}
static inline bang_range bang_reach_to(const void *dst, const bang_segments &s) {
  return bang_reach((const char *)dst, s.size, s.dst_inner, s.dst_stride0, s.count / s.dst_inner, s.dst_stride1);
}
static inline bang_range bang_reach_from(const void *src, const bang_segments &s) {
  return bang_reach((const char *)src, s.size, s.src_inner, s.src_stride0, s.count / s.src_inner, s.src_stride1);
}

/// Whether a segment of the destination shares bytes with one of the source.
static inline bool bang_onto_itself(const void *dst, const void *src, const bang_segments &s) {
  bang_range to = bang_reach_to(dst, s), from = bang_reach_from(src, s);
  if (!bang_touches(to.start, to.stop - to.start, from.start, from.stop - from.start)) return false;
  for (long i = 0; i < s.count; ++i)
    for (long j = 0; j < s.count; ++j)
      if (bang_touches((const char *)dst + s.to(i), s.size, (const char *)src + s.from(j), s.size)) return true;
  return false;
}

#include "pending.h"

/// `bytes` inside one memory, whose arrays fit into it.
static inline void bang_require_arena(const void *pointer, unsigned long bytes, int scope) {
  static const unsigned long capacities[3] = {__MLU_NRAM_SIZE__ * 1024ul, __MLU_WRAM_SIZE__ * 1024ul, __MLU_SRAM_SIZE__ * 1024ul};
  const char *name = bang_scope_names[scope], *at = (const char *)pointer;
  if (bang_elsewhere(pointer, scope))
    BANG_FAULT("scope", "an operand lies in %s and must lie in %s", bang_scope_names[bang_scope_of(pointer)], name);
#ifndef BANG_VARIABLE_ARRAYS                          // else their room alone fills it, and variable.h counts
  if (scope < BANG_LDRAM && bang_used(scope) > capacities[scope])
    BANG_FAULT("capacity", "%s capacity exceeded: %lu of %lu bytes", name, bang_used(scope), capacities[scope]);
#endif
  const char *end = bang_end_of(pointer);
  if (at + bytes > end)
    BANG_FAULT("out-of-bounds", "%lu bytes are used of %s, %ld bytes before the last of the kernel's arrays there ends", bytes, name,
               (long)(end - at));
}

// The element types an intrinsic takes, as its comment's @types names them.
enum bang_types {
  BANG_F32 = 1, BANG_F16 = 2, BANG_BF16 = 4, BANG_I32 = 8, BANG_I16 = 16, BANG_I8 = 32, BANG_U32 = 64, BANG_U16 = 128, BANG_U8 = 256,
  BANG_FLOATS = BANG_F32 | BANG_F16 | BANG_BF16, BANG_SIGNED = BANG_I32 | BANG_I16 | BANG_I8, BANG_NUMBERS = BANG_FLOATS | BANG_SIGNED,
  BANG_ANY = 511
};
template <typename T> struct bang_type_of { enum { bit = 0 }; };
template <> struct bang_type_of<float> { enum { bit = BANG_F32 }; };
template <> struct bang_type_of<half> { enum { bit = BANG_F16 }; };
template <> struct bang_type_of<bfloat16_t> { enum { bit = BANG_BF16 }; };
template <> struct bang_type_of<int32_t> { enum { bit = BANG_I32 }; };
template <> struct bang_type_of<int16_t> { enum { bit = BANG_I16 }; };
template <> struct bang_type_of<int8_t> { enum { bit = BANG_I8 }; };
template <> struct bang_type_of<char> { enum { bit = BANG_I8 }; };
template <> struct bang_type_of<uint32_t> { enum { bit = BANG_U32 }; };
template <> struct bang_type_of<uint16_t> { enum { bit = BANG_U16 }; };
template <> struct bang_type_of<uint8_t> { enum { bit = BANG_U8 }; };

/// T is one of `types`.
template <typename T> static inline void bang_require_kind(int types) {
  if (!(bang_type_of<T>::bit & types)) BANG_FAULT("type", "this intrinsic does not exist for this type of elements");
  if (bang_type_of<T>::bit == BANG_BF16 && __BANG_ARCH__ < 500)
    BANG_FAULT("architecture", "bfloat16_t needs architecture 500 or later, not %d", __BANG_ARCH__);
}

/// T is one of `types`, on an architecture that has vectors of it: integers from 3xx on and not 520, bfloat16 from 5xx on.
template <typename T> static inline void bang_require_type(int types) {
  bang_require_kind<T>(types);
  if (bang_type_of<T>::bit > BANG_BF16 && (__BANG_ARCH__ < 300 || __BANG_ARCH__ == 520))
    BANG_FAULT("architecture", "vectors of integers do not exist here on architecture %d", __BANG_ARCH__);
}

/// 2xx has no infinities and NaN: what would be one is the greatest or least finite number.
template <typename T> static inline void bang_limit(T *, unsigned long) {}
#if __BANG_ARCH__ < 300
template <typename T> static inline void bang_limit_to(T *dst, unsigned long n, float most) {
  for (unsigned long i = 0; i < n; ++i) {
    float value = dst[i];
    if (!(value <= most && value >= -most)) dst[i] = copysignf(most, value);
  }
}
static inline void bang_limit(float *dst, unsigned long n) { bang_limit_to(dst, n, FLT_MAX); }
static inline void bang_limit(half *dst, unsigned long n) { bang_limit_to(dst, n, 65504.0f); }
#endif

static inline void bang_require_multiple(unsigned long value, unsigned long of, const char *what) {
  if (of == 0 || value % of) BANG_FAULT("length", "%s is %lu and must be a multiple of %lu", what, value, of);
}

/// A mask of bits is read and written in whole groups.
static inline void bang_require_bits(unsigned n) { bang_require_multiple(n, __BANG_ARCH__ < 300 ? 512 : 8, "the number of elements"); }

/// `n` elements of NRAM for the vector unit. 2xx: 64-byte addresses, multiples of 128 bytes (fills: 64).
template <typename T>
static inline void bang_require_nram(const T *pointer, unsigned long n, bool writes = false, unsigned multiple = 128) {
  if (n == 0) BANG_FAULT("length", "the number of elements is 0");
  bang_require_arena(pointer, n * sizeof(T), BANG_NRAM);
  bang_require_settled(pointer, n * sizeof(T), writes, BANG_COMPUTE);
  if (__BANG_ARCH__ >= 300) return;
  if ((uintptr_t)pointer % 64) BANG_FAULT("alignment", "an NRAM address must be a multiple of 64 bytes on 2xx");
  bang_require_multiple(n * sizeof(T), multiple, "on 2xx a vector's length in bytes");
}

/// The same where the result is written.
template <typename T> static inline void bang_require_nram_out(T *pointer, unsigned long n) { bang_require_nram(pointer, n, true); }

/// `n` elements of WRAM: the filter operand of tensor intrinsics.
template <typename T> static inline void bang_require_wram(const T *pointer, unsigned long n) {
  bang_require_arena(pointer, n * sizeof(T), BANG_WRAM);
  bang_require_settled(pointer, n * sizeof(T), false, BANG_COMPUTE);
  if ((uintptr_t)pointer % 32) BANG_FAULT("alignment", "the filter's address in WRAM must be a multiple of 32 bytes");
}

/// Off-chip memory; `bytes` of it are written too where that is not 0.
static inline void bang_require_dram(const void *pointer, unsigned alignment, unsigned long bytes = 0) {
  int scope = bang_scope_of(pointer);
  if (scope != BANG_GDRAM) BANG_FAULT("scope", "an operand lies in %s and must lie in GDRAM", bang_scope_names[scope]);
  if ((uintptr_t)pointer % alignment) BANG_FAULT("alignment", "a GDRAM address must be a multiple of %u bytes here", alignment);
  if (bytes) bang_require_settled(pointer, bytes, true, 0);
}

/// Neither array reaches into the other.
template <typename T, typename U>
static inline void bang_require_disjoint(const T *a, unsigned long n_a, const U *b, unsigned long n_b) {
  if ((const char *)a < (const char *)(b + n_b) && (const char *)b < (const char *)(a + n_a))
    BANG_FAULT("overlap", "the destination overlaps an operand, which this intrinsic does not allow");
}

static inline void bang_require_arch(int least) {
  if (__BANG_ARCH__ < least) BANG_FAULT("architecture", "this intrinsic needs architecture %d or later, not %d", least, __BANG_ARCH__);
}

static inline void bang_require_not_arch(int missing) {
  if (__BANG_ARCH__ == missing) BANG_FAULT("architecture", "this intrinsic does not exist on architecture %d", missing);
}

static inline void bang_require_true(bool holds, const char *sentence) {
  if (!holds) BANG_FAULT("length", "%s", sentence);
}

/// What no document describes well enough to be emulated.
static inline void bang_require_known(bool known, const char *sentence) {
  if (!known) BANG_FAULT("unsupported", "%s", sentence);
}

static inline void bang_require_fix_position(int fix_position) {
  bang_require_true(fix_position >= -127 && fix_position <= 127, "fix_position must be -127 to 127");
}

/// `n` elements of NRAM for the scalar side of an intrinsic, which has no rule of alignment.
template <typename T> static inline void bang_require_few(const T *pointer, unsigned long n, bool writes = false) {
  bang_require_true(n > 0, "the number of elements is 0");
  bang_require_arena(pointer, n * sizeof(T), BANG_NRAM);
  bang_require_settled(pointer, n * sizeof(T), writes, BANG_COMPUTE);
}
