/* lobby.h - which rooms there are and who may have a seat in them.
 *
 * One lobby a server, on the background thread.  It gives seats out and is told when they are taken
 * and freed, so that two players never get the same one and a room is never closed under somebody
 * who was just sent to it: opening, holding and reaping are decided here, workers carry them out.
 *
 * Memory   lobby_create() takes one block; nothing allocates later.
 * Threads  one.
 * Time     now_us is a parameter; randomness comes from a function.
 */
#ifndef LOBBY_H
#define LOBBY_H

#include "allocator.h"
#include "room_password.h"

#include "base/limits.h"
#include "base/reason.h"

enum { LOBBY_GAMES_MAX = 16, LOBBY_OPTIONS_MAX = 8, LOBBY_SPECTATORS_MAX = 16 };
enum { LOBBY_SEATS_MAX = SK_PLAYERS_MAX + LOBBY_SPECTATORS_MAX };
enum { LOBBY_NO_PEER = 0, LOBBY_PEERS_MAX = 65536 };

/* What the lobby needs to know of a game. */
struct lobby_game {
    const char *name;
    uint16_t players_min;
    uint16_t players_max;
    uint16_t bots_fill; /* bots play until so many seats are in use: for the list of rooms */
    uint32_t option_count;
    const char *const *option_names; /* borrowed, as are the next three */
    const uint32_t *option_mins;
    const uint32_t *option_maxes;
    const uint32_t *option_standards;
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
    uint32_t options[LOBBY_OPTIONS_MAX]; /* LOBBY_NO_OPTION: the standard */
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
    uint8_t worker; /* that runs it */
    uint64_t epoch;
    char code[SK_CODE_BYTES];
    uint32_t game; /* index into the config's games */
    uint16_t players_max;
    bool is_public;
    bool is_open;  /* false: the slot is free */
    bool is_heavy; /* its ticks are slow: its worker gets no further room while another can */
    bool has_password;
    uint8_t password_hash[ROOM_PASSWORD_HASH_BYTES];
    uint32_t options[LOBBY_OPTIONS_MAX];
    uint64_t seed;
    uint64_t secret_seed;
    uint32_t used_seats;      /* taken, of players */
    uint32_t held_seats;      /* waiting for their hello, of players and spectators */
    uint32_t watchers;        /* taken, of spectators */
    uint64_t empty_since_us;  /* when the last seat was freed; meaningless while one is in use */
    struct lobby_seat *seats; /* LOBBY_SEATS_MAX of them, the room's in use */
    bool was_entered;         /* a seat was taken since it was opened */
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

/* A worker tells that a seat was taken by its hello, or is free again. */
void lobby_on_seat_taken(struct lobby *lobby, uint32_t id, uint64_t epoch, uint16_t seat);
void lobby_on_seat_freed(struct lobby *lobby, uint32_t id, uint64_t epoch, uint16_t seat,
                         uint64_t now_us);
/* A worker could not open the room, or it failed: it is gone. */
void lobby_on_room_gone(struct lobby *lobby, uint32_t id, uint64_t epoch);

/* A worker tells that the room's ticks have become slow, or are no longer. */
void lobby_on_room_weight(struct lobby *lobby, uint32_t id, uint64_t epoch, bool is_heavy);

/* Closes a room, which may be read during the call.  Returns false when that could not be done now:
 * the room stays open, and the next poll tries again. */
typedef bool (*lobby_close_fn)(void *context, const struct lobby_room *room);
/* Forgets the reservations that expired, of which the rooms need not hear, and calls `close` for
 * each room that stayed empty for reap_us, or a fifth of it when nobody ever entered. */
void lobby_poll(struct lobby *lobby, uint64_t now_us, lobby_close_fn close, void *context);

/* No further room is opened and no seat given: the server stops. */
void lobby_stop(struct lobby *lobby);

/* The open room after `room` (NULL: the first), or NULL; in order of slots. */
const struct lobby_room *lobby_next(const struct lobby *lobby, const struct lobby_room *room);
/* The config that it was made with. */
const struct lobby_config *lobby_config_of(const struct lobby *lobby);

#endif
