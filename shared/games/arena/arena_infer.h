/* arena_infer.h - what a bot that plays over the wire guesses of the authority's world: how fast
 * the others go, and where everybody was.
 */
#ifndef ARENA_INFER_H
#define ARENA_INFER_H

#include <stdint.h>

/* sk_game.infer: fills the speeds of all but `player`, and the rewind ring as far as snapshots
 * tell: each is taken for all ticks since the one before. */
void arena_infer(void *world, const void *older, uint32_t player);

#endif
