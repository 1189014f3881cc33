// Floating arithmetic and bitwise operations on 256 and 128 bits.
#pragma once

/// r[j] = a[j] + b[j].
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_add_ps(__m256 a, __m256 b) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[j] + b[j]; return r; }

/// r[j] = a[j] - b[j].
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_sub_ps(__m256 a, __m256 b) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[j] - b[j]; return r; }

/// r[j] = a[j] * b[j].
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_mul_ps(__m256 a, __m256 b) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[j] * b[j]; return r; }

/// r[j] = a[j] / b[j].
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_div_ps(__m256 a, __m256 b) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[j] / b[j]; return r; }

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_min_ps(__m256 a, __m256 b) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[j] < b[j] ? a[j] : b[j]; return r; }

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_max_ps(__m256 a, __m256 b) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[j] > b[j] ? a[j] : b[j]; return r; }

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f32[8] register  @operand b f32[8] register  @operand c f32[8] register  @isa fma  @source manuals/vnni/float.md
static inline __m256 _mm256_fmadd_ps(__m256 a, __m256 b, __m256 c) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = fmaf(a[j], b[j], c[j]);
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f32[8] register  @operand b f32[8] register  @operand c f32[8] register  @isa fma  @source manuals/vnni/float.md
static inline __m256 _mm256_fmsub_ps(__m256 a, __m256 b, __m256 c) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = fmaf(a[j], b[j], -c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f32[8] register  @operand b f32[8] register  @operand c f32[8] register  @isa fma  @source manuals/vnni/float.md
static inline __m256 _mm256_fnmadd_ps(__m256 a, __m256 b, __m256 c) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = fmaf(-a[j], b[j], c[j]);
  return r;
}

/// r[j] = the square root of a[j].
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_sqrt_ps(__m256 a) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = sqrtf(a[j]); return r; }

/// r[j] = a[j] rounded to an integer; imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero.
/// @operand a f32[8] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_round_ps(__m256 a, const int imm) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_round(a[j], imm & 15);
  return r;
}

/// r[j] = floor(a[j]).
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_floor_ps(__m256 a) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = floorf(a[j]); return r; }

/// r[j] = ceil(a[j]).
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_ceil_ps(__m256 a) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = ceilf(a[j]); return r; }

/// r = the bitwise and of a and b.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_and_ps(__m256 a, __m256 b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] & y[j];
  return (__m256)r;
}

/// r = the bitwise or of a and b.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_or_ps(__m256 a, __m256 b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] | y[j];
  return (__m256)r;
}

/// r = the bitwise exclusive or of a and b.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_xor_ps(__m256 a, __m256 b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] ^ y[j];
  return (__m256)r;
}

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_andnot_ps(__m256 a, __m256 b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = ~x[j] & y[j];
  return (__m256)r;
}

/// r[j] = value.
/// @operand value f32 scalar  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_set1_ps(float value) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = value; return r; }

/// r[j] = 0.
/// @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_setzero_ps(void) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = 0; return r; }

/// r[j] = ej: the first argument is element 0.
/// @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_setr_ps(float e0, float e1, float e2, float e3, float e4, float e5, float e6, float e7) {
  __m256 r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return r;
}

/// r[j] = ej: the last argument is element 0.
/// @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_set_ps(float e7, float e6, float e5, float e4, float e3, float e2, float e1, float e0) {
  __m256 r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return r;
}

/// r[j] = b[j] where the sign bit of mask[j] is set, else a[j].
/// @operand a f32[8] register  @operand b f32[8] register  @operand mask f32[8] register  @isa avx  @source manuals/vnni/compare.md
static inline __m256 _mm256_blendv_ps(__m256 a, __m256 b, __m256 mask) {
  i32x8 m = (i32x8)mask;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = m[j] < 0 ? b[j] : a[j];
  return r;
}

/// Bit j of the result = the sign bit of a[j].
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/compare.md
static inline int _mm256_movemask_ps(__m256 a) {
  i32x8 x = (i32x8)a;
  int bits = 0;
  for (int j = 0; j < 8; ++j) bits |= (x[j] < 0) << j;
  return bits;
}

/// r[j] = a[j] + b[j].
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_add_ps(__m128 a, __m128 b) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j] + b[j]; return r; }

/// r[j] = a[j] - b[j].
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_sub_ps(__m128 a, __m128 b) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j] - b[j]; return r; }

/// r[j] = a[j] * b[j].
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_mul_ps(__m128 a, __m128 b) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j] * b[j]; return r; }

/// r[j] = a[j] / b[j].
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_div_ps(__m128 a, __m128 b) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j] / b[j]; return r; }

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_min_ps(__m128 a, __m128 b) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j] < b[j] ? a[j] : b[j]; return r; }

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_max_ps(__m128 a, __m128 b) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j] > b[j] ? a[j] : b[j]; return r; }

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f32[4] register  @operand b f32[4] register  @operand c f32[4] register  @isa fma  @source manuals/vnni/float.md
static inline __m128 _mm_fmadd_ps(__m128 a, __m128 b, __m128 c) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = fmaf(a[j], b[j], c[j]);
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f32[4] register  @operand b f32[4] register  @operand c f32[4] register  @isa fma  @source manuals/vnni/float.md
static inline __m128 _mm_fmsub_ps(__m128 a, __m128 b, __m128 c) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = fmaf(a[j], b[j], -c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f32[4] register  @operand b f32[4] register  @operand c f32[4] register  @isa fma  @source manuals/vnni/float.md
static inline __m128 _mm_fnmadd_ps(__m128 a, __m128 b, __m128 c) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = fmaf(-a[j], b[j], c[j]);
  return r;
}

/// r[j] = the square root of a[j].
/// @operand a f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_sqrt_ps(__m128 a) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = sqrtf(a[j]); return r; }

/// r[j] = a[j] rounded to an integer; imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero.
/// @operand a f32[4] register  @operand imm i32 immediate  @isa sse4.1  @source manuals/vnni/float.md
static inline __m128 _mm_round_ps(__m128 a, const int imm) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_round(a[j], imm & 15);
  return r;
}

/// r[j] = floor(a[j]).
/// @operand a f32[4] register  @isa sse4.1  @source manuals/vnni/float.md
static inline __m128 _mm_floor_ps(__m128 a) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = floorf(a[j]); return r; }

/// r[j] = ceil(a[j]).
/// @operand a f32[4] register  @isa sse4.1  @source manuals/vnni/float.md
static inline __m128 _mm_ceil_ps(__m128 a) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = ceilf(a[j]); return r; }

/// r = the bitwise and of a and b.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_and_ps(__m128 a, __m128 b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] & y[j];
  return (__m128)r;
}

/// r = the bitwise or of a and b.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_or_ps(__m128 a, __m128 b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] | y[j];
  return (__m128)r;
}

/// r = the bitwise exclusive or of a and b.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_xor_ps(__m128 a, __m128 b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] ^ y[j];
  return (__m128)r;
}

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_andnot_ps(__m128 a, __m128 b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = ~x[j] & y[j];
  return (__m128)r;
}

/// r[j] = value.
/// @operand value f32 scalar  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_set1_ps(float value) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = value; return r; }

/// r[j] = 0.
/// @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_setzero_ps(void) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = 0; return r; }

/// r[j] = ej: the first argument is element 0.
/// @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_setr_ps(float e0, float e1, float e2, float e3) { __m128 r = {e0, e1, e2, e3}; return r; }

/// r[j] = ej: the last argument is element 0.
/// @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_set_ps(float e3, float e2, float e1, float e0) { __m128 r = {e0, e1, e2, e3}; return r; }

/// r[j] = b[j] where the sign bit of mask[j] is set, else a[j].
/// @operand a f32[4] register  @operand b f32[4] register  @operand mask f32[4] register  @isa sse4.1  @source manuals/vnni/compare.md
static inline __m128 _mm_blendv_ps(__m128 a, __m128 b, __m128 mask) {
  i32x4 m = (i32x4)mask;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = m[j] < 0 ? b[j] : a[j];
  return r;
}

/// Bit j of the result = the sign bit of a[j].
/// @operand a f32[4] register  @isa sse  @source manuals/vnni/compare.md
static inline int _mm_movemask_ps(__m128 a) {
  i32x4 x = (i32x4)a;
  int bits = 0;
  for (int j = 0; j < 4; ++j) bits |= (x[j] < 0) << j;
  return bits;
}

/// Element 0.
/// @operand a f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline float _mm_cvtss_f32(__m128 a) { return a[0]; }

/// r = {value, 0, 0, 0}.
/// @operand value f32 scalar  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_set_ss(float value) { __m128 r = {value, 0, 0, 0}; return r; }

/// r[0] = a[0] + b[0]; the rest is a.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_add_ss(__m128 a, __m128 b) { a[0] = a[0] + b[0]; return a; }

/// r[0] = max of a[0] and b[0], as _mm_max_ps; the rest is a.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_max_ss(__m128 a, __m128 b) { a[0] = a[0] > b[0] ? a[0] : b[0]; return a; }

/// r[j] = a[j] + b[j].
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_add_pd(__m256d a, __m256d b) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = a[j] + b[j]; return r; }

/// r[j] = a[j] - b[j].
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_sub_pd(__m256d a, __m256d b) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = a[j] - b[j]; return r; }

/// r[j] = a[j] * b[j].
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_mul_pd(__m256d a, __m256d b) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = a[j] * b[j]; return r; }

/// r[j] = a[j] / b[j].
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_div_pd(__m256d a, __m256d b) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = a[j] / b[j]; return r; }

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_min_pd(__m256d a, __m256d b) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = a[j] < b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_max_pd(__m256d a, __m256d b) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = a[j] > b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f64[4] register  @operand b f64[4] register  @operand c f64[4] register  @isa fma  @source manuals/vnni/float.md
static inline __m256d _mm256_fmadd_pd(__m256d a, __m256d b, __m256d c) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = fma(a[j], b[j], c[j]);
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f64[4] register  @operand b f64[4] register  @operand c f64[4] register  @isa fma  @source manuals/vnni/float.md
static inline __m256d _mm256_fmsub_pd(__m256d a, __m256d b, __m256d c) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = fma(a[j], b[j], -c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f64[4] register  @operand b f64[4] register  @operand c f64[4] register  @isa fma  @source manuals/vnni/float.md
static inline __m256d _mm256_fnmadd_pd(__m256d a, __m256d b, __m256d c) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = fma(-a[j], b[j], c[j]);
  return r;
}

/// r[j] = the square root of a[j].
/// @operand a f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_sqrt_pd(__m256d a) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = sqrt(a[j]); return r; }

/// r[j] = a[j] rounded to an integer; imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero.
/// @operand a f64[4] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_round_pd(__m256d a, const int imm) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_round(a[j], imm & 15);
  return r;
}

/// r[j] = floor(a[j]).
/// @operand a f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_floor_pd(__m256d a) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = floor(a[j]); return r; }

/// r[j] = ceil(a[j]).
/// @operand a f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_ceil_pd(__m256d a) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = ceil(a[j]); return r; }

/// r = the bitwise and of a and b.
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_and_pd(__m256d a, __m256d b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] & y[j];
  return (__m256d)r;
}

/// r = the bitwise or of a and b.
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_or_pd(__m256d a, __m256d b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] | y[j];
  return (__m256d)r;
}

/// r = the bitwise exclusive or of a and b.
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_xor_pd(__m256d a, __m256d b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] ^ y[j];
  return (__m256d)r;
}

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a f64[4] register  @operand b f64[4] register  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_andnot_pd(__m256d a, __m256d b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = ~x[j] & y[j];
  return (__m256d)r;
}

/// r[j] = value.
/// @operand value f64 scalar  @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_set1_pd(double value) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = value; return r; }

/// r[j] = 0.
/// @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_setzero_pd(void) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = 0; return r; }

/// r[j] = ej: the first argument is element 0.
/// @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_setr_pd(double e0, double e1, double e2, double e3) { __m256d r = {e0, e1, e2, e3}; return r; }

/// r[j] = ej: the last argument is element 0.
/// @isa avx  @source manuals/vnni/float.md
static inline __m256d _mm256_set_pd(double e3, double e2, double e1, double e0) { __m256d r = {e0, e1, e2, e3}; return r; }

/// r[j] = b[j] where the sign bit of mask[j] is set, else a[j].
/// @operand a f64[4] register  @operand b f64[4] register  @operand mask f64[4] register  @isa avx  @source manuals/vnni/compare.md
static inline __m256d _mm256_blendv_pd(__m256d a, __m256d b, __m256d mask) {
  i64x4 m = (i64x4)mask;
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = m[j] < 0 ? b[j] : a[j];
  return r;
}

/// Bit j of the result = the sign bit of a[j].
/// @operand a f64[4] register  @isa avx  @source manuals/vnni/compare.md
static inline int _mm256_movemask_pd(__m256d a) {
  i64x4 x = (i64x4)a;
  int bits = 0;
  for (int j = 0; j < 4; ++j) bits |= (x[j] < 0) << j;
  return bits;
}

/// r[j] = a[j] + b[j].
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_add_pd(__m128d a, __m128d b) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = a[j] + b[j]; return r; }

/// r[j] = a[j] - b[j].
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_sub_pd(__m128d a, __m128d b) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = a[j] - b[j]; return r; }

/// r[j] = a[j] * b[j].
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_mul_pd(__m128d a, __m128d b) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = a[j] * b[j]; return r; }

/// r[j] = a[j] / b[j].
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_div_pd(__m128d a, __m128d b) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = a[j] / b[j]; return r; }

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_min_pd(__m128d a, __m128d b) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = a[j] < b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zeros.
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_max_pd(__m128d a, __m128d b) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = a[j] > b[j] ? a[j] : b[j];
  return r;
}

/// r[j] = a[j] * b[j] + c[j], rounded once.
/// @operand a f64[2] register  @operand b f64[2] register  @operand c f64[2] register  @isa fma  @source manuals/vnni/float.md
static inline __m128d _mm_fmadd_pd(__m128d a, __m128d b, __m128d c) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = fma(a[j], b[j], c[j]);
  return r;
}

/// r[j] = a[j] * b[j] - c[j], rounded once.
/// @operand a f64[2] register  @operand b f64[2] register  @operand c f64[2] register  @isa fma  @source manuals/vnni/float.md
static inline __m128d _mm_fmsub_pd(__m128d a, __m128d b, __m128d c) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = fma(a[j], b[j], -c[j]);
  return r;
}

/// r[j] = -(a[j] * b[j]) + c[j], rounded once.
/// @operand a f64[2] register  @operand b f64[2] register  @operand c f64[2] register  @isa fma  @source manuals/vnni/float.md
static inline __m128d _mm_fnmadd_pd(__m128d a, __m128d b, __m128d c) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = fma(-a[j], b[j], c[j]);
  return r;
}

/// r[j] = the square root of a[j].
/// @operand a f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_sqrt_pd(__m128d a) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = sqrt(a[j]); return r; }

/// r[j] = a[j] rounded to an integer; imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero.
/// @operand a f64[2] register  @operand imm i32 immediate  @isa sse4.1  @source manuals/vnni/float.md
static inline __m128d _mm_round_pd(__m128d a, const int imm) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = vnni_round(a[j], imm & 15);
  return r;
}

/// r[j] = floor(a[j]).
/// @operand a f64[2] register  @isa sse4.1  @source manuals/vnni/float.md
static inline __m128d _mm_floor_pd(__m128d a) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = floor(a[j]); return r; }

/// r[j] = ceil(a[j]).
/// @operand a f64[2] register  @isa sse4.1  @source manuals/vnni/float.md
static inline __m128d _mm_ceil_pd(__m128d a) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = ceil(a[j]); return r; }

/// r = the bitwise and of a and b.
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_and_pd(__m128d a, __m128d b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) r[j] = x[j] & y[j];
  return (__m128d)r;
}

/// r = the bitwise or of a and b.
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_or_pd(__m128d a, __m128d b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) r[j] = x[j] | y[j];
  return (__m128d)r;
}

/// r = the bitwise exclusive or of a and b.
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_xor_pd(__m128d a, __m128d b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) r[j] = x[j] ^ y[j];
  return (__m128d)r;
}

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a f64[2] register  @operand b f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_andnot_pd(__m128d a, __m128d b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) r[j] = ~x[j] & y[j];
  return (__m128d)r;
}

/// r[j] = value.
/// @operand value f64 scalar  @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_set1_pd(double value) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = value; return r; }

/// r[j] = 0.
/// @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_setzero_pd(void) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = 0; return r; }

/// r[j] = ej: the first argument is element 0.
/// @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_setr_pd(double e0, double e1) { __m128d r = {e0, e1}; return r; }

/// r[j] = ej: the last argument is element 0.
/// @isa sse2  @source manuals/vnni/float.md
static inline __m128d _mm_set_pd(double e1, double e0) { __m128d r = {e0, e1}; return r; }

/// r[j] = b[j] where the sign bit of mask[j] is set, else a[j].
/// @operand a f64[2] register  @operand b f64[2] register  @operand mask f64[2] register  @isa sse4.1  @source manuals/vnni/compare.md
static inline __m128d _mm_blendv_pd(__m128d a, __m128d b, __m128d mask) {
  i64x2 m = (i64x2)mask;
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = m[j] < 0 ? b[j] : a[j];
  return r;
}

/// Bit j of the result = the sign bit of a[j].
/// @operand a f64[2] register  @isa sse2  @source manuals/vnni/compare.md
static inline int _mm_movemask_pd(__m128d a) {
  i64x2 x = (i64x2)a;
  int bits = 0;
  for (int j = 0; j < 2; ++j) bits |= (x[j] < 0) << j;
  return bits;
}

/// Element 0.
/// @operand a f64[2] register  @isa sse2  @source manuals/vnni/float.md
static inline double _mm_cvtsd_f64(__m128d a) { return a[0]; }
