/* toy_room.h - a room of the toy game with its clock, lobby and transport played by the test.
 *
 * Peers are connections in an array.  What the room sends them is decoded as a client would do it,
 * snapshots by sk_view, so that a delta against the wrong baseline is seen at once.
 *
 * Memory   toy_room_open() allocates all, toy_room_close() frees it; nothing in between.
 */
#ifndef TOY_ROOM_H
#define TOY_ROOM_H

#include "room.h"
#include "sim/view.h"
#include "support/toy_game.h"

enum { TOY_PEERS = 24, TOY_SPECTATORS = 2, TOY_HOLD_MS = 1000, TOY_HOLD_TICKS = 60 };

/* One client end. */
struct peer {
    bool is_open;
    bool is_closed;            /* by the room: it must leave the connection alone from then on */
    enum sk_reason closed_for; /* of the transport's close() */
    enum sk_reason goodbye;    /* the word before it */
    bool has_unsent;           /* the test says: its socket holds bytes */
    bool fills_up;             /* each snapshot leaves has_unsent behind */
    bool is_ending;            /* the test says: it cannot move */
    uint32_t move_count;       /* it was sent to another worker */
    uint32_t moved_to;         /* the newest */
    uint32_t snapshot_count;
    uint32_t keyframe_count;
    uint32_t baseline_ticks; /* of the newest snapshot */
    size_t snapshot_bytes;
    const uint8_t *body;       /* where the newest's lay */
    uint32_t unsent_max_count; /* snapshots that were sent onto unsent bytes */
    struct sk_view view;
    int view_result;        /* of the newest snapshot */
    uint32_t refused_count; /* snapshots that the view did not apply */
    uint32_t welcome_count;
    bool is_resumed;
    uint16_t player;
    struct ticket resume;
    uint32_t resume_count; /* tickets that came after the Welcome */
    uint32_t roster_messages;
    uint32_t roster_rows_max; /* of one message */
    uint32_t roster_here;     /* rows with somebody, since the welcome */
    uint32_t command_number;  /* of the last one sent, or of the Welcome */
    uint32_t answer_count;    /* since the welcome */
    uint32_t refused_answer_count;
    struct sk_command_answer answer; /* the newest; its bytes are gone */
    uint8_t answer_byte;             /* its first */
    uint32_t taken_count;            /* snapshots that told of commands */
    uint32_t notice_count;
    enum sk_notice_kind notice;
    void *memory;
};

struct toy_room_config {
    const struct sk_game *game; /* NULL: the toy game */
    const void *content;        /* borrowed for the room's life */
    const uint32_t *options;    /* of a game that is not the toy's; NULL: the defaults */
    uint32_t players_max;       /* 0: 16 */
    uint32_t rocks;             /* 0: 1 */
    uint16_t tick_hz;           /* 0: the game's, 60 */
    uint16_t bots_fill;
    uint32_t seat_seconds; /* 0: 30 */
    /* As of struct room_host, with the toy room as context. */
    void (*on_entry)(void *context, const struct room *room, const struct match_entry *entry);
    void (*on_phase)(void *context, const struct room *room, enum room_phase phase, uint32_t tick);
    void (*on_shot)(void *context, const struct room *room, const struct sk_audit *shot);
    bool (*trap)(void (*run)(void *argument), void *argument);
    bool is_lossy;
};

struct toy_room {
    struct sk_plan plan;
    struct room *room;
    struct sk_encoder *encoder;
    struct transport transport;
    uint64_t now_us;
    uint64_t later_s; /* how far the wall clock is ahead of now_us */
    uint64_t random;
    uint64_t next_nonce;
    uint64_t client_code_hash;       /* what peers say in their hello */
    uint32_t block_count;            /* blocks that the room took from its allocator */
    struct room_occupancy occupancy; /* as the room told it last */
    uint32_t told_count;             /* calls of on_occupancy */
    uint32_t taken_count;            /* seats that were told in use and were not before */
    uint32_t freed_count;            /* and the other way */
    struct peer peers[TOY_PEERS];
};

/* The keys that the room's tickets are signed with. */
extern const struct ticket_keys toy_room_keys;

/* Opens a room at tick 0 of time 0. */
void toy_room_open(struct toy_room *toy, const struct toy_room_config *config);
/* Closes every connection and frees all. */
void toy_room_close(struct toy_room *toy);

/* Holds `seat` and shows its ticket on a fresh connection of peers[peer]. */
enum sk_reason toy_room_join(struct toy_room *toy, uint32_t peer, uint16_t seat);
/* Shows any ticket on a fresh connection of peers[peer]. */
enum sk_reason toy_room_show(struct toy_room *toy, uint32_t peer, const struct ticket *ticket);
/* The connection breaks, or ends for a reason. */
void toy_room_drop(struct toy_room *toy, uint32_t peer, enum sk_reason reason);

/* Steps at the moment that each of `count` ticks is due, or would be if the room were not empty. */
void toy_room_step(struct toy_room *toy, uint32_t count);
/* The newest tick of the world. */
uint32_t toy_room_tick(const struct toy_room *toy);

/* An inputs message for the tick after the next, with the newest snapshot acked. */
struct sk_client_message toy_room_inputs(const struct toy_room *toy, uint32_t peer,
                                         uint32_t buttons);
/* Hands a message of the peer to the room; a command without a number gets its next. */
enum sk_reason toy_room_send(struct toy_room *toy, uint32_t peer,
                             const struct sk_client_message *message);
/* Every open peer sends its inputs, which must be taken; then a tick.  So `count` times. */
void toy_room_play(struct toy_room *toy, uint32_t count, uint32_t buttons);

#endif
