/* Gives up rights for good, before foreign code is run (lockdown.c, isolate.c), and tries what is left (attack.c). */
#ifndef KERNELGLOT_LOCKDOWN_H
#define KERNELGLOT_LOCKDOWN_H

enum profile { KG_COMPILE, KG_RUN };

struct paths {                          /* each list ends with a null pointer */
    const char *const *execute;         /* folders and files to read and execute */
    const char *const *read;
    const char *const *write;           /* folders to read, write and create in */
};

struct limits { unsigned long long memory_bytes, file_bytes; unsigned cpu_seconds, processes; };     /* processes: 0 for no limit */

struct achieved { int landlock_abi, seccomp; };    /* 0: the kernel refused */

struct achieved kg_lockdown(enum profile profile, const struct paths *paths, const struct limits *limits);

/* Goes on in a process of its own in namespaces of its own, with nothing but `paths` in sight; the calling process waits and ends as that one
 * does. `scratch`: a folder whose regular files are copied to one in memory at the same place; null for none. 0: the system refused. */
int kg_isolate(const struct paths *paths, const char *scratch);
int kg_bring_home(void);                /* copies new and changed files of the scratch folder to the one outside; 0: not all */
void kg_drop_capabilities(void);

/* Prints NAME=1 for each attack that succeeded. `needed`: files that must stay readable. */
int kg_attack(enum profile profile, int level, const char *scratch, const char *const *needed);
#endif
