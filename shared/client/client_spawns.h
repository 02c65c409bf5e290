/* client_spawns.h - what the player's input has spawned, one thing for the renderer all through.
 *
 *   predict() takes a slot --> drawn at once
 *        a snapshot has one of the same kind and key, of this player --> bound: the authority's
 *        it has used the input, and there is none                    --> undone: drawn no more
 *
 * A spawn has an id that stays, whatever slot it has in a world: above the slots of its kind, so
 * that it is nobody else's.  One that has ended on the screen does not come back in the next frame
 * when the authority lets it live a little longer: a hit is seen on both ends a few ticks apart.
 *
 * Memory   plain, the caller's.  More than SK_SPAWNS_MAX at once are not drawn.
 * Threads  one.
 * Time     ticks.
 */
#ifndef CLIENT_SPAWNS_H
#define CLIENT_SPAWNS_H

#include "client/client_own.h"

enum { SK_SPAWNS_MAX = 32, SK_SPAWN_ENDED_MS = 100 };

struct sk_spawn {
    uint32_t tick; /* it was first predicted in; of the snapshot, of one that was not predicted */
    uint32_t ended_tick; /* when it was gone on the screen; 0: it is there */
    uint16_t kind;
    uint16_t slot; /* in the predicted world; meaningless while is_there is false */
    uint8_t key;
    bool is_used;
    bool is_there;
    bool is_bound;
    bool is_withdrawn; /* it ended by a correction, not in a tick's course */
};

struct sk_client_spawns {
    const struct sk_client_own *own; /* borrowed */
    struct sk_spawn spawns[SK_SPAWNS_MAX];
    uint32_t next; /* where the search for a free one begins: an id is not used again at once */
    uint32_t tick; /* of the predicted world, when it was seen last */
    uint64_t bound_count;
    uint64_t undone_count;
};

/* Begins with none. */
void sk_client_spawns_init(struct sk_client_spawns *spawns, const struct sk_client_own *own);
/* A snapshot came, `world` is its: binds what it has, undoes what it should have and has not. */
void sk_client_spawns_on_snapshot(struct sk_client_spawns *spawns, const void *world,
                                  uint32_t tick);
/* The predicted world, all of the way from the snapshot's tick to `tick`. */
void sk_client_spawns_on_predicted(struct sk_client_spawns *spawns, const void *world,
                                   uint32_t snapshot_tick, uint32_t tick);
/* What was predicted after `tick` is of so many ticks earlier, and so are the keys. */
void sk_client_spawns_on_dropped(struct sk_client_spawns *spawns, uint32_t tick, uint32_t ticks);

/* The spawn that is drawn in a slot of the predicted world, and its id; NULL: none. */
const struct sk_spawn *sk_client_spawns_in(const struct sk_client_spawns *spawns, uint32_t kind,
                                           uint32_t slot, uint32_t *id);
/* The spawn of an id, as it is in the predicted world; NULL when it is not there. */
const struct sk_spawn *sk_client_spawns_of(const struct sk_client_spawns *spawns, uint32_t kind,
                                           uint32_t id);

#endif
