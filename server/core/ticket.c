/* ticket.c - layout of the signed bytes, little-endian:
 *
 *   0 version  1 key id  2 role  3 reserved 0  4 room u32  8 epoch u64  16 expiry u64
 *   24 nonce u64  32 seat u16  34 reserved 0  36 MAC, the first 16 bytes of HMAC-SHA256
 */
#include "ticket.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/secret.h"

enum { TICKET_VERSION = 1 };
enum { TICKET_BYTES = TICKET_SIGNED_BYTES + TICKET_MAC_BYTES };

static void put(uint8_t *bytes, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t get(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

static char hex_digit(unsigned value)
{
    return (char)(value < 10 ? '0' + value : 'a' + value - 10);
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool read_hex(const char *text, uint8_t bytes[TICKET_BYTES])
{
    for (size_t i = 0; i < TICKET_BYTES; i++) {
        int high = hex_value(text[2 * i]);
        int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void ticket_write(const struct ticket *ticket, const struct ticket_keys *keys,
                  char text[TICKET_TEXT_BYTES])
{
    uint8_t bytes[TICKET_BYTES] = {TICKET_VERSION, keys->ids[0], ticket->role};
    uint8_t mac[32];
    SK_ASSERT(ticket->role == TICKET_JOIN || ticket->role == TICKET_RESUME);
    put(bytes + 4, ticket->room, 4);
    put(bytes + 8, ticket->epoch, 8);
    put(bytes + 16, ticket->expiry_s, 8);
    put(bytes + 24, ticket->nonce, 8);
    put(bytes + 32, ticket->seat, 2);
    keys->hmac(keys->keys[0], bytes, TICKET_SIGNED_BYTES, mac);
    memcpy(bytes + TICKET_SIGNED_BYTES, mac, TICKET_MAC_BYTES);
    for (size_t i = 0; i < TICKET_BYTES; i++) {
        text[2 * i] = hex_digit(bytes[i] >> 4);
        text[2 * i + 1] = hex_digit(bytes[i] & 15);
    }
}

static const uint8_t *find_key(const struct ticket_keys *keys, uint8_t id)
{
    for (size_t i = 0; i < TICKET_KEYS; i++) {
        if (keys->ids[i] == id) {
            return keys->keys[i];
        }
    }
    return NULL;
}

int ticket_read(struct ticket *ticket, const struct ticket_keys *keys, const char *text,
                size_t size, uint64_t now_s)
{
    uint8_t bytes[TICKET_BYTES];
    uint8_t mac[32];
    if (size != TICKET_TEXT_BYTES || !read_hex(text, bytes)) {
        return SK_ERR_PROTOCOL;
    }
    const uint8_t *key = find_key(keys, bytes[1]);
    if (bytes[0] != TICKET_VERSION || !key) {
        return SK_ERR_MISMATCH;
    }
    keys->hmac(key, bytes, TICKET_SIGNED_BYTES, mac);
    if (!sk_secret_equal(mac, bytes + TICKET_SIGNED_BYTES, TICKET_MAC_BYTES)) {
        return SK_ERR_FORGED;
    }
    *ticket = (struct ticket){.role = bytes[2],
                              .room = (uint32_t)get(bytes + 4, 4),
                              .epoch = get(bytes + 8, 8),
                              .expiry_s = get(bytes + 16, 8),
                              .nonce = get(bytes + 24, 8),
                              .seat = (uint16_t)get(bytes + 32, 2)};
    return ticket->expiry_s < now_s ? SK_ERR_CLOSED : SK_OK;
}

enum sk_reason ticket_reason(int result)
{
    if (result == SK_OK) {
        return SK_REASON_NONE;
    }
    if (result == SK_ERR_PROTOCOL) {
        return SK_REASON_TICKET_MALFORMED;
    }
    return result == SK_ERR_CLOSED ? SK_REASON_TICKET_EXPIRED : SK_REASON_TICKET_FORGED;
}
