// Unary mathematics, accurate: the value of the C library for the same argument, rounded to T. The table approximations are in
// activation.h.
#pragma once

/// dst[i] = 1 / src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_recip(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / src[i];
  bang_limit(dst, n);
}

/// dst[i] = the square root of src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_sqrt(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = sqrtf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 1 / sqrt(src[i]).
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_rsqrt(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / sqrtf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = sin(src[i]).
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_sin(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = sinf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = cos(src[i]).
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_cos(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = cosf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = the logarithm of src[i] to base 2, not the natural one.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_log(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = log2f(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = the logarithm of src[i] to base 2.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_log2(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = log2f(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 2 to the power src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 bf16  @overlap any  @arch >=300, bf16 >=500  @source manuals/bang/math.md
template <typename T> static inline void __bang_pow2(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_BF16);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = exp2f(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 1 / (1 + exp(-src[i])).
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch not in guide 4.5.1; used by published kernels  @source manuals/bang/math.md
template <typename T> static inline void __bang_sigmoid(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / (1.0f + expf(-src[i]));
  bang_limit(dst, n);
}

/// dst[i] = sin(src[i]); hardware uses 3 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor3_sin(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = sinf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = cos(src[i]); hardware uses 3 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor3_cos(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = cosf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = tanh(src[i]); hardware uses 3 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor3_tanh(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = tanhf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 1 / (1 + exp(-src[i])); hardware uses 3 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor3_sigmoid(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / (1.0f + expf(-src[i]));
  bang_limit(dst, n);
}

/// dst[i] = log(1 + exp(src[i])); hardware uses 3 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor3_softplus(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = logf(1.0f + expf(src[i]));
  bang_limit(dst, n);
}

/// dst[i] = sin(src[i]); hardware uses 4 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor4_sin(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = sinf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = cos(src[i]); hardware uses 4 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor4_cos(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = cosf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = tanh(src[i]); hardware uses 4 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor4_tanh(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = tanhf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 1 / (1 + exp(-src[i])); hardware uses 4 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor4_sigmoid(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / (1.0f + expf(-src[i]));
  bang_limit(dst, n);
}

/// dst[i] = log(1 + exp(src[i])); hardware uses 4 Taylor terms.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @arch all  @source manuals/bang/math.md
template <typename T> static inline void __bang_taylor4_softplus(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = logf(1.0f + expf(src[i]));
  bang_limit(dst, n);
}
