/* tls_context.h - a certificate, its key, and what all sessions under it share.
 *
 * New certificates are taken without a restart: a session keeps the pair that it began with.
 *
 * Memory   a context is made and freed here; crypto_start() comes first.
 * Threads  a context may be used by all threads; tls_context_reload() may run beside them.
 * Time     none.
 */
#ifndef TLS_CONTEXT_H
#define TLS_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

struct tls_context;

/* Room for a sentence that says what is wrong with which file. */
#define TLS_WHY_BYTES 256

/* What the guards refused, in words for the metrics.
 *      member    in words                                                                        */
/* clang-format off */
#define TLS_REFUSALS(ROW)                                                                          \
    ROW(SHORT,     "short")     /* application data below 17 bytes: CVE-2024-0901 */               \
    ROW(BIG,       "big")       /* a record above its limit */                                     \
    ROW(TYPE,      "type")      /* a record of a type that has no place here */                    \
    ROW(HANDSHAKE, "handshake") /* more bytes than a handshake needs */                            \
    ROW(IDLE,      "idle")      /* records without plaintext, again and again */
/* clang-format on */

#define TLS_REFUSAL_ENUM(name, word) TLS_REFUSED_##name,
enum tls_refusal { TLS_NOT_REFUSED, TLS_REFUSALS(TLS_REFUSAL_ENUM) TLS_REFUSAL_COUNT };
#undef TLS_REFUSAL_ENUM

/* The word for a refusal, "none" for TLS_NOT_REFUSED; static storage. */
const char *tls_refusal_word(enum tls_refusal refusal);

/* Counters since the context was made; read without a lock, so they may be a bit old. */
struct tls_counts {
    uint64_t handshakes_done;
    uint64_t handshakes_failed;          /* sessions that ended in an error before they were open */
    uint64_t sessions_failed;            /* that ended in an error after it */
    uint64_t refused[TLS_REFUSAL_COUNT]; /* by refusal; the first is always 0 */
};

/* Loads a PEM certificate chain and its key.  Returns an owned context, or NULL with `why` a
 * sentence that names the file. */
SK_MUST_CHECK struct tls_context *tls_context_create(const char *cert_path, const char *key_path,
                                                     char why[TLS_WHY_BYTES]);
/* Loads the same two paths anew.  New sessions use the new pair, old ones go on with theirs.
 * Returns SK_OK, or SK_ERR_CONFIG with `why`: then the old pair stays in use. */
SK_MUST_CHECK int tls_context_reload(struct tls_context *context, char why[TLS_WHY_BYTES]);
/* Frees a context that has no sessions left (asserted). */
void tls_context_destroy(struct tls_context *context);
/* What happened under the context so far. */
struct tls_counts tls_context_counts(const struct tls_context *context);

/* Whether these first bytes of a connection can be the start of a TLS handshake that we take, so
 * that no session is made for a port scan.  Returns the bytes needed (5) when `size` is too small
 * to say, SK_OK, or SK_ERR_PROTOCOL, which is counted. */
SK_MUST_CHECK int tls_check_first_record(struct tls_context *context, const uint8_t *bytes,
                                         size_t size);

#endif
