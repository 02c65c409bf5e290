/* view.h - what a client knows: snapshots decoded, verified, kept and drawn in between.
 *
 * Used by the wasm module in the browser and by libskirmish alike.  Fed with snapshot messages, it
 * keeps the frames that later deltas may name, says what to acknowledge, samples a moment in the
 * past for drawing, and gives events when drawing time passes them.
 *
 * Memory   sk_view_init() carves all from an arena; nothing is allocated later.
 * Threads  one.
 * Time     the caller passes drawing time as a tick and a fraction.
 */
#ifndef SK_VIEW_H
#define SK_VIEW_H

#include "sim/game.h"
#include "sim/interpolate.h"
#include "state/snapshot.h"

enum { SK_VIEW_FRAMES = 32 };

struct sk_view {
    const struct sk_plan *plan;             /* borrowed */
    struct sk_frame empty;                  /* the baseline of keyframes */
    struct sk_frame spare;                  /* decoded into; joins the ring when it is sound */
    struct sk_frame frames[SK_VIEW_FRAMES]; /* ring by arrival; tick 0: none */
    uint32_t newest;                        /* index of the newest applied */
    uint32_t newest_tick;                   /* 0: nothing applied yet; what to acknowledge */
    struct sk_own_part own;                 /* of the newest */
    void *world; /* the newest snapshot, own rows exact; predict() runs on copies of it */
    struct sk_events events; /* not shown yet, oldest first */
    uint32_t told_tick;      /* before the first snapshot: events up to here are known */
    uint32_t ahead;      /* 1/256 tick by which extrapolated kinds are drawn later than the rest */
    bool wants_keyframe; /* a baseline was lacking or had another hash; until one is applied */
};

/* Bytes that sk_view_init() takes. */
size_t sk_view_cost(const struct sk_plan *plan);
/* Makes an empty view.  The head of its world says what the plan knows; the seed is the caller's to
 * set.  Returns SK_OK or SK_ERR_MEMORY. */
SK_MUST_CHECK int sk_view_init(struct sk_view *view, const struct sk_plan *plan,
                               struct sk_arena *arena);

/* Takes one snapshot message.  Returns SK_OK when it was applied (view->newest_tick is its tick);
 * SK_ERR_AGAIN for an old one, dropped; SK_ERR_MISMATCH when its baseline is not at hand or has
 * another hash: ask for a keyframe; SK_ERR_TRUNCATED, SK_ERR_RANGE or SK_ERR_PROTOCOL for bytes
 * that no server writes.  After an error the view is as it was, but for the wish. */
SK_MUST_CHECK int sk_view_take(struct sk_view *view, const uint8_t *bytes, size_t size);
/* Takes only head and input report of a snapshot message, for a load generator that must not be
 * slower than the server: newest_tick and `own` are as after sk_view_take(), the world, what is
 * drawn and the events are not.  Baselines are not looked for, so nothing is a mismatch.  Returns
 * SK_OK, SK_ERR_AGAIN, or SK_ERR_TRUNCATED, SK_ERR_RANGE or SK_ERR_PROTOCOL, as sk_view_take(). */
SK_MUST_CHECK int sk_view_skip(struct sk_view *view, const uint8_t *bytes, size_t size);

/* Which snapshots before the newest are at hand as baselines: bit i, the one i + 1 intervals before
 * it (SESSION.md, "Acks and baselines"). */
uint32_t sk_view_applied(const struct sk_view *view);

/* Gets one entity: its kind, slot, owner and the values of its quantised rows as numbers, borrowed
 * during the call. */
typedef void (*sk_draw_fn)(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                           const double *values);
/* Calls `draw` for each entity alive at tick + fraction / 256, between the two snapshots around it
 * (the nearest one outside of what is known).  A row moves by its predictor; one of an entity that
 * has another generation or jump in the newer snapshot stays as in the older.
 *
 * A kind with SK_EXTRAPOLATED rows is drawn view->ahead later.  Beyond the newest snapshot, and
 * from the last one that has an entity to the next, these rows go on as they did before, for at
 * most 100 ms.
 *
 * Of such a kind with SK_LAUNCH_FIELD, an entity launched between two snapshots is drawn from the
 * tick of its launch on, but for what is more than 100 ms before the newer: these rows go straight
 * from where its owner was a tick before, by the SK_REWOUND rows of an entity of the owner's in
 * their order, to where the newer has them. */
void sk_view_draw(const struct sk_view *view, uint32_t tick, uint8_t fraction, sk_draw_fn draw,
                  void *context);
/* The moment that sk_view_draw() draws then, as the rewind ring judges it; tick 0: nothing. */
struct sk_moment sk_view_moment(const struct sk_view *view, uint32_t tick, uint8_t fraction);

/* Events up to `tick` were told already, by the view before this one: the seat was resumed, and the
 * keyframe repeats what is younger than 250 ms.  To be called before the first snapshot. */
void sk_view_resume(struct sk_view *view, uint32_t tick);
/* Takes the oldest event with a tick <= `tick`, but for those more than a second older, which are
 * thrown away: nobody looked, and what is shown late is not what happens.  Returns false when there
 * is none.  Of events that nobody takes the newest SK_FRAME_EVENTS_MAX are kept. */
bool sk_view_take_event(struct sk_view *view, uint32_t tick, struct sk_event *event);
/* Takes event number `index` of view->events out: it was told otherwise. */
void sk_view_remove_event(struct sk_view *view, uint32_t index);

#endif
