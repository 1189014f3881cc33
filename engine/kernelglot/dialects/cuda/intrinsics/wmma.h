// What the functions on wmma fragments mean for the whole matrix of a warp, rows first. Which lane holds which element is not part of it:
// the platform promises none. A fragment operation's element (row, column) lies in memory where its layout's function says.
#pragma once

/// Where element (row, column) of a fragment with layout row_major lies, in elements from the pointer; stride: elements from row to row.
/// @source manuals/cuda/wmma.md
__device__ inline int wmma_row_major(int row, int column, int stride) { return row * stride + column; }

/// Where element (row, column) of a fragment with layout col_major lies, in elements; stride: elements from column to column.
/// @source manuals/cuda/wmma.md
__device__ inline int wmma_col_major(int row, int column, int stride) { return column * stride + row; }

/// d += a * b, where d is m x n, a is m x k and b is k x n and S is the type in which sums are formed.
/// @operand d S[m * n] register  @operand a A[m * k] register  @operand b B[k * n] register  @source manuals/cuda/wmma.md
template <class S, class A, class B> __device__ inline void wmma_mma_sync(S *d, const A *a, const B *b, int m, int n, int k) {
  for (int row = 0; row < m; ++row)
    for (int inner = 0; inner < k; ++inner)
      for (int column = 0; column < n; ++column) d[row * n + column] += (S)a[row * k + inner] * (S)b[inner * n + column];
}
