// Table approximations. The body is the exact function; hardware differs from it by the error named in each comment, and clamps where
// the comment says so (BANG_ACTIVE_CLAMP makes the emulator clamp too). Each used function keeps its table in NRAM: `@table` bytes for
// half and float, to be left free by the kernel.
#pragma once

/// dst[i] = exp(src[i]), relative error about 0.01.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range up to 11; below -7.75 5.96e-8  @table 2560/5120 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_exp(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = expf(src[i]);
#ifdef BANG_ACTIVE_CLAMP
  for (unsigned i = 0; i < n; ++i)
    if (dst[i] < 4.3074e-4f) dst[i] = (T)5.96e-8f;
#endif
  bang_limit(dst, n);
}

/// dst[i] = exp(src[i]), relative error about 0.003.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range up to 16; below -15.5 3e-7  @table 2560/15360 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_exphp(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = expf(src[i]);
#ifdef BANG_ACTIVE_CLAMP
  for (unsigned i = 0; i < n; ++i)
    if (dst[i] < 1.8554e-7f) dst[i] = (T)3e-7f;
#endif
  bang_limit(dst, n);
}

/// dst[i] = exp(src[i]) for src[i] <= 0.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range up to 0  @table 2048/4096 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_exp_less_0(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = expf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 1 / (1 + exp(-src[i])), error about 0.01.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range below -7.75 0, above 7.75 1  @table 256/512 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_sigmoid(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / (1.0f + expf(-src[i]));
#ifdef BANG_ACTIVE_CLAMP
  for (unsigned i = 0; i < n; ++i)
    if (dst[i] < 4.3056e-4f) dst[i] = 0;
  for (unsigned i = 0; i < n; ++i)
    if (dst[i] > 0.99956944f) dst[i] = 1;
#endif
  bang_limit(dst, n);
}

/// dst[i] = tanh(src[i]), error about 0.01.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @table 256/512 bytes f16/f32  @arch all  @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_tanh(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = tanhf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = max(src[i], 0), exact.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @table 256/512 bytes f16/f32  @arch all  @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_relu(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = fmaxf(src[i], 0.0f);
  bang_limit(dst, n);
}

/// dst[i] = |src[i]|, exact.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @table 256/512 bytes f16/f32  @arch all  @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_abs(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = fabsf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = src[i] >= 0 ? 1 : -1, never 0; -0 gives 1, exact.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @table 256/512 bytes f16/f32  @arch all  @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_sign(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] >= 0 ? 1 : -1);
  bang_limit(dst, n);
}

/// dst[i] = src[i] times the normal distribution function of src[i], error about 0.003.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @table 256/512 bytes f16/f32  @arch all  @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_gelu(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 0.5f * src[i] * (1.0f + erff(src[i] * 0.70710678f));
  bang_limit(dst, n);
}

/// dst[i] = src[i] times the normal distribution function of src[i], error about 0.003.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range below -3.875 -5.96e-8  @table 3584/7168 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_gelup(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
#ifdef BANG_ACTIVE_CLAMP
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] < -3.875f ? -5.96e-8f : 0.5f * src[i] * (1.0f + erff(src[i] * 0.70710678f));
#else
  for (unsigned i = 0; i < n; ++i) dst[i] = 0.5f * src[i] * (1.0f + erff(src[i] * 0.70710678f));
#endif
  bang_limit(dst, n);
}

/// dst[i] = 1 / src[i], relative error about 0.003.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 0.0078125 to 65472  @table 6912/13824 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_recip(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / src[i];
  bang_limit(dst, n);
}

/// dst[i] = 1 / src[i] for src[i] >= 1.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range from 1  @table 5120/10240 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_recip_greater_1(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / src[i];
  bang_limit(dst, n);
}

/// dst[i] = 1 / src[i], relative error about 0.0004.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 2.22e-16 to 2e6  @table 6656/36352 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_reciphp(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / src[i];
  bang_limit(dst, n);
}

/// dst[i] = the natural logarithm of src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 6.1e-5 to 63484  @table 4352/8704 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_log(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = logf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = the natural logarithm of src[i], more precise.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 6.1e-5 to 63484  @table 6400/27136 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_loghp(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = logf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = the square root of src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 0 to 63487  @table 4352/8704 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_sqrt(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = sqrtf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = the square root of src[i], more precise.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 0 to 63487  @table 4608/16384 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_sqrthp(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = sqrtf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 1 / sqrt(src[i]), relative error about 0.01.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 0.005 to 63487  @table 6400/12800 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_rsqrt(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / sqrtf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 1 / sqrt(src[i]), more precise.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range 0.005 to 63487  @table 7680/40448 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_rsqrthp(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = 1.0f / sqrtf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = sin(src[i]), error about 0.01.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range -2 pi to 2 pi  @table 256/512 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_sin(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = sinf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = cos(src[i]), error about 0.01.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @range -2 pi to 2 pi  @table 256/512 bytes f16/f32  @arch all
/// @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_cos(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = cosf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = 2 to the power src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16  @overlap any  @table 256/512 bytes f16/f32  @arch all  @source manuals/bang/activation.md
template <typename T> static inline void __bang_active_pow2(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = exp2f(src[i]);
  bang_limit(dst, n);
}
