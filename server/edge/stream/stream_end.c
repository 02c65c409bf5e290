/* stream_end.c - see stream_end.h. */
#include "stream/stream_end.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "stream/stream_hub.h"

static void send_close_notify(struct stream *stream)
{
    if (stream->tls_stage == STREAM_TLS_OPEN) {
        struct sk_tls_io io = write_buffer_begin_records(stream);
        sk_tls_close(stream->tls, &io);
        write_buffer_end_records(stream, &io);
        stream->tls_stage = STREAM_TLS_SHUT; /* nothing may follow */
        write_buffer_flush_own(stream);
    }
}

static bool is_all_sent(const struct stream *stream)
{
    return stream->state == STREAM_CLOSING && !stream_has_unsent(stream);
}

void stream_end_finish(struct stream *stream)
{
    write_buffer_flush_own(stream);
    if (!is_all_sent(stream)) {
        return;
    }
    send_close_notify(stream);
    if (!is_all_sent(stream)) {
        return; /* the close_notify has to wait too, or the peer is gone */
    }
    if (shutdown(stream->fd, SHUT_WR) != 0) {
        stream_drop(stream, SK_REASON_PEER_GONE);
        return;
    }
    stream->state = STREAM_DRAINING;
    stream_set_deadline(stream, STREAM_DRAINING_MS);
    stream_watch(stream);
}

void stream_end_drain(struct stream *stream)
{
    ssize_t received = recv(stream->fd, stream->hub->receive, SK_RECEIVE_BYTES_A_WAKE, 0);
    bool is_open = received > 0 || (received < 0 && (errno == EAGAIN || errno == EINTR));
    SK_ASSERT(stream->state == STREAM_DRAINING);
    if (!is_open) {
        stream_drop(stream, (enum sk_reason)stream->reason);
    }
}
