// AVX512_FP16: products and sums of half floats, rounded once.
#pragma once

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_fmadd_ph(__m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j]));
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_fmadd_ph(__m512h a, __mmask32 k, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_fmadd_ph(__mmask32 k, __m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask3_fmadd_ph(__m512h a, __m512h b, __m512h c, __mmask32 k) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_fmsub_ph(__m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j]));
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_fmsub_ph(__m512h a, __mmask32 k, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_fmsub_ph(__mmask32 k, __m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask3_fmsub_ph(__m512h a, __m512h b, __m512h c, __mmask32 k) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_fnmadd_ph(__m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j]));
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_fnmadd_ph(__m512h a, __mmask32 k, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_fnmadd_ph(__mmask32 k, __m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : 0;
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask3_fnmadd_ph(__m512h a, __m512h b, __m512h c, __mmask32 k) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_fnmsub_ph(__m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j]));
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_fnmsub_ph(__m512h a, __mmask32 k, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_fnmsub_ph(__mmask32 k, __m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : 0;
  return (__m512h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask3_fnmsub_ph(__m512h a, __m512h b, __m512h c, __mmask32 k) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_fmaddsub_ph(__m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j]));
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_fmaddsub_ph(__m512h a, __mmask32 k, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_fmaddsub_ph(__mmask32 k, __m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask3_fmaddsub_ph(__m512h a, __m512h b, __m512h c, __mmask32 k) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_fmsubadd_ph(__m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j]));
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_fmsubadd_ph(__m512h a, __mmask32 k, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_fmsubadd_ph(__mmask32 k, __m512h a, __m512h b, __m512h c) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[32] register  @operand b f16[32] register  @operand c f16[32] register  @isa avx512_fp16
/// @source manuals/vnni/float16.md
static inline __m512h _mm512_mask3_fmsubadd_ph(__m512h a, __m512h b, __m512h c, __mmask32 k) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 z = (u16x32)c;
  u16x32 o = (u16x32)c;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_fmadd_ph(__m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j]));
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_fmadd_ph(__m256h a, __mmask16 k, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_fmadd_ph(__mmask16 k, __m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask3_fmadd_ph(__m256h a, __m256h b, __m256h c, __mmask16 k) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_fmsub_ph(__m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j]));
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_fmsub_ph(__m256h a, __mmask16 k, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_fmsub_ph(__mmask16 k, __m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask3_fmsub_ph(__m256h a, __m256h b, __m256h c, __mmask16 k) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_fnmadd_ph(__m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j]));
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_fnmadd_ph(__m256h a, __mmask16 k, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_fnmadd_ph(__mmask16 k, __m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : 0;
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask3_fnmadd_ph(__m256h a, __m256h b, __m256h c, __mmask16 k) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_fnmsub_ph(__m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j]));
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_fnmsub_ph(__m256h a, __mmask16 k, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_fnmsub_ph(__mmask16 k, __m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : 0;
  return (__m256h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask3_fnmsub_ph(__m256h a, __m256h b, __m256h c, __mmask16 k) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_fmaddsub_ph(__m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j]));
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_fmaddsub_ph(__m256h a, __mmask16 k, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_fmaddsub_ph(__mmask16 k, __m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask3_fmaddsub_ph(__m256h a, __m256h b, __m256h c, __mmask16 k) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_fmsubadd_ph(__m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j]));
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_fmsubadd_ph(__m256h a, __mmask16 k, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_fmsubadd_ph(__mmask16 k, __m256h a, __m256h b, __m256h c) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[16] register  @operand b f16[16] register  @operand c f16[16] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m256h _mm256_mask3_fmsubadd_ph(__m256h a, __m256h b, __m256h c, __mmask16 k) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 z = (u16x16)c;
  u16x16 o = (u16x16)c;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_fmadd_ph(__m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j]));
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask_fmadd_ph(__m128h a, __mmask8 k, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_fmadd_ph(__mmask8 k, __m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask3_fmadd_ph(__m128h a, __m128h b, __m128h c, __mmask8 k) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_fmsub_ph(__m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j]));
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask_fmsub_ph(__m128h a, __mmask8 k, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_fmsub_ph(__mmask8 k, __m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask3_fmsub_ph(__m128h a, __m128h b, __m128h c, __mmask8 k) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_fnmadd_ph(__m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j]));
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask_fnmadd_ph(__m128h a, __mmask8 k, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_fnmadd_ph(__mmask8 k, __m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : 0;
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask3_fnmadd_ph(__m128h a, __m128h b, __m128h c, __mmask8 k) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_fnmsub_ph(__m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j]));
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask_fnmsub_ph(__m128h a, __mmask8 k, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_fnmsub_ph(__mmask8 k, __m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : 0;
  return (__m128h)r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask3_fnmsub_ph(__m128h a, __m128h b, __m128h c, __mmask8 k) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(-vnni_half_value(x[j]), vnni_half_value(y[j]), -vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_fmaddsub_ph(__m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j]));
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask_fmaddsub_ph(__m128h a, __mmask8 k, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_fmaddsub_ph(__mmask8 k, __m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] + c[j] for odd j, a[j] * b[j] - c[j] for even j, rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask3_fmaddsub_ph(__m128h a, __m128h b, __m128h c, __mmask8 k) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? vnni_half_value(z[j]) : -vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_fmsubadd_ph(__m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j]));
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else a[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask_fmsubadd_ph(__m128h a, __mmask8 k, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_fmsubadd_ph(__mmask8 k, __m128h a, __m128h b, __m128h c) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] * b[j] - c[j] for odd j, a[j] * b[j] + c[j] for even j, rounded once, where bit j of k is 1, else c[j].
/// @operand a f16[8] register  @operand b f16[8] register  @operand c f16[8] register  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __m128h _mm_mask3_fmsubadd_ph(__m128h a, __m128h b, __m128h c, __mmask8 k) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 z = (u16x8)c;
  u16x8 o = (u16x8)c;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_fma(vnni_half_value(x[j]), vnni_half_value(y[j]), j & 1 ? -vnni_half_value(z[j]) : vnni_half_value(z[j])) : o[j];
  return (__m128h)r;
}
