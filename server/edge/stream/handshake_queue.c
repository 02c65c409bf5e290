/* handshake_queue.c - see handshake_queue.h.
 *
 * Invariants between calls:
 *   1. place_count counts the streams that have a place, at most SK_TLS_HANDSHAKES_MAX.
 *   2. While somebody waits for the processor, the task is queued or the timer is armed.
 *   3. A stream that has ended may stay in its list until the turn's end; it gets no turn.
 */
#include "stream/handshake_queue.h"

#include <stddef.h>

#include "base/assert.h"
#include "stream/stream_hub.h"

static struct handshake_queue *queue_of(const struct stream *stream)
{
    return &stream->hub->handshakes;
}

static struct stream *first_of(const struct stream_list *list)
{
    return list->first == NULL
               ? NULL
               : (struct stream *)((char *)list->first - offsetof(struct stream, link));
}

static bool has_newcomers(const struct handshake_queue *queue)
{
    return queue->fresh.first != NULL || queue->crowd.first != NULL;
}

/* --- places ----------------------------------------------------------------------------------- */

static uint32_t now_ms_of(const struct stream_hub *hub)
{
    return (uint32_t)loop_now_ms(hub->loop);
}

/* Ends the handshake that has waited longest for its peer, if that is long enough. */
static void evict(struct stream_hub *hub)
{
    struct stream *oldest = first_of(&hub->handshakes.awaiting);
    if (oldest == NULL || now_ms_of(hub) - oldest->placed_ms < SK_TLS_HANDSHAKE_MS_MIN) {
        return;
    }
    handshake_queue_leave(oldest);
    stream_drop(oldest, SK_REASON_TLS_BUSY);
}

static bool has_free_place(const struct handshake_queue *queue)
{
    return queue->place_count < SK_TLS_HANDSHAKES_MAX;
}

static bool find_place(struct stream_hub *hub)
{
    if (!has_free_place(&hub->handshakes)) {
        evict(hub);
    }
    return has_free_place(&hub->handshakes);
}

void handshake_queue_acquire_place(struct stream *stream)
{
    SK_ASSERT(!stream->has_place);
    SK_ASSERT(has_free_place(queue_of(stream)));
    stream->has_place = true;
    stream->placed_ms = now_ms_of(stream->hub);
    queue_of(stream)->place_count++;
    stream_set_deadline(stream, SK_TLS_HANDSHAKE_MS);
}

void handshake_queue_leave(struct stream *stream)
{
    struct handshake_queue *queue = queue_of(stream);
    stream_list_remove(&stream->link);
    stream->is_queued = false;
    if (!stream->has_place) {
        return;
    }
    stream->has_place = false;
    SK_ASSERT(queue->place_count > 0);
    queue->place_count--;
    if (has_newcomers(queue)) {
        loop_defer(stream->hub->loop, &queue->task);
    }
}

void handshake_queue_await_peer(struct stream *stream)
{
    if (stream->has_place && stream->link.list == NULL) {
        stream_list_append(&queue_of(stream)->awaiting, &stream->link);
    }
}

/* --- the processor ---------------------------------------------------------------------------- */

static bool has_time(struct stream_hub *hub)
{
    struct handshake_queue *queue = &hub->handshakes;
    uint32_t turn_number = loop_turn_number(hub->loop);
    if (queue->turn_number != turn_number) {
        queue->turn_number = turn_number;
        queue->spent_ns = 0;
    }
    return queue->spent_ns < SK_TLS_HANDSHAKE_US_A_WAKE * 1000u;
}

void handshake_queue_note_spent(struct stream_hub *hub, uint64_t spent_ns)
{
    hub->handshakes.spent_ns += spent_ns;
}

static struct stream_list *list_for(const struct stream *stream)
{
    struct handshake_queue *queue = queue_of(stream);
    if (stream->has_place) {
        return &queue->finishing;
    }
    uint32_t taken = address_limit_taken(stream->hub->unadmitted, stream->place);
    return taken > SK_TLS_HANDSHAKES_AN_ADDRESS ? &queue->crowd : &queue->fresh;
}

bool handshake_queue_may_run(struct stream *stream)
{
    struct handshake_queue *queue = queue_of(stream);
    bool is_first = queue->finishing.first == NULL && !has_newcomers(queue);
    bool has_place = stream->has_place || has_free_place(queue);
    stream_list_remove(&stream->link);
    if (is_first && has_place && has_time(stream->hub)) {
        return true;
    }
    stream->is_queued = true;
    stream_list_append(list_for(stream), &stream->link);
    loop_defer(stream->hub->loop, &queue->task);
    return false;
}

/* Who is next of those that wait for the processor; NULL when nobody is or there is no place. */
static struct stream *find_next(struct stream_hub *hub)
{
    struct handshake_queue *queue = &hub->handshakes;
    struct stream *stream = first_of(&queue->finishing);
    if (stream == NULL && has_newcomers(queue) && find_place(hub)) {
        stream = first_of(&queue->fresh);
        stream = stream != NULL ? stream : first_of(&queue->crowd);
    }
    return stream;
}

/* The next that may go on, out of its list; or NULL. */
static struct stream *take_next(struct stream_hub *hub)
{
    struct stream *stream = find_next(hub);
    while (stream != NULL && stream->state != STREAM_OPEN) {
        stream_list_remove(&stream->link);
        stream = find_next(hub);
    }
    if (stream != NULL) {
        stream_list_remove(&stream->link);
        stream->is_queued = false;
    }
    return stream;
}

/* One handshake goes on; between two the loop looks for a due tick. */
static void run_next(struct loop_task *task)
{
    struct handshake_queue *queue =
        (struct handshake_queue *)((char *)task - offsetof(struct handshake_queue, task));
    struct stream_hub *hub =
        (struct stream_hub *)((char *)queue - offsetof(struct stream_hub, handshakes));
    if (!has_time(hub)) {
        loop_defer_next(hub->loop, task);
        return;
    }
    struct stream *stream = take_next(hub);
    if (stream != NULL) {
        queue->run(stream);
        loop_defer(hub->loop, task);
    } else if (has_newcomers(queue)) {
        loop_arm(hub->loop, &queue->timer, loop_now_ms(hub->loop) + WHEEL_SLOT_MS);
    }
}

static void on_timer(struct wheel_timer *timer)
{
    struct handshake_queue *queue =
        (struct handshake_queue *)((char *)timer - offsetof(struct handshake_queue, timer));
    struct stream_hub *hub =
        (struct stream_hub *)((char *)queue - offsetof(struct stream_hub, handshakes));
    loop_defer(hub->loop, &queue->task);
}

void handshake_queue_init(struct handshake_queue *queue, void (*run)(struct stream *stream))
{
    queue->run = run;
    queue->task.run = run_next;
    queue->timer.on_due = on_timer;
}
