/* client_tls_openssl.c - client_tls.h by OpenSSL 3.
 *
 * A BIO of our own reads from and writes to the struct sk_tls_io of the call that runs, so
 * that no byte is copied into a memory BIO and out of it again.
 */
#include <limits.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "aead_openssl.h"
#include "base/assert.h"
#include "client_pin.h"
#include "client_tls.h"

struct client_tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *method;
    uint8_t pin[CLIENT_PIN_BYTES];
};

struct client_tls {
    struct sk_tls base; /* first: a session is its struct client_tls */
    SSL *ssl;
    struct sk_tls_io *io; /* of the call that runs, else NULL */
};

static int on_read(BIO *bio, char *bytes, int capacity)
{
    struct sk_tls_io *io = ((struct client_tls *)BIO_get_data(bio))->io;
    BIO_clear_retry_flags(bio);
    size_t left = io->in_bytes - io->in_used;
    if (left == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t taken = (size_t)capacity < left ? (size_t)capacity : left;
    memcpy(bytes, io->in + io->in_used, taken);
    io->in_used += taken;
    return (int)taken;
}

static int on_write(BIO *bio, const char *bytes, int size)
{
    struct sk_tls_io *io = ((struct client_tls *)BIO_get_data(bio))->io;
    BIO_clear_retry_flags(bio);
    if ((size_t)size > io->out_capacity - io->out_bytes) {
        BIO_set_retry_write(bio);
        return -1;
    }
    memcpy(io->out + io->out_bytes, bytes, (size_t)size);
    io->out_bytes += (size_t)size;
    return size;
}

static long on_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH; /* nothing is held back; all else is not for us */
}

static BIO_METHOD *make_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "client_tls_io");
    if (method != NULL) {
        BIO_meth_set_read(method, on_read);
        BIO_meth_set_write(method, on_write);
        BIO_meth_set_ctrl(method, on_control);
    }
    return method;
}

/* In place of a chain's verification: the server's own certificate is the one, or it is not. */
static int check_pin(X509_STORE_CTX *store, void *argument)
{
    const struct client_tls_context *context = argument;
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned bytes = 0;
    const X509 *certificate = X509_STORE_CTX_get0_cert(store);
    bool is_it = certificate != NULL && X509_digest(certificate, EVP_sha256(), hash, &bytes) == 1 &&
                 bytes == CLIENT_PIN_BYTES && memcmp(hash, context->pin, bytes) == 0;
    if (!is_it) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
    }
    return is_it;
}

static bool trust_pin(struct client_tls_context *context, const char *pin, const char **why)
{
    *why = "the pin is not 64 hex digits";
    if (!client_pin_read(context->pin, pin)) {
        return false;
    }
    SSL_CTX_set_cert_verify_callback(context->ssl, check_pin, context);
    return true;
}

static bool set_up(struct client_tls_context *context, const struct client_trust *trust,
                   const char **why)
{
    *why = "TLS cannot be set up";
    if (context->ssl == NULL || context->method == NULL ||
        SSL_CTX_set_min_proto_version(context->ssl, TLS1_3_VERSION) != 1) {
        return false;
    }
    SSL_CTX_set_session_cache_mode(context->ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context->ssl, trust->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    if (trust->pin != NULL) {
        return trust_pin(context, trust->pin, why);
    }
    *why = "the certificates to trust cannot be read";
    return (trust->ca_path == NULL ? SSL_CTX_set_default_verify_paths(context->ssl)
                                   : SSL_CTX_load_verify_file(context->ssl, trust->ca_path)) == 1;
}

struct client_tls_context *client_tls_context_create(const struct client_trust *trust,
                                                     const char **why)
{
    struct client_tls_context *context = calloc(1, sizeof(*context));
    if (context == NULL) {
        *why = "out of memory";
        return NULL;
    }
    context->ssl = SSL_CTX_new(TLS_client_method());
    context->method = make_method();
    if (!set_up(context, trust, why)) {
        client_tls_context_destroy(context);
        return NULL;
    }
    return context;
}

void client_tls_context_destroy(struct client_tls_context *context)
{
    if (context != NULL) {
        SSL_CTX_free(context->ssl);
        BIO_meth_free(context->method);
        free(context);
    }
}

/* The certificate must be the host's; an address is looked for among its addresses. */
static bool expect_host(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *wanted = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host) == 1) {
        return true;
    }
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static int result_of(struct client_tls *tls, int returned)
{
    switch (SSL_get_error(tls->ssl, returned)) {
    case SSL_ERROR_WANT_READ:
        return SK_ERR_AGAIN;
    case SSL_ERROR_WANT_WRITE:
        return SK_ERR_FULL;
    case SSL_ERROR_ZERO_RETURN:
        return SK_ERR_CLOSED;
    default: /* OpenSSL may add some: all the others end the session */
        ERR_clear_error();
        return SK_ERR_PROTOCOL;
    }
}

/* Does the handshake first, if that is not done. */
static int filter_receive(struct sk_tls *session, struct sk_tls_io *io, uint8_t *plain,
                          size_t capacity)
{
    struct client_tls *tls = (struct client_tls *)session;
    SK_ASSERT(capacity > 0);
    SK_ASSERT(capacity <= INT_MAX);
    tls->io = io;
    int returned = SSL_read(tls->ssl, plain, (int)capacity);
    int result = returned > 0 ? returned : result_of(tls, returned);
    tls->io = NULL;
    return result;
}

static bool filter_is_open(const struct sk_tls *session)
{
    return SSL_is_init_finished(((const struct client_tls *)session)->ssl) == 1;
}

static size_t filter_sealed_bytes(const struct sk_tls *session, size_t size)
{
    enum { RECORD_BYTES = 16384, OVERHEAD_BYTES = 22 /* head 5, type 1, tag 16 */ };
    (void)session; /* it holds nothing back */
    return size + (size / RECORD_BYTES + 1) * OVERHEAD_BYTES;
}

static int filter_send(struct sk_tls *session, struct sk_tls_io *io, const uint8_t *plain,
                       size_t size)
{
    struct client_tls *tls = (struct client_tls *)session;
    SK_ASSERT(filter_is_open(session));
    SK_ASSERT(size <= INT_MAX);
    if (size == 0) {
        return SK_OK;
    }
    if (filter_sealed_bytes(session, size) > io->out_capacity - io->out_bytes) {
        return SK_ERR_FULL;
    }
    tls->io = io;
    int returned = SSL_write(tls->ssl, plain, (int)size);
    tls->io = NULL;
    return returned == (int)size ? SK_OK : SK_ERR_PROTOCOL;
}

static void filter_close(struct sk_tls *session, struct sk_tls_io *io)
{
    struct client_tls *tls = (struct client_tls *)session;
    if (!filter_is_open(session)) {
        return;
    }
    tls->io = io;
    (void)SSL_shutdown(tls->ssl); /* its answer is whether the peer has closed too */
    ERR_clear_error();
    tls->io = NULL;
}

static void destroy(struct client_tls *tls)
{
    if (tls != NULL) {
        SSL_free(tls->ssl);
        free(tls);
    }
}

static void filter_destroy(struct sk_tls *session)
{
    destroy((struct client_tls *)session);
}

static const struct sk_tls_filter filter = {filter_receive, filter_send,         filter_close,
                                            filter_is_open, filter_sealed_bytes, filter_destroy};

struct sk_tls *client_tls_create(struct client_tls_context *context, const char *host)
{
    struct client_tls *tls = calloc(1, sizeof(*tls));
    BIO *bio = BIO_new(context->method);
    if (tls == NULL || bio == NULL) {
        goto fail;
    }
    tls->base.filter = &filter;
    tls->ssl = SSL_new(context->ssl);
    if (tls->ssl == NULL || !expect_host(tls->ssl, host)) {
        goto fail;
    }
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls->ssl, bio, bio); /* takes it */
    SSL_set_connect_state(tls->ssl);
    return &tls->base;
fail:
    BIO_free(bio);
    destroy(tls);
    return NULL;
}

void client_sha1(const void *bytes, size_t size, uint8_t hash[20])
{
    SHA1(bytes, size, hash);
}

struct sk_aead *client_aead_create(void)
{
    return sk_aead_openssl_create();
}

void client_aead_destroy(struct sk_aead *aead)
{
    sk_aead_openssl_destroy(aead);
}
