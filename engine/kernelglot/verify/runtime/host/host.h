/* Between a library that `kernelglot emulate` made from a whole file and the emulator that is linked into it. C and C++.
 *
 * The file's own text, behind its dialect's prelude, is one object (unit.h); the engine, the device memory and the report of faults are
 * another one (engine.c, memory.c, report.c), the same for every file. */
#ifndef KERNELGLOT_HOST_H
#define KERNELGLOT_HOST_H
#include <stddef.h>

#include "../runtime.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ---- what the unit gives the engine ---- */
void kg_place(const unsigned thread[3]);         /* threadIdx of the thread that goes on; it has waited since its loop began */
void kg_place_block(const unsigned block[3]);    /* blockIdx of this operating system thread */
char *kg_shared_memory(void);                    /* dynamic shared memory of this operating system thread */

/* ---- launches ---- */
enum { KG_HOST_COOPERATIVE = 1, KG_HOST_TASKS = 2, KG_HOST_WAITS = 4, KG_HOST_PLAIN_POINTERS = 8 };
typedef struct {
    const char *kernel, *file;                   /* as written; where the launch stands */
    int line, flags;
    unsigned grid[3], block[3], shared_bytes, warp, cluster_union, cluster_agents;
    void (*run)(const void *arguments);          /* runs agents kg_agent, kg_agent + 1, ... of a block until one has waited or all are done */
    const void *arguments;
    const void *const *pointers;                 /* arguments that are pointers; null where another type stands */
    unsigned pointer_count;
} kg_host_launch;

/* Runs all of it before it returns. 0, or the kind of the fault (KG_FAULT_...), which has been printed and stays for kg_sticky(). */
int kg_host_run(const kg_host_launch *launch);

enum { KG_FAULT_NONE, KG_FAULT_ADDRESS, KG_FAULT_MISALIGNED, KG_FAULT_ASSERT, KG_FAULT_LAUNCH };
int kg_sticky(void);                             /* the first fault of a kernel; the device is unusable after it, until kg_reset() */
void kg_reset(void);                             /* forgets the fault and frees all device memory */

void kg_forget_fault(void);

/* Prints a fault that is none of a kernel's, as "kernelglot: FILE:LINE: KIND: SENTENCE". */
void kg_complain(const char *file, int line, const char *kind, const char *sentence);

/* ---- memory ---- */
enum { KG_DEVICE = 1, KG_MANAGED = 2, KG_PINNED = 3, KG_REGISTERED = 4 };
typedef struct { char *data; size_t bytes; int kind; unsigned flags; char *map; size_t map_bytes; } kg_allocation;

void *kg_allocate(size_t bytes, int kind, unsigned flags);            /* null where there is no memory */
int kg_release(const void *pointer, int kind);                        /* 0 where no allocation of that kind starts there */
int kg_register(void *pointer, size_t bytes, unsigned flags);         /* 0 where a part of it is known already */
int kg_unregister(const void *pointer);
int kg_allocation_of(const void *pointer, kg_allocation *found);      /* the allocation with this address in it (or just past its end) */
size_t kg_memory_total(void);
size_t kg_memory_used(void);
/* Copies as the device does: each end may be device or host memory. 0 where a range leaves its allocation. */
int kg_copy(void *to, const void *from, size_t bytes);
int kg_fill(void *to, int value, size_t bytes);

/* Kernels may touch device memory between these; host code may not, in the first launches (KERNELGLOT_HOST_ACCESS=check: never,
 * =allow: always). They nest. */
void kg_open_memory(void);
void kg_close_memory(void);
/* Whether a launch has written bytes behind the end of an allocation that share its last page; a fault where it has. */
void kg_check_ends(const kg_host_launch *launch);

/* What is known of an address, as the end of a sentence. */
void kg_describe(const void *address, char *text, size_t room);

/* ---- report.c ---- */
/* File and line of an instruction, from this library's own line table; 0 where unknown. */
int kg_line_of(const void *instruction, char *file, size_t room);
int kg_own_address(const void *address);         /* in this library's code or data */
int kg_in_kernel(void);                          /* this operating system thread runs a kernel */
int kg_setting(const char *name, int otherwise); /* an environment variable that is a number; "allow" and "on" are 1 */
double kg_clock(void);                           /* seconds */
#ifdef __cplusplus
}
#endif
#endif
