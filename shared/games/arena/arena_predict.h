/* arena_predict.h - what a player sees of the own doing at once: walk and dash, both weapons, the
 * mark of a hit, pickups.
 *
 * A rail's hits are those on what the player sees: the others at the moment of the input's view.  A
 * bolt's are those that the authority will judge at a moment that a snapshot has told; from when it
 * judges in the present, its own events tell.  They hurt nobody here; the authority says whether it
 * was one (client/client_events.h).
 */
#ifndef ARENA_PREDICT_H
#define ARENA_PREDICT_H

#include "sim/game.h"

/* predict() of the game. */
void arena_predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                   struct sk_events *events);

#endif
