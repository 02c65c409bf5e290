/* test_tls_context.c - certificates are taken anew, beside threads that use the old ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pthread.h>

#include <cmocka.h>
#include <openssl/x509.h>

#include "tls/crypto.h"
#include "tls/tls.h"
#include "tls_peer.h"

struct fixture {
    struct peer_files files;
    struct tls_context *context;
    struct peer peer;
    struct peer other;
    uint8_t bytes[3000];
};

static int set_up(void **state)
{
    const char *start_why = NULL;
    char why[TLS_WHY_BYTES];
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_int_equal(crypto_start(&start_why), SK_OK);
    peer_files_make(&fixture->files, PEER_KEY_EC, 1);
    fixture->context = tls_context_create(fixture->files.cert_path, fixture->files.key_path, why);
    assert_non_null(fixture->context);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    tls_context_destroy(fixture->context);
    peer_files_remove(&fixture->files);
    free(fixture);
    return 0;
}

static long serial_of(struct peer *peer)
{
    X509 *cert = SSL_get1_peer_certificate(peer->ssl);
    assert_non_null(cert);
    long serial = ASN1_INTEGER_get(X509_get_serialNumber(cert));
    X509_free(cert);
    return serial;
}

static void assert_serial_served(struct fixture *fixture, long serial)
{
    peer_open(&fixture->other, fixture->context);
    peer_handshake(&fixture->other, 100000);
    assert_int_equal(serial_of(&fixture->other), serial);
    peer_close(&fixture->other);
}

static void assert_echoes(struct peer *peer)
{
    char back[8] = "";
    peer->plain_bytes = 0;
    assert_int_equal(SSL_write(peer->ssl, "ping", 4), 4);
    peer_client_step(peer);
    assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
    assert_memory_equal(peer->plain, "ping", 4);
    assert_int_equal(peer_server_send(peer, (const uint8_t *)"pong", 4), SK_OK);
    assert_int_equal(SSL_read(peer->ssl, back, sizeof(back)), 4);
    assert_string_equal(back, "pong");
}

static void test_tls_context_reload_serves_the_new_pair(void **state)
{
    struct fixture *fixture = *state;
    char why[TLS_WHY_BYTES];
    peer_open(&fixture->peer, fixture->context);
    peer_client_step(&fixture->peer); /* a session of the old pair that has not shaken yet */
    peer_files_renew(&fixture->files, PEER_KEY_RSA, 2);
    assert_int_equal(tls_context_reload(fixture->context, why), SK_OK);
    assert_serial_served(fixture, 2);
    peer_handshake(&fixture->peer, 100000);
    assert_int_equal(serial_of(&fixture->peer), 1);
    assert_echoes(&fixture->peer);
    peer_close(&fixture->peer);
    assert_serial_served(fixture, 2);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_reload_refused(struct fixture *fixture, const char *path)
{
    char why[TLS_WHY_BYTES] = "";
    assert_int_equal(tls_context_reload(fixture->context, why), SK_ERR_CONFIG);
    print_message("  %s\n", why);
    assert_non_null(strstr(why, path));
    assert_serial_served(fixture, 1);
}

static void test_tls_context_bad_files_keep_the_old_pair(void **state)
{
    struct fixture *fixture = *state;
    const struct peer_files *files = &fixture->files;
    struct peer_files stranger;
    peer_files_make(&stranger, PEER_KEY_EC, 3);

    assert_int_equal(rename(stranger.key_path, files->key_path), 0);
    assert_reload_refused(fixture, files->key_path);
    write_text(files->key_path, "no key");
    assert_reload_refused(fixture, files->key_path);
    write_text(files->cert_path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert_reload_refused(fixture, files->cert_path);
    write_text(files->cert_path, "");
    assert_reload_refused(fixture, files->cert_path);
    unlink(files->cert_path);
    assert_reload_refused(fixture, files->cert_path);
    peer_files_remove(&stranger);
}

static void test_tls_context_create_names_the_missing_file(void **state)
{
    struct fixture *fixture = *state;
    char why[TLS_WHY_BYTES] = "";
    assert_null(tls_context_create("/nowhere/cert.pem", fixture->files.key_path, why));
    assert_string_equal(why, "/nowhere/cert.pem: No such file or directory");
    assert_null(tls_context_create(fixture->files.cert_path, "/nowhere/key.pem", why));
    assert_string_equal(why, "/nowhere/key.pem: No such file or directory");
}

static void test_tls_context_first_record_is_checked(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t hello[] = {22, 3, 1, 0, 200};
    static const uint8_t data[] = {23, 3, 3, 0, 200};
    static const uint8_t large[] = {22, 3, 1, 0x40, 0};
    for (size_t bytes = 0; bytes < sizeof(hello); bytes++) {
        assert_int_equal(tls_check_first_record(fixture->context, hello, bytes), 5);
    }
    assert_int_equal(tls_check_first_record(fixture->context, hello, 5), SK_OK);
    assert_int_equal(tls_check_first_record(fixture->context, data, 5), SK_ERR_PROTOCOL);
    assert_int_equal(tls_check_first_record(fixture->context, large, 5), SK_ERR_PROTOCOL);
    struct tls_counts counts = tls_context_counts(fixture->context);
    assert_int_equal(counts.refused[TLS_REFUSED_TYPE], 1);
    assert_int_equal(counts.refused[TLS_REFUSED_BIG], 1);
}

/* --- threads ------------------------------------------------------------------------------- */

static void *shake_half(void *argument)
{
    struct peer *peer = argument;
    peer_client_step(peer);
    assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
    crypto_thread_end();
    return NULL;
}

static void *finish_handshake(void *argument)
{
    peer_handshake(argument, 100);
    crypto_thread_end();
    return NULL;
}

static void run(void *(*work)(void *), void *argument)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, work, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void test_tls_context_session_moves_between_threads(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    peer_open(peer, fixture->context);
    run(shake_half, peer);
    run(finish_handshake, peer);
    assert_echoes(peer);
    assert_int_equal(SSL_write(peer->ssl, fixture->bytes, 3000), 3000);
    peer_client_step(peer);
    assert_int_equal(peer_server_take(peer, 1000), SK_ERR_AGAIN); /* a part of the record */
    run(finish_handshake, peer);                                  /* the rest of it */
    assert_int_equal(peer->plain_bytes, 4 + 3000);
    peer_close(peer);
}

struct worker {
    pthread_t thread;
    struct tls_context *context;
};

static void *shake_many(void *argument)
{
    struct worker *worker = argument;
    struct peer *peer = malloc(sizeof(*peer));
    for (int i = 0; i < 20; i++) {
        peer_open(peer, worker->context);
        peer_handshake(peer, 100000);
        peer_close(peer);
    }
    free(peer);
    crypto_thread_end();
    return NULL;
}

static void test_tls_context_reload_runs_beside_handshakes(void **state)
{
    struct fixture *fixture = *state;
    struct worker workers[2] = {{0, fixture->context}, {0, fixture->context}};
    char why[TLS_WHY_BYTES];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&workers[i].thread, NULL, shake_many, &workers[i]), 0);
    }
    for (int i = 0; i < 50; i++) {
        assert_int_equal(tls_context_reload(fixture->context, why), SK_OK);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    }
    assert_int_equal(tls_context_counts(fixture->context).handshakes_done, 40);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tls_context_reload_serves_the_new_pair),
        TEST(test_tls_context_bad_files_keep_the_old_pair),
        TEST(test_tls_context_create_names_the_missing_file),
        TEST(test_tls_context_first_record_is_checked),
        TEST(test_tls_context_session_moves_between_threads),
        TEST(test_tls_context_reload_runs_beside_handshakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
