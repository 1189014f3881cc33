/* The process in which foreign code runs. `runner run LEVEL JOB INPUTS RESULTS` (descriptors) reads a job, gives up its rights, loads the
 * kernel's module and runs it once for each run of the job; `runner compile` gives up most rights and then runs compilers; `runner attack`
 * tries, locked down, what must not be possible and prints what was. LEVEL: 0 limits only, 1 Landlock and seccomp too, 2 namespaces too.
 *
 * Buffers lie in mappings of their own next to inaccessible memory: the end of the buffer touches it, or (second runs) its start. Input
 * buffers are mapped read-only. The verdict is not made here: expected values never enter this process. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "field_run.h"
#include "job.h"
#include "lockdown.h"
#include "sanitizer.h"
#include "scheduler.h"
#include "shadow.h"

enum { PAGE = 4096, GUARD = 1 << 20, MOST_ARGUMENTS = 64 };

static struct result *result;
static struct { char *map, *data; size_t map_bytes, writable_bytes; uint64_t bytes; } buffers[MOST_ARGUMENTS];
static unsigned buffer_count;
static uintptr_t module_start, module_end;

/* ---- faults -------------------------------------------------------------------------------------------------------- */
static void copy(char *to, const char *from, size_t room) {
    size_t length = strnlen(from, room - 1);
    memcpy(to, from, length);
    to[length] = 0;
}

static void report(const char *kind, const char *sentence, int line) {
    if (!result || __atomic_exchange_n(&result->faulted, 1, __ATOMIC_SEQ_CST)) _exit(3);
    copy(result->kind, kind, sizeof result->kind);
    copy(result->sentence, sentence, sizeof result->sentence);
    result->line = line > 0 ? (uint32_t)line : 0;
}

static int launched, running;                /* how (KG_BLOCKS, ...), and whether the kernel runs */

static void report_agent(void) {
    struct strict_report *strict = kg_strict_report;
    if (!strict || !running) return;
    strict->running = 1, strict->how = (uint32_t)launched, strict->agent = kg_agent;
    strict->cluster_union = kg_union, strict->cluster_agents = kg_memory.cluster_agents;
    memcpy(strict->thread, kg_thread, sizeof kg_thread);
    memcpy(strict->block, kg_block_index, sizeof kg_block_index);
}

void kg_fault(const char *kind, const char *sentence, int line) {
    report_agent();
    report(kind, sentence, line);
    _exit(3);
}

static int outside_buffers(uintptr_t address) {
    for (unsigned i = 0; i < buffer_count; ++i)
        if (address >= (uintptr_t)buffers[i].map && address < (uintptr_t)buffers[i].map + buffers[i].map_bytes) {
            result->argument = i;
            result->offset = (int64_t)(address - (uintptr_t)buffers[i].data);
            return result->offset >= 0 && (uint64_t)result->offset < buffers[i].bytes ? 2 : 1;
        }
    return 0;
}

static uint64_t within_module(uintptr_t address) { return address >= module_start && address < module_end ? address - module_start : 0; }

uint32_t kg_module_offset(const void *address) { return (uint32_t)within_module((uintptr_t)address); }
char *kg_module_at(uint64_t offset) { return (char *)module_start + offset; }

static void on_signal(int number, siginfo_t *info, void *context) {
    ucontext_t *machine = context;
    char text[160];
    (void)machine;
    result->argument = UINT32_MAX;
#if defined(__x86_64__)
    greg_t *registers = machine->uc_mcontext.gregs;
    result->instruction = within_module((uintptr_t)registers[REG_RIP]);
    result->wrote = registers[REG_ERR] >> 1 & 1;
    if (number == SIGSEGV && registers[REG_ERR] >> 4 & 1) kg_fault("crash", "jumps to an address that holds no code", 0);
    if (!result->instruction && number == SIGSEGV) result->caller = within_module(*(uintptr_t *)registers[REG_RSP]);
#endif
    if (number == SIGSYS) {
        snprintf(text, sizeof text, "it asked the system for call %d, which no kernel needs", info->si_syscall);
        kg_fault("forbidden", text, 0);
    }
    int where = number == SIGSEGV || number == SIGBUS ? outside_buffers((uintptr_t)info->si_addr) : 0;
    if (where == 2) kg_fault("written-input", "writes to an input buffer", 0);
    if (where == 1) kg_fault("out-of-bounds", "", 0);
    if (number == SIGSEGV && info->si_code == SI_KERNEL)          /* the processor gives no address */
        kg_fault("alignment", "a vector instruction that needs an aligned address got another one", 0);
    if (number == SIGFPE) kg_fault("crash", "division of an integer by zero", 0);
    if (number == SIGXCPU) kg_fault("cpu-time", "used up the processor time of its run", 0);
    if (number == SIGABRT) kg_fault("crash", "it called abort()", 0);
    if (number == SIGSEGV || number == SIGBUS) {
        snprintf(text, sizeof text, "access to address %#lx, which belongs to no buffer", (unsigned long)info->si_addr);
        kg_fault("out-of-bounds", text, 0);
    }
    snprintf(text, sizeof text, "ended by signal %d (%s)", number, strsignal(number));
    kg_fault("crash", text, 0);
}

static void catch_signals(void) {
    static char stack[64 * 1024];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, 0);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT, SIGTRAP, SIGXCPU};
    signal(SIGXFSZ, SIG_IGN);                                    /* the run profile writes no file: write() says so */
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; ++i) sigaction(numbers[i], &action, 0);
}

/* Called by code that g++ instruments with -fsanitize=bounds,integer-divide-by-zero. */
void __ubsan_handle_out_of_bounds_abort(struct sanitizer_bounds *data, unsigned long value) {
    char text[SANITIZER_SENTENCE];
    sanitizer_index(text, data, value);
    kg_fault("out-of-bounds", text, (int)data->place.line);
}
void __ubsan_handle_type_mismatch_v1_abort(struct sanitizer_mismatch *data, unsigned long pointer) {
    char text[300];
    if (!pointer) kg_fault("out-of-bounds", "uses a null pointer", (int)data->place.line);
    snprintf(text, sizeof text, "an address used as %s is no multiple of %u bytes: it ends in %#lx", data->type->name, 1u << data->log_alignment, pointer & 0xff);
    kg_fault("alignment", text, (int)data->place.line);
}
void __ubsan_handle_divrem_overflow_abort(struct sanitizer_place *place, unsigned long left, unsigned long right) {
    (void)left, (void)right;
    kg_fault("crash", "division of an integer by zero", (int)place->line);
}

/* ---- module -------------------------------------------------------------------------------------------------------- */
static char *module_copy;

static int look(struct dl_phdr_info *info, size_t size, void *name) {
    (void)size;
    if (strcmp(info->dlpi_name, name)) return 0;
    module_start = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD) {
            if (module_start + part->p_vaddr + part->p_memsz > module_end) module_end = module_start + part->p_vaddr + part->p_memsz;
            if (part->p_flags & PF_W) kg_memory.module_base = (char *)module_start + part->p_vaddr, kg_memory.module_bytes = part->p_memsz;
        } else if (part->p_type == PT_TLS) {
            extern void *__tls_get_addr(size_t *);
            size_t wanted[2] = {info->dlpi_tls_modid, 0};
            kg_memory.private_base = __tls_get_addr(wanted);
            kg_memory.private_bytes = part->p_memsz, kg_memory.private_image_bytes = part->p_filesz;
            kg_memory.private_image = (const char *)module_start + part->p_vaddr;
        }
    }
    return 1;
}

static void (*load(const struct job *job))(const kg_slot *) {
    void *module = dlopen(job->module, RTLD_NOW | RTLD_LOCAL);
    if (!module) kg_fault("compile-error", dlerror(), 0);
    dl_iterate_phdr(look, (void *)job->module);
    void (*entry)(const kg_slot *) = (void (*)(const kg_slot *))dlsym(module, "kg_entry");
    if (!entry) kg_fault("compile-error", "the module has no entry", 0);
    kg_memory.canary = dlsym(module, "kg_dynamic_shared");
    void (*sram)(char **, char **) = (void (*)(char **, char **))dlsym(module, "kg_sram_bounds");
    if (sram) sram(&kg_memory.sram, &kg_memory.sram_end);
    const unsigned *cluster = dlsym(module, "kg_cluster_agents");
    kg_memory.cluster_agents = cluster ? *cluster : 4;
    module_copy = malloc(kg_memory.module_bytes + 1);
    if (kg_memory.module_bytes) memcpy(module_copy, kg_memory.module_base, kg_memory.module_bytes);
    return entry;
}

/* ---- buffers ------------------------------------------------------------------------------------------------------- */
static void *place(unsigned index, const struct job_argument *argument, const char *content, int second) {
    uint64_t align = argument->alignment, rounded = (argument->bytes + align - 1) / align * align;
    size_t inner = (rounded + PAGE - 1) / PAGE * PAGE;
    if (!inner) inner = PAGE;
    char *map = mmap(0, inner + 2 * GUARD, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED || mprotect(map + GUARD, inner, PROT_READ | PROT_WRITE)) kg_fault("memory", "no memory for its buffers", 0);
    char *first = map + GUARD, *data = second ? first : first + inner - rounded;
    memset(first, kg_poison, inner);
    if (argument->role != KG_OUT) memcpy(data, content, argument->bytes);
    if (argument->role == KG_IN) mprotect(first, inner, PROT_READ);
    buffers[index].map = map, buffers[index].data = data, buffers[index].map_bytes = inner + 2 * GUARD;
    buffers[index].writable_bytes = inner, buffers[index].bytes = argument->bytes;
    return data;
}

/* The bytes around a buffer that share its pages must still be as they were. */
static void check_slack(unsigned index, const struct job_argument *argument) {
    const char *first = buffers[index].map + GUARD, *end = first + buffers[index].writable_bytes;
    const char *data = buffers[index].data, *after = data + argument->bytes;
    for (const char *at = first; at < end; ++at) {
        if (at == data) at = after;
        if (at < end && (unsigned char)*at != kg_poison) {
            result->argument = index;
            result->offset = at - data;
            result->wrote = 1;
            kg_fault("out-of-bounds", "", 0);
        }
    }
}

static int strictness;

static uint64_t microseconds(void);

static void run_once(const struct job *job, const struct job_case *test, const struct job_argument *arguments, const struct job_offset *offsets,
                     int second, int keep, void (*entry)(const kg_slot *), const char *inputs, char *results) {
    kg_slot slots[MOST_ARGUMENTS];
    memset(buffers, 0, sizeof buffers);
    buffer_count = test->arguments;
    kg_poison = second ? 0x3b : 0xff;
    kg_memory.fibers = (int)job->fibers;
    kg_warp = job->warp;
    kg_shared_bytes = test->shared_bytes, kg_union = test->cluster_union;
    memcpy(kg_grid, test->grid, sizeof kg_grid);
    memcpy(kg_block, test->block, sizeof kg_block);
    if (kg_memory.module_bytes && !keep) memcpy(kg_memory.module_base, module_copy, kg_memory.module_bytes);
    kg_shadow_begin(strictness, launched, (const struct strict_table *)inputs);
    for (unsigned i = 0; i < test->arguments; ++i) {
        slots[i].is_real = arguments[i].kind == KG_REAL;
        if (arguments[i].kind == KG_BUFFER) {
            slots[i].value.address = place(i, &arguments[i], inputs + offsets[i].input, second);
            kg_shadow_buffer(i, (int)arguments[i].role, buffers[i].data, buffers[i].bytes, buffers[i].map + GUARD, buffers[i].writable_bytes);
        }
        else if (slots[i].is_real) slots[i].value.real = arguments[i].real;
        else slots[i].value.integer = arguments[i].integer;
    }
    running = 1;
    uint64_t since = microseconds();
    kg_launch((int)job->how, second, entry, slots);
    result->launch_microseconds = (uint32_t)(microseconds() - since);
    kg_shadow_end();
    running = 0;
    for (unsigned i = 0; i < test->arguments; ++i) {
        if (arguments[i].kind != KG_BUFFER) continue;
        if (arguments[i].role != KG_IN) {
            check_slack(i, &arguments[i]);
            memcpy(results + offsets[i].result, buffers[i].data, arguments[i].bytes);
        }
        munmap(buffers[i].map, buffers[i].map_bytes);
    }
    buffer_count = 0;
}

static uint64_t microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static char *map_file(int fd, int protection, size_t *bytes) {
    struct stat status;
    if (fstat(fd, &status)) exit(4);
    *bytes = (size_t)status.st_size;
    char *map = *bytes ? mmap(0, *bytes, protection, MAP_SHARED, fd, 0) : 0;
    if (map == MAP_FAILED) exit(4);
    close(fd);
    return map;
}

static int run(int job_fd, int input_fd, int result_fd, int level) {
    size_t size;
    const struct job *job = (const struct job *)map_file(job_fd, PROT_READ, &size);
    const char *inputs = map_file(input_fd, PROT_READ, &size);
    char *results = map_file(result_fd, PROT_READ | PROT_WRITE, &size);
    result = (struct result *)results;
    result->argument = UINT32_MAX;
    kg_strict_report = (struct strict_report *)(results + STRICT_REPORT);
    const struct job_case *cases = (const struct job_case *)(job + 1);
    const struct job_argument *arguments = (const struct job_argument *)(cases + job->cases);
    const struct job_run *runs = (const struct job_run *)(arguments + job->arguments);
    const struct job_offset *offsets = (const struct job_offset *)(runs + job->runs);
    const char *const read[] = {job->module, "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/sys/devices/system/cpu", 0};
    struct paths paths = {.read = read};
    if (level >= 2 && !kg_isolate(&paths, 0)) kg_fault("sandbox", "this system refused the namespaces that its self-test was given", 0);
    if (job->libraries & 1) dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
    if (job->libraries & 2) dlopen("libstdc++.so.6", RTLD_NOW | RTLD_GLOBAL);
    static char printed[1 << 16]; /* with a buffer of its own libc does not ask what kind of file its output is: the sandbox forbids that */
    setvbuf(stdout, printed, _IOFBF, sizeof printed);
    catch_signals();
    struct limits limits = {job->memory_bytes, 0, job->cpu_seconds, 0};
    struct achieved achieved = kg_lockdown(KG_RUN, &paths, &limits);
    if (level >= 1 && (!achieved.landlock_abi || !achieved.seccomp)) kg_fault("sandbox", "this system refused what its self-test was given", 0);
    result->landlock_abi = (uint32_t)achieved.landlock_abi, result->seccomp = (uint32_t)achieved.seccomp;
    void (*entry)(const kg_slot *) = load(job);
    uint64_t start = microseconds();
    for (unsigned i = 0; i < job->runs; ++i) {
        const struct job_case *test = &cases[runs[i].test_case];
        if (i && job->budget_microseconds && microseconds() - start > job->budget_microseconds) break;
        if (test->arguments > MOST_ARGUMENTS) kg_fault("unsupported", "more arguments than the emulator passes", 0);
        result->started = i + 1;
        fesetround(runs[i].flags & KG_UP ? FE_UPWARD : runs[i].flags & KG_DOWN ? FE_DOWNWARD : runs[i].flags & KG_TO_ZERO ? FE_TOWARDZERO : FE_TONEAREST);
        kg_choice = (struct kg_choice){runs[i].order, runs[i].first_block, runs[i].block_stride, runs[i].blocks, runs[i].all_blocks};
        launched = (int)job->how;
        strictness = runs[i].flags & KG_EXPLAINED ? KG_STRICT_EXPLAIN : runs[i].flags & KG_CHECKED ? KG_STRICT_CHECK : KG_RELAXED;
        if (runs[i].flags & KG_FIELD) {
            kg_choice = (struct kg_choice){0};
            kg_field_begin(runs[i].first_block, runs[i].block_stride, runs[i].flags & KG_FIELD_EXPONENTS, runs[i].flags & KG_FIELD_ORDERED, (struct field_report *)(results + FIELD_REPORT));
        }
        run_once(job, test, arguments + test->first_argument, offsets + runs[i].first_offset, (int)(runs[i].flags & KG_SECOND), (int)(runs[i].flags & KG_KEEP), entry,
                 inputs, results);
        if (runs[i].flags & KG_FIELD) {
            for (unsigned a = 0; a < test->arguments; ++a) {
                const struct job_argument *argument = arguments + test->first_argument + a;
                if (argument->kind == KG_BUFFER && argument->role != KG_IN && argument->integer >= 4)
                    kg_field_finish(results + offsets[runs[i].first_offset + a].result, argument->bytes, (unsigned)argument->integer);
            }
            kg_field_end(i);
        }
        result->finished = i + 1;
    }
    result->ended = 1;
    return 0;
}

/* ---- compile: runner compile LEVEL SCRATCH [--execute PATH | --read PATH]... -- command... [-- command...] ----------------- */
static void lock_compiler(const struct paths *paths, int level) {
    struct limits limits = {3ull << 30, 256ull << 20, 60, level >= 2 ? 256 : 0};       /* processes are counted per namespace */
    struct achieved achieved = kg_lockdown(KG_COMPILE, paths, &limits);
    if (level >= 1 && (!achieved.landlock_abi || !achieved.seccomp)) {
        fprintf(stderr, "kernelglot: this system refused to contain a compiler\n");
        _exit(126);
    }
}

static int compile(int level, const char *scratch, int count, char **words) {
    const char *execute[32] = {0}, *read[64] = {0}, *write[2] = {scratch, 0};
    unsigned executes = 0, reads = 0;
    int i = 0;
    for (; i + 1 < count && strcmp(words[i], "--"); i += 2) {
        if (!strcmp(words[i], "--execute") && executes < 31) execute[executes++] = words[i + 1];
        else if (!strcmp(words[i], "--read") && reads < 63) read[reads++] = words[i + 1];
        else return 2;
    }
    struct paths paths = {execute, read, write};
    if (level >= 2 && !kg_isolate(&paths, scratch)) {
        fprintf(stderr, "kernelglot: this system refused the namespaces\n");
        return 126;
    }
    while (i < count) {
        char **command = words + ++i;
        while (i < count && strcmp(words[i], "--")) ++i;
        words[i] = 0;
        pid_t child = fork();
        if (child < 0) return 5;
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            lock_compiler(&paths, level);
            execv(command[0], command);
            fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
            _exit(127);
        }
        int status;
        waitpid(child, &status, 0);
        if (status) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (kg_bring_home()) return 0;
    fprintf(stderr, "kernelglot: what it wrote is too much\n");
    return 6;
}

int main(int count, char **words) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (count >= 6 && !strcmp(words[1], "run")) return run(atoi(words[3]), atoi(words[4]), atoi(words[5]), atoi(words[2]));
    if (count >= 4 && !strcmp(words[1], "compile")) return compile(atoi(words[2]), words[3], count - 4, words + 4);
    if (count >= 6 && !strcmp(words[1], "attack"))
        return kg_attack(!strcmp(words[3], "run") ? KG_RUN : KG_COMPILE, atoi(words[2]), words[4], (const char *const *)words + 5);
    return 2;
}
