/* ws_frame.c - see ws_frame.h.
 *
 *   FIRST --> LENGTH --+--------------------> MASK --> DONE      (a client goes to DONE at once)
 *                      +--> LENGTH_MORE ------^
 *
 * on_first() leaves FIRST, on_length() LENGTH, on_length_more() LENGTH_MORE, on_mask() MASK.
 */
#include "net/ws_frame.h"

#include "base/assert.h"
#include "base/mem.h"

enum { FINAL = 0x80, RESERVED = 0x70, OPCODE = 0x0f, CONTROL = 0x08, MASKED = 0x80, LENGTH = 0x7f };

static bool is_known(uint8_t opcode)
{
    return opcode <= SK_WS_OP_BINARY || (opcode >= SK_WS_OP_CLOSE && opcode <= SK_WS_OP_PONG);
}

static int on_first(struct sk_ws_head *head, uint8_t byte)
{
    head->final = (byte & FINAL) != 0;
    head->opcode = byte & OPCODE;
    if ((byte & RESERVED) != 0 || !is_known(head->opcode)) {
        return SK_ERR_PROTOCOL;
    }
    if ((head->opcode & CONTROL) != 0 && !head->final) {
        return SK_ERR_PROTOCOL; /* RFC 6455, 5.5: not fragmented */
    }
    head->state = SK_WS_HEAD_LENGTH;
    return SK_OK;
}

static void begin_mask(struct sk_ws_head *head, enum sk_ws_role reader)
{
    head->left_bytes = 4;
    head->state = reader == SK_WS_SERVER ? SK_WS_HEAD_MASK : SK_WS_HEAD_DONE;
}

static int on_length(struct sk_ws_head *head, enum sk_ws_role reader, uint8_t byte)
{
    uint8_t length = byte & LENGTH;
    bool masked = (byte & MASKED) != 0;
    if (masked != (reader == SK_WS_SERVER)) {
        return SK_ERR_PROTOCOL; /* RFC 6455, 5.1 */
    }
    if ((head->opcode & CONTROL) != 0 && length > SK_WS_CONTROL_BYTES_MAX) {
        return SK_ERR_PROTOCOL;
    }
    head->length_bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
    head->payload_bytes = head->length_bytes == 0 ? length : 0;
    if (head->length_bytes == 0) {
        begin_mask(head, reader);
    } else {
        head->left_bytes = head->length_bytes;
        head->state = SK_WS_HEAD_LENGTH_MORE;
    }
    return SK_OK;
}

static bool is_shortest(uint64_t payload_bytes, uint8_t length_bytes)
{
    return payload_bytes > (length_bytes == 2 ? 125u : 65535u);
}

static int on_length_more(struct sk_ws_head *head, enum sk_ws_role reader, uint8_t byte)
{
    head->payload_bytes = head->payload_bytes << 8 | byte;
    if (--head->left_bytes > 0) {
        return SK_OK;
    }
    if (!is_shortest(head->payload_bytes, head->length_bytes) || head->payload_bytes >> 63 != 0) {
        return SK_ERR_PROTOCOL; /* RFC 6455, 5.2 */
    }
    begin_mask(head, reader);
    return SK_OK;
}

static int on_byte(struct sk_ws_head *head, enum sk_ws_role reader, uint8_t byte)
{
    switch ((enum sk_ws_head_state)head->state) {
    case SK_WS_HEAD_FIRST:
        return on_first(head, byte);
    case SK_WS_HEAD_LENGTH:
        return on_length(head, reader, byte);
    case SK_WS_HEAD_LENGTH_MORE:
        return on_length_more(head, reader, byte);
    case SK_WS_HEAD_MASK:
    case SK_WS_HEAD_DONE:
        break;
    }
    SK_UNREACHABLE("the loop stops at MASK");
}

/* Takes what is there of the mask, at once: it is most of a short head. */
static size_t on_mask(struct sk_ws_head *head, const uint8_t *bytes, size_t size)
{
    size_t taken = size < head->left_bytes ? size : head->left_bytes;
    memcpy(head->mask + 4 - head->left_bytes, bytes, taken);
    head->left_bytes = (uint8_t)(head->left_bytes - taken);
    if (head->left_bytes == 0) {
        head->state = SK_WS_HEAD_DONE;
    }
    return taken;
}

int sk_ws_head_parse(struct sk_ws_head *head, enum sk_ws_role reader, const uint8_t *bytes,
                     size_t size)
{
    size_t used = 0;
    while (used < size && head->state < SK_WS_HEAD_MASK) {
        int result = on_byte(head, reader, bytes[used++]);
        if (result != SK_OK) {
            return result;
        }
    }
    if (head->state == SK_WS_HEAD_MASK) {
        used += on_mask(head, bytes + used, size - used);
    }
    SK_ASSERT(used <= SK_WS_HEAD_BYTES_MAX);
    return (int)used;
}

uint8_t sk_ws_first(enum sk_ws_opcode opcode, bool final)
{
    return (uint8_t)((final ? FINAL : 0) | (int)opcode);
}

static size_t write_length(uint8_t *out, uint64_t payload_bytes, uint8_t masked)
{
    size_t length_bytes = payload_bytes <= 125 ? 0 : payload_bytes <= 65535 ? 2 : 8;
    uint64_t code = length_bytes == 0 ? payload_bytes : length_bytes == 2 ? 126 : 127;
    out[0] = (uint8_t)(masked | code);
    for (size_t i = 0; i < length_bytes; i++) {
        out[1 + i] = (uint8_t)(payload_bytes >> (8 * (length_bytes - 1 - i)));
    }
    return 1 + length_bytes;
}

size_t sk_ws_head_write(uint8_t *out, uint8_t first, uint64_t payload_bytes, const uint8_t *mask)
{
    SK_ASSERT(payload_bytes >> 63 == 0);
    out[0] = first;
    size_t bytes = 1 + write_length(out + 1, payload_bytes, mask ? MASKED : 0);
    if (mask) {
        memcpy(out + bytes, mask, 4);
        bytes += 4;
    }
    return bytes;
}

/* The mask as it begins at a byte of the payload.  Whole frames take the first way: putting the
 * word together from bytes that were just written costs more than masking with it. */
static uint32_t mask_from(const uint8_t *mask, uint64_t offset)
{
    uint32_t word;
    if ((offset & 3) == 0) {
        memcpy(&word, mask, 4);
        return word;
    }
    uint8_t turned[4];
    for (size_t i = 0; i < 4; i++) {
        turned[i] = mask[(offset + i) & 3];
    }
    memcpy(&word, turned, 4);
    return word;
}

static void mask_eight(uint8_t *bytes, uint64_t pattern)
{
    uint64_t value;
    memcpy(&value, bytes, 8);
    value ^= pattern;
    memcpy(bytes, &value, 8);
}

void sk_ws_mask(uint8_t *bytes, size_t size, const uint8_t *mask, uint64_t offset)
{
    uint32_t word = mask_from(mask, offset);
    uint64_t pattern = (uint64_t)word << 32 | word; /* the same in either byte order */
    size_t at = 0;
    for (; size - at >= 32; at += 32) {
        mask_eight(bytes + at, pattern);
        mask_eight(bytes + at + 8, pattern);
        mask_eight(bytes + at + 16, pattern);
        mask_eight(bytes + at + 24, pattern);
    }
    for (; size - at >= 8; at += 8) {
        mask_eight(bytes + at, pattern);
    }
    for (; at < size; at++) {
        bytes[at] ^= mask[(offset + at) & 3];
    }
}
