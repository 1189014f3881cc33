/* The memory of the emulated device: every allocation a mapping of its own with inaccessible pages around it, filled with a pattern that no
 * program means, and inaccessible to host code. What was freed stays inaccessible for a while. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host.h"

enum { PAGE = 4096, GUARD = 256 * 1024, ALIGNMENT = 256, CANARY = 0xfb, POISON = 0xff, FREED = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static kg_allocation *table;                     /* in the order of their addresses */
static size_t count, room, used, device_count;
static struct { char *map; size_t bytes, asked; } freed[FREED];
static size_t next_freed;
static unsigned opened;

void kg_record_fault(int code);
void kg_watch(void);

static size_t place_of(const char *address) {    /* the first allocation that starts behind the address */
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table[middle].data > address) high = middle; else low = middle + 1;
    }
    return low;
}

static kg_allocation *containing(const char *address, size_t slack) {
    size_t after = place_of(address);
    if (!after) return 0;
    kg_allocation *last = &table[after - 1];
    return address < last->data + last->bytes + slack ? last : 0;
}

static int insert(kg_allocation made) {
    if (count == room) {
        size_t wanted = room ? 2 * room : 64;
        kg_allocation *bigger = realloc(table, wanted * sizeof *table);
        if (!bigger) return 0;
        table = bigger, room = wanted;
    }
    size_t at = place_of(made.data);
    memmove(table + at + 1, table + at, (count - at) * sizeof *table);
    table[at] = made, ++count;
    device_count += made.kind == KG_DEVICE;
    return 1;
}

static void erase(kg_allocation *gone) {
    device_count -= gone->kind == KG_DEVICE;
    memmove(gone, gone + 1, (size_t)(table + count - gone - 1) * sizeof *table);
    --count;
}

/* Closing all of it takes longer than a small kernel, and who mixes up the two kinds of pointers does so early. */
enum { WATCHED_LAUNCHES = 64 };
static unsigned launches;

static int host_may(void) {
    static int known = -1;                       /* 0: by default; 1: allowed; 2: never */
    if (known < 0) {
        const char *asked = getenv("KERNELGLOT_HOST_ACCESS");
        known = asked && !strcmp(asked, "allow") ? 1 : asked && !strcmp(asked, "check") ? 2 : 0;
    }
    return known == 1 || (!known && launches > WATCHED_LAUNCHES);
}

static size_t inner(const kg_allocation *each) { return each->map_bytes - 2 * GUARD; }

static void protect(const kg_allocation *each, int open) {
    mprotect(each->map + GUARD, inner(each), open ? PROT_READ | PROT_WRITE : PROT_NONE);
}

size_t kg_memory_total(void) {
    long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 ? (size_t)pages / 4 * 3 * (size_t)bytes : (size_t)4 << 30;
}
size_t kg_memory_used(void) { return used; }

void *kg_allocate(size_t bytes, int kind, unsigned flags) {
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, whole = (rounded + PAGE - 1) / PAGE * PAGE;
    if (!whole) whole = PAGE;
    kg_watch();
    if (bytes > kg_memory_total() || used + whole > kg_memory_total()) return 0;
    char *map = mmap(0, whole + 2 * GUARD, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) return 0;
    if (mprotect(map + GUARD, whole, PROT_READ | PROT_WRITE)) { munmap(map, whole + 2 * GUARD); return 0; }
    kg_allocation made = {map + GUARD + whole - rounded, bytes, kind, flags, map, whole + 2 * GUARD};
    if (kind == KG_DEVICE) memset(made.data, POISON, bytes);
    memset(made.data + bytes, CANARY, rounded - bytes);
    pthread_mutex_lock(&lock);
    int kept = insert(made);
    if (kept) used += whole;
    if (kept && kind == KG_DEVICE && !opened && !host_may()) protect(&made, 0);
    pthread_mutex_unlock(&lock);
    if (!kept) munmap(map, whole + 2 * GUARD);
    return kept ? made.data : 0;
}

static void forget(char *map, size_t bytes, size_t asked) {
    if (freed[next_freed].map) munmap(freed[next_freed].map, freed[next_freed].bytes);
    mmap(map, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    freed[next_freed].map = map, freed[next_freed].bytes = bytes, freed[next_freed].asked = asked;
    next_freed = (next_freed + 1) % FREED;
}

int kg_release(const void *pointer, int kind) {
    pthread_mutex_lock(&lock);
    kg_allocation *found = containing(pointer, 1);
    int fits = found && found->data == pointer && (found->kind == kind || (kind == KG_DEVICE && found->kind == KG_MANAGED));
    if (fits) {
        used -= inner(found);
        forget(found->map, found->map_bytes, found->bytes);
        erase(found);
    }
    pthread_mutex_unlock(&lock);
    return fits;
}

int kg_register(void *pointer, size_t bytes, unsigned flags) {
    pthread_mutex_lock(&lock);
    kg_allocation made = {pointer, bytes, KG_REGISTERED, flags, 0, 0};
    int fits = !containing(pointer, 0) && insert(made);
    pthread_mutex_unlock(&lock);
    return fits;
}

int kg_unregister(const void *pointer) {
    pthread_mutex_lock(&lock);
    kg_allocation *found = containing(pointer, 1);
    int fits = found && found->data == pointer && found->kind == KG_REGISTERED;
    if (fits) erase(found);
    pthread_mutex_unlock(&lock);
    return fits;
}

int kg_allocation_of(const void *pointer, kg_allocation *result) {
    kg_allocation *found = containing(pointer, 0);
    if (!found) found = containing(pointer, 1);
    if (found) *result = *found;
    return found != 0;
}

void kg_open_memory(void) {
    pthread_mutex_lock(&lock);
    int closed = !opened++ && !host_may();
    ++launches;
    if (closed)
        for (size_t i = 0; i < count; ++i) if (table[i].kind == KG_DEVICE) protect(&table[i], 1);      /* for good, after the last of these */
    pthread_mutex_unlock(&lock);
}

void kg_close_memory(void) {
    pthread_mutex_lock(&lock);
    if (!--opened && !host_may())
        for (size_t i = 0; i < count; ++i) if (table[i].kind == KG_DEVICE) protect(&table[i], 0);
    pthread_mutex_unlock(&lock);
}

/* Opens what one end of a copy needs; 0 where the range leaves its allocation. */
static int touch(const char *address, size_t bytes, int open) {
    kg_allocation *found = containing(address, 0);
    if (!found) return 1;                        /* memory of the host's own */
    if (address + bytes > found->data + found->bytes) return 0;
    if (found->kind == KG_DEVICE && !opened && !host_may()) protect(found, open);
    return 1;
}

int kg_copy(void *to, const void *from, size_t bytes) {
    pthread_mutex_lock(&lock);
    int fits = touch(to, bytes, 1) && touch(from, bytes, 1);
    if (fits) memmove(to, from, bytes);
    touch(to, bytes, 0), touch(from, bytes, 0);
    pthread_mutex_unlock(&lock);
    return fits;
}

int kg_fill(void *to, int value, size_t bytes) {
    pthread_mutex_lock(&lock);
    int fits = touch(to, bytes, 1);
    if (fits) memset(to, value, bytes);
    touch(to, bytes, 0);
    pthread_mutex_unlock(&lock);
    return fits;
}

void kg_check_ends(const kg_host_launch *launch) {
    char text[300];
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < count; ++i) {
        const kg_allocation *each = &table[i];
        if (!each->map) continue;
        unsigned char *at = (unsigned char *)each->data + each->bytes, *end = (unsigned char *)each->map + each->map_bytes - GUARD;
        for (unsigned char *first = at; at < end; ++at)
            if (*at != CANARY) {
                snprintf(text, sizeof text, "kernel `%s` has written byte %zu of a device allocation of %zu bytes", launch->kernel,
                         (size_t)((char *)at - each->data), each->bytes);
                kg_complain(launch->file, launch->line, "out-of-bounds", text);
                kg_record_fault(KG_FAULT_ADDRESS);
                memset(first, CANARY, (size_t)(end - first));
                break;
            }
    }
    pthread_mutex_unlock(&lock);
}

void kg_reset(void) {
    pthread_mutex_lock(&lock);
    for (size_t i = count; i-- > 0;)
        if (table[i].map) {
            used -= inner(&table[i]);
            forget(table[i].map, table[i].map_bytes, table[i].bytes);
            erase(&table[i]);
        }
    pthread_mutex_unlock(&lock);
    kg_forget_fault();
}

/* Asked by a fault, so it takes no lock. */
void kg_describe(const void *pointer, char *text, size_t size) {
    const char *address = pointer;
    size_t nearest = 0;
    for (size_t i = 0; i < count; ++i) {
        const kg_allocation *each = &table[i];
        if (!each->map || address < each->map || address >= each->map + each->map_bytes) continue;
        long offset = (long)(address - each->data);
        if (offset < 0) snprintf(text, size, "%ld bytes before a device allocation of %zu bytes", -offset, each->bytes);
        else snprintf(text, size, "byte %ld of a device allocation of %zu bytes", offset, each->bytes);
        ++nearest;
        if (offset >= 0) return;
    }
    if (nearest) return;
    for (size_t i = 0; i < FREED; ++i)
        if (freed[i].map && address >= freed[i].map && address < freed[i].map + freed[i].bytes) {
            snprintf(text, size, "device memory that was freed (an allocation of %zu bytes)", freed[i].asked);
            return;
        }
    if ((uintptr_t)address < PAGE) snprintf(text, size, "address %#lx, a null pointer", (unsigned long)(uintptr_t)address);
    else snprintf(text, size, "address %#lx, which belongs to no allocation", (unsigned long)(uintptr_t)address);
}
