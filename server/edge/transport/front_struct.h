/* front_struct.h - what the files of this folder know of a front.  Its users include front.h. */
#ifndef FRONT_STRUCT_H
#define FRONT_STRUCT_H

#include "base/limits.h"
#include "stream/listener.h"
#include "stream/stream_hub.h"
#include "transport/conn_struct.h"
#include "transport/conn_table.h"

enum { FRONT_LISTENERS_MAX = 8 };

struct front_listener {
    struct listener listener; /* first: a listener is its front_listener */
    struct front *front;
    const struct conn_profile *profile;
};

struct front {
    struct front_config config;
    struct front_counts counts;
    struct conn_table table;
    struct front_listener listeners[FRONT_LISTENERS_MAX];
    uint32_t listener_count;
    struct stream_hub hub;
};

/* The front that a connection belongs to. */
static inline struct front *front_of(const struct conn *conn)
{
    return (struct front *)((char *)conn->stream.hub - offsetof(struct front, hub));
}

#endif
