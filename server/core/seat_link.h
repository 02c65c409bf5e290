/* seat_link.h - the connection of a seat: the half of it that starts anew with each connection and
 * ends with the process (the other half is seat.h's).
 *
 * Memory   the inbox borrows its slots; none of its own.
 * Threads  one: the room's.
 */
#ifndef SEAT_LINK_H
#define SEAT_LINK_H

#include "inbox.h"
#include "sent_snapshots.h"
#include "transport.h"
#include "view_clock.h"

struct seat_link {
    void *connection; /* NULL: nobody is connected */
    void *moving;     /* the connection while it is under way between two workers */
    const struct transport *transport;
    uint64_t claimed_us;
    uint32_t dropped_before;   /* ticks that the room had dropped when it was claimed */
    uint64_t ticket_s;         /* when its resume ticket was written, by the wall clock */
    int16_t newest_sixteenths; /* margin of the newest input */
    int16_t margin_sixteenths; /* smallest since the last snapshot */
    uint16_t repeated;         /* bit i: the input of i ticks ago was no fresh one */
    uint32_t command_number;   /* newest that came, of the same player's connections before, too */
    uint32_t command_tick;     /* when one was taken, of this connection; 0: none */
    uint32_t refused_count;    /* of the newest commands: they found no space to wait */
    uint32_t refused_wants;    /* bit i: the i-th of them wants an answer */
    uint32_t inputs_repeated;  /* this and the next two for a Probe, of this connection */
    uint32_t snapshots_held;
    uint32_t views_clamped;
    bool is_changed;        /* the roster must say so */
    bool is_confirmed;      /* a message came: its Welcome arrived */
    bool is_behind;         /* everybody was told something while it was under way */
    struct view_clock view; /* what has been drawn on the connection */
    struct inbox inbox;     /* of a player's seat */
    struct sent_snapshots sent;
};

/* A connection has the seat from now on.  Sent snapshots, inbox and commands
 * are the caller's to start anew or to go on with. */
void seat_link_attach(struct seat_link *link, void *connection, const struct transport *transport,
                      uint64_t now_us);
/* Notes how early an input came, in 1/16 tick; of the newest of all, or of an older one. */
void seat_link_add_margin(struct seat_link *link, int64_t sixteenths, bool is_newest);
/* Returns the smallest margin since the last call and forgets it; the newest input's when there was
 * none.  It is never above that. */
int16_t seat_link_pop_margin(struct seat_link *link);

#endif
