/* client_predict.h - the player's own entities where they are now, not where a snapshot had them.
 *
 * Predicted are kinds that have exact rows, of which some may be spawned (client_own.h).
 *
 *   input of tick T --> stepped at once by the game's own predict(), the server's code
 *   snapshot of tick S --> its exact own state, then the inputs of S + 1 .. T again
 *
 * When nothing but the player's own inputs moved it, the second gives the first, bit for bit.  When
 * something did, or an input came too late, it does not, and the difference is a correction: the
 * state changes at once, what is drawn follows in a few frames (half of it in 50 ms), unless the
 * entity was put elsewhere.
 *
 * What predict() emits is told once (client_events.h).
 *
 * Between two predicted ticks drawing interpolates, as it does between two snapshots.  What was
 * spawned is drawn later, to meet others where they are drawn (client_spawns.h).
 *
 * Each snapshot is judged by what was predicted there from the one before (client_drift.h).
 *
 * Memory   sk_client_predict_init() takes four worlds, and notes of what was spawned, from an
 *          arena; nothing allocates later.
 * Threads  one.
 * Time     ticks, and microseconds of the caller's clock for what is drawn.
 */
#ifndef CLIENT_PREDICT_H
#define CLIENT_PREDICT_H

#include "base/arena.h"
#include "client/client_drift.h"
#include "client/client_events.h"
#include "client/client_guard.h"

enum {
    SK_PREDICT_MS_MAX = 750, /* of inputs ahead of the newest snapshot; beyond it, they wait */
    SK_PREDICT_INPUTS = 256, /* remembered, by tick: more than that at any rate */
    SK_PREDICT_OWN_MAX = 16, /* own entities whose drawing is smoothed */
    SK_PREDICT_EVENTS = 16,  /* of one tick; more are not predicted */
};

/* When a frame is drawn. */
struct sk_predict_moment {
    uint64_t now_us;
    uint64_t others;  /* the moment at which others that fly are drawn, 1/256 ticks */
    uint8_t fraction; /* of the way from the tick before the newest predicted one to that */
};

/* An own entity whose drawing still differs from its state. */
struct sk_predict_offset {
    uint16_t kind;
    uint16_t slot; /* that is drawn */
    uint16_t life; /* another one in the slot is not smoothed */
    bool is_used;
    double rows[SK_FIELDS_MAX];
};

/* Lies where it was initialised: parts of it know others. */
struct sk_client_predict {
    const struct sk_plan *plan; /* borrowed */
    const void *content;        /* borrowed */
    uint32_t player;
    struct sk_client_own own;
    void *world;                               /* as of `tick` */
    void *before;                              /* one tick earlier */
    void *base;                                /* the newest snapshot, inferred */
    void *spare;                               /* for a look at another tick */
    uint32_t tick;                             /* predicted so far; 0: no snapshot came yet */
    uint32_t snapshot_tick;                    /* of the newest snapshot */
    uint32_t input_tick;                       /* the newest input */
    struct sk_input inputs[SK_PREDICT_INPUTS]; /* by tick */
    bool is_restamped; /* inputs since the newest snapshot were, so nobody knows what was used */
    bool is_guarded;   /* predict() is watched (client_guard.h); in debug builds from the start */
    struct sk_guard_fault fault; /* what it was caught at; its `what` NULL: nothing */
    struct sk_predict_offset offsets[SK_PREDICT_OWN_MAX];
    uint64_t offset_us; /* as of when the offsets are */
    struct sk_client_drift drift;
    enum sk_drift newest_verdict;
    struct sk_client_events events; /* that predict() emitted */
    struct sk_client_spawns spawns; /* that it spawned */
};

/* Bytes that sk_client_predict_init() takes. */
size_t sk_client_predict_cost(const struct sk_plan *plan);
/* Begins for one seat of a room.  Returns SK_OK, or SK_ERR_MEMORY. */
SK_MUST_CHECK int sk_client_predict_init(struct sk_client_predict *predict,
                                         const struct sk_plan *plan, const void *content,
                                         uint32_t player, struct sk_arena *arena);

/* The input of `tick`, which follows the one before or comes after a gap: steps to it, unless that
 * is more than SK_PREDICT_MS_MAX ahead of the newest snapshot. */
void sk_client_predict_on_input(struct sk_client_predict *predict, uint32_t tick,
                                const struct sk_input *input);
/* The server's time has lost ticks: all inputs are of as many ticks earlier (client_clock.h). */
void sk_client_predict_on_dropped(struct sk_client_predict *predict, uint32_t ticks);
/* The view has taken a snapshot: goes on from it. */
void sk_client_predict_on_snapshot(struct sk_client_predict *predict, struct sk_view *view,
                                   uint64_t now_us);

/* Whether an entity is predicted: one of the player's own, of a kind that has exact rows.  Such
 * are not drawn from the view. */
bool sk_client_predict_covers(const struct sk_client_predict *predict, uint32_t kind,
                              uint32_t owner);
/* How far what is drawn still differs from the state, for a correction that is on its way: of the
 * row that is off most, in parts of its range.  As of the newest frame. */
double sk_client_predict_offset(const struct sk_client_predict *predict);
/* Whether inputs wait for a snapshot. */
bool sk_client_predict_is_held(const struct sk_client_predict *predict);
/* The entity that is drawn in a slot, as it is in the predicted world or, of what was spawned, as
 * it was drawn last; NULL when there is none. */
const struct sk_entity *sk_client_predict_entity(const struct sk_client_predict *predict,
                                                 uint32_t kind, uint32_t slot);
/* Calls `draw` for each own entity: where it is between the tick before the newest predicted one
 * and that.  What was spawned has slots above those of its kind, and is drawn to meet the others
 * where they are drawn (client_spawns.h). */
void sk_client_predict_draw(struct sk_client_predict *predict,
                            const struct sk_predict_moment *moment, sk_draw_fn draw, void *context);

#endif
