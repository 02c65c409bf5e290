/* match.h - a match: its world, who has its seats, and the one gate through which both change.
 *
 *   room: commands, bots, tickets, time --entries--> match_enter --> game --> world, seats
 *
 * Everything that must survive a process lies in one relocatable block without padding: head,
 * seats, world.  It changes through match_enter() alone, and applying an entry reads nothing but
 * the entry and the block: no setting, no clock, no randomness.  So the same entries, entered into
 * another match of the same plan, give the same block: live, restored, verified or replayed.
 *
 * Order within a tick, which who makes the entries keeps (room.c): commands in order of arrival;
 * bots think, upon the world after the commands; one input a seat; the game's step; HELD and AWAY
 * seats whose time has passed are freed; then the hash and the snapshot.  "State at T" is after all
 * of them, and before any entry that comes between T and the commands of T + 1.
 *
 * Memory   match_init() borrows the block, which may be copied elsewhere at any time between two
 *          entries and opened there.  Nothing allocates.
 * Threads  one: the room's.
 * Time     ticks only.
 */
#ifndef MATCH_H
#define MATCH_H

#include "room_password.h"
#include "room_phase.h"
#include "seat.h"

#include "base/result.h"
#include "sim/audit.h"
#include "state/event_list.h"

enum { MATCH_BLOCK_VERSION = 4, MATCH_GAME_CAPACITY = 40, MATCH_RESERVED_WORDS = 9 };

/* --- the block -------------------------------------------------------------------------------- */

/* What makes a match this one and no other: told once, when it opens. */
struct match_opening {
    char game[MATCH_GAME_CAPACITY]; /* its name, zero behind it */
    char code[8];                   /* of the room, as people type it, zero behind it */
    uint64_t epoch;
    uint64_t layout_hash; /* of the plan */
    uint64_t code_hash;   /* of the game's sources */
    uint64_t content_hash;
    uint64_t seed;
    uint64_t secret_seed;
    uint32_t options[SK_OPTIONS_MAX];
    uint16_t players_max;
    uint16_t spectators_max;
    uint8_t is_public;
    uint8_t reserved[3];                             /* 0 */
    uint8_t password_hash[ROOM_PASSWORD_HASH_BYTES]; /* all zero: it has none */
};
_Static_assert(sizeof(struct match_opening) == MATCH_GAME_CAPACITY + 8 + 6 * 8 +
                                                   4 * SK_OPTIONS_MAX + 8 +
                                                   ROOM_PASSWORD_HASH_BYTES,
               "openings are copied and hashed: no padding");
_Static_assert(SK_CODE_BYTES < 8, "a code is terminated");

enum match_state { MATCH_NEW, MATCH_RUNNING, MATCH_CLOSED };

struct match_head {
    uint32_t version;     /* MATCH_BLOCK_VERSION; 0: nothing was ever opened here */
    uint32_t block_bytes; /* head, seats and world */
    uint32_t seat_count;  /* players, then spectators */
    uint32_t state;       /* enum match_state */
    uint64_t entry_count; /* entries applied */
    uint64_t claim_count; /* seats that somebody came for, coming back not counted */
    struct match_opening opening;
    uint64_t reserved[MATCH_RESERVED_WORDS]; /* 0 */
};
_Static_assert(sizeof(struct match_head) ==
                   4 * 4 + 2 * 8 + sizeof(struct match_opening) + 8 * MATCH_RESERVED_WORDS,
               "heads are copied and hashed: no padding");
_Static_assert(sizeof(struct match_head) % 16 == 0, "seats lie behind it");
_Static_assert(sizeof(struct seat) % 16 == 0, "the world lies behind them");

/* --- entries ---------------------------------------------------------------------------------- */

enum match_entry_kind {
    MATCH_OPEN,    /* the world begins */
    MATCH_HOLD,    /* a seat that nobody has is kept for a ticket */
    MATCH_UNHOLD,  /* that ticket expired: nobody claimed the seat in time */
    MATCH_CLAIM,   /* a ticket is shown: the seat is taken, or taken again */
    MATCH_CONFIRM, /* its holder has the newest resume ticket */
    MATCH_DROP,    /* the connection is gone, the seat is kept */
    MATCH_FREE,    /* nobody has the seat any more */
    MATCH_BOT,     /* the game plays a free seat from now on, or no longer */
    MATCH_COMMAND, /* a player's command reaches the game */
    MATCH_TICK,    /* one step */
    MATCH_CLOSE,   /* nothing may be entered any more */
    MATCH_ENTRY_KINDS,
};

struct match_entry {
    enum match_entry_kind kind;
    uint16_t seat; /* all but OPEN, TICK and CLOSE */
    union {
        const struct match_opening *opening; /* borrowed, as is all that is pointed to here */
        struct {
            uint64_t nonce;
            struct sk_text name;
            uint32_t until_tick; /* how long the seat is kept for it */
        } hold;
        struct {
            uint64_t nonce;
        } unhold;
        struct {
            enum ticket_role role; /* of the ticket shown, with its nonce */
            uint64_t nonce;
            uint64_t resume_nonce; /* of the ticket that goes out */
        } claim;
        struct {
            uint32_t until_tick; /* how long the seat is kept */
        } drop;
        struct {
            bool is_bot;
        } bot;
        struct sk_command command; /* its number is above that of the seat's last */
        struct {
            uint32_t tick;                 /* the one after the world's */
            const struct sk_input *inputs; /* players_max, a bot's too; neutral where nobody is */
        } tick;
    };
};

/* What became of an entry. */
enum match_verdict {
    MATCH_DONE,
    MATCH_DECLINED, /* a COMMAND: the game was asked and did not take it */
    MATCH_UNFIT,    /* it does not fit the state: nothing changed */
    MATCH_FAILED,   /* a check of the game failed, now or before: the block is good for nothing */
};

/* --- the match -------------------------------------------------------------------------------- */

/* What a match asks of or tells its host; any may be NULL. */
struct match_hooks {
    /* Calls run(argument).  Returns false when a check of the game's failed inside, which ended
     * it. NULL: a failed check does what sk_assert_set_game_handler() says. */
    bool (*trap)(void (*run)(void *argument), void *argument);
    /* This entry fits and is applied next. */
    void (*on_entry)(void *context, const struct match_entry *entry);
    /* A function of the game's runs from now on, for `tick`; NONE: it returned. */
    void (*on_phase)(void *context, enum room_phase phase, uint32_t tick);
    void *context;
};

struct match_config {
    const struct sk_plan *plan; /* borrowed for the match's life, as is all that follows */
    const void *content;        /* NULL: the game has none */
    uint16_t spectators_max;
    void *block;             /* match_block_bytes(), aligned to 16: zeroed, or another's copy */
    struct sk_event *events; /* SK_FRAME_EVENTS_MAX of them: scratch */
    struct match_hooks hooks;
};

struct match {
    const struct sk_plan *plan;
    const void *content;
    struct match_head *head; /* the block */
    struct seat *seats;      /* in it */
    void *world;             /* in it */
    struct sk_events events; /* of the newest TICK */
    struct sk_audits audits; /* of it too */
    struct sk_answer answer; /* of the newest COMMAND */
    struct match_hooks hooks;
    bool has_failed;
};

/* Bytes of the block of a match. */
size_t match_block_bytes(const struct sk_plan *plan, uint16_t spectators_max);
/* Makes a match over a block.  A zeroed one waits for OPEN, another's copy goes on where it was.
 * Returns SK_OK, or SK_ERR_MISMATCH for a block of another plan or version or one that is broken.
 */
SK_MUST_CHECK int match_init(struct match *match, const struct match_config *config);

/* Applies an entry, the only way to change a match.  Nothing is kept of what it points to. */
SK_MUST_CHECK enum match_verdict match_enter(struct match *match, const struct match_entry *entry);
/* Lets each bot think upon the world: fills its input in inputs[players_max] for the next TICK and
 * leaves the others alone.  Changes nothing.  Returns false when the game failed. */
SK_MUST_CHECK bool match_think(struct match *match, struct sk_input *inputs);

/* The tick of the world. */
static inline uint32_t match_tick(const struct match *match)
{
    return ((const struct sk_world *)match->world)->tick;
}
/* Players' and spectators' seats. */
static inline uint32_t match_seat_count(const struct match *match)
{
    return match->head->seat_count;
}
/* One seat of them. */
const struct seat *match_seat(const struct match *match, uint32_t index);
/* What the newest TICK emitted, until the next. */
struct sk_event_list match_events(const struct match *match);
/* What the game answered to the newest COMMAND, until the next. */
const struct sk_answer *match_answer(const struct match *match);
/* How the newest TICK judged its shots, until the next. */
const struct sk_audits *match_audits(const struct match *match);
/* The block, to be copied; borrowed, good between two entries. */
const void *match_block(const struct match *match, size_t *bytes);
/* Do the head and the seats agree with the plan and with themselves?  Walks the seats. */
bool match_is_sound(const struct match *match);

#endif
