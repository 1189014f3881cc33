// AVX-512, AVX2, VNNI and AMX intrinsics in portable C on gcc's vector extension: no -m flag, no immintrin.h, C and C++. Each intrinsic is a
// function whose body is its meaning, with the signature of Intel's. Where the CPU has all the instructions of a text the host compiles
// against the real header instead, and where it lacks some the headers with their meanings stand beside the real one (beside.h); a test
// holds the two equal.
//
// Not here: SVML functions, complex halves, forms with a rounding mode.
#pragma once
#pragma GCC diagnostic ignored "-Wpsabi"     // how vectors are passed does not matter: everything here is inlined or local
#include "device.h"

#ifdef KG_OVER_FIELD                        // the exact channel: classes in place of float and double
#include "field_vectors.h"
#else
typedef float __m512 __attribute__((vector_size(64), may_alias));
typedef double __m512d __attribute__((vector_size(64), may_alias));
typedef float __m256 __attribute__((vector_size(32), may_alias));
typedef double __m256d __attribute__((vector_size(32), may_alias));
typedef float __m128 __attribute__((vector_size(16), may_alias));
typedef double __m128d __attribute__((vector_size(16), may_alias));
#endif
typedef long long __m512i __attribute__((vector_size(64), may_alias));
typedef long long __m256i __attribute__((vector_size(32), may_alias));
typedef long long __m128i __attribute__((vector_size(16), may_alias));
typedef short __m512bh __attribute__((vector_size(64), may_alias));
typedef short __m256bh __attribute__((vector_size(32), may_alias));
typedef short __m128bh __attribute__((vector_size(16), may_alias));
typedef unsigned short __bfloat16;
typedef _Float16 __m512h __attribute__((vector_size(64), may_alias));
typedef _Float16 __m256h __attribute__((vector_size(32), may_alias));
typedef _Float16 __m128h __attribute__((vector_size(16), may_alias));
typedef unsigned char __mmask8;
typedef unsigned short __mmask16;
typedef unsigned int __mmask32;
typedef unsigned long long __mmask64;


// Roundings (roundscale, round, cvtps_ph) and comparisons.
#define _MM_FROUND_TO_NEAREST_INT 0
#define _MM_FROUND_TO_NEG_INF 1
#define _MM_FROUND_TO_POS_INF 2
#define _MM_FROUND_TO_ZERO 3
#define _MM_FROUND_CUR_DIRECTION 4
#define _MM_FROUND_RAISE_EXC 0
#define _MM_FROUND_NO_EXC 8
#define _MM_FROUND_NINT 0
#define _MM_FROUND_FLOOR 1
#define _MM_FROUND_CEIL 2
#define _MM_FROUND_TRUNC 3
enum {
  _CMP_EQ_OQ, _CMP_LT_OS, _CMP_LE_OS, _CMP_UNORD_Q, _CMP_NEQ_UQ, _CMP_NLT_US, _CMP_NLE_US, _CMP_ORD_Q, _CMP_EQ_UQ, _CMP_NGE_US, _CMP_NGT_US,
  _CMP_FALSE_OQ, _CMP_NEQ_OQ, _CMP_GE_OS, _CMP_GT_OS, _CMP_TRUE_UQ, _CMP_EQ_OS, _CMP_LT_OQ, _CMP_LE_OQ, _CMP_UNORD_S, _CMP_NEQ_US, _CMP_NLT_UQ,
  _CMP_NLE_UQ, _CMP_ORD_S, _CMP_EQ_US, _CMP_NGE_UQ, _CMP_NGT_UQ, _CMP_FALSE_OS, _CMP_NEQ_OS, _CMP_GE_OQ, _CMP_GT_OQ, _CMP_TRUE_US
};
typedef enum {
  _MM_CMPINT_EQ, _MM_CMPINT_LT, _MM_CMPINT_LE, _MM_CMPINT_UNUSED, _MM_CMPINT_NE, _MM_CMPINT_NLT, _MM_CMPINT_NLE,
  _MM_CMPINT_GE = 5, _MM_CMPINT_GT = 6
} _MM_CMPINT_ENUM;
typedef int _MM_PERM_ENUM;
enum { _MM_HINT_NTA, _MM_HINT_T2 = 1, _MM_HINT_T1 = 2, _MM_HINT_T0 = 3 };
#define _MM_SHUFFLE(d, c, b, a) ((d) << 6 | (c) << 4 | (b) << 2 | (a))
#define _mm_prefetch(p, hint) ((void)(p))
#define _mm_malloc(bytes, alignment) aligned_alloc(alignment, ((bytes) + (alignment) - 1) / (alignment) * (alignment))
#define _mm_free(p) free(p)
#define _mm_sfence() ((void)0)
#define _mm256_zeroupper() ((void)0)

#include "views.h"
#include "float.h"
#include "narrow_float.h"
#include "integer.h"
#include "narrow_integer.h"
#include "shift.h"
#include "small_integer.h"
#include "compare.h"
#include "select.h"
#include "narrow_select.h"
#include "memory.h"
#include "narrow_memory.h"
#include "convert.h"
#include "narrow_convert.h"
#include "reduce.h"
#include "mask.h"
#include "vnni.h"
#include "avx_vnni.h"
#include "vnni_int8.h"
#include "vnni_int16.h"
#include "bfloat16.h"
#include "approximate.h"
#include "float16.h"
#include "float16_fma.h"
#include "float16_select.h"
#include "float16_memory.h"
#include "float16_convert.h"
#include "amx.h"
#include "aligned.h"
#include "float16_aligned.h"
