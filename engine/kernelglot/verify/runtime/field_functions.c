/* The exact channel's functions: max and min, comparisons, exp, and those of which only that they are functions is known. See field.c. */
#include "field_inside.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_VISITS = 64 << 20 };

/* ---- operands of functions that are not known: each value counts once ------------------------------------------------------------- */
static void note_operand(uint64_t value, uint32_t degree) {
    if (degree > kg_field.counts.argument_degree) kg_field.counts.argument_degree = degree;
    if (2 * kg_field.counts.applications >= kg_field.operands.room) {
        size_t room = kg_field.operands.room ? 4 * kg_field.operands.room : 4096;
        uint64_t *values = calloc(room, sizeof *values), *before = kg_field.operands.values;
        if (!values) kg_field_outside("it calculates more than the exact channel has memory for");
        for (size_t i = 0; i < kg_field.operands.room; ++i)
            if (before[i]) {
                size_t at = before[i] % room;
                while (values[at]) at = (at + 1) % room;
                values[at] = before[i];
            }
        free(before);
        kg_field.operands.values = values, kg_field.operands.room = room;
    }
    value += !value;
    size_t at = value % kg_field.operands.room;
    while (kg_field.operands.values[at] && kg_field.operands.values[at] != value) at = (at + 1) % kg_field.operands.room;
    if (!kg_field.operands.values[at]) kg_field.operands.values[at] = value, ++kg_field.counts.applications;
}

/* ---- max and min: a function of the set of operands ----------------------------------------------------------------------------- */
static double place_in_order(kg_word word) {
    if (!is_node(word)) return as_double(word);
    struct node value = kg_value_of(word);
    if (value.flags & CONSTANT) return value.real;
    uint64_t random = kg_random(ORDER, value.p);
    double magnitude = ldexp(1.0 + (double)(random >> 12) * 0x1p-52, (int)(random >> 1 & 31) - 16);
    return random & 1 ? magnitude : -magnitude;
}

static kg_word extreme(kg_word a, kg_word b, int largest) {
    if (is_undefined(a) || is_undefined(b)) return UNDEFINED;
    if (a == b) return a;
    if (!is_node(a) && !is_node(b)) {
        if (as_double(a) != as_double(a) || as_double(b) != as_double(b)) kg_field_outside("it calculates with NaN");
        return (as_double(a) > as_double(b)) == largest ? a : b;
    }
    if (is_infinite(a)) return a >> 63 == (uint64_t)largest ? b : a;
    if (is_infinite(b)) return b >> 63 == (uint64_t)largest ? a : b;
    kg_field.counts.extremes = 1;
    if (kg_field.ordered) return (place_in_order(a) > place_in_order(b)) == largest ? a : b;
    if (!is_node(a)) a = kg_field_constant(as_double(a));
    if (!is_node(b)) b = kg_field_constant(as_double(b));
    /* The lanes of a warp exchange operands both ways: what was asked before, in either order, is the same node. */
    uint32_t first = kg_index_of(a), second = kg_index_of(b);
    if (first > second) second = first, first = kg_index_of(b);
    struct pair *known = &kg_field.pairs[mix((uint64_t)first << 24 ^ second) % PAIRS];
    if (known->node && known->first == first && known->second == second && known->largest == largest) return KG_WORD_NODE | known->node;
    kg_word made = kg_keep((struct node){.of = {first, second}, .flags = largest ? MAXIMUM : MINIMUM});
    *known = (struct pair){first, second, (uint32_t)(made & KG_NODE_INDEX), largest};
    return made;
}

static int by_residue(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

struct stack { uint32_t *items; size_t count, room; };
static void push(struct stack *stack, uint32_t item) {
    if (stack->count == stack->room) {
        stack->room = stack->room ? 2 * stack->room : 256;
        stack->items = realloc(stack->items, stack->room * sizeof *stack->items);
        if (!stack->items) kg_field_outside("it calculates more than the exact channel has memory for");
    }
    stack->items[stack->count++] = item;
}

/* Collects what the largest of all is sought in, nested calls opened and constants reduced to the one that counts; gives one of them. */
static uint32_t operands(uint32_t index, uint16_t kind, uint64_t **residues, size_t *count) {
    static struct stack open;
    struct stack found = {0};
    uint32_t mark = ++kg_field.marks, constant = 0, some = 0;
    size_t bottom = open.count;
    push(&open, index);
    while (open.count > bottom) {
        uint32_t each = open.items[--open.count];
        if (kg_field.arena[each].mark == mark) continue;
        if (++kg_field.visits > MOST_VISITS) kg_field_outside("it takes max or min more often than the exact channel can follow");
        kg_field.arena[each].mark = mark;
        if (kg_field.arena[each].flags & kind) push(&open, kg_field.arena[each].of[0]), push(&open, kg_field.arena[each].of[1]);
        else if (!(kg_field.arena[each].flags & CONSTANT)) push(&found, each);
        else if (!constant || (kg_field.arena[each].real > kg_field.arena[constant].real) == (kind == MAXIMUM)) constant = each;
    }
    if (constant) push(&found, constant);
    *residues = malloc((found.count + 1) * sizeof **residues);
    if (!*residues) kg_field_outside("it calculates more than the exact channel has memory for");
    for (size_t i = 0; i < found.count; ++i) {
        struct node *each = &kg_field.arena[found.items[i]];
        if (each->flags & EXTREME && !(each->flags & FORCED)) kg_force(found.items[i]);
        (*residues)[i] = each->p;
        note_operand((*residues)[i], sum(kg_field.arena[found.items[i]].above, kg_field.arena[found.items[i]].below));
        some = found.items[i];
    }
    *count = found.count;
    free(found.items);
    return some;
}

void kg_force(uint32_t index) {
    uint64_t *residues, total = kg_field.arena[index].flags & MAXIMUM ? 1 : 2;
    size_t count, distinct = 0;
    uint32_t some = operands(index, kg_field.arena[index].flags & EXTREME, &residues, &count);
    qsort(residues, count, sizeof *residues, by_residue);
    for (size_t i = 0; i < count; ++i)
        if (!i || residues[i] != residues[i - 1]) total = mix(total ^ residues[i]) * 0x9e3779b97f4a7c15ull + (uint64_t)(++distinct);
    free(residues);
    struct node *node = &kg_field.arena[index];
    if (distinct == 1) node->p = kg_field.arena[some].p;
    else node->p = kg_random_residue(&kg_field.p, SET, total);
    if (kg_field.exponents) node->q = distinct == 1 ? kg_field.arena[some].q : kg_random_residue(&kg_field.q, SET + 1, total);
    node->above = distinct == 1 ? kg_field.arena[some].above : 1, node->below = distinct == 1 ? kg_field.arena[some].below : 0;
    node->flags |= (uint8_t)(FORCED | (distinct == 1 ? kg_field.arena[some].flags & HAS_Q : kg_field.exponents ? HAS_Q | LINEAR : 0));
}

/* ---- comparisons ------------------------------------------------------------------------------------------------------------------ */
int kg_field_compare(kg_word a, kg_word b) {
    if (is_undefined(a) || is_undefined(b)) kg_fault("uninitialised", "it compares a float that was never written", 0);
    if (a == b) return 0;
    int infinite = is_infinite(a) || is_infinite(b);     /* a real number is below one and above the other */
    if (!infinite && (is_node(a) || is_node(b))) {
        struct node x = kg_value_of(a), y = kg_value_of(b);
        if (x.p == y.p) return 0;
        if (!(x.flags & y.flags & CONSTANT)) {
            kg_field.counts.compared |= 1;
            if (!kg_field.ordered) kg_fault("compares", "it compares data", 0);
        } else kg_field.counts.compared |= 2;            /* of constants that the machine rounds: it may decide otherwise */
    }
    double x = is_infinite(a) || !infinite ? place_in_order(a) : 0, y = is_infinite(b) || !infinite ? place_in_order(b) : 0;
    return x < y ? -1 : x > y;
}

double kg_field_number(kg_word a, const char *use) {
    if (is_undefined(a)) kg_fault("uninitialised", "it uses a float that was never written", 0);
    if (!is_node(a)) return as_double(a);
    struct node value = kg_value_of(a);
    if (!(value.flags & CONSTANT)) kg_field_outside(use);
    if (fabs(value.real - nearbyint(value.real)) < 1e-9 * (1 + fabs(value.real))) kg_field_outside("it rounds a fraction that may be whole");
    return value.real;
}

/* ---- functions ---------------------------------------------------------------------------------------------------------------------- */
static double real_of(int function, double x, double y) {
    switch (function) {
#define UNARY(name) case KG_FN_##name: return name(x);
        UNARY(sin) UNARY(cos) UNARY(tan) UNARY(asin) UNARY(acos) UNARY(atan) UNARY(sinh) UNARY(cosh) UNARY(tanh) UNARY(asinh) UNARY(acosh)
        UNARY(atanh) UNARY(exp) UNARY(exp2) UNARY(expm1) UNARY(log) UNARY(log2) UNARY(log10) UNARY(log1p) UNARY(sqrt) UNARY(cbrt) UNARY(erf)
        UNARY(erfc) UNARY(tgamma) UNARY(lgamma) UNARY(ceil) UNARY(floor) UNARY(trunc) UNARY(round) UNARY(rint) UNARY(nearbyint) UNARY(logb)
        case KG_FN_exp10: return pow(10, x);
        case KG_FN_pow: return pow(x, y);
        case KG_FN_atan2: return atan2(x, y);
        case KG_FN_fmod: return fmod(x, y);
        case KG_FN_copysign: return copysign(x, y);
        case KG_FN_remainder: return remainder(x, y);
        default: return NAN;
    }
}

/* exp with base e, 2 or 10. 2^x is e^(x / log2(e)). What was in an exponent once has no residue modulo EXPONENTS any more. */
static kg_word exponential(kg_word a, int base) {
    if (is_infinite(a)) return a >> 63 ? 0 : a;
    if (!(a << 1)) return as_word(1);
    struct node x = kg_value_of(a), z = {.above = 1, .below = 1, .flags = x.flags & CONSTANT};
    if (!(x.flags & HAS_Q)) kg_field_outside("it takes exp of what went through exp");
    double size = fabs(x.flags & CONSTANT ? x.real * pow(1.4427, x.logs < 0 ? -x.logs : 0) : x.size), unit = ldexp(1, x.scale > 0 ? x.scale : 0);
    if (size > kg_field.counts.exponent_norm) kg_field.counts.exponent_norm = size;
    if (unit > kg_field.counts.exponent_unit) kg_field.counts.exponent_unit = unit;
    int logs = x.logs - (base == 1);
    if (!(x.flags & LINEAR) || logs <= -8 || logs >= 8) kg_field.counts.nonlinear = 1;
    else kg_field.counts.bases |= 1u << (base == 2 ? 0 : logs + 8);
    if (base == 1) x.q = kg_residue_times(&kg_field.q, x.q, kg_field.ln2_q);
    uint64_t exponent = kg_residue_plain(&kg_field.q, x.q);
    z.p = kg_field.p.one;
    for (int place = 0; place < DIGITS; ++place)
        z.p = kg_residue_times(&kg_field.p, z.p, kg_field.root_power[base == 2][place][exponent >> 8 * place & 255]);
    if (z.flags & CONSTANT) z.real = real_of(base == 0 ? KG_FN_exp : base == 1 ? KG_FN_exp2 : KG_FN_exp10, x.real, 0), z.above = z.below = 1;
    return kg_keep(z);
}

static int is_whole(int function) {
    return function == KG_FN_ceil || function == KG_FN_floor || function == KG_FN_trunc || function == KG_FN_round || function == KG_FN_rint;
}

/* A value that is a function of the operands' values and of which nothing else is known. */
static kg_word application(int function, kg_word a, kg_word b, int two) {
    if (!is_node(a) && (!two || !is_node(b))) {          /* where its value at a constant is that very double */
        double x = as_double(a), y = as_double(b), r = real_of(function, x, y);
        int exact = is_whole(function) || function == KG_FN_fmod || function == KG_FN_copysign || (function == KG_FN_sqrt && fma(r, r, -x) == 0) ||
                    (x == 0 && r == 0) || (r == 1 && x == 0) || (r == 0 && x == 1);
        if (!kg_field.arena || exact) return as_word(r);
    }
    struct node x = kg_value_of(a), y = two ? kg_value_of(b) : (struct node){.flags = CONSTANT};
    struct node z = {.above = 1, .flags = x.flags & y.flags & CONSTANT};
    uint64_t operand = two ? mix(x.p) + y.p * 0x9e3779b97f4a7c15ull : x.p;
    z.p = kg_random_residue(&kg_field.p, FUNCTION + (uint64_t)function, operand);
    if (kg_field.exponents) z.q = kg_random_residue(&kg_field.q, FUNCTION + KG_FN_COUNT + (uint64_t)function, operand), z.flags |= HAS_Q;
    if (z.flags & CONSTANT) z.real = real_of(function, x.real, y.real), z.above = 0;
    else z.flags |= (uint8_t)(kg_field.exponents ? LINEAR : 0), z.size = 1;
    note_operand(operand, more(sum(x.above, x.below), sum(y.above, y.below)));
    kg_field.counts.functions |= 1ull << function;
    return kg_keep(z);
}

static kg_word raised(kg_word a, int exponent) {
    kg_word result = as_word(1);
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i) result = kg_field_multiply(result, a);
    return exponent < 0 ? kg_field_divide(as_word(1), result) : result;
}

kg_word kg_field_call(int function, kg_word a, kg_word b) {
    int two = function >= KG_FN_pow;
    if (is_undefined(a) || (two && is_undefined(b))) return UNDEFINED;
    switch (function) {
        case KG_FN_fmax: return extreme(a, b, 1);
        case KG_FN_fmin: return extreme(a, b, 0);
        case KG_FN_fabs: return is_node(a) ? extreme(a, kg_field_subtract(0, a), 1) : a & ~(1ull << 63);
        case KG_FN_fdim: return extreme(kg_field_subtract(a, b), 0, 1);
        case KG_FN_exp: return exponential(a, 0);
        case KG_FN_exp2: return exponential(a, 1);
        case KG_FN_exp10: return exponential(a, 2);
        case KG_FN_expm1: return kg_field_subtract(exponential(a, 0), as_word(1));
        case KG_FN_log2: return kg_field_multiply(application(KG_FN_log, a, 0, 0), as_word(1.4426950408889634074));
        case KG_FN_log1p: return application(KG_FN_log, kg_field_add(a, as_word(1)), 0, 0);
        case KG_FN_erfc: return kg_field_subtract(as_word(1), application(KG_FN_erf, a, 0, 0));
        case KG_FN_nearbyint: return application(KG_FN_rint, a, 0, 0);
        case KG_FN_ceil: return kg_field_subtract(0, application(KG_FN_floor, kg_field_subtract(0, a), 0, 0));
        case KG_FN_hypot: return application(KG_FN_sqrt, kg_field_add(kg_field_multiply(a, a), kg_field_multiply(b, b)), 0, 0);
        case KG_FN_pow:
            if (!is_node(b) && as_double(b) == nearbyint(as_double(b)) && fabs(as_double(b)) <= 64) return raised(a, (int)as_double(b));
            if (is_number(b, 0.5)) return application(KG_FN_sqrt, a, 0, 0);
            if (is_number(a, 2)) return exponential(b, 1);
            return application(function, a, b, 1);
        default: return application(function, a, b, two);
    }
}
