/* Between the runner and the arena of the exact channel. */
#ifndef KERNELGLOT_FIELD_RUN_H
#define KERNELGLOT_FIELD_RUN_H
#include <stdint.h>

enum { FIELD_REPORT = 3072, FIELD_CONSTANTS = 40, FIELD_RUNS = 64 };

/* FIELD_REPORT bytes from the start of the result file: the most of all runs that ended well. verify/exact.py reads the same layout. */
struct field_report {
    uint64_t nodes, applications;                 /* nodes of the arena; operands of functions that are only known to be functions */
    uint64_t above, below;                        /* degrees of numerator and denominator of the results */
    uint64_t argument_degree;                     /* of the operands of such functions and of max and min */
    double exponent_norm, exponent_unit;          /* exponents: sum of coefficients' sizes; their common denominator, a power of two */
    uint32_t bases, nonlinear;                    /* bits: 10, e to the power log2(e)^(bit - 8); an exponent is not linear */
    uint32_t compared, extremes;                  /* bits: data, constants that the machine rounds; max or min was taken */
    uint64_t functions;                           /* bit f: enum kg_function f was applied to data */
    uint32_t constants, logarithms;               /* how many of `constant` are used, FIELD_CONSTANTS + 1: too many; log2(e) or ln(2) is one */
    double constant[FIELD_CONSTANTS];             /* constants that may come from rounding */
    uint64_t digest[FIELD_RUNS];                  /* of all results of each run: equal where all residues are */
};

void kg_field_begin(uint64_t seed, uint64_t leaves, int with_exponents, int ordered, struct field_report *report);
void kg_field_finish(void *data, uint64_t bytes, unsigned width);
void kg_field_end(unsigned run);
#endif
