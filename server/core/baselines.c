/* baselines.c - see baselines.h.  A greedy choice: what is best at once, then what is best beside
 * it, and so on.  It looks at a client again only while something newer than what was chosen for it
 * is held. */
#include "baselines.h"

#include "base/assert.h"

enum { SNAPSHOTS = 32, NONE_AGE = 2 * SK_FRAME_RING_SLOTS };
_Static_assert(SK_FRAME_RING_SLOTS <= SNAPSHOTS, "a set has a bit for each");

/* How many intervals the newest of a set is old. */
static uint32_t age_of(uint32_t set)
{
    return set == 0 ? NONE_AGE : (uint32_t)__builtin_ctz(set) + 1;
}

/* Adds to each gain by how much the claim's baseline were newer with that snapshot chosen too. */
static void add_gains(uint32_t held, uint32_t chosen, uint32_t gains[SNAPSHOTS])
{
    uint32_t has_age = age_of(held & chosen);
    uint32_t newer = has_age > SNAPSHOTS ? held : held & (((uint32_t)1 << (has_age - 1)) - 1);
    for (; newer != 0; newer &= newer - 1) {
        gains[__builtin_ctz(newer)] += has_age - age_of(newer);
    }
}

/* The snapshot that is the best to be chosen next; 0: none makes any baseline newer. */
static uint32_t find_best(const struct baseline_claim *claims, uint32_t count, uint32_t chosen)
{
    uint32_t gains[SNAPSHOTS] = {0};
    uint32_t best = 0;
    for (uint32_t i = 0; i < count; i++) {
        add_gains(claims[i].held, chosen, gains);
    }
    for (uint32_t i = 1; i < SNAPSHOTS; i++) {
        best = gains[i] > gains[best] ? i : best;
    }
    return gains[best] == 0 ? 0 : (uint32_t)1 << best;
}

uint32_t baselines_choose(const struct baseline_claim *claims, uint32_t count)
{
    uint32_t everybodys = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        everybodys &= claims[i].held != 0 ? claims[i].held : UINT32_MAX;
    }
    if (everybodys & 1) {
        return 1;
    }
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < SK_BASELINES_A_SNAPSHOT_MAX; i++) {
        chosen |= find_best(claims, count, chosen);
    }
    SK_ASSERT(__builtin_popcount(chosen) <= SK_BASELINES_A_SNAPSHOT_MAX);
    return chosen;
}
