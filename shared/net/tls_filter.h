/* tls_filter.h - TLS as a filter between a socket and the bytes of a connection, for both ends.
 *
 *   socket --in--> TLS --plain--> connection          sk_tls_receive()
 *   socket <--out-- TLS <--plain-- connection         sk_tls_send()
 *
 * The filter does no I/O: its owner hands it the bytes that came, it hands back plaintext and the
 * bytes that must go.  So one receive buffer and one send buffer serve all connections of a loop,
 * and a connection can move to another thread between two calls.
 *
 * Two libraries stand behind it: wolfSSL (server/edge/tls) and OpenSSL or wolfSSL
 * (clients/c/client_tls.h), and each makes sessions from a context of its own.  Another one is
 * another struct sk_tls_filter.
 *
 * Memory   a session is made by its library's create function; the ranges of a struct sk_tls_io are
 *          borrowed for the call.
 * Threads  one session belongs to one thread at a time and may be handed over between calls.
 * Time     none is read.
 */
#ifndef SK_TLS_FILTER_H
#define SK_TLS_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/* The bytes of one call: it takes from `in` and puts into `out`. */
struct sk_tls_io {
    const uint8_t *in; /* borrowed: ciphertext from the socket */
    size_t in_bytes;
    size_t in_used; /* of in_bytes, taken so far; what is left was not needed yet */
    uint8_t *out;   /* borrowed: where ciphertext for the socket goes */
    size_t out_capacity;
    size_t out_bytes; /* put there so far */
};

/* A session: the first member of what a library keeps for one. */
struct sk_tls {
    const struct sk_tls_filter *filter;
};

/* What a library has; the functions below say what each must do. */
struct sk_tls_filter {
    int (*receive)(struct sk_tls *tls, struct sk_tls_io *io, uint8_t *plain, size_t capacity);
    int (*send)(struct sk_tls *tls, struct sk_tls_io *io, const uint8_t *plain, size_t size);
    void (*close)(struct sk_tls *tls, struct sk_tls_io *io);
    bool (*is_open)(const struct sk_tls *tls);
    size_t (*sealed_bytes)(const struct sk_tls *tls, size_t size);
    void (*destroy)(struct sk_tls *tls);
};

/* Takes ciphertext from io->in, puts handshake messages and answers into io->out, and at most
 * `capacity` plaintext bytes (not 0), of one or more records, into `plain`.  A client's first call,
 * without input, writes its hello.  Returns the plaintext bytes, > 0; SK_ERR_AGAIN when io->in is
 * used up (the session keeps a partial record); SK_ERR_FULL when io->out has too little room for an
 * answer and must be sent first; SK_ERR_CLOSED after the peer's close_notify; SK_ERR_PROTOCOL when
 * the session failed (an alert, if any, is in io->out); SK_ERR_MEMORY.  The last three are final.
 */
SK_MUST_CHECK static inline int sk_tls_receive(struct sk_tls *tls, struct sk_tls_io *io,
                                               uint8_t *plain, size_t capacity)
{
    return tls->filter->receive(tls, io, plain, capacity);
}

/* Seals `size` bytes into io->out.  The session must be open.  All or nothing: returns SK_OK;
 * SK_ERR_FULL when sk_tls_sealed_bytes(size) do not fit, nothing is sealed then; or, after a
 * failure, SK_ERR_PROTOCOL or SK_ERR_MEMORY, which are final. */
SK_MUST_CHECK static inline int sk_tls_send(struct sk_tls *tls, struct sk_tls_io *io,
                                            const uint8_t *plain, size_t size)
{
    return tls->filter->send(tls, io, plain, size);
}

/* Puts a close_notify into io->out; best effort, nothing when it does not fit. */
static inline void sk_tls_close(struct sk_tls *tls, struct sk_tls_io *io)
{
    tls->filter->close(tls, io);
}

/* Whether the handshake is done. */
static inline bool sk_tls_is_open(const struct sk_tls *tls)
{
    return tls->filter->is_open(tls);
}

/* The bytes that sk_tls_send() of `size` needs at most, what was not sent before included. */
static inline size_t sk_tls_sealed_bytes(const struct sk_tls *tls, size_t size)
{
    return tls->filter->sealed_bytes(tls, size);
}

/* Frees the session and what it buffers; NULL is nothing. */
static inline void sk_tls_destroy(struct sk_tls *tls)
{
    if (tls != NULL) {
        tls->filter->destroy(tls);
    }
}

#endif
