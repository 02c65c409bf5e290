/* tls_inner.h - what a session needs of its context; for tls.c and tls_proof.c only.
 *
 * Memory, Threads, Time  as tls_context.h.
 */
#ifndef TLS_INNER_H
#define TLS_INNER_H

#include <stdbool.h>

#include <wolfssl/options.h>

#include <wolfssl/ssl.h>

#include "tls/tls_context.h"

/* Makes a wolfSSL session under the newest pair and counts it.  NULL when memory is short. */
WOLFSSL *tls_context_begin(struct tls_context *context);
/* Frees what tls_context_begin() returned. */
void tls_context_end(struct tls_context *context, WOLFSSL *ssl);

/* Counts a handshake that ended well. */
void tls_context_on_open(struct tls_context *context);
/* Counts a session that ended in an error; `refusal` may be TLS_NOT_REFUSED. */
void tls_context_on_failed(struct tls_context *context, bool was_open, enum tls_refusal refusal);

/* Empties the queue of errors that the packaged build keeps for each thread. */
static inline void tls_forget_errors(void)
{
#ifdef OPENSSL_EXTRA
    wolfSSL_ERR_clear_error();
#endif
}

#endif
