/* conn_table.c - see conn_table.h.
 *
 * Invariant: each connection of the front is in exactly one slot; free slots form a list.
 */
#include "transport/conn_table.h"

#include <stdlib.h>

#include "base/assert.h"
#include "transport/conn_struct.h"

enum {
    RESERVE_MAX = 64, /* free slots below which connections at rest are ended; */
    RESERVE_SHARE = 4 /* of a small table a quarter of its slots */
};

int conn_table_create(struct conn_table *table, uint32_t slot_count)
{
    table->slots = calloc(slot_count, sizeof(*table->slots));
    if (table->slots == NULL) {
        return SK_ERR_MEMORY;
    }
    table->slot_count = slot_count;
    table->free_count = slot_count;
    for (uint32_t i = 0; i < slot_count; i++) {
        table->slots[i].generation = 1;
        table->slots[i].next_free = i + 1;
    }
    return SK_OK;
}

void conn_table_destroy(struct conn_table *table)
{
    free(table->slots);
}

/* At least one, so that a table of any size lets those at rest go before it refuses. */
static uint32_t reserve_of(const struct conn_table *table)
{
    uint32_t share = table->slot_count / RESERVE_SHARE + 1;
    return share < RESERVE_MAX ? share : RESERVE_MAX;
}

int conn_table_add(struct conn_table *table, struct conn *conn)
{
    conn->slot = CONN_NO_SLOT;
    if (table->free_slot == table->slot_count) {
        return SK_ERR_FULL;
    }
    struct conn_slot *slot = &table->slots[table->free_slot];
    SK_ASSERT(slot->conn == NULL);
    SK_ASSERT(table->free_count > 0);
    conn->slot = table->free_slot;
    table->free_slot = slot->next_free;
    table->free_count--;
    slot->conn = conn;
    if (table->free_count < reserve_of(table)) {
        conn_table_end_at_rest(table, 1);
    }
    return SK_OK;
}

void conn_table_remove(struct conn_table *table, struct conn *conn)
{
    if (conn->slot == CONN_NO_SLOT) {
        return;
    }
    struct conn_slot *slot = &table->slots[conn->slot];
    SK_ASSERT(slot->conn == conn);
    slot->conn = NULL;
    slot->generation += slot->generation == UINT32_MAX ? 2 : 1; /* 0 is no generation */
    slot->next_free = table->free_slot;
    table->free_slot = conn->slot;
    table->free_count++;
    conn->slot = CONN_NO_SLOT;
    stream_list_remove(&conn->stream.link);
}

struct conn *conn_table_at(const struct conn_table *table, uint32_t slot)
{
    SK_ASSERT(slot < table->slot_count);
    return table->slots[slot].conn;
}

struct conn *conn_table_find(const struct conn_table *table, struct conn_id id)
{
    bool is_there =
        id.index < table->slot_count && table->slots[id.index].generation == id.generation;
    return is_there ? table->slots[id.index].conn : NULL;
}

void conn_table_rest(struct conn_table *table, struct conn *conn)
{
    stream_list_append(&table->resting, &conn->stream.link);
}

void conn_table_end_at_rest(struct conn_table *table, uint32_t count)
{
    for (; count > 0 && table->resting.first != NULL; count--) {
        struct stream_link *link = table->resting.first;
        stream_list_remove(link);
        stream_drop((struct stream *)((char *)link - offsetof(struct stream, link)),
                    SK_REASON_NONE);
    }
}
