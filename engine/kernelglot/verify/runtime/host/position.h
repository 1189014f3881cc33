// threadIdx and its neighbours in a library that `kernelglot emulate` makes. They are variables of this unit alone, so that the compiler
// sees who changes them: a kernel's body that was inlined into the loop over the threads of a block (unit.h) is optimised with it.
#ifndef KERNELGLOT_HOST_POSITION_H
#define KERNELGLOT_HOST_POSITION_H
static thread_local uint3 threadIdx, blockIdx;
#endif
