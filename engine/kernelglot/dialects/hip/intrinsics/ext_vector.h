// clang's vector types, `T __attribute__((ext_vector_type(N)))`: element-wise operators, numbers spread over the elements, .x to .w and
// subscripts, comparisons that give -1 and 0. The build writes ext_vector_type's typedefs as this class, because gcc does not know it;
// in other places than a typedef or an alias it does not compile.
// source: manuals/hip/language.md
#ifndef KERNELGLOT_HIP_EXT_VECTOR_H
#define KERNELGLOT_HIP_EXT_VECTOR_H
#include "overloads.h"

#ifdef KG_HOST
#include <initializer_list>
#else
namespace std {
template <class E> class initializer_list {
  const E *first;
  size_t count;
  constexpr initializer_list(const E *f, size_t n) : first(f), count(n) {}
public:
  constexpr initializer_list() : first(0), count(0) {}
  constexpr size_t size() const { return count; }
  constexpr const E *begin() const { return first; }
  constexpr const E *end() const { return first + count; }
};
}
#endif

namespace kernelglot { namespace hip {
template <class T, int N> struct ExtParts { T s[N]; };
template <class T> struct ExtParts<T, 1> { union { T s[1]; struct { T x; }; }; };
template <class T> struct ExtParts<T, 2> { union { T s[2]; struct { T x, y; }; }; };
template <class T> struct ExtParts<T, 3> { union { T s[3]; struct { T x, y, z; }; }; };
template <class T> struct ExtParts<T, 4> { union { T s[4]; struct { T x, y, z, w; }; }; };
template <int Bytes> struct Signed;
template <> struct Signed<1> { using type = signed char; };
template <> struct Signed<2> { using type = short; };
template <> struct Signed<4> { using type = int; };
template <> struct Signed<8> { using type = long; };
constexpr int power_of_two(int n) { int p = 1; while (p < n) p *= 2; return p; }

template <class T, int N> struct __attribute__((aligned(power_of_two(N) * sizeof(T)))) Ext : ExtParts<T, N> {
  using Truth = Ext<typename Signed<sizeof(T)>::type, N>;
  Ext() = default;
  Ext(T value) { for (int i = 0; i < N; ++i) this->s[i] = value; }
  Ext(std::initializer_list<T> values) { for (int i = 0; i < N; ++i) this->s[i] = i < (int)values.size() ? values.begin()[i] : (T)0; }
  template <class U, int M, class = typename EnableIf<sizeof(U) * M == sizeof(T) * N>::type> explicit Ext(const Ext<U, M> &other) {
    __builtin_memcpy((void *)this, &other, sizeof *this);            // a cast between vectors of one size keeps the bits
  }
  T &operator[](int i) { return this->s[i]; }
  const T &operator[](int i) const { return this->s[i]; }
#define KG_EXT(op) \
  friend Ext operator op(Ext a, const Ext &b) { for (int i = 0; i < N; ++i) a.s[i] = (T)(a.s[i] op b.s[i]); return a; } \
  Ext &operator op##=(const Ext &b) { return *this = *this op b; }
  KG_EXT(+) KG_EXT(-) KG_EXT(*) KG_EXT(/) KG_EXT(%) KG_EXT(&) KG_EXT(|) KG_EXT(^) KG_EXT(<<) KG_EXT(>>)
#undef KG_EXT
#define KG_EXT(op) \
  friend Truth operator op(const Ext &a, const Ext &b) { Truth r; for (int i = 0; i < N; ++i) r.s[i] = a.s[i] op b.s[i] ? -1 : 0; return r; }
  KG_EXT(<) KG_EXT(>) KG_EXT(<=) KG_EXT(>=) KG_EXT(==) KG_EXT(!=)
#undef KG_EXT
  Ext operator-() const { Ext r; for (int i = 0; i < N; ++i) r.s[i] = (T)-this->s[i]; return r; }
  Ext operator~() const { Ext r; for (int i = 0; i < N; ++i) r.s[i] = (T)~this->s[i]; return r; }
  Ext operator+() const { return *this; }
};
} }
#endif
