// Matrix instructions of PTX: which lane's register holds which element is the platform's promise here, unlike wmma's.
// source: PTX ISA, "Matrix Fragments for mma", "ldmatrix"
#ifndef KERNELGLOT_PTX_MATRIX_H
#define KERNELGLOT_PTX_MATRIX_H
#include "ptx.h"

namespace kernelglot { namespace ptx {
// Element types that C++ has no name for, as they come out of a register.
struct Tf32 {}; struct SignedNibble {}; struct UnsignedNibble {}; struct SingleBit {}; struct E4m3 {}; struct E5m2 {};
template <class T> inline constexpr int width = 8 * sizeof(T);
template <> inline constexpr int width<Tf32> = 32;
template <> inline constexpr int width<SignedNibble> = 4;
template <> inline constexpr int width<UnsignedNibble> = 4;
template <> inline constexpr int width<SingleBit> = 1;
template <> inline constexpr int width<E4m3> = 8;
template <> inline constexpr int width<E5m2> = 8;
template <class T> inline constexpr bool counted = whole<T> || same<T, SignedNibble> || same<T, UnsignedNibble> || same<T, SingleBit>;

template <class T> inline auto element(Reg r, int i) {
  Reg bits = r >> (i * width<T> & 63);
  if constexpr (same<T, Tf32>) return (double)get<float>(bits & ~0x1fffull);        // the hardware reads 19 bits
  else if constexpr (same<T, SignedNibble>) return (long long)(int8_t)(bits << 4) >> 4;
  else if constexpr (same<T, UnsignedNibble>) return (long long)(bits & 15);
  else if constexpr (same<T, SingleBit>) return (long long)(bits & 1);
  else if constexpr (same<T, E4m3>) return short_value(bits & 255, 4, 3, false);
  else if constexpr (same<T, E5m2>) return short_value(bits & 255, 5, 2);
  else if constexpr (whole<T>) return (long long)get<T>(bits);
  else if constexpr (same<T, double>) return get<double>(r);
  else return (double)(float)get<T>(bits);
}

// Lane l, g = l / 4, t = l % 4. A register holds e neighbours of one row of A (or column of B); registers go down 8 rows, then 4e columns.
template <class T> inline constexpr int each = width<T> >= 32 ? 1 : 32 / width<T>;
template <class T> inline int row_of_a(int lane, int reg) { return lane / 4 + 8 * (reg & 1); }
template <class T> inline int column_of_a(int lane, int reg, int i, bool tall) { return each<T> * (lane % 4) + i + 4 * each<T> * (tall ? reg >> 1 : reg); }
template <class T> inline int row_of_b(int lane, int reg, int i) { return each<T> * (lane % 4) + i + 4 * each<T> * reg; }

struct Multiplied { Reg *d; const Reg *a, *b, *c; int line; };
template <class C> inline C old_sum(const Reg *c, int i) {
  if constexpr (same<C, Half>) return get<Half>(c[i / 2] >> 16 * (i % 2)); else return get<C>(c[i]);
}
template <class D> inline void new_sum(Reg *d, int i, D value) {
  if constexpr (same<D, Half>) d[i / 2] = (d[i / 2] & ~(0xffffull << 16 * (i % 2))) | (Reg)value.bits << 16 * (i % 2); else d[i] = put(value);
}
// Rule: 0 integers wrap, 1 they saturate, 2 xor and count, 3 and and count. Products of floats are summed in double and rounded once.
template <class D, int Rule, class S> inline D finished(S sum) {
  if constexpr (same<D, int32_t>) return Rule == 1 ? limited<int32_t>((long long)sum) : (int32_t)sum;
  else return D(sum);
}
template <int M, int N, int K, class A, class B, class C, class D, int Rule> void multiply_lanes(void *const *payloads, unsigned long long lanes) {
  using S = decltype(element<A>(0, 0));
  static S a[M][K], b[K][N];
  const int rows_of_a = M / 8, registers_of_a = M * K / 32 / each<A>, registers_of_b = K * N / 32 / each<B>;
  for (int lane = 0; lane < 32; ++lane) {
    const Multiplied *mine = (const Multiplied *)payloads[lane];
    if (!mine) kg_fault("deadlock", "mma.sync without all lanes of the warp", payloads[__builtin_ctzll(lanes)] ? ((const Multiplied *)payloads[__builtin_ctzll(lanes)])->line : 0);
    for (int reg = 0; reg < registers_of_a; ++reg)
      for (int i = 0; i < each<A>; ++i)
        a[rows_of_a == 2 ? row_of_a<A>(lane, reg) : lane / 4][column_of_a<A>(lane, reg, i, rows_of_a == 2)] = element<A>(mine->a[reg], i);
    for (int reg = 0; reg < registers_of_b; ++reg)
      for (int i = 0; i < each<B>; ++i) b[row_of_b<B>(lane, reg, i)][lane / 4] = (S)element<B>(mine->b[reg], i);
  }
  for (int lane = 0; lane < 32; ++lane) {
    const Multiplied *mine = (const Multiplied *)payloads[lane];
    for (int i = 0; i < M * N / 32; ++i) {
      int row = lane / 4 + 8 * (i >> 1), column = 2 * (lane % 4) + (i & 1);
      S sum = (S)old_sum<C>(mine->c, i);
      for (int k = 0; k < K; ++k) sum += Rule == 2 ? (S)(a[row][k] != b[k][column]) : a[row][k] * b[k][column];
      new_sum<D>(mine->d, i, finished<D, Rule>(sum));
    }
  }
}
template <int M, int N, int K, class A, class B, class C, class D, int Rule>
inline void multiply(Reg *d, const Reg *a, const Reg *b, const Reg *c, int line) {
  Multiplied mine{d, a, b, c, line};
  kg_collective("mma.sync", 0xffffffffu, &mine, multiply_lanes<M, N, K, A, B, C, D, Rule>, line);
}

// ---- ldmatrix, stmatrix, movmatrix: 8 x 8 matrices of 16 bits; lanes 8j .. 8j + 7 give the addresses of the rows of matrix j ---------------
struct Rows { Reg *registers; char *row; int line; };
inline uint16_t *row_address(void *const *payloads, int lane) {
  const Rows *from = (const Rows *)payloads[lane];
  if ((uintptr_t)from->row % 16) kg_fault("alignment", "the address of a row in ldmatrix or stmatrix is not a multiple of 16 bytes", from->line);
  return (uint16_t *)from->row;
}
template <int Count, bool Transposed, bool Store> void move_matrices(void *const *payloads, unsigned long long lanes) {
  for (int lane = 0; lane < 32; ++lane)
    if (!payloads[lane]) kg_fault("deadlock", "ldmatrix or stmatrix without all lanes of the warp", ((const Rows *)payloads[__builtin_ctzll(lanes)])->line);
  for (int lane = 0; lane < 32; ++lane) {
    const Rows *mine = (const Rows *)payloads[lane];
    for (int j = 0; j < Count; ++j) {
      Reg value = 0;
      for (int i = 0; i < 2; ++i) {
        int row = Transposed ? 2 * (lane % 4) + i : lane / 4, column = Transposed ? lane / 4 : 2 * (lane % 4) + i;
        uint16_t *place = row_address(payloads, 8 * j + row) + column;
        if (Store) *place = (uint16_t)(mine->registers[j] >> 16 * i); else value |= (Reg)*place << 16 * i;
      }
      if (!Store) mine->registers[j] = value;
    }
  }
}
template <int Count, bool Transposed> inline void load_matrices(Reg *to, char *row, int line) {
  Rows mine{to, row, line};
  kg_collective("ldmatrix", 0xffffffffu, &mine, move_matrices<Count, Transposed, false>, line);
}
template <int Count, bool Transposed> inline void store_matrices(Reg *from, char *row, int line) {
  Rows mine{from, row, line};
  kg_collective("stmatrix", 0xffffffffu, &mine, move_matrices<Count, Transposed, true>, line);
}
struct Turned { Reg value, result; };
inline void turn_lanes(void *const *payloads, unsigned long long) {
  for (int lane = 0; lane < 32; ++lane) {
    Reg value = 0;
    for (int i = 0; i < 2; ++i) {
      int row = 2 * (lane % 4) + i, column = lane / 4;
      value |= (((Turned *)payloads[4 * row + column / 2])->value >> 16 * (column % 2) & 0xffff) << 16 * i;
    }
    ((Turned *)payloads[lane])->result = value;
  }
}
inline Reg turned_matrix(Reg value, int line) {
  Turned mine{value, 0};
  kg_collective("movmatrix", 0xffffffffu, &mine, turn_lanes, line);
  return mine.result;
}
} }
#endif
