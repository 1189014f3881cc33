/* What code that g++ instruments with -fsanitize=bounds,alignment,integer-divide-by-zero hands to the functions it calls. */
#ifndef KERNELGLOT_SANITIZER_H
#define KERNELGLOT_SANITIZER_H
#include <stdint.h>
#include <stdio.h>

enum { SANITIZER_SENTENCE = 300 };
struct sanitizer_place { const char *file; uint32_t line, column; };
struct sanitizer_type { uint16_t kind, info; char name[]; };
struct sanitizer_bounds { struct sanitizer_place place; const struct sanitizer_type *array, *index; };
struct sanitizer_mismatch { struct sanitizer_place place; const struct sanitizer_type *type; unsigned char log_alignment, kind; };

/* The sentence about an index outside of its array; `value` holds its bits. */
static inline void sanitizer_index(char text[SANITIZER_SENTENCE], const struct sanitizer_bounds *data, unsigned long value) {
    int bits = 1 << (data->index->info >> 1);
    long shown = data->index->info & 1 && bits < 64 ? (long)(value << (64 - bits)) >> (64 - bits) : (long)value;
    snprintf(text, SANITIZER_SENTENCE, "index %ld is outside of the array of type %s", shown, data->array->name);
}
#endif
