/* What emulated kernels and the dialects' preludes may call. Implemented in scheduler.c, inside the runner. C and C++.
 * An "agent" is one thread of a CUDA/HIP block, or one task of a BANG launch. */
#ifndef KERNELGLOT_RUNTIME_H
#define KERNELGLOT_RUNTIME_H
#ifdef __cplusplus
extern "C" {
#define KG_NORETURN [[noreturn]]
#else
#define KG_NORETURN _Noreturn
#endif

extern unsigned kg_agent, kg_agents;             /* the running agent (linear), and how many run together */
extern unsigned kg_grid[3], kg_block[3];         /* the launch */
extern unsigned kg_thread[3], kg_block_index[3]; /* where the running agent stands (CUDA/HIP) */
extern unsigned kg_union;                        /* BANG: 0 = block task, else clusters of a union task */
extern unsigned kg_warp;                         /* lanes of a warp */
extern unsigned kg_shared_bytes;                 /* dynamic shared memory of the launch */
extern unsigned char kg_poison;                  /* byte that fills unwritten memory in this execution */

/* One argument as the job gives it: buffers and integers in `integer` (an address, a value), floats in `real`. */
typedef struct { int is_real; union { long long integer; double real; void *address; } value; } kg_slot;

/* Waits for agents first..first+count-1 that have not ended. All must wait at the same line, else it is a fault.
 * Returns how many of them came with a nonzero `vote`; `*present` (may be null) gets how many took part. */
unsigned kg_barrier_vote(unsigned first, unsigned count, int line, int vote, unsigned *present);
void kg_barrier(unsigned first, unsigned count, int line);

/* Warp collective. Lanes named in `mask` (0: those that come, decided when nobody else can run) meet; the last calls
 * complete(payloads, lanes): payloads[lane] is each participant's `payload` (null for the others). Returns the participants. */
unsigned long long kg_collective(const char *name, unsigned long long mask, void *payload,
                                 void (*complete)(void *const *payloads, unsigned long long lanes), int line);

/* Ends the run with a typed fault. kind and sentence are copied; line is of the kernel's text, 0 where unknown. */
KG_NORETURN void kg_fault(const char *kind, const char *sentence, int line);

#ifdef __cplusplus
}
#endif
#endif
