/* ws_message.c - see ws_message.h.
 *
 *   head.state != DONE   between or inside heads: parse_head() eats
 *   head.state == DONE   inside a payload: on_data() or on_control() eats, end_frame() leaves
 *
 * Invariants between calls:
 *   1. A head that is DONE has been checked against limits and message state by on_head().
 *   2. frame_done_bytes <= head.payload_bytes.
 *   3. message_bytes + head.payload_bytes of a data frame <= limits->message_bytes_max.
 */
#include "net/ws_message.h"

#include "base/assert.h"
#include "base/mem.h"

static bool is_control(const struct sk_ws_reader *reader)
{
    return reader->head.opcode >= SK_WS_OP_CLOSE;
}

static int begin_message(struct sk_ws_reader *reader, const struct sk_ws_limits *limits)
{
    if (reader->message_opcode != 0) {
        return SK_ERR_PROTOCOL; /* a new message inside another */
    }
    if (reader->head.opcode == SK_WS_OP_TEXT && !limits->text_allowed) {
        return SK_ERR_RANGE;
    }
    reader->message_opcode = reader->head.opcode;
    reader->message_bytes = 0;
    reader->fragment_count = 0;
    reader->piece_seen = false;
    reader->utf8 = (struct sk_utf8){0};
    return SK_OK;
}

static int on_data_head(struct sk_ws_reader *reader, const struct sk_ws_limits *limits)
{
    if (reader->head.opcode == SK_WS_OP_CONTINUATION) {
        if (reader->message_opcode == 0) {
            return SK_ERR_PROTOCOL; /* nothing to continue */
        }
    } else {
        int result = begin_message(reader, limits);
        if (result != SK_OK) {
            return result;
        }
    }
    reader->fragment_count++;
    if (limits->fragments_max != 0 && reader->fragment_count > limits->fragments_max) {
        return SK_ERR_FULL;
    }
    SK_ASSERT(reader->message_bytes <= limits->message_bytes_max);
    if (reader->head.payload_bytes > limits->message_bytes_max - reader->message_bytes) {
        return SK_ERR_TOO_BIG;
    }
    return SK_OK;
}

static int on_head(struct sk_ws_reader *reader, const struct sk_ws_limits *limits)
{
    reader->frame_done_bytes = 0;
    if (is_control(reader)) {
        reader->control_bytes = 0;
        return SK_OK;
    }
    return on_data_head(reader, limits);
}

/* Takes what belongs to this frame off `bytes` and unmasks it.  Returns its size. */
static size_t take_payload(struct sk_ws_reader *reader, const struct sk_ws_limits *limits,
                           uint8_t *bytes, size_t size)
{
    uint64_t left = reader->head.payload_bytes - reader->frame_done_bytes;
    size_t taken = size < left ? size : (size_t)left;
    if (limits->reader == SK_WS_SERVER) {
        sk_ws_mask(bytes, taken, reader->head.mask, reader->frame_done_bytes);
    }
    reader->frame_done_bytes += taken;
    return taken;
}

static bool frame_is_done(const struct sk_ws_reader *reader)
{
    return reader->frame_done_bytes == reader->head.payload_bytes;
}

static void end_data_frame(struct sk_ws_reader *reader)
{
    reader->message_bytes += (uint32_t)reader->head.payload_bytes;
    if (reader->head.final) {
        reader->message_opcode = 0;
    }
    reader->head.state = SK_WS_HEAD_FIRST;
}

static int on_data(struct sk_ws_reader *reader, const struct sk_ws_limits *limits, uint8_t *bytes,
                   size_t size, struct sk_ws_piece *piece)
{
    bool text = reader->message_opcode == SK_WS_OP_TEXT;
    size_t taken = take_payload(reader, limits, bytes, size);
    if (text && !sk_utf8_feed(&reader->utf8, bytes, taken)) {
        return SK_ERR_UTF8;
    }
    bool last = frame_is_done(reader) && reader->head.final;
    if (text && last && !sk_utf8_is_whole(&reader->utf8)) {
        return SK_ERR_UTF8;
    }
    *piece = (struct sk_ws_piece){.kind = taken > 0 || last ? SK_WS_DATA : SK_WS_NOTHING,
                                  .text = text,
                                  .first = !reader->piece_seen,
                                  .last = last,
                                  .bytes = bytes,
                                  .size = taken};
    reader->piece_seen = reader->piece_seen || piece->kind == SK_WS_DATA;
    if (frame_is_done(reader)) {
        end_data_frame(reader);
    }
    return (int)taken;
}

/* Whether a peer may send this code in a close frame (RFC 6455, 7.4, and IANA's registry). */
static bool is_close_code(uint16_t code)
{
    bool standard = code >= 1000 && code <= 1014;
    bool reserved = code >= 1004 && code <= 1006;
    bool registered = code >= 3000 && code <= 4999;
    return (standard && !reserved) || registered;
}

static int on_close(const struct sk_ws_reader *reader, struct sk_ws_piece *piece)
{
    piece->close_code = SK_WS_CODE_NONE;
    if (reader->control_bytes == 0) {
        return SK_OK;
    }
    if (reader->control_bytes == 1) {
        return SK_ERR_PROTOCOL; /* half a code: RFC 6455, 5.5.1 */
    }
    piece->close_code = (uint16_t)(reader->control[0] << 8 | reader->control[1]);
    if (!is_close_code(piece->close_code)) {
        return SK_ERR_PROTOCOL;
    }
    bool text = sk_utf8_is_text(reader->control + 2, (size_t)reader->control_bytes - 2);
    return text ? SK_OK : SK_ERR_UTF8;
}

static enum sk_ws_piece_kind control_kind(uint8_t opcode)
{
    return opcode == SK_WS_OP_CLOSE  ? SK_WS_CLOSE
           : opcode == SK_WS_OP_PING ? SK_WS_PING
                                     : SK_WS_PONG;
}

static int on_control(struct sk_ws_reader *reader, const struct sk_ws_limits *limits,
                      uint8_t *bytes, size_t size, struct sk_ws_piece *piece)
{
    size_t taken = take_payload(reader, limits, bytes, size);
    SK_ASSERT(reader->control_bytes + taken <= sizeof(reader->control));
    memcpy(reader->control + reader->control_bytes, bytes, taken);
    reader->control_bytes = (uint8_t)(reader->control_bytes + taken);
    if (!frame_is_done(reader)) {
        return (int)taken;
    }
    reader->head.state = SK_WS_HEAD_FIRST;
    piece->kind = control_kind(reader->head.opcode);
    piece->bytes = reader->control;
    piece->size = reader->control_bytes;
    int result = piece->kind == SK_WS_CLOSE ? on_close(reader, piece) : SK_OK;
    return result == SK_OK ? (int)taken : result;
}

int sk_ws_read(struct sk_ws_reader *reader, const struct sk_ws_limits *limits, uint8_t *bytes,
               size_t size, struct sk_ws_piece *piece)
{
    SK_ASSERT(size <= INT32_MAX);
    *piece = (struct sk_ws_piece){.kind = SK_WS_NOTHING};
    int head_bytes = 0;
    if (reader->head.state != SK_WS_HEAD_DONE) {
        head_bytes = sk_ws_head_parse(&reader->head, limits->reader, bytes, size);
        if (head_bytes < 0 || reader->head.state != SK_WS_HEAD_DONE) {
            return head_bytes;
        }
        int result = on_head(reader, limits);
        if (result != SK_OK) {
            return result;
        }
    }
    uint8_t *payload = bytes + head_bytes;
    size_t left = size - (size_t)head_bytes;
    int taken = is_control(reader) ? on_control(reader, limits, payload, left, piece)
                                   : on_data(reader, limits, payload, left, piece);
    return taken < 0 ? taken : head_bytes + taken;
}

enum sk_reason sk_ws_reason(int result)
{
    switch (result) {
    case SK_ERR_UTF8:
        return SK_REASON_WS_UTF8;
    case SK_ERR_TOO_BIG:
        return SK_REASON_WS_TOO_BIG;
    case SK_ERR_FULL:
        return SK_REASON_WS_FRAGMENTS;
    case SK_ERR_RANGE:
        return SK_REASON_WS_UNSUPPORTED;
    default: /* any int may come here */
        return SK_REASON_WS_PROTOCOL;
    }
}
