// What CUDA's and HIP's functions on single numbers compute: plain C that the emulator compiles and the front end reads. A translation that
// needs one of them gets it as a helper of that name without the underscores in front. What every C has (`expf`, `fmaf`) is not here.
#pragma once

/// How many bits of `x` are 1.
/// @source manuals/cuda/math.md
__device__ inline int __popc(unsigned x) {
  unsigned pairs = x - ((x >> 1) & 0x55555555u);
  unsigned fours = (pairs & 0x33333333u) + ((pairs >> 2) & 0x33333333u);
  return (int)((((fours + (fours >> 4)) & 0x0f0f0f0fu) * 0x01010101u) >> 24);
}

/// How many bits of `x` are 1.
/// @source manuals/cuda/math.md
__device__ inline int __popcll(unsigned long long x) { return __popc((unsigned)x) + __popc((unsigned)(x >> 32)); }

/// How many of the highest bits of `x` are 0; 32 for 0.
/// @source manuals/cuda/math.md
__device__ inline int __clz(int x) {
  unsigned two = (unsigned)x | ((unsigned)x >> 1);
  unsigned four = two | (two >> 2);
  unsigned eight = four | (four >> 4);
  unsigned sixteen = eight | (eight >> 8);
  return __popc(~(sixteen | (sixteen >> 16)));
}

/// How many of the highest bits of `x` are 0; 64 for 0.
/// @source manuals/cuda/math.md
__device__ inline int __clzll(long long x) {
  int high = (int)(x >> 32);
  return high != 0 ? __clz(high) : 32 + __clz((int)x);
}

/// The place of the lowest bit of `x` that is 1, the first being 1; 0 for 0.
/// @source manuals/cuda/math.md
__device__ inline int __ffs(int x) { return x == 0 ? 0 : __popc((unsigned)x ^ ((unsigned)x - 1u)); }

/// The place of the lowest bit of `x` that is 1, the first being 1; 0 for 0.
/// @source manuals/cuda/math.md
__device__ inline int __ffsll(long long x) { return x == 0 ? 0 : __popcll((unsigned long long)x ^ ((unsigned long long)x - 1u)); }

/// The bits of `x` in the opposite order.
/// @source manuals/cuda/math.md
__device__ inline unsigned __brev(unsigned x) {
  unsigned ones = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
  unsigned twos = ((ones >> 2) & 0x33333333u) | ((ones & 0x33333333u) << 2);
  unsigned fours = ((twos >> 4) & 0x0f0f0f0fu) | ((twos & 0x0f0f0f0fu) << 4);
  unsigned bytes = ((fours >> 8) & 0x00ff00ffu) | ((fours & 0x00ff00ffu) << 8);
  return (bytes >> 16) | (bytes << 16);
}

/// The bits of `x` in the opposite order.
/// @source manuals/cuda/math.md
__device__ inline unsigned long long __brevll(unsigned long long x) {
  return ((unsigned long long)__brev((unsigned)x) << 32) | (unsigned long long)__brev((unsigned)(x >> 32));
}

/// The upper 32 bits of the product.
/// @source manuals/cuda/math.md
__device__ inline int __mulhi(int x, int y) { return (int)(((long long)x * (long long)y) >> 32); }

/// The upper 32 bits of the product.
/// @source manuals/cuda/math.md
__device__ inline unsigned __umulhi(unsigned x, unsigned y) { return (unsigned)(((unsigned long long)x * (unsigned long long)y) >> 32); }

/// The upper 64 bits of the product.
/// @source manuals/cuda/math.md
__device__ inline unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
  unsigned long long low = (x & 0xffffffffull) * (y & 0xffffffffull);
  unsigned long long cross = (x >> 32) * (y & 0xffffffffull) + (low >> 32);
  unsigned long long other = (x & 0xffffffffull) * (y >> 32) + (cross & 0xffffffffull);
  return (x >> 32) * (y >> 32) + (cross >> 32) + (other >> 32);
}

/// The upper 64 bits of the product.
/// @source manuals/cuda/math.md
__device__ inline long long __mul64hi(long long x, long long y) {
  unsigned long long high = __umul64hi((unsigned long long)x, (unsigned long long)y);
  return (long long)(high - (x < 0 ? (unsigned long long)y : 0ull) - (y < 0 ? (unsigned long long)x : 0ull));
}

/// The product of the lower 24 bits of the operands, each with its sign, in 32 bits that wrap.
/// @source manuals/cuda/math.md
__device__ inline int __mul24(int x, int y) {
  int left = (int)((unsigned)x << 8) >> 8;
  int right = (int)((unsigned)y << 8) >> 8;
  return (int)((unsigned)left * (unsigned)right);
}

/// The product of the lower 24 bits of the operands, in 32 bits that wrap.
/// @source manuals/cuda/math.md
__device__ inline unsigned __umul24(unsigned x, unsigned y) { return (x & 0xffffffu) * (y & 0xffffffu); }

/// Half the sum, which does not overflow, rounded down.
/// @source manuals/cuda/math.md
__device__ inline int __hadd(int x, int y) { return (int)(((long long)x + (long long)y) >> 1); }

/// Half the sum, which does not overflow, rounded up.
/// @source manuals/cuda/math.md
__device__ inline int __rhadd(int x, int y) { return (int)(((long long)x + (long long)y + 1ll) >> 1); }

/// Half the sum, which does not overflow, rounded down.
/// @source manuals/cuda/math.md
__device__ inline unsigned __uhadd(unsigned x, unsigned y) { return (unsigned)(((unsigned long long)x + (unsigned long long)y) >> 1); }

/// Half the sum, which does not overflow, rounded up.
/// @source manuals/cuda/math.md
__device__ inline unsigned __urhadd(unsigned x, unsigned y) { return (unsigned)(((unsigned long long)x + (unsigned long long)y + 1ull) >> 1); }

/// Four of the eight bytes of `y` and `x`; each hexadecimal digit of `selector` names one, its highest bit repeats the byte's sign.
/// @source manuals/cuda/math.md
__device__ inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  unsigned result = 0;
  for (int place = 0; place < 4; ++place) {
    unsigned choice = (selector >> (4 * place)) & 15u;
    unsigned word = (choice & 4u) != 0u ? y : x;
    unsigned byte = (word >> (8u * (choice & 3u))) & 255u;
    unsigned sign = (byte & 128u) != 0u ? 255u : 0u;
    result |= ((choice & 8u) != 0u ? sign : byte) << (8 * place);
  }
  return result;
}

/// |x - y| + z, in 32 bits that wrap.
/// @source manuals/cuda/math.md
__device__ inline unsigned __sad(int x, int y, unsigned z) { return z + (x > y ? (unsigned)x - (unsigned)y : (unsigned)y - (unsigned)x); }

/// |x - y| + z, in 32 bits that wrap.
/// @source manuals/cuda/math.md
__device__ inline unsigned __usad(unsigned x, unsigned y, unsigned z) { return z + (x > y ? x - y : y - x); }

/// The upper half of the 64 bits `high`:`low` shifted left by `shift` modulo 32.
/// @source manuals/cuda/math.md
__device__ inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  unsigned long long both = ((unsigned long long)high << 32) | (unsigned long long)low;
  return (unsigned)((both << (shift & 31u)) >> 32);
}

/// The lower half of the 64 bits `high`:`low` shifted right by `shift` modulo 32.
/// @source manuals/cuda/math.md
__device__ inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  unsigned long long both = ((unsigned long long)high << 32) | (unsigned long long)low;
  return (unsigned)(both >> (shift & 31u));
}

/// `c` and the four products of the signed bytes of `a` and `b`, in 32 bits that wrap.
/// @source manuals/cuda/math.md
__device__ inline int __dp4a(int a, int b, int c) {
  unsigned sum = (unsigned)c;
  for (int place = 0; place < 4; ++place) sum += (unsigned)((int)(signed char)(a >> (8 * place)) * (int)(signed char)(b >> (8 * place)));
  return (int)sum;
}

/// `c` and the four products of the unsigned bytes of `a` and `b`, in 32 bits that wrap: `__dp4a` of unsigned operands.
/// @source manuals/cuda/math.md
__device__ inline unsigned __udp4a(unsigned a, unsigned b, unsigned c) {
  unsigned sum = c;
  for (int place = 0; place < 4; ++place) sum += ((a >> (8 * place)) & 255u) * ((b >> (8 * place)) & 255u);
  return sum;
}

/// `c` and the products of the two signed halves of `a` with the lower two signed bytes of `b`, in 32 bits that wrap.
/// @source manuals/cuda/math.md
__device__ inline int __dp2a_lo(int a, int b, int c) {
  unsigned low = (unsigned)((int)(short)a * (int)(signed char)b);
  unsigned high = (unsigned)((int)(short)(a >> 16) * (int)(signed char)(b >> 8));
  return (int)((unsigned)c + low + high);
}

/// `c` and the products of the two signed halves of `a` with the upper two signed bytes of `b`, in 32 bits that wrap.
/// @source manuals/cuda/math.md
__device__ inline int __dp2a_hi(int a, int b, int c) { return __dp2a_lo(a, b >> 16, c); }

/// 10 to the power of `x`.
/// @source manuals/cuda/math.md
__device__ inline float exp10f(float x) { return powf(10.0f, x); }

/// 10 to the power of `x`.
/// @source manuals/cuda/math.md
__device__ inline double exp10(double x) { return pow(10.0, x); }

/// 1 divided by the cube root of `x`.
/// @source manuals/cuda/math.md
__device__ inline float rcbrtf(float x) { return 1.0f / cbrtf(x); }

/// 1 divided by the cube root of `x`.
/// @source manuals/cuda/math.md
__device__ inline double rcbrt(double x) { return 1.0 / cbrt(x); }

/// The sine of pi times `x`. The rest after whole turns is exact, and folded to a quarter turn it gives exact zeros.
/// @source manuals/cuda/math.md
__device__ inline float sinpif(float x) {
  float turn = x - 2.0f * rintf(0.5f * x);
  float folded = fabsf(turn) > 0.5f ? copysignf(1.0f, turn) - turn : turn;
  return sinf(3.14159265f * folded);
}

/// The sine of pi times `x`.
/// @source manuals/cuda/math.md
__device__ inline double sinpi(double x) {
  double turn = x - 2.0 * rint(0.5 * x);
  double folded = fabs(turn) > 0.5 ? copysign(1.0, turn) - turn : turn;
  return sin(3.141592653589793 * folded);
}

/// The cosine of pi times `x`.
/// @source manuals/cuda/math.md
__device__ inline float cospif(float x) {
  float turn = fabsf(x - 2.0f * rintf(0.5f * x));
  return sinf(3.14159265f * (0.5f - turn));
}

/// The cosine of pi times `x`.
/// @source manuals/cuda/math.md
__device__ inline double cospi(double x) {
  double turn = fabs(x - 2.0 * rint(0.5 * x));
  return sin(3.141592653589793 * (0.5 - turn));
}

/// The probability that a normally distributed number is at most `x`.
/// @source manuals/cuda/math.md
__device__ inline float normcdff(float x) { return 0.5f * erfcf(-0.707106781f * x); }

/// The probability that a normally distributed number is at most `x`.
/// @source manuals/cuda/math.md
__device__ inline double normcdf(double x) { return 0.5 * erfc(-0.70710678118654752 * x); }

/// The number whose error function is `x`: polynomials of M. Giles, Approximating the erfinv function, 2010.
/// @source manuals/cuda/math.md
__device__ inline float erfinvf(float x) {
  float w = -logf((1.0f - x) * (1.0f + x));
  float near = w - 2.5f;
  float p = 2.81022636e-08f;
  p = p * near + 3.43273939e-07f;
  p = p * near - 3.5233877e-06f;
  p = p * near - 4.39150654e-06f;
  p = p * near + 0.00021858087f;
  p = p * near - 0.00125372503f;
  p = p * near - 0.00417768164f;
  p = p * near + 0.246640727f;
  p = p * near + 1.50140941f;
  float far = sqrtf(w) - 3.0f;
  float q = -0.000200214257f;
  q = q * far + 0.000100950558f;
  q = q * far + 0.00134934322f;
  q = q * far - 0.00367342844f;
  q = q * far + 0.00573950773f;
  q = q * far - 0.0076224613f;
  q = q * far + 0.00943887047f;
  q = q * far + 1.00167406f;
  q = q * far + 2.83297682f;
  float found = (w < 5.0f ? p : q) * x;
  return fabsf(x) == 1.0f ? copysignf(INFINITY, x) : found;
}

/// The number whose error function is `x`: the single-precision value, corrected by Newton's method.
/// @source manuals/cuda/math.md
__device__ inline double erfinv(double x) {
  double size = fabs(x);
  double left = 1.0 - size;
  double y = size < 0.9999 ? (double)erfinvf((float)size) : sqrt(-log(left));
  for (int step = 0; step < 4; ++step) {
    double wrong = size < 0.5 ? erf(y) - size : left - erfc(y);
    double slope = 1.1283791670955126 * exp(-y * y);
    double move = wrong / slope;
    y = y - move / (1.0 + y * move);
  }
  return size == 1.0 ? copysign((double)INFINITY, x) : copysign(y, x);
}
