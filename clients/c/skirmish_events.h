/* skirmish_events.h - what a client tells its host, kept until the host asks for it.
 *
 *   the client's events --push--> ring   --\
 *   seats of a roster   --mark--> bitmap ---+--> sk_client_next_event()
 *   the game's events, in the client's core /
 *
 * A roster may name every seat of a room at once, so of seats is only noted which have changed.
 *
 * Memory   plain, the caller's.  A full ring drops the oldest and counts it.
 * Threads  one.
 */
#ifndef SKIRMISH_EVENTS_H
#define SKIRMISH_EVENTS_H

#include "client.h"
#include "skirmish.h"

enum { SKIRMISH_EVENTS_MAX = 24 };

struct skirmish_events {
    struct sk_client_event ring[SKIRMISH_EVENTS_MAX];
    uint32_t begin; /* counted up; index = % SKIRMISH_EVENTS_MAX */
    uint32_t end;
    uint64_t lost_count;
    uint64_t seats[SK_PLAYERS_MAX / 64]; /* that have changed */
    struct sk_client_server server;      /* the newest figures; tick 0: none yet */
};

/* Keeps what is to be told of an event of the client's. */
void skirmish_events_push(struct skirmish_events *events, const struct client *client,
                          const struct client_event *event);
/* Takes the next; false when there is none. */
bool skirmish_events_take(struct skirmish_events *events, struct client *client,
                          struct sk_client_event *event);

#endif
