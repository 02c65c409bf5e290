/* ws_stream.c - see ws_stream.h.
 *
 * A message does not touch the timer: when it fires, the time at which the peer was last heard
 * decides, and it is armed anew.
 */
#include "ws/ws_stream.h"

#include <string.h>

#include "base/assert.h"
#include "stream/stream_hub.h"

_Static_assert(1 + WS_STREAM_PARTS_MAX <= WRITE_BUFFER_PARTS_MAX, "a head and its parts fit");

static struct ws_stream *of(struct stream *stream)
{
    return (struct ws_stream *)stream;
}

/* --- frames out ------------------------------------------------------------------------------- */

/* Whether `more` bytes may wait behind those that wait already. */
static bool has_space(const struct ws_stream *ws, size_t more)
{
    size_t waiting = byte_queue_size(&ws->stream.unsent);
    return waiting == 0 || waiting + more <= ws->owner->limits(ws).unsent_bytes_max;
}

/* The last frame there is; not refused for want of space. */
static void put_close(struct ws_stream *ws, uint16_t code, const char *word)
{
    uint8_t frame[2 + SK_WS_CONTROL_BYTES_MAX];
    size_t word_bytes = strlen(word);
    size_t code_bytes = code == SK_WS_CODE_NONE ? 0 : 2;
    SK_ASSERT(2 + word_bytes <= SK_WS_CONTROL_BYTES_MAX);
    size_t head_bytes =
        sk_ws_head_write(frame, sk_ws_first(SK_WS_OP_CLOSE, true), code_bytes + word_bytes, NULL);
    frame[head_bytes] = (uint8_t)(code >> 8);
    frame[head_bytes + 1] = (uint8_t)code;
    memcpy(frame + head_bytes + code_bytes, word, word_bytes);
    write_buffer_put(&ws->stream, frame, head_bytes + code_bytes + word_bytes);
}

static void close_stream(struct stream *stream, enum sk_reason reason)
{
    if (stream->state == STREAM_OPEN) {
        put_close(of(stream), sk_reason_ws_code(reason), sk_reason_word(reason));
        stream_close(stream, reason);
    }
}

/* A frame that is gathered with others: head and parts go where they are sent from. */
static void put_small(struct ws_stream *ws, uint8_t first, const struct iovec *parts, int count,
                      size_t size)
{
    uint8_t *begin = write_buffer_reserve(&ws->stream, SK_WS_HEAD_BYTES_MAX + size);
    uint8_t *to = begin + sk_ws_head_write(begin, first, size, NULL);
    for (int i = 0; i < count; i++) {
        memcpy(to, parts[i].iov_base, parts[i].iov_len);
        to += parts[i].iov_len;
    }
    write_buffer_commit(&ws->stream, (size_t)(to - begin));
}

static void put_large(struct ws_stream *ws, uint8_t first, const struct iovec *parts, int count,
                      size_t size)
{
    uint8_t head[SK_WS_HEAD_BYTES_MAX];
    struct iovec all[1 + WS_STREAM_PARTS_MAX];
    for (int i = 0; i < count; i++) {
        all[1 + i] = parts[i];
    }
    all[0].iov_base = head;
    all[0].iov_len = sk_ws_head_write(head, first, size, NULL);
    write_buffer_put_parts(&ws->stream, all, count + 1);
}

static void put_frame(struct ws_stream *ws, enum sk_ws_opcode opcode, const struct iovec *parts,
                      int count)
{
    size_t size = 0;
    SK_ASSERT(count >= 0);
    SK_ASSERT(count <= WS_STREAM_PARTS_MAX);
    for (int i = 0; i < count; i++) {
        size += parts[i].iov_len;
    }
    if (!has_space(ws, size)) {
        close_stream(&ws->stream, SK_REASON_SLOW_READER);
    } else if (size < WRITE_BUFFER_DIRECT_BYTES) {
        put_small(ws, sk_ws_first(opcode, true), parts, count, size);
    } else {
        put_large(ws, sk_ws_first(opcode, true), parts, count, size);
    }
}

void ws_stream_send(struct ws_stream *ws, enum sk_ws_opcode opcode, const struct iovec *parts,
                    int count)
{
    if (ws->stream.state == STREAM_OPEN) {
        put_frame(ws, opcode, parts, count);
    }
}

/* --- frames in -------------------------------------------------------------------------------- */

/* A message in several pieces is put together in a block. */
static void on_piece(struct ws_stream *ws, const struct sk_ws_piece *piece)
{
    struct block_pool *pool = &ws->stream.hub->pool;
    if (byte_queue_push(&ws->message, pool, piece->bytes, piece->size) != SK_OK) {
        close_stream(&ws->stream, SK_REASON_SERVER_FULL);
        return;
    }
    if (!piece->last) {
        return;
    }
    struct byte_queue whole = ws->message; /* the owner may close the stream inside */
    ws->message = (struct byte_queue){0};
    ws->owner->on_message(ws, byte_queue_bytes(&whole), byte_queue_size(&whole), piece->text);
    byte_queue_clear(&whole, pool);
}

static void on_data(struct ws_stream *ws, const struct sk_ws_piece *piece)
{
    if (piece->first && piece->last) {
        ws->owner->on_message(ws, piece->bytes, piece->size, piece->text);
    } else {
        on_piece(ws, piece);
    }
}

static void on_peer_close(struct ws_stream *ws, uint16_t code)
{
    put_close(ws, code, ""); /* RFC 6455, 5.5.1: the same code comes back */
    stream_close(&ws->stream, SK_REASON_NONE);
}

static void on_whole(struct ws_stream *ws, const struct sk_ws_piece *piece)
{
    struct iovec payload = {piece->bytes, piece->size};
    switch (piece->kind) {
    case SK_WS_NOTHING:
    case SK_WS_PONG: /* heard_ms says all that it says */
        return;
    case SK_WS_DATA:
        on_data(ws, piece);
        return;
    case SK_WS_PING:
        put_frame(ws, SK_WS_OP_PONG, &payload, 1);
        return;
    case SK_WS_CLOSE:
        on_peer_close(ws, piece->close_code);
        return;
    }
    SK_UNREACHABLE("a piece is one of these");
}

static size_t on_bytes(struct stream *stream, uint8_t *bytes, size_t size)
{
    struct ws_stream *ws = of(stream);
    struct ws_limits limits = ws->owner->limits(ws);
    size_t at = 0;
    while (at < size && !stream_is_paused(stream)) {
        struct sk_ws_piece piece;
        int eaten = sk_ws_read(&ws->reader, &limits.message, bytes + at, size - at, &piece);
        if (eaten < 0) {
            close_stream(stream, sk_ws_reason(eaten));
            return size;
        }
        at += (size_t)eaten;
        stream_count_work(stream, SK_WORK_A_FRAME);
        on_whole(ws, &piece);
    }
    return at;
}

/* --- time ------------------------------------------------------------------------------------- */

static uint64_t now_ms_of(const struct ws_stream *ws)
{
    return loop_now_ms(ws->stream.hub->loop);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Arms the timer for the deadline and for silence, for a peer that was heard or pinged at
 * `from_ms`. */
static void arm(struct ws_stream *ws, uint64_t from_ms)
{
    struct ws_limits limits = ws->owner->limits(ws);
    uint64_t ping_due_ms =
        limits.ping_interval_ms != 0 ? from_ms + limits.ping_interval_ms : UINT64_MAX;
    uint64_t idle_due_ms =
        limits.idle_timeout_ms != 0 ? ws->stream.heard_ms + limits.idle_timeout_ms : UINT64_MAX;
    stream_arm(&ws->stream, least(ws->deadline_ms, least(ping_due_ms, idle_due_ms)));
}

void ws_stream_set_deadline(struct ws_stream *ws, uint32_t timeout_ms)
{
    if (ws->stream.state == STREAM_OPEN) {
        ws->deadline_ms = timeout_ms != 0 ? now_ms_of(ws) + timeout_ms : UINT64_MAX;
        arm(ws, ws->stream.heard_ms);
    }
}

static void on_due(struct stream *stream)
{
    struct ws_stream *ws = of(stream);
    struct ws_limits limits = ws->owner->limits(ws);
    uint64_t now_ms = now_ms_of(ws);
    uint64_t silent_ms = now_ms - stream->heard_ms;
    if (now_ms >= ws->deadline_ms) {
        close_stream(stream, SK_REASON_HEAD_TIMEOUT); /* not admitted in time */
        return;
    }
    if (limits.idle_timeout_ms != 0 && silent_ms >= limits.idle_timeout_ms) {
        close_stream(stream, SK_REASON_IDLE);
        return;
    }
    bool is_silent = limits.ping_interval_ms != 0 && silent_ms >= limits.ping_interval_ms;
    if (is_silent && !stream_has_unsent(stream)) {
        put_frame(ws, SK_WS_OP_PING, NULL, 0);
    }
    arm(ws, is_silent ? now_ms : stream->heard_ms);
}

/* --- the stream ------------------------------------------------------------------------------- */

static void on_open(struct stream *stream)
{
    (void)stream;
    SK_UNREACHABLE("a WebSocket begins on an open stream");
}

static void on_peer_end(struct stream *stream)
{
    stream_drop(stream, SK_REASON_PEER_GONE);
}

static void on_writable(struct stream *stream)
{
    if (stream->state == STREAM_OPEN) {
        of(stream)->owner->on_writable(of(stream));
    }
}

static void on_end(struct stream *stream)
{
    byte_queue_clear(&of(stream)->message, &stream->hub->pool);
    of(stream)->owner->on_end(of(stream));
}

const struct stream_protocol ws_stream_protocol = {
    .on_open = on_open,
    .on_bytes = on_bytes,
    .on_peer_end = on_peer_end,
    .on_writable = on_writable,
    .on_due = on_due,
    .close = close_stream,
    .on_end = on_end,
};

void ws_stream_begin(struct ws_stream *ws, const struct ws_owner *owner)
{
    SK_ASSERT(ws->stream.state == STREAM_OPEN);
    SK_ASSERT(ws->stream.link.list == NULL);
    ws->owner = owner;
    ws->message = (struct byte_queue){0};
    ws->deadline_ms = UINT64_MAX;
    ws->reader = (struct sk_ws_reader){0};
    ws->stream.protocol = &ws_stream_protocol;
    ws->stream.heard_ms = now_ms_of(ws);
    stream_defer(&ws->stream); /* the peer may have sent its first message with the request */
}

void ws_stream_disown_blocks(struct ws_stream *ws)
{
    block_pool_disown(&ws->stream.hub->pool, byte_queue_block_bytes(&ws->message));
}

void ws_stream_adopt_blocks(struct ws_stream *ws)
{
    block_pool_adopt(&ws->stream.hub->pool, byte_queue_block_bytes(&ws->message));
}
