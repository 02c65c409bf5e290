/* tls.c - see tls.h.
 *
 *   HANDSHAKE --handshake()--> OPEN --stop()--> ENDED      ended != SK_OK, for good
 *      \----------------------stop()-------------^
 *
 * Invariants, true between calls:
 *   1. io is NULL: the bytes of a call are borrowed for that call.
 *   2. sk_tls_send() never leaves a part of its bytes in wolfSSL: it asks for the space first.
 *   3. Once open, wolfSSL gets the next record only while io->out has space for an answer to it.
 *      wolfSSL would go on in the middle of a key update otherwise, and take it twice.
 */
#include "tls/tls.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "tls/tls_guard.h"
#include "tls/tls_inner.h"

#define RECORD_PLAIN_BYTES_MAX 16384 /* RFC 8446, 5.1 */
#define RECORD_EXTRA_BYTES     22    /* header 5, inner type 1, tag 16 */
#define KEY_UPDATE_BYTES       32    /* wolfSSL sends one before the keys wear out */

struct tls {
    struct sk_tls base; /* first: a session is its struct tls */
    WOLFSSL *ssl;
    struct tls_context *context; /* keeps a borrow */
    struct sk_tls_io *io;        /* of the call that runs */
    struct tls_guard guard;      /* guard.is_open is the state OPEN */
    size_t unsent_bytes;         /* that wolfSSL holds because io->out was full */
    int ended;                   /* SK_OK, or what every further call returns */
};

static size_t space_of(const struct sk_tls_io *io)
{
    return io->out_capacity - io->out_bytes;
}

static int on_receive(WOLFSSL *ssl, char *to, int capacity, void *session)
{
    (void)ssl;
    struct tls *tls = session;
    SK_ASSERT(tls->io != NULL);
    bool is_next = tls_guard_is_between(&tls->guard);
    if (tls->guard.is_open && is_next && space_of(tls->io) < TLS_ANSWER_BYTES) {
        return WOLFSSL_CBIO_ERR_WANT_READ;
    }
    int result = tls_guard_read(&tls->guard, tls->io, (uint8_t *)to, (size_t)capacity);
    if (result == SK_ERR_AGAIN) {
        return WOLFSSL_CBIO_ERR_WANT_READ;
    }
    return result > 0 ? result : WOLFSSL_CBIO_ERR_GENERAL;
}

static int on_send(WOLFSSL *ssl, char *from, int size, void *session)
{
    (void)ssl;
    struct tls *tls = session;
    SK_ASSERT(tls->io != NULL);
    tls_guard_on_answer(&tls->guard);
    size_t count = space_of(tls->io) < (size_t)size ? space_of(tls->io) : (size_t)size;
    tls->unsent_bytes = (size_t)size - count;
    if (count == 0) {
        return WOLFSSL_CBIO_ERR_WANT_WRITE;
    }
    memcpy(tls->io->out + tls->io->out_bytes, from, count);
    tls->io->out_bytes += count;
    return (int)count;
}

static void filter_destroy(struct sk_tls *session)
{
    struct tls *tls = (struct tls *)session;
    SK_ASSERT(tls->io == NULL);
    tls_context_end(tls->context, tls->ssl);
    free(tls);
}

static int stop(struct tls *tls, int result)
{
    tls->ended = result;
    if (result != SK_ERR_CLOSED) {
        tls_context_on_failed(tls->context, tls->guard.is_open, tls->guard.refusal);
    }
    tls_forget_errors();
    return result;
}

/* Turns wolfSSL's answer into one of sk_tls_receive(). */
static int why_stopped(struct tls *tls, int answer)
{
    switch (wolfSSL_get_error(tls->ssl, answer)) {
    case WOLFSSL_ERROR_WANT_READ:
        return tls->io->in_used < tls->io->in_bytes ? SK_ERR_FULL : SK_ERR_AGAIN;
    case WOLFSSL_ERROR_WANT_WRITE:
    case WOLFSSL_ERROR_NONE: /* accept() forgets WANT_WRITE when flushing what it kept before */
        return tls->unsent_bytes > 0 ? SK_ERR_FULL : stop(tls, SK_ERR_PROTOCOL);
    case WOLFSSL_ERROR_ZERO_RETURN:
        return stop(tls, SK_ERR_CLOSED);
    case MEMORY_E:
        return stop(tls, SK_ERR_MEMORY);
    default:
        return stop(tls, SK_ERR_PROTOCOL);
    }
}

static int handshake(struct tls *tls)
{
    int answer = wolfSSL_accept(tls->ssl);
    if (answer != WOLFSSL_SUCCESS) {
        return why_stopped(tls, answer);
    }
    tls->guard.is_open = true;
    tls_context_on_open(tls->context);
    return SK_OK;
}

/* Whether wolfSSL could do anything: asking it in vain costs as much as a small record. */
static bool has_more(struct tls *tls)
{
    return tls->io->in_used < tls->io->in_bytes || tls->unsent_bytes > 0 ||
           wolfSSL_pending(tls->ssl) > 0;
}

static int read_plain(struct tls *tls, uint8_t *plain, size_t capacity)
{
    size_t count = 0;
    while (count < capacity && has_more(tls)) {
        int answer = wolfSSL_read(tls->ssl, plain + count, (int)(capacity - count));
        if (answer <= 0) {
            int result = why_stopped(tls, answer);
            return count > 0 ? (int)count : result;
        }
        count += (size_t)answer;
        tls_guard_on_plain(&tls->guard);
    }
    return count > 0 ? (int)count : SK_ERR_AGAIN;
}

static int filter_receive(struct sk_tls *session, struct sk_tls_io *io, uint8_t *plain,
                          size_t capacity)
{
    struct tls *tls = (struct tls *)session;
    SK_ASSERT(capacity > 0);
    SK_ASSERT(capacity <= INT_MAX);
    if (tls->ended != SK_OK) {
        return tls->ended;
    }
    tls->io = io;
    int result = tls->guard.is_open ? SK_OK : handshake(tls);
    if (result == SK_OK) {
        result = read_plain(tls, plain, capacity);
    }
    tls->io = NULL;
    return result;
}

static bool filter_is_open(const struct sk_tls *session)
{
    return ((const struct tls *)session)->guard.is_open;
}

static size_t filter_sealed_bytes(const struct sk_tls *session, size_t size)
{
    const struct tls *tls = (const struct tls *)session;
    size_t record_count = (size + RECORD_PLAIN_BYTES_MAX - 1) / RECORD_PLAIN_BYTES_MAX;
    return tls->unsent_bytes + size + record_count * RECORD_EXTRA_BYTES + KEY_UPDATE_BYTES;
}

static int filter_send(struct sk_tls *session, struct sk_tls_io *io, const uint8_t *plain,
                       size_t size)
{
    struct tls *tls = (struct tls *)session;
    SK_ASSERT(tls->guard.is_open);
    SK_ASSERT(size <= INT_MAX);
    if (tls->ended != SK_OK && tls->ended != SK_ERR_CLOSED) {
        return tls->ended;
    }
    if (size == 0) {
        return SK_OK;
    }
    if (filter_sealed_bytes(session, size) > space_of(io)) {
        return SK_ERR_FULL;
    }
    tls->io = io;
    int answer = wolfSSL_write(tls->ssl, plain, (int)size);
    int error = answer > 0 ? 0 : wolfSSL_get_error(tls->ssl, answer);
    tls->io = NULL;
    if (answer > 0) {
        SK_ASSERT((size_t)answer == size);
        return SK_OK;
    }
    return stop(tls, error == MEMORY_E ? SK_ERR_MEMORY : SK_ERR_PROTOCOL);
}

static void filter_close(struct sk_tls *session, struct sk_tls_io *io)
{
    struct tls *tls = (struct tls *)session;
    if (!tls->guard.is_open || filter_sealed_bytes(session, 2) > space_of(io)) {
        return;
    }
    if (tls->ended != SK_OK && tls->ended != SK_ERR_CLOSED) {
        return;
    }
    tls->io = io;
    (void)wolfSSL_shutdown(tls->ssl); /* its answer is whether the peer has closed too */
    tls->io = NULL;
}

static const struct sk_tls_filter filter = {filter_receive, filter_send,         filter_close,
                                            filter_is_open, filter_sealed_bytes, filter_destroy};

struct sk_tls *tls_create(struct tls_context *context)
{
    struct tls *tls = calloc(1, sizeof(*tls));
    if (tls == NULL) {
        return NULL;
    }
    tls->ssl = tls_context_begin(context);
    if (tls->ssl == NULL) {
        free(tls);
        return NULL;
    }
    tls->base.filter = &filter;
    tls->context = context;
    wolfSSL_SSLSetIORecv(tls->ssl, on_receive);
    wolfSSL_SSLSetIOSend(tls->ssl, on_send);
    wolfSSL_SetIOReadCtx(tls->ssl, tls);
    wolfSSL_SetIOWriteCtx(tls->ssl, tls);
    return &tls->base;
}
