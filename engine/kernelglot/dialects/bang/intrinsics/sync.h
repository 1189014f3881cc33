// Waiting: for this core's pipelines, and for other cores. Asynchronous copies are performed when they are called; a wait ends the
// time in which touching their operands is a fault (check.h).
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

/// Every pipeline of this core, then the `width` tasks of the union (a cluster: 4) that this one belongs to.
static inline void bang_meet(unsigned width) {
  __sync();
  kg_barrier(kg_agent - kg_agent % kg_grid[0] % width, width, bang_line);
}

/// Barrier over the cores and the memory core of one cluster.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_cluster() {
  if (kg_union) bang_meet(BANG_CORES);
}

/// Barrier over all cores and memory cores of the union task; returns at once in a Block task.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all() {
  if (kg_union) bang_meet(BANG_CORES * kg_union);
}

/// Barrier over the MLU cores of the union task.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all_ipu() { __sync_all(); }

/// Barrier over the MLU cores of one cluster.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all_ipu_within_cluster() { __sync_cluster(); }

/// Barrier over the memory cores of the union task; an MLU core passes.
/// @arch mtp  @source manuals/bang/sync.md
static inline void __sync_all_mpu() {}

/// True on the memory core of a cluster. The emulator runs MLU cores only.
/// @arch mtp  @source manuals/bang/sync.md
static inline bool __is_mpu() { return false; }

/// True on an MLU core.
/// @arch all  @source manuals/bang/sync.md
static inline bool __is_ipu() { return true; }
