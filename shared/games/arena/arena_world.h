/* arena_world.h - the world of arena: a top-down shooter on a tile map, 2 to 32 players.
 *
 * Everything is an integer.  A tile is ARENA_TILE units wide, x grows to the right and y downwards,
 * speeds are units a tick, angles 16-bit turns (0 to the right, 16384 down).
 *
 *   arena_game.c     the game's constants, joining and leaving, one tick
 *   arena_fields.c   what is on the wire
 *   arena_map.c      maps from text; walls, rays and ways
 *   arena_player.c   what a player's input does to the player: predicted in the browser too
 *   arena_combat.c   damage and pickups: authority only; what shots do by themselves: both ends
 *   arena_predict.c  what a player sees of the own shots and pickups at once: clients only
 *   arena_match.c    rounds, clock: authority only
 *   arena_team.c     who is on whose side: authority only
 *   arena_result.c   what each player did in a round, and the rank of it: authority only
 *   arena_spawn.c    where players appear: authority only
 *   arena_bots.c     think(): authority only, and bots that play over the wire
 *   arena_infer.c    what such bots must guess
 */
#ifndef ARENA_WORLD_H
#define ARENA_WORLD_H

#include "sim/game.h"
#include "sim/rewind.h"

enum {
    ARENA_PLAYERS_MAX = 32,
    ARENA_PROJECTILES_A_PLAYER = 6,
    ARENA_PROJECTILES_MAX = ARENA_PLAYERS_MAX * ARENA_PROJECTILES_A_PLAYER,
    ARENA_PICKUPS_MAX = 24,
    ARENA_TICK_HZ = 60,
    ARENA_SNAPSHOT_DIVISOR = 3,
    ARENA_VIEW_AGE_MS = 500, /* what lag compensation honours */
    ARENA_REWIND_TICKS = 36,

    ARENA_TILE = 16384,
    ARENA_STEP = 128, /* a position's step on the wire */
    ARENA_POSITION_MAX = 8191 * ARENA_STEP,
    ARENA_RADIUS = 6400, /* of a player */
    ARENA_HEALTH_MAX = 100,
    ARENA_SLUGS_MAX = 15,
    ARENA_STREAK_MAX = 31,
    ARENA_NOBODY = 0, /* winner and killer are a player + 1 */
    ARENA_NO_TEAM = 0,
    ARENA_TEAM_COUNT = 2, /* a team's number goes from 1 */
    ARENA_RANK_COUNT = 6,
};
_Static_assert(ARENA_REWIND_TICKS >
                   ARENA_VIEW_AGE_MS * ARENA_TICK_HZ / 1000 + ARENA_SNAPSHOT_DIVISOR,
               "both snapshots that were drawn between must be in the ring");

/* sk_input.buttons; axes 0 and 1 are the way to go, 32767 the full speed, axis 2 the aim's turn. */
enum arena_button {
    ARENA_FIRE = 1,
    ARENA_DASH = 2,
    ARENA_TAKE_BLASTER = 4,
    ARENA_TAKE_RAIL = 8,
    ARENA_PRESSES = ARENA_DASH | ARENA_TAKE_BLASTER | ARENA_TAKE_RAIL,
    ARENA_BUTTONS = ARENA_FIRE | ARENA_PRESSES,
};

enum arena_weapon { ARENA_BLASTER, ARENA_RAIL, ARENA_WEAPON_COUNT };
enum arena_pickup_type { ARENA_PICKUP_HEALTH, ARENA_PICKUP_SLUGS };
enum arena_state { ARENA_PLAYING, ARENA_PAUSE };
enum arena_mode { ARENA_FREE_FOR_ALL, ARENA_TEAMS, ARENA_MODE_COUNT };

/* Order of sk_game.options, kinds, events and commands. */
enum {
    ARENA_OPTION_ROUND_SECONDS,
    ARENA_OPTION_SCORE_LIMIT, /* of a player, or of a team; 0: none */
    ARENA_OPTION_RESPAWN_TICKS,
    ARENA_OPTION_BOT_SKILL,
    ARENA_OPTION_MAP,  /* 0: another one each round; else its number from 1 */
    ARENA_OPTION_MODE, /* enum arena_mode */
    ARENA_OPTION_COUNT
};
enum {
    ARENA_KIND_PLAYER,
    ARENA_KIND_PROJECTILE,
    ARENA_KIND_PICKUP,
    ARENA_KIND_MATCH,
    ARENA_KIND_COUNT
};
enum {
    ARENA_EVENT_SHOT,
    ARENA_EVENT_BEAM,
    ARENA_EVENT_HIT,
    ARENA_EVENT_HURT,
    ARENA_EVENT_KILL,
    ARENA_EVENT_PICKUP,
    ARENA_EVENT_SPAWN,
    ARENA_EVENT_ROUND_START,
    ARENA_EVENT_ROUND_END,
    ARENA_EVENT_RESULT,
    ARENA_EVENT_JUDGED, /* for the shooter alone: why a rail hit or missed */
    ARENA_EVENT_COUNT
};
enum { ARENA_COMMAND_COLOUR }; /* one byte: 0..7 */

/* World structs: the compiler refuses a hole. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

struct arena_player {
    struct sk_entity entity;
    int32_t x;
    int32_t y;
    uint32_t foreseen_pickups; /* taken in predict() since the newest snapshot, by slot: 0 in it */
    int16_t speed_x;
    int16_t speed_y;
    uint16_t aim;           /* turn */
    uint16_t respawn_ticks; /* until the dead come back */
    uint16_t score;
    uint16_t deaths;
    uint16_t shots; /* of this round, as are the hits */
    uint16_t hits;
    uint16_t points;        /* of all rounds: what the rank comes of */
    uint8_t health;         /* 0: dead */
    uint8_t weapon;         /* enum arena_weapon */
    uint8_t slugs;          /* for the rail */
    uint8_t cooldown_ticks; /* until the next shot */
    uint8_t dash_ticks;     /* of this dash left */
    uint8_t dash_wait_ticks;
    uint8_t shield_ticks; /* after a spawn nothing hurts */
    uint8_t shielded;     /* 1 while shield_ticks > 0 */
    uint8_t colour;
    uint8_t bot;
    uint8_t streak;      /* kills since the last death */
    uint8_t best_streak; /* of this round */
    uint8_t team;        /* 1 or 2; ARENA_NO_TEAM when all play for themselves */
    uint8_t rank;        /* 0 to ARENA_RANK_COUNT - 1 */
};

struct arena_projectile {
    struct sk_entity entity;
    int32_t x;
    int32_t y;
    uint16_t angle;
    uint16_t view_age; /* how old what its shooter saw was when he fired, 1/256 ticks */
    uint8_t key;       /* low byte of the tick that launched it: its age, too */

    /* For the operator, of whom it has come nearest to: */
    uint8_t view_limit; /* enum sk_view_limit of the input that fired it */
    uint8_t near_ticks; /* how old it was then */
    uint8_t near;       /* player + 1; ARENA_NOBODY: nobody yet */
    int32_t missed;     /* by how much it went past him; 0 and below: a hit */
    int32_t moved;      /* how far he was put back */
};

struct arena_pickup {
    struct sk_entity entity;
    int32_t x;
    int32_t y;
    uint16_t wait_ticks; /* until it is back */
    uint8_t type;        /* enum arena_pickup_type */
    uint8_t ready;
};

struct arena_match {
    struct sk_entity entity;
    uint32_t left_ticks; /* of the round or the pause */
    uint16_t left_seconds;
    uint8_t state; /* enum arena_state */
    uint8_t map;   /* index into the content's maps */
    uint8_t round;
    uint8_t winner;   /* of the last round: player + 1, or a team */
    uint8_t next_map; /* as map, of the round after this one */
    uint8_t reserved;
    uint16_t team_1_score; /* with what those made who have left */
    uint16_t team_2_score;
};

struct arena_world {
    struct sk_world head;
    struct arena_match match;
    struct arena_player players[ARENA_PLAYERS_MAX];
    struct arena_projectile projectiles[ARENA_PROJECTILES_MAX];
    struct arena_pickup pickups[ARENA_PICKUPS_MAX];
    uint32_t rewind[]; /* of head.players_max players: sim/rewind.h */
};

#pragma GCC diagnostic pop

struct arena_shot {
    uint8_t player;
};
struct arena_beam {
    int32_t x; /* where it begins */
    int32_t y;
    int32_t length;
    uint16_t angle;
    uint8_t player;
};
struct arena_judged {
    int32_t moved;         /* how far the target was put back */
    int32_t missed;        /* by how much the beam went past it; 0 and below: a hit */
    uint8_t target;        /* player + 1: hit, or the nearest; ARENA_NOBODY */
    uint8_t limit;         /* enum sk_view_limit */
    uint8_t view_tick;     /* the newer snapshot: so many ticks before; 0: the present */
    uint8_t view_interval; /* to the older */
    uint8_t view_fraction; /* of the way */
};
struct arena_hit {
    uint8_t victim;
    uint8_t damage;
};
struct arena_hurt {
    uint8_t attacker;
    uint8_t damage;
};
struct arena_kill {
    uint8_t killer; /* player + 1 */
    uint8_t victim;
    uint8_t weapon;
    uint8_t streak;
};
struct arena_taken {
    uint8_t player;
    uint8_t type;
};
struct arena_spawn {
    uint8_t player;
};
struct arena_round {
    uint8_t round;
    uint8_t map;
    uint8_t winner; /* as in struct arena_match */
};
/* What no row tells of a player's round, for this one alone. */
struct arena_result {
    uint16_t gained;  /* points towards the rank */
    uint16_t missing; /* to the next rank; 0 in the last */
    uint8_t place;    /* 1: nobody has a higher score */
    uint8_t player_count;
    uint8_t best_streak;
    uint8_t accuracy; /* hits of 100 shots */
    uint8_t rank;
};

/* The tables of arena_fields.c, in the orders above. */
extern const struct sk_kind arena_kinds[];
extern const struct sk_event_type arena_events[];

/* The rewind ring of a world with so many seats. */
struct sk_rewind arena_rewind_of(uint32_t players_max);

#endif
