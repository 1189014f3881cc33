// What the meanings of the intrinsics share: vectors as their elements, rounding, saturation, comparison, half floats. Beside prelude.h it
// serves beside.h, where the vector types are the compiler's own.
#pragma once

// The elements an __m512i, __m256i or __m128i stands for.
#define VNNI_VIEW(name, type, bytes) typedef type name __attribute__((vector_size(bytes), may_alias))
VNNI_VIEW(i8x64, int8_t, 64);   VNNI_VIEW(i8x32, int8_t, 32);   VNNI_VIEW(i8x16, int8_t, 16);
VNNI_VIEW(u8x64, uint8_t, 64);  VNNI_VIEW(u8x32, uint8_t, 32);  VNNI_VIEW(u8x16, uint8_t, 16);
VNNI_VIEW(i16x32, int16_t, 64); VNNI_VIEW(i16x16, int16_t, 32); VNNI_VIEW(i16x8, int16_t, 16);
VNNI_VIEW(u16x32, uint16_t, 64); VNNI_VIEW(u16x16, uint16_t, 32); VNNI_VIEW(u16x8, uint16_t, 16);
VNNI_VIEW(i32x16, int32_t, 64); VNNI_VIEW(i32x8, int32_t, 32);  VNNI_VIEW(i32x4, int32_t, 16);
VNNI_VIEW(u32x16, uint32_t, 64); VNNI_VIEW(u32x8, uint32_t, 32); VNNI_VIEW(u32x4, uint32_t, 16);
VNNI_VIEW(i64x8, int64_t, 64);  VNNI_VIEW(i64x4, int64_t, 32);  VNNI_VIEW(i64x2, int64_t, 16);
VNNI_VIEW(u64x8, uint64_t, 64); VNNI_VIEW(u64x4, uint64_t, 32); VNNI_VIEW(u64x2, uint64_t, 16);


/// `p` lies in the frames of this thread that are near.
static inline int vnni_on_stack(const void *p) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  return (uintptr_t)p - here + 256 * 1024 < 512 * 1024;          // on either side: this function may be inlined
}

/// `p`, which is a multiple of `bytes`; hardware raises a protection fault where not. Local arrays need only be multiples of 16: so much the
/// calling convention gives one without alignas, and whether it has more is the compiler's choice (those that vectorise often give it).
static inline void *vnni_aligned(const void *p, unsigned bytes, const char *name, int line) {
  char message[160];
  if (!((uintptr_t)p % bytes) || (!((uintptr_t)p % 16) && vnni_on_stack(p))) return (void *)p;
  snprintf(message, sizeof message, "%s needs an address that is a multiple of %u bytes", name, bytes);
  kg_fault("alignment", message, line);
}
static inline void vnni_require_aligned(const void *p, unsigned bytes) { (void)vnni_aligned(p, bytes, "an aligned load or store", 0); }

/// Predicate `imm` on two floats: bits 0 to 3 choose it, bit 4 only says whether NaN signals.
static inline int vnni_compare(double a, double b, int imm) {
  int unordered = a != a || b != b, holds;
  switch (imm & 3) {
    case 0: holds = a == b; break;
    case 1: holds = a < b; break;
    case 2: holds = a <= b; break;
    default: holds = unordered;
  }
  switch (imm & 15) {
    case 8: return holds || unordered;                     // EQ_UQ
    case 9: return !(a >= b);                              // NGE
    case 10: return !(a > b);                              // NGT
    case 11: return 0;                                     // FALSE
    case 12: return a != b && !unordered;                  // NEQ_OQ
    case 13: return a >= b;
    case 14: return a > b;
    case 15: return 1;                                     // TRUE
    default: return imm & 4 ? !holds : holds;
  }
}

static inline int vnni_compare_integers(int64_t a, int64_t b, int imm) {
  int holds = (imm & 3) == 0 ? a == b : (imm & 3) == 1 ? a < b : (imm & 3) == 2 ? a <= b : 0;
  return imm & 4 ? !holds : holds;
}

/// `x` rounded to a multiple of 2^-(imm >> 4); imm & 3 says how (imm & 4: to nearest even, as the control register says).
static inline double vnni_round(double x, int imm) {
  double scale = (double)(1 << (imm >> 4 & 15)), y = x * scale;
  int mode = imm & 4 ? 0 : imm & 3;
  double rounded = mode == 0 ? nearbyint(y) : mode == 1 ? floor(y) : mode == 2 ? ceil(y) : trunc(y);
  return y - y != 0 ? x : rounded / scale;                 // infinities and NaN stay
}

static inline int32_t vnni_to_i32(float x) { return x >= -2147483648.0f && x < 2147483648.0f ? (int32_t)x : INT32_MIN; }
static inline uint32_t vnni_to_u32(float x) { return x > -1.0f && x < 4294967296.0f ? (uint32_t)x : UINT32_MAX; }

static inline int8_t vnni_saturate_i8(int64_t x) { return x > 127 ? 127 : x < -128 ? -128 : (int8_t)x; }
static inline uint8_t vnni_saturate_u8(int64_t x) { return x > 255 ? 255 : x < 0 ? 0 : (uint8_t)x; }
static inline int16_t vnni_saturate_i16(int64_t x) { return x > 32767 ? 32767 : x < -32768 ? -32768 : (int16_t)x; }
static inline uint16_t vnni_saturate_u16(int64_t x) { return x > 65535 ? 65535 : x < 0 ? 0 : (uint16_t)x; }
static inline int32_t vnni_saturate_i32(int64_t x) { return x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : (int32_t)x; }

/// The float that the bits of a half stand for.
static inline float vnni_half_value(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float magnitude = exponent == 31 ? (fraction ? NAN : INFINITY) : exponent ? ldexpf(1024 + fraction, exponent - 25) : ldexpf(fraction, -24);
  return bits >> 15 ? -magnitude : magnitude;
}

/// The bits of the half next to `x`; imm & 3: nearest even, down, up, toward zero (imm & 4: nearest even).
static inline uint16_t vnni_half_bits(float x, int imm) {
  int mode = imm & 4 ? 0 : imm & 3, exponent;
  uint16_t sign = __builtin_signbit(x) ? 0x8000 : 0;
  double magnitude = fabs((double)x), steps;
  if (x != x) {                                            // a quiet NaN with the upper bits of the payload
    uint32_t word;
    memcpy(&word, &x, 4);
    return sign | 0x7e00 | (word >> 13 & 0x3ff);
  }
  if (magnitude == 0 || magnitude - magnitude != 0) return sign | (magnitude == 0 ? 0 : 0x7c00);
  if (mode == 1) mode = sign ? 2 : 3;                      // on the magnitude: 2 away from zero, 3 toward it
  else if (mode == 2) mode = sign ? 3 : 2;
  exponent = ilogb(magnitude) < -14 ? -14 : ilogb(magnitude);
  steps = ldexp(magnitude, 10 - exponent);                 // in units of the last place
  steps = mode == 0 ? nearbyint(steps) : mode == 2 ? ceil(steps) : floor(steps);
  if (steps >= 2048) steps /= 2, ++exponent;
  if (exponent > 15) return sign | (mode == 3 ? 0x7bff : 0x7c00);
  return sign | (uint16_t)(steps < 1024 ? steps : (exponent + 15) * 1024 + (steps - 1024));
}
