/* stream_life.c - see stream_life.h.
 *
 * Three things wake a stream: its socket (on_ready), its timer (on_due) and, at the end of a turn,
 * its task, which tells of an end, moves, resumes or frees.
 */
#include "stream/stream_life.h"

#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/assert.h"
#include "stream/stream_end.h"
#include "stream/stream_hub.h"
#include "stream/stream_move.h"
#include "stream/stream_read.h"

static void on_writable(struct stream *stream)
{
    write_buffer_flush_own(stream);
    write_buffer_resume(stream);
    bool is_told = stream->state == STREAM_OPEN || stream->state == STREAM_CLOSING;
    if (is_told && !stream_has_unsent(stream) && stream->move_to == NULL) {
        stream->protocol->on_writable(stream);
    }
    if (stream_has_unsent(stream)) {
        return;
    }
    if (stream->state == STREAM_CLOSING) {
        stream_end_finish(stream);
    } else {
        stream_read_resume(stream);
    }
}

static void on_ready(struct loop_source *source, uint32_t events)
{
    struct stream *stream = (struct stream *)source;
    if ((events & EPOLLOUT) != 0) {
        on_writable(stream);
    }
    bool is_readable = (events & EPOLLIN) != 0 && (stream->interest & EPOLLIN) != 0;
    if (stream->state == STREAM_DRAINING) {
        stream_end_drain(stream);
    } else if (is_readable && !stream_is_paused(stream)) {
        stream_read_ready(stream);
    } else if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        stream_drop(stream, SK_REASON_PEER_GONE);
    }
    write_buffer_flush_own(stream);
    stream_watch(stream);
}

/* --- time ------------------------------------------------------------------------------------- */

static void on_open_due(struct stream *stream)
{
    bool is_handshaking =
        stream->tls_stage == STREAM_TLS_FIRST || stream->tls_stage == STREAM_TLS_HANDSHAKE;
    if (!is_handshaking) {
        stream->protocol->on_due(stream);
    } else if (stream->is_queued) {
        stream_set_deadline(stream, SK_HEAD_TIMEOUT_MS); /* it is we who are late */
    } else {
        stream_drop(stream, SK_REASON_HEAD_TIMEOUT);
    }
}

static void on_due(struct wheel_timer *timer)
{
    struct stream *stream = (struct stream *)((char *)timer - offsetof(struct stream, timer));
    timer->due_ms = UINT64_MAX;
    switch ((enum stream_state)stream->state) {
    case STREAM_OPEN:
        on_open_due(stream);
        return;
    case STREAM_CLOSING:
    case STREAM_DRAINING:
        stream_drop(stream, (enum sk_reason)stream->reason);
        return;
    case STREAM_GONE:
        break;
    }
    SK_UNREACHABLE("a stream that is gone has no timer");
}

/* --- the end of a turn ------------------------------------------------------------------------ */

/* It has begun to end: it waits for nothing any more, and its protocol hears. */
static void announce_end(struct stream *stream)
{
    if (!stream->has_ended) {
        stream->has_ended = true;
        handshake_queue_leave(stream);
        stream->protocol->on_end(stream);
    }
}

static void destroy(struct stream *stream)
{
    struct stream_hub *hub = stream->hub;
    int fd = stream->fd;
    write_buffer_forget(stream);
    stream_leave(stream);
    byte_queue_clear(&stream->unsent, &hub->pool);
    byte_queue_clear(&stream->input, &hub->pool);
    if (stream->tls_stage >= STREAM_TLS_HANDSHAKE) {
        sk_tls_destroy(stream->tls);
    }
    SK_ASSERT(stream->link.list == NULL);
    hub->owner->on_gone(stream);
    (void)close(fd); /* all that could be sent was */
}

void stream_destroy(struct stream *stream, enum sk_reason reason)
{
    if (stream->state == STREAM_OPEN) {
        stream->reason = (uint16_t)reason;
    }
    stream->state = STREAM_GONE;
    announce_end(stream);
    destroy(stream);
}

/* Whether it must wait for the next turn, for it has had its share of this one. */
static bool is_put_off(struct stream *stream)
{
    struct loop *loop = stream->hub->loop;
    if (stream->is_spent && stream->work_turn == loop_turn_number(loop)) {
        loop_defer_next(loop, &stream->task);
        return true;
    }
    stream->is_spent = false;
    return false;
}

static void run_task(struct loop_task *task)
{
    struct stream *stream = (struct stream *)((char *)task - offsetof(struct stream, task));
    SK_ASSERT_SLOW(stream_is_sound(stream));
    if (stream->state == STREAM_OPEN) {
        if (stream->move_to != NULL) {
            stream_move_depart(stream);
        } else if (!is_put_off(stream)) {
            stream_read_resume(stream);
        }
        return;
    }
    announce_end(stream);
    if (stream->state == STREAM_CLOSING) {
        stream_end_finish(stream);
    }
    if (stream->state == STREAM_GONE && !task->is_queued) {
        destroy(stream);
    }
}

/* --- the beginning ---------------------------------------------------------------------------- */

int stream_open(struct stream *stream, struct stream_hub *hub, const struct stream_config *config)
{
    stream->source.on_ready = on_ready;
    stream->timer.on_due = on_due;
    stream->task.run = run_task;
    stream->hub = hub;
    stream->protocol = config->protocol;
    stream->fd = config->fd;
    stream->address = *config->address;
    stream->awaits_address = config->awaits_address;
    stream->heard_ms = loop_now_ms(hub->loop);
    stream->tls_context = config->tls;
    stream->tls_stage = config->tls != NULL ? STREAM_TLS_FIRST : STREAM_TLS_PLAIN;
    int result = stream_enter(stream);
    if (result == SK_OK) {
        stream_set_deadline(stream, config->timeout_ms);
        if (config->tls == NULL) {
            stream->protocol->on_open(stream);
        }
    }
    return result;
}
