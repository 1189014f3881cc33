/* Shared by the two files of the arena of the exact channel: field.c (numbers, runs) and field_functions.c (everything but + - * /). */
#ifndef KERNELGLOT_FIELD_INSIDE_H
#define KERNELGLOT_FIELD_INSIDE_H
#include "field_run.h"
#include "field_words.h"
#include "runtime.h"

#include <stddef.h>
#include <string.h>

#define PRIME 4611686018427377339ull
#define EXPONENTS 2305843009213688669ull
enum { LOWEST_POWER = -1140, HIGHEST_POWER = 1030, BASES = 2, DIGITS = 8, PAIRS = 4096 };
enum { CONSTANT = 1, HAS_Q = 2, LINEAR = 4, MAXIMUM = 8, MINIMUM = 16, FORCED = 32, EXTREME = MAXIMUM | MINIMUM };

typedef unsigned __int128 wide;
struct node {
    uint64_t p, q;                               /* residues in Montgomery's form */
    union { double real, size; uint32_t of[2]; };/* of a constant; LINEAR: sum of the sizes of its coefficients; EXTREME: operands */
    uint32_t above, below, mark;                 /* degrees of numerator and denominator */
    uint8_t flags;
    int8_t logs;                                 /* LINEAR, constants: it has this power of log2(e) as a factor */
    int16_t scale;                               /* LINEAR: 2^scale times its coefficients are whole */
};
struct modulus { uint64_t m, inverse, one, square; uint64_t power[HIGHEST_POWER - LOWEST_POWER + 1]; };
enum { LEAF_P = 1, LEAF_Q, ROOT, ORDER, OUTPUT, SET = 7, LOG2E_P = 9, LOG2E_Q, FUNCTION = 64 };   /* kinds of randomness; OUTPUT and SET take two */

struct pair { uint32_t first, second, node; int largest; };

extern struct kg_field {
    struct modulus p, q;
    struct node *arena;
    uint64_t used, first_leaf, key, visits, digest;
    uint32_t marks;
    int exponents, ordered;
    uint64_t root[BASES], root_power[BASES][DIGITS][256];   /* roots of unity; root to the power (digit * 256^place) */
    uint64_t log2e_p, ln2_p, log2e_q, ln2_q;     /* log2(e) is a random number, and ln(2) its inverse */
    struct field_report counts, *published;
    struct { uint64_t *values; size_t room; } operands;
    struct pair pairs[PAIRS];                     /* operands of max and min seen last, with their node */
} kg_field;

uint64_t kg_residue_power(const struct modulus *by, uint64_t base, uint64_t exponent);
uint64_t kg_residue_times(const struct modulus *by, uint64_t a, uint64_t b);
uint64_t kg_residue_plain(const struct modulus *by, uint64_t x);
uint64_t kg_random(uint64_t kind, uint64_t x);
uint64_t kg_random_residue(const struct modulus *by, uint64_t kind, uint64_t x);
uint32_t kg_index_of(kg_word word);
struct node kg_value_of(kg_word word);
kg_word kg_keep(struct node node);
void kg_force(uint32_t index);                   /* gives a max or min its value */

static inline uint64_t mix(uint64_t x) {
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return x ^ x >> 31;
}
static inline uint32_t sum(uint32_t a, uint32_t b) { uint32_t c; return __builtin_add_overflow(a, b, &c) ? UINT32_MAX : c; }
static inline uint32_t more(uint32_t a, uint32_t b) { return a > b ? a : b; }
static inline int is_node(kg_word word) { return word > KG_WORD_NODE; }
static inline int is_undefined(kg_word word) { return is_node(word) && kg_index_of(word) == KG_UNDEFINED; }
static inline int is_infinite(kg_word word) { return (word << 1) == 0xffe0000000000000ull; }
static inline double as_double(kg_word word) { double x; memcpy(&x, &word, 8); return x; }
static inline kg_word as_word(double x) { kg_word word; memcpy(&word, &x, 8); return word; }
/* 1 where a constant is log2(e) as a float or a double holds it, -1 for ln(2). Such a number stands for what it was rounded from: so that
 * exp(x) and exp2(x * 1.44269504f), which is how some platforms have it, are one function. */
static inline int is_logarithm(kg_word word) {
    double x = as_double(word & ~(1ull << 63));
    return x == 1.4426950408889634074 || x == (double)1.4426950408889634074f ? 1
         : x == 0.6931471805599453094 || x == (double)0.6931471805599453094f ? -1 : 0;
}
static inline int is_number(kg_word word, double x) { return word == as_word(x); }
#define UNDEFINED (KG_WORD_NODE | KG_SPOILED)
#endif
