/* tls.h - the server's TLS 1.3 as a filter between a socket and the bytes of a connection.
 *
 * The filter does no I/O: the loop hands it the bytes that it received, it hands back plaintext
 * and the bytes that must go to the socket.  So one receive buffer and one send buffer a loop
 * serve all its connections, and a connection can move to another thread between two calls.
 * wolfSSL stands behind it (DESIGN: the packaged library or the lean build of its source); no
 * other file includes a header of wolfSSL but crypto.c.
 *
 * Memory   tls_create() is the only function that allocates for a session, besides what wolfSSL
 *          allocates for a partial record during tls_receive() and frees when the record is whole.
 * Threads  one session belongs to one thread at a time and may be handed over between calls.  A
 *          context may be used by all threads; tls_context_reload() may run beside them.
 * Time     none is read here; the loop owns the deadline of a handshake.
 */
#ifndef TLS_H
#define TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

struct tls_context;
struct tls;

/* The bytes of one call.  The filter takes from `in` and puts into `out` and `plain`. */
struct tls_io {
    const uint8_t *in; /* borrowed: ciphertext from the socket */
    size_t in_bytes;
    size_t in_used; /* of in_bytes, taken so far; what is left was not needed yet */
    uint8_t *out;   /* borrowed: where ciphertext for the socket goes */
    size_t out_capacity;
    size_t out_bytes; /* put there so far */
};

/* Counters of what the guards refused, for the metrics; read without a lock, may be a bit old. */
struct tls_counts {
    uint64_t handshakes_done;
    uint64_t handshakes_failed;
    uint64_t records_refused_short; /* application data below 17 bytes: CVE-2024-0901 */
    uint64_t records_refused_big;   /* handshake record above the limit, or any above 2^14+256 */
    uint64_t records_refused_type;  /* a first record that is no handshake */
};

/* Loads a PEM certificate chain and its key.  Returns an owned context, or NULL with *why set to a
 * sentence that names the file (static storage or the context's own, valid until the next call). */
struct tls_context *tls_context_create(const char *cert_path, const char *key_path,
                                       const char **why);
/* Loads the same two paths anew.  New sessions use the new pair, old ones go on with theirs.
 * Returns SK_OK, or SK_ERR_CONFIG with *why: then the old pair stays in use. */
SK_MUST_CHECK int tls_context_reload(struct tls_context *context, const char **why);
/* Frees a context that has no sessions left (asserted). */
void tls_context_destroy(struct tls_context *context);
/* What the guards counted since the context was made. */
struct tls_counts tls_context_counts(const struct tls_context *context);

/* Whether these first bytes of a connection can be the start of a TLS handshake that we take.
 * Returns the bytes needed (5) when `size` is too small to say, SK_OK, or SK_ERR_PROTOCOL; so that
 * no session is made for a port scan.  `context` counts a refusal. */
SK_MUST_CHECK int tls_check_first_record(struct tls_context *context, const uint8_t *bytes,
                                         size_t size);

/* Makes a server session.  Returns an owned session, NULL when memory is short. */
struct tls *tls_create(struct tls_context *context);
/* Frees the session and what it buffers. */
void tls_destroy(struct tls *tls);

/* Takes ciphertext from io->in, answers handshake messages into io->out, and puts at most
 * `capacity` plaintext bytes into `plain`.  Returns the plaintext bytes, > 0; SK_ERR_AGAIN when
 * io->in is used up (the session keeps a partial record); SK_ERR_FULL when io->out is full and
 * must be sent first; SK_ERR_CLOSED after the peer's close_notify; SK_ERR_PROTOCOL when the session
 * failed (an alert, if any, is in io->out; counted). */
SK_MUST_CHECK int tls_receive(struct tls *tls, struct tls_io *io, uint8_t *plain, size_t capacity);

/* Whether the handshake is done: only then may tls_send() be called. */
bool tls_is_open(const struct tls *tls);
/* Whether tls_receive() would give plaintext without further ciphertext. */
bool tls_has_plain(const struct tls *tls);

/* Seals `size` bytes into io->out, in records of at most 16 KiB.  All or nothing: returns SK_OK, or
 * SK_ERR_FULL when tls_sealed_bytes(size) do not fit in io->out; nothing is sealed then. */
SK_MUST_CHECK int tls_send(struct tls *tls, struct tls_io *io, const uint8_t *plain, size_t size);
/* The bytes that tls_send() of `size` needs at most. */
size_t tls_sealed_bytes(size_t size);
/* Puts a close_notify into io->out; best effort, nothing when it does not fit. */
void tls_close(struct tls *tls, struct tls_io *io);

#endif
