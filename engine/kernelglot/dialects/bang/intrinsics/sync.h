// Waiting: for this core's pipelines, and for other cores. An asynchronous copy is performed when it is waited for (check.h).
#pragma once

/// Waits for all pipelines of this core.
/// @arch all  @source manuals/bang/sync.md
static inline void __sync() { bang_wait(BANG_IO | BANG_MOVE | BANG_COMPUTE); }

/// Later instructions wait for the IO-DMA pipeline: copies with an off-chip end.
/// @arch all  @source manuals/bang/sync.md
static inline void __sync_io() { bang_wait(BANG_IO); }

/// Later instructions wait for the Move-DMA pipeline: copies inside the chip.
/// @arch all  @source manuals/bang/sync.md
static inline void __sync_move() { bang_wait(BANG_MOVE); }

/// Later instructions wait for the vector and tensor pipeline.
/// @arch all  @source manuals/bang/sync.md
static inline void __sync_compute() { bang_wait(BANG_COMPUTE); }

/// The chosen producing pipelines finish before the chosen consuming ones start.
/// @arch all  @source manuals/bang/sync.md
static inline void __sync_io_move_compute(bool io = true, bool move = true, bool compute = true, bool to_io = true, bool to_move = true,
                                          bool to_compute = true) {
  if (to_io || to_move || to_compute) bang_wait((io ? BANG_IO : 0) | (move ? BANG_MOVE : 0) | (compute ? BANG_COMPUTE : 0));
}

/// Every pipeline of this core, then the agents of `clusters` clusters that this one belongs to: of each cluster those that `lanes` names
/// (cores 0 to 3, and 4 for its memory core).
static inline void bang_meet(unsigned clusters, unsigned lanes) {
  __sync();
  kg_barrier_of(kg_agent - kg_agent % (clusters * BANG_LANES), clusters * BANG_LANES, lanes, bang_line);
}

/// Barrier over the cores and the memory core of one cluster.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_cluster() {
  if (kg_union) bang_meet(1, 0x1f);
}

/// Barrier over all cores and memory cores of the union task; returns at once in a Block task.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all() {
  if (kg_union) bang_meet(kg_union, 0x1f);
}

/// Barrier over the MLU cores of the union task; a memory core passes.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all_ipu() {
  if (kg_union && !bang_on_memory_core()) bang_meet(kg_union, 0x0f);
}

/// Barrier over the MLU cores of one cluster; a memory core passes.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all_ipu_within_cluster() {
  if (kg_union && !bang_on_memory_core()) bang_meet(1, 0x0f);
}

/// Barrier over the memory cores of the union task; an MLU core passes.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all_mpu() {
  if (bang_on_memory_core()) bang_meet(kg_union, 0x10);
}

/// True on the memory core of a cluster.
/// @arch mtp  @source manuals/bang/sync.md
static inline bool __is_mpu() { return bang_on_memory_core(); }

/// True on an MLU core.
/// @arch all  @source manuals/bang/sync.md
static inline bool __is_ipu() { return !bang_on_memory_core(); }
