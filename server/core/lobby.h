/* lobby.h - which rooms there are and who may have a seat in them.
 *
 * One lobby a server, on the control thread.  The room decides who has a seat; the lobby reserves
 * one for each ticket, so that two players never get the same and a room is never closed under
 * somebody who was just sent to it, and counts what the rooms tell.  Opening, reserving and closing
 * are decided here, workers carry them out.
 *
 * Memory   lobby_create() takes one block; nothing allocates later.
 * Threads  one.
 * Time     now_us is a parameter; randomness comes from a function.
 */
#ifndef LOBBY_H
#define LOBBY_H

#include "allocator.h"
#include "room_occupancy.h"
#include "room_password.h"

#include "base/limits.h"
#include "base/reason.h"

enum { LOBBY_GAMES_MAX = 16, LOBBY_OPTIONS_MAX = 8, LOBBY_SPECTATORS_MAX = ROOM_SPECTATORS_MAX };
enum { LOBBY_SEATS_MAX = ROOM_SEATS_MAX };
enum { LOBBY_MOVE_REST_S = 10 };
enum { LOBBY_NO_PEER = 0, LOBBY_PEERS_MAX = 65536 };

/* What the lobby needs to know of a game. */
struct lobby_game {
    const char *name;
    uint16_t players_min;
    uint16_t players_max;
    uint32_t option_count;
    const char *const *option_names; /* borrowed, as are the next three */
    const uint32_t *option_mins;
    const uint32_t *option_maxes;
    const uint32_t *option_defaults;
    const char
        *content_path; /* borrowed: where pages find its content; NULL or empty: it has none */
};

struct lobby_config {
    const struct lobby_game *games; /* borrowed */
    uint32_t game_count;
    uint32_t rooms_max;
    uint32_t worker_count;
    uint64_t hold_us;               /* how long a seat is reserved for its ticket's hello */
    uint64_t reap_us;               /* how long a room is kept that has become empty */
    uint32_t seats_a_peer;          /* held and taken ones; 0: no limit */
    const struct ticket_keys *keys; /* borrowed: for the hashes of passwords */
    uint64_t (*random_bits)(void *context);
    void *context;
    struct sk_allocator allocator;
};

#define LOBBY_NO_OPTION 0xffffffffu

/* A wish, as the join API read it.  Texts are borrowed; size 0: not said. */
struct lobby_request {
    const char *name;
    size_t name_bytes;
    const char *game;
    size_t game_bytes;
    const char *code;
    size_t code_bytes;
    const char *password;
    size_t password_bytes;
    bool create;
    bool is_public;
    bool spectate;
    uint32_t peer;                       /* who asks, 1..LOBBY_PEERS_MAX; LOBBY_NO_PEER: no limit */
    uint32_t players_max;                /* 0: the game's */
    uint32_t options[LOBBY_OPTIONS_MAX]; /* LOBBY_NO_OPTION: any room's, the default of a new one */
};

enum lobby_seat_state { LOBBY_SEAT_FREE, LOBBY_SEAT_HELD, LOBBY_SEAT_TAKEN };

struct lobby_seat {
    uint64_t held_until_us;
    uint64_t nonce; /* of a held seat */
    uint32_t peer;  /* who asked for it, of held and taken ones */
    uint8_t state;  /* enum lobby_seat_state */
};

struct lobby_room {
    uint32_t id;    /* its slot; the epoch tells it from others that had it */
    uint8_t worker; /* that runs it, as the room told */
    uint8_t target; /* that it goes to, while is_moving */
    uint64_t epoch;
    char code[SK_CODE_BYTES];
    uint32_t game; /* index into the config's games */
    uint16_t players_max;
    bool is_public;
    bool is_open;  /* false: the slot is free */
    bool is_heavy; /* its ticks are slow: its worker gets no further room while another can */
    bool is_bound; /* it cannot go to another worker, as the room told */
    bool is_moving;
    uint64_t moved_us; /* when it was last sent to another worker; 0: never */
    uint32_t moves;    /* as the room told */
    bool has_password;
    uint8_t password_hash[ROOM_PASSWORD_HASH_BYTES];
    uint32_t options[LOBBY_OPTIONS_MAX];
    uint64_t seed;
    uint64_t secret_seed;
    uint32_t used_seats;      /* taken, of players */
    uint32_t held_seats;      /* reserved and not taken yet, of players and spectators */
    uint32_t watchers;        /* taken, of spectators */
    uint32_t bots;            /* as the room told */
    uint64_t empty_since_us;  /* when the last seat was freed; meaningless while one is in use */
    struct lobby_seat *seats; /* LOBBY_SEATS_MAX of them, the room's in use */
    bool was_entered;         /* a seat was claimed since it was opened */
};

/* What a room is now, as its worker tells it. */
struct lobby_room_state {
    struct room_occupancy occupancy;
    bool is_heavy;  /* as in struct lobby_room */
    uint8_t worker; /* that runs it */
    uint32_t moves; /* commands to move that were answered: it moved, or it could not */
};

/* A seat that was given out. */
struct lobby_grant {
    const struct lobby_room *room; /* borrowed until the next call */
    bool is_new;                   /* the worker must open it first */
    uint16_t seat;
    uint64_t nonce;
    uint64_t held_until_us;
};

struct lobby;

/* Returns an owned lobby, or NULL when memory is short.  Limits of the config are asserted. */
struct lobby *lobby_create(const struct lobby_config *config);
void lobby_destroy(struct lobby *lobby);

/* Finds or opens a room and holds a seat.  Returns SK_REASON_NONE with *grant, or why not:
 * SK_REASON_ADDRESS_LIMIT when the peer has all the seats that it may have. */
enum sk_reason lobby_join(struct lobby *lobby, const struct lobby_request *request, uint64_t now_us,
                          struct lobby_grant *grant);
/* The room that a verified resume ticket names, or NULL when it is gone. */
const struct lobby_room *lobby_find(const struct lobby *lobby, uint32_t id, uint64_t epoch);

/* A room tells what it is now.  It decides who has its seats: what it says is in use is taken, all
 * else is free, but for a reservation, which stays until it is taken or expires.  The whole is told
 * each time: twice the same changes nothing, and what was between two may be left out. */
void lobby_on_room_state(struct lobby *lobby, uint32_t id, uint64_t epoch,
                         const struct lobby_room_state *state, uint64_t now_us);
/* A worker could not open the room, or it failed: it is gone. */
void lobby_on_room_gone(struct lobby *lobby, uint32_t id, uint64_t epoch);

/* Closes a room, which may be read during the call.  Returns false when that could not be done now:
 * the room stays open, and the next poll tries again. */
typedef bool (*lobby_close_fn)(void *context, const struct lobby_room *room);
/* Forgets the reservations that expired, of which the rooms need not hear, and calls `close` for
 * each room that stayed empty for reap_us, or a fifth of it when nobody ever entered. */
void lobby_poll(struct lobby *lobby, uint64_t now_us, lobby_close_fn close, void *context);

/* Sends a room, which may be read during the call, to another worker.  Returns false when that
 * could not be done now. */
typedef bool (*lobby_move_fn)(void *context, const struct lobby_room *room, uint32_t target);
/* Calls `move` for one heavy room, if there is one, that is better off on another worker: one with
 * fewer heavy rooms, so that the most on one worker become fewer, or, for one that is alone among
 * light ones in which somebody plays, with none and fewer of these; or for a light one that makes
 * way for a heavy one that cannot go, to a worker with fewer heavy ones.  So two workers never send
 * each other the same room; and each room rests for LOBBY_MOVE_REST_S after a move.  It counts as
 * its new worker's from now on, and is not closed before it has told that it is there, or could not
 * go. */
void lobby_poll_moves(struct lobby *lobby, uint64_t now_us, lobby_move_fn move, void *context);

/* No further room is opened and no seat given: the server stops. */
void lobby_stop(struct lobby *lobby);

/* The open room after `room` (NULL: the first), or NULL; in order of slots. */
const struct lobby_room *lobby_next(const struct lobby *lobby, const struct lobby_room *room);
/* The config that it was made with. */
const struct lobby_config *lobby_config_of(const struct lobby *lobby);

#endif
