/* tls_proof.h - a handshake with ourselves, before a certificate is shown to anyone.
 *
 * wolfSSL_CTX_check_private_key() of the packaged build takes a foreign EC key, and neither build
 * says beforehand that it has no code for the size of a key.  A handshake in memory knows all that.
 *
 * Memory   freed before it returns.  Threads  any; the context must not be in use.  Time  none.
 */
#ifndef TLS_PROOF_H
#define TLS_PROOF_H

#include <stdbool.h>

#include <wolfssl/options.h>

#include <wolfssl/ssl.h>

/* Whether a client that trusts any certificate can connect under `server_context`. */
bool tls_proof_connects(WOLFSSL_CTX *server_context);

#endif
