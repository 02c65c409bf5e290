/* stream_list.c - see stream_list.h. */
#include "stream/stream_list.h"

#include <stddef.h>

#include "base/assert.h"

/* Do its neighbours and the list's ends agree with it? */
static bool is_linked(const struct stream_link *link)
{
    const struct stream_list *list = link->list;
    bool is_behind = link->previous != NULL ? link->previous->next == link : list->first == link;
    bool is_before = link->next != NULL ? link->next->previous == link : list->last == link;
    return is_behind && is_before;
}

void stream_list_append(struct stream_list *list, struct stream_link *link)
{
    SK_ASSERT(link->list == NULL);
    *link = (struct stream_link){.previous = list->last, .list = list};
    if (list->last != NULL) {
        list->last->next = link;
    } else {
        list->first = link;
    }
    list->last = link;
    SK_ASSERT_SLOW(is_linked(link));
}

void stream_list_remove(struct stream_link *link)
{
    struct stream_link was = *link;
    if (was.list == NULL) {
        return;
    }
    SK_ASSERT_SLOW(is_linked(link));
    if (was.previous != NULL) {
        was.previous->next = was.next;
    } else {
        was.list->first = was.next;
    }
    if (was.next != NULL) {
        was.next->previous = was.previous;
    } else {
        was.list->last = was.previous;
    }
    *link = (struct stream_link){0};
}
