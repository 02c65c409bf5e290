/* conn_ws.c - see conn_ws.h. */
#include "transport/conn_ws.h"

#include <string.h>

#include "base/assert.h"
#include "transport/conn_deadline.h"
#include "transport/conn_end.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

static struct sk_ws_limits limits_of(const struct conn_profile *profile)
{
    return (struct sk_ws_limits){
        .reader = SK_WS_SERVER,
        .message_bytes_max = conn_or_default(profile->message_bytes_max, SK_MESSAGE_BYTES_MAX),
        .fragments_max = profile->fragments_max,
        .text_allowed = profile->text_allowed,
    };
}

/* Whether `more` bytes may wait behind those that wait already. */
static bool has_room(const struct conn *conn, size_t more)
{
    uint32_t max = conn_or_default(conn->profile->send_queue_bytes_max, SK_SEND_QUEUE_BYTES_MAX);
    size_t waiting = byte_queue_size(&conn->unsent);
    return waiting == 0 || waiting + more <= max;
}

static void put_frame(struct conn *conn, enum sk_ws_opcode opcode, const struct iovec *parts,
                      int count)
{
    uint8_t head[SK_WS_HEAD_BYTES_MAX];
    struct iovec all[1 + CONN_PARTS_MAX];
    size_t size = 0;
    SK_ASSERT(count >= 0);
    SK_ASSERT(count <= CONN_PARTS_MAX);
    for (int i = 0; i < count; i++) {
        all[1 + i] = parts[i];
        size += parts[i].iov_len;
    }
    if (!has_room(conn, size)) {
        conn_close(conn, SK_REASON_SLOW_READER);
        return;
    }
    all[0].iov_base = head;
    all[0].iov_len = sk_ws_head_write(head, sk_ws_first(opcode, true), size, NULL);
    cork_put_parts(conn, all, count + 1);
}

void conn_send(struct conn *conn, enum sk_ws_opcode opcode, const struct iovec *parts, int count)
{
    if (conn->state != CONN_OPEN) {
        SK_ASSERT(conn->state >= CONN_CLOSING);
        return;
    }
    put_frame(conn, opcode, parts, count);
    count_add(&conn->front->counts.messages_out, 1);
}

void conn_ping(struct conn *conn)
{
    put_frame(conn, SK_WS_OP_PING, NULL, 0);
}

/* The last frame there is; not refused for want of room. */
static void put_close(struct conn *conn, uint16_t code, const char *word)
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
    cork_put(conn, frame, head_bytes + code_bytes + word_bytes);
}

void conn_send_close(struct conn *conn, enum sk_reason reason)
{
    put_close(conn, sk_reason_ws_code(reason), sk_reason_word(reason));
}

static void deliver(struct conn *conn, uint8_t *bytes, size_t size, bool is_text)
{
    struct conn_message message = {.bytes = bytes, .size = size, .is_text = is_text};
    count_add(&conn->front->counts.messages_in, 1);
    conn->profile->handler->on_message(conn, &message);
}

/* A message in several pieces is put together in a block. */
static void on_piece(struct conn *conn, const struct sk_ws_piece *piece)
{
    struct block_pool *pool = &conn->front->pool;
    if (byte_queue_push(&conn->message, pool, piece->bytes, piece->size) != SK_OK) {
        conn_close(conn, SK_REASON_SERVER_FULL);
        return;
    }
    if (!piece->last) {
        return;
    }
    struct byte_queue whole = conn->message; /* the owner may close the connection inside */
    conn->message = (struct byte_queue){0};
    deliver(conn, byte_queue_bytes(&whole), byte_queue_size(&whole), piece->text);
    byte_queue_clear(&whole, pool);
}

static void on_data(struct conn *conn, const struct sk_ws_piece *piece)
{
    if (piece->first && piece->last) {
        deliver(conn, piece->bytes, piece->size, piece->text);
    } else {
        on_piece(conn, piece);
    }
}

static void on_peer_close(struct conn *conn, uint16_t code)
{
    put_close(conn, code, ""); /* RFC 6455, 5.5.1: the same code comes back */
    conn_begin_end(conn, SK_REASON_NONE);
}

static void on_whole(struct conn *conn, const struct sk_ws_piece *piece)
{
    struct iovec payload = {piece->bytes, piece->size};
    switch (piece->kind) {
    case SK_WS_NOTHING:
    case SK_WS_PONG: /* heard_ms says all that it says */
        return;
    case SK_WS_DATA:
        on_data(conn, piece);
        return;
    case SK_WS_PING:
        put_frame(conn, SK_WS_OP_PONG, &payload, 1);
        return;
    case SK_WS_CLOSE:
        on_peer_close(conn, piece->close_code);
        return;
    }
    SK_UNREACHABLE("a piece is one of these");
}

size_t conn_read_ws(struct conn *conn, uint8_t *bytes, size_t size)
{
    struct sk_ws_limits limits = limits_of(conn->profile);
    size_t at = 0;
    while (at < size && !conn_is_paused(conn)) {
        struct sk_ws_piece piece;
        int eaten = sk_ws_read(&conn->reader, &limits, bytes + at, size - at, &piece);
        if (eaten < 0) {
            conn_close(conn, sk_ws_reason(eaten));
            return size;
        }
        at += (size_t)eaten;
        conn_count_work(conn, SK_WORK_A_FRAME);
        on_whole(conn, &piece);
    }
    return at;
}
