// AVX512_FP16: vectors of half floats from numbers, from and to memory, and as other types.
#pragma once

/// r[j] = a.
/// @operand a f16 register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_set1_ph(_Float16 a) {
  __m512h r;
  for (int j = 0; j < 32; ++j) r[j] = a;
  return r;
}

/// All elements 0.
/// @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_setzero_ph(void) {
  __m512h r = {0};
  return r;
}

/// r[j] = the argument j, the first in r[0].
/// @operand e0 f16 register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_setr_ph(_Float16 e0, _Float16 e1, _Float16 e2, _Float16 e3, _Float16 e4, _Float16 e5, _Float16 e6, _Float16 e7, _Float16 e8, _Float16 e9, _Float16 e10, _Float16 e11, _Float16 e12, _Float16 e13, _Float16 e14, _Float16 e15, _Float16 e16, _Float16 e17, _Float16 e18, _Float16 e19, _Float16 e20, _Float16 e21, _Float16 e22, _Float16 e23, _Float16 e24, _Float16 e25, _Float16 e26, _Float16 e27, _Float16 e28, _Float16 e29, _Float16 e30, _Float16 e31) {
  __m512h r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15, e16, e17, e18, e19, e20, e21, e22, e23, e24, e25, e26, e27, e28, e29, e30, e31};
  return r;
}

/// The last argument in r[0].
/// @operand e0 f16 register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_set_ph(_Float16 e31, _Float16 e30, _Float16 e29, _Float16 e28, _Float16 e27, _Float16 e26, _Float16 e25, _Float16 e24, _Float16 e23, _Float16 e22, _Float16 e21, _Float16 e20, _Float16 e19, _Float16 e18, _Float16 e17, _Float16 e16, _Float16 e15, _Float16 e14, _Float16 e13, _Float16 e12, _Float16 e11, _Float16 e10, _Float16 e9, _Float16 e8, _Float16 e7, _Float16 e6, _Float16 e5, _Float16 e4, _Float16 e3, _Float16 e2, _Float16 e1, _Float16 e0) {
  __m512h r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15, e16, e17, e18, e19, e20, e21, e22, e23, e24, e25, e26, e27, e28, e29, e30, e31};
  return r;
}

/// r[j] = p[j] unaligned.
/// @operand p f16[32] memory  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_loadu_ph(void const *p) {
  __m512h r;
  memcpy(&r, p, 64);
  return r;
}

/// p[j] = a[j] unaligned.
/// @operand p f16[32] memory  @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline void _mm512_storeu_ph(void *p, __m512h a) {
  memcpy(p, &a, 64);
}

/// r[j] = p[j], p a multiple of 64 bytes.
/// @operand p f16[32] memory  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_load_ph(void const *p) {
  vnni_require_aligned(p, 64);
  __m512h r;
  memcpy(&r, p, 64);
  return r;
}

/// p[j] = a[j], p a multiple of 64 bytes.
/// @operand p f16[32] memory  @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline void _mm512_store_ph(void *p, __m512h a) {
  vnni_require_aligned(p, 64);
  memcpy(p, &a, 64);
}

/// The same bits as another type.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512 _mm512_castph_ps(__m512h a) {
  return (__m512)a;
}

/// The same bits as another type.
/// @operand a f32[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_castps_ph(__m512 a) {
  return (__m512h)a;
}

/// The same bits as another type.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_castph_si512(__m512h a) {
  return (__m512i)a;
}

/// The same bits as another type.
/// @operand a i64[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_castsi512_ph(__m512i a) {
  return (__m512h)a;
}

/// The same bits as another type.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512d _mm512_castph_pd(__m512h a) {
  return (__m512d)a;
}

/// The same bits as another type.
/// @operand a f64[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_castpd_ph(__m512d a) {
  return (__m512h)a;
}

/// r[j] = a.
/// @operand a f16 register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_set1_ph(_Float16 a) {
  __m256h r;
  for (int j = 0; j < 16; ++j) r[j] = a;
  return r;
}

/// All elements 0.
/// @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_setzero_ph(void) {
  __m256h r = {0};
  return r;
}

/// r[j] = the argument j, the first in r[0].
/// @operand e0 f16 register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_setr_ph(_Float16 e0, _Float16 e1, _Float16 e2, _Float16 e3, _Float16 e4, _Float16 e5, _Float16 e6, _Float16 e7, _Float16 e8, _Float16 e9, _Float16 e10, _Float16 e11, _Float16 e12, _Float16 e13, _Float16 e14, _Float16 e15) {
  __m256h r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15};
  return r;
}

/// The last argument in r[0].
/// @operand e0 f16 register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_set_ph(_Float16 e15, _Float16 e14, _Float16 e13, _Float16 e12, _Float16 e11, _Float16 e10, _Float16 e9, _Float16 e8, _Float16 e7, _Float16 e6, _Float16 e5, _Float16 e4, _Float16 e3, _Float16 e2, _Float16 e1, _Float16 e0) {
  __m256h r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15};
  return r;
}

/// r[j] = p[j] unaligned.
/// @operand p f16[16] memory  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_loadu_ph(void const *p) {
  __m256h r;
  memcpy(&r, p, 32);
  return r;
}

/// p[j] = a[j] unaligned.
/// @operand p f16[16] memory  @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline void _mm256_storeu_ph(void *p, __m256h a) {
  memcpy(p, &a, 32);
}

/// r[j] = p[j], p a multiple of 32 bytes.
/// @operand p f16[16] memory  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_load_ph(void const *p) {
  vnni_require_aligned(p, 32);
  __m256h r;
  memcpy(&r, p, 32);
  return r;
}

/// p[j] = a[j], p a multiple of 32 bytes.
/// @operand p f16[16] memory  @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline void _mm256_store_ph(void *p, __m256h a) {
  vnni_require_aligned(p, 32);
  memcpy(p, &a, 32);
}

/// The same bits as another type.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256 _mm256_castph_ps(__m256h a) {
  return (__m256)a;
}

/// The same bits as another type.
/// @operand a f32[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_castps_ph(__m256 a) {
  return (__m256h)a;
}

/// The same bits as another type.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_castph_si256(__m256h a) {
  return (__m256i)a;
}

/// The same bits as another type.
/// @operand a i64[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_castsi256_ph(__m256i a) {
  return (__m256h)a;
}

/// The same bits as another type.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256d _mm256_castph_pd(__m256h a) {
  return (__m256d)a;
}

/// The same bits as another type.
/// @operand a f64[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_castpd_ph(__m256d a) {
  return (__m256h)a;
}

/// r[j] = a.
/// @operand a f16 register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_set1_ph(_Float16 a) {
  __m128h r;
  for (int j = 0; j < 8; ++j) r[j] = a;
  return r;
}

/// All elements 0.
/// @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_setzero_ph(void) {
  __m128h r = {0};
  return r;
}

/// r[j] = the argument j, the first in r[0].
/// @operand e0 f16 register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_setr_ph(_Float16 e0, _Float16 e1, _Float16 e2, _Float16 e3, _Float16 e4, _Float16 e5, _Float16 e6, _Float16 e7) {
  __m128h r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return r;
}

/// The last argument in r[0].
/// @operand e0 f16 register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_set_ph(_Float16 e7, _Float16 e6, _Float16 e5, _Float16 e4, _Float16 e3, _Float16 e2, _Float16 e1, _Float16 e0) {
  __m128h r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return r;
}

/// r[j] = p[j] unaligned.
/// @operand p f16[8] memory  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_loadu_ph(void const *p) {
  __m128h r;
  memcpy(&r, p, 16);
  return r;
}

/// p[j] = a[j] unaligned.
/// @operand p f16[8] memory  @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline void _mm_storeu_ph(void *p, __m128h a) {
  memcpy(p, &a, 16);
}

/// r[j] = p[j], p a multiple of 16 bytes.
/// @operand p f16[8] memory  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_load_ph(void const *p) {
  vnni_require_aligned(p, 16);
  __m128h r;
  memcpy(&r, p, 16);
  return r;
}

/// p[j] = a[j], p a multiple of 16 bytes.
/// @operand p f16[8] memory  @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline void _mm_store_ph(void *p, __m128h a) {
  vnni_require_aligned(p, 16);
  memcpy(p, &a, 16);
}

/// The same bits as another type.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128 _mm_castph_ps(__m128h a) {
  return (__m128)a;
}

/// The same bits as another type.
/// @operand a f32[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_castps_ph(__m128 a) {
  return (__m128h)a;
}

/// The same bits as another type.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_castph_si128(__m128h a) {
  return (__m128i)a;
}

/// The same bits as another type.
/// @operand a i64[2] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_castsi128_ph(__m128i a) {
  return (__m128h)a;
}

/// The same bits as another type.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128d _mm_castph_pd(__m128h a) {
  return (__m128d)a;
}

/// The same bits as another type.
/// @operand a f64[2] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_castpd_ph(__m128d a) {
  return (__m128h)a;
}
