/* arena_predict.h - what a player sees of the own doing at once: walk and dash, both weapons, the
 * mark of a hit, pickups.
 *
 * Hits are those on what the player sees: the others at the moment of the input's view.  They hurt
 * nobody here; the authority says whether it was one (client/client_events.h).
 */
#ifndef ARENA_PREDICT_H
#define ARENA_PREDICT_H

#include "sim/game.h"

/* predict() of the game. */
void arena_predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                   struct sk_events *events);

#endif
