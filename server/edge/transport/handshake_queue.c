/* handshake_queue.c - see handshake_queue.h.
 *
 * Invariants between calls:
 *   1. place_count counts the connections that have a place, at most SK_TLS_HANDSHAKES_MAX.
 *   2. While somebody waits for the processor, the task is queued or the timer is armed.
 */
#include "transport/handshake_queue.h"

#include <stddef.h>

#include "base/assert.h"
#include "transport/conn_deadline.h"
#include "transport/conn_end.h"
#include "transport/conn_input.h"
#include "transport/front_struct.h"

static struct handshake_queue *queue_of(const struct conn *conn)
{
    return &conn->front->handshakes;
}

static struct conn *first_of(const struct front *front, enum conn_list_kind kind)
{
    return front->lists[kind].first;
}

static bool has_newcomers(const struct front *front)
{
    return first_of(front, CONN_LIST_FRESH) != NULL || first_of(front, CONN_LIST_CROWD) != NULL;
}

bool handshake_is_queued(const struct conn *conn)
{
    SK_ASSERT(conn->is_handshaking);
    uint8_t list = conn->listing.list;
    return list == CONN_LIST_FINISHING || list == CONN_LIST_FRESH || list == CONN_LIST_CROWD;
}

/* --- places ----------------------------------------------------------------------------------- */

/* Ends the handshake that has waited longest for its peer, if that is long enough. */
static void evict(struct front *front)
{
    struct conn *oldest = first_of(front, CONN_LIST_AWAITING);
    uint64_t now_ms = loop_now_ms(front->config.loop);
    if (oldest == NULL || now_ms - oldest->handshake.placed_ms < SK_TLS_HANDSHAKE_MS_MIN) {
        return;
    }
    handshake_leave(oldest);
    conn_lose(oldest, SK_REASON_TLS_BUSY);
}

static bool has_free_place(const struct front *front)
{
    return front->handshakes.place_count < SK_TLS_HANDSHAKES_MAX;
}

static bool find_place(struct front *front)
{
    if (!has_free_place(front)) {
        evict(front);
    }
    return has_free_place(front);
}

void handshake_take_place(struct conn *conn)
{
    SK_ASSERT(!conn->handshake.has_place);
    SK_ASSERT(has_free_place(conn->front));
    conn->handshake.has_place = true;
    conn->handshake.placed_ms = loop_now_ms(conn->front->config.loop);
    queue_of(conn)->place_count++;
    SK_ASSERT(queue_of(conn)->place_count <= SK_TLS_HANDSHAKES_MAX);
    conn_set_deadline(conn, SK_TLS_HANDSHAKE_MS);
}

void handshake_leave(struct conn *conn)
{
    struct handshake_queue *queue = queue_of(conn);
    conn_list_remove(conn);
    if (!conn->handshake.has_place) {
        return;
    }
    conn->handshake.has_place = false;
    SK_ASSERT(queue->place_count > 0);
    queue->place_count--;
    if (has_newcomers(conn->front)) {
        loop_defer(conn->front->config.loop, &queue->task);
    }
}

void handshake_await_peer(struct conn *conn)
{
    if (conn->handshake.has_place && conn->listing.list == CONN_UNLISTED) {
        conn_list_append(conn, CONN_LIST_AWAITING);
    }
}

/* --- the processor ---------------------------------------------------------------------------- */

static bool has_time(struct front *front)
{
    struct handshake_queue *queue = &front->handshakes;
    uint32_t turn_number = loop_turn_number(front->config.loop);
    if (queue->turn_number != turn_number) {
        queue->turn_number = turn_number;
        queue->spent_ns = 0;
    }
    return queue->spent_ns < SK_TLS_HANDSHAKE_US_A_WAKE * 1000u;
}

void handshake_note_spent(struct front *front, uint64_t spent_ns)
{
    front->handshakes.spent_ns += spent_ns;
}

static enum conn_list_kind list_for(const struct conn *conn)
{
    const struct address_limit *unadmitted = &conn->front->config.shared->unadmitted;
    if (conn->handshake.has_place) {
        return CONN_LIST_FINISHING;
    }
    bool is_crowd = address_limit_taken(unadmitted, conn->place) > SK_TLS_HANDSHAKES_AN_ADDRESS;
    return is_crowd ? CONN_LIST_CROWD : CONN_LIST_FRESH;
}

bool handshake_may_run(struct conn *conn)
{
    struct front *front = conn->front;
    struct handshake_queue *queue = &front->handshakes;
    bool is_first = first_of(front, CONN_LIST_FINISHING) == NULL && !has_newcomers(front);
    bool has_place = conn->handshake.has_place || has_free_place(front);
    conn_list_remove(conn);
    if (is_first && has_place && has_time(front)) {
        return true;
    }
    conn_list_append(conn, list_for(conn));
    loop_defer(front->config.loop, &queue->task);
    return false;
}

/* The next that may go on, out of its list; NULL when nobody waits or there is no place. */
static struct conn *take_next(struct front *front)
{
    struct conn *conn = first_of(front, CONN_LIST_FINISHING);
    if (conn == NULL && has_newcomers(front) && find_place(front)) {
        conn = first_of(front, CONN_LIST_FRESH);
        conn = conn != NULL ? conn : first_of(front, CONN_LIST_CROWD);
    }
    if (conn != NULL) {
        conn_list_remove(conn);
    }
    return conn;
}

/* One handshake goes on; between two the loop looks for a due tick. */
static void go_on(struct loop_task *task)
{
    struct handshake_queue *queue =
        (struct handshake_queue *)((char *)task - offsetof(struct handshake_queue, task));
    struct front *front = (struct front *)((char *)queue - offsetof(struct front, handshakes));
    struct loop *loop = front->config.loop;
    if (!has_time(front)) {
        loop_defer_next(loop, task);
        return;
    }
    struct conn *conn = take_next(front);
    if (conn != NULL) {
        conn_go_on_with_handshake(conn);
        loop_defer(loop, task);
    } else if (has_newcomers(front)) {
        loop_arm(loop, &queue->timer, loop_now_ms(loop) + WHEEL_SLOT_MS);
    }
}

static void on_timer(struct wheel_timer *timer)
{
    struct handshake_queue *queue =
        (struct handshake_queue *)((char *)timer - offsetof(struct handshake_queue, timer));
    struct front *front = (struct front *)((char *)queue - offsetof(struct front, handshakes));
    loop_defer(front->config.loop, &queue->task);
}

void handshake_queue_init(struct handshake_queue *queue)
{
    queue->task.run = go_on;
    queue->timer.on_due = on_timer;
}
