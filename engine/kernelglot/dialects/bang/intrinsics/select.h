// Counting, finding, compacting and looking up: what moves elements by a condition.
#pragma once

/// What a compaction has written lies in NRAM; on 2xx it fills up with zeros.
template <typename T> static inline void bang_require_packed(T *dst, unsigned count) {
  bang_require_arena(dst, count * sizeof(T), BANG_NRAM);
#if __BANG_ARCH__ < 300
  for (unsigned i = count; i * sizeof(T) % 128 != 0; ++i) dst[i] = 0;
#endif
}

/// The number of elements of src that are not 0.
/// @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all  @source manuals/bang/select.md
template <typename T> static inline unsigned __bang_count(const T *src, unsigned n) {
  bang_require_nram(src, n);
  unsigned count = 0;
  for (unsigned i = 0; i < n; ++i) count += src[i] != 0 ? 1 : 0;
  return count;
}

/// The number of bits of src that are 1.
/// @operand src bits[n] nram
/// @length n bits, n % 8 == 0  @arch all  @source manuals/bang/select.md
template <typename T> static inline unsigned __bang_count_bitindex(const T *src, unsigned n) {
  bang_require_bits(n);
  bang_require_nram((const char *)src, n / 8);
  unsigned count = 0;
  for (unsigned i = 0; i < n; ++i) count += ((const uint8_t *)src)[i / 8] >> i % 8 & 1;
  return count;
}

/// The index of the first element that is not 0; 0xFFFFFFFF where there is none.
/// @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all  @source manuals/bang/select.md
template <typename T> static inline unsigned __bang_findfirst1(const T *src, unsigned n) {
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i)
    if (src[i] != 0) return i;
  return 0xffffffffu;
}

/// The index of the last element that is not 0; 0xFFFFFFFF where there is none.
/// @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @arch all  @source manuals/bang/select.md
template <typename T> static inline unsigned __bang_findlast1(const T *src, unsigned n) {
  bang_require_nram(src, n);
  unsigned last = 0xffffffffu;
  for (unsigned i = 0; i < n; ++i)
    if (src[i] != 0) last = i;
  return last;
}

/// The elements src[i] whose index[i] is not 0, packed to the front of dst; returns how many. 2xx fills up to 128 bytes with 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand index T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap src  @arch all  @source manuals/bang/select.md
template <typename T> static inline unsigned __bang_filter(T *dst, const T *src, const T *index, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram(index, n);
  unsigned count = 0;
  for (unsigned i = 0; i < n; ++i)
    if (index[i] != 0) dst[count++] = src[i];
  bang_require_packed(dst, count);
  return count;
}

/// As __bang_filter, with bit i of `bits` for index[i].
/// @operand dst T[n] nram  @operand src T[n] nram  @operand bits bits[n] nram
/// @length n elements, n % 8 == 0  @types f32 f16 bf16 i32 i16 i8  @overlap src  @arch all  @source manuals/bang/select.md
template <typename T, typename B> static inline unsigned __bang_filter_bitindex(T *dst, const T *src, const B *bits, unsigned n) {
  bang_require_bits(n);
  bang_require_nram(src, n);
  bang_require_nram((const char *)bits, n / 8);
  unsigned count = 0;
  for (unsigned i = 0; i < n; ++i)
    if (((const uint8_t *)bits)[i / 8] >> i % 8 & 1) dst[count++] = src[i];
  bang_require_packed(dst, count);
  return count;
}

/// As __bang_filter, without the count. Deprecated.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand mask T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap src  @arch all  @source manuals/bang/select.md
template <typename T> static inline void __bang_collect(T *dst, const T *src, const T *mask, unsigned n) {
  __bang_filter(dst, src, mask, n);
}

/// The count as u32 in bytes 0..3, zeros to byte 127, the selected elements from byte 128, zeros up to a multiple of 128. Deprecated.
/// @operand dst T[n]+128 nram  @operand src T[n] nram  @operand index T[n] nram
/// @length n elements  @types f32 f16  @overlap none  @arch all  @source manuals/bang/select.md
template <typename T> static inline void __bang_select(T *dst, const T *src, const T *index, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram(index, n);
  bang_require_arena(dst, 128, BANG_NRAM);
  const unsigned block = 128 / sizeof(T);
  unsigned count = 0;
  for (unsigned i = 0; i < n; ++i) count += index[i] != 0 ? 1 : 0;
  bang_require_arena(dst, 128 + (count + block - 1) / block * 128, BANG_NRAM);
  bang_require_disjoint(dst, block + count, index, n);
  bang_require_disjoint(dst, block + count, src, n);
  for (unsigned i = 0, place = block; i < n; ++i)
    if (index[i] != 0) dst[place++] = src[i];
  for (unsigned i = count; i % block != 0; ++i) dst[block + i] = 0;
  memset(dst, 0, 128);
  memcpy(dst, &count, 4);
}

/// Byte i of dst = byte i of src where bit i of `mask` is 1; else it stays.
/// @operand dst i8[n] nram  @operand src i8[n] nram  @operand mask bits[n] nram
/// @length n bytes, n % 8 == 0 (2xx: n % 1024 == 0)  @overlap src  @arch all  @source manuals/bang/select.md
static inline void __bang_maskmove(void *dst, const void *src, const void *mask, unsigned n) {
  bang_require_multiple(n, __BANG_ARCH__ < 300 ? 1024 : 8, "the number of bytes");
  bang_require_nram((const char *)src, n);
  bang_require_arena(mask, n / 8, BANG_NRAM);
  bang_require_nram_out((char *)dst, n);
  for (unsigned i = 0; i < n; ++i)
    if (((const uint8_t *)mask)[i / 8] >> i % 8 & 1) ((uint8_t *)dst)[i] = ((const uint8_t *)src)[i];
}

/// dst[i] = table[index[i]]; dst[i] stays where index[i] >= table_length.
/// @operand dst T[n] nram  @operand index I[n] nram  @operand table T[table_length] nram
/// @length n elements, table_length % 64 == 0  @types i16 by u16, i32 by u32  @overlap none  @arch all  @source manuals/bang/select.md
template <typename T, typename I>
static inline void __bang_lut(T *dst, const I *index, const T *table, unsigned n, unsigned table_length) {
  bang_require_kind<T>(BANG_I16 | BANG_I32);
  bang_require_kind<I>(sizeof(T) == 2 ? BANG_U16 : BANG_U32);
  bang_require_multiple(table_length, 64, "the length of the table");
  bang_require_nram(index, n);
  bang_require_nram(table, table_length);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, index, n);
  bang_require_disjoint(dst, n, table, table_length);
  for (unsigned i = 0; i < n; ++i)
    if ((uint64_t)index[i] < table_length) dst[i] = table[index[i]];
}
