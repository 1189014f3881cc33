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

/* In a library made by `kernelglot emulate` several operating system threads run blocks at once: what differs between them is one a thread. */
#ifdef KG_HOST
#define KG_LOCAL __thread
#else
#define KG_LOCAL
#endif

extern KG_LOCAL unsigned kg_agent;               /* the running agent (linear) */
extern unsigned kg_agents;                       /* how many run together */
extern unsigned kg_grid[3], kg_block[3];         /* the launch */
extern KG_LOCAL unsigned kg_thread[3], kg_block_index[3]; /* where the running agent stands (CUDA/HIP) */
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
/* Whether iterations first..last-1 of a loop over `of` do the work of blocks that are to be run (verify/sampling.py puts it into texts). */
int kg_chosen(long long first, long long last, long long of);
/* BANG: of these agents only those wait whose place in their cluster is a bit of `lanes`. One that has ended is a fault. */
void kg_barrier_of(unsigned first, unsigned count, unsigned lanes, int line);
/* BANG: where another cluster (counted over the whole launch) has what this one has at `address` of its SRAM. */
void *kg_in_cluster(unsigned cluster, void *address, int line);

/* Warp collective. Lanes named in `mask` (0: those that come, decided when nobody else can run) meet; the last calls
 * complete(payloads, lanes): payloads[lane] is each participant's `payload` (null for the others). Returns the participants. */
unsigned long long kg_collective(const char *name, unsigned long long mask, void *payload,
                                 void (*complete)(void *const *payloads, unsigned long long lanes), int line);

/* All threads of all blocks of a cooperative launch wait for each other. */
void kg_grid_barrier(int line);

/* For strict runs (shadow.c). What happens to these bytes between begin and end is one atomic access; a fence publishes what was done before
 * it to who uses the same atomic next. From kg_async_begin to kg_async_end the bytes belong to an asynchronous copy of this agent. */
void kg_atomic_begin(const volatile void *address, unsigned long bytes, int writes);
void kg_atomic_end(void);
void kg_fence(void);
void kg_async_begin(void *address, unsigned long bytes);
void kg_async_end(void *address, unsigned long bytes);
void kg_inactive_lane(unsigned lane, unsigned from);     /* within `complete` of a collective: what `lane` gets from there is poison */
void kg_unwatched(int on);                       /* the emulator's own looking after things */

/* Ends the run with a typed fault. kind and sentence are copied; line is of the kernel's text, 0 where unknown. */
KG_NORETURN void kg_fault(const char *kind, const char *sentence, int line);

#ifdef __cplusplus
}
#endif

/* Statements for the preludes' functions, up to the end of their scope; without effect outside of strict builds. */
#if defined(KG_STRICT) && defined(__cplusplus)
namespace kernelglot {
struct Indivisible {
  Indivisible(const volatile void *address, unsigned long bytes, int writes) { kg_atomic_begin(address, bytes, writes); }
  ~Indivisible() { kg_atomic_end(); }
};
struct Unwatched {
  Unwatched() { kg_unwatched(1); }
  ~Unwatched() { kg_unwatched(0); }
};
}
#define KG_INDIVISIBLE(address, bytes) kernelglot::Indivisible kg_indivisible((const volatile void *)(address), bytes, 1)
#define KG_UNWATCHED kernelglot::Unwatched kg_own_work
#define KG_ASYNC_BEGIN(address, bytes) kg_async_begin(address, bytes)
#define KG_ASYNC_END(address, bytes) kg_async_end(address, bytes)
#define KG_INACTIVE_LANE(lane, from) kg_inactive_lane(lane, from)
#else
#define KG_INDIVISIBLE(address, bytes) ((void)0)
#define KG_UNWATCHED ((void)0)
#define KG_ASYNC_BEGIN(address, bytes) ((void)0)
#define KG_ASYNC_END(address, bytes) ((void)0)
#define KG_INACTIVE_LANE(lane, from) ((void)0)
#endif
#endif
