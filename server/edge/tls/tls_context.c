/* tls_context.c - see tls_context.h.
 *
 * A WOLFSSL_CTX counts its references: one of ours while it is the newest, one of each session.
 * reload() makes a new one aside and swaps it in, so the old pair goes when its last session does.
 * The lock covers the swap and wolfSSL_new() alone: a connect, never a byte.
 */
#include "tls/tls_inner.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/result.h"
#include "tls/tls_guard.h"
#include "tls/tls_proof.h"

struct tls_context {
    pthread_mutex_t lock;
    WOLFSSL_CTX *newest; /* under lock */
    char *cert_path;
    char *key_path;
    atomic_uint session_count;
    atomic_uint_fast64_t handshakes_done;
    atomic_uint_fast64_t handshakes_failed;
    atomic_uint_fast64_t sessions_failed;
    atomic_uint_fast64_t refused[TLS_REFUSAL_COUNT];
};

#define REFUSAL_WORD(name, word) [TLS_REFUSED_##name] = (word),
static const char *const refusal_words[TLS_REFUSAL_COUNT] = {[TLS_NOT_REFUSED] = "none",
                                                             TLS_REFUSALS(REFUSAL_WORD)};

const char *tls_refusal_word(enum tls_refusal refusal)
{
    SK_ASSERT(refusal < TLS_REFUSAL_COUNT);
    return refusal_words[refusal];
}

static int explain(char why[TLS_WHY_BYTES], const char *path, const char *what)
{
    snprintf(why, TLS_WHY_BYTES, "%.180s: %s", path, what);
    return SK_ERR_CONFIG;
}

static int load_pair(WOLFSSL_CTX *inner, const struct tls_context *context, char why[TLS_WHY_BYTES])
{
    if (access(context->cert_path, R_OK) != 0) {
        return explain(why, context->cert_path, strerror(errno));
    }
    if (access(context->key_path, R_OK) != 0) {
        return explain(why, context->key_path, strerror(errno));
    }
    if (wolfSSL_CTX_use_certificate_chain_file(inner, context->cert_path) != WOLFSSL_SUCCESS) {
        return explain(why, context->cert_path, "no PEM certificate chain of a kind that we take");
    }
    if (wolfSSL_CTX_use_PrivateKey_file(inner, context->key_path, WOLFSSL_FILETYPE_PEM) !=
        WOLFSSL_SUCCESS) {
        return explain(why, context->key_path, "no PEM key of a kind that we take");
    }
    if (!tls_proof_connects(inner)) {
        return explain(why, context->key_path, "no handshake comes of this key and certificate");
    }
    return SK_OK;
}

/* What is quick comes first: without assembly ChaCha20 beats AES by five times. */
static bool choose_ciphers(WOLFSSL_CTX *inner)
{
    int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
#ifdef WOLFSSL_AESNI
    const char *ciphers = "TLS13-AES128-GCM-SHA256:TLS13-CHACHA20-POLY1305-SHA256:"
                          "TLS13-AES256-GCM-SHA384";
#else
    const char *ciphers = "TLS13-CHACHA20-POLY1305-SHA256:TLS13-AES128-GCM-SHA256:"
                          "TLS13-AES256-GCM-SHA384";
#endif
    return wolfSSL_CTX_set_cipher_list(inner, ciphers) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_groups(inner, groups, sizeof(groups) / sizeof(groups[0])) ==
               WOLFSSL_SUCCESS;
}

/* No ALPN list is given: before 5.8.4 a client's answer to one is not safe (CVE-2026-3547). */
static bool set_up(WOLFSSL_CTX *inner)
{
    wolfSSL_CTX_set_verify(inner, WOLFSSL_VERIFY_NONE, NULL);
#ifdef HAVE_SESSION_TICKET
    if (wolfSSL_CTX_no_ticket_TLSv13(inner) != 0) {
        return false;
    }
#endif
#ifndef NO_SESSION_CACHE
    if (wolfSSL_CTX_set_session_cache_mode(inner, WOLFSSL_SESS_CACHE_OFF) != WOLFSSL_SUCCESS) {
        return false;
    }
#endif
    return choose_ciphers(inner);
}

static WOLFSSL_CTX *make_inner(const struct tls_context *context, char why[TLS_WHY_BYTES])
{
    WOLFSSL_CTX *inner = wolfSSL_CTX_new(wolfTLSv1_3_server_method());
    if (inner == NULL) {
        (void)explain(why, context->cert_path, sk_result_text(SK_ERR_MEMORY));
        return NULL;
    }
    if (!set_up(inner)) {
        (void)explain(why, context->cert_path, "wolfSSL refuses our settings");
        wolfSSL_CTX_free(inner);
        return NULL;
    }
    if (load_pair(inner, context, why) != SK_OK) {
        wolfSSL_CTX_free(inner);
        return NULL;
    }
    return inner;
}

struct tls_context *tls_context_create(const char *cert_path, const char *key_path,
                                       char why[TLS_WHY_BYTES])
{
    struct tls_context *context = calloc(1, sizeof(*context));
    if (context == NULL) {
        (void)explain(why, cert_path, sk_result_text(SK_ERR_MEMORY));
        return NULL;
    }
    SK_ASSERT(pthread_mutex_init(&context->lock, NULL) == 0);
    context->cert_path = strdup(cert_path);
    context->key_path = strdup(key_path);
    if (context->cert_path == NULL || context->key_path == NULL) {
        (void)explain(why, cert_path, sk_result_text(SK_ERR_MEMORY));
        goto fail;
    }
    context->newest = make_inner(context, why);
    if (context->newest == NULL) {
        goto fail;
    }
    return context;

fail:
    tls_context_destroy(context);
    return NULL;
}

int tls_context_reload(struct tls_context *context, char why[TLS_WHY_BYTES])
{
    WOLFSSL_CTX *inner = make_inner(context, why);
    if (inner == NULL) {
        tls_forget_errors();
        return SK_ERR_CONFIG;
    }
    pthread_mutex_lock(&context->lock);
    WOLFSSL_CTX *old = context->newest;
    context->newest = inner;
    pthread_mutex_unlock(&context->lock);
    wolfSSL_CTX_free(old);
    return SK_OK;
}

void tls_context_destroy(struct tls_context *context)
{
    SK_ASSERT(atomic_load(&context->session_count) == 0);
    wolfSSL_CTX_free(context->newest);
    pthread_mutex_destroy(&context->lock);
    free(context->cert_path);
    free(context->key_path);
    free(context);
}

struct tls_counts tls_context_counts(const struct tls_context *context)
{
    struct tls_counts counts = {
        .handshakes_done = atomic_load(&context->handshakes_done),
        .handshakes_failed = atomic_load(&context->handshakes_failed),
        .sessions_failed = atomic_load(&context->sessions_failed),
    };
    for (int i = 0; i < TLS_REFUSAL_COUNT; i++) {
        counts.refused[i] = atomic_load(&context->refused[i]);
    }
    return counts;
}

int tls_check_first_record(struct tls_context *context, const uint8_t *bytes, size_t size)
{
    if (size < TLS_HEADER_BYTES) {
        return TLS_HEADER_BYTES;
    }
    struct tls_guard guard = {0};
    enum tls_refusal refusal = tls_guard_check(&guard, bytes);
    if (refusal == TLS_NOT_REFUSED && bytes[0] != TLS_TYPE_HANDSHAKE) {
        refusal = TLS_REFUSED_TYPE;
    }
    if (refusal == TLS_NOT_REFUSED) {
        return SK_OK;
    }
    atomic_fetch_add(&context->refused[refusal], 1);
    return SK_ERR_PROTOCOL;
}

WOLFSSL *tls_context_begin(struct tls_context *context)
{
    pthread_mutex_lock(&context->lock);
    WOLFSSL *ssl = wolfSSL_new(context->newest);
    pthread_mutex_unlock(&context->lock);
    if (ssl != NULL) {
        atomic_fetch_add(&context->session_count, 1);
    }
    return ssl;
}

void tls_context_end(struct tls_context *context, WOLFSSL *ssl)
{
    wolfSSL_free(ssl);
    atomic_fetch_sub(&context->session_count, 1);
}

void tls_context_on_open(struct tls_context *context)
{
    atomic_fetch_add(&context->handshakes_done, 1);
}

void tls_context_on_failed(struct tls_context *context, bool was_open, enum tls_refusal refusal)
{
    atomic_fetch_add(was_open ? &context->sessions_failed : &context->handshakes_failed, 1);
    if (refusal != TLS_NOT_REFUSED) {
        atomic_fetch_add(&context->refused[refusal], 1);
    }
}
