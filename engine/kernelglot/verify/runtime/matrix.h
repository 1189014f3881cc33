// Warp-wide matrix fragments: nvcuda::wmma is this namespace under another name. A fragment's elements are dealt to the lanes in row-major
// order, so x[i] means something for element-wise use only, which is all that the platform promises. Loads, stores and products are
// collectives of the warp. A product's sums are formed in double and rounded once to the accumulator's type; integers wrap or saturate.
// source: manuals/cuda/wmma.md; CUDA C++ Programming Guide, "Warp Matrix Functions"
#ifndef KERNELGLOT_MATRIX_H
#define KERNELGLOT_MATRIX_H
#include "half_functions.h"
#include "../../dialects/cuda/intrinsics/wmma.h"

namespace kernelglot { namespace matrix {
struct matrix_a {}; struct matrix_b {}; struct accumulator {};
struct row_major { static constexpr bool by_row = true; };
struct col_major { static constexpr bool by_row = false; };
enum layout_t { mem_row_major, mem_col_major };
namespace precision { struct tf32 {}; }
namespace experimental {
namespace precision { struct u4 {}; struct s4 {}; struct b1 {}; }
enum bmmaBitOp { bmmaBitOpXOR = 1, bmmaBitOpAND = 2 };
enum bmmaAccumulateOp { bmmaAccumulateOpPOPC = 1 };
}
using experimental::precision::s4; using experimental::precision::u4; using experimental::precision::b1;

// Elements of less than a byte are packed into words.
template <class T> inline constexpr int packed_bits = 0;
template <> inline constexpr int packed_bits<s4> = 4;
template <> inline constexpr int packed_bits<u4> = 4;
template <> inline constexpr int packed_bits<b1> = 1;
template <class T> struct Stored { using type = T; };
template <> struct Stored<precision::tf32> { using type = float; };
template <> struct Stored<char> { using type = signed char; };
template <> struct Stored<s4> { using type = int; };
template <> struct Stored<u4> { using type = unsigned; };
template <> struct Stored<b1> { using type = unsigned; };
template <class Use, int M, int N, int K> struct Extent { static constexpr int rows = M, columns = N; };
template <int M, int N, int K> struct Extent<matrix_a, M, N, K> { static constexpr int rows = M, columns = K; };
template <int M, int N, int K> struct Extent<matrix_b, M, N, K> { static constexpr int rows = K, columns = N; };

template <class T> inline constexpr bool short_integer = same<T, signed char> || same<T, unsigned char> || same<T, char>;
template <class Use, int M, int N, int K, class T, class L> constexpr bool known_shape() {
  constexpr bool sums = same<Use, accumulator>;
  constexpr bool large = K == 16 && ((M == 16 && N == 16) || (M == 32 && N == 8) || (M == 8 && N == 32));
  if (large) return sums ? same<T, float> || same<T, half> || same<T, int> : same<T, half> || same<T, __nv_bfloat16> || short_integer<T>;
  if (M == 16 && N == 16 && K == 8) return sums ? same<T, float> : same<T, precision::tf32>;
  if (M == 8 && N == 8 && K == 4) return same<T, double>;
  constexpr bool only = same<L, row_major> ? same<Use, matrix_a> : same<Use, matrix_b>;     // A by rows, B by columns
  if (M == 8 && N == 8 && K == 32) return sums ? same<T, int> : packed_bits<T> == 4 && only;
  if (M == 8 && N == 8 && K == 128) return sums ? same<T, int> : packed_bits<T> == 1 && only;
  return false;
}

template <class Use, int M, int N, int K, class T, class Layout = void> struct fragment {
  static_assert(known_shape<Use, M, N, K, T, Layout>(), "wmma has no fragment of this shape, type and layout");
  using element_type = typename Stored<T>::type;
  using storage_element_type = element_type;
  static constexpr int rows = Extent<Use, M, N, K>::rows, columns = Extent<Use, M, N, K>::columns, total = rows * columns, bits = packed_bits<T>;
  // Each element of a half operand is held more than once: 16 in a lane whatever the shape.
  static constexpr int num_elements = same<T, half> && !same<Use, accumulator> ? 16 : total / 32;
  static constexpr int num_storage_elements = bits ? num_elements * bits / 32 : num_elements;
  element_type x[num_storage_elements];
  element_type &operator[](int i) { return x[i]; }
  // Element i of a lane, as a place in the matrix.
  static constexpr int place(int lane, int i) { return (lane * num_elements + i) % total; }
  auto value(int i) const {
    if constexpr (bits != 0) {
      unsigned low = (unsigned)x[i * bits / 32] >> i * bits % 32 & ((1u << bits) - 1);
      return same<T, s4> ? (int)(low << 28) >> 28 : (int)low;
    } else if constexpr (same<T, precision::tf32>) return bits_as<float>(bits_as<unsigned>(x[i]) & ~0x1fffu);     // the hardware reads 19 bits
    else return x[i];
  }
  template <class V> void set(int i, V v) {
    if constexpr (bits != 0) {
      unsigned mask = (1u << bits) - 1, at = i * bits % 32;
      x[i * bits / 32] = (element_type)(((unsigned)x[i * bits / 32] & ~(mask << at)) | ((unsigned)v & mask) << at);
    } else x[i] = (element_type)v;
  }
};

template <class Use, int M, int N, int K, class T, class L, class V>
inline void fill_fragment(fragment<Use, M, N, K, T, L> &f, const V &value) {
  for (int i = 0; i < f.num_elements; ++i) f.set(i, value);
}

// The pointer must be a multiple of 32 bytes, the stride one of 16 bytes.
inline void check_place(const void *pointer, unsigned long long stride_bits, const char *name, int line) {
  char text[160];
  if ((uintptr_t)pointer % 32) {
    __builtin_snprintf(text, sizeof text, "%s: the pointer is not a multiple of 32 bytes", name);
    kg_fault("alignment", text, line);
  }
  if (stride_bits % 128) {
    __builtin_snprintf(text, sizeof text, "%s: the stride is not a multiple of 16 bytes", name);
    kg_fault("alignment", text, line);
  }
}
template <class F, class P> inline void load(F &f, const P *from, unsigned stride, bool by_row, int line) {
  kg_collective("load_matrix_sync", 0xffffffffu, 0, 0, line);
  check_place(from, (unsigned long long)stride * (F::bits ? F::bits : 8 * sizeof(typename F::element_type)), "load_matrix_sync", line);
  for (int i = 0; i < F::num_elements; ++i) {
    int place = F::place(lane(), i), row = place / F::columns, column = place % F::columns;
    int at = by_row ? wmma_row_major(row, column, stride) : wmma_col_major(row, column, stride);
    if constexpr (F::bits != 0) f.set(i, ((const unsigned *)from)[at * F::bits / 32] >> at * F::bits % 32);
    else f.x[i] = (typename F::element_type)((const P *)from)[at];
  }
}
template <class Use, int M, int N, int K, class T, class L, class P>
inline void load_matrix_sync(fragment<Use, M, N, K, T, L> &f, const P *from, unsigned stride, int line = __builtin_LINE()) {
  load(f, from, stride, L::by_row, line);
}
template <int M, int N, int K, class T, class P>
inline void load_matrix_sync(fragment<accumulator, M, N, K, T> &f, const P *from, unsigned stride, layout_t layout, int line = __builtin_LINE()) {
  load(f, from, stride, layout == mem_row_major, line);
}
template <int M, int N, int K, class T, class P>
inline void store_matrix_sync(P *to, const fragment<accumulator, M, N, K, T> &f, unsigned stride, layout_t layout, int line = __builtin_LINE()) {
  using F = fragment<accumulator, M, N, K, T>;
  kg_collective("store_matrix_sync", 0xffffffffu, 0, 0, line);
  check_place(to, 8ull * stride * sizeof(P), "store_matrix_sync", line);
  for (int i = 0; i < F::num_elements; ++i) {
    int place = F::place(lane(), i), row = place / F::columns, column = place % F::columns;
    to[layout == mem_row_major ? wmma_row_major(row, column, stride) : wmma_col_major(row, column, stride)] = (P)f.x[i];
  }
  kg_collective("store_matrix_sync", 0xffffffffu, 0, 0, line);
}

template <class T> struct Sum { using type = double; };
template <> struct Sum<int> { using type = long long; };
template <class To> inline To finished(double x, bool) { return To(x); }
template <class To> inline To finished(long long x, bool saturate) {
  return saturate ? x < -2147483648ll ? (To)-2147483648ll : x > 2147483647ll ? (To)2147483647 : (To)x : (To)(int)x;
}
// Rule: 0 integers wrap, 1 they saturate, 2 bits that differ are counted, 3 bits that are both 1.
template <class D, class A, class B, class C> struct Product { D *d; const A *a; const B *b; const C *c; int rule, line; };
template <int M, int N, int K, class D, class A, class B, class C> void multiply(void *const *payloads, unsigned long long lanes) {
  using S = typename Sum<typename C::element_type>::type;
  using P = Product<D, A, B, C>;
  S a[M * K], b[K * N], c[M * N];
  int rule = ((const P *)payloads[__builtin_ctzll(lanes)])->rule;
  for (int lane = 0; lane < 32; ++lane) {
    const P *each = (const P *)payloads[lane];
    if (!each) kg_fault("deadlock", "mma_sync without all lanes of the warp", ((const P *)payloads[__builtin_ctzll(lanes)])->line);
    for (int i = 0; i < A::num_elements; ++i) a[A::place(lane, i)] = (S)each->a->value(i);
    for (int i = 0; i < B::num_elements; ++i) b[B::place(lane, i)] = (S)each->b->value(i);
    for (int i = 0; i < C::num_elements; ++i) c[C::place(lane, i)] = (S)each->c->value(i);
  }
  if (rule == 2)
    for (int row = 0; row < M; ++row)
      for (int column = 0; column < N; ++column)
        for (int k = 0; k < K; ++k) c[row * N + column] += (S)(a[row * K + k] != b[k * N + column]);
  else wmma_mma_sync(c, a, b, M, N, K);
  for (int lane = 0; lane < 32; ++lane) {
    const P *each = (const P *)payloads[lane];
    for (int i = 0; i < D::num_elements; ++i) each->d->x[i] = finished<typename D::element_type>(c[D::place(lane, i)], rule == 1);
  }
}
template <int M, int N, int K, class D, class A, class B, class C> inline void product(D &d, const A &a, const B &b, const C &c, int rule, int line) {
  Product<D, A, B, C> mine{&d, &a, &b, &c, rule, line};
  kg_collective("mma_sync", 0xffffffffu, &mine, multiply<M, N, K, D, A, B, C>, line);
}
template <int M, int N, int K, class TD, class T, class LA, class LB, class TC>
inline void mma_sync(fragment<accumulator, M, N, K, TD> &d, const fragment<matrix_a, M, N, K, T, LA> &a, const fragment<matrix_b, M, N, K, T, LB> &b,
                     const fragment<accumulator, M, N, K, TC> &c, bool saturate = false, int line = __builtin_LINE()) {
  product<M, N, K>(d, a, b, c, saturate, line);
}
inline void bmma_sync(fragment<accumulator, 8, 8, 128, int> &d, const fragment<matrix_a, 8, 8, 128, b1, row_major> &a,
                      const fragment<matrix_b, 8, 8, 128, b1, col_major> &b, const fragment<accumulator, 8, 8, 128, int> &c,
                      experimental::bmmaBitOp op = experimental::bmmaBitOpXOR, experimental::bmmaAccumulateOp = experimental::bmmaAccumulateOpPOPC,
                      int line = __builtin_LINE()) {
  product<8, 8, 128>(d, a, b, c, op == experimental::bmmaBitOpXOR ? 2 : 3, line);
}
// tf32 keeps ten bits of the fraction; CUDA asks programs to round with this themselves: to nearest, ties away.
inline float __float_to_tf32(float x) {
  unsigned u = bits_as<unsigned>(x);
  if ((u & 0x7f800000u) != 0x7f800000u) u = (u + 0x1000u) & ~0x1fffu;
  return bits_as<float>(u);
}
} }
#endif
