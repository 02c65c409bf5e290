/* game.h - the interface of a game: one C game runs on the server and, as wasm, in the browser.
 *
 * A game is constants and functions over one relocatable block of plain data, the world: no
 * pointers, no implicit padding, fixed-width members, a struct sk_world first.  So a checkpoint is
 * a copy, a hash one pass, a fork a memcpy and a replay the inputs again.  Content (the map) is a
 * constant block beside it.  Nothing enters a world but what these calls are handed.
 *
 * A game keeps to integers, or to IEEE + - * / sqrt floor compares; trigonometry is base/trig.h's.
 * Randomness is sk_random(seed, tick, entity, purpose).  It has no clock, no allocation, no
 * globals.
 *
 * A shot is judged at what its player saw by sim/rewind.h, and sim/audit.h notes why it hit.
 * state/field.h says what a row may be for: exact, rewound, a key.
 *
 * Memory   the host owns world and content; a game keeps no pointer past a call.
 * Threads  one room is stepped by one thread; rooms of one game run beside each other.
 */
#ifndef SK_GAME_H
#define SK_GAME_H

#include "state/event.h"
#include "state/field.h"

enum { SK_GAME_ABI = 2, SK_OPTIONS_MAX = 8, SK_AXES = 4 };

/* What moved an input's view to a moment that is honoured. */
enum sk_view_limit {
    SK_VIEW_FREE,   /* nothing: it was judged as it was told */
    SK_VIEW_OLD,    /* older than view_age_ms */
    SK_VIEW_WIDE,   /* between two snapshots of which the older is too old */
    SK_VIEW_AHEAD,  /* it came forward faster than anybody draws */
    SK_VIEW_BEHIND, /* it fell behind faster than anybody draws */
    SK_VIEW_LIMIT_COUNT,
};

/* A game controller's sample, with a view: what the player was looking at. */
struct sk_input {
    uint32_t buttons;
    int16_t axes[SK_AXES]; /* meaning is the game's */
    uint32_t view_tick;    /* the newer of the two snapshot ticks drawn between; 0: none */
    uint8_t view_fraction; /* of the way from the older to the newer, 1/256 */
    uint8_t view_interval; /* ticks from the older to the newer; 0: the newer alone was drawn */
    uint8_t view_limit;    /* enum sk_view_limit: the host's word, never a client's */
    uint8_t reserved;      /* 0 */
};
_Static_assert(sizeof(struct sk_input) == 20, "inputs are journaled: no padding");

/* The head of every world.  The host sets all of it before start() and `tick` before each step().
 */
struct sk_world {
    uint32_t tick; /* of the last step; 0 after start() */
    uint32_t world_bytes;
    uint32_t players_max;
    uint32_t reserved;    /* 0 */
    uint64_t seed;        /* known to clients */
    uint64_t secret_seed; /* never leaves the server: 0 in a client's world */
    uint32_t options[SK_OPTIONS_MAX];
};
_Static_assert(sizeof(struct sk_world) == 64, "worlds are hashed: no padding");

/* The range of an axis, which 0 lies in: a neutral input is legal. */
struct sk_axis {
    int16_t min;
    int16_t max; /* both 0: the game does not use it */
};

/* An option that whoever opens a room may set. */
struct sk_option {
    const char *name; /* at most 24 lower-case letters, digits and underscores, a letter first */
    uint32_t min;
    uint32_t max;
    uint32_t default_value; /* when nobody says anything */
};

/* A number of the game that its clients need by name: a button, a unit, a state, and of an option
 * whose values have names each of them, as OPTION_VALUE.  The build hands it to TypeScript
 * (generated/NAME.ts, `constants`). */
struct sk_constant {
    const char *name; /* lower-case letters, digits, underscores; a letter first */
    int32_t value;
};

/* A rare, typed, reliable message of a player to the game. */
struct sk_command_type {
    const char *name;
    uint16_t bytes_max;
};

/* One of them. */
struct sk_command {
    uint16_t type;
    bool wants_answer; /* false: nobody hears the answer unless it is refused */
    uint32_t number;   /* of the player's commands, counted up from 1 */
    const uint8_t *bytes;
    size_t size;
};

/* What the player who sent it hears: bytes whose meaning is the game's, or, of a command that was
 * refused, words for a person in UTF-8. */
struct sk_answer {
    uint32_t size;
    uint8_t bytes[SK_ANSWER_BYTES_MAX];
};

struct sk_game {
    uint32_t abi;        /* SK_GAME_ABI */
    uint32_t game_bytes; /* sizeof(struct sk_game) as the game was compiled */
    const char *name;    /* lower-case letters, digits, dashes */
    uint64_t code_hash;  /* SK_CODE_HASH: over the sources of game, sim, state and base */

    uint16_t tick_hz;          /* 0: SK_TICK_HZ_DEFAULT */
    uint16_t snapshot_divisor; /* 0: 3, so 20 snapshots a second */
    uint16_t players_min;
    uint16_t players_max; /* at most SK_PLAYERS_MAX */

    /* What an input may hold: the rest is taken away on both ends before the game sees it.  A
     * missing input repeats the last one's buttons but not those of press_buttons, which act once
     * when they go down. */
    uint32_t buttons;
    uint32_t press_buttons; /* of them */
    struct sk_axis axes[SK_AXES];

    uint16_t view_age_ms; /* how old a view may be that a shot is judged at; 0: 500 */

    const struct sk_kind *kinds;
    const struct sk_event_type *events;
    const struct sk_option *options;
    const struct sk_command_type *commands;
    const struct sk_constant *constants;
    uint16_t kind_count;
    uint16_t event_count;
    uint16_t option_count;
    uint16_t command_count;
    uint16_t constant_count;
    const char *content_name; /* file under assets/, NULL when the game needs none */

    /* Builds the content block from the file's bytes (hostile: an operator's typo).  Returns its
     * bytes, or an error; with `content` NULL just the bytes it would need. */
    int (*content)(const uint8_t *source, size_t size, void *content, size_t capacity);

    /* The world's size and where each kind lies, for so many seats and these options: fills
     * places[kind_count].  Returns the world's bytes (a multiple of 8), or SK_ERR_CONFIG. */
    int (*layout)(uint32_t players_max, const uint32_t *options, struct sk_place *places);

    /* Fills a zeroed world whose head is set.  Authority only, as are the next five. */
    void (*start)(void *world, const void *content);
    /* A player takes or gives up seat `player` (< players_max).  `bot`: think() will play it. */
    void (*join)(void *world, const void *content, uint32_t player, bool bot);
    void (*leave)(void *world, const void *content, uint32_t player);
    /* A command came, each once and in the order of their numbers.  `answer` is empty; what is put
     * there goes to the player.  Returns false when the command means nothing: the player is then
     * told so, in the answer's words or, when there are none, in the host's. */
    bool (*command)(void *world, const void *content, uint32_t player,
                    const struct sk_command *command, struct sk_answer *answer);
    /* One tick.  inputs[players_max], neutral for empty seats. */
    void (*step)(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events);
    /* Makes a bot's input before step(); need not be deterministic, for inputs are journaled.  A
     * headless client calls it as well, on its own world after infer(): there what is not on the
     * wire is 0 and the secret seed is the client's own. */
    void (*think)(const void *world, const void *content, uint32_t player, struct sk_input *input);

    /* Both ends: moves only what `player` controls by one tick; everybody else is read-only, at the
     * newest snapshot.  Reads of the own entities only what has exact rows.  Of kinds that have a
     * SK_KEY row it may take and free slots of this player (client/client_spawns.h); which slots
     * they are may differ between both ends.  What it emits is shown at once, and once however
     * often the tick is predicted again; what step() emits of the same type, with the same SK_KEY
     * rows, within 250 ms confirms it (client/client_events.h). */
    void (*predict)(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events);

    /* Turns a world of another layout into this one's.  NULL: rooms start afresh instead. */
    int (*upgrade)(const void *old_world, size_t old_bytes, uint64_t old_layout_hash, void *world);

    /* Makes up for what is not on the wire but think() and predict() need, in the world of
     * `player`'s client at a new snapshot: from `older`, its world of the snapshot before, inferred
     * likewise (tick 0: there was none).  Own exact rows stay as they are.  NULL: both do without.
     */
    void (*infer)(void *world, const void *older, uint32_t player);
};

#define SK_GAME_ENTRY "sk_game_entry"
/* The one function that a game's .so exports: its game, which lives as long as the .so does. */
const struct sk_game *sk_game_entry(void);

/* Checks a game's constants and functions.  Returns SK_OK, SK_ERR_MISMATCH for another ABI or
 * struct size, SK_ERR_CONFIG with *why naming what is wrong. */
SK_MUST_CHECK int sk_game_check(const struct sk_game *game, const char **why);

/* What a room of a game looks like, for so many seats and these options. */
struct sk_plan {
    const struct sk_game *game;
    struct sk_schema schema;
    uint32_t world_bytes;
    uint32_t players_max;
    uint16_t tick_hz; /* the game's, or the defaults where it says 0 */
    uint16_t snapshot_divisor;
    uint32_t view_age_ticks; /* a rewind ring holds these and a snapshot_divisor more */
    uint64_t layout_hash; /* of schema, input, world size and ABI: stands in hello, checkpoint and
                             journal */
    uint32_t options[SK_OPTIONS_MAX];
};

/* Makes the plan.  `options` NULL: the defaults.  Returns SK_OK, or SK_ERR_CONFIG for seats or
 * options out of the game's range. */
SK_MUST_CHECK int sk_plan_init(struct sk_plan *plan, const struct sk_game *game,
                               uint32_t players_max, const uint32_t *options);

/* Zeroes a world of plan->world_bytes, sets its head and calls start(). */
void sk_world_start(const struct sk_plan *plan, void *world, const void *content, uint64_t seed,
                    uint64_t secret_seed);
/* Steps to the next tick: the only caller of step().  events->tick is set here. */
void sk_world_step(const struct sk_plan *plan, void *world, const void *content,
                   const struct sk_input *inputs, struct sk_events *events);
/* Moves what `player` controls by one tick, the world's next: the only caller of predict(), on
 * clients.  events->tick is set here. */
void sk_world_predict(const struct sk_plan *plan, void *world, const void *content, uint32_t player,
                      const struct sk_input *input, struct sk_events *events);
/* The hash of the whole world. */
uint64_t sk_world_hash(const struct sk_plan *plan, const void *world);

#endif
