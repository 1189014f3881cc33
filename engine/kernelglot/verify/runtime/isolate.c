/* Namespaces: a process with no other process, no network, no rights and no file in sight but those it is given. By raw system calls, without a
 * helper program. What the system refuses is told by the return value; nothing is run in a weaker place than was asked for. */
#define _GNU_SOURCE
#include "lockdown.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLD_ROOT "/old"
enum { MOUNT_SETATTR = 442, EVERYTHING_BELOW = 0x8000, READ_ONLY_NO_SUID = 1 | 2, MOST_PATHS = 96, MOST_FILES = 64, ID_INSIDE = 1000 };
static const char scratch_limits[] = "size=768m,nr_inodes=8192,mode=700", most_processes[] = "400";
static const unsigned long long most_brought_home = 512ull << 20;      /* bytes */

static struct { const char *wanted; char real[PATH_MAX]; int file; } binds[MOST_PATHS];
static unsigned bind_count;

/* Symbolic links are resolved while the old root is still there. What does not exist is not bound. */
static int note(const char *const *paths) {
    struct stat status;
    for (; paths && *paths; ++paths) {
        if (bind_count == MOST_PATHS) return 0;
        if (!strncmp(*paths, "/proc", 5) || !realpath(*paths, binds[bind_count].real) || stat(*paths, &status)) continue;
        binds[bind_count].file = !S_ISDIR(status.st_mode);
        binds[bind_count++].wanted = *paths;
    }
    return 1;
}

static int write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t length = (ssize_t)strlen(text), done = write(fd, text, (size_t)length);
    close(fd);
    return done == length;
}

/* One user, who is not root inside, so that starting a program gives no rights back. */
static int map_ids(unsigned user, unsigned group) {
    char line[64];
    if (!write_file("/proc/self/setgroups", "deny")) return 0;
    snprintf(line, sizeof line, "%d %u 1\n", ID_INSIDE, user);
    if (!write_file("/proc/self/uid_map", line)) return 0;
    snprintf(line, sizeof line, "%d %u 1\n", ID_INSIDE, group);
    return write_file("/proc/self/gid_map", line);
}

/* The process outside: ends as the one inside did. */
static _Noreturn void mirror(pid_t inside) {
    int status;
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    while (waitpid(inside, &status, 0) < 0)
        if (errno != EINTR) _exit(5);
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        kill(getpid(), WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 5);
}

static int make_folders(const char *path) {
    char part[PATH_MAX];
    if (strlen(path) >= sizeof part) return 0;
    strcpy(part, path);
    for (char *at = part + 1; *at; ++at)
        if (*at == '/') {
            *at = 0;
            if (mkdir(part, 0755) && errno != EEXIST) return 0;
            *at = '/';
        }
    return 1;
}

static int bind_one(const char *real, const char *wanted, int file) {
    char from[PATH_MAX + sizeof OLD_ROOT];
    struct stat old, new;
    snprintf(from, sizeof from, OLD_ROOT "%s", real);
    if (stat(from, &old)) return 0;
    if (stat(wanted, &new) == 0 && old.st_dev == new.st_dev && old.st_ino == new.st_ino) return 1;     /* lies in a folder that is there already */
    if (!make_folders(wanted)) return 0;
    if (file) {
        int fd = open(wanted, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) return 0;
        close(fd);
    } else if (mkdir(wanted, 0755) && errno != EEXIST) return 0;
    return mount(from, wanted, 0, MS_BIND | MS_REC, 0) == 0;
}

/* From Linux 6.14 on this number is the namespace's own. Before, it is the whole system's, and root could change it from here. */
static int counts_processes(void) {
    struct utsname system;
    int major = 0, minor = 0;
    return uname(&system) == 0 && sscanf(system.release, "%d.%d", &major, &minor) == 2 && (major > 6 || (major == 6 && minor >= 14));
}

/* A root of its own that holds what was noted, read-only. */
static int build_root(const char *scratch) {
    if (mount(0, "/", 0, MS_PRIVATE | MS_REC, 0) || mount("kernelglot", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=4096,mode=755")) return 0;
    if (chdir("/tmp") || mkdir("/tmp" OLD_ROOT, 0700) || syscall(SYS_pivot_root, ".", "." OLD_ROOT) || chdir("/")) return 0;
    for (unsigned i = 0; i < bind_count; ++i)
        if (!bind_one(binds[i].real, binds[i].wanted, binds[i].file)) return 0;
    if (!bind_one("/dev/null", "/dev/null", 1)) return 0;
    if (scratch) {
        mkdir("/proc", 0755);
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0);      /* a container may refuse: then there is none */
        if (counts_processes()) write_file("/proc/sys/kernel/pid_max", most_processes);    /* limits root as well */
    }
    if (umount2(OLD_ROOT, MNT_DETACH) || rmdir(OLD_ROOT)) return 0;
    struct { uint64_t set, clear, propagation, user_namespace; } attributes = {READ_ONLY_NO_SUID, 0, 0, 0};
    if (scratch && !make_folders(scratch)) return 0;
    if (scratch && mkdir(scratch, 0700) && errno != EEXIST) return 0;
    if (syscall(MOUNT_SETATTR, AT_FDCWD, "/", EVERYTHING_BELOW, &attributes, sizeof attributes) && errno != ENOSYS) return 0;
    return !scratch || mount("kernelglot", scratch, "tmpfs", MS_NOSUID | MS_NODEV, scratch_limits) == 0;
}

void kg_drop_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    syscall(SYS_capset, &header, none);
}

/* ---- the scratch folder inside is in memory and small; the one outside gets the files that are new or changed ------------ */
static const struct timespec as_given[2] = {{1, 0}, {1, 0}};         /* what came from outside says this time until it is written to */

static int copy_file(int from_folder, int to_folder, const char *name, int home, unsigned long long *room) {
    static char chunk[1 << 16];
    int from = openat(from_folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), done = 0;
    struct stat status;
    if (from < 0) return 0;
    if (fstat(from, &status) == 0 && S_ISREG(status.st_mode) && (unsigned long long)status.st_size <= *room) {
        int to = openat(to_folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
        ssize_t got = -1;
        *room -= (unsigned long long)status.st_size;
        while (to >= 0 && (got = read(from, chunk, sizeof chunk)) > 0)
            if (write(to, chunk, (size_t)got) != got) { got = -1; break; }
        done = to >= 0 && got == 0 && (home || futimens(to, as_given) == 0);
        if (to >= 0) close(to);
    }
    close(from);
    return done;
}

/* Regular files; links, folders and devices stay behind. */
static int copy_files(int from_folder, int to_folder, int home) {
    unsigned long long room = most_brought_home;
    int listing = openat(from_folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), files = 0, good = 1;
    DIR *folder = listing < 0 ? 0 : fdopendir(listing);
    struct stat status;
    if (!folder) return 0;
    for (struct dirent *each; (each = readdir(folder));) {
        if (fstatat(from_folder, each->d_name, &status, AT_SYMLINK_NOFOLLOW) || !S_ISREG(status.st_mode)) continue;
        if (home && status.st_mtim.tv_sec == as_given[0].tv_sec) continue;
        good &= ++files <= MOST_FILES && copy_file(from_folder, to_folder, each->d_name, home, &room);
    }
    closedir(folder);
    return good;
}

static int outside = -1, inside = -1;

int kg_bring_home(void) { return outside < 0 || copy_files(inside, outside, 1); }

int kg_isolate(const struct paths *paths, const char *scratch) {
    unsigned user = geteuid(), group = getegid();
    bind_count = 0;
    if (!note(paths->execute) || !note(paths->read)) return 0;
    if (scratch && (outside = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) return 0;
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS) || !map_ids(user, group)) return 0;
    pid_t child = fork();
    if (child < 0) return 0;
    if (child) mirror(child);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (sethostname("kernelglot", 10) || !build_root(scratch)) return 0;
    kg_drop_capabilities();
    if (!scratch) return chdir("/") == 0;
    inside = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return inside >= 0 && copy_files(outside, inside, 0) && chdir(scratch) == 0;
}
