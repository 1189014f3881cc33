/* Between the runner and the scheduler. */
#ifndef KERNELGLOT_SCHEDULER_H
#define KERNELGLOT_SCHEDULER_H
#include <stddef.h>

#include "runtime.h"

enum { KG_BLOCKS = 0, KG_TASKS = 1, KG_CALL = 2 };
enum { KG_CANARY_BYTES = 256 };

/* The kernel's module as it lies in memory. */
struct kg_memory {
    int fibers;                            /* agents wait for each other somewhere in the text */
    char *sram, *sram_end;                 /* what tasks of a cluster share; null without any */
    char *private_base;                    /* thread_local: shared memory of a block, on-chip memory of a task */
    size_t private_bytes, private_image_bytes;
    const char *private_image;             /* initial values of its first private_image_bytes */
    char *module_base;                     /* .data and .bss */
    size_t module_bytes;
    unsigned cluster_agents;               /* BANG: 4 cores a cluster, 5 where its memory core runs the kernel too */
    unsigned char *canary;                 /* dynamic shared memory, followed by KG_CANARY_BYTES */
};
extern KG_LOCAL struct kg_memory kg_memory;

/* The order in which agents and blocks run: 0 forward, else a shuffle that this number decides. Of the blocks of a grid only some are run
 * where `blocks` is not 0: first, first + stride, ...; `all` is how many there are on the source's side. */
struct kg_choice { unsigned order; unsigned long long first, stride, blocks, all; };
extern struct kg_choice kg_choice;

void kg_launch(int how, int backwards, void (*kernel)(const kg_slot *), const kg_slot *slots);
#endif
