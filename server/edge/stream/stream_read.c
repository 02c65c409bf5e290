/* stream_read.c - see stream_read.h.
 *
 *   recv -> hub.receive [-> proxy_header_parse()] [-> sk_tls_receive() -> hub.plain] -> on_bytes()
 *
 * One recv a wake, of at most SK_RECEIVE_BYTES_A_WAKE, and of SK_REQUEST_BYTES_A_WAKE while every
 * byte that is unsent pauses the stream; and of what it brings at most SK_WORK_A_WAKE is done
 * before the others had their turn.  Bytes that the protocol cannot use yet (half a request,
 * anything after a request that is not answered, the rest of too much work) wait in a block and
 * stand in front of what the next recv brings; of half a WebSocket frame none is left, its reader
 * remembers instead.
 */
#include "stream/stream_read.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "address/proxy_header.h"
#include "base/assert.h"
#include "native/clock.h"
#include "stream/stream_hub.h"
#include "stream/stream_tls.h"

/* Queues bytes that cannot be used yet. */
static void queue_input(struct stream *stream, const uint8_t *bytes, size_t size)
{
    if (byte_queue_push(&stream->input, &stream->hub->pool, bytes, size) != SK_OK) {
        stream_drop(stream, SK_REASON_SERVER_FULL);
    }
}

/* Uses what can be used and queues the rest. */
static void consume(struct stream *stream, uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && !stream_is_paused(stream)) {
        size_t eaten = stream->protocol->on_bytes(stream, bytes + at, size - at);
        if (eaten == 0) {
            break;
        }
        at += eaten;
    }
    SK_ASSERT(at <= size);
    if (at < size && stream->state == STREAM_OPEN) {
        queue_input(stream, bytes + at, size - at);
    }
}

/* Moves what waited to the start of `to`, where there is space for it.  Returns its size. */
static size_t take_input(struct stream *stream, uint8_t *to)
{
    size_t size = byte_queue_size(&stream->input);
    SK_ASSERT(size <= SK_RECEIVE_BUFFER_BYTES);
    if (size > 0) {
        memcpy(to, byte_queue_bytes(&stream->input), size);
        byte_queue_clear(&stream->input, &stream->hub->pool);
    }
    return size;
}

static bool is_handshaking(const struct stream *stream)
{
    return stream->tls_stage == STREAM_TLS_FIRST || stream->tls_stage == STREAM_TLS_HANDSHAKE;
}

/* The peer has shut its side. */
static void end_input(struct stream *stream)
{
    if (is_handshaking(stream)) {
        stream_drop(stream, SK_REASON_PEER_GONE);
    } else if (stream->state == STREAM_OPEN) {
        stream->protocol->on_peer_end(stream);
    }
}

/* The peer's records: `size` bytes of the receive buffer. */
static void use_sealed(struct stream *stream, size_t size)
{
    struct stream_hub *hub = stream->hub;
    size_t plain = 0;
    if (stream->tls_stage != STREAM_TLS_FIRST) {
        plain = take_input(stream, hub->plain);
    } else if (!stream_tls_begin(stream, hub->receive, size)) {
        return;
    }
    int result = stream_tls_unseal(stream, size, &plain);
    consume(stream, hub->plain, plain);
    if (result == SK_ERR_CLOSED) {
        end_input(stream);
    } else if (result != SK_ERR_AGAIN) {
        stream->tls_stage = STREAM_TLS_SHUT;
        stream_close(stream, SK_REASON_TLS); /* behind the alert that is in the write buffer */
    }
}

/* Takes the proxy's header off the front of the receive buffer, of which *size bytes are filled.
 * Returns whether it is off and the rest may be looked at; else the stream is dropped, or waits. */
static bool take_proxy_header(struct stream *stream, size_t *size)
{
    uint8_t *receive = stream->hub->receive;
    struct address address = stream->address;
    int used = proxy_header_parse(receive, *size, &address);
    if (used == SK_ERR_AGAIN) {
        queue_input(stream, receive, *size);
        return false;
    }
    if (used < 0) {
        stream_drop(stream, SK_REASON_HTTP_MALFORMED);
        return false;
    }
    stream->awaits_address = false;
    stream->address = address;
    if (!stream->hub->owner->on_address(stream)) {
        stream_drop(stream, SK_REASON_ADDRESS_LIMIT);
        return false;
    }
    *size -= (size_t)used;
    memmove(receive, receive + used, *size);
    return *size > 0;
}

/* Under TLS what waits is plaintext; before it, it is the socket's, as what is fresh. */
static bool is_input_sealed(const struct stream *stream)
{
    return stream->awaits_address || stream->tls_stage <= STREAM_TLS_FIRST;
}

/* What the socket gave, `size` bytes of the receive buffer with what waited in front of it. */
static void use_received(struct stream *stream, size_t size)
{
    if (stream->awaits_address && !take_proxy_header(stream, &size)) {
        return;
    }
    if (stream->tls_stage != STREAM_TLS_PLAIN) {
        use_sealed(stream, size);
    } else {
        consume(stream, stream->hub->receive, size);
    }
}

static size_t receive_bytes_max(const struct stream *stream)
{
    return stream->pause_bytes > 0 ? SK_RECEIVE_BYTES_A_WAKE : SK_REQUEST_BYTES_A_WAKE;
}

/* After a recv that failed. */
static void drop_if_broken(struct stream *stream)
{
    if (errno != EAGAIN && errno != EINTR) {
        stream_drop(stream, SK_REASON_PEER_GONE);
    }
}

static void receive(struct stream *stream)
{
    struct stream_hub *hub = stream->hub;
    size_t waiting = is_input_sealed(stream) ? byte_queue_size(&stream->input) : 0;
    SK_ASSERT(byte_queue_size(&stream->input) <= STREAM_INPUT_BYTES_MAX);
    ssize_t received = recv(stream->fd, hub->receive + waiting, receive_bytes_max(stream), 0);
    if (received == 0) {
        end_input(stream);
        return;
    }
    if (received < 0) {
        drop_if_broken(stream);
        return;
    }
    counter_add(&hub->counts->reads, 1);
    counter_add(&hub->counts->bytes_in, (uint64_t)received);
    stream->heard_ms = loop_now_ms(hub->loop);
    if (waiting > 0) {
        size_t taken = take_input(stream, hub->receive);
        SK_ASSERT(taken == waiting);
    }
    use_received(stream, waiting + (size_t)received);
}

static void receive_handshake(struct stream *stream)
{
    uint64_t began_ns = sk_clock_ns();
    receive(stream);
    handshake_queue_note_spent(stream->hub, sk_clock_ns() - began_ns);
    if (stream->tls_stage == STREAM_TLS_HANDSHAKE && stream->state == STREAM_OPEN) {
        handshake_queue_await_peer(stream);
    }
}

void stream_read_handshake(struct stream *stream)
{
    receive_handshake(stream);
    write_buffer_flush_own(stream);
    stream_watch(stream);
}

void stream_read_ready(struct stream *stream)
{
    if (!is_handshaking(stream)) {
        receive(stream);
    } else if (handshake_queue_may_run(stream)) {
        receive_handshake(stream);
    }
}

void stream_read_resume(struct stream *stream)
{
    if (is_input_sealed(stream) && stream->tls_stage != STREAM_TLS_PLAIN) {
        return;
    }
    if (stream_is_paused(stream) || stream->awaits_address) {
        return;
    }
    size_t size = take_input(stream, stream->hub->plain);
    consume(stream, stream->hub->plain, size);
    if (stream->protocol->on_idle != NULL && stream->state == STREAM_OPEN &&
        stream->input.block == NULL) {
        stream->protocol->on_idle(stream);
    }
    stream_watch(stream);
}
