/* fleet.h - the tables of a small made-up game, and a match of it, for tests of whole snapshots.
 *
 * Every kind of row is there: integers and a float, signed and not, held, linear and turning, exact
 * ones for the owner, a kind without rows, events with and without fields.  The match moves by
 * itself; everything follows from the tick.
 */
#ifndef FLEET_H
#define FLEET_H

#include "sim/game.h"
#include "state/snapshot.h"

enum { FLEET_SHIPS = 12, FLEET_SHOTS = 70, FLEET_MINES = 3, FLEET_FRAMES = 64, FLEET_DIVISOR = 3 };

struct fleet_ship {
    struct sk_entity entity;
    uint16_t x;
    uint16_t y;
    uint16_t angle;
    uint8_t health;
    uint8_t flags;
    float heat;
    int16_t lean;
    uint16_t ammo;
};

struct fleet_shot {
    struct sk_entity entity;
    uint32_t x;
    int32_t y;
};

struct fleet_mine {
    struct sk_entity entity;
};

struct fleet_world {
    struct sk_world head;
    struct fleet_ship ships[FLEET_SHIPS];
    struct fleet_shot shots[FLEET_SHOTS];
    struct fleet_mine mines[FLEET_MINES];
    uint32_t reserved;
};

/* A match: the world now, and its last frames by tick / FLEET_DIVISOR % FLEET_FRAMES. */
struct fleet {
    struct sk_plan plan;
    struct fleet_world world;
    struct sk_frame empty;
    struct sk_frame frames[FLEET_FRAMES];
    struct sk_event events[SK_FRAME_EVENTS_MAX]; /* of the last snapshots, oldest first */
    struct sk_events sink;
    _Alignas(16) uint8_t block[FLEET_FRAMES * 4096];
};

/* Fills a plan as sk_plan_init() does for a game with these tables (but plan->game is NULL). */
void fleet_init_plan(struct sk_plan *plan);
/* Starts a match at tick 0. */
void fleet_init(struct fleet *fleet);
/* Goes on to the next snapshot tick and keeps its frame. */
void fleet_step(struct fleet *fleet);
/* The frame of a snapshot tick that is at most FLEET_FRAMES snapshots old, 0: the empty frame. */
const struct sk_frame *fleet_frame(const struct fleet *fleet, uint32_t tick);
/* The newest frame as a message to `player` against `baseline_tick`, 0 for a keyframe.  Returns its
 * bytes; it must fit (asserted). */
size_t fleet_message(const struct fleet *fleet, uint32_t baseline_tick, uint16_t player,
                     uint8_t *out, size_t capacity);

#endif
