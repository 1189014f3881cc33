/* Launches inside a library that `kernelglot emulate` made: the scheduler of one operating system thread (scheduler.c, whose state is one
 * a thread here), and blocks spread over several of them.
 *
 * A block starts as a plain loop over its threads, on one fiber. The first thread that waits turns that fiber into its own, and the next
 * thread starts another loop on a fresh one: a kernel without barriers costs nothing, and nobody has to tell the two apart beforehand.
 * A cooperative launch keeps all blocks alive on one thread and goes round them between barriers of the grid; so do BANG's tasks.
 * A fault leaves by siglongjmp; the emulated device is unusable after it, as a real one is. */
#define _GNU_SOURCE
#include "host.h"

#include "../sanitizer.h"
#include "../scheduler.c"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { MOST_THREADS = 64, SIGNAL_STACK = 64 * 1024 };
enum { LATE_NANOSECONDS = 20000 };               /* a launch that takes longer than this is worth waking other threads for */

static pthread_mutex_t device = PTHREAD_MUTEX_INITIALIZER;
static const kg_host_launch *current;
static unsigned long long blocks, next_block;
static int stop, sticky;

static KG_LOCAL int in_kernel, any_waited;
static KG_LOCAL unsigned loop_first;
static KG_LOCAL sigjmp_buf escape;
static KG_LOCAL fiber *own_fibers;
static KG_LOCAL char *signal_stack;
static KG_LOCAL unsigned long long *own_masks;

int kg_sticky(void) { return __atomic_load_n(&sticky, __ATOMIC_ACQUIRE); }
int kg_in_kernel(void) { return in_kernel; }
double kg_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- faults -------------------------------------------------------------------------------------------------------- */
static int code_of(const char *kind) {
    if (!strcmp(kind, "alignment")) return KG_FAULT_MISALIGNED;
    if (!strcmp(kind, "assertion")) return KG_FAULT_ASSERT;
    return strcmp(kind, "out-of-bounds") && strcmp(kind, "scope") ? KG_FAULT_LAUNCH : KG_FAULT_ADDRESS;
}

/* The first fault of a launch is told; what other operating system threads meet after it is not. */
static void tell(const char *kind, const char *sentence, const char *file, int line) {
    if (__atomic_exchange_n(&stop, 1, __ATOMIC_SEQ_CST)) return;
    char text[1200], place[400] = "";
    if (current->flags & KG_HOST_TASKS) snprintf(place, sizeof place, "task %u", kg_agent);
    else
        snprintf(place, sizeof place, "thread (%u,%u,%u) of block (%u,%u,%u)", kg_agent % kg_block[0], kg_agent / kg_block[0] % kg_block[1],
                 kg_agent / kg_block[0] / kg_block[1], kg_block_index[0], kg_block_index[1], kg_block_index[2]);
    snprintf(text, sizeof text, "%s, in kernel `%s`, %s, launched at %s:%d", sentence, current->kernel, place, current->file, current->line);
    kg_complain(line ? file : current->file, line ? line : current->line, kind, text);
    __atomic_store_n(&sticky, code_of(kind), __ATOMIC_RELEASE);
}

KG_NORETURN static void fault_at(const char *kind, const char *sentence, const char *file, int line) {
    if (!in_kernel) {
        kg_complain(file, line, kind, sentence);
        abort();
    }
    tell(kind, sentence, file, line);
    siglongjmp(escape, 1);
}

void kg_fault(const char *kind, const char *sentence, int line) { fault_at(kind, sentence, current ? current->file : "", line); }

/* The C library's assert, in device code; `abort` in host code as ever. */
void __assert_fail(const char *expression, const char *file, unsigned line, const char *function) {
    char text[400];
    snprintf(text, sizeof text, "assertion failed: %s (%s)", expression, function ? function : "");
    fault_at("assertion", text, file, (int)line);
}

void __ubsan_handle_out_of_bounds_abort(struct sanitizer_bounds *data, unsigned long value) {
    char text[SANITIZER_SENTENCE];
    sanitizer_index(text, data, value);
    fault_at("out-of-bounds", text, data->place.file, (int)data->place.line);
}
void __ubsan_handle_divrem_overflow_abort(struct sanitizer_place *place, unsigned long left, unsigned long right) {
    (void)left, (void)right;
    fault_at("crash", "division of an integer by zero", place->file, (int)place->line);
}

static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
enum { SIGNALS = sizeof numbers / sizeof *numbers };
static struct sigaction before[SIGNALS];

static void on_signal(int number, siginfo_t *info, void *context) {
    char text[400], file[300] = "", about[300];
    ucontext_t *machine = context;
    const void *instruction = 0, *caller = 0;
    int wrote = 0;
    (void)machine;
#if defined(__x86_64__)
    instruction = (const void *)machine->uc_mcontext.gregs[REG_RIP];
    caller = *(void *const *)machine->uc_mcontext.gregs[REG_RSP];
    wrote = (int)(machine->uc_mcontext.gregs[REG_ERR] >> 1 & 1);
#endif
    if (!in_kernel) {                            /* not ours: whoever came before us has it */
        kg_allocation found;
        if ((number == SIGSEGV || number == SIGBUS) && kg_allocation_of(info->si_addr, &found) && found.kind == KG_DEVICE) {
            int line = kg_line_of(instruction, file, sizeof file);
            kg_complain(file, line, "scope", "host code touches device memory; copy with cudaMemcpy (hipMemcpy, cnrtMemcpy)");
        }
        for (int i = 0; i < SIGNALS; ++i)
            if (numbers[i] == number) sigaction(number, &before[i], 0);
        return;                                  /* the instruction runs again, and fails again */
    }
    int line = kg_line_of(instruction, file, sizeof file);
    if (!line && caller) line = kg_line_of(caller, file, sizeof file);
    if (number == SIGFPE) fault_at("crash", "division of an integer by zero", file, line);
    if (number == SIGSEGV || number == SIGBUS) {
        kg_describe(info->si_addr, about, sizeof about);
        snprintf(text, sizeof text, "%s %s", wrote ? "writes" : "reads", about);
        fault_at("out-of-bounds", text, file, line);
    }
    snprintf(text, sizeof text, "ended by signal %d (%s)", number, strsignal(number));
    fault_at("crash", text, file, line);
}

static void catch_signals(void) {
    for (int i = 0; i < SIGNALS; ++i) {
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER}, old;
        sigaction(numbers[i], &action, &old);
        if (old.sa_sigaction != on_signal) before[i] = old;
    }
}

/* From the first allocation on, so that host code that touches device memory is told. */
void kg_watch(void) {
    static int watching;
    if (!__atomic_exchange_n(&watching, 1, __ATOMIC_SEQ_CST)) catch_signals();
}

/* ---- blocks as loops that turn into fibers ------------------------------------------------------------------------- */
static void start_late(unsigned agent) {
    if (fibers[agent].stack_pointer) return;
    loop_first = agent;
    fibers[agent].stack_pointer = fresh_stack(agent, stacks + (size_t)STACK * (agent + 1));
}

/* The running thread is about to wait. The first time it does, those before it on this fiber are known to have ended. */
static void arrive(void) {
    unsigned self = kg_agent;
    if (current->flags & KG_HOST_TASKS) return;
    if (!any_waited) {
        any_waited = 1, alive = kg_agents, waiting_all = 0;
        for (unsigned agent = 0, z = 0; z < kg_block[2]; ++z)
            for (unsigned y = 0; y < kg_block[1]; ++y)
                for (unsigned x = 0; x < kg_block[0]; ++x, ++agent) {
                    fiber *each = &fibers[agent];
                    each->state = READY, each->stack_pointer = 0;
                    each->thread[0] = x, each->thread[1] = y, each->thread[2] = z;
                }
        for (unsigned warp = 0, left = kg_agents; left; ++warp) {
            unsigned lanes = left < kg_warp ? left : kg_warp;
            pending[warp] = 0, living[warp] = lanes == 64 ? ~0ull : (1ull << lanes) - 1;
            left -= lanes;
        }
    }
    if (fibers[self].stack_pointer) return;
    fibers[self].stack_pointer = (void *)1;      /* it has a stack; where it stands is saved when it leaves */
    for (unsigned agent = loop_first; agent < self; ++agent) ended(agent);
    kg_place(fibers[self].thread);               /* its loop ends after it */
}

static void fiber_main(void) {
    for (;;) {
        entry((const kg_slot *)current->arguments);
        if (current->flags & KG_HOST_TASKS) { ended(kg_agent); leave(); continue; }
        if (!any_waited) { void *unused; kg_switch(&unused, main_stack_pointer); continue; }
        if (fibers[kg_agent].stack_pointer) ended(kg_agent);
        else for (unsigned agent = loop_first; agent < kg_agents; ++agent) ended(agent);
        leave();
    }
}

static void fresh_block(unsigned long long block) {
    kg_block_index[0] = block % kg_grid[0], kg_block_index[1] = block / kg_grid[0] % kg_grid[1];
    kg_block_index[2] = block / kg_grid[0] / kg_grid[1];
    kg_place_block(kg_block_index);
    fresh_private();
    if (kg_memory.canary) memset(kg_memory.canary, kg_poison, kg_shared_bytes + KG_CANARY_BYTES);
    any_waited = 0, at_grid_barrier = 0, loop_first = 0, kg_agent = 0;
    fibers[0].stack_pointer = fresh_stack(0, stacks + STACK);
}

static void check_canary(void) {
    for (unsigned i = 0; kg_memory.canary && i < KG_CANARY_BYTES; ++i)
        if (kg_memory.canary[kg_shared_bytes + i] != kg_poison) {
            char text[200];
            snprintf(text, sizeof text, "write %u bytes past the %u bytes of dynamic shared memory", i, kg_shared_bytes);
            kg_fault("out-of-bounds", text, 0);
        }
}

static void make_stacks(unsigned agents) {
    size_t bytes = (size_t)STACK * agents + PAGE;
    stacks = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (stacks == MAP_FAILED) { stacks = 0; kg_fault("memory", "no memory for the stacks of the emulated threads", 0); }
    for (unsigned agent = 0; agent < agents; ++agent) {
        uintptr_t bottom = (uintptr_t)stacks + (size_t)STACK * agent;
        mprotect((char *)((bottom + PAGE - 1) & ~(uintptr_t)(PAGE - 1)), PAGE, PROT_NONE);
    }
}

__attribute__((section("kg_private,\"awT\",@progbits#"), aligned(64))) __thread char kg_private_begin[64] = {1};
extern __thread char kg_private_end[64];
extern char __start_kg_sram[] __attribute__((weak, visibility("hidden"))), __stop_kg_sram[] __attribute__((weak, visibility("hidden")));

/* Once for each operating system thread that runs kernels. */
static void prepare_thread(void) {
    if (own_fibers) return;
    own_fibers = aligned_alloc(64, MOST_AGENTS * sizeof *own_fibers);
    own_masks = calloc(2 * MOST_WARPS, sizeof *own_masks);
    signal_stack = malloc(SIGNAL_STACK);
    if (!own_fibers || !own_masks || !signal_stack) { fputs("kernelglot: no memory for the emulator\n", stderr); abort(); }
    memset(own_fibers, 0, MOST_AGENTS * sizeof *own_fibers);
    kg_memory.fibers = 1;
    kg_memory.private_base = kg_private_begin + sizeof kg_private_begin;
    kg_memory.private_bytes = (size_t)(kg_private_end - kg_memory.private_base);
    kg_memory.sram = __start_kg_sram, kg_memory.sram_end = __stop_kg_sram;
    if (kg_memory.sram == kg_memory.sram_end) kg_memory.sram = 0;
    kg_memory.module_base = kg_memory.sram, kg_memory.module_bytes = (size_t)(kg_memory.sram_end - kg_memory.sram);
    kg_memory.canary = (unsigned char *)kg_shared_memory();
}

static void begin_on_this_thread(void) {
    prepare_thread();
    fibers = own_fibers, pending = own_masks, living = own_masks + MOST_WARPS;
    entry = (void (*)(const kg_slot *))current->run;
    cluster = 4, swaps_private = 0;
}

/* ---- all blocks at once -------------------------------------------------------------------------------------------- */
struct suspended {                               /* a block of a cooperative launch while it does not run */
    fiber *fibers;
    unsigned long long *masks;
    char *stacks, *private_image, *dynamic_image;
    unsigned alive, waiting_all, at_grid_barrier, resumes_at;
    int any_waited, begun;
};

void kg_grid_barrier(int line) {
    if (!(current->flags & KG_HOST_COOPERATIVE))
        kg_fault("launch", "a grid-wide barrier in a kernel that was not launched with cudaLaunchCooperativeKernel", line);
    arrive();
    fibers[kg_agent].state = AT_GRID, fibers[kg_agent].line = line;
    ++at_grid_barrier;
    leave();
}

static void *need(size_t bytes) {
    void *memory = aligned_alloc(64, (bytes + 64) / 64 * 64);
    if (memory) memset(memory, 0, bytes);
    else kg_fault("memory", "no memory to keep all blocks of a cooperative launch alive", 0);
    return memory;
}

static void step(struct suspended *self, unsigned long long block) {
    fibers = self->fibers, pending = self->masks, living = self->masks + MOST_WARPS, stacks = self->stacks;
    size_t dynamic = kg_memory.canary ? kg_shared_bytes + KG_CANARY_BYTES : 0;
    if (!self->begun) {
        self->begun = 1;
        fresh_block(block);
        kg_switch(&main_stack_pointer, fibers[0].stack_pointer);
    } else {
        unsigned index[3] = {block % kg_grid[0], block / kg_grid[0] % kg_grid[1], block / kg_grid[0] / kg_grid[1]};
        memcpy(kg_block_index, index, sizeof index);
        kg_place_block(index);
        memcpy(kg_memory.private_base, self->private_image, kg_memory.private_bytes);
        memcpy(kg_memory.canary, self->dynamic_image, dynamic);
        alive = self->alive, waiting_all = self->waiting_all, any_waited = self->any_waited, at_grid_barrier = 0;
        for (unsigned agent = 0; agent < kg_agents; ++agent)
            if (fibers[agent].state == AT_GRID) fibers[agent].state = READY;
        kg_agent = kg_agents - 1;
        unsigned first = (unsigned)next_ready(kg_agent);
        place(first);
        kg_switch(&main_stack_pointer, fibers[first].stack_pointer);
    }
    check_canary();
    memcpy(self->private_image, kg_memory.private_base, kg_memory.private_bytes);
    memcpy(self->dynamic_image, kg_memory.canary, dynamic);
    self->alive = any_waited ? alive : 0, self->waiting_all = waiting_all, self->any_waited = any_waited;
    self->at_grid_barrier = at_grid_barrier;
}

static void run_together(void) {
    char *usual = stacks;
    struct suspended *all = need(blocks * sizeof *all);
    for (unsigned long long block = 0; block < blocks; ++block) {
        struct suspended *each = &all[block];
        each->fibers = need(kg_agents * sizeof(fiber)), each->masks = need(2 * MOST_WARPS * sizeof(unsigned long long));
        each->private_image = need(kg_memory.private_bytes), each->dynamic_image = need(kg_shared_bytes + KG_CANARY_BYTES);
        make_stacks(kg_agents);
        each->stacks = stacks;
    }
    for (unsigned long long going = blocks; going;) {
        unsigned long long done = 0;
        unsigned where = 0;
        for (unsigned long long block = 0; block < blocks; ++block) {
            struct suspended *each = &all[block];
            if (!each->begun || each->alive) step(each, block);
            if (!each->alive) { ++done; continue; }
            for (unsigned agent = 0; agent < kg_agents; ++agent)
                if (each->fibers[agent].state == AT_GRID) where = (unsigned)each->fibers[agent].line;
            if (each->at_grid_barrier < each->alive)
                kg_fault("divergent-barrier", "threads of a block wait at the barrier of the grid, others of it elsewhere", (int)where);
        }
        if (done && done < blocks) kg_fault("divergent-barrier", "blocks wait at the barrier of the grid for blocks that have ended", (int)where);
        going = blocks - done;
    }
    for (unsigned long long block = 0; block < blocks; ++block) {
        munmap(all[block].stacks, (size_t)STACK * kg_agents + PAGE);
        free(all[block].fibers), free(all[block].masks), free(all[block].private_image), free(all[block].dynamic_image);
    }
    free(all);
    stacks = usual;
}

/* ---- blocks over operating system threads -------------------------------------------------------------------------- */
static void wake(void);

static void run_blocks_here(int first_thread) {
    unsigned long long chunk = blocks / (kg_agents > 32 ? 256 : 64) + 1, asked = 0;
    double begin = first_thread && blocks > 1 ? kg_clock() : 0;
    if (!stacks) make_stacks(MOST_AGENTS);
    if (chunk > 64) chunk = 64;
    for (;;) {
        unsigned long long from = __atomic_fetch_add(&next_block, chunk, __ATOMIC_RELAXED), to = from + chunk;
        if (from >= blocks || __atomic_load_n(&stop, __ATOMIC_RELAXED)) return;
        for (unsigned long long block = from; block < to && block < blocks; ++block) {
            fresh_block(block);
            kg_switch(&main_stack_pointer, fibers[0].stack_pointer);
            check_canary();
            if (begin && !asked && kg_clock() - begin > 1e-9 * LATE_NANOSECONDS) { asked = 1; wake(); }
        }
    }
}

static void work_on_launch(int first_thread) {
    begin_on_this_thread();
    char *usual = stacks;
    stack_t before_us, ours = {.ss_sp = signal_stack, .ss_size = SIGNAL_STACK};    /* the program's own may be too small for a report */
    sigaltstack(&ours, &before_us);
    if (!sigsetjmp(escape, 0)) {
        in_kernel = 1;
        if (current->flags & KG_HOST_TASKS) {
            kg_memory.fibers = (current->flags & KG_HOST_WAITS) != 0;
            kg_memory.cluster_agents = current->cluster_agents;
            kg_launch(KG_TASKS, 0, entry, (const kg_slot *)current->arguments);
        } else if (current->flags & KG_HOST_COOPERATIVE) run_together();
        else run_blocks_here(first_thread);
    } else stacks = usual;
    kg_memory.fibers = 1, in_kernel = 0;
    sigaltstack(&before_us, 0);
}

/* ---- the other operating system threads ----------------------------------------------------------------------------- */
static pthread_mutex_t pool = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_there = PTHREAD_COND_INITIALIZER, work_done = PTHREAD_COND_INITIALIZER;
static unsigned helpers, generation, helping;
static int pool_open;

static void *help(void *unused) {
    unsigned seen = 0;
    (void)unused;
    pthread_mutex_lock(&pool);
    for (;;) {
        while (seen == generation || !pool_open) {
            seen = generation;
            pthread_cond_wait(&work_there, &pool);
        }
        seen = generation;
        ++helping;
        pthread_mutex_unlock(&pool);
        work_on_launch(0);
        pthread_mutex_lock(&pool);
        if (!--helping) pthread_cond_signal(&work_done);
    }
    return 0;
}

static void forget_helpers(void) {               /* after a fork the child has none */
    helpers = 0, helping = 0, pool_open = 0;
    pthread_mutex_init(&pool, 0), pthread_mutex_init(&device, 0);
}

static unsigned wanted_threads(void) {
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    int asked = kg_setting("KERNELGLOT_THREADS", (int)(cpus < 1 ? 1 : cpus));
    return asked < 1 ? 1 : asked > MOST_THREADS ? MOST_THREADS : (unsigned)asked;
}

static void wake(void) {
    static int told;
    pthread_mutex_lock(&pool);
    if (!told) { told = 1; pthread_atfork(0, 0, forget_helpers); }
    for (unsigned want = wanted_threads() - 1; helpers < want; ++helpers) {
        pthread_t thread;
        pthread_attr_t attributes;
        sigset_t all, old;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        sigfillset(&all);                        /* signals of the program go to its own threads */
        for (int i = 0; i < SIGNALS; ++i) sigdelset(&all, numbers[i]);
        pthread_sigmask(SIG_SETMASK, &all, &old);
        int failed = pthread_create(&thread, &attributes, help, 0);
        pthread_sigmask(SIG_SETMASK, &old, 0);
        pthread_attr_destroy(&attributes);
        if (failed) break;
    }
    ++generation, pool_open = 1;
    pthread_cond_broadcast(&work_there);
    pthread_mutex_unlock(&pool);
}

static void wait_for_helpers(void) {
    pthread_mutex_lock(&pool);
    pool_open = 0;
    while (helping) pthread_cond_wait(&work_done, &pool);
    pthread_mutex_unlock(&pool);
}

/* ---- launches ------------------------------------------------------------------------------------------------------- */
/* A pointer into memory of the host's own: a real device would stop at the first access. */
static int refuse_host_pointers(const kg_host_launch *launch) {
    if (launch->flags & KG_HOST_PLAIN_POINTERS || kg_setting("KERNELGLOT_HOST_POINTERS", 0)) return 0;
    for (unsigned i = 0; i < launch->pointer_count; ++i) {
        kg_allocation found;
        const void *pointer = launch->pointers[i];
        if (!pointer || kg_allocation_of(pointer, &found) || kg_own_address(pointer)) continue;
        char text[400];
        snprintf(text, sizeof text, "kernel `%s` is given a host pointer as argument %u: it has to lie in device memory "
                 "(or allow it: KERNELGLOT_HOST_POINTERS=allow)", launch->kernel, i + 1);
        kg_complain(launch->file, launch->line, "scope", text);
        __atomic_store_n(&sticky, KG_FAULT_ADDRESS, __ATOMIC_RELEASE);
        return 1;
    }
    return 0;
}

int kg_host_run(const kg_host_launch *launch) {
    if (in_kernel) kg_fault("unsupported", "a kernel that launches a kernel is not emulated", launch->line);
    if (kg_sticky() || refuse_host_pointers(launch)) return kg_sticky();
    pthread_mutex_lock(&device);
    if (kg_sticky()) {                           /* by a launch of another host thread */
        pthread_mutex_unlock(&device);
        return kg_sticky();
    }
    current = launch;
    memcpy(kg_grid, launch->grid, sizeof kg_grid);
    memcpy(kg_block, launch->block, sizeof kg_block);
    kg_agents = kg_block[0] * kg_block[1] * kg_block[2];
    kg_warp = launch->warp ? launch->warp : 32, kg_shared_bytes = launch->shared_bytes, kg_union = launch->cluster_union;
    kg_poison = 0xff;
    blocks = (unsigned long long)kg_grid[0] * kg_grid[1] * kg_grid[2];
    next_block = 0, stop = 0;
    catch_signals();
    kg_open_memory();
    work_on_launch(1);
    wait_for_helpers();
    if (!kg_sticky()) kg_check_ends(launch);
    kg_close_memory();
    current = 0;
    pthread_mutex_unlock(&device);
    return kg_sticky();
}

void kg_forget_fault(void) { __atomic_store_n(&sticky, KG_FAULT_NONE, __ATOMIC_RELEASE); }
void kg_record_fault(int code) { __atomic_store_n(&sticky, code, __ATOMIC_RELEASE); }
