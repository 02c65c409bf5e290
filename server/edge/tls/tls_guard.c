/* tls_guard.c - see tls_guard.h.
 *
 *   byte 0   type     handshake 22, change_cipher_spec 20, alert 21, application_data 23
 *   byte 1   version  3, then anything (RFC 8446, 5.1: to be ignored)
 *   byte 3   length   of the body, big-endian
 *
 * What each check answers, all seen with wolfSSL 5.5.4:
 *   SHORT      an encrypted record below tag and type is read out of bounds (CVE-2024-0901).
 *   BIG        wolfSSL allocates what a header claims before a byte of it came; a large
 *              ClientHello costs 31 ms.
 *   TYPE       an open session has nothing to say in the clear.
 *   HANDSHAKE  a ClientHello cut into small records is put together again, so the sum counts:
 *              550 key shares in 4 KB cost 1.1 ms, 1,100 in 8 KB 4.9 ms (found by a list walk).
 *   IDLE       empty records and key updates cost us as much as data and give none.  Peers that
 *              we know send none; the bound is for the life of a session, so that it cannot be
 *              earned again with a byte of data between.
 */
#include "tls/tls_guard.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

#define SEALED_BYTES_MIN 17                /* a tag of 16 and the inner type */
#define SEALED_BYTES_MAX ((1 << 14) + 256) /* RFC 8446, 5.2 */

static unsigned body_bytes(const uint8_t header[TLS_HEADER_BYTES])
{
    return (unsigned)header[3] << 8 | header[4];
}

static enum tls_refusal check_handshake(const struct tls_guard *guard, unsigned type,
                                        unsigned bytes)
{
    if (type < TLS_TYPE_CHANGE_CIPHER || type > TLS_TYPE_DATA) {
        return TLS_REFUSED_TYPE;
    }
    if (bytes > SK_TLS_RECORD_HANDSHAKE_BYTES_MAX) {
        return TLS_REFUSED_BIG;
    }
    if (guard->flight_bytes + TLS_HEADER_BYTES + bytes > SK_TLS_FLIGHT_BYTES_MAX) {
        return TLS_REFUSED_HANDSHAKE;
    }
    return TLS_NOT_REFUSED;
}

enum tls_refusal tls_guard_check(const struct tls_guard *guard,
                                 const uint8_t header[TLS_HEADER_BYTES])
{
    unsigned bytes = body_bytes(header);
    if (header[1] != 3) {
        return TLS_REFUSED_TYPE;
    }
    if (header[0] == TLS_TYPE_DATA && bytes < SEALED_BYTES_MIN) {
        return TLS_REFUSED_SHORT;
    }
    if (!guard->is_open) {
        return check_handshake(guard, header[0], bytes);
    }
    if (header[0] != TLS_TYPE_DATA) {
        return TLS_REFUSED_TYPE;
    }
    if (bytes > SEALED_BYTES_MAX) {
        return TLS_REFUSED_BIG;
    }
    if (guard->idle_records + guard->new_records >= SK_TLS_IDLE_RECORDS_MAX) {
        return TLS_REFUSED_IDLE;
    }
    return TLS_NOT_REFUSED;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Takes what is missing of the header.  Returns whether it is whole. */
static bool take_header(struct tls_guard *guard, struct sk_tls_io *io)
{
    size_t wanted = (size_t)TLS_HEADER_BYTES - guard->header_bytes;
    size_t count = smaller(wanted, io->in_bytes - io->in_used);
    memcpy(guard->header + guard->header_bytes, io->in + io->in_used, count);
    io->in_used += count;
    guard->header_bytes = (uint8_t)(guard->header_bytes + count);
    return count == wanted;
}

static int begin_record(struct tls_guard *guard)
{
    guard->refusal = tls_guard_check(guard, guard->header);
    if (guard->refusal != TLS_NOT_REFUSED) {
        return SK_ERR_PROTOCOL;
    }
    guard->body_left = (uint16_t)body_bytes(guard->header);
    if (guard->is_open) {
        guard->new_records++;
    } else {
        guard->flight_bytes += TLS_HEADER_BYTES + guard->body_left;
    }
    return SK_OK;
}

static int give_header(struct tls_guard *guard, uint8_t *to, size_t capacity)
{
    size_t count = smaller(capacity, (size_t)TLS_HEADER_BYTES - guard->header_given);
    memcpy(to, guard->header + guard->header_given, count);
    guard->header_given = (uint8_t)(guard->header_given + count);
    return (int)count;
}

static int give_body(struct tls_guard *guard, struct sk_tls_io *io, uint8_t *to, size_t capacity)
{
    size_t count = smaller(smaller(capacity, guard->body_left), io->in_bytes - io->in_used);
    if (count == 0) {
        return SK_ERR_AGAIN;
    }
    memcpy(to, io->in + io->in_used, count);
    io->in_used += count;
    guard->body_left = (uint16_t)(guard->body_left - count);
    return (int)count;
}

bool tls_guard_is_between(const struct tls_guard *guard)
{
    return guard->body_left == 0 &&
           (guard->header_given == 0 || guard->header_given == TLS_HEADER_BYTES);
}

int tls_guard_read(struct tls_guard *guard, struct sk_tls_io *io, uint8_t *to, size_t capacity)
{
    SK_ASSERT(io->in_used <= io->in_bytes);
    SK_ASSERT(capacity > 0);
    if (guard->body_left == 0 && guard->header_given == TLS_HEADER_BYTES) {
        guard->header_bytes = 0;
        guard->header_given = 0;
    }
    if (guard->header_bytes < TLS_HEADER_BYTES) {
        if (!take_header(guard, io)) {
            return SK_ERR_AGAIN;
        }
        int result = begin_record(guard);
        if (result != SK_OK) {
            return result;
        }
    }
    if (guard->header_given < TLS_HEADER_BYTES) {
        return give_header(guard, to, capacity);
    }
    return give_body(guard, io, to, capacity);
}

void tls_guard_on_answer(struct tls_guard *guard)
{
    guard->flight_bytes = 0;
}

void tls_guard_on_plain(struct tls_guard *guard)
{
    if (guard->new_records > 1) {
        guard->idle_records = (uint16_t)(guard->idle_records + guard->new_records - 1);
    }
    guard->new_records = 0;
}
