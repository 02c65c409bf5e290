/* conn_list.h - the lists in which a connection may wait before its upgrade: one at a time.
 *
 * Memory   in the front and in its connections.
 * Threads  the front's.
 */
#ifndef CONN_LIST_H
#define CONN_LIST_H

#include <stdint.h>

struct conn;
struct front;

enum conn_list_kind {
    CONN_UNLISTED,
    CONN_LIST_FINISHING, /* the four of a TLS handshake: handshake_queue.h */
    CONN_LIST_FRESH,
    CONN_LIST_CROWD,
    CONN_LIST_AWAITING,
    CONN_LIST_IDLE, /* kept alive between two requests, the longest idle first */
    CONN_LIST_COUNT
};

/* A connection's part; {0} is in no list. */
struct conn_listing {
    struct conn *previous;
    struct conn *next;
    uint8_t list; /* enum conn_list_kind */
};

/* The front's part. */
struct conn_list {
    struct conn *first; /* NULL: empty */
    struct conn *last;
};

/* Puts a connection that is in no list (asserted) at the end of one. */
void conn_list_append(struct conn *conn, enum conn_list_kind kind);
/* Takes it out of the list that it is in; nothing when it is in none. */
void conn_list_remove(struct conn *conn);

#endif
