/* client_spawns.h - what the player's input has spawned, one thing for the renderer all through.
 *
 *   predict() takes a slot --> drawn at once
 *        a snapshot has one of the same kind and key, of this player --> bound: the authority's
 *        it has used the input, and there is none                    --> undone: drawn no more
 *
 * A spawn has an id that stays, whatever slot it has in a world: above the slots of its kind, so
 * that it is nobody else's.
 *
 * Drawing.  The authority judges what flies at first at what its player saw, and then in the
 * present (sim/rewind.h); the others are drawn in the past.  So a spawn leaves the muzzle where the
 * player is drawn, flies slower while that age shrinks, and is then where the others are: what is
 * seen to be hit is hit.  Where it was at each tick is kept, for the predicted world is ahead.  One
 * that has ended on the screen does not come back in the next frame when the authority lets it live
 * a little longer: a hit is seen on both ends a few ticks apart.
 *
 * Memory   sk_client_spawns_init() takes the notes from an arena.  More than SK_SPAWNS_MAX at once
 *          are not drawn.
 * Threads  one.
 * Time     ticks, and 1/256 of them.
 */
#ifndef CLIENT_SPAWNS_H
#define CLIENT_SPAWNS_H

#include "base/arena.h"
#include "client/client_own.h"

enum { SK_SPAWNS_MAX = 32, SK_SPAWN_ENDED_MS = 100 };

struct sk_spawn {
    uint32_t tick;       /* that launched it */
    uint32_t age;        /* how old what the player saw was then, 1/256 ticks */
    uint32_t ended_tick; /* the first that does not have it; 0: it goes on */
    uint32_t noted_from; /* the ticks it was noted at, but for those that were long ago */
    uint32_t noted_to;   /* 0: none */
    uint32_t seen_tick;  /* the newest since the snapshot that has it; 0: none */
    uint32_t drawn;      /* how far it had flown when it was drawn last, 1/256 ticks */
    uint16_t kind;
    uint8_t key;
    bool is_used;
    bool is_bound;
    bool is_withdrawn; /* it ended by a correction, not in a tick's course */
    bool is_over;      /* at the authority too: it is still drawn up to its end */
};

struct sk_client_spawns {
    const struct sk_client_own *own; /* borrowed */
    struct sk_spawn spawns[SK_SPAWNS_MAX];
    uint8_t *notes; /* of each spawn note_ticks copies of the entity, by tick */
    uint32_t note_ticks;
    uint32_t note_bytes;
    uint32_t next; /* where the search for a free one begins: an id is not used again at once */
    uint32_t snapshot_tick;
    uint64_t bound_count;
    uint64_t undone_count;
};

/* When a frame is drawn. */
struct sk_spawn_moment {
    uint64_t now;    /* the predicted moment, 1/256 ticks */
    uint64_t others; /* at which others are drawn */
};

/* How a spawn is drawn: on the way from one tick's to another's. */
struct sk_spawn_way {
    const struct sk_entity *from;
    const struct sk_entity *to;
    double share; /* above 1: beyond `to`, half a tick at most */
};

/* Bytes that sk_client_spawns_init() takes. */
size_t sk_client_spawns_cost(const struct sk_plan *plan);
/* Begins with none.  Returns SK_OK, or SK_ERR_MEMORY. */
SK_MUST_CHECK int sk_client_spawns_init(struct sk_client_spawns *spawns,
                                        const struct sk_client_own *own, struct sk_arena *arena);
/* A snapshot came, `world` is its: binds what it has, undoes what it should have and has not. */
void sk_client_spawns_on_snapshot(struct sk_client_spawns *spawns, const void *world,
                                  uint32_t tick);
/* The predicted world at `tick`, the next after the snapshot's or after the one before; `age` is
 * that of the tick's input. */
void sk_client_spawns_on_step(struct sk_client_spawns *spawns, const void *world, uint32_t tick,
                              uint32_t age);
/* Prediction has come to `tick`: it goes no further from this snapshot for now. */
void sk_client_spawns_on_predicted(struct sk_client_spawns *spawns, uint32_t tick);
/* What was predicted after `tick` is of so many ticks earlier, and so are the keys. */
void sk_client_spawns_on_dropped(struct sk_client_spawns *spawns, uint32_t tick, uint32_t ticks);

/* Where spawn `index` is drawn at a moment.  Returns false when it is not. */
bool sk_client_spawns_draw(struct sk_client_spawns *spawns, uint32_t index,
                           const struct sk_spawn_moment *moment, struct sk_spawn_way *way);
/* The id of spawn `index`. */
uint32_t sk_client_spawns_id(const struct sk_client_spawns *spawns, uint32_t index);
/* The spawn of an id as it was drawn last, NULL when it is not. */
const struct sk_entity *sk_client_spawns_of(const struct sk_client_spawns *spawns, uint32_t kind,
                                            uint32_t id);

#endif
