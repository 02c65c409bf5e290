/* udp_sessions.h - a worker's datagram sessions: by number, by slot, and what each may be sent.
 *
 * A session's number is the worker in the low byte, and 24 bits that the join API counts up.  The
 * low 16 of these are its place in an index, so that what names no session costs one look; the few
 * numbers that share a place with one that is in use are refused when a session is made.
 *
 * Memory   udp_sessions_create() allocates; nothing else does.
 * Threads  one.
 * Time     milliseconds, a parameter.
 */
#ifndef UDP_SESSIONS_H
#define UDP_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "loop/wheel.h"
#include "net/sealed.h"
#include "udp/udp_batch.h"

#define UDP_NO_SLOT UINT32_MAX

struct udp_session {
    struct wheel_timer timer; /* first: a timer is its session */
    void *owner;              /* the front's, for its timer */
    struct sk_sealed sealed;
    struct udp_place place; /* of the newest good datagram; nowhere: none came */
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t opened_ms;
    uint64_t heard_ms;   /* when the last good one came; before: when it was made */
    uint64_t follow_ms;  /* when the second began in which `follows` are counted */
    uint32_t follows;    /* changes of place that were followed in it */
    uint32_t free_index; /* the table's: of the next free slot */
    bool is_open;        /* the slot is a session's */
    bool is_admitted;
    bool is_spent; /* it has used up its sequences */
};

struct udp_sessions {
    struct udp_session *rows;
    uint16_t *index; /* by bits 8 to 23 of the number: slot + 1, or 0 */
    uint32_t max;
    uint32_t count;
    uint32_t first_free; /* UDP_NO_SLOT: none */
};

/* Makes an empty table of `max` slots, below 65,535.  Returns SK_OK or SK_ERR_MEMORY. */
SK_MUST_CHECK int udp_sessions_create(struct udp_sessions *table, uint32_t max);
/* Frees it, with the keys of all sessions wiped. */
void udp_sessions_destroy(struct udp_sessions *table);

/* Takes a slot for a session.  Returns SK_OK and the slot, whose sealed part and timer are the
 * caller's to fill in; SK_ERR_FULL, or SK_ERR_RANGE when its place in the index is another's. */
SK_MUST_CHECK int udp_sessions_open(struct udp_sessions *table, uint32_t number, uint64_t now_ms,
                                    uint32_t *slot);
/* The slot of the session that has waited for its first good datagram for the longest, or
 * UDP_NO_SLOT.  Looks at all. */
uint32_t udp_sessions_oldest_unused(const struct udp_sessions *table);
/* Gives the slot back and wipes the keys. */
void udp_sessions_close(struct udp_sessions *table, uint32_t slot);
/* The slot of the session with that number, or UDP_NO_SLOT. */
uint32_t udp_sessions_find(const struct udp_sessions *table, uint32_t number);
/* The session in a slot, which has one (asserted). */
struct udp_session *udp_sessions_get(const struct udp_sessions *table, uint32_t slot);

/* A good datagram came: it lives, may be sent as much, and is where the newest came from.  At most
 * four changes of place a second are followed. */
void udp_session_receive(struct udp_session *session, const struct udp_datagram *datagram,
                         bool is_newest, uint64_t now_ms);
/* Whether a datagram of so many bytes may be sent: something came from there, and, before it is
 * admitted, no more goes out than came in. */
bool udp_session_may_send(const struct udp_session *session, size_t bytes);

#endif
