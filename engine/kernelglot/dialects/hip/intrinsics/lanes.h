// What GCN's and RDNA's instructions do across the lanes of a wave: DPP, swizzles, permutations, one lane's value. Lanes that do not take
// part are switched off: an instruction that reads one gets what is said beside it.
// source: manuals/hip/lanes.md
#ifndef KERNELGLOT_HIP_LANES_H
#define KERNELGLOT_HIP_LANES_H
#include "gfx.h"
#include "simt.h"

namespace kernelglot { namespace lanes {
// `source`: the lane that is read, negative for none. `got`: that lane is there.
struct Fetch { int value, source, result, got; };
inline void fetch_all(void *const *payloads, unsigned long long) {
  for (int i = 0; i < KG_WARP; ++i) {
    Fetch *mine = (Fetch *)payloads[i];
    if (!mine) continue;
    Fetch *from = mine->source < 0 ? 0 : (Fetch *)payloads[mine->source];
    mine->got = from != 0;
    mine->result = from ? from->value : 0;
  }
}
inline Fetch fetch(const char *name, int value, int source, int line) {
  Fetch mine{value, source, 0, 0};
  kg_collective(name, 0, &mine, fetch_all, line);
  return mine;
}
// Lanes send: where several send to one, the highest lane's value arrives.
inline void send_all(void *const *payloads, unsigned long long) {
  for (int i = 0; i < KG_WARP; ++i) if (payloads[i]) ((Fetch *)payloads[i])->result = 0;
  for (int i = 0; i < KG_WARP; ++i) {
    Fetch *mine = (Fetch *)payloads[i], *to = mine ? (Fetch *)payloads[mine->source] : 0;
    if (to) to->result = mine->value;
  }
}
inline int poison() { int x; __builtin_memset(&x, kg_poison, sizeof x); return x; }

// The lane that DPP control `ctrl` makes `lane` read, -1 where it reads none. A row is 16 lanes.
inline int dpp_source(const char *name, int ctrl, int lane, int line) {
  int row = lane & ~15, in = lane & 15, n = ctrl & 15;
  if (ctrl >= 0 && ctrl <= 0xff) return (lane & ~3) + (ctrl >> 2 * (lane & 3) & 3);            // quad_perm
  if (ctrl >= 0x130 && ctrl <= 0x13c && ctrl % 4 == 0) gfx::require(gfx::before_gfx10, "a DPP shift of the whole wave", line);
  if (ctrl == 0x142 || ctrl == 0x143) gfx::require(gfx::before_gfx10, "a DPP broadcast between rows", line);
  if (ctrl >> 4 == 0x15) gfx::require(gfx::gfx90a_or_gfx10, "DPP row_share", line);
  if (ctrl >> 4 == 0x16) gfx::require(gfx::gfx10_on, "DPP row_xmask", line);
  switch (n ? ctrl >> 4 : 0) {
    case 0x10: return in + n < 16 ? lane + n : -1;                                              // row_shl
    case 0x11: return in >= n ? lane - n : -1;                                                  // row_shr
    case 0x12: return row + ((in - n) & 15);                                                    // row_ror
  }
  if (ctrl >> 4 == 0x15) return row + n;                                                        // row_share, row_newbcast
  if (ctrl >> 4 == 0x16) return row + (in ^ n);                                                 // row_xmask
  switch (ctrl) {
    case 0x130: return lane + 1 < KG_WARP ? lane + 1 : -1;                                      // wave_shl:1
    case 0x134: return (lane + 1) % KG_WARP;                                                    // wave_rol:1
    case 0x138: return lane - 1;                                                                // wave_shr:1
    case 0x13c: return (lane + KG_WARP - 1) % KG_WARP;                                          // wave_ror:1
    case 0x140: return row + 15 - in;                                                           // row_mirror
    case 0x141: return (lane & ~7) + 7 - (lane & 7);                                            // row_half_mirror
    case 0x142: return row ? row - 1 : -1;                                                      // row_bcast:15
    case 0x143: return lane >= 32 ? 31 : -1;                                                    // row_bcast:31
  }
  char text[120];
  snprintf(text, sizeof text, "%s: there is no DPP control %#x", name, (unsigned)ctrl);
  kg_fault("unsupported", text, line);
}
// `old` stays in lanes that a mask leaves out, and where nothing could be read unless `bound_ctrl` asks for 0.
inline int dpp(const char *name, int old, int value, int ctrl, int row_mask, int bank_mask, bool bound_ctrl, int line) {
  int lane = kernelglot::lane();
  Fetch got = fetch(name, value, dpp_source(name, ctrl, lane, line), line);
  if (!(row_mask >> lane / 16 & 1) || !(bank_mask >> lane % 16 / 4 & 1)) return old;
  return got.got ? got.result : bound_ctrl ? 0 : old;
}
inline int swizzle_source(int pattern, int lane, int line) {
  if (pattern >> 8 == 0x80) return (lane & ~3) + (pattern >> 2 * (lane & 3) & 3);               // quad_perm
  if (pattern & 0x8000) kg_fault("unsupported", "__builtin_amdgcn_ds_swizzle: only bit masks and quad permutations are emulated", line);
  return (lane & ~31) + ((((lane & 31) & pattern) | (pattern >> 5 & 31)) ^ (pattern >> 10 & 31));
}
} }

#define KG_LINE int line = __builtin_LINE()
inline int __builtin_amdgcn_update_dpp(int old, int value, int ctrl, int row_mask, int bank_mask, bool bound_ctrl, KG_LINE) {
  return kernelglot::lanes::dpp("__builtin_amdgcn_update_dpp", old, value, ctrl, row_mask, bank_mask, bound_ctrl, line);
}
// What a lane held before is unspecified here.
inline int __builtin_amdgcn_mov_dpp(int value, int ctrl, int row_mask, int bank_mask, bool bound_ctrl, KG_LINE) {
  return kernelglot::lanes::dpp("__builtin_amdgcn_mov_dpp", kernelglot::lanes::poison(), value, ctrl, row_mask, bank_mask, bound_ctrl, line);
}
// Eight lanes each: three bits of `selector` a lane name the lane that is read.
inline unsigned __builtin_amdgcn_mov_dpp8(unsigned value, unsigned selector, KG_LINE) {
  using namespace kernelglot;
  gfx::require(gfx::gfx10_on, "__builtin_amdgcn_mov_dpp8", line);
  int lane = kernelglot::lane();
  lanes::Fetch got = lanes::fetch("__builtin_amdgcn_mov_dpp8", (int)value, (lane & ~7) + (int)(selector >> 3 * (lane & 7) & 7), line);
  return got.got ? (unsigned)got.result : 0;
}
// A lane that is switched off reads as 0.
inline int __builtin_amdgcn_ds_swizzle(int value, int pattern, KG_LINE) {
  return kernelglot::lanes::fetch("__builtin_amdgcn_ds_swizzle", value, kernelglot::lanes::swizzle_source(pattern, kernelglot::lane(), line), line).result;
}
// `address`: four times the lane to read from (bpermute) or to send to (permute). Nothing read or received is 0.
inline int __builtin_amdgcn_ds_bpermute(int address, int value, KG_LINE) {
  return kernelglot::lanes::fetch("__builtin_amdgcn_ds_bpermute", value, (int)((unsigned)address / 4 % KG_WARP), line).result;
}
inline int __builtin_amdgcn_ds_permute(int address, int value, KG_LINE) {
  kernelglot::lanes::Fetch mine{value, (int)((unsigned)address / 4 % KG_WARP), 0, 0};
  kg_collective("__builtin_amdgcn_ds_permute", 0, &mine, kernelglot::lanes::send_all, line);
  return mine.result;
}
// Within 16 lanes, or from the other 16 of 32: four bits of `low`, `high` a lane. `inactive`: lanes that are switched off may be read.
inline unsigned __builtin_amdgcn_permlane16(unsigned old, unsigned value, unsigned low, unsigned high, bool inactive, bool bound_ctrl, KG_LINE) {
  using namespace kernelglot;
  gfx::require(gfx::gfx10_on, "__builtin_amdgcn_permlane16", line);
  int in = lane() & 15, chosen = (int)((in < 8 ? low : high) >> 4 * (in & 7) & 15);
  lanes::Fetch got = lanes::fetch("__builtin_amdgcn_permlane16", (int)value, (lane() & ~15) + chosen, line);
  return got.got ? (unsigned)got.result : inactive ? (unsigned)lanes::poison() : bound_ctrl ? 0 : old;
}
inline unsigned __builtin_amdgcn_permlanex16(unsigned old, unsigned value, unsigned low, unsigned high, bool inactive, bool bound_ctrl, KG_LINE) {
  using namespace kernelglot;
  gfx::require(gfx::gfx10_on, "__builtin_amdgcn_permlanex16", line);
  int in = lane() & 15, chosen = (int)((in < 8 ? low : high) >> 4 * (in & 7) & 15);
  lanes::Fetch got = lanes::fetch("__builtin_amdgcn_permlanex16", (int)value, ((lane() & ~15) ^ 16) + chosen, line);
  return got.got ? (unsigned)got.result : inactive ? (unsigned)lanes::poison() : bound_ctrl ? 0 : old;
}
template <class T> inline T __builtin_amdgcn_readfirstlane(T value, KG_LINE) {
  unsigned long long there = kernelglot::vote("__builtin_amdgcn_readfirstlane", 0, 1, line).lanes;
  return kernelglot::shuffle("__builtin_amdgcn_readfirstlane", 0, value, __builtin_ctzll(there), line);
}
// `from` must be the same in all lanes. The register of a lane that is switched off has some value: the poison of this execution.
template <class T> inline T __builtin_amdgcn_readlane(T value, int from, KG_LINE) {
  return kernelglot::shuffle("__builtin_amdgcn_readlane", 0, value, from & (KG_WARP - 1), line);
}
inline int __builtin_amdgcn_writelane(int value, int to, int old) { return kernelglot::lane() == (to & (KG_WARP - 1)) ? value : old; }

// `base` plus the bits of `mask` that belong to lanes below this one; lo: lanes 0 to 31, hi: lanes 32 to 63.
inline unsigned __builtin_amdgcn_mbcnt_lo(unsigned mask, unsigned base) {
  int lane = kernelglot::lane();
  return base + (unsigned)__popc(lane < 32 ? mask & ((1u << lane) - 1) : mask);
}
inline unsigned __builtin_amdgcn_mbcnt_hi(unsigned mask, unsigned base) {
  int lane = kernelglot::lane();
  return base + (unsigned)(lane < 32 ? 0 : __popc(mask & ((1u << (lane - 32)) - 1)));
}
inline unsigned __builtin_amdgcn_ballot_w32(bool predicate, KG_LINE) {
  kernelglot::gfx::require(kernelglot::gfx::wave32, "__builtin_amdgcn_ballot_w32", line);
  return (unsigned)kernelglot::vote("__builtin_amdgcn_ballot_w32", 0, predicate, line).yes;
}
inline unsigned long __builtin_amdgcn_ballot_w64(bool predicate, KG_LINE) {
  kernelglot::gfx::require(kernelglot::gfx::wave64, "__builtin_amdgcn_ballot_w64", line);
  return kernelglot::vote("__builtin_amdgcn_ballot_w64", 0, predicate, line).yes;
}
inline unsigned long __builtin_amdgcn_read_exec(KG_LINE) { return kernelglot::vote("__builtin_amdgcn_read_exec", 0, 1, line).lanes; }
constexpr unsigned __builtin_amdgcn_wavefrontsize() { return KG_WARP; }
#endif
