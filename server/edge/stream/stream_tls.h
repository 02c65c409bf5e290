/* stream_tls.h - a stream's TLS: begin and unseal.
 *
 * Threads  the hub's.
 */
#ifndef STREAM_TLS_H
#define STREAM_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream;

/* Looks at the first bytes of a stream in TLS_FIRST and makes the session.  Returns whether it
 * stands; else the bytes wait for more, or the stream is dropped (`tls`, `server_full`). */
bool stream_tls_begin(struct stream *stream, const uint8_t *bytes, size_t size);
/* Unseals `sealed_bytes` of the hub's receive buffer behind the *plain_bytes of its plain buffer,
 * and adds to them; tells the protocol when the handshake is done.  Returns SK_ERR_AGAIN when all
 * is unsealed, or sk_tls_receive()'s final answer. */
int stream_tls_unseal(struct stream *stream, size_t sealed_bytes, size_t *plain_bytes);

#endif
