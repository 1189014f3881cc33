// The float vectors of AVX-512 over a field: gcc's vector extension takes no classes, so these are arrays of lanes. A cast to another vector
// type keeps the bits, as it does everywhere: what only moves lanes works on, what calculates with their bits gets no number back.
#ifndef KERNELGLOT_FIELD_VECTORS_H
#define KERNELGLOT_FIELD_VECTORS_H

namespace kernelglot {
template <class T, int N> struct FieldVector {
  T lane[N];
  FieldVector() = default;
  template <class A, class... B, class = typename FieldIf<field_kind_of<A> != 0, A>::type> FieldVector(A a, B... b) : lane{T(a), T(b)...} {
    for (int i = 1 + sizeof...(B); i < N; ++i) lane[i] = 0;
  }
  template <class V, class = typename FieldIf<field_kind_of<V> == 0, V>::type, class = void> explicit FieldVector(const V &v) {
    static_assert(sizeof v == sizeof lane, "a cast between vectors keeps the size");
    __builtin_memcpy((void *)lane, &v, sizeof v);
  }
  T &operator[](int i) { return lane[i]; }
  const T &operator[](int i) const { return lane[i]; }
  template <class V> explicit operator V() const {
    static_assert(sizeof(V) == sizeof lane, "a cast between vectors keeps the size");
    V v;
    __builtin_memcpy((void *)&v, lane, sizeof v);
    return v;
  }
};
#define KG_FIELD_LANES(op) \
  template <class T, int N> inline FieldVector<T, N> operator op(const FieldVector<T, N> &a, const FieldVector<T, N> &b) { \
    FieldVector<T, N> r; \
    for (int i = 0; i < N; ++i) r[i] = a[i] op b[i]; \
    return r; \
  }
KG_FIELD_LANES(+) KG_FIELD_LANES(-) KG_FIELD_LANES(*) KG_FIELD_LANES(/)
}
typedef kernelglot::FieldVector<float, 16> __m512;
typedef kernelglot::FieldVector<float, 8> __m256;
typedef kernelglot::FieldVector<float, 4> __m128;
typedef kernelglot::FieldVector<double, 8> __m512d;
typedef kernelglot::FieldVector<double, 4> __m256d;
typedef kernelglot::FieldVector<double, 2> __m128d;
#endif
