// cooperative_groups: the block, tiles of a warp and what is active now.
#ifndef KERNELGLOT_GROUPS_H
#define KERNELGLOT_GROUPS_H
#include "simt.h"

namespace cooperative_groups {
struct thread_block {
  void sync(int line = __builtin_LINE()) const { kg_barrier(0, kg_agents, line); }
  unsigned thread_rank() const { return kg_agent; }
  unsigned size() const { return kg_agents; }
  unsigned num_threads() const { return kg_agents; }
  uint3 group_index() const { return blockIdx; }
  uint3 thread_index() const { return threadIdx; }
  dim3 group_dim() const { return dim3(blockDim); }
};
inline thread_block this_thread_block() { return {}; }

// `Size` neighbouring lanes of a warp.
template <unsigned Size> struct thread_block_tile {
  static unsigned long long mask() {
    unsigned long long ones = Size >= 64 ? ~0ull : (1ull << Size) - 1;
    return ones << (kg_agent % KG_WARP / Size * Size);
  }
  unsigned thread_rank() const { return kg_agent % Size; }
  unsigned meta_group_rank() const { return kg_agent / Size; }
  unsigned meta_group_size() const { return (kg_agents + Size - 1) / Size; }
  static constexpr unsigned size() { return Size; }
  static constexpr unsigned num_threads() { return Size; }
  void sync(int line = __builtin_LINE()) const { kg_collective("sync", mask(), 0, 0, line); }
  template <class T> T shfl(T value, int lane, int line = __builtin_LINE()) const {
    return kernelglot::shuffle("shfl", mask(), value, kernelglot::shuffle_index(lane, Size), line); }
  template <class T> T shfl_up(T value, unsigned delta, int line = __builtin_LINE()) const {
    return kernelglot::shuffle("shfl_up", mask(), value, kernelglot::shuffle_up(delta, Size), line); }
  template <class T> T shfl_down(T value, unsigned delta, int line = __builtin_LINE()) const {
    return kernelglot::shuffle("shfl_down", mask(), value, kernelglot::shuffle_down(delta, Size), line); }
  template <class T> T shfl_xor(T value, int lanes, int line = __builtin_LINE()) const {
    return kernelglot::shuffle("shfl_xor", mask(), value, kernelglot::shuffle_xor(lanes, Size), line); }
  int any(int predicate, int line = __builtin_LINE()) const { return kernelglot::vote("any", mask(), predicate, line).yes != 0; }
  int all(int predicate, int line = __builtin_LINE()) const {
    kernelglot::Votes votes = kernelglot::vote("all", mask(), predicate, line);
    return votes.yes == votes.lanes;
  }
  unsigned long long ballot(int predicate, int line = __builtin_LINE()) const {
    return kernelglot::vote("ballot", mask(), predicate, line).yes >> (kg_agent % KG_WARP / Size * Size);
  }
};
template <unsigned Size, class Parent> inline thread_block_tile<Size> tiled_partition(const Parent &) { return {}; }

struct coalesced_group {
  unsigned long long lanes;
  unsigned thread_rank() const { return (unsigned)__builtin_popcountll(lanes & ((1ull << kg_agent % KG_WARP) - 1)); }
  unsigned size() const { return (unsigned)__builtin_popcountll(lanes); }
  unsigned num_threads() const { return size(); }
  void sync(int line = __builtin_LINE()) const { kg_collective("sync", lanes, 0, 0, line); }
  template <class T> T shfl(T value, int rank, int line = __builtin_LINE()) const {
    int lane = 0;
    for (unsigned long long rest = lanes; rank > 0; --rank) rest &= rest - 1, lane = __builtin_ctzll(rest);
    if (!lane) lane = __builtin_ctzll(lanes);
    return kernelglot::shuffle("shfl", lanes, value, lane, line);
  }
};
inline coalesced_group coalesced_threads(int line = __builtin_LINE()) { return {kernelglot::vote("coalesced_threads", 0, 1, line).lanes}; }

template <class T> struct plus { T operator()(T a, T b) const { return a + b; } };
template <class T> struct less { T operator()(T a, T b) const { return b < a ? b : a; } };
template <class T> struct greater { T operator()(T a, T b) const { return a < b ? b : a; } };
template <class T> struct bit_and { T operator()(T a, T b) const { return a & b; } };
template <class T> struct bit_or { T operator()(T a, T b) const { return a | b; } };
template <class T> struct bit_xor { T operator()(T a, T b) const { return a ^ b; } };
template <unsigned Size, class T, class Fold> inline T reduce(const thread_block_tile<Size> &tile, T value, Fold fold, int line = __builtin_LINE()) {
  for (unsigned lanes = Size / 2; lanes; lanes /= 2) value = fold(value, tile.shfl_xor(value, (int)lanes, line));
  return value;
}
template <class Group> inline void sync(const Group &group, int line = __builtin_LINE()) { group.sync(line); }
template <class Group> inline void memcpy_async(const Group &group, void *to, const void *from, size_t bytes) {
  if (group.thread_rank() == 0) __builtin_memcpy(to, from, bytes);
}
template <class Group> inline void wait(const Group &group, int line = __builtin_LINE()) { group.sync(line); }
}
#endif
