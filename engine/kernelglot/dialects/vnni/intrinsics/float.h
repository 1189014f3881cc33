// Floating arithmetic and bitwise operations, 512 bits wide. Where bit j of a mask k is 0, a `mask_` form keeps another operand and a
// `maskz_` form gives 0.
#pragma once

/// r[j] = a[j] + b[j].
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_add_ps(__m512 a, __m512 b) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = a[j] + b[j]; return r; }

/// r[j] = a[j] + b[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_add_ps(__m512 src, __mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] + b[j] : src[j];
  return r;
}

/// r[j] = a[j] + b[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_add_ps(__mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] + b[j] : 0;
  return r;
}

/// r[j] = a[j] - b[j].
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_sub_ps(__m512 a, __m512 b) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = a[j] - b[j]; return r; }

/// r[j] = a[j] - b[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_sub_ps(__m512 src, __mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] - b[j] : src[j];
  return r;
}

/// r[j] = a[j] - b[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_sub_ps(__mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] - b[j] : 0;
  return r;
}

/// r[j] = a[j] * b[j].
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mul_ps(__m512 a, __m512 b) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = a[j] * b[j]; return r; }

/// r[j] = a[j] * b[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_mul_ps(__m512 src, __mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] * b[j] : src[j];
  return r;
}

/// r[j] = a[j] * b[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_mul_ps(__mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] * b[j] : 0;
  return r;
}

/// r[j] = a[j] / b[j].
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_div_ps(__m512 a, __m512 b) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = a[j] / b[j]; return r; }

/// r[j] = a[j] / b[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_div_ps(__m512 src, __mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] / b[j] : src[j];
  return r;
}

/// r[j] = a[j] / b[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_div_ps(__mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] / b[j] : 0;
  return r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_min_ps(__m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = a[j] < b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_min_ps(__m512 src, __mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (a[j] < b[j] ? a[j] : b[j]) : src[j];
  return r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_min_ps(__mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (a[j] < b[j] ? a[j] : b[j]) : 0;
  return r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_max_ps(__m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = a[j] > b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_max_ps(__m512 src, __mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (a[j] > b[j] ? a[j] : b[j]) : src[j];
  return r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_max_ps(__mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (a[j] > b[j] ? a[j] : b[j]) : 0;
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_fmadd_ps(__m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = fmaf(a[j], b[j], c[j]);
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once where bit j of k is 1, else a[j].
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_fmadd_ps(__m512 a, __mmask16 k, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(a[j], b[j], c[j]) : a[j];
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_fmadd_ps(__mmask16 k, __m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(a[j], b[j], c[j]) : 0;
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_fmsub_ps(__m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = fmaf(a[j], b[j], -c[j]);
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once where bit j of k is 1, else a[j].
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_fmsub_ps(__m512 a, __mmask16 k, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(a[j], b[j], -c[j]) : a[j];
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_fmsub_ps(__mmask16 k, __m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(a[j], b[j], -c[j]) : 0;
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_fnmadd_ps(__m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = fmaf(-a[j], b[j], c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once where bit j of k is 1, else a[j].
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_fnmadd_ps(__m512 a, __mmask16 k, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(-a[j], b[j], c[j]) : a[j];
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_fnmadd_ps(__mmask16 k, __m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(-a[j], b[j], c[j]) : 0;
  return r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_fnmsub_ps(__m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = fmaf(-a[j], b[j], -c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once where bit j of k is 1, else a[j].
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_fnmsub_ps(__m512 a, __mmask16 k, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(-a[j], b[j], -c[j]) : a[j];
  return r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @operand c f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_fnmsub_ps(__mmask16 k, __m512 a, __m512 b, __m512 c) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fmaf(-a[j], b[j], -c[j]) : 0;
  return r;
}

/// r[j] = the square root of a[j].
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_sqrt_ps(__m512 a) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = sqrtf(a[j]); return r; }

/// r[j] = the square root of a[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_sqrt_ps(__m512 src, __mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? sqrtf(a[j]) : src[j];
  return r;
}

/// r[j] = the square root of a[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_sqrt_ps(__mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? sqrtf(a[j]) : 0;
  return r;
}

/// r[j] = |a[j]|.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_abs_ps(__m512 a) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = fabsf(a[j]); return r; }

/// r[j] = |a[j]| where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_abs_ps(__m512 src, __mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? fabsf(a[j]) : src[j];
  return r;
}

/// r[j] = a[j] rounded to 2^-(imm >> 4); imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero.
/// @operand a f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_roundscale_ps(__m512 a, const int imm) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_round(a[j], imm);
  return r;
}

/// r[j] = a[j] rounded to 2^-(imm >> 4); imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_roundscale_ps(__m512 src, __mmask16 k, __m512 a, const int imm) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (float)vnni_round(a[j], imm) : src[j];
  return r;
}

/// r[j] = a[j] rounded to 2^-(imm >> 4); imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_roundscale_ps(__mmask16 k, __m512 a, const int imm) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_round(a[j], imm) : 0;
  return r;
}

/// r[j] = floor(a[j]).
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_floor_ps(__m512 a) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = floorf(a[j]); return r; }

/// r[j] = ceil(a[j]).
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_ceil_ps(__m512 a) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = ceilf(a[j]); return r; }

/// r = the bitwise and of a and b.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512 _mm512_and_ps(__m512 a, __m512 b) {
  i32x16 x = (i32x16)a, y = (i32x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] & y[j];
  return (__m512)r;
}

/// r = the bitwise or of a and b.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512 _mm512_or_ps(__m512 a, __m512 b) {
  i32x16 x = (i32x16)a, y = (i32x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] | y[j];
  return (__m512)r;
}

/// r = the bitwise exclusive or of a and b.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512 _mm512_xor_ps(__m512 a, __m512 b) {
  i32x16 x = (i32x16)a, y = (i32x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] ^ y[j];
  return (__m512)r;
}

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512 _mm512_andnot_ps(__m512 a, __m512 b) {
  i32x16 x = (i32x16)a, y = (i32x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = ~x[j] & y[j];
  return (__m512)r;
}

/// r[j] = value.
/// @operand value f32 scalar  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_set1_ps(float value) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = value; return r; }

/// r[j] = 0.
/// @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_setzero_ps(void) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = 0; return r; }

/// r[j] = ej: the first argument is element 0.
/// @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_setr_ps(float e0, float e1, float e2, float e3, float e4, float e5, float e6, float e7, float e8, float e9,
                                    float e10, float e11, float e12, float e13, float e14, float e15) {
  __m512 r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15};
  return r;
}

/// r[j] = ej: the last argument is element 0.
/// @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_set_ps(float e15, float e14, float e13, float e12, float e11, float e10, float e9, float e8, float e7,
                                   float e6, float e5, float e4, float e3, float e2, float e1, float e0) {
  __m512 r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15};
  return r;
}

/// Element 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline float _mm512_cvtss_f32(__m512 a) { return a[0]; }

/// r[j] = a[j] + b[j].
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_add_pd(__m512d a, __m512d b) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = a[j] + b[j]; return r; }

/// r[j] = a[j] + b[j] where bit j of k is 1, else src[j].
/// @operand src f64[8] register  @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_mask_add_pd(__m512d src, __mmask8 k, __m512d a, __m512d b) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? a[j] + b[j] : src[j];
  return r;
}

/// r[j] = a[j] + b[j] where bit j of k is 1, else 0.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_maskz_add_pd(__mmask8 k, __m512d a, __m512d b) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? a[j] + b[j] : 0;
  return r;
}

/// r[j] = a[j] - b[j].
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_sub_pd(__m512d a, __m512d b) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = a[j] - b[j]; return r; }

/// r[j] = a[j] * b[j].
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_mul_pd(__m512d a, __m512d b) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = a[j] * b[j]; return r; }

/// r[j] = a[j] * b[j] where bit j of k is 1, else src[j].
/// @operand src f64[8] register  @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_mask_mul_pd(__m512d src, __mmask8 k, __m512d a, __m512d b) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? a[j] * b[j] : src[j];
  return r;
}

/// r[j] = a[j] * b[j] where bit j of k is 1, else 0.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_maskz_mul_pd(__mmask8 k, __m512d a, __m512d b) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? a[j] * b[j] : 0;
  return r;
}

/// r[j] = a[j] / b[j].
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_div_pd(__m512d a, __m512d b) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = a[j] / b[j]; return r; }

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_min_pd(__m512d a, __m512d b) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = a[j] < b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_max_pd(__m512d a, __m512d b) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = a[j] > b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f64[8] register  @operand b f64[8] register  @operand c f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_fmadd_pd(__m512d a, __m512d b, __m512d c) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = fma(a[j], b[j], c[j]);
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once where bit j of k is 1, else a[j].
/// @operand a f64[8] register  @operand b f64[8] register  @operand c f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_mask_fmadd_pd(__m512d a, __mmask8 k, __m512d b, __m512d c) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? fma(a[j], b[j], c[j]) : a[j];
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once where bit j of k is 1, else 0.
/// @operand a f64[8] register  @operand b f64[8] register  @operand c f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_maskz_fmadd_pd(__mmask8 k, __m512d a, __m512d b, __m512d c) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? fma(a[j], b[j], c[j]) : 0;
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f64[8] register  @operand b f64[8] register  @operand c f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_fmsub_pd(__m512d a, __m512d b, __m512d c) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = fma(a[j], b[j], -c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f64[8] register  @operand b f64[8] register  @operand c f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_fnmadd_pd(__m512d a, __m512d b, __m512d c) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = fma(-a[j], b[j], c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) - c[j], rounded once.
/// @operand a f64[8] register  @operand b f64[8] register  @operand c f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_fnmsub_pd(__m512d a, __m512d b, __m512d c) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = fma(-a[j], b[j], -c[j]);
  return r;
}

/// r[j] = the square root of a[j].
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_sqrt_pd(__m512d a) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = sqrt(a[j]); return r; }

/// r[j] = |a[j]|.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_abs_pd(__m512d a) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = fabs(a[j]); return r; }

/// r[j] = a[j] rounded to 2^-(imm >> 4); imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero.
/// @operand a f64[8] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_roundscale_pd(__m512d a, const int imm) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_round(a[j], imm);
  return r;
}

/// r[j] = floor(a[j]).
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_floor_pd(__m512d a) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = floor(a[j]); return r; }

/// r[j] = ceil(a[j]).
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_ceil_pd(__m512d a) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = ceil(a[j]); return r; }

/// r = the bitwise and of a and b.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512d _mm512_and_pd(__m512d a, __m512d b) {
  i64x8 x = (i64x8)a, y = (i64x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] & y[j];
  return (__m512d)r;
}

/// r = the bitwise or of a and b.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512d _mm512_or_pd(__m512d a, __m512d b) {
  i64x8 x = (i64x8)a, y = (i64x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] | y[j];
  return (__m512d)r;
}

/// r = the bitwise exclusive or of a and b.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512d _mm512_xor_pd(__m512d a, __m512d b) {
  i64x8 x = (i64x8)a, y = (i64x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] ^ y[j];
  return (__m512d)r;
}

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a f64[8] register  @operand b f64[8] register  @isa avx512dq  @source manuals/vnni/float.md
static inline __m512d _mm512_andnot_pd(__m512d a, __m512d b) {
  i64x8 x = (i64x8)a, y = (i64x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = ~x[j] & y[j];
  return (__m512d)r;
}

/// r[j] = value.
/// @operand value f64 scalar  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_set1_pd(double value) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = value; return r; }

/// r[j] = 0.
/// @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_setzero_pd(void) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = 0; return r; }

/// r[j] = ej: the first argument is element 0.
/// @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_setr_pd(double e0, double e1, double e2, double e3, double e4, double e5, double e6, double e7) {
  __m512d r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return r;
}

/// r[j] = ej: the last argument is element 0.
/// @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_set_pd(double e7, double e6, double e5, double e4, double e3, double e2, double e1, double e0) {
  __m512d r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return r;
}

/// Element 0.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline double _mm512_cvtsd_f64(__m512d a) { return a[0]; }
