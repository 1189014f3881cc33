/* What an emulated library says, and what it knows of itself. */
#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

void kg_complain(const char *file, int line, const char *kind, const char *sentence) {
    if (line) fprintf(stderr, "kernelglot: %s:%d: %s: %s\n", file, line, kind, sentence);
    else fprintf(stderr, "kernelglot: %s: %s\n", kind, sentence);
}

int kg_setting(const char *name, int otherwise) {
    const char *text = getenv(name);
    if (!text || !*text) return otherwise;
    if (!strcmp(text, "allow") || !strcmp(text, "on")) return 1;
    return atoi(text);
}

/* ---- this library in memory ---- */
struct own { uintptr_t inside, start, end; const char *name; };
static char marker;

static int look(struct dl_phdr_info *info, size_t size, void *result) {
    struct own *own = result;
    uintptr_t end = 0;
    int here = 0;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + part->p_vaddr, to = from + part->p_memsz;
        if (part->p_type != PT_LOAD) continue;
        if (to > end) end = to;
        here |= own->inside >= from && own->inside < to;
    }
    if (!here) return 0;
    own->start = info->dlpi_addr, own->end = end, own->name = info->dlpi_name;
    return 1;
}

static struct own find(void) {
    struct own own = {.inside = (uintptr_t)&marker};
    dl_iterate_phdr(look, &own);
    return own;
}

int kg_own_address(const void *address) {
    static uintptr_t start, end;
    if (!end) { struct own own = find(); start = own.start, end = own.end; }
    return (uintptr_t)address >= start && (uintptr_t)address < end;
}

/* ---- lines ---- */
#ifdef KG_BACKTRACE
#include <backtrace.h>

struct place { char *file; size_t room; int line; };
static void no_lines(void *data, const char *message, int number) { (void)data, (void)message, (void)number; }

/* Called for an inlined function first, then for what it was inlined into: the innermost line of a file that is no header of ours. */
static int note(void *data, uintptr_t instruction, const char *file, int line, const char *function) {
    struct place *place = data;
    (void)instruction, (void)function;
    if (!file || !line || strstr(file, "/kernelglot/") || strstr(file, "/include/")) return 0;
    snprintf(place->file, place->room, "%s", file[0] == '.' && file[1] == '/' ? file + 2 : file);
    place->line = line;
    return 1;
}

int kg_line_of(const void *instruction, char *file, size_t room) {
    static struct backtrace_state *state;
    struct place place = {file, room, 0};
    if (!kg_own_address(instruction)) return 0;
    if (!state) {
        struct own own = find();
        state = backtrace_create_state(own.name && *own.name ? own.name : 0, 1, no_lines, 0);
    }
    if (state) backtrace_pcinfo(state, (uintptr_t)instruction, note, no_lines, &place);
    return place.line;
}
#else
int kg_line_of(const void *instruction, char *file, size_t room) {
    (void)instruction, (void)room;
    *file = 0;
    return 0;
}
#endif
