/* front.c - see front.h.
 *
 * Invariant: each connection of this front is in exactly one slot; free slots form a list.
 */
#include "transport/front.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "transport/conn_end.h"
#include "transport/conn_life.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

enum { CONNECTIONS_MAX_DEFAULT = 16384, POOL_BYTES_MAX_DEFAULT = 256 << 20 };

static void flush_at_turns_end(struct loop_task *task)
{
    struct front *front = (struct front *)((char *)task - offsetof(struct front, flush_task));
    cork_flush(front);
}

static void link_slots(struct front *front)
{
    front->free_count = front->config.connections_max;
    for (uint32_t i = 0; i < front->config.connections_max; i++) {
        front->slots[i].generation = 1;
        front->slots[i].next_free = i + 1;
    }
}

void front_shared_init(struct front_shared *shared, uint64_t key)
{
    memset(shared, 0, sizeof(*shared));
    shared->unadmitted.key = key;
    shared->admitted.key = key;
}

struct front *front_create(const struct front_config *config)
{
    struct front *front = calloc(1, sizeof(*front));
    if (front == NULL) {
        return NULL;
    }
    front->config = *config;
    front->config.connections_max =
        conn_or_default(config->connections_max, CONNECTIONS_MAX_DEFAULT);
    if (front->config.pool_bytes_max == 0) {
        front->config.pool_bytes_max = POOL_BYTES_MAX_DEFAULT;
    }
    block_pool_init(&front->pool, front->config.pool_bytes_max);
    front->flush_task.run = flush_at_turns_end;
    handshake_queue_init(&front->handshakes);
    front->slots = calloc(front->config.connections_max, sizeof(*front->slots));
    if (front->slots == NULL) {
        free(front);
        return NULL;
    }
    link_slots(front);
    return front;
}

/* At least one, so that a front of any size lets those at rest go before it refuses. */
static uint32_t reserve_of(const struct front *front)
{
    uint32_t share = front->config.connections_max / FRONT_RESERVE_SHARE + 1;
    return share < FRONT_RESERVE_MAX ? share : FRONT_RESERVE_MAX;
}

int front_take_slot(struct front *front, struct conn *conn)
{
    if (front->free_slot == front->config.connections_max) {
        return SK_ERR_FULL;
    }
    struct front_slot *slot = &front->slots[front->free_slot];
    SK_ASSERT(slot->conn == NULL);
    conn->slot = front->free_slot;
    front->free_slot = slot->next_free;
    front->free_count--;
    slot->conn = conn;
    if (front->free_count < reserve_of(front)) {
        front_end_at_rest(front, 1);
    }
    return SK_OK;
}

void front_end_at_rest(struct front *front, uint32_t count)
{
    while (count > 0 && front->lists[CONN_LIST_IDLE].first != NULL) {
        conn_lose(front->lists[CONN_LIST_IDLE].first, SK_REASON_NONE);
        count--;
    }
}

void front_give_slot(struct front *front, struct conn *conn)
{
    struct front_slot *slot = &front->slots[conn->slot];
    SK_ASSERT(slot->conn == conn);
    slot->conn = NULL;
    slot->generation += slot->generation == UINT32_MAX ? 2 : 1; /* 0 is no generation */
    slot->next_free = front->free_slot;
    front->free_slot = conn->slot;
    front->free_count++;
}

void front_close_all(struct front *front, enum sk_reason reason)
{
    for (uint32_t i = 0; i < front->config.connections_max; i++) {
        struct conn *conn = front->slots[i].conn;
        if (conn != NULL && conn->move_to == NULL) {
            conn_close(conn, reason);
        }
    }
}

void front_destroy(struct front *front)
{
    front_close_listeners(front);
    for (uint32_t i = 0; i < front->config.connections_max; i++) {
        struct conn *conn = front->slots[i].conn;
        if (conn != NULL) {
            conn_leave(conn);
            conn_drop(conn, SK_REASON_SERVER_STOPPING);
        }
    }
    wheel_disarm(&front->handshakes.timer);
    block_pool_deinit(&front->pool);
    free(front->slots);
    free(front);
}

int front_listen(struct front *front, int listen_fd, const struct conn_profile *profile)
{
    SK_ASSERT(profile->body_bytes_max + SK_HTTP_HEAD_BYTES_MAX <= FRONT_KEPT_INPUT_BYTES_MAX);
    if (front->listener_count == FRONT_LISTENERS_MAX) {
        return SK_ERR_FULL;
    }
    struct listener *listener = &front->listeners[front->listener_count];
    *listener = (struct listener){.front = front, .profile = profile, .fd = listen_fd};
    int result = listener_start(listener);
    front->listener_count += result == SK_OK ? 1 : 0;
    return result;
}

void front_close_listeners(struct front *front)
{
    for (uint32_t i = 0; i < front->listener_count; i++) {
        listener_stop(&front->listeners[i]);
    }
    front->listener_count = 0;
}

void *front_user(const struct front *front)
{
    return front->config.user;
}

struct loop *front_loop(const struct front *front)
{
    return front->config.loop;
}

const struct front_counts *front_counts(const struct front *front)
{
    return &front->counts;
}
