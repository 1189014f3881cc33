/* rlimits, Landlock and seccomp, by raw system calls: no library is needed. What the kernel refuses is reported, not hidden. */
#define _GNU_SOURCE
#include "lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- Landlock (its header may be older than the kernel, so the few facts needed stand here) ---------------------------- */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, PATH_BENEATH = 1 };
enum {
    FS_EXECUTE = 1, FS_WRITE_FILE = 2, FS_READ_FILE = 4, FS_READ_DIR = 8, FS_REMOVE_DIR = 16, FS_REMOVE_FILE = 32, FS_MAKE_REG = 256,
    FS_MAKE_DIR = 128, FS_REFER = 1 << 13, FS_TRUNCATE = 1 << 14, FS_IOCTL_DEV = 1 << 15, FS_FIRST = (1 << 13) - 1,
    FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
};
struct ruleset { uint64_t filesystem, network, scoped; };
struct rule { uint64_t allowed; int32_t folder; } __attribute__((packed));

static void allow(int ruleset, const char *const *paths, uint64_t rights, uint64_t handled) {
    for (; paths && *paths; ++paths) {
        int fd = open(*paths, O_PATH | O_CLOEXEC);
        struct stat status;
        if (fd < 0) continue;
        struct rule rule = {rights & handled, fd};
        if (fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode)) rule.allowed &= FS_OF_FILES;
        syscall(ADD_RULE, ruleset, PATH_BENEATH, &rule, 0);
        close(fd);
    }
}

static int landlock(const struct paths *paths) {
    static const char *const null_device[] = {"/dev/null", 0};
    long abi = syscall(CREATE_RULESET, 0, 0, 1);
    if (abi < 1) return 0;
    struct ruleset rules = {FS_FIRST, 0, 0};
    if (abi >= 2) rules.filesystem |= FS_REFER;
    if (abi >= 3) rules.filesystem |= FS_TRUNCATE;
    if (abi >= 5) rules.filesystem |= FS_IOCTL_DEV;
    if (abi >= 4) rules.network = 3;                                       /* TCP bind and connect */
    if (abi >= 6) rules.scoped = 3;                                        /* abstract sockets, signals */
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    int ruleset = (int)syscall(CREATE_RULESET, &rules, size, 0);
    if (ruleset < 0) return 0;
    allow(ruleset, paths->execute, FS_EXECUTE | FS_READ_FILE | FS_READ_DIR, rules.filesystem);
    allow(ruleset, paths->read, FS_READ_FILE | FS_READ_DIR, rules.filesystem);
    allow(ruleset, paths->write, FS_READ_FILE | FS_READ_DIR | FS_WRITE_FILE | FS_MAKE_REG | FS_REMOVE_FILE | FS_TRUNCATE, rules.filesystem);
    allow(ruleset, null_device, FS_READ_FILE | FS_WRITE_FILE, rules.filesystem);
    long done = syscall(RESTRICT_SELF, ruleset, 0);
    close(ruleset);
    return done == 0 ? (int)abi : 0;
}

/* ---- seccomp --------------------------------------------------------------------------------------------------------- */
#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define GIVE(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ON(number, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), GIVE(action)
#define DENIED (SECCOMP_RET_ERRNO | EPERM)
#define NEW_NAMESPACES (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWCGROUP)

/* What no compiler and no kernel under test has any business with. */
static const int forbidden[] = {
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto, SYS_sendmsg, SYS_sendmmsg,
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns,
    SYS_bpf, SYS_perf_event_open, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_userfaultfd, SYS_init_module, SYS_finit_module,
    SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_setuid, SYS_setgid, SYS_personality, 425, 426, 427 /* io_uring */, 424, 434, 438 /* pidfd */,
    428, 429, 430, 431, 432, 433, 442 /* new mount interface */, 440 /* process_madvise */, SYS_kill, SYS_tkill, SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo, SYS_kcmp, SYS_open_by_handle_at, SYS_fanotify_init, SYS_acct, SYS_syslog, SYS_quotactl, SYS_settimeofday,
    SYS_clock_settime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname, SYS_migrate_pages, SYS_move_pages, SYS_mknodat,
    SYS_setsid, SYS_setpgid,             /* who leaves the group is not killed with it */
};

/* All that a kernel under test may ask for: memory, time, threads of its own, and reading what Landlock leaves. */
static const int permitted[] = {
    SYS_mmap, SYS_munmap, SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk, SYS_read, SYS_pread64, SYS_write, SYS_writev, SYS_close, SYS_lseek,
    SYS_openat, SYS_fstat, SYS_newfstatat, SYS_futex, SYS_exit, SYS_exit_group, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
    SYS_sigaltstack, SYS_set_robust_list, SYS_sched_yield, SYS_sched_getaffinity, SYS_clock_gettime, SYS_clock_nanosleep, SYS_gettimeofday,
    SYS_getpid, SYS_gettid, SYS_getrandom, SYS_sysinfo, SYS_uname, SYS_getcwd, SYS_set_tid_address, SYS_getcpu,
    SYS_nanosleep, SYS_mlock, SYS_munlock,
#if defined(__x86_64__)
    SYS_arch_prctl, SYS_open, SYS_stat, SYS_access, SYS_readlink, SYS_getrlimit, SYS_time,
#endif
    SYS_faccessat, SYS_readlinkat, 334 /* rseq */, 439 /* faccessat2 */,
};

/* Files opened for writing would need a path that Landlock leaves writable; the run profile has none. */
static int filter(enum profile profile) {
#ifdef ARCHITECTURE
    enum { MOST = 256, LEFT_FOR_RULES = 40 };
    _Static_assert(2 * sizeof forbidden / sizeof *forbidden + LEFT_FOR_RULES <= MOST, "a longer program is needed");
    _Static_assert(2 * sizeof permitted / sizeof *permitted + LEFT_FOR_RULES <= MOST, "a longer program is needed");
    struct sock_filter program[MOST];
    unsigned used = 0;
#define ADD(...) do { const struct sock_filter part[] = {__VA_ARGS__}; \
        for (unsigned i = 0; i < sizeof part / sizeof *part; ++i) program[used++] = part[i]; } while (0)
    ADD(LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0), GIVE(SECCOMP_RET_KILL_PROCESS), LOAD(nr));
#if defined(__x86_64__)
    ADD(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), GIVE(SECCOMP_RET_KILL_PROCESS));       /* x32 */
#endif
    ADD(ON(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS));              /* its flags cannot be seen from here; glibc falls back to clone */
    if (profile == KG_COMPILE) {
        for (unsigned i = 0; i < sizeof forbidden / sizeof *forbidden; ++i) ADD(ON(forbidden[i], DENIED));
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4), LOAD(args[0]),
            BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1), GIVE(DENIED), GIVE(SECCOMP_RET_ALLOW));
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 4), LOAD(args[0]),                   /* limits of other processes */
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), GIVE(DENIED), GIVE(SECCOMP_RET_ALLOW));
        ADD(GIVE(SECCOMP_RET_ALLOW));
    } else {
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 8), LOAD(args[0]),                   /* asking for its own limits */
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 4), LOAD(args[2]), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]) + 4),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), GIVE(SECCOMP_RET_TRAP), GIVE(SECCOMP_RET_ALLOW));
        for (unsigned i = 0; i < sizeof permitted / sizeof *permitted; ++i) ADD(ON(permitted[i], SECCOMP_RET_ALLOW));
        ADD(ON(SYS_prctl, DENIED));                                                                    /* malloc names its memory with it */
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4), LOAD(args[0]),                       /* abort() */
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)getpid(), 0, 1), GIVE(SECCOMP_RET_ALLOW), GIVE(SECCOMP_RET_TRAP));
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4), LOAD(args[0]),
            BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1), GIVE(SECCOMP_RET_ALLOW), GIVE(SECCOMP_RET_TRAP));
        ADD(GIVE(SECCOMP_RET_TRAP));                                     /* SIGSYS: the runner reports which call it was */
    }
    struct sock_fprog rules = {(unsigned short)used, program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &rules) == 0;
#else
    (void)profile;
    return 0;
#endif
}

static void limit(int resource, unsigned long long value) {
    struct rlimit both = {value, value};
    setrlimit(resource, &both);
}

struct achieved kg_lockdown(enum profile profile, const struct paths *paths, const struct limits *limits) {
    struct achieved achieved = {0, 0};
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_AS, limits->memory_bytes);
    setrlimit(RLIMIT_CPU, &(struct rlimit){limits->cpu_seconds, limits->cpu_seconds + 1});            /* SIGXCPU first, which tells more */
    limit(RLIMIT_FSIZE, limits->file_bytes);
    limit(RLIMIT_NOFILE, 64);
    if (limits->processes) limit(RLIMIT_NPROC, limits->processes);
    kg_drop_capabilities();
    prctl(PR_SET_DUMPABLE, profile == KG_COMPILE);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    achieved.landlock_abi = landlock(paths);
    achieved.seccomp = filter(profile);
    return achieved;
}
