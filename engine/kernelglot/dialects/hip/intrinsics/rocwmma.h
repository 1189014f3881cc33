// rocWMMA's fragments: a matrix of BlockM x BlockN x BlockK that one wave shares. Elements are dealt to the lanes in row-major order, so x[i]
// means something for element-wise use only, which is all that rocWMMA promises. Loads, stores and products are collectives of the wave. Sums
// are formed in double and rounded once to the accumulator's type; integers wrap. Shapes and types that a GPU lacks are a fault of mma_sync.
// source: manuals/hip/rocwmma.md
#ifndef KERNELGLOT_HIP_ROCWMMA_H
#define KERNELGLOT_HIP_ROCWMMA_H
#include "half_functions.h"
#include "small_floats.h"

namespace rocwmma {
using float16_t = _Float16;
using hfloat16_t = half;
using bfloat16_t = __hip_bfloat16;
using float8_t = kernelglot::E4m3;
using bfloat8_t = kernelglot::E5m2;
using float32_t = float;
using float64_t = double;
struct xfloat32_t { float value; xfloat32_t() = default; xfloat32_t(float x) : value(x) {} operator float() const { return value; } };
using ::int8_t; using ::uint8_t; using ::int32_t; using ::uint32_t;

struct matrix_a {}; struct matrix_b {}; struct accumulator {};
struct row_major { static constexpr bool by_row = true; };
struct col_major { static constexpr bool by_row = false; };
enum layout_t : uint32_t { mem_row_major, mem_col_major };
#define ROCWMMA_WAVE_SIZE KG_WARP

namespace detail {
using namespace kernelglot;
template <class T> struct Stored { using type = T; };
template <> struct Stored<char> { using type = signed char; };
template <class Use, int M, int N, int K> struct Extent { static constexpr int rows = M, columns = N; };
template <int M, int N, int K> struct Extent<matrix_a, M, N, K> { static constexpr int rows = M, columns = K; };
template <int M, int N, int K> struct Extent<matrix_b, M, N, K> { static constexpr int rows = K, columns = N; };
template <class T> inline constexpr bool short_float = same<T, half> || same<T, _Float16>;
template <class T> inline constexpr bool small_float = same<T, float8_t> || same<T, bfloat8_t>;
template <class T> inline constexpr bool byte = same<T, signed char> || same<T, int8_t> || same<T, unsigned char>;
constexpr bool wide = KG_WARP == 64;

// The least BlockK of tiles of 16x16 and 32x32 for these operands and this accumulator on this GPU; 0 where it has none.
template <class In, class Sum> constexpr int least_k(int tile) {
  using gfx::from;
  constexpr bool here = gfx::unknown || gfx::cdna || gfx::rdna3 || gfx::rdna4;
  constexpr bool half_sum = short_float<In> && (same<Sum, float> || short_float<Sum>), bfloat_sum = same<In, bfloat16_t> && (same<Sum, float> || same<Sum, bfloat16_t>);
  bool sixteen = tile == 16;
  if (tile != 16 && !(tile == 32 && wide)) return 0;
  if (!here) return 0;
  if (half_sum) return sixteen ? 16 : 8;
  if (bfloat_sum) return KG_GFX == 0x908 ? (sixteen ? 8 : 4) : (sixteen ? 16 : 8);
  if (byte<In> && same<Sum, int>) return wide && gfx::cdna && from(0x940) ? (sixteen ? 32 : 16) : (sixteen ? 16 : 8);
  if (small_float<In> && same<Sum, float>) return (wide && from(0x940)) ? (sixteen ? 32 : 16) : gfx::rdna4 ? 16 : 0;
  if (!wide) return 0;
  if (same<In, float> && same<Sum, float>) return sixteen ? 4 : 2;
  if (same<In, xfloat32_t> && same<Sum, float>) return gfx::gfx942_only.available ? (sixteen ? 8 : 4) : 0;
  if (same<In, double> && same<Sum, double>) return from(0x90a) && sixteen ? 4 : 0;
  return 0;
}
template <class T> inline T read(T x) { return x; }
inline float read(xfloat32_t x) { return xfloat32(x.value); }
template <class T> struct Sum { using type = double; };
template <> struct Sum<int> { using type = int; };
// Between elements in memory, in a fragment and in a sum.
template <class To, class From> inline To element(From x) {
  if constexpr (same<To, From>) return x;
  else if constexpr (same<From, _Float16>) return (To)(float)x;
  else if constexpr (same<To, half> || same<To, bfloat16_t>) return To((double)x);
  else return (To)x;
}
}

template <class Use, uint32_t BlockM, uint32_t BlockN, uint32_t BlockK, class T, class Layout = void> struct fragment {
  using element_type = typename detail::Stored<T>::type;
  using storage_element_type = element_type;
  static constexpr int rows = detail::Extent<Use, BlockM, BlockN, BlockK>::rows, columns = detail::Extent<Use, BlockM, BlockN, BlockK>::columns;
  static constexpr int total = rows * columns;
  static_assert(total % KG_WARP == 0, "a fragment's elements do not divide among the lanes of a wave");
  static constexpr uint32_t num_elements = total / KG_WARP, num_storage_elements = num_elements;
  element_type x[num_elements];
  element_type &operator[](uint32_t i) { return x[i]; }
  const element_type &operator[](uint32_t i) const { return x[i]; }
  static constexpr uint32_t height() { return rows; }
  static constexpr uint32_t width() { return columns; }
  static constexpr uint32_t size() { return num_elements; }
  static constexpr int place(int lane, int i) { return lane * (int)num_elements + i; }
};

template <class U, uint32_t M, uint32_t N, uint32_t K, class T, class L, class V> inline void fill_fragment(fragment<U, M, N, K, T, L> &f, V value) {
  for (uint32_t i = 0; i < f.num_elements; ++i) f.x[i] = detail::element<typename detail::Stored<T>::type>(value);
}

namespace detail {
template <class F, class P> inline void load(F &f, const P *from, uint32_t stride, bool by_row, int line) {
  kg_collective("load_matrix_sync", 0, 0, 0, line);
  for (int i = 0; i < (int)F::num_elements; ++i) {
    long place = F::place(lane(), i), row = place / F::columns, column = place % F::columns;
    f.x[i] = element<typename F::element_type>(from[by_row ? row * (long)stride + column : column * (long)stride + row]);
  }
}
template <class F, class P> inline void store(P *to, const F &f, uint32_t stride, bool by_row, int line) {
  kg_collective("store_matrix_sync", 0, 0, 0, line);
  for (int i = 0; i < (int)F::num_elements; ++i) {
    long place = F::place(lane(), i), row = place / F::columns, column = place % F::columns;
    to[by_row ? row * (long)stride + column : column * (long)stride + row] = element<P>(f.x[i]);
  }
  kg_collective("store_matrix_sync", 0, 0, 0, line);
}
}
template <class U, uint32_t M, uint32_t N, uint32_t K, class T, class L, class P>
inline void load_matrix_sync(fragment<U, M, N, K, T, L> &f, const P *from, uint32_t stride, int line = __builtin_LINE()) {
  detail::load(f, from, stride, L::by_row, line);
}
template <uint32_t M, uint32_t N, uint32_t K, class T, class P>
inline void load_matrix_sync(fragment<accumulator, M, N, K, T> &f, const P *from, uint32_t stride, layout_t layout, int line = __builtin_LINE()) {
  detail::load(f, from, stride, layout == mem_row_major, line);
}
template <uint32_t M, uint32_t N, uint32_t K, class T, class P>
inline void store_matrix_sync(P *to, const fragment<accumulator, M, N, K, T> &f, uint32_t stride, layout_t layout, int line = __builtin_LINE()) {
  detail::store(to, f, stride, layout == mem_row_major, line);
}
template <class U, uint32_t M, uint32_t N, uint32_t K, class T, class L, class P>
inline void store_matrix_sync(P *to, const fragment<U, M, N, K, T, L> &f, uint32_t stride, int line = __builtin_LINE()) {
  detail::store(to, f, stride, L::by_row, line);
}

namespace detail {
template <class D, class A, class B, class C> struct Product { D *d; const A *a; const B *b; const C *c; int line; };
template <int M, int N, int K, class D, class A, class B, class C> void multiply(void *const *payloads, unsigned long long) {
  using S = typename Sum<typename C::element_type>::type;
  using P = Product<D, A, B, C>;
  static KG_LOCAL S a[M * K], b[K * N], c[M * N];
  int line = 0;
  for (int lane = 0; lane < KG_WARP; ++lane) if (payloads[lane]) line = ((const P *)payloads[lane])->line;
  for (int lane = 0; lane < KG_WARP; ++lane) {
    const P *each = (const P *)payloads[lane];
    if (!each) kg_fault("deadlock", "mma_sync without all lanes of the wave", line);
    for (int i = 0; i < (int)A::num_elements; ++i) a[A::place(lane, i)] = (S)read(each->a->x[i]);
    for (int i = 0; i < (int)B::num_elements; ++i) b[B::place(lane, i)] = (S)read(each->b->x[i]);
    for (int i = 0; i < (int)C::num_elements; ++i) c[C::place(lane, i)] = (S)each->c->x[i];
  }
  for (int row = 0; row < M; ++row)
    for (int k = 0; k < K; ++k)
      for (int column = 0; column < N; ++column) c[row * N + column] += a[row * K + k] * b[k * N + column];
  for (int lane = 0; lane < KG_WARP; ++lane) {
    const P *each = (const P *)payloads[lane];
    for (int i = 0; i < (int)D::num_elements; ++i) each->d->x[i] = element<typename D::element_type>(c[D::place(lane, i)]);
  }
}
template <class In, class Out> inline void check(int m, int n, int k, int line) {
  int least = m == n ? least_k<In, Out>(m) : 0;
  if (least && k % least == 0) return;
  char text[160];
  if (least) snprintf(text, sizeof text, "rocWMMA: a tile of %dx%d of these types needs a BlockK that is a multiple of %d, not %d", m, n, least, k);
  else snprintf(text, sizeof text, "rocWMMA has no tile of %dx%d for these types on this GPU", m, n);
  kg_fault("architecture", text, line);
}
}
template <uint32_t M, uint32_t N, uint32_t K, class TD, class TA, class LA, class TB, class LB, class TC>
inline void mma_sync(fragment<accumulator, M, N, K, TD> &d, const fragment<matrix_a, M, N, K, TA, LA> &a, const fragment<matrix_b, M, N, K, TB, LB> &b,
                     const fragment<accumulator, M, N, K, TC> &c, int line = __builtin_LINE()) {
  using D = fragment<accumulator, M, N, K, TD>;
  using A = fragment<matrix_a, M, N, K, TA, LA>;
  using B = fragment<matrix_b, M, N, K, TB, LB>;
  using C = fragment<accumulator, M, N, K, TC>;
  detail::check<typename A::element_type, typename C::element_type>(M, N, K, line);
  detail::Product<D, A, B, C> mine{&d, &a, &b, &c, line};
  kg_collective("mma_sync", 0, &mine, detail::multiply<M, N, K, D, A, B, C>, line);
}
inline void synchronize_workgroup(int line = __builtin_LINE()) { kg_barrier(0, kg_agents, line); }
}
#endif
