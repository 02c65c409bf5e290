/* conn_list.c - see conn_list.h. */
#include "transport/conn_list.h"

#include "base/assert.h"
#include "transport/front_struct.h"

/* Do its neighbours and the list's ends agree with it? */
static bool is_linked(const struct conn *conn)
{
    const struct conn_listing *at = &conn->listing;
    const struct conn_list *list = &conn->front->lists[at->list];
    bool is_behind =
        at->previous != NULL ? at->previous->listing.next == conn : list->first == conn;
    bool is_before = at->next != NULL ? at->next->listing.previous == conn : list->last == conn;
    return is_behind && is_before;
}

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
    SK_ASSERT_SLOW(is_linked(conn));
}

void conn_list_remove(struct conn *conn)
{
    struct conn_listing was = conn->listing;
    struct conn_list *list = &conn->front->lists[was.list];
    if (was.list == CONN_UNLISTED) {
        return;
    }
    SK_ASSERT_SLOW(is_linked(conn));
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
