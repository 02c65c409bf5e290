/* seat.h - one place in a room and who has it (SESSION.md, "States of a seat").
 *
 *   FREE --seat_hold--> HELD --seat_claim--> TAKEN --seat_lose--> AWAY --seat_claim--> TAKEN
 *     ^                                        |                    |
 *     +------------- seat_free ----------------+--------------------+
 *
 * A seat is claimed with a ticket whose nonce it remembers, so a ticket works once.  A resume
 * ticket works until its holder has shown that the next one arrived.  What concerns the connection
 * (outbox, margin) lives here too and starts anew with each claim.
 *
 * Memory   none of its own.
 * Threads  one: the room's.
 */
#ifndef SEAT_H
#define SEAT_H

#include "inbox.h"
#include "outbox.h"
#include "ticket.h"
#include "transport.h"

#include "base/reason.h"

enum seat_state { SEAT_FREE, SEAT_HELD, SEAT_TAKEN, SEAT_AWAY };

struct seat {
    enum seat_state state;
    bool is_spectator;
    bool is_bot;     /* FREE, but the game plays it with think() */
    bool is_changed; /* the roster must say so */
    char name[SK_NAME_BYTES_MAX + 1];
    uint8_t name_bytes;
    uint64_t join_nonce;   /* of the ticket that HELD waits for; 0: none */
    uint64_t resume_nonce; /* of the newest resume ticket; 0: none */
    uint64_t spare_nonce;  /* of the one shown last, until the newest has surely arrived */
    uint32_t away_until_tick;

    /* of the connection, when TAKEN */
    void *connection;
    const struct transport *transport;
    struct outbox outbox;
    struct inbox inbox;
    uint64_t claimed_us;
    uint64_t ticket_s;         /* when its resume ticket was written, by the wall clock */
    int16_t margin_sixteenths; /* smallest since the last snapshot */
    uint8_t repeated;          /* bit i: the input of i ticks ago was no fresh one */
};

/* Keeps the seat for the holder of the ticket with `nonce`.  The name is copied.  The seat must not
 * be TAKEN or AWAY (asserted: the lobby knows). */
void seat_hold(struct seat *seat, uint64_t nonce, const char *name, size_t name_bytes);
/* Gives a HELD seat back if it still waits for `nonce`. */
void seat_unhold(struct seat *seat, uint64_t nonce);
/* Whether this ticket gives the seat now: SK_REASON_NONE, or ticket_used, seat_gone. */
enum sk_reason seat_check(const struct seat *seat, const struct ticket *ticket);
/* Makes the seat TAKEN by a connection.  Outbox and inbox are the caller's to start anew. */
void seat_claim(struct seat *seat, void *connection, const struct transport *transport,
                uint64_t now_us);
/* A resume ticket with `nonce` goes out.  The one that was `shown` (0: a join ticket was) stays
 * good until seat_confirm(): the connection may be lost before the new one arrives. */
void seat_renew(struct seat *seat, uint64_t shown, uint64_t nonce);
/* The holder has the newest resume ticket: something came from it since. */
void seat_confirm(struct seat *seat);
/* The connection is gone; the seat is kept until `until_tick`. */
void seat_lose(struct seat *seat, uint32_t until_tick);
/* Nobody has the seat any more. */
void seat_free(struct seat *seat);

/* Notes how early an input came, in 1/16 tick. */
void seat_add_margin(struct seat *seat, int64_t sixteenths);
/* Takes the smallest margin since the last call; 0 when there was none. */
int16_t seat_take_margin(struct seat *seat);

#endif
