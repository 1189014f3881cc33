/* What an agent of a strict run has seen of the others. Every barrier, warp operation and published atomic advances a clock; an access is
 * stamped with it (shadow.c), and an agent knows of each other one up to which stamp everything is behind it. */
#include <string.h>

#include "scheduler.h"
#include "shadow.h"

enum { MOST_LANES = 64 };

uint32_t kg_now, kg_block_start;
unsigned kg_team = 32;
uint32_t kg_barrier_seen[KG_MOST_WATCHED];                              /* of all others */
static uint32_t acquired[KG_MOST_WATCHED], fenced[KG_MOST_WATCHED];     /* of everybody, through an atomic; when it last had a fence */
static uint32_t lane_seen[KG_MOST_WATCHED][MOST_LANES];                 /* of each lane of its own warp (task: of its cluster) */
static uint32_t team_seen[KG_MOST_WATCHED][MOST_LANES];                 /* of whole warps, where a barrier holds for some of them */
static int teams_used;
static struct { uintptr_t address; uint32_t stamp; } releases[4096];

void kg_order_begin(unsigned team) {
    kg_now = 1, kg_team = team;
    memset(releases, 0, sizeof releases);
}

void kg_order_block(void) {
    size_t agents = kg_agents < KG_MOST_WATCHED ? kg_agents : KG_MOST_WATCHED;
    kg_block_start = ++kg_now;
    memset(kg_barrier_seen, 0, agents * sizeof *kg_barrier_seen);
    memset(acquired, 0, agents * sizeof *acquired);
    memset(fenced, 0, agents * sizeof *fenced);
    memset(lane_seen, 0, agents * sizeof *lane_seen);
    if (teams_used) memset(team_seen, 0, agents * sizeof *team_seen);
    teams_used = 0;
}

int kg_ordered(unsigned agent, uint32_t stamp) {
    unsigned self = kg_agent;
    if (stamp <= acquired[self]) return 1;
    if (stamp < kg_block_start) return 0;
    if (agent == self || stamp < kg_barrier_seen[self]) return 1;
    unsigned team = agent / kg_team;
    if (team == self / kg_team) return stamp < lane_seen[self][agent % kg_team];
    return teams_used && stamp < team_seen[self][team % MOST_LANES];
}

static int takes_part(unsigned agent, unsigned lanes, unsigned cluster) { return lanes == ~0u || lanes >> agent % cluster & 1; }

/* Those who met know what any of them knew of others, and all that they themselves have done. */
void kg_shadow_barrier(unsigned first, unsigned count, unsigned lanes, unsigned cluster) {
    if (!kg_strict) return;
    uint32_t most_acquired = 0, most_fenced = 0, most_barrier = 0, met = ++kg_now;
    uint32_t teams[MOST_LANES] = {0};
    int whole = first == 0 && count == kg_agents && lanes == ~0u;
    for (unsigned agent = first; agent < first + count; ++agent) {
        if (!takes_part(agent, lanes, cluster)) continue;
        if (acquired[agent] > most_acquired) most_acquired = acquired[agent];
        if (fenced[agent]) most_fenced = met;
        if (kg_barrier_seen[agent] > most_barrier) most_barrier = kg_barrier_seen[agent];
        for (unsigned team = 0; !whole && teams_used && team < MOST_LANES; ++team)
            if (team_seen[agent][team] > teams[team]) teams[team] = team_seen[agent][team];
    }
    if (!whole) teams_used = 1;
    for (unsigned agent = first; agent < first + count; ++agent)
        if (takes_part(agent, lanes, cluster) && !whole) teams[agent / kg_team % MOST_LANES] = met;
    for (unsigned agent = first; agent < first + count; ++agent) {
        if (!takes_part(agent, lanes, cluster)) continue;
        acquired[agent] = most_acquired, fenced[agent] = most_fenced, kg_barrier_seen[agent] = whole ? met : most_barrier;
        if (whole) continue;
        memcpy(team_seen[agent], teams, sizeof teams);
        unsigned own = agent / kg_team * kg_team;
        for (unsigned lane = 0; lane < kg_team; ++lane)
            if (own + lane >= first && own + lane < first + count && takes_part(own + lane, lanes, cluster)) lane_seen[agent][lane] = met;
    }
}

void kg_shadow_collective(unsigned warp, unsigned long long lanes) {
    if (!kg_strict) return;
    uint32_t seen[MOST_LANES] = {0}, most_acquired = 0, most_fenced = 0, most_barrier = 0, met = ++kg_now;
    unsigned first = warp * kg_team;
    for (unsigned long long rest = lanes; rest; rest &= rest - 1) {
        unsigned agent = first + (unsigned)__builtin_ctzll(rest);
        for (unsigned lane = 0; lane < kg_team; ++lane) seen[lane] = lane_seen[agent][lane] > seen[lane] ? lane_seen[agent][lane] : seen[lane];
        if (acquired[agent] > most_acquired) most_acquired = acquired[agent];
        if (fenced[agent]) most_fenced = met;
        if (kg_barrier_seen[agent] > most_barrier) most_barrier = kg_barrier_seen[agent];
    }
    for (unsigned lane = 0; lane < kg_team; ++lane) if (lanes >> lane & 1) seen[lane] = met;
    for (unsigned long long rest = lanes; rest; rest &= rest - 1) {
        unsigned agent = first + (unsigned)__builtin_ctzll(rest);
        memcpy(lane_seen[agent], seen, kg_team * sizeof *seen);
        acquired[agent] = most_acquired, fenced[agent] = most_fenced, kg_barrier_seen[agent] = most_barrier;
    }
}

/* An atomic on an address after a fence publishes what was done before the fence to who uses the address next. */
void kg_publish(uintptr_t address, int writes, int fence) {
    uint32_t *release = 0;
    for (unsigned probe = 0, slot = (unsigned)(address * 0x9e3779b97f4a7c15ull >> 52); probe < 16; ++probe, slot = (slot + 1) & 4095) {
        if (releases[slot].address && releases[slot].address != address) continue;
        releases[slot].address = address;
        release = &releases[slot].stamp;
        break;
    }
    if (!release) { acquired[kg_agent] = kg_now++; return; }          /* table full: rather too much order than a false alarm */
    if (*release > acquired[kg_agent]) acquired[kg_agent] = *release;
    uint32_t stamp = fence ? kg_now++ : fenced[kg_agent];
    if (writes && stamp > *release) *release = stamp;
}

void kg_fence(void) { if (kg_strict) fenced[kg_agent] = kg_now++; }
