/* sparks.h - a dot a player that fires sparks and says so: a game whose predict() emits and spawns.
 */
#ifndef SPARKS_H
#define SPARKS_H

#include "sim/game.h"

enum {
    SPARKS_FIRE = 1,  /* a button: while it is held, one each SPARKS_APART_TICKS */
    SPARKS_CHEAT = 2, /* a button: predict() pushes another's dot, as it must not */
    SPARKS_APART_TICKS = 8,
    SPARKS_LIFE_TICKS = 40,
    SPARKS_MAX = 64,
    SPARKS_SPEED = 50,
    SPARKS_KIND_DOT = 0,
    SPARKS_KIND_SPARK,
    SPARKS_EVENT_FIRED = 0,
};

struct spark_dot {
    struct sk_entity entity;
    int32_t x;
    uint16_t wait_ticks; /* until the next */
    uint16_t reserved;
};

struct spark {
    struct sk_entity entity;
    int32_t x;
    uint8_t key;
    uint8_t life_ticks;
    uint16_t reserved;
};

struct spark_fired {
    uint8_t player; /* the key */
    uint8_t x;      /* coarse */
};

struct sparks_world {
    struct sk_world head;
    struct spark_dot dots[16]; /* players_max in use */
    struct spark sparks[SPARKS_MAX];
};

/* The game, which lives forever. */
const struct sk_game *sparks_game(void);

#endif
