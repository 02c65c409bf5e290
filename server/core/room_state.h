/* room_state.h - what the parts of a room share: the live shell around a match.
 *
 *   room_receive.c --inboxes--> room.c --------------entries--> match --> room_send.c
 *       \------> room_commands.c --^
 *                           tickets --> room_seats.c --+
 *                                       room_bots.c ---+
 *
 * The match is what must survive; all else here starts anew with the process.  Every entry is made
 * by one of these files and goes through room_enter().
 *
 * Memory   lies in the room's one block (room.c).
 * Threads  one: the worker's that runs the room.
 */
#ifndef ROOM_STATE_H
#define ROOM_STATE_H

#include "answer_box.h"
#include "command_queue.h"
#include "match.h"
#include "replicate.h"
#include "room.h"
#include "seat_link.h"
#include "tick_clock.h"

struct room {
    struct room_config config;
    struct sk_plan plan;
    struct match match;
    struct seat_link *links; /* of each seat of the match */
    uint32_t seat_count;
    uint32_t used_count; /* seats that are TAKEN or AWAY */
    struct tick_clock clock;
    struct sk_input *inputs; /* of the tick that is made, players_max of them */
    struct command_queue commands;
    bool has_refused_commands;     /* some link has refused_count */
    struct answer_box *boxes;      /* of each player's seat */
    struct sk_seat *roster;        /* scratch, seat_count of them */
    struct baseline_claim *claims; /* scratch, seat_count of them: who gets the snapshot */
    struct replicate replicate;
    const char *failure;    /* why the room must end; NULL: all is well */
    bool is_occupancy_new;  /* the host must be told who has the seats */
    bool is_closed;         /* the match is: nothing may be entered */
    bool is_thinned;        /* the newest snapshot was not sent, for the room was late */
    uint32_t moving_count;  /* links that have `moving` */
    uint32_t lost_tick;     /* when those that move are given up */
    uint64_t wait_until_us; /* how long it makes no tick for them */
    struct room_counts counts;
};

/* May nothing be entered any more: failed or closed? */
bool room_is_over(const struct room *room);
/* Enters what the room has made, which must fit (asserted), and marks what others must be told of.
 * Returns MATCH_DONE, MATCH_DECLINED, or MATCH_FAILED: then the room has failed. */
enum match_verdict room_enter(struct room *room, const struct match_entry *entry);
/* Ends the room in so many words (borrowed for ever); the first ones stay. */
void room_fail(struct room *room, const char *failure);
/* The link's connection is under way no longer; nothing happens when none is. */
void room_end_moving(struct room *room, struct seat_link *link);
/* Tells the host who has the seats, when that has changed. */
void room_tell_occupancy(struct room *room);
/* Tells the host what the room does now. */
void room_enter_phase(const struct room *room, enum room_phase phase);

#endif
