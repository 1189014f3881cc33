// cooperative_groups: the block, tiles of a warp, the lanes that are active or agree, and what groups do together. HIP's are the same where it
// has them. The grid is a group only where it is one block: blocks run one after another. source: CUDA C++ Programming Guide, "Cooperative Groups"
#ifndef KERNELGLOT_GROUPS_H
#define KERNELGLOT_GROUPS_H
#include "simt.h"
#ifdef KG_PIPELINE
#include "async.h"
#endif
#define KG_GROUP_LINE int line = __builtin_LINE()

namespace cooperative_groups {

struct thread_block {
  struct arrival_token {};
  static void sync(KG_GROUP_LINE) { kg_barrier(0, kg_agents, line); }
  // The wait of a split barrier is where the threads meet: what lies between counts as done before or after.
  arrival_token barrier_arrive() const { return {}; }
  void barrier_wait(arrival_token &&, KG_GROUP_LINE) const { kg_barrier(0, kg_agents, line); }
  void barrier_wait(KG_GROUP_LINE) const { kg_barrier(0, kg_agents, line); }
  static unsigned thread_rank() { return kg_agent; }
  static unsigned size() { return kg_agents; }
  static unsigned num_threads() { return kg_agents; }
  static dim3 group_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
  static dim3 thread_index() { return dim3(threadIdx.x, threadIdx.y, threadIdx.z); }
  static dim3 group_dim() { return dim3(blockDim.x, blockDim.y, blockDim.z); }
  static dim3 dim_threads() { return group_dim(); }
};
inline thread_block this_thread_block() { return {}; }

struct grid_group {
  static unsigned long long num_blocks() { return (unsigned long long)gridDim.x * gridDim.y * gridDim.z; }
#ifdef KG_HOST                                   // a library that keeps all blocks of a cooperative launch alive
  static bool is_valid() { return true; }
#else
  static bool is_valid() { return num_blocks() == 1; }
#endif
  static void sync(KG_GROUP_LINE) { kg_grid_barrier(line); }
  static unsigned long long block_rank() { return blockIdx.x + gridDim.x * (blockIdx.y + (unsigned long long)gridDim.y * blockIdx.z); }
  static unsigned long long thread_rank() { return block_rank() * kg_agents + kg_agent; }
  static unsigned long long num_threads() { return num_blocks() * kg_agents; }
  static unsigned long long size() { return num_threads(); }
  static dim3 group_dim() { return dim3(gridDim.x, gridDim.y, gridDim.z); }
  static dim3 dim_blocks() { return group_dim(); }
  static dim3 block_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
};
inline grid_group this_grid() { return {}; }

// ---- some lanes of a warp ----------------------------------------------------------------------------------------------------
// A group's lanes in rising order are its ranks. `Own` gives them as lanes().
template <class Own> struct lane_group {
  unsigned long long mask() const { return static_cast<const Own *>(this)->lanes(); }
  unsigned size() const { return (unsigned)__builtin_popcountll(mask()); }
  unsigned num_threads() const { return size(); }
  unsigned thread_rank() const { return (unsigned)__builtin_popcountll(mask() & ((1ull << kg_agent % KG_WARP) - 1)); }
  int lane_of(unsigned rank) const {
    unsigned long long rest = mask();
    for (unsigned i = 0; i < rank; ++i) rest &= rest - 1;
    return rest ? __builtin_ctzll(rest) : kernelglot::lane();
  }
  void sync(KG_GROUP_LINE) const { kg_collective("sync", mask(), 0, 0, line); }
  template <class T> T shfl(T value, int rank, KG_GROUP_LINE) const {
    return kernelglot::shuffle("shfl", mask(), value, lane_of((unsigned)rank % size()), line); }
  template <class T> T shfl_up(T value, unsigned delta, KG_GROUP_LINE) const {
    return kernelglot::shuffle("shfl_up", mask(), value, thread_rank() < delta ? kernelglot::lane() : lane_of(thread_rank() - delta), line); }
  template <class T> T shfl_down(T value, unsigned delta, KG_GROUP_LINE) const {
    return kernelglot::shuffle("shfl_down", mask(), value, thread_rank() + delta >= size() ? kernelglot::lane() : lane_of(thread_rank() + delta), line); }
  template <class T> T shfl_xor(T value, unsigned ranks, KG_GROUP_LINE) const {
    unsigned other = thread_rank() ^ ranks;
    return kernelglot::shuffle("shfl_xor", mask(), value, other >= size() ? kernelglot::lane() : lane_of(other), line);
  }
  int any(int predicate, KG_GROUP_LINE) const { return kernelglot::vote("any", mask(), predicate, line).yes != 0; }
  int all(int predicate, KG_GROUP_LINE) const {
    kernelglot::Votes votes = kernelglot::vote("all", mask(), predicate, line);
    return votes.yes == votes.lanes;
  }
  unsigned long long ranks_of(unsigned long long lanes) const {
    unsigned long long result = 0;
    unsigned rank = 0;
    for (unsigned long long rest = mask(); rest; rest &= rest - 1, ++rank)
      if (lanes >> __builtin_ctzll(rest) & 1) result |= 1ull << rank;
    return result;
  }
  unsigned long long ballot(int predicate, KG_GROUP_LINE) const { return ranks_of(kernelglot::vote("ballot", mask(), predicate, line).yes); }
  template <class T> unsigned long long match_any(T value, KG_GROUP_LINE) const { return ranks_of(kernelglot::match(mask(), value, line)); }
  template <class T> unsigned long long match_all(T value, int &all, KG_GROUP_LINE) const {
    unsigned long long lanes = 0, equal = kernelglot::match(mask(), value, line, &lanes);
    all = equal == lanes;
    return all ? ranks_of(lanes) : 0;
  }
};
// `Size` neighbouring lanes of a warp.
template <unsigned Size, class Parent = void> struct thread_block_tile : lane_group<thread_block_tile<Size, Parent>> {
  static_assert(Size <= KG_WARP && (Size & (Size - 1)) == 0, "a tile of more than a warp, or of no power of two threads, is not emulated");
  thread_block_tile() = default;
  template <class Other> thread_block_tile(const thread_block_tile<Size, Other> &) {}
  static unsigned long long lanes() { return (Size >= 64 ? ~0ull : (1ull << Size % 64) - 1) << (kg_agent % KG_WARP / Size * Size); }
  static unsigned thread_rank() { return kg_agent % Size; }
  static unsigned meta_group_rank() { return kg_agent / Size; }
  static unsigned meta_group_size() { return (kg_agents + Size - 1) / Size; }
  static constexpr unsigned size() { return Size; }
  static constexpr unsigned num_threads() { return Size; }
};
// Lanes that the program decides: those that are active, those with one label, a tile whose size is a value.
struct coalesced_group : lane_group<coalesced_group> {
  unsigned long long members;
  unsigned rank_among = 0, among = 1;
  coalesced_group(unsigned long long members = 0, unsigned rank_among = 0, unsigned among = 1) : members(members), rank_among(rank_among), among(among) {}
  template <unsigned Size, class Parent> coalesced_group(const thread_block_tile<Size, Parent> &tile) : coalesced_group(tile.lanes(), tile.meta_group_rank(), tile.meta_group_size()) {}
  unsigned long long lanes() const { return members; }
  unsigned meta_group_rank() const { return rank_among; }
  unsigned meta_group_size() const { return among; }
};
using thread_group = coalesced_group;
inline coalesced_group coalesced_threads(KG_GROUP_LINE) { return {kernelglot::vote("coalesced_threads", 0, 1, line).lanes}; }
template <unsigned Size, class Parent> inline thread_block_tile<Size, Parent> tiled_partition(const Parent &) { return {}; }
inline coalesced_group tiled_partition(const thread_block &, unsigned size, KG_GROUP_LINE) {
  if (!size || size > KG_WARP || size & (size - 1)) kg_fault("unsupported", "a tile of more than a warp, or of no power of two threads, is not emulated", line);
  unsigned long long ones = size >= 64 ? ~0ull : (1ull << size) - 1;
  return {ones << (kg_agent % KG_WARP / size * size), kg_agent / size, (kg_agents + size - 1) / size};
}
inline coalesced_group tiled_partition(const coalesced_group &parent, unsigned size, KG_GROUP_LINE) {
  if (!size || size > KG_WARP || size & (size - 1)) kg_fault("unsupported", "a tile of more than a warp, or of no power of two threads, is not emulated", line);
  unsigned long long members = 0;
  unsigned own = parent.thread_rank() / size;
  for (unsigned rank = own * size; rank < (own + 1) * size && rank < parent.size(); ++rank) members |= 1ull << parent.lane_of(rank);
  return {members, own, (parent.size() + size - 1) / size};
}
template <class Group> inline coalesced_group labeled_partition(const Group &group, int label, KG_GROUP_LINE) {
  unsigned long long members = kernelglot::match(group.mask(), label, line), firsts = 0;
  firsts = kernelglot::vote("labeled_partition", group.mask(), kernelglot::lane() == __builtin_ctzll(members), line).yes;      // one a label
  return {members, (unsigned)__builtin_popcountll(firsts & ((1ull << __builtin_ctzll(members)) - 1)), (unsigned)__builtin_popcountll(firsts)};
}
template <class Group> inline coalesced_group binary_partition(const Group &group, bool predicate, KG_GROUP_LINE) {
  kernelglot::Votes votes = kernelglot::vote("binary_partition", group.mask(), predicate, line);
  return {predicate ? votes.yes : votes.lanes & ~votes.yes, predicate, 2};
}

// ---- what groups compute together ------------------------------------------------------------------------------------------------
template <class T> struct plus { T operator()(T a, T b) const { return a + b; } };
template <class T> struct less { T operator()(T a, T b) const { return b < a ? b : a; } };
template <class T> struct greater { T operator()(T a, T b) const { return a < b ? b : a; } };
template <class T> struct bit_and { T operator()(T a, T b) const { return a & b; } };
template <class T> struct bit_or { T operator()(T a, T b) const { return a | b; } };
template <class T> struct bit_xor { T operator()(T a, T b) const { return a ^ b; } };
template <class Group, class T, class Fold> inline T reduce(const Group &group, T value, Fold fold, KG_GROUP_LINE) {
  const unsigned rank = group.thread_rank(), size = group.num_threads();
  for (unsigned step = 1; step < size; step *= 2) {
    T other = group.shfl_down(value, step, line);
    if (rank % (2 * step) == 0 && rank + step < size) value = fold(value, other);
  }
  return group.shfl(value, 0, line);
}
template <class Group, class T, class Fold> inline T inclusive_scan(const Group &group, T value, Fold fold, KG_GROUP_LINE) {
  const unsigned rank = group.thread_rank(), size = group.num_threads();
  for (unsigned step = 1; step < size; step *= 2) {
    T before = group.shfl_up(value, step, line);
    if (rank >= step) value = fold(before, value);
  }
  return value;
}
template <class Group, class T> inline T inclusive_scan(const Group &group, T value, KG_GROUP_LINE) { return inclusive_scan(group, value, plus<T>(), line); }
template <class Group, class T, class Fold> inline T exclusive_scan(const Group &group, T value, Fold fold, KG_GROUP_LINE) {
  T before = group.shfl_up(inclusive_scan(group, value, fold, line), 1, line);
  return group.thread_rank() ? before : T();
}
template <class Group, class T> inline T exclusive_scan(const Group &group, T value, KG_GROUP_LINE) { return exclusive_scan(group, value, plus<T>(), line); }
template <class Group, class F> inline auto invoke_one_broadcast(const Group &group, F &&f, KG_GROUP_LINE) {
  decltype(f()) value{};
  if (group.thread_rank() == 0) value = f();
  return group.shfl(value, 0, line);
}
template <class Group, class F> inline void invoke_one(const Group &group, F &&f) { if (group.thread_rank() == 0) f(); }
template <class Group> inline void sync(const Group &group, KG_GROUP_LINE) { group.sync(line); }

#ifdef KG_PIPELINE
// Each thread copies a share of the bytes; the wait is for all of them, and lets the group meet.
template <class Group> inline void memcpy_async(const Group &group, void *to, const void *from, size_t bytes, KG_GROUP_LINE) {
  const size_t size = group.num_threads(), rank = group.thread_rank(), piece = 16;
  for (size_t at = rank * piece; at < bytes; at += size * piece) {
    size_t part = bytes - at < piece ? bytes - at : piece;
    kernelglot::async::begin((char *)to + at, (const char *)from + at, part, part, line);
  }
  kernelglot::async::commit();
}
template <class Group, class Bytes, class = decltype((size_t)Bytes())>
inline void memcpy_async(const Group &group, void *to, size_t to_bytes, const void *from, Bytes from_bytes, KG_GROUP_LINE) {
  memcpy_async(group, to, from, to_bytes < (size_t)from_bytes ? to_bytes : (size_t)from_bytes, line);
}
template <class Group> inline void wait(const Group &group, KG_GROUP_LINE) { kernelglot::async::wait_all(line); group.sync(line); }
template <unsigned Stages, class Group> inline void wait_prior(const Group &group, KG_GROUP_LINE) {
  kernelglot::async::wait_prior(Stages, line);
  group.sync(line);
}
#endif
// Clusters of blocks need sm_90 and blocks that run at the same time.
struct cluster_group {
  static void sync(KG_GROUP_LINE) { kg_fault("unsupported", "clusters of blocks are not emulated: blocks run one after another", line); }
};
inline cluster_group this_cluster(KG_GROUP_LINE) {
  kg_fault("unsupported", "clusters of blocks are not emulated: blocks run one after another", line);
  return {};
}
}
#endif
