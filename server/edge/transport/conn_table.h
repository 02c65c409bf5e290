/* conn_table.h - the connections of a front: each in a slot of its own, which its id names.
 *
 * Those at rest between two requests are listed besides, the longest resting first: they end when
 * no slot is free for newcomers.
 *
 * Memory   conn_table_open() allocates the slots.
 * Threads  the front's.
 */
#ifndef CONN_TABLE_H
#define CONN_TABLE_H

#include "stream/stream_list.h"
#include "transport/conn.h"

struct conn_slot {
    struct conn *conn; /* NULL: free */
    uint32_t generation;
    uint32_t next_free;
};

struct conn_table {
    struct conn_slot *slots;
    uint32_t slot_count;
    uint32_t free_count;
    uint32_t free_slot; /* first of the list; slot_count when there is none */
    struct stream_list resting;
};

/* Makes a table of `slot_count` free slots.  Returns SK_OK or SK_ERR_MEMORY. */
SK_MUST_CHECK int conn_table_create(struct conn_table *table, uint32_t slot_count);
/* Frees the slots. */
void conn_table_destroy(struct conn_table *table);
/* Puts a connection into a slot.  Returns SK_OK, or SK_ERR_FULL. */
SK_MUST_CHECK int conn_table_add(struct conn_table *table, struct conn *conn);
/* Takes it out, and off the list of those at rest; its id is stale from now on.  Nothing when it
 * has no slot. */
void conn_table_remove(struct conn_table *table, struct conn *conn);
/* The connection in a slot, or NULL. */
struct conn *conn_table_at(const struct conn_table *table, uint32_t slot);
/* The connection of an id, or NULL when it is stale. */
struct conn *conn_table_find(const struct conn_table *table, struct conn_id id);
/* Lists a connection as at rest. */
void conn_table_rest(struct conn_table *table, struct conn *conn);
/* Ends up to `count` connections at rest, the longest resting first.  They are gone at the end of
 * this turn. */
void conn_table_end_at_rest(struct conn_table *table, uint32_t count);

#endif
