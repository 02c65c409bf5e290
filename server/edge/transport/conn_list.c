/* conn_list.c - see conn_list.h. */
#include "transport/conn_list.h"

#include "base/assert.h"
#include "transport/front_struct.h"

void conn_list_append(struct conn *conn, enum conn_list_kind kind)
{
    struct conn_list *list = &conn->front->lists[kind];
    SK_ASSERT(conn->state < CONN_OPEN);
    SK_ASSERT(kind != CONN_UNLISTED);
    SK_ASSERT(conn->listing.list == CONN_UNLISTED);
    conn->listing = (struct conn_listing){list->last, NULL, (uint8_t)kind};
    if (list->last != NULL) {
        list->last->listing.next = conn;
    } else {
        list->first = conn;
    }
    list->last = conn;
}

void conn_list_remove(struct conn *conn)
{
    struct conn_listing was = conn->listing;
    struct conn_list *list = &conn->front->lists[was.list];
    if (was.list == CONN_UNLISTED) {
        return;
    }
    if (was.previous != NULL) {
        was.previous->listing.next = was.next;
    } else {
        list->first = was.next;
    }
    if (was.next != NULL) {
        was.next->listing.previous = was.previous;
    } else {
        list->last = was.previous;
    }
    conn->listing = (struct conn_listing){0};
}
