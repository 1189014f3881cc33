/* Numbers of the exact channel as the kernel's module hands them to the runner, and back. C and C++.
 *
 * A word has 64 bits. Any double that is not one of the negative NaNs below is that very number, a constant. A negative NaN with an index in
 * its fraction names a node of the runner's arena (field.c): an input, or what was calculated from inputs. In a `float` of the kernel's text
 * the same fits into 32 bits: so sizes, alignments, copies and fills of memory mean what they always mean, and bytes that are all zero are 0.
 * Memory that was never written is full of 0xff, the negative NaN that means "undefined". */
#ifndef KERNELGLOT_FIELD_WORDS_H
#define KERNELGLOT_FIELD_WORDS_H
#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long long kg_word;

#define KG_WORD_NODE 0xfff0000000000000ull       /* | index */
#define KG_WORD_NODE32 0xff800000u               /* | index */
enum { KG_NODE_INDEX = 0x7fffff };
/* Indices with a meaning of their own: memory never written, what was calculated from it, the NaN that x86 makes. */
enum { KG_UNDEFINED = 0x7fffff, KG_SPOILED = 0x400001, KG_INDEFINITE = 0x400000 };

/* Functions of one and of two arguments, as libm names them. */
#define KG_FIELD_FUNCTIONS(M) M(sin) M(cos) M(tan) M(asin) M(acos) M(atan) M(sinh) M(cosh) M(tanh) M(asinh) M(acosh) M(atanh) M(exp) M(exp2) \
  M(expm1) M(log) M(log2) M(log10) M(log1p) M(sqrt) M(cbrt) M(erf) M(erfc) M(tgamma) M(lgamma) M(ceil) M(floor) M(trunc) M(round) M(rint) \
  M(nearbyint) M(fabs) M(logb) M(j0) M(j1) M(y0) M(y1) M(exp10) M(sinpi) M(cospi) M(erfinv) M(normcdf) \
  M(pow) M(atan2) M(fmod) M(fmax) M(fmin) M(hypot) M(copysign) M(fdim) M(remainder) M(nextafter)
enum kg_function {
#define KG_FIELD_NAME(name) KG_FN_##name,
  KG_FIELD_FUNCTIONS(KG_FIELD_NAME)
#undef KG_FIELD_NAME
  KG_FN_COUNT
};

kg_word kg_field_add(kg_word a, kg_word b);
kg_word kg_field_subtract(kg_word a, kg_word b);
kg_word kg_field_multiply(kg_word a, kg_word b);
kg_word kg_field_divide(kg_word a, kg_word b);
kg_word kg_field_call(int function, kg_word a, kg_word b);
kg_word kg_field_constant(double value);         /* a node that is this number: for what a 32-bit word can't hold */
kg_word kg_field_integer(long long value);
int kg_field_compare(kg_word a, kg_word b);      /* negative, 0, positive */
double kg_field_number(kg_word a, const char *use);   /* the number a constant is; on data the run ends: outside of the class */
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void kg_field_outside(const char *sentence);

#ifdef __cplusplus
}
#endif
#endif
