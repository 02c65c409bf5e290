/* front.c - see front.h. */
#include "transport/front.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "stream/stream_life.h"
#include "transport/conn_life.h"
#include "transport/front_struct.h"

enum { CONNECTIONS_MAX_DEFAULT = 16384, POOL_BYTES_MAX_DEFAULT = 256 << 20 };

void front_shared_init(struct front_shared *shared, uint64_t key)
{
    memset(shared, 0, sizeof(*shared));
    shared->unadmitted.key = key;
    shared->admitted.key = key;
}

/* Fills in the defaults. */
static struct front_config complete(const struct front_config *config)
{
    struct front_config complete = *config;
    complete.connections_max = conn_or_default(config->connections_max, CONNECTIONS_MAX_DEFAULT);
    if (complete.pool_bytes_max == 0) {
        complete.pool_bytes_max = POOL_BYTES_MAX_DEFAULT;
    }
    return complete;
}

struct front *front_create(const struct front_config *config)
{
    struct front *front = calloc(1, sizeof(*front));
    if (front == NULL) {
        return NULL;
    }
    front->config = complete(config);
    if (conn_table_create(&front->table, front->config.connections_max) != SK_OK) {
        free(front);
        return NULL;
    }
    struct stream_hub_config hub = {
        .loop = front->config.loop,
        .owner = &conn_stream_owner,
        .counts = &front->counts.stream,
        .unadmitted = &front->config.shared->unadmitted,
        .pool_bytes_max = front->config.pool_bytes_max,
    };
    stream_hub_init(&front->hub, &hub);
    return front;
}

void front_close_all(struct front *front, enum sk_reason reason)
{
    for (uint32_t i = 0; i < front->config.connections_max; i++) {
        struct conn *conn = conn_table_at(&front->table, i);
        if (conn != NULL && conn->stream.move_to == NULL) {
            conn_close(conn, reason);
        }
    }
}

void front_destroy(struct front *front)
{
    front_close_listeners(front);
    for (uint32_t i = 0; i < front->config.connections_max; i++) {
        struct conn *conn = conn_table_at(&front->table, i);
        if (conn != NULL) {
            stream_destroy(&conn->stream, SK_REASON_SERVER_STOPPING);
        }
    }
    stream_hub_deinit(&front->hub);
    conn_table_destroy(&front->table);
    free(front);
}

static struct front_listener *of(struct listener *listener)
{
    return (struct front_listener *)listener;
}

static void on_accepted(struct listener *listener, int fd, const struct address *address)
{
    conn_accept(of(listener)->front, of(listener)->profile, fd, address);
}

static void on_full(struct listener *listener, uint32_t count)
{
    struct front *front = of(listener)->front;
    conn_table_end_at_rest(&front->table, count); /* each gives a descriptor back */
    counter_add(&front->counts.accept_pauses, 1);
}

static const struct listener_owner listener_owner = {
    .on_accepted = on_accepted,
    .on_full = on_full,
};

int front_listen(struct front *front, int listen_fd, const struct conn_profile *profile)
{
    SK_ASSERT(profile->body_bytes_max + SK_HTTP_HEAD_BYTES_MAX <= STREAM_INPUT_BYTES_MAX);
    if (front->listener_count == FRONT_LISTENERS_MAX) {
        return SK_ERR_FULL;
    }
    struct front_listener *listener = &front->listeners[front->listener_count];
    *listener = (struct front_listener){.front = front, .profile = profile};
    listener->listener.loop = front->config.loop;
    listener->listener.owner = &listener_owner;
    listener->listener.fd = listen_fd;
    int result = listener_start(&listener->listener);
    front->listener_count += result == SK_OK ? 1 : 0;
    return result;
}

void front_close_listeners(struct front *front)
{
    for (uint32_t i = 0; i < front->listener_count; i++) {
        listener_stop(&front->listeners[i].listener);
    }
    front->listener_count = 0;
}

void *front_user(const struct front *front)
{
    return front->config.user;
}

void front_on_ahead(const struct loop_source *source, enum loop_distance distance)
{
    const struct conn *conn = (const struct conn *)source; /* its first member */
    if (conn_profile_of(conn)->handler->on_ahead != NULL) {
        conn_profile_of(conn)->handler->on_ahead(conn, distance);
    }
}

struct loop *front_loop(const struct front *front)
{
    return front->config.loop;
}

const struct front_counts *front_counts(const struct front *front)
{
    return &front->counts;
}
