// HIP's structs of two to four numbers have element-wise operators, with numbers on either side as well, and the name HIP_vector_type.
// Templates, as in HIP: an operator that a program defines for itself wins over them. source: manuals/hip/language.md
#ifndef KERNELGLOT_HIP_VECTOR_TYPES_H
#define KERNELGLOT_HIP_VECTOR_TYPES_H
#include "simt.h"

namespace kernelglot { namespace hip {
template <class V> struct Parts { static constexpr int count = 0; };
template <class T, unsigned N> struct Named;
#define KG_PARTS(V, T, n) template <> struct Parts<V> { using type = T; static constexpr int count = n; }; \
  template <> struct Named<T, n> { using type = V; };
#define KG_ALL_PARTS(V, T) KG_PARTS(V##1, T, 1) KG_PARTS(V##2, T, 2) KG_PARTS(V##3, T, 3) KG_PARTS(V##4, T, 4)
KG_ALL_PARTS(char, signed char) KG_ALL_PARTS(uchar, unsigned char) KG_ALL_PARTS(short, short) KG_ALL_PARTS(ushort, unsigned short)
KG_ALL_PARTS(int, int) KG_ALL_PARTS(uint, unsigned) KG_ALL_PARTS(long, long) KG_ALL_PARTS(ulong, unsigned long)
KG_ALL_PARTS(longlong, long long) KG_ALL_PARTS(ulonglong, unsigned long long) KG_ALL_PARTS(float, float) KG_ALL_PARTS(double, double)
template <class V> using IsVector = typename EnableIf<Parts<V>::count != 0>::type;
template <class V, class U> using Beside = typename EnableIf<Parts<V>::count != 0 && arithmetic<U>>::type;
template <class V> inline auto &part(V &v, int i) { return ((typename Parts<typename Unqualified<V>::type>::type *)&v)[i]; }
template <class V, class U> inline V spread(U x) {
  V v;
  for (int i = 0; i < Parts<V>::count; ++i) part(v, i) = (typename Parts<V>::type)x;
  return v;
}
} }
template <class T, unsigned N> using HIP_vector_type = typename kernelglot::hip::Named<T, N>::type;

#define KG_VECTOR_OPERATOR(op) \
  template <class V, class = kernelglot::hip::IsVector<V>> inline V operator op(V a, V b) { \
    using namespace kernelglot::hip; \
    for (int i = 0; i < Parts<V>::count; ++i) part(a, i) = (typename Parts<V>::type)(part(a, i) op part(b, i)); \
    return a; } \
  template <class V, class U, class = kernelglot::hip::Beside<V, U>> inline V operator op(V a, U b) { return a op kernelglot::hip::spread<V>(b); } \
  template <class V, class U, class = kernelglot::hip::Beside<V, U>> inline V operator op(U a, V b) { return kernelglot::hip::spread<V>(a) op b; } \
  template <class V, class U, class = kernelglot::hip::IsVector<V>> inline V &operator op##=(V &a, U b) { return a = a op b; }
KG_VECTOR_OPERATOR(+) KG_VECTOR_OPERATOR(-) KG_VECTOR_OPERATOR(*) KG_VECTOR_OPERATOR(/) KG_VECTOR_OPERATOR(%) KG_VECTOR_OPERATOR(&)
KG_VECTOR_OPERATOR(|) KG_VECTOR_OPERATOR(^) KG_VECTOR_OPERATOR(<<) KG_VECTOR_OPERATOR(>>)
template <class V, class = kernelglot::hip::IsVector<V>> inline V operator-(V a) {
  for (int i = 0; i < kernelglot::hip::Parts<V>::count; ++i) kernelglot::hip::part(a, i) = -kernelglot::hip::part(a, i);
  return a;
}
template <class V, class = kernelglot::hip::IsVector<V>> inline bool operator==(V a, V b) {
  for (int i = 0; i < kernelglot::hip::Parts<V>::count; ++i) if (kernelglot::hip::part(a, i) != kernelglot::hip::part(b, i)) return false;
  return true;
}
template <class V, class = kernelglot::hip::IsVector<V>> inline bool operator!=(V a, V b) { return !(a == b); }
#endif
