/* tls.h - the server's TLS 1.3 as a filter between a socket and the bytes of a connection.
 *
 * The filter does no I/O: the loop hands it the bytes that it received, it hands back plaintext
 * and the bytes that must go to the socket.  So one receive buffer and one send buffer a loop
 * serve all its connections, and a connection can move to another thread between two calls.
 * wolfSSL stands behind it, lean or packaged (wolfssl/wolfssl.cmake).
 *
 *   socket --in--> tls_guard --> wolfSSL --plain--> ws          sk_tls_receive()
 *   socket <--------out--------- wolfSSL <--plain-- ws          sk_tls_send()
 *
 * Memory   tls_create() is the only function that allocates for a session, besides what wolfSSL
 *          allocates for a record during a call and frees when the record is whole.
 * Threads  one session belongs to one thread at a time and may be handed over between calls.
 * Time     none is read here; the loop owns the deadline of a handshake and how many it starts.
 */
#ifndef TLS_H
#define TLS_H

#include "net/tls_filter.h"
#include "tls/tls_context.h"

/* The space that a record may need in io->out for its answer, once the session is open. */
#define TLS_ANSWER_BYTES 64

/* Makes a server session; call it when tls_check_first_record() has said SK_OK.  Returns an owned
 * session, NULL when memory is short.  A failure of it is counted in the context, and one that is
 * not open costs 100 to 500 us in the sk_tls_receive() that brings its ClientHello. */
struct sk_tls *tls_create(struct tls_context *context);

#endif
