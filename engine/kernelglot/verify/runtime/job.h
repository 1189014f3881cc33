/* What the parent writes for the runner (verify/sandbox.py packs the same layout), and what comes back. Native byte order. */
#ifndef KERNELGLOT_JOB_H
#define KERNELGLOT_JOB_H
#include <stdint.h>

enum { KG_RESULT_HEADER = 4096 };
enum { KG_INTEGER = 0, KG_REAL = 1, KG_BUFFER = 2 };
enum { KG_IN = 0, KG_OUT = 1, KG_INOUT = 2 };
/* run flags: other poison, memory ends are swapped, agents in reversed order; every rounding goes up, or down */
enum { KG_SECOND = 1, KG_UP = 2, KG_DOWN = 4 };

struct job {                /* then cases, arguments, runs, offsets, each without gaps */
    uint32_t how, fibers, warp, libraries;
    uint32_t cases, arguments, runs, cpu_seconds;
    uint64_t memory_bytes, budget_microseconds;
    char module[512];
};
struct job_case { uint32_t grid[3], block[3], shared_bytes, cluster_union, first_argument, arguments; };
struct job_argument { uint32_t kind, role; uint64_t bytes, alignment; int64_t integer; double real; };
struct job_run { uint32_t test_case, flags, first_offset, unused; };
struct job_offset { uint64_t input, result; };      /* into the input file; into the result file */

struct result {             /* at the start of the result file */
    uint32_t landlock_abi, seccomp, started, finished;          /* runs begun, runs whose results are complete */
    uint32_t faulted, line, argument, wrote;
    uint32_t ended, unused;                                     /* ended: the runner came to its own end */
    int64_t offset;                                             /* bytes from the start of the buffer */
    uint64_t instruction, caller;                               /* offsets in the module, 0 where outside */
    char kind[32], sentence[512];
};
#endif
