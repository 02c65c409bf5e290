/* client_own.h - which entities of a world are the player's own and predicted.
 *
 * Predicted are kinds that have exact rows: of others the player knows no more than everybody.  A
 * kind with a key row is spawned by its player's input: predict() may take and free its slots, and
 * which is which is told by kind and key, for both ends may use different slots.
 *
 * Memory   plain, the caller's.
 * Threads  one.
 */
#ifndef CLIENT_OWN_H
#define CLIENT_OWN_H

#include "sim/game.h"

struct sk_client_own {
    const struct sk_plan *plan; /* borrowed */
    uint32_t player;
    bool is_predicted[SK_KINDS_MAX];
    const struct sk_field *keys[SK_KINDS_MAX]; /* NULL: not spawned by input */
};

/* Looks the kinds up. */
void sk_client_own_init(struct sk_client_own *own, const struct sk_plan *plan, uint32_t player);

/* The entity of a world in a slot. */
const struct sk_entity *sk_client_own_at(const struct sk_client_own *own, const void *world,
                                         uint32_t kind, uint32_t slot);
/* Alive, and the player's? */
bool sk_client_own_is(const struct sk_client_own *own, const struct sk_entity *entity);
/* Goes on to the next own entity that is predicted, after (*kind, *slot); begins with *slot
 * UINT32_MAX of kind 0.  Returns NULL at the end. */
const struct sk_entity *sk_client_own_next(const struct sk_client_own *own, const void *world,
                                           uint32_t *kind, uint32_t *slot);
/* The own entity of a spawned kind that has this key, NULL when there is none. */
const struct sk_entity *sk_client_own_find(const struct sk_client_own *own, const void *world,
                                           uint32_t kind, uint8_t key);
/* The key of an entity of a spawned kind. */
uint8_t sk_client_own_key(const struct sk_client_own *own, uint32_t kind,
                          const struct sk_entity *entity);

#endif
