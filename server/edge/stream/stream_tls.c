/* stream_tls.c - see stream_tls.h.
 *
 *   FIRST --stream_tls_begin()--> HANDSHAKE --stream_tls_unseal()--> OPEN --> SHUT
 */
#include "stream/stream_tls.h"

#include "base/assert.h"
#include "stream/stream_hub.h"

static bool begin_session(struct stream *stream)
{
    handshake_queue_acquire_place(stream);
    struct sk_tls *tls = tls_create(stream->tls_context);
    if (tls == NULL) {
        stream_drop(stream, SK_REASON_SERVER_FULL);
        return false;
    }
    stream->tls = tls;
    stream->tls_stage = STREAM_TLS_HANDSHAKE;
    return true;
}

bool stream_tls_begin(struct stream *stream, const uint8_t *bytes, size_t size)
{
    SK_ASSERT(stream->tls_stage == STREAM_TLS_FIRST);
    int result = tls_check_first_record(stream->tls_context, bytes, size);
    if (result > 0) {
        if (byte_queue_push(&stream->input, &stream->hub->pool, bytes, size) != SK_OK) {
            stream_drop(stream, SK_REASON_SERVER_FULL);
        }
        return false;
    }
    if (result < 0) {
        stream_drop(stream, SK_REASON_TLS);
        return false;
    }
    return begin_session(stream);
}

static int unseal(struct stream *stream, size_t sealed_bytes, size_t *plain_bytes)
{
    struct stream_hub *hub = stream->hub;
    size_t used = 0;
    int result = SK_OK;
    while (result >= 0 || result == SK_ERR_FULL) {
        if (result == SK_ERR_FULL) {
            write_buffer_flush_own(stream);
        }
        size_t space = sizeof(hub->plain) - *plain_bytes;
        struct sk_tls_io io = write_buffer_begin_records(stream);
        io.in = hub->receive + used;
        io.in_bytes = sealed_bytes - used;
        SK_ASSERT(space > 0);
        result = sk_tls_receive(stream->tls, &io, hub->plain + *plain_bytes, space);
        write_buffer_end_records(stream, &io);
        used += io.in_used;
        *plain_bytes += result > 0 ? (size_t)result : 0;
    }
    return result;
}

static void end_handshake(struct stream *stream)
{
    handshake_queue_leave(stream);
    stream->tls_stage = STREAM_TLS_OPEN;
    stream->protocol->on_open(stream);
}

int stream_tls_unseal(struct stream *stream, size_t sealed_bytes, size_t *plain_bytes)
{
    SK_ASSERT(stream->tls_stage >= STREAM_TLS_HANDSHAKE);
    int result = unseal(stream, sealed_bytes, plain_bytes);
    bool is_handshaking = stream->tls_stage == STREAM_TLS_HANDSHAKE;
    if (is_handshaking && stream->state == STREAM_OPEN && sk_tls_is_open(stream->tls)) {
        end_handshake(stream);
    }
    return result;
}
