/* seat.h - who has one place in a match: the half of it that outlives a connection and a process
 * (SESSION.md, "States of a seat").
 *
 *   FREE --seat_hold--> HELD --seat_claim--> TAKEN --seat_leave--> AWAY --seat_claim--> TAKEN
 *     ^                           |            |                     |
 *     +------------- seat_free ---+------------+---------------------+
 *
 * A seat is claimed with a ticket whose nonce it remembers, so a ticket works once: until its
 * holder has shown that the next one, of the Welcome, arrived.  The connection's half is
 * seat_link.h's.  Only match.c changes a seat.
 *
 * A HELD seat and an AWAY one are kept until a tick; whoever makes the entries frees them then.
 *
 * Memory   none of its own; plain data without padding, for it lies in the match's block.
 * Threads  one: the room's.
 */
#ifndef SEAT_H
#define SEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ticket.h"

#include "base/limits.h"
#include "base/reason.h"
#include "base/span.h"

enum seat_state { SEAT_FREE, SEAT_HELD, SEAT_TAKEN, SEAT_AWAY, SEAT_STATE_COUNT };
enum { SEAT_NAME_CAPACITY = 40, SEAT_RESERVED_WORDS = 2 };

struct seat {
    uint64_t join_nonce;   /* of the ticket that HELD waits for; 0: none */
    uint64_t resume_nonce; /* of the newest resume ticket; 0: none */
    uint64_t spare_nonce;  /* of the one shown last, until the newest has surely arrived */
    uint32_t until_tick;   /* how long HELD or AWAY lasts; 0 in the other states */
    uint8_t state;         /* enum seat_state */
    uint8_t is_spectator;
    uint8_t is_bot;                         /* FREE, but the game plays it with think() */
    uint8_t name_bytes;                     /* 0 while nobody has the seat */
    char name[SEAT_NAME_CAPACITY];          /* terminated, zero behind it */
    uint32_t command_number;                /* of its player's newest that the game got */
    uint32_t reserved_half;                 /* 0 */
    uint64_t reserved[SEAT_RESERVED_WORDS]; /* 0 */
};
_Static_assert(sizeof(struct seat) == 96, "seats are copied and hashed: no padding");
_Static_assert(sizeof(struct seat) == 5 * 8 + SEAT_NAME_CAPACITY + 8 * SEAT_RESERVED_WORDS,
               "the sum of its members");
_Static_assert(SK_NAME_BYTES_MAX < SEAT_NAME_CAPACITY, "a name is terminated");

/* Keeps the seat until `until_tick` for the holder of the ticket with `nonce`, in place of one for
 * whom it may be held already.  The name is copied.  The seat must not be TAKEN or AWAY (asserted:
 * the match refuses it). */
void seat_hold(struct seat *seat, uint64_t nonce, struct sk_text name, uint32_t until_tick);
/* Whether this ticket gives the seat now: SK_REASON_NONE, or ticket_used, seat_gone. */
enum sk_reason seat_check(const struct seat *seat, enum ticket_role role, uint64_t nonce);
/* Makes the seat TAKEN; a resume ticket with `nonce` goes out.  The one that was `shown` stays good
 * until seat_confirm(): the connection may be lost before the new one arrives. */
void seat_claim(struct seat *seat, uint64_t shown, uint64_t nonce);
/* The holder has the newest resume ticket: something came from it since. */
void seat_confirm(struct seat *seat);
/* The connection is gone; the seat is kept until `until_tick`. */
void seat_leave(struct seat *seat, uint32_t until_tick);
/* Nobody has the seat any more. */
void seat_free(struct seat *seat);

/* Is it somebody's who came, TAKEN or AWAY? */
bool seat_is_in_use(const struct seat *seat);
/* Do its members agree with each other? */
bool seat_is_sound(const struct seat *seat);

#endif
