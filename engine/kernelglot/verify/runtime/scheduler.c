/* Runs the agents of a launch on one operating system thread: one after another, or as fibers that switch where they wait.
 *
 * Deterministic: agents are resumed in order (or reversed). A wait that can never end is a fault with the lines where agents stand.
 * Private memory (thread_local of the kernel's module) is one instance a block for CUDA/HIP, one an agent for BANG: see kg_memory. */
#include "scheduler.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

unsigned kg_agent, kg_agents, kg_union, kg_warp = 32, kg_shared_bytes;
unsigned kg_grid[3], kg_block[3], kg_thread[3], kg_block_index[3];
unsigned char kg_poison;
struct kg_memory kg_memory;

enum { STACK = 256 * 1024 + 192, PAGE = 4096, MOST_AGENTS = 2048, MOST_WARPS = MOST_AGENTS / 32 + 1 };
enum state { READY, AT_BARRIER, AT_WARP, ENDED };

typedef struct {
    void *stack_pointer;
    enum state state;
    unsigned first, count;                       /* AT_BARRIER */
    int line, vote;
    unsigned result, present;
    const char *name;                            /* AT_WARP */
    unsigned long long mask, participants;
    void *payload;
    void (*complete)(void *const *, unsigned long long);
    unsigned thread[3];
    char *private_image;                         /* TASKS: this agent's thread_local memory while it does not run */
} fiber;

static fiber fibers[MOST_AGENTS];
static unsigned alive, waiting_all;
static unsigned long long pending[MOST_WARPS], living[MOST_WARPS];
static char *stacks;
static unsigned guarded;
static void *main_stack_pointer;
static int reversed, swaps_private;
static char *cluster_images;                     /* TASKS: .data/.bss of each group of four tasks */
static void (*entry)(const kg_slot *);
static const kg_slot *entry_slots;

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
    unsigned cluster = from / 4, next = to / 4;
    if (cluster != next && cluster_images) {
        size_t bytes = kg_memory.module_bytes;
        memcpy(cluster_images + cluster * bytes, kg_memory.module_base, bytes);
        memcpy(kg_memory.module_base, cluster_images + next * bytes, bytes);
    }
}

/* ---- waiting ------------------------------------------------------------------------------------------------------- */
static void place(unsigned agent) {
    kg_agent = agent;
    memcpy(kg_thread, fibers[agent].thread, sizeof kg_thread);
}

static int next_ready(unsigned from) {
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
    unsigned at_barrier = 0, at_warp = 0;
    for (unsigned agent = 0; agent < kg_agents; ++agent) {
        if (fibers[agent].state == AT_BARRIER) { if (!at_barrier++) barrier = fibers[agent].line; }
        if (fibers[agent].state == AT_WARP) { if (!at_warp++) { warp = fibers[agent].line; name = fibers[agent].name; } }
    }
    if (at_warp && at_barrier)
        snprintf(text, sizeof text, "%u threads wait in %s (line %d) for lanes that wait at the barrier in line %d", at_warp, name, warp, barrier);
    else if (at_warp)
        snprintf(text, sizeof text, "%u threads wait in %s (line %d) for lanes named in its mask that never come", at_warp, name, warp);
    else
        snprintf(text, sizeof text, "%u of %u wait at the barrier in line %d and the others never come", at_barrier, kg_agents, barrier);
    kg_fault(at_warp ? "deadlock" : "divergent-barrier", text, at_warp ? warp : barrier);
}

static void leave(void) {                        /* the running agent waits or has ended: let another one run */
    unsigned self = kg_agent;
    int next = next_ready(self);
    while (next < 0 && alive && settle()) next = next_ready(self);
    if (next < 0) {
        if (alive) stuck();
        kg_switch(&fibers[self].stack_pointer, main_stack_pointer);
    }
    if ((unsigned)next == self) { place(self); return; }
    if (swaps_private) swap_tasks(self, (unsigned)next);
    place((unsigned)next);
    kg_switch(&fibers[self].stack_pointer, fibers[next].stack_pointer);
}

static void check_barrier(unsigned first, unsigned count) {
    int whole = first == 0 && count == kg_agents;
    unsigned there = 0, votes = 0;
    if (whole && waiting_all < alive) return;
    for (unsigned agent = first; agent < first + count; ++agent) {
        fiber *each = &fibers[agent];
        if (each->state == ENDED) continue;
        if (each->state != AT_BARRIER || each->first != first || each->count != count) return;
        ++there;
        votes += each->vote != 0;
    }
    int line = -1;
    for (unsigned agent = first; agent < first + count; ++agent) {
        fiber *each = &fibers[agent];
        if (each->state == ENDED) continue;
        if (line >= 0 && each->line != line) {
            char text[200];
            snprintf(text, sizeof text, "some wait at the barrier in line %d while others wait at the one in line %d", line, each->line);
            kg_fault("divergent-barrier", text, line);
        }
        line = each->line;
        each->state = READY;
        each->result = votes;
        each->present = there;
    }
    if (whole) waiting_all = 0;
}

unsigned kg_barrier_vote(unsigned first, unsigned count, int line, int vote, unsigned *present) {
    if (!kg_memory.fibers) kg_fault("unsupported", "this kind of barrier is unknown to the emulator", line);
    fiber *self = &fibers[kg_agent];
    if (first + count > kg_agents) count = kg_agents - first;
    self->first = first, self->count = count, self->line = line, self->vote = vote;
    self->state = AT_BARRIER;
    if (first == 0 && count == kg_agents) ++waiting_all;
    check_barrier(first, count);
    if (self->state != READY) leave();
    if (present) *present = self->present;
    return self->result;
}

void kg_barrier(unsigned first, unsigned count, int line) { kg_barrier_vote(first, count, line, 0, 0); }

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
    if (first->complete) first->complete(payloads, there);
    pending[warp] &= ~there;
    for (unsigned lane = 0; lane < kg_warp; ++lane)
        if (there >> lane & 1) { lanes[lane].state = READY; lanes[lane].participants = there; }
    return 1;
}

unsigned long long kg_collective(const char *name, unsigned long long mask, void *payload,
                                 void (*complete)(void *const *, unsigned long long), int line) {
    if (!kg_memory.fibers) kg_fault("unsupported", "this warp operation is unknown to the emulator", line);
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

static void fiber_main(void) {
    for (;;) {
        entry(entry_slots);
        unsigned self = kg_agent, warp = self / kg_warp;
        fibers[self].state = ENDED;
        --alive;
        living[warp] &= ~(1ull << self % kg_warp);
        if (waiting_all) check_barrier(0, kg_agents);
        unsigned group = self / 4 * 4;
        if (swaps_private && alive) check_barrier(group, group + 4 > kg_agents ? kg_agents - group : 4);
        for (unsigned lane = 0; pending[warp] && lane < kg_warp; ++lane) {
            unsigned agent = warp * kg_warp + lane;
            if (agent < kg_agents && fibers[agent].state == AT_WARP && fibers[agent].mask) complete_warp(warp, agent);
        }
        leave();
    }
}

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
    unsigned clusters = (kg_agents + 3) / 4;
    for (unsigned agent = 0; bytes && agent < kg_agents; ++agent) {
        if (!fibers[agent].private_image) fibers[agent].private_image = malloc(bytes);
        if (!fibers[agent].private_image) kg_fault("memory", "no memory for the on-chip memory of all tasks", 0);
        memcpy(fibers[agent].private_image, kg_memory.private_base, bytes);
    }
    if (clusters > 1 && kg_memory.module_bytes) {
        cluster_images = realloc(cluster_images, clusters * kg_memory.module_bytes);
        if (!cluster_images) kg_fault("memory", "no memory for the shared memory of all clusters", 0);
        for (unsigned cluster = 0; cluster < clusters; ++cluster)
            memcpy(cluster_images + cluster * kg_memory.module_bytes, kg_memory.module_base, kg_memory.module_bytes);
    }
}

static void run_fibers(void) {
    if (kg_agents > MOST_AGENTS) kg_fault("launch", "more threads than the emulator runs at once", 0);
    memset(pending, 0, sizeof pending);
    memset(living, 0, sizeof living);
    alive = kg_agents, waiting_all = 0;
    for (unsigned agent = 0; agent < kg_agents; ++agent) {
        start_fiber(agent);
        living[agent / kg_warp] |= 1ull << agent % kg_warp;
    }
    unsigned first = reversed ? kg_agents - 1 : 0;
    place(first);
    kg_switch(&main_stack_pointer, fibers[first].stack_pointer);
}

static void run_loop(int private_each) {
    unsigned threads[3], before = reversed ? kg_agents - 1 : 0;
    for (unsigned step = 0; step < kg_agents; ++step) {
        unsigned agent = reversed ? kg_agents - 1 - step : step;
        threads[0] = agent % kg_block[0], threads[1] = agent / kg_block[0] % kg_block[1], threads[2] = agent / kg_block[0] / kg_block[1];
        kg_agent = agent;
        memcpy(kg_thread, threads, sizeof threads);
        if (private_each) fresh_private();
        if (private_each && agent / 4 != before / 4) fresh_sram();
        before = agent;
        entry(entry_slots);
    }
}

static void run_blocks(void) {
    unsigned long long blocks = (unsigned long long)kg_grid[0] * kg_grid[1] * kg_grid[2];
    kg_agents = kg_block[0] * kg_block[1] * kg_block[2];
    for (unsigned long long step = 0; step < blocks; ++step) {
        unsigned long long block = reversed ? blocks - 1 - step : step;
        kg_block_index[0] = block % kg_grid[0], kg_block_index[1] = block / kg_grid[0] % kg_grid[1];
        kg_block_index[2] = block / kg_grid[0] / kg_grid[1];
        fresh_private();
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
    kg_agents = kg_grid[0] * kg_grid[1] * kg_grid[2];
    fresh_private();
    fresh_sram();
    swaps_private = kg_memory.fibers;
    if (kg_memory.fibers) { private_images(); run_fibers(); } else run_loop(1);
    swaps_private = 0;
}

void kg_launch(int how, int backwards, void (*kernel)(const kg_slot *), const kg_slot *slots) {
    entry = kernel, entry_slots = slots, reversed = backwards;
    kg_agent = 0;
    if (how == KG_CALL) { kg_agents = 1; kernel(slots); }
    else if (how == KG_TASKS) run_tasks();
    else run_blocks();
}
