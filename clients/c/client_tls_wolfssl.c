/* client_tls_wolfssl.c - client_tls.h by the system's wolfSSL (libwolfssl), 5.5 or newer.
 *
 * The server's lean build names no server (SNI) and finds no address in a certificate, so it is not
 * taken here.
 *
 * Invariants, true between calls:
 *   1. io is NULL: the bytes of a call are borrowed for that call.
 *   2. wolfSSL reads no record while io->out has no room for an answer to it: it would go on in
 *      the middle of a key update otherwise, and take it twice.
 *   3. A session is open only when its certificate was verified, was the pinned one, or any would
 *      do.
 */
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/sha.h>

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aead/aead_wolfssl.h"
#include "base/assert.h"
#include "client_pin.h"
#include "client_tls.h"

enum {
    RECORD_BYTES = 16384,  /* RFC 8446, 5.1 */
    OVERHEAD_BYTES = 22,   /* head 5, type 1, tag 16 */
    KEY_UPDATE_BYTES = 32, /* wolfSSL sends one before the keys wear out */
    ANSWER_BYTES = 64      /* a key update or an alert, sealed */
};

struct client_tls_context {
    WOLFSSL_CTX *ssl;
    bool is_pinned;
    uint8_t pin[CLIENT_PIN_BYTES];
};

struct client_tls {
    struct sk_tls base; /* first: a session is its struct client_tls */
    WOLFSSL *ssl;
    struct sk_tls_io *io; /* of the call that runs, else NULL */
    size_t unsent_bytes;  /* that wolfSSL holds because io->out was full */
    int ended;            /* SK_OK, or what every further call returns */
    bool is_open;
    bool is_pin_seen;
    const struct client_tls_context *context; /* keeps a borrow */
};

static size_t space_of(const struct sk_tls_io *io)
{
    return io->out_capacity - io->out_bytes;
}

static int on_receive(WOLFSSL *ssl, char *to, int capacity, void *session)
{
    (void)ssl;
    struct client_tls *tls = session;
    SK_ASSERT(tls->io != NULL);
    size_t left = tls->io->in_bytes - tls->io->in_used;
    if (left == 0 || (tls->is_open && space_of(tls->io) < ANSWER_BYTES)) {
        return WOLFSSL_CBIO_ERR_WANT_READ;
    }
    size_t taken = (size_t)capacity < left ? (size_t)capacity : left;
    memcpy(to, tls->io->in + tls->io->in_used, taken);
    tls->io->in_used += taken;
    return (int)taken;
}

static int on_send(WOLFSSL *ssl, char *from, int size, void *session)
{
    (void)ssl;
    struct client_tls *tls = session;
    SK_ASSERT(tls->io != NULL);
    if ((size_t)size > space_of(tls->io)) {
        tls->unsent_bytes = (size_t)size;
        return WOLFSSL_CBIO_ERR_WANT_WRITE;
    }
    tls->unsent_bytes = 0;
    memcpy(tls->io->out + tls->io->out_bytes, from, (size_t)size);
    tls->io->out_bytes += (size_t)size;
    return size;
}

/* ---- whom to believe ------------------------------------------------------------------------- */

/* In place of a chain's verification: the server's own certificate is the one, or it is not.  The
 * certificates that came with it are nobody's business. */
static int check_pin(int is_verified, WOLFSSL_X509_STORE_CTX *store)
{
    (void)is_verified;
    struct client_tls *tls = store->userCtx;
    uint8_t hash[WC_SHA256_DIGEST_SIZE];
    if (store->error_depth > 0) {
        return 1;
    }
    tls->is_pin_seen = store->totalCerts > 0 &&
                       wc_Sha256Hash(store->certs[0].buffer, store->certs[0].length, hash) == 0 &&
                       memcmp(hash, tls->context->pin, sizeof(hash)) == 0;
    return tls->is_pin_seen;
}

static bool trust_pin(struct client_tls_context *context, const char *pin, const char **why)
{
    *why = "the pin is not 64 hex digits";
    if (!client_pin_read(context->pin, pin)) {
        return false;
    }
    context->is_pinned = true;
    wolfSSL_CTX_set_verify(context->ssl, WOLFSSL_VERIFY_PEER, check_pin);
    return true;
}

/* Chosen here, for the package takes ciphers that hide nothing too. */
static bool choose_ciphers(WOLFSSL_CTX *ssl)
{
    int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
    const char *ciphers = "TLS13-AES128-GCM-SHA256:TLS13-CHACHA20-POLY1305-SHA256:"
                          "TLS13-AES256-GCM-SHA384";
    return wolfSSL_CTX_set_cipher_list(ssl, ciphers) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_groups(ssl, groups, sizeof(groups) / sizeof(groups[0])) ==
               WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_session_cache_mode(ssl, WOLFSSL_SESS_CACHE_OFF) == WOLFSSL_SUCCESS;
}

static bool set_up(struct client_tls_context *context, const struct client_trust *trust,
                   const char **why)
{
    *why = "TLS cannot be set up";
    if (context->ssl == NULL || !choose_ciphers(context->ssl)) {
        return false;
    }
    wolfSSL_CTX_SetIORecv(context->ssl, on_receive);
    wolfSSL_CTX_SetIOSend(context->ssl, on_send);
    wolfSSL_CTX_set_verify(context->ssl,
                           trust->insecure ? WOLFSSL_VERIFY_NONE : WOLFSSL_VERIFY_PEER, NULL);
    if (trust->pin != NULL) {
        return trust_pin(context, trust->pin, why);
    }
    *why = "the certificates to trust cannot be read";
    return trust->insecure ||
           (trust->ca_path == NULL ? wolfSSL_CTX_set_default_verify_paths(context->ssl)
                                   : wolfSSL_CTX_load_verify_locations(context->ssl, trust->ca_path,
                                                                       NULL)) == WOLFSSL_SUCCESS;
}

struct client_tls_context *client_tls_context_create(const struct client_trust *trust,
                                                     const char **why)
{
    struct client_tls_context *context = calloc(1, sizeof(*context));
    if (context == NULL || wolfSSL_Init() != WOLFSSL_SUCCESS) { /* the library counts */
        free(context);
        *why = context == NULL ? "out of memory" : "TLS cannot be set up";
        return NULL;
    }
    context->ssl = wolfSSL_CTX_new(wolfTLSv1_3_client_method());
    bool is_good = set_up(context, trust, why);
    wolfSSL_ERR_clear_error(); /* of certificates that it did not understand */
    if (!is_good) {
        client_tls_context_destroy(context);
        return NULL;
    }
    return context;
}

void client_tls_context_destroy(struct client_tls_context *context)
{
    if (context != NULL) {
        wolfSSL_CTX_free(context->ssl);
        free(context);
        (void)wolfSSL_Cleanup();
    }
}

/* wolfSSL writes the IPv6 addresses of a certificate so, and compares text. */
static void write_ipv6(char text[INET6_ADDRSTRLEN], const uint8_t address[16])
{
    for (size_t i = 0; i < 8; i++) {
        snprintf(text + 5 * i, INET6_ADDRSTRLEN - 5 * i, "%02X%02X%s", address[2 * i],
                 address[2 * i + 1], i < 7 ? ":" : "");
    }
}

/* The certificate must be the host's, unless it is pinned; only a name is told to the server. */
static bool expect_host(struct client_tls *tls, const char *host)
{
    uint8_t address[16];
    char text[INET6_ADDRSTRLEN];
    const char *expected = host;
    bool is_ipv6 = inet_pton(AF_INET6, host, address) == 1;
    if (is_ipv6) {
        write_ipv6(text, address);
        expected = text;
    }
    bool is_name = !is_ipv6 && inet_pton(AF_INET, host, address) != 1;
    if (is_name && wolfSSL_UseSNI(tls->ssl, WOLFSSL_SNI_HOST_NAME, host,
                                  (unsigned short)strlen(host)) != WOLFSSL_SUCCESS) {
        return false;
    }
    return tls->context->is_pinned ||
           wolfSSL_check_domain_name(tls->ssl, expected) == WOLFSSL_SUCCESS;
}

/* ---- the filter ------------------------------------------------------------------------------ */

static int stop(struct client_tls *tls, int result)
{
    tls->ended = result;
    wolfSSL_ERR_clear_error();
    return result;
}

/* Turns wolfSSL's answer into one of sk_tls_receive(). */
static int result_of(struct client_tls *tls, int answer)
{
    switch (wolfSSL_get_error(tls->ssl, answer)) {
    case WOLFSSL_ERROR_WANT_READ:
        return tls->io->in_used < tls->io->in_bytes ? SK_ERR_FULL : SK_ERR_AGAIN;
    case WOLFSSL_ERROR_WANT_WRITE:
    case WOLFSSL_ERROR_NONE: /* WANT_WRITE is forgotten when what was kept before is flushed */
        return tls->unsent_bytes > 0 ? SK_ERR_FULL : stop(tls, SK_ERR_PROTOCOL);
    case WOLFSSL_ERROR_ZERO_RETURN:
        return stop(tls, SK_ERR_CLOSED);
    case MEMORY_E:
        return stop(tls, SK_ERR_MEMORY);
    default: /* wolfSSL has hundreds: all the others end the session */
        return stop(tls, SK_ERR_PROTOCOL);
    }
}

static int handshake(struct client_tls *tls)
{
    int answer = wolfSSL_connect(tls->ssl);
    if (answer != WOLFSSL_SUCCESS) {
        return result_of(tls, answer);
    }
    if (tls->context->is_pinned && !tls->is_pin_seen) { /* a wolfSSL that did not ask check_pin() */
        return stop(tls, SK_ERR_PROTOCOL);
    }
    tls->is_open = true;
    return SK_OK;
}

/* Does the handshake first, if that is not done. */
static int filter_receive(struct sk_tls *session, struct sk_tls_io *io, uint8_t *plain,
                          size_t capacity)
{
    struct client_tls *tls = (struct client_tls *)session;
    SK_ASSERT(capacity > 0);
    SK_ASSERT(capacity <= INT_MAX);
    if (tls->ended != SK_OK) {
        return tls->ended;
    }
    tls->io = io;
    int result = tls->is_open ? SK_OK : handshake(tls);
    if (result == SK_OK) {
        int answer = wolfSSL_read(tls->ssl, plain, (int)capacity);
        result = answer > 0 ? answer : result_of(tls, answer);
    }
    tls->io = NULL;
    return result;
}

static bool filter_is_open(const struct sk_tls *session)
{
    return ((const struct client_tls *)session)->is_open;
}

static size_t filter_sealed_bytes(const struct sk_tls *session, size_t size)
{
    const struct client_tls *tls = (const struct client_tls *)session;
    return tls->unsent_bytes + size + (size / RECORD_BYTES + 1) * OVERHEAD_BYTES + KEY_UPDATE_BYTES;
}

static int filter_send(struct sk_tls *session, struct sk_tls_io *io, const uint8_t *plain,
                       size_t size)
{
    struct client_tls *tls = (struct client_tls *)session;
    SK_ASSERT(tls->is_open);
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
    if (answer == (int)size) {
        return SK_OK;
    }
    return stop(tls, error == MEMORY_E ? SK_ERR_MEMORY : SK_ERR_PROTOCOL);
}

static void filter_close(struct sk_tls *session, struct sk_tls_io *io)
{
    struct client_tls *tls = (struct client_tls *)session;
    if (!tls->is_open || filter_sealed_bytes(session, 2) > space_of(io) ||
        (tls->ended != SK_OK && tls->ended != SK_ERR_CLOSED)) {
        return;
    }
    tls->io = io;
    (void)wolfSSL_shutdown(tls->ssl); /* its answer is whether the peer has closed too */
    wolfSSL_ERR_clear_error();
    tls->io = NULL;
}

static void filter_destroy(struct sk_tls *session)
{
    struct client_tls *tls = (struct client_tls *)session;
    wolfSSL_free(tls->ssl);
    free(tls);
}

static const struct sk_tls_filter filter = {filter_receive, filter_send,         filter_close,
                                            filter_is_open, filter_sealed_bytes, filter_destroy};

struct sk_tls *client_tls_create(struct client_tls_context *context, const char *host)
{
    struct client_tls *tls = calloc(1, sizeof(*tls));
    if (tls == NULL) {
        return NULL;
    }
    tls->base.filter = &filter;
    tls->context = context;
    tls->ssl = wolfSSL_new(context->ssl);
    if (tls->ssl == NULL || !expect_host(tls, host)) {
        filter_destroy(&tls->base);
        return NULL;
    }
    wolfSSL_SetCertCbCtx(tls->ssl, tls);
    wolfSSL_SetIOReadCtx(tls->ssl, tls);
    wolfSSL_SetIOWriteCtx(tls->ssl, tls);
    return &tls->base;
}

/* ---- the rest of it -------------------------------------------------------------------------- */

struct sk_aead *client_aead_create(void)
{
    return sk_aead_wolfssl();
}

void client_aead_destroy(struct sk_aead *aead)
{
    (void)aead; /* it has no state */
}

void client_sha1(const void *bytes, size_t size, uint8_t hash[20])
{
    SK_ASSERT(size <= UINT32_MAX);
    SK_ASSERT(wc_ShaHash(bytes, (word32)size, hash) == 0);
}
