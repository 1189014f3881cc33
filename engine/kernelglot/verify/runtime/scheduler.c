/* Runs the agents of a launch on one operating system thread: one after another, or as fibers that switch where they wait.
 *
 * Deterministic: agents are resumed in order (or reversed). A wait that can never end is a fault with the lines where agents stand.
 * Private memory (thread_local of the kernel's module) is one instance a block for CUDA/HIP, one an agent for BANG: see kg_memory. */
#include "scheduler.h"
#ifdef KG_HOST                                   /* no strict runs there */
#define kg_shadow_settle() ((void)0)
#define kg_shadow_barrier(first, count, lanes, cluster) ((void)0)
#define kg_shadow_collective(warp, lanes) ((void)0)
#define kg_shadow_agent() ((void)0)
#define kg_shadow_block() ((void)0)
#define kg_shadow_together(on) ((void)0)
enum { kg_strict = 0, KG_STRICT_EXPLAIN = 2 };
#else
#include "shadow.h"
#endif

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

KG_LOCAL unsigned kg_agent, kg_thread[3], kg_block_index[3];
unsigned kg_agents, kg_union, kg_warp = 32, kg_shared_bytes, kg_grid[3], kg_block[3];
unsigned char kg_poison;
KG_LOCAL struct kg_memory kg_memory;
struct kg_choice kg_choice;

enum { STACK = 256 * 1024 + 192, PAGE = 4096, MOST_AGENTS = 2048, MOST_WARPS = MOST_AGENTS / 32 + 1 };
enum { ALL_LANES = -1 };
enum state { READY, AT_BARRIER, AT_WARP, AT_GRID, ENDED };

typedef struct {                                 /* what a barrier asks for lies in one line of the cache */
    _Alignas(64) void *stack_pointer;
    enum state state;
    unsigned first, count, lanes;                /* AT_BARRIER; lanes: see kg_barrier_of */
    int line, vote;
    unsigned result, present;
    unsigned thread[3];
    const char *name;                            /* AT_WARP */
    unsigned long long mask, participants;
    void *payload;
    void (*complete)(void *const *, unsigned long long);
    char *private_image;                         /* TASKS: this agent's thread_local memory while it does not run */
} fiber;

#ifdef KG_HOST
static KG_LOCAL fiber *fibers;                   /* host/engine.c makes room for them, and changes them with the block */
static KG_LOCAL unsigned long long *pending, *living;
#else
static fiber fibers[MOST_AGENTS];
static unsigned long long pending[MOST_WARPS], living[MOST_WARPS];
#endif
static KG_LOCAL unsigned alive, waiting_all;
static KG_LOCAL char *stacks;
static KG_LOCAL unsigned guarded;
static KG_LOCAL void *main_stack_pointer;
static KG_LOCAL int reversed, swaps_private;
static KG_LOCAL char *cluster_images;                   /* TASKS: .data/.bss of each cluster */
static KG_LOCAL unsigned cluster = 4;            /* TASKS: agents of a cluster */
static KG_LOCAL void (*entry)(const kg_slot *);
static KG_LOCAL const kg_slot *entry_slots;

/* ---- context switch ------------------------------------------------------------------------------------------------ */
static void fiber_main(void);
#if defined(__x86_64__) && !defined(KG_UCONTEXT)
void kg_switch(void **save, void *load);
__asm__(".text\n.globl kg_switch\n.hidden kg_switch\n.type kg_switch,@function\nkg_switch:\n"
        "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
        "movq %rsp,(%rdi)\nmovq %rsi,%rsp\n"
        "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nret\n.size kg_switch,.-kg_switch\n");
static void *fresh_stack(unsigned agent, char *top) {
    (void)agent;
    void **pointer = (void **)((uintptr_t)top & ~(uintptr_t)15);
    *--pointer = 0;                              /* alignment: at entry rsp is 8 modulo 16, as after a call */
    *--pointer = (void *)fiber_main;
    for (int i = 0; i < 6; ++i) *--pointer = 0;
    return pointer;
}
#else
#include <ucontext.h>                            /* slower (system calls), but everywhere */
static ucontext_t contexts[MOST_AGENTS], main_context;
static ucontext_t *context_of(void **slot) { return slot == &main_stack_pointer ? &main_context : *slot; }
static void kg_switch(void **save, void *load) {
    ucontext_t *from = context_of(save), *to = load ? load : &main_context;
    swapcontext(from, to);
}
static void *fresh_stack(unsigned agent, char *top) {
    ucontext_t *context = &contexts[agent];
    getcontext(context);
    context->uc_stack.ss_sp = top - (STACK - 2 * PAGE);
    context->uc_stack.ss_size = STACK - 2 * PAGE;
    context->uc_link = 0;
    makecontext(context, fiber_main, 0);
    return context;
}
#endif

/* ---- private memory ------------------------------------------------------------------------------------------------ */
static void fresh_private(void) {
    if (!kg_memory.private_bytes) return;
    memcpy(kg_memory.private_base, kg_memory.private_image, kg_memory.private_image_bytes);
    memset(kg_memory.private_base + kg_memory.private_image_bytes, kg_poison, kg_memory.private_bytes - kg_memory.private_image_bytes);
}

static void fresh_sram(void) {
    if (kg_memory.sram) memset(kg_memory.sram, kg_poison, (size_t)(kg_memory.sram_end - kg_memory.sram));
}

static void swap_tasks(unsigned from, unsigned to) {
    if (kg_memory.private_bytes) {
        memcpy(fibers[from].private_image, kg_memory.private_base, kg_memory.private_bytes);
        memcpy(kg_memory.private_base, fibers[to].private_image, kg_memory.private_bytes);
    }
    unsigned old = from / cluster, next = to / cluster;
    if (old != next && cluster_images) {
        size_t bytes = kg_memory.module_bytes;
        memcpy(cluster_images + old * bytes, kg_memory.module_base, bytes);
        memcpy(kg_memory.module_base, cluster_images + next * bytes, bytes);
    }
}

/* ---- waiting ------------------------------------------------------------------------------------------------------- */
static void place(unsigned agent) {
    kg_agent = agent;
    memcpy(kg_thread, fibers[agent].thread, sizeof kg_thread);
#ifdef KG_HOST
    kg_place(kg_thread);
#endif
}

/* How far apart agents (or blocks) lie that run one after the other, modulo their number: no common divisor, so that each has its turn. */
static unsigned long long stride_of(unsigned long long count) {
    if (!kg_choice.order || count < 3) return 1;
    for (unsigned long long stride = 1 + kg_choice.order * 2654435761ull % (count - 1);; stride = stride % (count - 1) + 1) {
        unsigned long long a = count, b = stride;
        while (b) { unsigned long long rest = a % b; a = b; b = rest; }
        if (a == 1) return stride;
    }
}

static unsigned long long nth(unsigned long long step, unsigned long long count) {
    return reversed ? count - 1 - step : kg_choice.order ? (kg_choice.order + step * stride_of(count)) % count : step;
}

int kg_chosen(long long first, long long last, long long of) {
    if (!kg_choice.blocks || of <= 0 || last > of) return 1;
    unsigned long long low = (unsigned long long)((unsigned __int128)first * kg_choice.all / (unsigned long long)of);
    unsigned long long high = (unsigned long long)(((unsigned __int128)last * kg_choice.all - 1) / (unsigned long long)of) + 1;
    if (high <= kg_choice.first) return 0;
    unsigned long long step = low <= kg_choice.first ? 0 : (low - kg_choice.first + kg_choice.stride - 1) / kg_choice.stride;
    return step < kg_choice.blocks && kg_choice.first + step * kg_choice.stride < high;
}

static int next_shuffled(unsigned from) {
    unsigned long long stride = stride_of(kg_agents);
    for (unsigned step = 1; step <= kg_agents; ++step) {
        unsigned agent = (unsigned)((from + step * stride) % kg_agents);
        if (fibers[agent].state == READY) return (int)agent;
    }
    return -1;
}

static int next_ready(unsigned from) {
    if (kg_choice.order) return next_shuffled(from);
    for (unsigned step = 1; step <= kg_agents; ++step) {
        unsigned agent = reversed ? (from + kg_agents - step) % kg_agents : from + step < kg_agents ? from + step : from + step - kg_agents;
        if (fibers[agent].state == READY) return (int)agent;
    }
    return -1;
}

static int complete_warp(unsigned warp, unsigned lead);

/* Mask-less collectives: when nobody can run, the lanes that have come to one line are the active ones. */
static int settle(void) {
    int any = 0;
    for (unsigned agent = 0; agent < kg_agents; ++agent)
        if (fibers[agent].state == AT_WARP && fibers[agent].mask == 0) any |= complete_warp(agent / kg_warp, agent);
    return any;
}

static void stuck(void) {
    char text[400];
    int barrier = 0, warp = 0;
    const char *name = "";
    unsigned at_barrier = 0, at_warp = 0, one = 0;
    for (unsigned agent = 0; agent < kg_agents; ++agent) {
        if (fibers[agent].state == AT_BARRIER) { if (!at_barrier++) barrier = fibers[agent].line, one = agent; }
        if (fibers[agent].state == AT_WARP) { if (!at_warp++) { warp = fibers[agent].line; name = fibers[agent].name; } }
    }
    for (unsigned agent = kg_agents; at_warp && agent--;)
        if (fibers[agent].state == AT_WARP) one = agent;
    place(one);                                  /* the report names who waits */
    if (at_warp && at_barrier)
        snprintf(text, sizeof text, "%u threads wait in %s (line %d) for lanes that wait at the barrier in line %d", at_warp, name, warp, barrier);
    else if (at_warp)
        snprintf(text, sizeof text, "%u threads wait in %s (line %d) for lanes named in its mask that never come", at_warp, name, warp);
    else
        snprintf(text, sizeof text, "%u of %u wait at the barrier in line %d and the others never come", at_barrier, kg_agents, barrier);
    kg_fault(at_warp ? "deadlock" : "divergent-barrier", text, at_warp ? warp : barrier);
}

#ifdef KG_HOST                                   /* see host/engine.c */
static KG_LOCAL unsigned at_grid_barrier;
static void arrive(void);
static void start_late(unsigned agent);
#else
enum { at_grid_barrier = 0 };
static void arrive(void) {}
static void start_late(unsigned agent) { (void)agent; }
#endif

static void leave(void) {                        /* the running agent waits or has ended: let another one run */
    unsigned self = kg_agent;
    kg_shadow_settle();
    int next = next_ready(self);
    while (next < 0 && alive && settle()) next = next_ready(self);
    if (next < 0) {
        if (alive && !at_grid_barrier) stuck();
        kg_switch(&fibers[self].stack_pointer, main_stack_pointer);
        return;                                  /* it goes on behind a barrier of the grid */
    }
    if ((unsigned)next == self) { place(self); return; }
    if (swaps_private) swap_tasks(self, (unsigned)next);
    place((unsigned)next);
    start_late((unsigned)next);
    kg_switch(&fibers[self].stack_pointer, fibers[next].stack_pointer);
}

static int waits_with(unsigned lanes, unsigned agent) { return lanes == (unsigned)ALL_LANES || lanes >> agent % cluster & 1; }

static void check_barrier(unsigned first, unsigned count, unsigned lanes) {
    int whole = first == 0 && count == kg_agents && lanes == ALL_LANES && !swaps_private, left = -1;
    unsigned there = 0, votes = 0;
    if (whole && waiting_all < alive) return;
    for (unsigned agent = first; agent < first + count; ++agent) {
        fiber *each = &fibers[agent];
        if (!waits_with(lanes, agent)) continue;
        if (each->state == ENDED && swaps_private) left = (int)agent;
        if (each->state == ENDED) continue;
        if (each->state != AT_BARRIER || each->first != first || each->count != count || each->lanes != lanes) return;
        ++there;
        votes += each->vote != 0;
    }
    int line = -1;
    for (unsigned agent = first; agent < first + count; ++agent) {
        fiber *each = &fibers[agent];
        if (each->state == ENDED || !waits_with(lanes, agent)) continue;
        if (left >= 0) kg_fault("divergent-barrier", "cores wait at a barrier for a core that has already ended", each->line);
        if (line >= 0 && each->line != line) {
            char text[200];
            snprintf(text, sizeof text, "some wait at the barrier in line %d while others wait at the one in line %d", line, each->line);
            place(agent);
            kg_fault("divergent-barrier", text, line);
        }
        line = each->line;
        each->state = READY;
        each->result = votes;
        each->present = there;
    }
    if (whole) waiting_all = 0;
    kg_shadow_barrier(first, count, lanes, cluster);
}

static unsigned meet(unsigned first, unsigned count, unsigned lanes, int line, int vote, unsigned *present) {
    if (!kg_memory.fibers) kg_fault("unsupported", "this kind of barrier is unknown to the emulator", line);
    kg_shadow_settle();
    arrive();
    fiber *self = &fibers[kg_agent];
    if (first + count > kg_agents) count = kg_agents - first;
    self->first = first, self->count = count, self->lanes = lanes, self->line = line, self->vote = vote;
    self->state = AT_BARRIER;
    if (first == 0 && count == kg_agents && lanes == ALL_LANES && !swaps_private) ++waiting_all;
    check_barrier(first, count, lanes);
    if (self->state != READY) leave();
    if (present) *present = self->present;
    return self->result;
}

unsigned kg_barrier_vote(unsigned first, unsigned count, int line, int vote, unsigned *present) {
    return meet(first, count, ALL_LANES, line, vote, present);
}

void kg_barrier(unsigned first, unsigned count, int line) { meet(first, count, ALL_LANES, line, 0, 0); }

void *kg_in_cluster(unsigned index, void *address, int line) {
    if (!cluster_images) kg_fault("unsupported", "clusters share memory only where the kernel has barriers", line);
    return cluster_images + index * kg_memory.module_bytes + ((char *)address - kg_memory.module_base);
}

void kg_barrier_of(unsigned first, unsigned count, unsigned lanes, int line) { meet(first, count, lanes, line, 0, 0); }

static KG_LOCAL unsigned completing;

void kg_inactive_lane(unsigned lane, unsigned from) {
    if (kg_strict < KG_STRICT_EXPLAIN) return;           /* the value need not be used */
    unsigned agent = completing * kg_warp + lane;
    char text[200];
    snprintf(text, sizeof text, "%s reads from lane %u, which does not take part", fibers[agent].name, from);
    place(agent);
    kg_fault("inactive-lane", text, fibers[agent].line);
}

/* Completes the collective that `lead` waits in, if everyone it needs is there. */
static int complete_warp(unsigned warp, unsigned lead) {
    fiber *first = &fibers[lead], *lanes = &fibers[warp * kg_warp];
    unsigned long long need = first->mask ? first->mask & living[warp] : pending[warp], there = 0;
    void *payloads[64];
    if ((pending[warp] & need) != need) return 0;
    memset(payloads, 0, sizeof payloads);
    for (unsigned lane = 0; lane < kg_warp; ++lane) {
        if (!(need >> lane & 1)) continue;
        fiber *each = &lanes[lane];
        int same = each->mask == first->mask && each->complete == first->complete && (first->mask || each->line == first->line);
        if (!same) { if (first->mask) return 0; continue; }
        there |= 1ull << lane;
        payloads[lane] = each->payload;
    }
    completing = warp;
    kg_shadow_collective(warp, there);
    kg_shadow_together(1);
    if (first->complete) first->complete(payloads, there);
    kg_shadow_together(0);
    kg_shadow_collective(warp, there);
    pending[warp] &= ~there;
    for (unsigned lane = 0; lane < kg_warp; ++lane)
        if (there >> lane & 1) { lanes[lane].state = READY; lanes[lane].participants = there; }
    return 1;
}

unsigned long long kg_collective(const char *name, unsigned long long mask, void *payload,
                                 void (*complete)(void *const *, unsigned long long), int line) {
    if (!kg_memory.fibers) kg_fault("unsupported", "this warp operation is unknown to the emulator", line);
    kg_shadow_settle();
    arrive();
    unsigned warp = kg_agent / kg_warp, lane = kg_agent % kg_warp;
    fiber *self = &fibers[kg_agent];
    if (mask && !(mask >> lane & 1)) {
        char text[200];
        snprintf(text, sizeof text, "lane %u calls %s with a mask that does not name it", lane, name);
        kg_fault("deadlock", text, line);
    }
    self->name = name, self->mask = mask, self->payload = payload, self->complete = complete, self->line = line;
    self->state = AT_WARP;
    pending[warp] |= 1ull << lane;
    if (mask || pending[warp] == living[warp]) complete_warp(warp, kg_agent);
    if (self->state != READY) leave();
    return self->participants;
}

static void ended(unsigned self) {
    unsigned warp = self / kg_warp;
    fibers[self].state = ENDED;
    --alive;
    living[warp] &= ~(1ull << self % kg_warp);
    if (waiting_all) check_barrier(0, kg_agents, ALL_LANES);
    for (unsigned lane = 0; pending[warp] && lane < kg_warp; ++lane) {
        unsigned agent = warp * kg_warp + lane;
        if (agent < kg_agents && fibers[agent].state == AT_WARP && fibers[agent].mask) complete_warp(warp, agent);
    }
}

#ifndef KG_HOST
static void fiber_main(void) {
    for (;;) {
        entry(entry_slots);
        ended(kg_agent);
        leave();
    }
}

/* Only the libraries that `kernelglot emulate` makes keep all blocks of a launch alive at once. */
void kg_grid_barrier(int line) {
    if (kg_grid[0] * kg_grid[1] * kg_grid[2] > 1) kg_fault("unsupported", "a barrier of the whole grid is not emulated: blocks run one after another", line);
    kg_barrier(0, kg_agents, line);
}
#endif

#ifndef KG_HOST
int kg_stack_owner(uintptr_t address) {
    uintptr_t within = address - (uintptr_t)stacks;
    return stacks && within < (uintptr_t)STACK * MOST_AGENTS ? (int)(within / STACK) : -1;
}
#endif

/* ---- launches ------------------------------------------------------------------------------------------------------ */
static void start_fiber(unsigned agent) {
    if (!stacks) {
        size_t bytes = (size_t)STACK * MOST_AGENTS + PAGE;
        stacks = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (stacks == MAP_FAILED) kg_fault("memory", "no memory for the stacks of the emulated threads", 0);
    }
    char *bottom = stacks + (size_t)STACK * agent, *top = bottom + STACK;
    if (agent >= guarded) {
        char *page = (char *)(((uintptr_t)bottom + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
        mprotect(page, PAGE, PROT_NONE);
        guarded = agent + 1;
    }
    fiber *self = &fibers[agent];
    char *image = self->private_image;
    memset(self, 0, sizeof *self);
    self->private_image = image;
    self->thread[0] = agent % kg_block[0], self->thread[1] = agent / kg_block[0] % kg_block[1];
    self->thread[2] = agent / kg_block[0] / kg_block[1];
    self->stack_pointer = fresh_stack(agent, top);
}

static void private_images(void) {
    size_t bytes = kg_memory.private_bytes;
    unsigned clusters = (kg_agents + cluster - 1) / cluster;
    for (unsigned agent = 0; bytes && agent < kg_agents; ++agent) {
        if (!fibers[agent].private_image) fibers[agent].private_image = malloc(bytes);
        if (!fibers[agent].private_image) kg_fault("memory", "no memory for the on-chip memory of all tasks", 0);
        memcpy(fibers[agent].private_image, kg_memory.private_base, bytes);
    }
    if (clusters > 1 && kg_memory.module_bytes) {
        cluster_images = realloc(cluster_images, clusters * kg_memory.module_bytes);
        if (!cluster_images) kg_fault("memory", "no memory for the shared memory of all clusters", 0);
        for (unsigned i = 0; i < clusters; ++i)
            memcpy(cluster_images + i * kg_memory.module_bytes, kg_memory.module_base, kg_memory.module_bytes);
    }
}

static void run_fibers(void) {
    if (kg_agents > MOST_AGENTS) kg_fault("launch", "more threads than the emulator runs at once", 0);
    memset(pending, 0, MOST_WARPS * sizeof *pending);
    memset(living, 0, MOST_WARPS * sizeof *living);
    alive = kg_agents, waiting_all = 0;
    for (unsigned agent = 0; agent < kg_agents; ++agent) {
        start_fiber(agent);
        living[agent / kg_warp] |= 1ull << agent % kg_warp;
    }
    unsigned first = (unsigned)nth(0, kg_agents);
    place(first);
    kg_switch(&main_stack_pointer, fibers[first].stack_pointer);
}

static void run_loop(int private_each) {
    unsigned threads[3], before = (unsigned)nth(0, kg_agents);
    for (unsigned step = 0; step < kg_agents; ++step) {
        unsigned agent = (unsigned)nth(step, kg_agents);
        threads[0] = agent % kg_block[0], threads[1] = agent / kg_block[0] % kg_block[1], threads[2] = agent / kg_block[0] / kg_block[1];
        kg_agent = agent;
        memcpy(kg_thread, threads, sizeof threads);
        if (private_each) { fresh_private(); kg_shadow_agent(); }
        if (private_each && agent / cluster != before / cluster) fresh_sram();
        before = agent;
        entry(entry_slots);
        kg_shadow_settle();
    }
}

static void run_blocks(void) {
    unsigned long long blocks = (unsigned long long)kg_grid[0] * kg_grid[1] * kg_grid[2];
    kg_agents = kg_block[0] * kg_block[1] * kg_block[2];
    if (kg_choice.blocks && kg_choice.blocks < blocks) blocks = kg_choice.blocks;
    for (unsigned long long step = 0; step < blocks; ++step) {
        unsigned long long block = nth(step, blocks);
        if (kg_choice.blocks) block = kg_choice.first + block * kg_choice.stride;
        kg_block_index[0] = block % kg_grid[0], kg_block_index[1] = block / kg_grid[0] % kg_grid[1];
        kg_block_index[2] = block / kg_grid[0] / kg_grid[1];
        fresh_private();
        kg_shadow_block();
        if (kg_memory.canary) memset(kg_memory.canary, kg_poison, kg_shared_bytes + KG_CANARY_BYTES);
        if (kg_memory.fibers) run_fibers(); else run_loop(0);
        for (unsigned i = 0; kg_memory.canary && i < KG_CANARY_BYTES; ++i)
            if (kg_memory.canary[kg_shared_bytes + i] != kg_poison) {
                char text[200];
                snprintf(text, sizeof text, "write %u bytes past the %u bytes of dynamic shared memory", i, kg_shared_bytes);
                kg_fault("out-of-bounds", text, 0);
            }
    }
}

static void run_tasks(void) {
    cluster = kg_union ? kg_memory.cluster_agents : 1;      /* tasks of a Block launch share nothing */
    kg_agents = kg_grid[0] * kg_grid[1] * kg_grid[2];
    if (kg_union && kg_grid[0] % (4 * kg_union)) kg_fault("launch", "the first dimension of a UnionN task is no multiple of 4 * N cores", 0);
    if (kg_union) kg_agents = kg_agents / 4 * cluster;
    fresh_private();
    fresh_sram();
    swaps_private = kg_memory.fibers;
    if (kg_memory.fibers) { private_images(); run_fibers(); } else run_loop(1);
    swaps_private = 0;
}

void kg_launch(int how, int backwards, void (*kernel)(const kg_slot *), const kg_slot *slots) {
    if (how != KG_BLOCKS) kg_shadow_block();
    entry = kernel, entry_slots = slots, reversed = backwards;
    kg_agent = 0;
    if (how == KG_CALL) { kg_agents = 1; kernel(slots); }
    else if (how == KG_TASKS) run_tasks();
    else run_blocks();
}
