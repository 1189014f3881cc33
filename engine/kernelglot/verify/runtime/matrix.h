// Warp-wide matrix fragments: nvcuda::wmma and rocwmma are this namespace under another name. A fragment's elements are dealt to the lanes
// in row-major order, so x[i] means something for element-wise use only, which is all that either vendor promises. Loads, stores and products
// are collectives of the warp. A product's sums are formed in double and rounded once to the accumulator's type (integers wrap).
// source: manuals/cuda/wmma.md, manuals/hip/rocwmma.md
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
namespace experimental { namespace precision { struct u4; struct s4; struct b1; } }

template <class T> struct Stored { using type = T; };
template <> struct Stored<precision::tf32> { using type = float; };
template <> struct Stored<char> { using type = signed char; };
template <class Use, int M, int N, int K> struct Extent { static constexpr int rows = M, columns = N; };
template <int M, int N, int K> struct Extent<matrix_a, M, N, K> { static constexpr int rows = M, columns = K; };
template <int M, int N, int K> struct Extent<matrix_b, M, N, K> { static constexpr int rows = K, columns = N; };

// On NVIDIA each element of a half operand is held by two lanes.
template <class Use, class T> inline constexpr int copies = KG_WARP == 32 && !same<Use, accumulator> && same<T, half> ? 2 : 1;

template <class Use, int M, int N, int K, class T, class Layout = void> struct fragment {
  using element_type = typename Stored<T>::type;
  using storage_element_type = element_type;
  static constexpr int rows = Extent<Use, M, N, K>::rows, columns = Extent<Use, M, N, K>::columns, total = rows * columns;
  static constexpr int num_elements = total * copies<Use, T> >= KG_WARP ? total * copies<Use, T> / KG_WARP : 1;
  static constexpr int num_storage_elements = num_elements;
  element_type x[num_elements];
  element_type &operator[](int i) { return x[i]; }
  // Element i of a lane, as a place in the matrix.
  static constexpr int place(int lane, int i) { return (lane * num_elements + i) % total; }
};

template <class Use, int M, int N, int K, class T, class L, class V>
inline void fill_fragment(fragment<Use, M, N, K, T, L> &f, const V &value) {
  for (int i = 0; i < f.num_elements; ++i) f.x[i] = (typename Stored<T>::type)value;
}

template <class F, class P> inline void load(F &f, const P *from, unsigned stride, bool by_row, int line) {
  kg_collective("load_matrix_sync", 0, 0, 0, line);
  for (int i = 0; i < F::num_elements; ++i) {
    int place = F::place(lane(), i), row = place / F::columns, column = place % F::columns;
    f.x[i] = (typename F::element_type)from[by_row ? wmma_row_major(row, column, stride) : wmma_col_major(row, column, stride)];
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
template <class F, class P> inline void store(P *to, const F &f, unsigned stride, bool by_row, int line) {
  kg_collective("store_matrix_sync", 0, 0, 0, line);
  for (int i = 0; i < F::num_elements; ++i) {
    int place = F::place(lane(), i), row = place / F::columns, column = place % F::columns;
    to[by_row ? wmma_row_major(row, column, stride) : wmma_col_major(row, column, stride)] = (P)f.x[i];
  }
  kg_collective("store_matrix_sync", 0, 0, 0, line);
}
template <int M, int N, int K, class T, class P>
inline void store_matrix_sync(P *to, const fragment<accumulator, M, N, K, T> &f, unsigned stride, layout_t layout, int line = __builtin_LINE()) {
  store(to, f, stride, layout == mem_row_major, line);
}
template <class Use, int M, int N, int K, class T, class L, class P>
inline void store_matrix_sync(P *to, const fragment<Use, M, N, K, T, L> &f, unsigned stride, int line = __builtin_LINE()) {
  store(to, f, stride, L::by_row, line);
}

template <class T> struct Sum { using type = double; };
template <> struct Sum<int> { using type = int; };
template <class To> inline To round_to(double x) { return To(x); }
template <class To> inline To round_to(int x) { return To(x); }
// tf32 keeps ten bits of the fraction; CUDA asks programs to round with __float_to_tf32 themselves.
template <class D, class A, class B, class C> struct Product { D *d; const A *a; const B *b; const C *c; };
template <int M, int N, int K, class D, class A, class B, class C> void multiply(void *const *payloads, unsigned long long lanes) {
  using S = typename Sum<typename C::element_type>::type;
  using P = Product<D, A, B, C>;
  static S a[M * K], b[K * N], c[M * N];
  for (int lane = 0; lane < KG_WARP; ++lane) {
    const P *each = (const P *)payloads[lane];
    if (!each) kg_fault("deadlock", "mma_sync without all lanes of the warp", 0);
    for (int i = 0; i < A::num_elements; ++i) a[A::place(lane, i)] = (S)(typename Sum<typename C::element_type>::type)each->a->x[i];
    for (int i = 0; i < B::num_elements; ++i) b[B::place(lane, i)] = (S)each->b->x[i];
    for (int i = 0; i < C::num_elements; ++i) c[C::place(lane, i)] = (S)each->c->x[i];
  }
  wmma_mma_sync(c, a, b, M, N, K);
  for (int lane = 0; lane < KG_WARP; ++lane) {
    const P *each = (const P *)payloads[lane];
    for (int i = 0; i < D::num_elements; ++i) each->d->x[i] = round_to<typename D::element_type>(c[D::place(lane, i)]);
  }
}
template <int M, int N, int K, class TD, class TA, class LA, class TB, class LB, class TC>
inline void mma_sync(fragment<accumulator, M, N, K, TD> &d, const fragment<matrix_a, M, N, K, TA, LA> &a, const fragment<matrix_b, M, N, K, TB, LB> &b,
                     const fragment<accumulator, M, N, K, TC> &c, bool saturate = false, int line = __builtin_LINE()) {
  using D = fragment<accumulator, M, N, K, TD>;
  using A = fragment<matrix_a, M, N, K, TA, LA>;
  using B = fragment<matrix_b, M, N, K, TB, LB>;
  using C = fragment<accumulator, M, N, K, TC>;
  if (saturate) kg_fault("unsupported", "mma_sync with saturation is not emulated", line);
  Product<D, A, B, C> mine{&d, &a, &b, &c};
  kg_collective("mma_sync", 0, &mine, multiply<M, N, K, D, A, B, C>, line);
}
inline float __float_to_tf32(float x) {
  unsigned u = bits_as<unsigned>(x);
  if ((u & 0x7f800000u) != 0x7f800000u) u = (u + 0x1000u) & ~0x1fffu;           // nearest, ties away
  return bits_as<float>(u);
}
inline void synchronize_workgroup(int line = __builtin_LINE()) { kg_barrier(0, kg_agents, line); }
using float16_t = half;
using hfloat16_t = half;
using bfloat16_t = __nv_bfloat16;
using float32_t = float;
using float64_t = double;
using ::int8_t; using ::int32_t; using ::uint32_t;
} }
#endif
