// AMX: eight tiles of up to 16 rows of 64 bytes. The tiles are this thread's; what the processor answers with an exception (a tile that was
// not configured, a bad configuration, shapes that do not fit) is a fault of kind "tile" with the line. Always emulated, also where the CPU
// has AMX: a process must ask Linux for the tiles first, which a kernel in the emulator's sandbox may not, so that request succeeds here.
#pragma once
#include "bfloat16.h"

typedef struct { uint8_t palette, start_row, zeros[14]; uint16_t row_bytes[16]; uint8_t rows[16]; } vnni_tile_layout;
typedef struct { uint8_t byte[16][64]; } vnni_tile_data;
static __thread vnni_tile_layout vnni_tiles;
static __thread vnni_tile_data vnni_tile[8];

static inline void vnni_tile_fault(const char *name, const char *why, int line) {
  char text[200];
  snprintf(text, sizeof text, "%s: %s", name, why);
  kg_fault("tile", text, line);
}

/// `tile` has a shape.
static inline void vnni_require_tile(int tile, const char *name, int line) {
  char why[80];
  if (tile < 0 || tile > 7) vnni_tile_fault(name, "there are tiles 0 to 7", line);
  if (vnni_tiles.palette && vnni_tiles.rows[tile]) return;
  snprintf(why, sizeof why, vnni_tiles.palette ? "tile %d was not configured" : "no tiles are configured (tile %d)", tile);
  vnni_tile_fault(name, why, line);
}

static inline void vnni_tile_loadconfig(const void *p, int line) {
  vnni_tile_layout wanted;
  memcpy(&wanted, p, 64);
  if (wanted.palette > 1) vnni_tile_fault("_tile_loadconfig", "the palette must be 0 or 1", line);
  if (wanted.start_row) vnni_tile_fault("_tile_loadconfig", "a start row other than 0 is not emulated", line);
  for (int i = 0; i < 14; ++i) if (wanted.zeros[i]) vnni_tile_fault("_tile_loadconfig", "bytes 2 to 15 must be 0", line);
  for (int i = 8; i < 16; ++i) if (wanted.row_bytes[i] || wanted.rows[i]) vnni_tile_fault("_tile_loadconfig", "there are tiles 0 to 7", line);
  for (int i = 0; i < 8; ++i) {
    if (wanted.rows[i] > 16 || wanted.row_bytes[i] > 64) vnni_tile_fault("_tile_loadconfig", "a tile has at most 16 rows of 64 bytes", line);
    if (!wanted.rows[i] != !wanted.row_bytes[i]) vnni_tile_fault("_tile_loadconfig", "a tile has rows without bytes, or bytes without rows", line);
  }
  memset(&vnni_tile, 0, sizeof vnni_tile);
  memset(&vnni_tiles, 0, sizeof vnni_tiles);
  if (wanted.palette) vnni_tiles = wanted;
}

static inline void vnni_tile_move(int tile, void *base, long stride, int store, const char *name, int line) {
  vnni_require_tile(tile, name, line);
  if (!store) memset(&vnni_tile[tile], 0, sizeof vnni_tile[tile]);
  for (int row = 0; row < vnni_tiles.rows[tile]; ++row) {
    char *memory = (char *)base + row * stride;
    if (store) memcpy(memory, vnni_tile[tile].byte[row], vnni_tiles.row_bytes[tile]);
    else memcpy(vnni_tile[tile].byte[row], memory, vnni_tiles.row_bytes[tile]);
  }
}

static inline void vnni_tile_zero(int tile, int line) {
  vnni_require_tile(tile, "_tile_zero", line);
  memset(&vnni_tile[tile], 0, sizeof vnni_tile[tile]);
}

/// The three tiles of a product d[m][n] += a[m][k] * b[k][n] fit one another; k and n count groups of 4 bytes.
static inline void vnni_tile_shapes(int d, int a, int b, const char *name, int line) {
  vnni_require_tile(d, name, line), vnni_require_tile(a, name, line), vnni_require_tile(b, name, line);
  if (d == a || d == b || a == b) vnni_tile_fault(name, "the three tiles must differ", line);
  if (vnni_tiles.row_bytes[d] % 4 || vnni_tiles.row_bytes[a] % 4 || vnni_tiles.row_bytes[b] % 4) vnni_tile_fault(name, "rows must be a multiple of 4 bytes", line);
  if (vnni_tiles.rows[d] != vnni_tiles.rows[a]) vnni_tile_fault(name, "the result and the first operand must have as many rows", line);
  if (vnni_tiles.row_bytes[d] != vnni_tiles.row_bytes[b]) vnni_tile_fault(name, "the result and the second operand must have rows of one length", line);
  if (vnni_tiles.row_bytes[a] / 4 != vnni_tiles.rows[b]) vnni_tile_fault(name, "the second operand must have a row for each 4 bytes of the first's", line);
}

/// Products of bytes; bit 1 of `sign`: a is signed, bit 0: b is. Adds wrap in 32 bits.
static inline void vnni_tile_bytes(int d, int a, int b, int sign, const char *name, int line) {
  vnni_tile_shapes(d, a, b, name, line);
  for (int m = 0; m < vnni_tiles.rows[d]; ++m)
    for (int k = 0; k < vnni_tiles.rows[b]; ++k)
      for (int n = 0; n < vnni_tiles.row_bytes[d] / 4; ++n) {
        uint32_t sum;
        memcpy(&sum, &vnni_tile[d].byte[m][4 * n], 4);
        for (int i = 0; i < 4; ++i) {
          uint8_t x = vnni_tile[a].byte[m][4 * k + i], y = vnni_tile[b].byte[k][4 * n + i];
          sum += (uint32_t)((sign & 2 ? (int8_t)x : x) * (sign & 1 ? (int8_t)y : y));
        }
        memcpy(&vnni_tile[d].byte[m][4 * n], &sum, 4);
      }
}

/// Products of pairs of 16-bit floats: the even and the odd products of a row are summed apart, k in order, each step rounded once, and their
/// sum is added to d. Denormal floats count as zero and become zero; of halves (UNCERTAIN for them) the values are exact in float.
static inline void vnni_tile_floats(int d, int a, int b, int halves, const char *name, int line) {
  vnni_tile_shapes(d, a, b, name, line);
  for (int m = 0; m < vnni_tiles.rows[d]; ++m)
    for (int n = 0; n < vnni_tiles.row_bytes[d] / 4; ++n) {
      float sums[2] = {0, 0}, total;
      for (int k = 0; k < vnni_tiles.rows[b]; ++k)
        for (int i = 0; i < 2; ++i) {
          uint16_t x, y;
          memcpy(&x, &vnni_tile[a].byte[m][4 * k + 2 * i], 2);
          memcpy(&y, &vnni_tile[b].byte[k][4 * n + 2 * i], 2);
          float left = halves ? vnni_half_value(x) : vnni_flush(vnni_bfloat_value(x)), right = halves ? vnni_half_value(y) : vnni_flush(vnni_bfloat_value(y));
          sums[i] = vnni_flush(fmaf(left, right, sums[i]));
        }
      memcpy(&total, &vnni_tile[d].byte[m][4 * n], 4);
      total = vnni_flush(vnni_flush(total) + vnni_flush(sums[0] + sums[1]));
      memcpy(&vnni_tile[d].byte[m][4 * n], &total, 4);
    }
}

/// The one request of a kernel that the sandbox answers itself: arch_prctl(ARCH_REQ_XCOMP_PERM) for the tiles.
static inline long vnni_request(long number, ...) {
  if (number != 158) kg_fault("forbidden", "a kernel asks the system for something other than the tiles of AMX", 0);
  return 0;
}

#undef _tile_loadconfig
#undef _tile_storeconfig
#undef _tile_release
#undef _tile_loadd
#undef _tile_stream_loadd
#undef _tile_stored
#undef _tile_zero
#undef _tile_dpbssd
#undef _tile_dpbsud
#undef _tile_dpbusd
#undef _tile_dpbuud
#undef _tile_dpbf16ps
#undef _tile_dpfp16ps
#define syscall vnni_request

/// Shapes of the tiles from 64 bytes: palette, start row, row bytes, rows. All tiles become 0; palette 0 releases them.
/// @operand config u8[64] memory  @isa amx_tile  @source manuals/vnni/amx.md
#define _tile_loadconfig(config) vnni_tile_loadconfig(config, __LINE__)

/// The shapes of the tiles as 64 bytes.
/// @operand config u8[64] memory  @isa amx_tile  @source manuals/vnni/amx.md
#define _tile_storeconfig(config) ((void)memcpy(config, &vnni_tiles, 64))

/// No tiles any more.
/// @isa amx_tile  @source manuals/vnni/amx.md
#define _tile_release() ((void)memset(&vnni_tiles, 0, 64))

/// The tile's rows from base, base + stride, ...; the stride is in bytes, and what lies beyond the configured shape becomes 0.
/// @operand base u8[rows * stride] memory  @isa amx_tile  @source manuals/vnni/amx.md
#define _tile_loadd(tile, base, stride) vnni_tile_move(tile, (void *)(base), (long)(stride), 0, "_tile_loadd", __LINE__)

/// As _tile_loadd, past the caches.
/// @operand base u8[rows * stride] memory  @isa amx_tile  @source manuals/vnni/amx.md
#define _tile_stream_loadd(tile, base, stride) vnni_tile_move(tile, (void *)(base), (long)(stride), 0, "_tile_stream_loadd", __LINE__)

/// The tile's rows to base, base + stride, ...; the stride is in bytes.
/// @operand base u8[rows * stride] memory  @isa amx_tile  @source manuals/vnni/amx.md
#define _tile_stored(tile, base, stride) vnni_tile_move(tile, (void *)(base), (long)(stride), 1, "_tile_stored", __LINE__)

/// All bytes of the tile 0.
/// @isa amx_tile  @source manuals/vnni/amx.md
#define _tile_zero(tile) vnni_tile_zero(tile, __LINE__)

/// d[m][n] += the sum over k of four products i8 a[m][4k+i] * i8 b[k][4n+i]; wraps in 32 bits.
/// @operand d i32 tile  @operand a i8 tile  @operand b i8 tile  @isa amx_int8  @source manuals/vnni/amx.md
#define _tile_dpbssd(d, a, b) vnni_tile_bytes(d, a, b, 3, "_tile_dpbssd", __LINE__)

/// d[m][n] += the sum over k of four products i8 a[m][4k+i] * u8 b[k][4n+i]; wraps in 32 bits.
/// @operand d i32 tile  @operand a i8 tile  @operand b u8 tile  @isa amx_int8  @source manuals/vnni/amx.md
#define _tile_dpbsud(d, a, b) vnni_tile_bytes(d, a, b, 2, "_tile_dpbsud", __LINE__)

/// d[m][n] += the sum over k of four products u8 a[m][4k+i] * i8 b[k][4n+i]; wraps in 32 bits.
/// @operand d i32 tile  @operand a u8 tile  @operand b i8 tile  @isa amx_int8  @source manuals/vnni/amx.md
#define _tile_dpbusd(d, a, b) vnni_tile_bytes(d, a, b, 1, "_tile_dpbusd", __LINE__)

/// d[m][n] += the sum over k of four products u8 a[m][4k+i] * u8 b[k][4n+i]; wraps in 32 bits.
/// @operand d i32 tile  @operand a u8 tile  @operand b u8 tile  @isa amx_int8  @source manuals/vnni/amx.md
#define _tile_dpbuud(d, a, b) vnni_tile_bytes(d, a, b, 0, "_tile_dpbuud", __LINE__)

/// d[m][n] += the sum over k of two products bf16 a[m][2k+i] * bf16 b[k][2n+i], in float.
/// @operand d f32 tile  @operand a bf16 tile  @operand b bf16 tile  @isa amx_bf16  @source manuals/vnni/amx.md
#define _tile_dpbf16ps(d, a, b) vnni_tile_floats(d, a, b, 0, "_tile_dpbf16ps", __LINE__)

/// d[m][n] += the sum over k of two products f16 a[m][2k+i] * f16 b[k][2n+i], in float.
/// @operand d f32 tile  @operand a f16 tile  @operand b f16 tile  @isa amx_fp16  @source manuals/vnni/amx.md
#define _tile_dpfp16ps(d, a, b) vnni_tile_floats(d, a, b, 1, "_tile_dpfp16ps", __LINE__)
