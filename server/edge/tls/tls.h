/* tls.h - the server's TLS 1.3 as a filter between a socket and the bytes of a connection.
 *
 * The filter does no I/O: the loop hands it the bytes that it received, it hands back plaintext
 * and the bytes that must go to the socket.  So one receive buffer and one send buffer a loop
 * serve all its connections, and a connection can move to another thread between two calls.
 * wolfSSL stands behind it, lean or packaged (wolfssl/wolfssl.cmake).
 *
 *   socket --in--> tls_guard --> wolfSSL --plain--> ws          tls_receive()
 *   socket <--------out--------- wolfSSL <--plain-- ws          tls_send()
 *
 * Memory   tls_create() is the only function that allocates for a session, besides what wolfSSL
 *          allocates for a record during a call and frees when the record is whole.
 * Threads  one session belongs to one thread at a time and may be handed over between calls.
 * Time     none is read here; the loop owns the deadline of a handshake and how many it starts.
 */
#ifndef TLS_H
#define TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "tls/tls_context.h"
#include "tls/tls_io.h"

struct tls;

/* The room that a record may need in io->out for its answer, once the session is open. */
#define TLS_ANSWER_BYTES 64

/* Makes a server session; call it when tls_check_first_record() has said SK_OK.  Returns an owned
 * session, NULL when memory is short. */
struct tls *tls_create(struct tls_context *context);
/* Frees the session and what it buffers. */
void tls_destroy(struct tls *tls);

/* Takes ciphertext from io->in, answers handshake messages into io->out, and puts at most
 * `capacity` plaintext bytes, of one or more records, into `plain`.  Returns the plaintext bytes,
 * > 0; SK_ERR_AGAIN when io->in is used up (the session keeps a partial record); SK_ERR_FULL when
 * io->out has no room for an answer and must be sent first; SK_ERR_CLOSED after the peer's
 * close_notify; SK_ERR_PROTOCOL when the session failed (an alert, if any, is in io->out; counted);
 * SK_ERR_MEMORY.  The last three are final.  `capacity` is the budget of the call (not 0). */
SK_MUST_CHECK int tls_receive(struct tls *tls, struct tls_io *io, uint8_t *plain, size_t capacity);

/* Whether the handshake is done: only then may tls_send() be called.  A session that is not open
 * costs 100 to 500 us in the tls_receive() that brings its ClientHello. */
bool tls_is_open(const struct tls *tls);
/* Whether tls_receive() would give plaintext without further ciphertext. */
bool tls_has_plain(const struct tls *tls);

/* Seals `size` bytes into io->out, in records of at most 16 KiB.  All or nothing: returns SK_OK;
 * SK_ERR_FULL when tls_sealed_bytes(size) do not fit in io->out, nothing is sealed then; or, after
 * a failure of tls_receive() or of memory, SK_ERR_PROTOCOL or SK_ERR_MEMORY, which are final. */
SK_MUST_CHECK int tls_send(struct tls *tls, struct tls_io *io, const uint8_t *plain, size_t size);
/* The bytes that tls_send() of `size` needs at most, what was not sent before included. */
size_t tls_sealed_bytes(const struct tls *tls, size_t size);
/* Puts a close_notify into io->out; best effort, nothing when it does not fit. */
void tls_close(struct tls *tls, struct tls_io *io);

#endif
