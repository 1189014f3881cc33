// The exact channel: `float` and `double` of all that follows become classes whose values are numbers modulo a prime. Included before
// everything else. A Field has the size of a float and is moved like one, see field_words.h; what can't be said over a field (the bits of a
// number, a conversion to an integer) ends the run with the fault "outside".
#ifndef KERNELGLOT_FIELD_H
#define KERNELGLOT_FIELD_H
#include "field_words.h"

namespace kernelglot {
struct Field;
struct Field64;
template <class T> struct FieldPlain { using type = T; };
template <class T> struct FieldPlain<const T> : FieldPlain<T> {};
template <class T> struct FieldPlain<volatile T> : FieldPlain<T> {};
template <class T> struct FieldPlain<const volatile T> : FieldPlain<T> {};
// What may stand beside a Field: 0 nothing else, 1 a Field, 2 a Field64, 3 a whole number, 4 a float, 5 a double.
template <class T> inline constexpr int field_kind = 0;
template <> inline constexpr int field_kind<Field> = 1;
template <> inline constexpr int field_kind<Field64> = 2;
#define KG_FIELD_WHOLE(T) template <> inline constexpr int field_kind<T> = 3;
KG_FIELD_WHOLE(bool) KG_FIELD_WHOLE(char) KG_FIELD_WHOLE(signed char) KG_FIELD_WHOLE(unsigned char) KG_FIELD_WHOLE(short) KG_FIELD_WHOLE(unsigned short)
KG_FIELD_WHOLE(int) KG_FIELD_WHOLE(unsigned) KG_FIELD_WHOLE(long) KG_FIELD_WHOLE(unsigned long) KG_FIELD_WHOLE(long long) KG_FIELD_WHOLE(unsigned long long)
template <> inline constexpr int field_kind<float> = 4;
template <> inline constexpr int field_kind<double> = 5;
template <class T> inline constexpr int field_kind_of = field_kind<typename FieldPlain<T>::type>;
template <bool, class T> struct FieldIf {};
template <class T> struct FieldIf<true, T> { using type = T; };
template <class T> using FieldWhole = typename FieldIf<field_kind_of<T> == 3 || __is_enum(T), int>::type;

constexpr kg_word field_double(double x) { return __builtin_bit_cast(kg_word, x); }
constexpr kg_word field_wide(unsigned bits) {
  return bits > KG_WORD_NODE32 ? KG_WORD_NODE | (bits & KG_NODE_INDEX) : field_double((double)__builtin_bit_cast(float, bits));
}
template <class T> constexpr kg_word field_whole(T x) {
  if (__builtin_is_constant_evaluated() || sizeof(T) <= 4) return field_double((double)x);
  if (x > 0 && (long long)x < 0) return kg_field_add(field_double(0x1p63), kg_field_integer((long long)(x - (1ull << 63))));
  return kg_field_integer((long long)x);
}
// The result of an operation on floats: a number that needs more than a float's bits becomes a node, not a rounded number.
constexpr unsigned field_exact(kg_word word) {
  if (word > KG_WORD_NODE) return KG_WORD_NODE32 | (unsigned)(word & KG_NODE_INDEX);
  double x = __builtin_bit_cast(double, word);
  float narrow = (float)x;
  if (x != x || (double)narrow == x || __builtin_is_constant_evaluated()) return __builtin_bit_cast(unsigned, narrow);
  word = kg_field_constant(x);
  return word > KG_WORD_NODE ? KG_WORD_NODE32 | (unsigned)(word & KG_NODE_INDEX) : __builtin_bit_cast(unsigned, narrow);
}

#define KG_FIELD_VOLATILE(Name) \
  template <class T, class = typename FieldIf<field_kind_of<T> != 0, T>::type> void operator=(const T &x) volatile { bits = Name(field_value(x)).bits; } \
  template <class T> void operator+=(const T &x) volatile { *this = *this + x; } \
  template <class T> void operator-=(const T &x) volatile { *this = *this - x; } \
  template <class T> void operator*=(const T &x) volatile { *this = *this * x; } \
  template <class T> void operator/=(const T &x) volatile { *this = *this / x; } \
  template <class T> Name &operator+=(const T &x) { return *this = Name(*this + x); } \
  template <class T> Name &operator-=(const T &x) { return *this = Name(*this - x); } \
  template <class T> Name &operator*=(const T &x) { return *this = Name(*this * x); } \
  template <class T> Name &operator/=(const T &x) { return *this = Name(*this / x); } \
  Name &operator++() { return *this = made(kg_field_add(word(), field_double(1))); } \
  Name &operator--() { return *this = made(kg_field_subtract(word(), field_double(1))); } \
  Name operator++(int) { Name old = *this; ++*this; return old; } \
  Name operator--(int) { Name old = *this; --*this; return old; } \
  constexpr Name operator+() const { return *this; } \
  explicit operator bool() const { return kg_field_compare(word(), 0) != 0; } \
  template <class T, class = FieldWhole<T>> explicit operator T() const { return (T)kg_field_number(word(), "it turns a calculated float into an integer"); } \
  explicit operator _Float16() const { kg_field_outside("it calculates in 16-bit floats"); }

template <class T> constexpr auto field_value(const T &x);

struct Field {
  unsigned bits;
  Field() = default;
  constexpr Field(float x) : bits(__builtin_bit_cast(unsigned, x)) {}
  constexpr Field(double x) : Field((float)x) {}
  template <class T, class = FieldWhole<T>> constexpr Field(T x) : bits(field_exact(field_whole(x))) {}
  explicit Field(_Float16) { kg_field_outside("it calculates in 16-bit floats"); }
  constexpr Field(Field64 x);                          // a constant is rounded, as by the machine
  template <class T, class = typename FieldIf<field_kind_of<T> == 1, T>::type> Field(const volatile T &x) : bits(x.bits) {}
  static constexpr Field made(kg_word word) { Field x{}; x.bits = field_exact(word); return x; }
  constexpr kg_word word() const { return field_wide(bits); }
  constexpr Field operator-() const;
  KG_FIELD_VOLATILE(Field)
};

struct Field64 {
  kg_word bits;
  Field64() = default;
  constexpr Field64(double x) : bits(field_double(x)) {}
  constexpr Field64(long double x) : bits(field_double((double)x)) {}      // what __DBL_MAX__ casts
  constexpr Field64(float x) : bits(field_double((double)x)) {}
  template <class T, class = FieldWhole<T>> constexpr Field64(T x) : bits(field_whole(x)) {}
  constexpr Field64(Field x) : bits(x.word()) {}
  explicit Field64(_Float16) { kg_field_outside("it calculates in 16-bit floats"); }
  template <class T, class = typename FieldIf<field_kind_of<T> == 2, T>::type> Field64(const volatile T &x) : bits(x.bits) {}
  static constexpr Field64 made(kg_word word) { Field64 x{}; x.bits = word; return x; }
  constexpr kg_word word() const { return bits; }
  constexpr Field64 operator-() const;
  KG_FIELD_VOLATILE(Field64)
};

constexpr Field::Field(Field64 x) : bits(x.bits > KG_WORD_NODE ? KG_WORD_NODE32 | (unsigned)(x.bits & KG_NODE_INDEX)
                                                               : __builtin_bit_cast(unsigned, (float)__builtin_bit_cast(double, x.bits))) {}
constexpr Field Field::operator-() const {
  if (bits <= KG_WORD_NODE32) { Field x{}; x.bits = bits ^ 1u << 31; return x; }
  return made(kg_field_subtract(0, word()));
}
constexpr Field64 Field64::operator-() const { return made(bits <= KG_WORD_NODE ? bits ^ 1ull << 63 : kg_field_subtract(0, bits)); }

// Any of the kinds as a word, and as a Field or Field64.
template <class T> constexpr auto field_value(const T &x) {
  constexpr int kind = field_kind_of<T>;
  if constexpr (kind == 1) { Field y{}; y.bits = x.bits; return y; }
  else if constexpr (kind == 2) { Field64 y{}; y.bits = x.bits; return y; }
  else if constexpr (kind == 4) return Field(x);
  else return Field64(x);
}
template <class A, class B> struct FieldMixed {
  static constexpr int a = field_kind_of<A>, b = field_kind_of<B>;
  static constexpr bool holds = (a == 1 || a == 2 || b == 1 || b == 2) && a && b;
  static constexpr bool is_wide = a == 2 || b == 2 || a == 5 || b == 5;
};
template <bool> struct FieldOf { using type = Field; };
template <> struct FieldOf<true> { using type = Field64; };
template <class A, class B> using FieldResult = typename FieldIf<FieldMixed<A, B>::holds, typename FieldOf<FieldMixed<A, B>::is_wide>::type>::type;
template <class A, class B> using FieldTruth = typename FieldIf<FieldMixed<A, B>::holds, bool>::type;

#define KG_FIELD_OPERATOR(op, function) \
  template <class A, class B> inline FieldResult<A, B> operator op(const A &a, const B &b) { \
    return FieldResult<A, B>::made(function(field_value(a).word(), field_value(b).word())); }
KG_FIELD_OPERATOR(+, kg_field_add) KG_FIELD_OPERATOR(-, kg_field_subtract) KG_FIELD_OPERATOR(*, kg_field_multiply) KG_FIELD_OPERATOR(/, kg_field_divide)
#define KG_FIELD_COMPARE(op) \
  template <class A, class B> inline FieldTruth<A, B> operator op(const A &a, const B &b) { \
    return kg_field_compare(field_value(a).word(), field_value(b).word()) op 0; }
KG_FIELD_COMPARE(<) KG_FIELD_COMPARE(>) KG_FIELD_COMPARE(<=) KG_FIELD_COMPARE(>=) KG_FIELD_COMPARE(==) KG_FIELD_COMPARE(!=)

// Real numbers are no NaN; an infinity can only be a constant.
template <class T> constexpr double field_constant(const T &x) {
  kg_word word = field_value(x).word();
  return word > KG_WORD_NODE ? 1 : __builtin_bit_cast(double, word);
}
template <class T> constexpr bool field_isnan(const T &x) { return field_constant(x) != field_constant(x); }
template <class T> constexpr bool field_isinf(const T &x) { return field_constant(x) - field_constant(x) != 0; }
template <class T> constexpr bool field_isfinite(const T &x) { return field_constant(x) - field_constant(x) == 0; }
template <class T> constexpr bool field_signbit(const T &x) {
  return field_value(x).word() > KG_WORD_NODE ? kg_field_compare(field_value(x).word(), 0) < 0 : field_value(x).word() >> 63;
}
}
#define __builtin_isnan(x) kernelglot::field_isnan(x)
#define __builtin_isinf(x) kernelglot::field_isinf(x)
#define __builtin_isinf_sign(x) kernelglot::field_isinf(x)
#define __builtin_isfinite(x) kernelglot::field_isfinite(x)
#define __builtin_signbit(x) kernelglot::field_signbit(x)
namespace kernelglot { using Real = double; using Real32 = float; }      // what literals are, and INFINITY
extern int kg_floats_are_fields_from_here;           // what the preprocessor makes of the rest is changed by field_build.py
#endif
