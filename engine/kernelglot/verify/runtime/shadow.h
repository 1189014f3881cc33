/* The strict run: every memory access of a module built with -fsanitize=thread is looked at (shadow.c). Between runner, scheduler and it. */
#ifndef KERNELGLOT_SHADOW_H
#define KERNELGLOT_SHADOW_H
#include <stddef.h>
#include <stdint.h>

#include "job.h"

/* 0 off, 1 what is wrong whatever comes of it (races, bounds), 2 also what is wrong only where results depend on it */
enum { KG_RELAXED = 0, KG_STRICT_CHECK = 1, KG_STRICT_EXPLAIN = 2 };
extern int kg_strict;
extern struct strict_report *kg_strict_report;

/* One execution. `table`: the kernel's own arrays in its module (job.h); buffers follow, then kg_shadow_start. */
void kg_shadow_begin(int strictness, int how, const struct strict_table *table);
void kg_shadow_buffer(unsigned argument, int role, char *data, uint64_t bytes, char *first, size_t writable);
void kg_shadow_end(void);

/* What orders accesses. `cluster`: agents of a cluster; only those agents whose place in it is a bit of `lanes` take part. */
void kg_shadow_block(void);                                         /* another block begins, or the only one */
void kg_shadow_barrier(unsigned first, unsigned count, unsigned lanes, unsigned cluster);
void kg_shadow_collective(unsigned warp, unsigned long long lanes);
void kg_shadow_together(int on);                                    /* one lane acts for all of them */
int kg_stack_owner(uintptr_t address);                              /* in scheduler.c: whose stack this is, -1 for nobody's */
void kg_shadow_settle(void);                                        /* the running agent stops for now */
void kg_shadow_agent(void);                                         /* it starts with fresh private memory */

/* In order.c: `kg_team` agents are a warp (a cluster); stamps below `kg_block_start` are of other blocks. */
enum { KG_MOST_WATCHED = 2048 };
extern uint32_t kg_now, kg_block_start, kg_barrier_seen[KG_MOST_WATCHED];
extern unsigned kg_team;
void kg_order_begin(unsigned team);
void kg_order_block(void);
int kg_ordered(unsigned agent, uint32_t stamp);                     /* is what that agent did then behind the running one? */
void kg_publish(uintptr_t address, int writes, int fence);          /* an atomic access, with a fence in itself or not */

/* For hooks.c. `kind`: 1 a write, 2 atomic or volatile. `frame`: the hook's own, `instruction`: where it returns to. */
void kg_shadow_access(uintptr_t address, size_t bytes, unsigned kind, void *instruction, void **frame);
void kg_shadow_atomic(uintptr_t address, size_t bytes, int writes, int fence, void *instruction, void **frame);
void kg_shadow_volatile(uintptr_t address, size_t bytes, unsigned writes, void *instruction, void **frame);
void kg_shadow_indivisible(uintptr_t address, size_t bytes, int on);        /* what is done to these bytes is part of an atomic told of */
void kg_shadow_mute(int on);                                        /* nothing that follows is the kernel's */
void kg_shadow_async(uintptr_t to, size_t bytes, int on);           /* bytes that a copy under way will write */

/* In runner.c: where a module lies. 0: outside of it. */
uint32_t kg_module_offset(const void *address);
char *kg_module_at(uint64_t offset);
#endif
