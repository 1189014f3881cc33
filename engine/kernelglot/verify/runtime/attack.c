/* The self-test: tries, where foreign code would be run, what must not be possible there, and prints what was. */
#define _GNU_SOURCE
#include "lockdown.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;
static void count_stop(int number) { (void)number; stopped = 1; }

#define TRY(name, success) do { stopped = 0; int got = (success); printf(" %s=%d", name, got && !stopped); } while (0)

static int can_send(void) {
    struct sockaddr_in somewhere = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    return fd >= 0 && sendto(fd, "x", 1, 0, (struct sockaddr *)&somewhere, sizeof somewhere) == 1;
}

static int can_read_memory(pid_t other) {
    char here;
    struct iovec local = {&here, 1}, remote = {(void *)&stopped, 1};
    return process_vm_readv(other, &local, 1, &remote, 1, 0) == 1 || ptrace(PTRACE_ATTACH, other, 0, 0) == 0;
}

static int can_fork(void) {
    pid_t child = fork();
    if (child == 0 && !stopped) _exit(0);
    if (child > 0 && !stopped) waitpid(child, 0, 0);
    return child > 0;
}

/* What the namespaces alone must stop, before Landlock and seccomp are there. */
static void try_namespaces(void) {
    TRY("files", open("/etc/passwd", O_RDONLY) >= 0 || open("/proc/1/environ", O_RDONLY) >= 0);
    TRY("processes", getpid() != 1 || getppid() != 0);
    TRY("interfaces", can_send());
    TRY("capabilities", mount("none", "/", "tmpfs", 0, 0) == 0 || sethostname("x", 1) == 0);
    TRY("system-files", open("/usr/lib/kernelglot-attack", O_WRONLY | O_CREAT, 0600) >= 0);
}

int kg_attack(enum profile profile, int level, const char *scratch, const char *const *needed) {
    const char *const execute[] = {"/usr", "/bin", "/lib", "/lib64", 0};
    struct paths paths = {.execute = profile == KG_COMPILE ? execute : 0, .read = needed};
    struct limits limits = {1ull << 30, 1 << 20, 10, 0};
    pid_t parent = getppid();
    int kept = open(needed[0], O_RDONLY), isolated = 0;
    (void)!freopen("/dev/null", "r", stdin);
    if (level >= 2) {
        isolated = kg_isolate(&paths, profile == KG_COMPILE ? scratch : 0);
        printf("isolated=%d", isolated);
        if (!isolated) return 0;
        if (profile == KG_RUN) try_namespaces();
        fflush(stdout);
    }
    signal(SIGSYS, count_stop);
    struct achieved achieved = kg_lockdown(profile, &paths, &limits);
    printf(" landlock=%d seccomp=%d", achieved.landlock_abi, achieved.seccomp);
    TRY("read", open("/etc/passwd", O_RDONLY) >= 0 || open("/proc/1/environ", O_RDONLY) >= 0);
    TRY("write", open("/tmp/kernelglot-attack", O_WRONLY | O_CREAT, 0600) >= 0);
    TRY("network", socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_INET, SOCK_DGRAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
    TRY("signal", kill(parent, 0) == 0 && parent > 0);
    TRY("memory", parent > 0 && can_read_memory(parent));
    TRY("io_uring", syscall(425, 1, 0) >= 0);
    TRY("namespace", unshare(CLONE_NEWUSER) == 0);
    if (profile == KG_RUN) TRY("fork", can_fork());
    int readable = kept >= 0;
    for (const char *const *path = needed; *path; ++path) readable &= access(*path, R_OK) == 0;
    printf(" works=%d\n", readable);
    return 0;
}
