/* tls_guard.h - what a peer's TLS records must look like before wolfSSL sees them.
 *
 * Each check answers something that was reproduced on wolfSSL 5.5.4 (tls_guard.c has the list).
 * The guard owns the first five bytes of each record until they are whole; the rest passes through
 * without a copy of its own.
 *
 * Memory   none; a guard lies in its session.
 * Threads  one: that of the session.
 * Time     none.
 */
#ifndef TLS_GUARD_H
#define TLS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/tls_filter.h"
#include "tls/tls_context.h"

#define TLS_HEADER_BYTES 5

/* The first byte of a record. */
enum tls_type { TLS_TYPE_CHANGE_CIPHER = 20, TLS_TYPE_ALERT, TLS_TYPE_HANDSHAKE, TLS_TYPE_DATA };

struct tls_guard {
    uint8_t header[TLS_HEADER_BYTES];
    uint8_t header_bytes;     /* of header, taken from the peer */
    uint8_t header_given;     /* of header, given to wolfSSL */
    uint16_t body_left;       /* bytes of the record that are still to be given */
    uint16_t new_records;     /* begun since plaintext was last seen */
    uint16_t idle_records;    /* that gave no plaintext, in the life of the session */
    uint32_t flight_bytes;    /* of records since our last answer, before the session was open */
    bool is_open;             /* set by the session when the handshake is done */
    enum tls_refusal refusal; /* why tls_guard_read() returned SK_ERR_PROTOCOL */
};

/* Whether a record header may pass.  Changes nothing.  Returns TLS_NOT_REFUSED or what is wrong. */
enum tls_refusal tls_guard_check(const struct tls_guard *guard,
                                 const uint8_t header[TLS_HEADER_BYTES]);

/* Moves at most `capacity` bytes from io->in to `to`, never past the end of a record.  Returns the
 * bytes given, > 0; SK_ERR_AGAIN when io->in is used up; SK_ERR_PROTOCOL, with guard->refusal set,
 * when a header may not pass. */
SK_MUST_CHECK int tls_guard_read(struct tls_guard *guard, struct sk_tls_io *io, uint8_t *to,
                                 size_t capacity);

/* Whether the next byte that is given begins a record. */
bool tls_guard_is_between(const struct tls_guard *guard);
/* Tells the guard that we answered in the handshake: there are two answers at most. */
void tls_guard_on_answer(struct tls_guard *guard);
/* Tells the guard that plaintext came out. */
void tls_guard_on_plain(struct tls_guard *guard);

#endif
