/* Linked last: where the memory ends that is one instance a block, or a core. It begins in engine.c, which is linked first. Two sections of
 * thread-local variables without content would share their addresses (GNU ld), so these have content. */
__attribute__((section("kg_private,\"awT\",@progbits#"), aligned(64))) __thread char kg_private_end[64] = {1};
