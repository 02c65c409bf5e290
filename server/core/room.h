/* room.h - one match: a world, its seats, and what goes out of it.
 *
 * The room is the live shell of a match (match.h), the only one that makes entries for it. Messages
 * are queued or noted when they arrive and take effect in room_step(); snapshots, rosters and
 * notices go out from there, through a transport that the room does not know.  It reads no clock
 * and no randomness but what it is handed, so the same calls give the same match.
 *
 * A room fails once: a check of its game failed, or its world fits no snapshot.  From then on it
 * does nothing and room_failure() says why; whoever runs it closes it for `room_failed`.
 *
 * Memory   room_create() takes one block from the config's allocator; nothing allocates later.
 * Threads  one: the worker's that runs the room.
 * Time     now_us is a monotonic microsecond clock; tick T is due at origin_us + T ticks.
 */
#ifndef ROOM_H
#define ROOM_H

#include "allocator.h"
#include "room_counts.h"
#include "room_occupancy.h"
#include "room_password.h"
#include "room_phase.h"
#include "ticket.h"
#include "transport.h"

#include "wire/messages.h"

struct match_entry;
struct room;
struct sk_audit;

/* What a room asks of or tells its worker. */
struct room_host {
    /* 64 random bits that nobody can foresee: nonces. */
    uint64_t (*random_bits)(void *context);
    /* Wall-clock seconds, for the expiry of tickets. */
    uint64_t (*now_s)(void *context);
    /* Who has the seats is not what it was when this was called last (room_occupancy): once for
     * each function below that changed it, at its end.  Not of a room that has failed. */
    void (*on_occupancy)(void *context, const struct room *room);
    /* The room does this from now on, NONE: nothing that can hang; `tick` is the one that it makes,
     * or the last.  May be NULL. */
    void (*on_phase)(void *context, const struct room *room, enum room_phase phase, uint32_t tick);
    /* A shot was judged so.  May be NULL. */
    void (*on_shot)(void *context, const struct room *room, const struct sk_audit *shot);
    /* The match applies this entry next.  May be NULL. */
    void (*on_entry)(void *context, const struct room *room, const struct match_entry *entry);
    /* Calls run(argument) and returns false when a check of the game's failed inside.  NULL: a
     * failed check is not trapped. */
    bool (*trap)(void (*run)(void *argument), void *argument);
    void *context;
};

struct room_config {
    const struct sk_plan *plan; /* copied */
    const void *content;        /* borrowed for the room's life; NULL: the game has none */
    uint64_t content_hash;
    const char *content_path; /* borrowed; where a client gets it */
    uint32_t id;
    uint64_t epoch;
    char code[SK_CODE_BYTES + 1]; /* terminated */
    bool is_public;
    uint8_t password_hash[ROOM_PASSWORD_HASH_BYTES]; /* room_password.h */
    uint64_t seed;
    uint64_t secret_seed;
    uint16_t spectators_max; /* at most ROOM_SPECTATORS_MAX */
    uint16_t bots_fill;      /* bots play until so many seats are in use */
    uint32_t seat_seconds;   /* how long an AWAY seat is kept */
    uint64_t origin_us;      /* time of tick 0 */
    const struct ticket_keys *keys;
    struct sk_encoder *encoder; /* borrowed: the worker's */
    struct room_host host;
    struct sk_allocator allocator;
};

/* Opens a room at tick 0.  Returns an owned room, or NULL with *why when memory is short or a check
 * of the game's failed. */
struct room *room_create(const struct room_config *config, const char **why);
/* Frees a room; its connections must be closed or detached first (room_close). */
void room_destroy(struct room *room);

/* The config's id. */
uint32_t room_id(const struct room *room);
/* The config's epoch. */
uint64_t room_epoch(const struct room *room);
/* The code that people type, terminated; borrowed. */
const char *room_code(const struct room *room);
/* The game of the config's plan; borrowed. */
const struct sk_game *room_game(const struct room *room);
/* Ticks a second. */
uint32_t room_tick_hz(const struct room *room);
/* The world, borrowed and read-only: for tests and inspection. */
const void *room_world(const struct room *room);
/* Why the room must end, in words for a log; NULL while all is well. */
const char *room_failure(const struct room *room);
/* What was counted so far. */
struct room_counts room_counts(const struct room *room);
/* Seats in use by people (taken or away), those of them who are connected, and seats of bots. */
uint32_t room_player_count(const struct room *room);
uint32_t room_connected_count(const struct room *room);
uint32_t room_bot_count(const struct room *room);
/* Who has the seats, for the lobby. */
void room_occupancy(const struct room *room, struct room_occupancy *occupancy);

/* The name of whom the seat is held for or taken by, empty for nobody; borrowed. */
struct sk_text room_seat_name(const struct room *room, uint16_t seat);

/* The memory that only messages and snapshots of the seat touch: *bytes of it, to be fetched ahead
 * (base/fetch.h) and never read. */
const void *room_seat_memory(const struct room *room, uint16_t seat, size_t *bytes);
/* Fetches where the seat's next input will be written. */
void room_fetch_input(const struct room *room, uint16_t seat);
/* Keeps a seat for a ticket that the lobby gave out, for `kept_ms` of the room's time; a bot that
 * plays it leaves.  Copies the name. */
void room_hold(struct room *room, uint16_t seat, uint64_t nonce, struct sk_text name,
               uint32_t kept_ms);

/* What a client says in its hello that it was built with; 0: it takes what the server has. */
struct room_client_build {
    uint64_t layout_hash;
    uint64_t code_hash; /* that it predicts with */
};

/* A connection shows a verified ticket.  Returns SK_REASON_NONE: Welcome and Roster are sent and
 * the seat is ticket->seat; or why not.  A connection that still has the seat is displaced.
 */
enum sk_reason room_admit(struct room *room, const struct ticket *ticket,
                          const struct room_client_build *build, void *connection,
                          const struct transport *transport, uint64_t now_us);
/* A decoded message of the seat's connection; after the transport's close() none may come, for the
 * seat may be another's by then.  Returns SK_REASON_NONE, or why it must be closed. */
enum sk_reason room_on_message(struct room *room, uint16_t seat,
                               const struct sk_client_message *message, uint64_t now_us);
/* Fills what the room knows of itself and of the seat's connection, of what a Probe asks for. */
void room_probe(const struct room *room, uint16_t seat, struct sk_probed *probed);
/* The connection is gone.  SK_REASON_LEFT, KICKED and a fault of the peer's (sk_reason_is_fault)
 * free the seat, all else leaves it AWAY. Nothing happens when the seat belongs to another
 * connection by now. */
void room_drop(struct room *room, uint16_t seat, const void *connection, enum sk_reason reason);

/* When the next tick is due; UINT64_MAX while nobody has a seat: an empty room's clock stands
 * still, and goes on with the first who comes, in the same phase. */
uint64_t room_due_us(const struct room *room);
/* Makes the ticks that are due, at most SK_CATCH_UP_TICKS_MAX, and none while nobody has a seat;
 * drops the time beyond.  When so many
 * are due, every other snapshot is left out: they are thinned before the simulation is. */
void room_step(struct room *room, uint64_t now_us);

/* Tells everybody something. */
void room_notice(struct room *room, const struct sk_notice *notice);
/* Closes every connection for `reason`. */
void room_close(struct room *room, enum sk_reason reason);

#endif
