/* stream_list.h - a list of streams, in which a stream may wait: in one at a time.
 *
 * Memory   the links lie in the streams.
 * Threads  that of the streams.
 */
#ifndef STREAM_LIST_H
#define STREAM_LIST_H

#include <stdbool.h>

struct stream_link;

/* {0} is an empty list. */
struct stream_list {
    struct stream_link *first;
    struct stream_link *last;
};

/* A stream's part; {0} is in no list. */
struct stream_link {
    struct stream_link *previous;
    struct stream_link *next;
    struct stream_list *list; /* NULL: in none */
};

/* Puts a link that is in no list (asserted) at the end of one. */
void stream_list_append(struct stream_list *list, struct stream_link *link);
/* Takes it out of the list that it is in; nothing when it is in none. */
void stream_list_remove(struct stream_link *link);

#endif
