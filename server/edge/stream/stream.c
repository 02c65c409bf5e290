/* stream.c - see stream.h: what a stream is told, whatever its protocol.
 *
 * Invariants between calls (stream_is_sound()):
 *   1. What is not plain has a session, or in TLS_FIRST what to make it of.
 *   2. Only a stream in its handshake waits for its turn, and it has a place at most once.
 *   3. Nothing waits of the input of a stream that is ending.
 *   4. A stream that is watched asks epoll for what its state says, at the end of each turn.
 */
#include "stream/stream.h"

#include <sys/epoll.h>

#include "base/assert.h"
#include "stream/stream_hub.h"

_Static_assert(offsetof(struct stream, timer) <= 128, "what a message touches is in two lines");

bool stream_is_sound(const struct stream *stream)
{
    bool is_secure = stream->tls_stage != STREAM_TLS_PLAIN;
    bool is_in_handshake =
        stream->tls_stage == STREAM_TLS_FIRST || stream->tls_stage == STREAM_TLS_HANDSHAKE;
    bool is_open = stream->state == STREAM_OPEN;
    return is_secure == (stream->tls != NULL) && (!stream->is_queued || is_in_handshake) &&
           (is_open || stream->input.block == NULL) && (is_open || !stream->is_queued) &&
           stream->fd >= 0;
}

bool stream_is_paused(const struct stream *stream)
{
    return stream->state != STREAM_OPEN || stream->is_held || stream->is_spent ||
           stream->is_queued || stream->move_to != NULL ||
           byte_queue_size(&stream->unsent) > stream->pause_bytes;
}

static uint32_t wanted_interest(const struct stream *stream)
{
    uint32_t wanted = stream_has_unsent(stream) ? EPOLLOUT : 0;
    if (stream->state == STREAM_GONE) {
        return 0;
    }
    if (stream->state == STREAM_DRAINING || !stream_is_paused(stream)) {
        wanted |= EPOLLIN;
    }
    return wanted;
}

void stream_watch(struct stream *stream)
{
    struct loop *loop = stream->hub->loop;
    if (!stream->is_watched) {
        return;
    }
    uint32_t wanted = wanted_interest(stream);
    bool is_patient = stream->may_wait && stream->state == STREAM_OPEN &&
                      (wanted & EPOLLOUT) == 0 && loop_has_window(loop);
    if (is_patient != stream->source.is_patient) {
        loop_change_patience(loop, stream->fd, wanted, &stream->source, is_patient);
    } else if (wanted != stream->interest) {
        loop_change(loop, stream->fd, wanted, &stream->source);
    }
    stream->interest = wanted;
    SK_ASSERT_SLOW(stream_is_sound(stream));
}

void stream_defer(struct stream *stream)
{
    loop_defer(stream->hub->loop, &stream->task);
}

void stream_count_work(struct stream *stream, uint16_t units)
{
    struct loop *loop = stream->hub->loop;
    uint32_t turn = loop_turn_number(loop);
    stream->work = stream->work_turn == turn ? (uint16_t)(stream->work + units) : units;
    stream->work_turn = turn;
    if (stream->work >= SK_WORK_A_WAKE) {
        stream->is_spent = true;
        loop_defer_next(loop, &stream->task); /* one queued for this turn puts it off itself */
    }
}

void stream_arm(struct stream *stream, uint64_t due_ms)
{
    if (due_ms == UINT64_MAX) {
        wheel_disarm(&stream->timer);
        stream->timer.due_ms = UINT64_MAX;
    } else {
        loop_arm(stream->hub->loop, &stream->timer, due_ms);
    }
}

void stream_set_deadline(struct stream *stream, uint32_t timeout_ms)
{
    uint64_t now_ms = loop_now_ms(stream->hub->loop);
    stream_arm(stream, timeout_ms != 0 ? now_ms + timeout_ms : UINT64_MAX);
}

void stream_close(struct stream *stream, enum sk_reason reason)
{
    if (stream->state != STREAM_OPEN) {
        return;
    }
    stream->state = STREAM_CLOSING;
    stream->reason = (uint16_t)reason;
    stream->is_queued = false;
    byte_queue_clear(&stream->input, &stream->hub->pool);
    stream_set_deadline(stream, STREAM_CLOSING_MS);
    stream_defer(stream);
}

void stream_drop(struct stream *stream, enum sk_reason reason)
{
    if (stream->state == STREAM_GONE) {
        return;
    }
    if (stream->state == STREAM_OPEN) {
        stream->reason = (uint16_t)reason;
    }
    stream->state = STREAM_GONE;
    stream->is_queued = false;
    byte_queue_clear(&stream->input, &stream->hub->pool);
    stream_arm(stream, UINT64_MAX);
    stream_watch(stream);
    stream_defer(stream);
}

void stream_move(struct stream *stream, struct stream_hub *to)
{
    SK_ASSERT(stream->move_to == NULL);
    if (stream->state == STREAM_OPEN) {
        stream->move_to = to;
        stream_defer(stream);
    }
}

int stream_enter(struct stream *stream)
{
    stream->interest = EPOLLIN;
    int result = loop_add(stream->hub->loop, stream->fd, stream->interest, &stream->source);
    stream->is_watched = result == SK_OK;
    return result;
}

void stream_leave(struct stream *stream)
{
    wheel_disarm(&stream->timer);
    if (stream->is_watched) {
        loop_remove(stream->hub->loop, stream->fd, &stream->source);
        stream->is_watched = false;
    }
}
