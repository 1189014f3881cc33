// Scalar code: conversions of single values, access through any pointer, questions about pointers, and printing.
#pragma once

/// The half next to `x` toward zero (CUDA's __float2half rounds to nearest even).
/// @arch all  @source manuals/bang/scalar.md
static inline half __float2half(float x) { return bang_to_half(x, bang_round_tz); }

/// The half next to `x` toward zero.
/// @arch all  @source manuals/bang/scalar.md
static inline half __float2half_tz(float x) { return bang_to_half(x, bang_round_tz); }

/// The half next to `x` away from zero.
/// @arch all  @source manuals/bang/scalar.md
static inline half __float2half_oz(float x) { return bang_to_half(x, bang_round_oz); }

/// The half next to `x` toward +infinity.
/// @arch all  @source manuals/bang/scalar.md
static inline half __float2half_up(float x) { return bang_to_half(x, bang_round_up); }

/// The half next to `x` toward -infinity.
/// @arch all  @source manuals/bang/scalar.md
static inline half __float2half_dn(float x) { return bang_to_half(x, bang_round_dn); }

/// The half nearest to `x`, halves away from zero.
/// @arch all  @source manuals/bang/scalar.md
static inline half __float2half_rd(float x) { return bang_to_half(x, bang_round_rd); }

/// The half nearest to `x`, halves to even.
/// @arch >=300  @source manuals/bang/scalar.md
static inline half __float2half_rn(float x) { return bang_to_half(x, bang_round_rn); }

/// The half nearest to `x`, halves toward +infinity.
/// @arch >=300  @source manuals/bang/scalar.md
static inline half __float2half_rm(float x) { return bang_to_half(x, bang_round_rm); }

/// One of the two halves next to `x`; here the nearest, see rounding.h.
/// @arch >=500  @source manuals/bang/scalar.md
static inline half __float2half_sr(float x) { return bang_to_half(x, bang_round_rn); }

/// `x` as float, exact.
/// @arch all  @source manuals/bang/scalar.md
static inline float __half2float(half x) { return x; }

/// `x` as an integer, toward zero, saturated.
/// @arch all  @source manuals/bang/scalar.md
static inline int __float2int_tz(float x) { return bang_to_integer<int>(trunc(x)); }

/// `x` as an integer, nearest, halves away from zero, saturated.
/// @arch all  @source manuals/bang/scalar.md
static inline int __float2int_rd(float x) { return bang_to_integer<int>(round(x)); }

/// `x` as an integer, toward +infinity, saturated.
/// @arch all  @source manuals/bang/scalar.md
static inline int __float2int_up(float x) { return bang_to_integer<int>(ceil(x)); }

/// `x` as an integer, toward -infinity, saturated.
/// @arch all  @source manuals/bang/scalar.md
static inline int __float2int_dn(float x) { return bang_to_integer<int>(floor(x)); }

/// `x` as an integer, away from zero, saturated.
/// @arch all  @source manuals/bang/scalar.md
static inline int __float2int_oz(float x) { return bang_to_integer<int>(bang_round_oz(x)); }

/// `x` as an integer, nearest even, saturated.
/// @arch >=300  @source manuals/bang/scalar.md
static inline int __float2int_rn(float x) { return bang_to_integer<int>(bang_round_rn(x)); }

/// `x` as an integer, nearest, halves toward +infinity, saturated.
/// @arch >=300  @source manuals/bang/scalar.md
static inline int __float2int_rm(float x) { return bang_to_integer<int>(bang_round_rm(x)); }

/// The element at `pointer` in NRAM.
/// @arch all  @source manuals/bang/scalar.md
template <typename T> static inline T __load_nram(const T *pointer) {
  bang_require_few(pointer, 1);
  return *pointer;
}

/// The element at `pointer` in GDRAM.
/// @arch all  @source manuals/bang/scalar.md
template <typename T> static inline T __load_gdram(const T *pointer) {
  bang_require_dram(pointer, 1);
  return *pointer;
}

/// Writes one element of NRAM.
/// @arch all  @source manuals/bang/scalar.md
template <typename T> static inline void __store_nram(T *pointer, bang_value<T> value) {
  bang_require_few(pointer, 1, true);
  *pointer = value;
}

/// Writes one element of GDRAM.
/// @arch all  @source manuals/bang/scalar.md
template <typename T> static inline void __store_gdram(T *pointer, bang_value<T> value) {
  bang_require_dram(pointer, 1);
  *pointer = value;
}

/// True for a pointer into NRAM.
/// @arch all  @source manuals/bang/scalar.md
static inline bool __is_nram(const void *pointer) { return bang_scope_of(pointer) == BANG_NRAM; }

/// True for a pointer into WRAM.
/// @arch all  @source manuals/bang/scalar.md
static inline bool __is_wram(const void *pointer) { return bang_scope_of(pointer) == BANG_WRAM; }

/// True for a pointer into SRAM.
/// @arch mtp  @source manuals/bang/scalar.md
static inline bool __is_sram(const void *pointer) { return bang_scope_of(pointer) == BANG_SRAM; }

/// True for a pointer into off-chip memory.
/// @arch all  @source manuals/bang/scalar.md
static inline bool __is_dram(const void *pointer) { return bang_scope_of(pointer) >= BANG_LDRAM; }

// What printf takes for a value.
template <typename T> static inline T bang_printed(T value) { return value; }
static inline double bang_printed(half value) { return (float)value; }
static inline double bang_printed(bfloat16_t value) { return (float)value; }

/// Prints its values, at most 16.
/// @arch all  @source manuals/bang/scalar.md
template <typename... Values> static inline void __bang_printf(const char *format, Values... values) {
  bang_require_true(sizeof...(values) <= 16, "at most 16 values can be printed");
  printf(format, bang_printed(values)...);
}
