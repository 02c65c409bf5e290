/* test_client_tls.c - the TLS filter against a server in memory: handshakes, cuts, trust, faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "client_pin.h"
#include "client_tls.h"

enum { BYTES = 16384 };

/* OpenSSL's other end, between two memory BIOs. */
struct peer {
    SSL_CTX *context;
    SSL *ssl;
    struct client_tls_context *client_context;
    struct sk_tls *client;
    char pin[2 * CLIENT_PIN_BYTES + 1]; /* of the server's certificate */
    char ca_path[32];                   /* of a file with it */
};

static void add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"localhost", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_version(certificate, X509_VERSION_3);
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:fe80::1");
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

/* The certificate's hash, as a person writes it down. */
static void note_pin(char pin[2 * CLIENT_PIN_BYTES + 1], const X509 *certificate)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned bytes;
    assert_int_equal(X509_digest(certificate, EVP_sha256(), hash, &bytes), 1);
    for (unsigned i = 0; i < bytes; i++) {
        snprintf(pin + 2 * i, 3, i % 2 == 0 ? "%02x" : "%02X", hash[i]);
    }
}

static void write_certificate(struct peer *peer, X509 *certificate)
{
    strcpy(peer->ca_path, "/tmp/test_client_tls.XXXXXX");
    FILE *file = fdopen(mkstemp(peer->ca_path), "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, certificate), 1);
    assert_int_equal(fclose(file), 0);
}

static void open_server(struct peer *peer)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key);
    peer->context = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_use_certificate(peer->context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(peer->context, key), 1);
    note_pin(peer->pin, certificate);
    write_certificate(peer, certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    peer->ssl = SSL_new(peer->context);
    SSL_set_bio(peer->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(peer->ssl);
}

static void open_client_for(struct peer *peer, const struct client_trust *trust, const char *host)
{
    const char *why = "";
    peer->client_context = client_tls_context_create(trust, &why);
    assert_non_null(peer->client_context);
    peer->client = client_tls_create(peer->client_context, host);
    assert_non_null(peer->client);
}

static void open_client(struct peer *peer, const struct client_trust *trust)
{
    open_client_for(peer, trust, "localhost");
}

static void open_peer(struct peer *peer, bool insecure)
{
    open_server(peer);
    open_client(peer, &(struct client_trust){.insecure = insecure});
}

static void close_peer(struct peer *peer)
{
    sk_tls_destroy(peer->client);
    client_tls_context_destroy(peer->client_context);
    SSL_free(peer->ssl);
    SSL_CTX_free(peer->context);
    unlink(peer->ca_path);
}

/* What the server has for the client, at most `bytes_max` of it. */
static size_t take_from_server(struct peer *peer, uint8_t *bytes, size_t bytes_max)
{
    int size = BIO_read(SSL_get_wbio(peer->ssl), bytes, (int)bytes_max);
    return size > 0 ? (size_t)size : 0;
}

/* Does the handshake with at most `piece_bytes` at once.  Returns SK_OK when the client is open,
 * else its last result. */
static int do_handshake(struct peer *peer, size_t piece_bytes)
{
    uint8_t in[BYTES];
    uint8_t out[BYTES];
    uint8_t plain[1];
    size_t in_bytes = 0;
    int result = SK_ERR_AGAIN;
    for (uint32_t i = 0; i < BYTES && result == SK_ERR_AGAIN && !sk_tls_is_open(peer->client);
         i++) {
        struct sk_tls_io io = {
            .in = in, .in_bytes = in_bytes, .out = out, .out_capacity = sizeof(out)};
        result = sk_tls_receive(peer->client, &io, plain, sizeof(plain));
        in_bytes = 0;
        BIO_write(SSL_get_rbio(peer->ssl), out, (int)io.out_bytes);
        SSL_do_handshake(peer->ssl);
        if (result == SK_ERR_AGAIN) {
            assert_int_equal(io.in_used, io.in_bytes);
            in_bytes = sk_tls_is_open(peer->client) ? 0 : take_from_server(peer, in, piece_bytes);
        }
    }
    return sk_tls_is_open(peer->client) ? SK_OK : result;
}

/* The next plaintext of at most `capacity` bytes, or the error. */
static int receive(struct peer *peer, uint8_t *plain, size_t capacity)
{
    uint8_t in[BYTES];
    uint8_t out[BYTES];
    struct sk_tls_io io = {.in = in,
                           .in_bytes = take_from_server(peer, in, sizeof(in)),
                           .out = out,
                           .out_capacity = sizeof(out)};
    return sk_tls_receive(peer->client, &io, plain, capacity);
}

static void test_client_tls_handshake_may_be_cut_anywhere(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 2, 3, 7, 64, 1000, BYTES};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct peer peer;
        open_peer(&peer, true);
        assert_int_equal(do_handshake(&peer, pieces[i]), SK_OK);
        close_peer(&peer);
    }
}

static void test_client_tls_bytes_go_both_ways(void **state)
{
    (void)state;
    struct peer peer;
    uint8_t out[BYTES];
    uint8_t plain[64];
    open_peer(&peer, true);
    assert_int_equal(do_handshake(&peer, BYTES), SK_OK);

    struct sk_tls_io io = {.out = out, .out_capacity = sizeof(out)};
    assert_int_equal(sk_tls_send(peer.client, &io, (const uint8_t *)"hello", 5), SK_OK);
    assert_true(io.out_bytes <= sk_tls_sealed_bytes(peer.client, 5));
    BIO_write(SSL_get_rbio(peer.ssl), out, (int)io.out_bytes);
    assert_int_equal(SSL_read(peer.ssl, plain, sizeof(plain)), 5);
    assert_memory_equal(plain, "hello", 5);

    assert_int_equal(SSL_write(peer.ssl, "world", 5), 5);
    assert_int_equal(receive(&peer, plain, sizeof(plain)), 5);
    assert_memory_equal(plain, "world", 5);
    assert_int_equal(receive(&peer, plain, sizeof(plain)), SK_ERR_AGAIN);
    close_peer(&peer);
}

static void test_client_tls_seals_nothing_that_does_not_fit(void **state)
{
    (void)state;
    struct peer peer;
    uint8_t out[BYTES];
    open_peer(&peer, true);
    assert_int_equal(do_handshake(&peer, BYTES), SK_OK);
    struct sk_tls_io io = {.out = out, .out_capacity = sk_tls_sealed_bytes(peer.client, 5) - 1};
    assert_int_equal(sk_tls_send(peer.client, &io, (const uint8_t *)"hello", 5), SK_ERR_FULL);
    assert_int_equal(io.out_bytes, 0);
    close_peer(&peer);
}

static void test_client_tls_hello_waits_for_room(void **state)
{
    (void)state;
    struct peer peer;
    uint8_t out[BYTES];
    uint8_t plain[1];
    open_peer(&peer, true);
    struct sk_tls_io io = {.out = out, .out_capacity = 16};
    assert_int_equal(sk_tls_receive(peer.client, &io, plain, sizeof(plain)), SK_ERR_FULL);
    assert_int_equal(io.out_bytes, 0);
    io.out_capacity = sizeof(out);
    assert_int_equal(sk_tls_receive(peer.client, &io, plain, sizeof(plain)), SK_ERR_AGAIN);
    assert_in_range(io.out_bytes, 17, sizeof(out));
    close_peer(&peer);
}

static void test_client_tls_close_tells_the_server(void **state)
{
    (void)state;
    struct peer peer;
    uint8_t out[BYTES];
    uint8_t plain[1];
    open_peer(&peer, true);
    struct sk_tls_io io = {.out = out, .out_capacity = sizeof(out)};
    sk_tls_close(peer.client, &io);
    assert_int_equal(io.out_bytes, 0); /* nobody is there yet */
    assert_int_equal(do_handshake(&peer, BYTES), SK_OK);
    sk_tls_close(peer.client, &io);
    BIO_write(SSL_get_rbio(peer.ssl), out, (int)io.out_bytes);
    assert_int_equal(SSL_read(peer.ssl, plain, sizeof(plain)), 0);
    assert_int_equal(SSL_get_shutdown(peer.ssl) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
    close_peer(&peer);
}

static void test_client_tls_unknown_certificate_is_refused(void **state)
{
    (void)state;
    struct peer peer;
    open_peer(&peer, false);
    assert_int_equal(do_handshake(&peer, BYTES), SK_ERR_PROTOCOL);
    close_peer(&peer);
}

static void test_client_tls_trusted_certificate_must_name_the_host(void **state)
{
    static const struct {
        const char *host;
        int result;
    } rows[] = {{"localhost", SK_OK},
                {"127.0.0.1", SK_OK},
                {"fe80::1", SK_OK},
                {"FE80:0::0:1", SK_OK},
                {"localhos", SK_ERR_PROTOCOL},
                {"a.localhost", SK_ERR_PROTOCOL},
                {"127.0.0.2", SK_ERR_PROTOCOL},
                {"fe80::2", SK_ERR_PROTOCOL}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct peer peer;
        open_server(&peer);
        open_client_for(&peer, &(struct client_trust){.ca_path = peer.ca_path}, rows[i].host);
        assert_int_equal(do_handshake(&peer, BYTES), rows[i].result);
        close_peer(&peer);
    }
}

static void test_client_tls_name_alone_is_told_to_the_server(void **state)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "fe80::1"};
    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        struct peer peer;
        open_server(&peer);
        open_client_for(&peer, &(struct client_trust){.pin = peer.pin}, hosts[i]);
        assert_int_equal(do_handshake(&peer, BYTES), SK_OK);
        const char *told = SSL_get_servername(peer.ssl, TLSEXT_NAMETYPE_host_name);
        assert_string_equal(told ? told : "nothing", i == 0 ? hosts[i] : "nothing");
        close_peer(&peer);
    }
}

static void test_client_tls_close_notify_and_noise_end_the_session(void **state)
{
    (void)state;
    struct peer peer;
    uint8_t plain[64];
    open_peer(&peer, true);
    assert_int_equal(do_handshake(&peer, BYTES), SK_OK);
    SSL_shutdown(peer.ssl);
    assert_int_equal(receive(&peer, plain, sizeof(plain)), SK_ERR_CLOSED);
    close_peer(&peer);

    open_peer(&peer, true);
    assert_int_equal(do_handshake(&peer, BYTES), SK_OK);
    while (receive(&peer, plain, sizeof(plain)) > 0) {
    }
    BIO_write(SSL_get_wbio(peer.ssl), "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    assert_int_equal(receive(&peer, plain, sizeof(plain)), SK_ERR_PROTOCOL);
    close_peer(&peer);
}

static void test_client_tls_missing_trust_file_is_named(void **state)
{
    (void)state;
    const char *why = "";
    struct client_trust trust = {.ca_path = "/nowhere.pem"};
    assert_null(client_tls_context_create(&trust, &why));
    assert_string_equal(why, "the certificates to trust cannot be read");
}

static void test_client_tls_pinned_certificate_alone_is_believed(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 2 * CLIENT_PIN_BYTES; i += 7) {
        struct peer peer;
        open_server(&peer);
        open_client(&peer, &(struct client_trust){.pin = peer.pin});
        assert_int_equal(do_handshake(&peer, BYTES), SK_OK);
        close_peer(&peer);
        open_server(&peer);
        peer.pin[i] = peer.pin[i] == '0' ? '1' : '0';
        open_client(&peer, &(struct client_trust){.pin = peer.pin});
        assert_int_equal(do_handshake(&peer, BYTES), SK_ERR_PROTOCOL);
        close_peer(&peer);
    }
}

static void test_client_tls_pin_that_is_none_is_refused(void **state)
{
    static const char *const pins[] = {
        "", "00", "g000000000000000000000000000000000000000000000000000000000000000",
        "00000000000000000000000000000000000000000000000000000000000000000"};
    (void)state;
    for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
        const char *why = "";
        struct client_trust trust = {.pin = pins[i]};
        assert_null(client_tls_context_create(&trust, &why));
        assert_string_equal(why, "the pin is not 64 hex digits");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_tls_handshake_may_be_cut_anywhere),
        cmocka_unit_test(test_client_tls_bytes_go_both_ways),
        cmocka_unit_test(test_client_tls_seals_nothing_that_does_not_fit),
        cmocka_unit_test(test_client_tls_hello_waits_for_room),
        cmocka_unit_test(test_client_tls_close_tells_the_server),
        cmocka_unit_test(test_client_tls_unknown_certificate_is_refused),
        cmocka_unit_test(test_client_tls_trusted_certificate_must_name_the_host),
        cmocka_unit_test(test_client_tls_name_alone_is_told_to_the_server),
        cmocka_unit_test(test_client_tls_close_notify_and_noise_end_the_session),
        cmocka_unit_test(test_client_tls_missing_trust_file_is_named),
        cmocka_unit_test(test_client_tls_pinned_certificate_alone_is_believed),
        cmocka_unit_test(test_client_tls_pin_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
