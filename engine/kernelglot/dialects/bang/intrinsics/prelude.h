// BANG C on a CPU: what kernel text may use, before it includes anything. The host runs the tasks (runtime.h); here are the memories,
// the built-in names and, in the headers below, the intrinsics.
//
// Given by the command line, all optional:
//   __BANG_ARCH__          592 (default), 220 270 290 322 372 520: sizes, alignment rules, which intrinsics exist
//   BANG_SINGLE_CORE       a tp_ target: one core, no cluster, no SRAM
//   BANG_MEMORY_CORE       the memory core of each cluster runs the kernel too, see below
//   BANG_SLACK             bytes an on-chip memory may be over-run by at its end (0); published benchmark kernels need 131072
//   BANG_FILTER_ROWS       tensor intrinsics read the filter as plain [K][N] rows, as published benchmark kernels assume
//   BANG_FILTER_COLUMNS    ... as plain [N][K] columns, no lane order
//   BANG_WALIGN            64 (default) or 16: the lane order of WRAM, see layout.h
//   BANG_VARIABLE_ARRAYS   the text has arrays whose length is known at run time, see variable.h
//   BANG_WITHOUT_...       parts that the text does not need, see the end
//   BANG_ACTIVE_CLAMP      the table functions __bang_active_* clamp where the guide says so; without it they are exact
// Compile with -fwrapv -fno-strict-aliasing: integers wrap, memory is reinterpreted freely.
#pragma once

#ifndef __BANG_ARCH__
#define __BANG_ARCH__ 592
#endif
#define __BANG__ 1

// KB of a core's NRAM and WRAM and of a cluster's SRAM. No document gives those of 520 (UNCERTAIN): as 592.
#if __BANG_ARCH__ == 372 || __BANG_ARCH__ == 322
#define __MLU_NRAM_SIZE__ 768
#define __MLU_WRAM_SIZE__ 1024
#elif __BANG_ARCH__ == 270
#define __MLU_NRAM_SIZE__ 512
#define __MLU_WRAM_SIZE__ 1024
#else
#define __MLU_NRAM_SIZE__ 512
#define __MLU_WRAM_SIZE__ 512
#endif
#if defined(BANG_SINGLE_CORE) || __BANG_ARCH__ == 322
#define __MLU_SRAM_SIZE__ 0
#elif __BANG_ARCH__ == 372
#define __MLU_SRAM_SIZE__ 4096
#else
#define __MLU_SRAM_SIZE__ 2048
#endif

#include "device.h"
#include "half.h"
#include "overloads.h"
#include "runtime.h"

typedef int8_t int8;
typedef int16_t int16;
typedef int8_t fix8;
typedef struct { uint8_t bits; } int4x2_t;                // two integers of 4 bits, the first in the low half
typedef kernelglot::Half half;
typedef kernelglot::Bfloat16 bfloat16_t;

// A by-value operand takes its type from the vectors beside it: `1.0 / 128` is converted, not deduced.
template <typename T> struct bang_same { typedef T type; };
template <typename T> using bang_value = typename bang_same<T>::type;

// A variable of a memory lies in that memory's section; the runtime poisons the sections before each task and keeps one copy a core
// (SRAM: a cluster). The `#` hides what the compiler would append to the name; the counter behind it keeps two kinds of linkage
// (templates, plain functions) from being two conflicting uses of one section.
#define BANG_TEXT_(x) #x
#define BANG_TEXT(x) BANG_TEXT_(x)
#define __nram__ thread_local __attribute__((section(".tbss.kg_nram,\"awT\",@nobits#" BANG_TEXT(__COUNTER__)), aligned(64)))
#define __wram__ thread_local __attribute__((section(".tbss.kg_wram,\"awT\",@nobits#" BANG_TEXT(__COUNTER__)), aligned(64)))
#define __ldram__ thread_local __attribute__((section(".tbss.kg_ldram,\"awT\",@nobits#" BANG_TEXT(__COUNTER__)), aligned(64)))
#define __mlu_shared__ static __attribute__((section("kg_sram,\"aw\",@nobits#" BANG_TEXT(__COUNTER__)), aligned(64)))
extern "C" char __start_kg_sram[] __attribute__((weak, visibility("hidden"))), __stop_kg_sram[] __attribute__((weak, visibility("hidden")));
extern "C" __attribute__((visibility("default"), externally_visible, used)) inline void kg_sram_bounds(char **from, char **to) {
  *from = __start_kg_sram, *to = __stop_kg_sram;
}
#define __mlu_const__ const
#define __mlu_entry__
#define __mlu_global__
#define __mlu_func__ static inline
#define __mlu_builtin__ static inline
#define __mlu_device__ static

// Where a task runs. In a Block task there is no cluster (coreId and clusterId are not documented there: 0); in UnionN a task's place among
// the 4 * N of its group names cluster and core. BANG_MEMORY_CORE: each cluster has a fifth agent, its memory core (MPU), which runs the
// kernel's body too. It has coreId 0x80 and, as no document says otherwise (UNCERTAIN), the task of the cluster's first core. It has
// no NRAM, no WRAM and no vector unit: of intrinsics it performs copies of SRAM, barriers and scalar ones, and passes over the others.
#ifdef BANG_SINGLE_CORE
#define BANG_CORES 1u
#else
#define BANG_CORES 4u
#endif
#ifdef BANG_MEMORY_CORE
#define BANG_LANES 5u
extern "C" __attribute__((visibility("default"), externally_visible, used)) const unsigned kg_cluster_agents = 5;
static inline bool bang_on_memory_core() { return kg_union && kg_agent % BANG_LANES == 4; }
static inline unsigned bang_task() {
  return kg_union ? kg_agent / BANG_LANES * 4 + (bang_on_memory_core() ? 0 : kg_agent % BANG_LANES) : kg_agent;
}
#else
#define BANG_LANES BANG_CORES
static inline bool bang_on_memory_core() { return false; }
static inline unsigned bang_task() { return kg_agent; }
#endif
#define taskId ((int)bang_task())
#define taskIdX ((int)(bang_task() % kg_grid[0]))
#define taskIdY ((int)(bang_task() / kg_grid[0] % kg_grid[1]))
#define taskIdZ ((int)(bang_task() / kg_grid[0] / kg_grid[1]))
#define taskDim ((int)(kg_grid[0] * kg_grid[1] * kg_grid[2]))
#define taskDimX ((int)kg_grid[0])
#define taskDimY ((int)kg_grid[1])
#define taskDimZ ((int)kg_grid[2])
#define coreDim ((int)BANG_CORES)
#define coreId ((int)(bang_on_memory_core() ? 0x80 : kg_union ? bang_task() % kg_grid[0] % BANG_CORES : 0))
#define clusterDim ((int)kg_union)
#define clusterId ((int)(kg_union ? bang_task() % kg_grid[0] / BANG_CORES % kg_union : 0))

#include "check.h"
#include "sync.h"
#include "memory.h"
#include "arithmetic.h"
// What a text does not mention may be left out: each costs the compiler some milliseconds.
#ifndef BANG_WITHOUT_COMPARE
#include "compare.h"
#endif
#ifndef BANG_WITHOUT_MATH
#include "math.h"
#endif
#ifndef BANG_WITHOUT_LAYOUT
#include "layout.h"
#endif
#ifndef BANG_WITHOUT_SCALAR
#include "rounding.h"
#include "scalar.h"
#endif
#ifndef BANG_WITHOUT_LOGIC
#include "logic.h"
#endif
#ifndef BANG_WITHOUT_SELECT
#include "select.h"
#endif
#ifndef BANG_WITHOUT_ACTIVE
#include "activation.h"
#endif
#ifndef BANG_WITHOUT_POOL
#include "reduce_pool.h"
#endif
#ifndef BANG_WITHOUT_TENSOR
#include "tensor.h"
#endif
#ifndef BANG_WITHOUT_CONVERT
#include "convert.h"
#include "convert_int.h"
#ifndef BANG_WITHOUT_FAMILIES
#include "convert_families.h"
#endif
#endif
#ifndef BANG_WITHOUT_ATOMIC
#include "atomic.h"
#endif
#ifndef BANG_WITHOUT_GATHER
#include "gather.h"
#endif
#ifdef BANG_VARIABLE_ARRAYS
#include "variable.h"
#endif
#ifndef BANG_NO_LINES
#include "lines.h"
#endif
