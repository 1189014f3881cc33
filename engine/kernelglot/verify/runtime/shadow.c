/* Every access of a strict run is held against the last ones of the same bytes: bounds, races, reads of what was never written.
 *
 * The module is compiled with -fsanitize=thread, which puts a call before each access to memory that others may see; those calls are
 * defined in hooks.c, and no sanitizer runtime is linked. A `cell` knows the last writer and the last readers of a few bytes. Two accesses
 * of different agents of which one writes are a race unless a barrier, a warp operation or an atomic behind a fence orders them (order.c).
 * The agents run one after another, so what is found is exact for this input, whatever the order: a conflict is a conflict in both.
 *
 * Silent on purpose: a write that does not change the value (several threads set one flag); atomics among themselves and volatile
 * accesses among themselves (PTX calls those strong); plain reads beside atomics, as in `if (x > *top) atomicMax(top, x)`. Such reads, and
 * reads of bytes that were never written, are wrong only where the results show it, and then KG_STRICT_EXPLAIN names them. An atomic behind
 * a fence orders all that was done before the fence, by whomever: the "last block" idiom. That is more than the language promises; it
 * never accuses without reason. */
#include "shadow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "scheduler.h"

enum { MOST_REGIONS = 160, MOST_PENDING = 64, CALLERS = STRICT_CALLERS, MOST_PLACES = 1 << 16 };
enum { PLAIN_READ = 0, WRITE = 1, STRONG = 2, STRONG_BIT = 0x8000 };
static const size_t MOST_SHADOW = (size_t)3 << 29;  /* bytes of cells in one execution; a region beyond that is held to its bounds only */

typedef struct { uint32_t stamp; uint16_t agent, where; } record;   /* stamp 0: nobody */
typedef struct { record writer, reader, lane, team; } cell;         /* readers: the last, one of its warp, one of elsewhere */

typedef struct {
    uintptr_t low, span;                    /* addresses that can only be meant for this region */
    uintptr_t data;
    uint64_t bytes, cells_each;
    cell *cells;                            /* null: nothing but bounds */
    size_t cells_bytes;
    unsigned char *written;                 /* private memory: a bit a byte, for each agent */
    unsigned kind, index, shift;            /* kind, index: as the report names it; a cell is 1 << shift bytes */
    int constant, poisoned, shared, per_cluster;
} region;

int kg_strict;
struct strict_report *kg_strict_report;

static region regions[MOST_REGIONS], *last_region;
static uintptr_t empty_pages[64];           /* pages without any region, as those of the stacks are: asked again and again */
static unsigned region_count;
static int how;
static size_t shadow_bytes;
static unsigned muted, together;
static struct { unsigned depth; uintptr_t address; size_t bytes; } indivisible;
enum { MOST_COPIES = 4096 };
static struct { uintptr_t to; size_t bytes; unsigned agent; } copies[MOST_COPIES];  /* asynchronous, under way */
static unsigned copy_count;

static struct { uint32_t stamp, block[3]; } *blocks;                /* when each block began */
static size_t block_count, block_room;

static struct {
    int live;
    uintptr_t address;
    size_t bytes;
    region *region;
    uint16_t where;
    unsigned conflicts;
    struct { uint32_t at, bytes; record other; int other_reads; } conflict[MOST_PENDING];
    unsigned char old[MOST_PENDING];
} pending;

/* ---- where in the text ----------------------------------------------------------------------------------------------- */
static struct { uint32_t callers[CALLERS]; } places[MOST_PLACES];
static uint16_t place_index[1 << 14];
static unsigned place_count = 1;

/* The access's own instruction and those of the calls around it, as far as they lie in the module. Frames are linked: the module keeps them. */
static uint16_t place_of(void *instruction, void **frame) {
    uint32_t callers[CALLERS] = {0}, hash = 0;
    for (unsigned depth = 0; depth < CALLERS; ++depth) {
        uint32_t at = kg_module_offset(instruction);
        if (!at) break;
        callers[depth] = at;
        hash = (hash ^ at) * 0x9e3779b1u;
        frame = *frame;
        instruction = frame[1];
    }
    uint16_t *slot = &place_index[hash >> 18];
    if (*slot && !memcmp(places[*slot].callers, callers, sizeof callers)) return *slot;
    if (place_count >= MOST_PLACES - 1) return 0;
    *slot = (uint16_t)place_count++;
    memcpy(places[*slot].callers, callers, sizeof callers);
    return *slot;
}

/* ---- faults ----------------------------------------------------------------------------------------------------------- */
static void name_agent(char *text, size_t room, unsigned agent, const uint32_t *block) {
    if (how == KG_BLOCKS)
        snprintf(text, room, "thread (%u, %u, %u) of block (%u, %u, %u)", agent % kg_block[0], agent / kg_block[0] % kg_block[1],
                 agent / kg_block[0] / kg_block[1], block[0], block[1], block[2]);
    else if (kg_union)
        snprintf(text, room, "task %u (cluster %u, core %u)", agent, agent / kg_team % kg_union, agent % kg_team);
    else
        snprintf(text, room, "task %u", agent);
}

static void describe(const region *at, uintptr_t address, size_t bytes, uint16_t here, uint16_t there) {
    struct strict_report *report = kg_strict_report;
    report->region_kind = at->kind, report->region = at->index;
    report->offset = (int64_t)(address - at->data);
    report->bytes = (uint32_t)bytes;
    memcpy(report->here, places[here].callers, sizeof report->here);
    memcpy(report->there, places[there].callers, sizeof report->there);
}

static const uint32_t *block_of(const record *of) {
    size_t low = 0, high = block_count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (blocks[middle].stamp <= of->stamp) low = middle; else high = middle;
    }
    return blocks[low].block;
}

static void race(const region *at, uintptr_t address, size_t bytes, uint16_t here, unsigned kind, const record *other, int other_reads) {
    char one[100], two[100], text[480];
    describe(at, address, bytes, here, other->where);
    name_agent(one, sizeof one, kg_agent, kg_block_index);
    name_agent(two, sizeof two, other->agent & ~STRONG_BIT, block_of(other));
    const char *between = how == KG_TASKS ? "no barrier" : other->stamp < kg_block_start ? "nothing that orders blocks" : "no barrier";
    snprintf(text, sizeof text, "%s %s {place}%s{here}, %s %s it%s{there}, and there is %s between them", one, kind & WRITE ? "writes" : "reads",
             kind & STRONG ? " atomically" : "", two, other_reads ? "reads" : "writes", other->agent & STRONG_BIT ? " atomically" : "", between);
    kg_fault("race", text, 0);
}

static void outside(const region *at, uintptr_t address, size_t bytes, int writes, uint16_t here) {
    char text[200];
    describe(at, address, bytes, here, 0);
    snprintf(text, sizeof text, "%s {place}, outside of its {size}", writes ? "writes" : "reads");
    kg_fault("out-of-bounds", text, 0);
}

static void unwritten(const region *at, uintptr_t address, size_t bytes, uint16_t here) {
    describe(at, address, bytes, here, 0);
    kg_fault("uninitialised", "reads {place}, which was never written", 0);
}

static void read_only(const region *at, uintptr_t address, size_t bytes, uint16_t here) {
    describe(at, address, bytes, here, 0);
    if (at->kind == STRICT_ARGUMENT) kg_fault("written-input", "writes to {place}, which is an input", 0);
    kg_fault("scope", "writes {place}, which is constant memory", 0);
}

/* A write that met others: was the value another one? Known only once it has happened, that is at the next hook. */
void kg_shadow_settle(void) {
    if (!pending.live) return;
    pending.live = 0;
    for (unsigned i = 0; i < pending.conflicts; ++i) {
        uint32_t at = pending.conflict[i].at, bytes = pending.conflict[i].bytes;
        if (memcmp((const char *)pending.address + at, pending.old + at, bytes))
            race(pending.region, pending.address + at, bytes, pending.where, WRITE, &pending.conflict[i].other, pending.conflict[i].other_reads);
    }
}

void kg_shadow_block(void) {
    if (!kg_strict) return;
    if (block_count == block_room) {
        block_room = block_room ? 2 * block_room : 1024;
        blocks = realloc(blocks, block_room * sizeof *blocks);
        if (!blocks) kg_fault("memory", "no memory for the strict run", 0);
    }
    kg_order_block();
    blocks[block_count].stamp = kg_now;
    memcpy(blocks[block_count++].block, kg_block_index, sizeof kg_block_index);
}

static int ordered(const record *other) { return kg_ordered(other->agent & ~STRONG_BIT, other->stamp); }

/* ---- regions ---------------------------------------------------------------------------------------------------------- */
static region *add_region(unsigned kind, unsigned index, void *data, uint64_t bytes, void *low, size_t span) {
    if (region_count == MOST_REGIONS) return 0;
    region *added = &regions[region_count++];
    memset(added, 0, sizeof *added);
    added->kind = kind, added->index = index, added->data = (uintptr_t)data, added->bytes = bytes;
    added->low = (uintptr_t)low, added->span = span, added->shift = 2;
    return added;
}

static void *fresh(size_t bytes) {
    if (shadow_bytes + bytes > MOST_SHADOW) { kg_strict_report->unwatched = 1; return 0; }
    void *memory = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) { kg_strict_report->unwatched = 1; return 0; }
    shadow_bytes += bytes;
    return memory;
}

static void watch(region *of, unsigned copies) {
    of->cells_each = (of->bytes + (of->data & 3) + 3) / 4;
    of->cells_bytes = of->cells_each * copies * sizeof(cell);
    of->cells = fresh(of->cells_bytes);
}

void kg_shadow_buffer(unsigned argument, int role, char *data, uint64_t bytes, char *first, size_t writable) {
    if (!kg_strict) return;
    region *added = add_region(STRICT_ARGUMENT, argument, data, bytes, first, writable);
    if (!added) return;
    added->constant = role == KG_IN;
    added->poisoned = role == KG_OUT;
    if (!added->constant && bytes) watch(added, 1);
}

static void add_array(unsigned index, const struct strict_array *array, unsigned clusters) {
    int private = array->kind != STRICT_MODULE && array->kind != STRICT_CONSTANT;
    char *data = private ? kg_memory.private_base + array->offset : kg_module_at(array->offset);
    uint64_t bytes = array->kind == STRICT_DYNAMIC ? kg_shared_bytes : array->bytes;
    region *added = add_region(array->kind == STRICT_IGNORED ? STRICT_IGNORED : STRICT_ARRAY, index, data, bytes, data, array->bytes);
    if (!added || array->kind == STRICT_IGNORED) return;
    added->per_cluster = kg_memory.sram && data >= kg_memory.sram && data < kg_memory.sram_end;
    added->poisoned = added->per_cluster || (private && array->offset >= kg_memory.private_image_bytes);
    added->shared = private && how == KG_BLOCKS;
    added->constant = array->kind == STRICT_CONSTANT;
    if (added->constant) return;
    if (private && how == KG_TASKS) {
        if (kg_strict == KG_STRICT_EXPLAIN && added->poisoned) added->written = fresh((bytes + 7) / 8 * kg_agents);
    } else if (bytes) {
        watch(added, added->per_cluster ? clusters : 1);
    }
}

/* The kernel's arrays; what lies between them in the module's memory belongs to none of them. */
void kg_shadow_begin(int strictness, int launched_as, const struct strict_table *table) {
    kg_strict = strictness, how = launched_as;
    block_count = 0, region_count = 0, muted = 0, pending.live = 0, copy_count = 0, together = 0, indivisible.depth = 0;
    if (!strictness) return;
    kg_agents = how == KG_BLOCKS ? kg_block[0] * kg_block[1] * kg_block[2] : kg_grid[0] * kg_grid[1] * kg_grid[2];
    unsigned cluster = kg_memory.cluster_agents ? kg_memory.cluster_agents : 4;
    kg_order_begin(how == KG_BLOCKS ? kg_warp : kg_union ? cluster : 1);
    if (how == KG_TASKS && kg_union) kg_agents = kg_agents / 4 * cluster;
    if (kg_agents > KG_MOST_WATCHED) {
        kg_strict = KG_RELAXED, kg_strict_report->unwatched = 1;
        return;
    }
    for (unsigned i = 0; i < table->arrays; ++i) add_array(i, &table->array[i], kg_agents / kg_team + 1);
    size_t around = how == KG_BLOCKS ? 2048 : 0;
    if (table->arrays && kg_memory.private_bytes)                   /* after them: without room for all of them there is no gap either */
        add_region(STRICT_GAP, 0, kg_memory.private_base, 0, kg_memory.private_base - around, kg_memory.private_bytes + 2 * around);
    last_region = regions;
    memset(empty_pages, 0, sizeof empty_pages);
}

void kg_shadow_end(void) {
    if (!kg_strict) return;
    kg_shadow_settle();
    for (unsigned i = 0; i < region_count; ++i) {
        if (regions[i].cells) munmap(regions[i].cells, regions[i].cells_bytes);
        if (regions[i].written) munmap(regions[i].written, (regions[i].bytes + 7) / 8 * kg_agents);
    }
    region_count = 0, shadow_bytes = 0, kg_strict = 0;
}

void kg_shadow_agent(void) {
    for (unsigned i = 0; i < region_count; ++i)
        if (regions[i].written) memset(regions[i].written + (regions[i].bytes + 7) / 8 * kg_agent, 0, (regions[i].bytes + 7) / 8);
}

static region *find(uintptr_t address) {
    uintptr_t page = address >> 12, *empty = &empty_pages[page & 63];
    if (*empty == page) return 0;
    int touched = 0;
    for (unsigned i = 0; i < region_count; ++i) {
        if (address - regions[i].low < regions[i].span) return last_region = &regions[i];
        touched |= regions[i].low >> 12 <= page && page <= (regions[i].low + regions[i].span) >> 12;
    }
    if (!touched) *empty = page;
    return 0;
}

/* Somebody uses less than a whole cell: from kg_now on the cells of this region are smaller. */
static int refine(region *of, unsigned shift) {
    unsigned each = 1u << (of->shift - shift);
    size_t bytes = of->cells_bytes * each;
    cell *cells = fresh(bytes);
    if (cells)
        for (size_t i = 0; i < of->cells_bytes / sizeof(cell); ++i)
            if (of->cells[i].writer.stamp || of->cells[i].reader.stamp)
                for (unsigned j = 0; j < each; ++j) cells[i * each + j] = of->cells[i];
    munmap(of->cells, of->cells_bytes);
    shadow_bytes -= of->cells_bytes;
    of->cells = cells, of->cells_bytes = bytes, of->cells_each *= each, of->shift = shift;
    return cells != 0;
}

/* ---- one access ------------------------------------------------------------------------------------------------------- */
static void conflict(region *at, uintptr_t address, size_t bytes, uintptr_t from, size_t wide, unsigned kind, uint16_t where, const record *other,
                     int other_reads) {
    int both_strong = kind & STRONG && other->agent & STRONG_BIT;
    if (both_strong || ordered(other)) return;
    int mixed = (kind & STRONG) || other->agent & STRONG_BIT;
    int reads = !(kind & WRITE) || other_reads;
    if (mixed && reads && kg_strict < KG_STRICT_EXPLAIN) return;
    if (!(kind & WRITE) || (kind & STRONG) || bytes > MOST_PENDING || pending.conflicts == MOST_PENDING) {
        race(at, from, wide, where, kind, other, other_reads);
    } else {
        if (!pending.live) memcpy(pending.old, (const void *)address, bytes);
        pending.live = 1, pending.address = address, pending.bytes = bytes, pending.region = at, pending.where = where;
        pending.conflict[pending.conflicts].at = (uint32_t)(from - address), pending.conflict[pending.conflicts].bytes = (uint32_t)wide;
        pending.conflict[pending.conflicts].other = *other, pending.conflict[pending.conflicts++].other_reads = other_reads;
    }
}

static int mine(const record *of) { return (of->agent & ~STRONG_BIT) == kg_agent && of->stamp >= kg_block_start; }

static void note_reader(cell *at, unsigned kind, uint16_t where) {
    if (at->reader.stamp && !mine(&at->reader)) {
        int same_team = at->reader.stamp >= kg_block_start && (at->reader.agent & ~STRONG_BIT) / kg_team == kg_agent / kg_team;
        *(same_team ? &at->lane : &at->team) = at->reader;
    }
    at->reader = (record){kg_now, (uint16_t)(kg_agent | (kind & STRONG ? STRONG_BIT : 0)), where};
}

static void one_cell(region *of, cell *at, uintptr_t address, size_t bytes, uintptr_t from, size_t wide, unsigned kind, uint16_t where) {
    if (of->shared && at->writer.stamp < kg_block_start && at->reader.stamp < kg_block_start) memset(at, 0, sizeof *at);
    if (at->writer.stamp && !mine(&at->writer)) conflict(of, address, bytes, from, wide, kind, where, &at->writer, 0);
    if (!(kind & WRITE)) {
        if (!at->writer.stamp && of->poisoned && kg_strict == KG_STRICT_EXPLAIN) unwritten(of, from, wide, where);
        note_reader(at, kind, where);
        return;
    }
    const record *readers[3] = {&at->reader, &at->lane, &at->team};
    for (unsigned i = 0; i < 3; ++i)
        if (readers[i]->stamp && !mine(readers[i])) conflict(of, address, bytes, from, wide, kind, where, readers[i], 1);
    record before = at->writer;
    memset(at, 0, sizeof *at);
    at->writer = (record){kg_now, (uint16_t)(kg_agent | (kind & STRONG ? STRONG_BIT : 0)), where};
    int hides = kind & STRONG && before.stamp && mine(&before) && !(before.agent & STRONG_BIT) && before.stamp >= kg_barrier_seen[kg_agent];
    if (hides) at->writer = before;         /* a plain write just before an atomic of the same thread is the one that others can race with */
}

static void private_access(const region *of, uintptr_t address, size_t bytes, int writes, uint16_t where) {
    unsigned char *bits = of->written + (of->bytes + 7) / 8 * kg_agent;
    for (size_t i = address - of->data; i < address - of->data + bytes; ++i) {
        if (writes) bits[i / 8] |= (unsigned char)(1 << i % 8);
        else if (!(bits[i / 8] >> i % 8 & 1)) unwritten(of, of->data + i, bytes, where);
    }
}

static void async_use(const region *of, uintptr_t address, size_t bytes, int writes, void *instruction, void **frame) {
    for (unsigned i = 0; i < copy_count; ++i) {
        if (address >= copies[i].to + copies[i].bytes || copies[i].to >= address + bytes) continue;
        if (how == KG_TASKS && of->kind == STRICT_ARRAY && !of->per_cluster && copies[i].agent != kg_agent) continue;
        char text[200];
        describe(of, address, bytes, place_of(instruction, frame), 0);
        snprintf(text, sizeof text, "%s {place}, into which an asynchronous copy is under way that nobody has waited for", writes ? "writes" : "reads");
        kg_fault("async", text, 0);
    }
}

/* Local variables are private, though one address space holds all stacks here. */
static void foreign_stack(uintptr_t address, void *instruction, void **frame) {
    int owner = together ? -1 : kg_stack_owner(address);
    if (owner < 0 || (unsigned)owner == kg_agent) return;
    char text[300], one[100], two[100];
    static const region nowhere = {.kind = STRICT_NOWHERE};
    describe(&nowhere, address, 0, place_of(instruction, frame), 0);
    name_agent(one, sizeof one, kg_agent, kg_block_index);
    name_agent(two, sizeof two, (unsigned)owner, kg_block_index);
    snprintf(text, sizeof text, "%s uses{here} a local variable of %s", one, two);
    kg_fault("scope", text, 0);
}

void kg_shadow_access(uintptr_t address, size_t bytes, unsigned kind, void *instruction, void **frame) {
    if (pending.live) kg_shadow_settle();
    region *of = last_region;
    if (muted || !bytes || !kg_strict) return;
    if (address - of->low >= of->span && !(of = find(address))) { foreign_stack(address, instruction, frame); return; }
    if (of->kind == STRICT_IGNORED) return;
    if (indivisible.depth && !(kind & STRONG) && address - indivisible.address < indivisible.bytes) return;
    if (address - of->data >= of->bytes || of->bytes - (address - of->data) < bytes)
        outside(of, address, bytes, kind & WRITE, place_of(instruction, frame));
    if (copy_count) async_use(of, address, bytes, kind & WRITE, instruction, frame);
    if (of->constant && kind & WRITE) read_only(of, address, bytes, place_of(instruction, frame));
    if (of->constant || !(of->cells || of->written)) return;
    uint16_t where = place_of(instruction, frame);
    if (of->written) { private_access(of, address, bytes, kind & WRITE, where); return; }
    unsigned fine = (unsigned)__builtin_ctzll(address | bytes | 4);
    if (fine < of->shift && !refine(of, fine)) return;
    pending.conflicts = 0;
    uintptr_t start = of->data & ~(uintptr_t)3;
    size_t step = (size_t)1 << of->shift, copy = of->per_cluster ? kg_agent / kg_team * of->cells_each : 0;
    for (uintptr_t from = address; from < address + bytes; from += step)
        one_cell(of, &of->cells[copy + ((from - start) >> of->shift)], address, bytes, from, step < bytes ? step : bytes, kind, where);
}

void kg_shadow_atomic(uintptr_t address, size_t bytes, int writes, int fence, void *instruction, void **frame) {
    kg_shadow_access(address, bytes, (writes ? WRITE : PLAIN_READ) | STRONG, instruction, frame);
    kg_publish(address, writes, fence);
}

/* Volatile accesses do not race with each other, but no order of them is promised either: where results show it, they are the cause. */
void kg_shadow_volatile(uintptr_t address, size_t bytes, unsigned writes, void *instruction, void **frame) {
    if (kg_strict == KG_STRICT_EXPLAIN) kg_shadow_access(address, bytes, writes, instruction, frame);
    else kg_shadow_atomic(address, bytes, (int)writes, 0, instruction, frame);
}

void kg_shadow_together(int on) { together = (unsigned)on; }

void kg_shadow_mute(int on) { muted += on ? 1 : -1u; }

void kg_shadow_indivisible(uintptr_t address, size_t bytes, int on) {
    if (on && !indivisible.depth++) indivisible.address = address, indivisible.bytes = bytes;
    if (!on && indivisible.depth) --indivisible.depth;
}

void kg_shadow_async(uintptr_t to, size_t bytes, int on) {
    if (on && copy_count < MOST_COPIES) {
        copies[copy_count].to = to, copies[copy_count].bytes = bytes, copies[copy_count++].agent = kg_agent;
        return;
    }
    for (unsigned i = 0; !on && i < copy_count; ++i)
        if (copies[i].to == to && copies[i].bytes == bytes && copies[i].agent == kg_agent) { copies[i] = copies[--copy_count]; return; }
}
