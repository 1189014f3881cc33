/* What the parent writes for the runner (verify/sandbox.py packs the same layout), and what comes back. Native byte order. */
#ifndef KERNELGLOT_JOB_H
#define KERNELGLOT_JOB_H
#include <stdint.h>

enum { KG_RESULT_HEADER = 4096 };
enum { KG_INTEGER = 0, KG_REAL = 1, KG_BUFFER = 2 };
enum { KG_IN = 0, KG_OUT = 1, KG_INOUT = 2 };
/* run flags: other poison, memory ends are swapped, agents in reversed order; every rounding goes up, down, or to zero; the module's memory
 * stays as the run before has left it */
enum { KG_SECOND = 1, KG_UP = 2, KG_DOWN = 4, KG_TO_ZERO = 8, KG_KEEP = 16 };
enum { KG_CHECKED = 32, KG_EXPLAINED = 64 };               /* run flags of strict runs, see shadow.h */
/* run flags of runs over a field, see field.c: `first_block` is the seed, `block_stride` the number of inputs; a buffer's `integer` is the size
 * of its floats, 0 where it has none */
enum { KG_FIELD = 128, KG_FIELD_EXPONENTS = 256, KG_FIELD_ORDERED = 512 };

struct job {                /* then cases, arguments, runs, offsets, each without gaps */
    uint32_t how, fibers, warp, libraries;
    uint32_t cases, arguments, runs, cpu_seconds;
    uint64_t memory_bytes, budget_microseconds;
    char module[512];
};
struct job_case { uint32_t grid[3], block[3], shared_bytes, cluster_union, first_argument, arguments; };
struct job_argument { uint32_t kind, role; uint64_t bytes, alignment; int64_t integer; double real; };
struct job_run { uint32_t test_case, flags, first_offset, order; uint64_t first_block, block_stride, blocks, all_blocks; };  /* see scheduler.h */
struct job_offset { uint64_t input, result; };      /* into the input file; into the result file */

struct result {             /* at the start of the result file */
    uint32_t landlock_abi, seccomp, started, finished;          /* runs begun, runs whose results are complete */
    uint32_t faulted, line, argument, wrote;
    uint32_t ended, launch_microseconds;                        /* ended: the runner came to its own end; of the last run's launch */
    int64_t offset;                                             /* bytes from the start of the buffer */
    uint64_t instruction, caller;                               /* offsets in the module, 0 where outside */
    char kind[32], sentence[512];
};

/* Who ran when a fault ended the run, and what a strict run knows besides; STRICT_REPORT bytes from the start of the result file. */
enum { STRICT_REPORT = 2048, STRICT_CALLERS = 6 };
enum { STRICT_ARGUMENT = 1, STRICT_ARRAY = 2, STRICT_GAP = 3, STRICT_NOWHERE = 4 };    /* region_kind */
struct strict_report {
    uint32_t running, how, agent, cluster_union, cluster_agents, thread[3], block[3];
    uint32_t region_kind, region, bytes, unwatched;                 /* unwatched: memory for the cells was not enough */
    uint32_t here[STRICT_CALLERS], there[STRICT_CALLERS];           /* return addresses in the module, innermost first */
    uint32_t unused;
    int64_t offset;
};

/* In strict jobs the input file starts with this: the arrays of the kernel's module. */
enum { STRICT_PRIVATE = 0, STRICT_DYNAMIC = 1, STRICT_MODULE = 2, STRICT_CONSTANT = 3, STRICT_IGNORED = 9 };
struct strict_array { uint64_t offset, bytes; uint32_t kind, unused; };
struct strict_table { uint32_t arrays, unused; struct strict_array array[]; };
#endif
