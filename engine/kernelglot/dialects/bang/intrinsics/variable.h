// Arrays whose length is known at run time: `__nram__ float a[n]`. The guide's samples declare them, the target's description says that
// there are none (UNCERTAIN): the emulator accepts them, the rules on text warn. Each memory has room for all that the architecture has;
// an array takes its part from where its block begins to where it ends.
#pragma once

static __nram__ char bang_nram_room[__MLU_NRAM_SIZE__ * 1024];
static __wram__ char bang_wram_room[__MLU_WRAM_SIZE__ * 1024];
static __ldram__ char bang_ldram_room[1 << 20];
static thread_local unsigned long bang_room_taken[4] = {64, 64, 64, 64};       // not 0: a task starts with these values and no poison

static inline unsigned long bang_room_of(int scope) {
  return scope == BANG_NRAM ? sizeof bang_nram_room : scope == BANG_WRAM ? sizeof bang_wram_room : sizeof bang_ldram_room;
}

/// The room of one array, free again at the end of its block.
struct bang_room {
  char *place;
  unsigned long before;
  int scope;
  bang_room(unsigned long bytes, int in, int line = __builtin_LINE()) : before(bang_room_taken[in]), scope(in) {
    bang_scope_of(this);                              // bang_used asks for what it finds out
    bang_line = line;
    bang_call = "";
    bang_require_true(in != BANG_SRAM, "an array in SRAM has a constant length");
    unsigned long fixed = in == BANG_LDRAM ? 0 : bang_used(in) - bang_room_of(in), from = before - 64, end = from + (bytes + 63) / 64 * 64;
    if (end + fixed > bang_room_of(in))
      BANG_FAULT("capacity", "%s capacity exceeded: %lu of %lu bytes", bang_scope_names[in], end + fixed, bang_room_of(in));
    place = (in == BANG_NRAM ? bang_nram_room : in == BANG_WRAM ? bang_wram_room : bang_ldram_room) + from;
    memset(place, kg_poison, bytes);
    bang_room_taken[in] = end + 64;
  }
  ~bang_room() { bang_room_taken[scope] = before; }
};
