/* The arena of the exact channel: every float of a kernel is a number modulo a prime, so that two kernels that compute the same function over
 * the reals give the same residues in whatever order they calculate, and two that do not give different ones but for a small chance.
 *
 * The primes: PRIME = 2 EXPONENTS + 1, both prime. A value has a residue modulo PRIME and, until it goes through exp, one modulo EXPONENTS:
 * exp(x) is w to the power (x mod EXPONENTS), w of order EXPONENTS, hence exp(x + y) = exp(x) exp(y) (Mirage, arXiv 2405.05751). Inputs are
 * drawn from a keyed generator. max and min are taken as functions of the set of their operands, all other functions as functions of their
 * operands, and nothing else is known of them: what is equal so is equal for the real ones too. Comparing data ends the run, or
 * ("ordered") follows a total order of the residues drawn from the seed. verify/exact.py turns what is counted here into a probability. */
#include "field_inside.h"

#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { REMEMBERED = 1024 };

struct kg_field kg_field = {.p.m = PRIME, .q.m = EXPONENTS};
static struct { uint64_t p, inverse, q, inverse_q; } inverses[REMEMBERED];
static struct { uint64_t bits; uint32_t index; } interned[REMEMBERED];

/* ---- arithmetic modulo a prime below 2^62, Montgomery's form ------------------------------------------------------------ */
static uint64_t reduce(const struct modulus *by, wide x) {
    uint64_t y = (uint64_t)(((wide)((uint64_t)x * by->inverse) * by->m + x) >> 64);
    return y >= by->m ? y - by->m : y;
}
static uint64_t times(const struct modulus *by, uint64_t a, uint64_t b) { return reduce(by, (wide)a * b); }
static uint64_t plus(const struct modulus *by, uint64_t a, uint64_t b) { uint64_t c = a + b; return c >= by->m ? c - by->m : c; }
static uint64_t minus(const struct modulus *by, uint64_t a, uint64_t b) { return a >= b ? a - b : a + by->m - b; }
static uint64_t enter(const struct modulus *by, uint64_t a) { return times(by, a, by->square); }
uint64_t kg_residue_times(const struct modulus *by, uint64_t a, uint64_t b) { return times(by, a, b); }
uint64_t kg_residue_plain(const struct modulus *by, uint64_t x) { return reduce(by, x); }
uint64_t kg_residue_power(const struct modulus *by, uint64_t base, uint64_t exponent) {
    uint64_t result = by->one;
    for (; exponent; exponent >>= 1, base = times(by, base, base))
        if (exponent & 1) result = times(by, result, base);
    return result;
}

static void prepare(struct modulus *by) {
    uint64_t inverse = 1;
    for (int i = 0; i < 6; ++i) inverse *= 2 - by->m * inverse;
    by->inverse = -inverse;
    by->one = (uint64_t)(((wide)1 << 64) % by->m);
    by->square = (uint64_t)((wide)by->one * by->one % by->m);
    uint64_t half = enter(by, (by->m + 1) / 2);
    by->power[-LOWEST_POWER] = by->one;
    for (int e = 1; e <= HIGHEST_POWER; ++e) by->power[e - LOWEST_POWER] = plus(by, by->power[e - 1 - LOWEST_POWER], by->power[e - 1 - LOWEST_POWER]);
    for (int e = -1; e >= LOWEST_POWER; --e) by->power[e - LOWEST_POWER] = times(by, by->power[e + 1 - LOWEST_POWER], half);
}

/* ---- the keyed generator -------------------------------------------------------------------------------------------------- */
uint64_t kg_random(uint64_t kind, uint64_t x) {
    return mix(mix(kg_field.key + kind * 0x9e3779b97f4a7c15ull) ^ mix(x * 0xd6e8feb86659fd93ull + kg_field.key) ^ x);
}
uint64_t kg_random_residue(const struct modulus *by, uint64_t kind, uint64_t x) {
    uint64_t word = kg_random(kind, x);
    while ((word &= (1ull << 62) - 1) >= by->m) word = kg_random(kind, mix(word + x));
    return word;                                 /* any residue is as good in Montgomery's form */
}

/* ---- words, constants and nodes -------------------------------------------------------------------------------------------- */
uint32_t kg_index_of(kg_word word) {
    uint64_t index = word & ~KG_WORD_NODE;
    if (index == (1ull << 52) - 1 || index == KG_UNDEFINED || index == KG_SPOILED) return KG_UNDEFINED;
    if (index == 1ull << 51 || index == KG_INDEFINITE) kg_field_outside("it calculates with NaN");
    if (index >= KG_UNDEFINED || (index >= kg_field.used && index < kg_field.first_leaf)) kg_field_outside("it changes the bits of a float");
    return (uint32_t)index;
}

void kg_field_outside(const char *sentence) { kg_fault("outside", sentence, 0); }

static uint64_t residue_of(const struct modulus *by, double x) {
    uint64_t bits = as_word(x), fraction = bits & ((1ull << 52) - 1), exponent = bits >> 52 & 0x7ff;
    if (!(bits << 1)) return 0;
    if (exponent) fraction |= 1ull << 52; else exponent = 1;
    uint64_t residue = times(by, enter(by, fraction), by->power[(int)exponent - 1075 - LOWEST_POWER]);
    return bits >> 63 ? minus(by, 0, residue) : residue;
}

/* A constant whose fraction is long may be a rounded one, as 0.1f is: another text may have rounded it otherwise. */
static void note_constant(double x) {
    uint64_t bits = as_word(x);
    if (!(bits << 12 << 11) || (x == nearbyint(x) && fabs(x) < 2147483648.0) || x - x != 0) return;
    for (uint32_t i = 0; i < kg_field.counts.constants && i < FIELD_CONSTANTS; ++i) if (kg_field.counts.constant[i] == fabs(x)) return;
    if (kg_field.counts.constants < FIELD_CONSTANTS) kg_field.counts.constant[kg_field.counts.constants] = fabs(x);
    if (kg_field.counts.constants <= FIELD_CONSTANTS) ++kg_field.counts.constants;
}

/* The scale of a constant: the power of two that makes it whole. */
static int scale_of(double x) {
    int exponent;
    uint64_t fraction = (uint64_t)ldexp(fabs(frexp(x, &exponent)), 53);
    return x == 0 ? 0 : 53 - exponent - __builtin_ctzll(fraction);
}

struct node kg_value_of(kg_word word) {
    if (is_node(word)) {
        struct node *node = &kg_field.arena[kg_index_of(word)];
        if (node->flags & EXTREME && !(node->flags & FORCED)) kg_force(kg_index_of(word));
        struct node value = *node;
        if (value.flags & EXTREME) value.size = 1, value.scale = 0;
        return value;
    }
    double x = as_double(word);
    if (x - x != 0) kg_field_outside(x != x ? "it calculates with NaN" : "it calculates with an infinity and data");
    note_constant(x);
    int logs = is_logarithm(word);
    if (logs) {
        struct node value = {.p = logs > 0 ? kg_field.log2e_p : kg_field.ln2_p, .above = logs > 0, .below = logs < 0, .flags = CONSTANT, .logs = (int8_t)logs};
        if (kg_field.exponents) value.q = logs > 0 ? kg_field.log2e_q : kg_field.ln2_q, value.flags |= HAS_Q | LINEAR;
        if (word >> 63) value.p = minus(&kg_field.p, 0, value.p), value.q = minus(&kg_field.q, 0, value.q);
        value.real = x, kg_field.counts.logarithms = 1;
        return value;
    }
    struct node value = {.p = residue_of(&kg_field.p, x), .real = x, .flags = CONSTANT};
    if (kg_field.exponents) value.q = residue_of(&kg_field.q, x), value.flags |= HAS_Q | LINEAR, value.scale = (int16_t)scale_of(x);
    return value;
}

kg_word kg_keep(struct node node) {
    if (kg_field.used == KG_INDEFINITE) kg_field.used = KG_SPOILED + 1;
    if (kg_field.used >= kg_field.first_leaf) kg_field_outside("it calculates more than the arena of the exact channel holds");
    kg_field.arena[kg_field.used] = node;
    return KG_WORD_NODE | kg_field.used++;
}

kg_word kg_field_constant(double x) {
    uint64_t bits = as_word(x);
    if (!kg_field.arena || x - x != 0) return bits;
    uint64_t slot = mix(bits) % REMEMBERED;
    if (interned[slot].bits == bits && interned[slot].index) return KG_WORD_NODE | interned[slot].index;
    kg_word word = kg_keep(kg_value_of(bits));
    interned[slot].bits = bits, interned[slot].index = (uint32_t)(word & KG_NODE_INDEX);
    return word;
}

kg_word kg_field_integer(long long value) {
    double nearest = (double)value;
    if (fabs(nearest) < 9e18 && (long long)nearest == value) return as_word(nearest);
    long long low = value & 0xffffffff;
    return kg_field_add(as_word((double)(value - low)), as_word((double)low));
}

/* ---- + - * / ------------------------------------------------------------------------------------------------------------------ */

static kg_word added(struct node a, struct node b, int negative) {
    struct node c = {.flags = a.flags & b.flags & (CONSTANT | HAS_Q | LINEAR)};
    c.p = negative ? minus(&kg_field.p, a.p, b.p) : plus(&kg_field.p, a.p, b.p);
    if (c.flags & HAS_Q) c.q = negative ? minus(&kg_field.q, a.q, b.q) : plus(&kg_field.q, a.q, b.q);
    c.above = more(sum(a.above, b.below), sum(b.above, a.below));
    c.below = sum(a.below, b.below);
    if (c.flags & CONSTANT) c.real = negative ? a.real - b.real : a.real + b.real;
    else c.size = fabs(a.size) + fabs(b.size);
    c.scale = a.scale > b.scale ? a.scale : b.scale;
    c.logs = a.logs;
    if (a.logs != b.logs) c.flags &= (uint8_t)~LINEAR;
    return kg_keep(c);
}

kg_word kg_field_add(kg_word a, kg_word b) {
    if (!is_node(a) && !is_node(b) && !(is_logarithm(a) | is_logarithm(b))) {
        double x = as_double(a), y = as_double(b), s = x + y, part = s - x;
        if (!kg_field.arena || s - s != 0 || (x - (s - part)) + (y - part) == 0) {
            if (s != s) kg_field_outside("it calculates with NaN");
            note_constant(x), note_constant(y);
            return as_word(s);
        }
    }
    if (is_undefined(a) || is_undefined(b)) return UNDEFINED;
    if (is_infinite(a) || !(b << 1)) return a;
    if (is_infinite(b) || !(a << 1)) return b;
    return added(kg_value_of(a), kg_value_of(b), 0);
}

kg_word kg_field_subtract(kg_word a, kg_word b) {
    if (!is_node(b)) return kg_field_add(a, b ^ 1ull << 63);
    if (is_undefined(a) || is_undefined(b)) return UNDEFINED;
    if (is_infinite(a)) return a;
    return added(kg_value_of(a), kg_value_of(b), 1);
}

/* The size of a factor without its powers of log2(e). */
static double coefficient(struct node x) { return fabs(x.size) * (x.flags & CONSTANT && x.logs < 0 ? pow(1.4427, -x.logs) : 1); }

kg_word kg_field_multiply(kg_word a, kg_word b) {
    if (!is_node(a) && !is_node(b) && !(is_logarithm(a) | is_logarithm(b))) {
        double x = as_double(a), y = as_double(b), product = x * y;
        if (!kg_field.arena || product - product != 0 || x == 0 || y == 0 || (fabs(product) > 1e-290 && fma(x, y, -product) == 0)) {
            if (product != product) kg_field_outside("it calculates with NaN");
            note_constant(x), note_constant(y);
            return as_word(product);
        }
    }
    if (is_undefined(a) || is_undefined(b)) return UNDEFINED;
    if (!(a << 1) || !(b << 1)) return 0;
    if (is_number(a, 1)) return b;
    if (is_number(b, 1)) return a;
    struct node x = kg_value_of(a), y = kg_value_of(b), z = {.flags = x.flags & y.flags & (CONSTANT | HAS_Q | LINEAR)};
    z.p = times(&kg_field.p, x.p, y.p);
    if (z.flags & HAS_Q) z.q = times(&kg_field.q, x.q, y.q);
    z.above = sum(x.above, y.above), z.below = sum(x.below, y.below);
    if (!((x.flags | y.flags) & CONSTANT)) z.flags &= (uint8_t)~LINEAR;
    z.size = z.flags & CONSTANT ? x.real * y.real : coefficient(x) * coefficient(y);
    z.logs = (int8_t)(x.logs + y.logs);
    z.scale = (int16_t)(x.scale + y.scale);
    return kg_keep(z);
}

static uint64_t inverse(struct node of, uint64_t *q) {
    uint64_t slot = mix(of.p) % REMEMBERED;
    int with_q = of.flags & HAS_Q;
    if (!of.p || (with_q && !of.q)) kg_fault("redraw", "a divisor is 0 modulo the prime", 0);
    if (inverses[slot].p != of.p || (with_q && inverses[slot].q != of.q)) {
        inverses[slot].p = of.p, inverses[slot].inverse = kg_residue_power(&kg_field.p, of.p, PRIME - 2);
        inverses[slot].q = with_q ? of.q : 0, inverses[slot].inverse_q = with_q ? kg_residue_power(&kg_field.q, of.q, EXPONENTS - 2) : 0;
    }
    *q = inverses[slot].inverse_q;
    return inverses[slot].inverse;
}

kg_word kg_field_divide(kg_word a, kg_word b) {
    if (!is_node(b) && is_logarithm(b)) return kg_field_multiply(a, as_word(copysign(is_logarithm(b) > 0 ? 0.6931471805599453094 : 1.4426950408889634074, as_double(b))));
    if (!is_node(b) && !is_undefined(a)) {
        double x = as_double(a), y = as_double(b), quotient = x / y;
        if (y == 0) kg_field_outside("it divides by the constant 0");
        if (is_infinite(b)) return is_infinite(a) ? (kg_field_outside("it calculates with NaN"), a) : 0;
        if (!is_node(a) && !is_logarithm(a) && (!kg_field.arena || quotient - quotient != 0 || x == 0 || (fabs(quotient) > 1e-290 && fma(quotient, y, -x) == 0))) {
            note_constant(x), note_constant(y);
            return as_word(quotient);
        }
    }
    if (is_undefined(a) || is_undefined(b)) return UNDEFINED;
    if (!(a << 1)) return 0;
    struct node x = kg_value_of(a), y = kg_value_of(b), z = {.flags = x.flags & y.flags & (CONSTANT | HAS_Q | LINEAR)};
    uint64_t q;
    z.p = times(&kg_field.p, x.p, inverse(y, &q));
    if (z.flags & HAS_Q) z.q = times(&kg_field.q, x.q, q);
    z.above = sum(x.above, y.below), z.below = sum(x.below, y.above);
    int exponent = 0, halves = y.flags & CONSTANT && fabs(frexp(y.real, &exponent)) == 0.5 && !is_node(b);
    if (!halves) z.flags &= (uint8_t)~LINEAR;
    z.size = z.flags & CONSTANT ? x.real / y.real : fabs(x.size / (halves ? y.real : 1));
    z.logs = x.logs;
    z.scale = (int16_t)(x.scale + exponent - 1);
    return kg_keep(z);
}

/* ---- runs -------------------------------------------------------------------------------------------------------------------------------- */
void kg_field_begin(uint64_t seed, uint64_t leaves, int with_exponents, int in_order, struct field_report *report) {
    size_t bytes = (size_t)(KG_NODE_INDEX + 1) * sizeof *kg_field.arena;
    if (!kg_field.p.inverse) prepare(&kg_field.p), prepare(&kg_field.q);
    kg_field.arena = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (kg_field.arena == MAP_FAILED) kg_fault("memory", "no memory for the exact channel", 0);
    if (leaves > KG_NODE_INDEX / 2) kg_field_outside("its inputs are more than the arena of the exact channel holds");
    memset(inverses, 0, sizeof inverses);
    memset(interned, 0, sizeof interned);
    memset(kg_field.pairs, 0, sizeof kg_field.pairs);
    memset(&kg_field.counts, 0, sizeof kg_field.counts);
    kg_field.key = mix(seed + 0x243f6a8885a308d3ull), kg_field.visits = 0, kg_field.marks = 0;
    kg_field.exponents = with_exponents, kg_field.ordered = in_order, kg_field.published = report;
    kg_field.digest = 1;
    kg_field.used = 1, kg_field.first_leaf = KG_UNDEFINED - leaves;
    for (uint64_t i = 0; i < leaves; ++i) {
        struct node leaf = {.p = kg_random_residue(&kg_field.p, LEAF_P, i), .size = 1, .above = 1};
        if (kg_field.exponents) leaf.q = kg_random_residue(&kg_field.q, LEAF_Q, i), leaf.flags = HAS_Q | LINEAR;
        kg_field.arena[KG_UNDEFINED - 1 - i] = leaf;
    }
    kg_field.log2e_p = kg_random_residue(&kg_field.p, LOG2E_P, 0), kg_field.log2e_q = kg_random_residue(&kg_field.q, LOG2E_Q, 0);
    kg_field.ln2_p = kg_residue_power(&kg_field.p, kg_field.log2e_p, PRIME - 2), kg_field.ln2_q = kg_residue_power(&kg_field.q, kg_field.log2e_q, EXPONENTS - 2);
    for (int base = 0; base < BASES; ++base) {
        uint64_t random = kg_random_residue(&kg_field.p, ROOT, (uint64_t)base);
        kg_field.root[base] = times(&kg_field.p, random, random);         /* a square: of order EXPONENTS, but for 0 and 1 */
        if (!kg_field.root[base] || kg_field.root[base] == kg_field.p.one) kg_fault("redraw", "no root of unity", 0);
        uint64_t step = kg_field.root[base];
        for (int place = 0; place < DIGITS && with_exponents; ++place) {
            uint64_t *row = kg_field.root_power[base][place];
            row[0] = kg_field.p.one;
            for (int digit = 1; digit < 256; ++digit) row[digit] = times(&kg_field.p, row[digit - 1], step);
            step = times(&kg_field.p, row[255], step);
        }
    }
}

static uint64_t shown(kg_word word, unsigned width, uint64_t *digest) {
    uint64_t everything = width == 4 ? 0xffffffffu : ~0ull, hash;
    if (word == UNDEFINED) kg_fault("uninitialised", "a result is calculated from memory that was never written", 0);
    if (is_undefined(word)) return *digest = mix(*digest) * 0x9e3779b97f4a7c15ull, everything;
    if (is_infinite(word)) hash = kg_random(OUTPUT, word);
    else {
        struct node value = kg_value_of(word);
        if (value.above > kg_field.counts.above) kg_field.counts.above = value.above;
        if (value.below > kg_field.counts.below) kg_field.counts.below = value.below;
        hash = kg_random(OUTPUT + 1, value.p);
    }
    *digest = mix(*digest + hash) * 0x9e3779b97f4a7c15ull;
    if (width == 4) hash >>= 32;
    return hash == everything ? 0 : hash;
}

static kg_word widened(uint32_t bits) {
    float x;
    if (bits > KG_WORD_NODE32) return KG_WORD_NODE | (bits & KG_NODE_INDEX);
    memcpy(&x, &bits, 4);
    return as_word((double)x);
}

/* Turns the floats of a result into hashes of their residues, which show where a difference is; the digest shows whether there is one. */
void kg_field_finish(void *data, uint64_t bytes, unsigned width) {
    uint64_t digest = 1;
    for (char *at = data; at + width <= (char *)data + bytes; at += width) {
        uint32_t narrow;
        kg_word word;
        memcpy(&narrow, at, 4);
        if (width == 8) memcpy(&word, at, 8); else word = widened(narrow);
        uint64_t hash = shown(word, width, &digest);
        memcpy(at, &hash, width);
    }
    kg_field.digest += mix(digest);              /* a sum: the sides may have their parameters in another order */
}

static void larger(uint64_t *a, uint64_t b) { if (b > *a) *a = b; }

/* Adds what this run has counted to what is published. */
void kg_field_end(unsigned run) {
    if (run < FIELD_RUNS) kg_field.published->digest[run] = kg_field.digest;
    larger(&kg_field.published->nodes, kg_field.used), larger(&kg_field.published->applications, kg_field.counts.applications);
    larger(&kg_field.published->above, kg_field.counts.above), larger(&kg_field.published->below, kg_field.counts.below);
    larger(&kg_field.published->argument_degree, kg_field.counts.argument_degree);
    kg_field.published->exponent_norm = fmax(kg_field.published->exponent_norm, kg_field.counts.exponent_norm);
    kg_field.published->exponent_unit = fmax(kg_field.published->exponent_unit, kg_field.counts.exponent_unit);
    kg_field.published->bases |= kg_field.counts.bases, kg_field.published->nonlinear |= kg_field.counts.nonlinear, kg_field.published->compared |= kg_field.counts.compared;
    kg_field.published->logarithms |= kg_field.counts.logarithms;
    kg_field.published->extremes |= kg_field.counts.extremes, kg_field.published->functions |= kg_field.counts.functions;
    for (uint32_t i = 0; i < kg_field.counts.constants && i < FIELD_CONSTANTS; ++i) {
        uint32_t at = 0;
        while (at < kg_field.published->constants && at < FIELD_CONSTANTS && kg_field.published->constant[at] != kg_field.counts.constant[i]) ++at;
        if (at < FIELD_CONSTANTS && at == kg_field.published->constants) kg_field.published->constant[kg_field.published->constants++] = kg_field.counts.constant[i];
        else if (at == FIELD_CONSTANTS) kg_field.published->constants = FIELD_CONSTANTS + 1;
    }
    if (kg_field.counts.constants > FIELD_CONSTANTS) kg_field.published->constants = FIELD_CONSTANTS + 1;
    free(kg_field.operands.values), kg_field.operands.values = 0, kg_field.operands.room = 0;
    munmap(kg_field.arena, (size_t)(KG_NODE_INDEX + 1) * sizeof *kg_field.arena);
    kg_field.arena = 0;
}
