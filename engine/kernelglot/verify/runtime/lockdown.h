/* Gives up rights for good, before foreign code is run. */
#ifndef KERNELGLOT_LOCKDOWN_H
#define KERNELGLOT_LOCKDOWN_H

enum profile { KG_COMPILE, KG_RUN };

struct paths {                          /* each list ends with a null pointer */
    const char *const *execute;         /* folders and files to read and execute */
    const char *const *read;
    const char *const *write;           /* folders to read, write and create in */
};

struct limits { unsigned long long memory_bytes, file_bytes; unsigned cpu_seconds; };

struct achieved { int landlock_abi, seccomp; };    /* 0: the kernel refused */

struct achieved kg_lockdown(enum profile profile, const struct paths *paths, const struct limits *limits);
#endif
