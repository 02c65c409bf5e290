/* tls_peer.c - see tls_peer.h. */
#include "tls_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define OUT_BYTES (1 << 17)

static void write_cert(const char *path, EVP_PKEY *key, long serial)
{
    X509 *cert = X509_new();
    assert_non_null(cert);
    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME *name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"localhost", -1, -1, 0);
    X509_set_issuer_name(cert, name);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, cert), 1);
    assert_int_equal(fclose(file), 0);
    X509_free(cert);
}

static void write_key(const char *path, EVP_PKEY *key)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(file), 0);
}

void peer_files_renew(const struct peer_files *files, enum peer_key key, long serial)
{
    EVP_PKEY *pair = key == PEER_KEY_EC ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
    assert_non_null(pair);
    write_cert(files->cert_path, pair, serial);
    write_key(files->key_path, pair);
    EVP_PKEY_free(pair);
}

void peer_files_make(struct peer_files *files, enum peer_key key, long serial)
{
    snprintf(files->folder, sizeof(files->folder), "/tmp/skirmish-tls-XXXXXX");
    assert_non_null(mkdtemp(files->folder));
    snprintf(files->cert_path, sizeof(files->cert_path), "%s/cert.pem", files->folder);
    snprintf(files->key_path, sizeof(files->key_path), "%s/key.pem", files->folder);
    peer_files_renew(files, key, serial);
}

void peer_files_remove(const struct peer_files *files)
{
    unlink(files->cert_path);
    unlink(files->key_path);
    rmdir(files->folder);
}

void peer_open(struct peer *peer, struct tls_context *context)
{
    memset(peer, 0, sizeof(*peer));
    peer->ssl_context = SSL_CTX_new(TLS_client_method());
    assert_non_null(peer->ssl_context);
    peer->ssl = SSL_new(peer->ssl_context);
    peer->to_client = BIO_new(BIO_s_mem());
    peer->from_client = BIO_new(BIO_s_mem());
    SSL_set_bio(peer->ssl, peer->to_client, peer->from_client);
    SSL_set_connect_state(peer->ssl);
    peer->tls = tls_create(context);
    assert_non_null(peer->tls);
}

void peer_close(struct peer *peer)
{
    SSL_free(peer->ssl);
    SSL_CTX_free(peer->ssl_context);
    sk_tls_destroy(peer->tls);
}

static void collect(struct peer *peer)
{
    size_t room = sizeof(peer->flight) - peer->flight_bytes;
    int bytes = BIO_read(peer->from_client, peer->flight + peer->flight_bytes, (int)room);
    if (bytes > 0) {
        peer->flight_bytes += (size_t)bytes;
    }
}

void peer_client_step(struct peer *peer)
{
    if (!SSL_is_init_finished(peer->ssl)) {
        (void)SSL_do_handshake(peer->ssl); /* how it ended is seen by what the server says */
    }
    collect(peer);
}

/* One call with no more than peer->out_capacity for the answer. */
static int receive_once(struct peer *peer, struct sk_tls_io *io)
{
    uint8_t out[OUT_BYTES];
    io->out = out;
    io->out_capacity = peer->out_capacity == 0 ? sizeof(out) : peer->out_capacity;
    io->out_bytes = 0;
    int result = sk_tls_receive(peer->tls, io, peer->plain + peer->plain_bytes,
                                sizeof(peer->plain) - peer->plain_bytes);
    if (result > 0) {
        peer->plain_bytes += (size_t)result;
    }
    assert_int_equal(BIO_write(peer->to_client, out, (int)io->out_bytes), io->out_bytes);
    return result;
}

int peer_server_take(struct peer *peer, size_t bytes)
{
    assert_true(bytes <= peer->flight_bytes);
    uint8_t *exact = malloc(bytes); /* a read past the end is seen by the sanitizer */
    memcpy(exact, peer->flight, bytes);
    struct sk_tls_io io = {.in = exact, .in_bytes = bytes};
    int result = SK_OK;
    do {
        result = receive_once(peer, &io);
    } while (result > 0 || result == SK_ERR_FULL);
    free(exact);
    assert_true(result != SK_ERR_AGAIN || io.in_used == bytes);
    peer->flight_bytes -= bytes;
    memmove(peer->flight, peer->flight + bytes, peer->flight_bytes);
    return result;
}

void peer_handshake(struct peer *peer, size_t piece)
{
    for (int turn = 0; turn < 4; turn++) {
        peer_client_step(peer);
        while (peer->flight_bytes > 0) {
            size_t bytes = peer->flight_bytes < piece ? peer->flight_bytes : piece;
            assert_int_equal(peer_server_take(peer, bytes), SK_ERR_AGAIN);
        }
    }
    assert_true(sk_tls_is_open(peer->tls));
    assert_true(SSL_is_init_finished(peer->ssl));
}

int peer_server_send(struct peer *peer, const uint8_t *plain, size_t size)
{
    size_t capacity = sk_tls_sealed_bytes(peer->tls, size);
    uint8_t *out = malloc(capacity);
    struct sk_tls_io io = {.out = out, .out_capacity = capacity};
    int result = sk_tls_send(peer->tls, &io, plain, size);
    assert_int_equal(BIO_write(peer->to_client, out, (int)io.out_bytes), io.out_bytes);
    free(out);
    return result;
}
