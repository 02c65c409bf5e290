/* test_tls.c - the TLS filter against OpenSSL's client, whatever way the bytes are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tls/crypto.h"
#include "tls/tls.h"
#include "tls_peer.h"

struct fixture {
    struct peer_files files;
    struct tls_context *context;
    struct peer peer;
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

static void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(i * 31 + i / 251);
    }
}

static void client_sends(struct peer *peer, const uint8_t *plain, size_t size)
{
    assert_int_equal(SSL_write(peer->ssl, plain, (int)size), size);
    peer_client_step(peer);
}

static void client_gets(struct peer *peer, const uint8_t *want, size_t size)
{
    static uint8_t got[1 << 17];
    size_t bytes = 0;
    while (bytes < size) {
        int more = SSL_read(peer->ssl, got + bytes, (int)(sizeof(got) - bytes));
        assert_true(more > 0);
        bytes += (size_t)more;
    }
    assert_int_equal(bytes, size);
    assert_memory_equal(got, want, size);
}

static void test_tls_any_piece_size_connects(void **state)
{
    struct fixture *fixture = *state;
    static const size_t pieces[] = {1, 2, 3, 4, 5, 6, 7, 16, 100, 1000, 100000};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        peer_open(&fixture->peer, fixture->context);
        peer_handshake(&fixture->peer, pieces[i]);
        peer_close(&fixture->peer);
    }
    assert_int_equal(tls_context_counts(fixture->context).handshakes_done,
                     sizeof(pieces) / sizeof(pieces[0]));
}

/* Connects with the client's bytes cut once, `cut` bytes into its first or second flight. */
static void handshake_cut(struct peer *peer, int flight, size_t cut)
{
    for (int turn = 0; turn < 2; turn++) {
        peer_client_step(peer);
        if (turn == flight && cut < peer->flight_bytes) {
            assert_int_equal(peer_server_take(peer, cut), SK_ERR_AGAIN);
        }
        assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
    }
    assert_true(sk_tls_is_open(peer->tls));
}

static void test_tls_every_split_point_connects(void **state)
{
    struct fixture *fixture = *state;
    for (int flight = 0; flight < 2; flight++) {
        for (size_t cut = 1; cut < 260; cut += cut < 16 ? 1 : 3) {
            peer_open(&fixture->peer, fixture->context);
            handshake_cut(&fixture->peer, flight, cut);
            peer_close(&fixture->peer);
        }
    }
}

static void test_tls_rsa_certificate_connects(void **state)
{
    struct fixture *fixture = *state;
    char why[TLS_WHY_BYTES];
    peer_files_renew(&fixture->files, PEER_KEY_RSA, 7);
    assert_int_equal(tls_context_reload(fixture->context, why), SK_OK);
    peer_open(&fixture->peer, fixture->context);
    peer_handshake(&fixture->peer, 100000);
    peer_close(&fixture->peer);
}

static void test_tls_group_that_comes_second_connects(void **state)
{
    static const char *const groups[] = {"P-256", "P-384", "X448:P-256", "X25519"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        peer_open(&fixture->peer, fixture->context);
        assert_int_equal(SSL_set1_groups_list(fixture->peer.ssl, groups[i]), 1);
        peer_handshake(&fixture->peer, 50);
        peer_close(&fixture->peer);
    }
}

static void test_tls_quick_cipher_is_chosen(void **state)
{
    struct fixture *fixture = *state;
    bool is_lean = memcmp(crypto_build(), "lean", 4) == 0;
    peer_open(&fixture->peer, fixture->context);
    peer_handshake(&fixture->peer, 100000);
    assert_string_equal(SSL_get_cipher_name(fixture->peer.ssl),
                        is_lean ? "TLS_AES_128_GCM_SHA256" : "TLS_CHACHA20_POLY1305_SHA256");
    peer_close(&fixture->peer);
}

static void test_tls_no_ticket_and_no_alpn_is_given(void **state)
{
    static const uint8_t alpn[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    struct fixture *fixture = *state;
    const uint8_t *chosen = NULL;
    unsigned chosen_bytes = 0;
    uint8_t byte = 0;
    peer_open(&fixture->peer, fixture->context);
    assert_int_equal(SSL_set_alpn_protos(fixture->peer.ssl, alpn, sizeof(alpn)), 0);
    peer_handshake(&fixture->peer, 100000);
    assert_int_equal(SSL_read(fixture->peer.ssl, &byte, 1), -1);
    assert_false(SSL_SESSION_is_resumable(SSL_get0_session(fixture->peer.ssl)));
    SSL_get0_alpn_selected(fixture->peer.ssl, &chosen, &chosen_bytes);
    assert_int_equal(chosen_bytes, 0);
    peer_close(&fixture->peer);
}

static void test_tls_1_2_client_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    peer_open(peer, fixture->context);
    SSL_set_max_proto_version(peer->ssl, TLS1_2_VERSION);
    peer_client_step(peer);
    assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_PROTOCOL);
    assert_int_equal(SSL_do_handshake(peer->ssl), -1);
    assert_int_equal(tls_context_counts(fixture->context).handshakes_failed, 1);
    peer_close(peer);
}

static void test_tls_data_of_any_size_goes_both_ways(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    static uint8_t bytes[40000];
    fill(bytes, sizeof(bytes));
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    for (size_t size = 1; size <= sizeof(bytes); size += size < 300 ? 1 : size / 7) {
        peer->plain_bytes = 0;
        client_sends(peer, bytes, size);
        assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
        assert_int_equal(peer->plain_bytes, size);
        assert_memory_equal(peer->plain, bytes, size);
        assert_int_equal(peer_server_send(peer, bytes, size), SK_OK);
        client_gets(peer, bytes, size);
    }
    peer_close(peer);
}

static void test_tls_partial_record_waits(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    uint8_t bytes[40];
    fill(bytes, sizeof(bytes));
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    for (size_t cut = 1; cut < sizeof(bytes) + 22; cut++) {
        peer->plain_bytes = 0;
        client_sends(peer, bytes, sizeof(bytes));
        assert_int_equal(peer_server_take(peer, cut), SK_ERR_AGAIN);
        assert_int_equal(peer->plain_bytes, 0);
        assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
        assert_int_equal(peer->plain_bytes, sizeof(bytes));
        assert_memory_equal(peer->plain, bytes, sizeof(bytes));
    }
    peer_close(peer);
}

static void test_tls_capacity_is_the_budget_of_a_call(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    uint8_t bytes[1000];
    uint8_t plain[300];
    uint8_t out[TLS_ANSWER_BYTES];
    fill(bytes, sizeof(bytes));
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    client_sends(peer, bytes, 500);
    client_sends(peer, bytes + 500, 500);
    struct sk_tls_io io = {
        .in = peer->flight, .in_bytes = peer->flight_bytes, .out = out, .out_capacity = 64};
    size_t got = 0;
    while (got < sizeof(bytes)) {
        int more = sk_tls_receive(peer->tls, &io, plain, sizeof(plain));
        assert_in_range(more, 1, sizeof(plain));
        assert_memory_equal(plain, bytes + got, (size_t)more);
        got += (size_t)more;
        assert_true(got == 300 || got == 600 || got == 900 || got == 1000);
    }
    assert_int_equal(sk_tls_receive(peer->tls, &io, plain, sizeof(plain)), SK_ERR_AGAIN);
    peer_close(peer);
}

static void test_tls_little_room_for_answers_is_enough(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    for (size_t room = 1; room < 300; room += 37) {
        peer_open(peer, fixture->context);
        peer->out_capacity = room;
        peer_client_step(peer);
        assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
        peer->out_capacity = 0;
        peer_handshake(peer, 100000);
        peer_close(peer);
    }
}

static void test_tls_send_is_all_or_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    static uint8_t bytes[20000];
    static uint8_t out[30000];
    fill(bytes, sizeof(bytes));
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    struct sk_tls_io io = {.out = out,
                           .out_capacity = sk_tls_sealed_bytes(peer->tls, sizeof(bytes)) - 1};
    assert_int_equal(sk_tls_send(peer->tls, &io, bytes, sizeof(bytes)), SK_ERR_FULL);
    assert_int_equal(io.out_bytes, 0);
    io.out_capacity++;
    assert_int_equal(sk_tls_send(peer->tls, &io, bytes, sizeof(bytes)), SK_OK);
    BIO_write(peer->to_client, out, (int)io.out_bytes);
    client_gets(peer, bytes, sizeof(bytes));
    peer_close(peer);
}

static void test_tls_close_notify_goes_both_ways(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    uint8_t out[200];
    uint8_t byte = 0;
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    client_sends(peer, (const uint8_t *)"bye", 3);
    SSL_shutdown(peer->ssl);
    peer_client_step(peer);
    assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_CLOSED);
    assert_int_equal(peer->plain_bytes, 3);
    struct sk_tls_io io = {.out = out, .out_capacity = sizeof(out)};
    assert_int_equal(sk_tls_send(peer->tls, &io, (const uint8_t *)"last", 4), SK_OK);
    sk_tls_close(peer->tls, &io);
    BIO_write(peer->to_client, out, (int)io.out_bytes);
    client_gets(peer, (const uint8_t *)"last", 4);
    assert_int_equal(SSL_read(peer->ssl, &byte, 1), 0);
    assert_int_equal(SSL_get_error(peer->ssl, 0), SSL_ERROR_ZERO_RETURN);
    assert_int_equal(tls_context_counts(fixture->context).sessions_failed, 0);
    peer_close(peer);
}

static void update_key(struct peer *peer)
{
    assert_int_equal(SSL_key_update(peer->ssl, SSL_KEY_UPDATE_REQUESTED), 1);
    assert_int_equal(SSL_do_handshake(peer->ssl), 1);
    peer_client_step(peer);
}

static void test_tls_key_update_is_answered(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    uint8_t bytes[100];
    fill(bytes, sizeof(bytes));
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    for (int i = 0; i < 3; i++) {
        peer->plain_bytes = 0;
        update_key(peer);
        update_key(peer);
        client_sends(peer, bytes, sizeof(bytes));
        peer->out_capacity = TLS_ANSWER_BYTES;
        assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
        peer->out_capacity = 0;
        assert_int_equal(peer->plain_bytes, sizeof(bytes));
        assert_int_equal(peer_server_send(peer, bytes, sizeof(bytes)), SK_OK);
        client_gets(peer, bytes, sizeof(bytes));
    }
    peer_close(peer);
}

static void test_tls_no_room_for_an_answer_leaves_the_record(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    uint8_t plain[8];
    uint8_t out[TLS_ANSWER_BYTES];
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    client_sends(peer, (const uint8_t *)"x", 1);
    struct sk_tls_io io = {.in = peer->flight,
                           .in_bytes = peer->flight_bytes,
                           .out = out,
                           .out_capacity = TLS_ANSWER_BYTES - 1};
    assert_int_equal(sk_tls_receive(peer->tls, &io, plain, sizeof(plain)), SK_ERR_FULL);
    assert_int_equal(io.in_used, 0);
    io.out_capacity = TLS_ANSWER_BYTES;
    assert_int_equal(sk_tls_receive(peer->tls, &io, plain, sizeof(plain)), 1);
    peer_close(peer);
}

static void test_tls_changed_byte_ends_the_session(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    client_sends(peer, (const uint8_t *)"abc", 3);
    peer->flight[10] ^= 1;
    assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_PROTOCOL);
    assert_int_equal(peer_server_take(peer, 0), SK_ERR_PROTOCOL);
    assert_int_equal(peer_server_send(peer, (const uint8_t *)"abc", 3), SK_ERR_PROTOCOL);
    assert_int_equal(peer->plain_bytes, 0);
    assert_int_equal(tls_context_counts(fixture->context).sessions_failed, 1);
    peer_close(peer);
}

/* --- guards, with raw records --------------------------------------------------------------- */

static void give_raw(struct peer *peer, const uint8_t *header, size_t body_bytes)
{
    memcpy(peer->flight, header, 5);
    memset(peer->flight + 5, 1, body_bytes);
    peer->flight_bytes = 5 + body_bytes;
}

static void test_tls_open_session_refuses_records(void **state)
{
    static const struct {
        const char *fault;
        enum tls_refusal want;
        uint8_t header[5];
    } rows[] = {
        {"sealed record of 16 bytes", TLS_REFUSED_SHORT, {23, 3, 3, 0, 16}},
        {"sealed record of none", TLS_REFUSED_SHORT, {23, 3, 3, 0, 0}},
        {"sealed record of 2^14 + 257", TLS_REFUSED_BIG, {23, 3, 3, 0x41, 0x01}},
        {"alert in the clear", TLS_REFUSED_TYPE, {21, 3, 3, 0, 2}},
        {"handshake in the clear", TLS_REFUSED_TYPE, {22, 3, 3, 0, 40}},
        {"change of cipher", TLS_REFUSED_TYPE, {20, 3, 3, 0, 1}},
        {"unknown type", TLS_REFUSED_TYPE, {24, 3, 3, 0, 40}},
        {"version 2.3", TLS_REFUSED_TYPE, {23, 2, 3, 0, 40}},
    };
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].fault);
        uint64_t before = tls_context_counts(fixture->context).refused[rows[i].want];
        peer_open(peer, fixture->context);
        peer_handshake(peer, 100000);
        give_raw(peer, rows[i].header, 40);
        assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_PROTOCOL);
        assert_int_equal(tls_context_counts(fixture->context).refused[rows[i].want], before + 1);
        peer_close(peer);
    }
}

static void test_tls_large_hello_is_refused(void **state)
{
    static const uint8_t header[5] = {22, 3, 1, 0x10, 0x01};
    struct fixture *fixture = *state;
    peer_open(&fixture->peer, fixture->context);
    give_raw(&fixture->peer, header, 4097);
    assert_int_equal(peer_server_take(&fixture->peer, 5), SK_ERR_PROTOCOL);
    assert_int_equal(tls_context_counts(fixture->context).refused[TLS_REFUSED_BIG], 1);
    assert_int_equal(tls_context_counts(fixture->context).handshakes_failed, 1);
    peer_close(&fixture->peer);
}

static void test_tls_large_hello_in_small_records_is_refused(void **state)
{
    static const uint8_t first[5] = {22, 3, 1, 0x0c, 0x00};
    static const uint8_t hello[4] = {1, 0, 0x20, 0x00};
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    peer_open(peer, fixture->context);
    for (int i = 0; i < 2; i++) {
        give_raw(peer, first, 3072);
        if (i == 0) {
            memcpy(peer->flight + 5, hello, sizeof(hello));
        }
        assert_int_equal(peer_server_take(peer, peer->flight_bytes),
                         i < 1 ? SK_ERR_AGAIN : SK_ERR_PROTOCOL);
    }
    assert_int_equal(tls_context_counts(fixture->context).refused[TLS_REFUSED_HANDSHAKE], 1);
    peer_close(peer);
}

static void test_tls_key_updates_without_end_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peer = &fixture->peer;
    int result = SK_ERR_AGAIN;
    int count = 0;
    peer_open(peer, fixture->context);
    peer_handshake(peer, 100000);
    while (result == SK_ERR_AGAIN && count < 100) {
        update_key(peer);
        client_sends(peer, (const uint8_t *)"x", 1);
        result = peer_server_take(peer, peer->flight_bytes);
        count++;
    }
    assert_int_equal(result, SK_ERR_PROTOCOL);
    assert_in_range(count, SK_TLS_IDLE_RECORDS_MAX, SK_TLS_IDLE_RECORDS_MAX + 1);
    assert_int_equal(tls_context_counts(fixture->context).refused[TLS_REFUSED_IDLE], 1);
    peer_close(peer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tls_any_piece_size_connects),
        TEST(test_tls_every_split_point_connects),
        TEST(test_tls_rsa_certificate_connects),
        TEST(test_tls_group_that_comes_second_connects),
        TEST(test_tls_quick_cipher_is_chosen),
        TEST(test_tls_no_ticket_and_no_alpn_is_given),
        TEST(test_tls_1_2_client_is_refused),
        TEST(test_tls_data_of_any_size_goes_both_ways),
        TEST(test_tls_partial_record_waits),
        TEST(test_tls_capacity_is_the_budget_of_a_call),
        TEST(test_tls_little_room_for_answers_is_enough),
        TEST(test_tls_send_is_all_or_nothing),
        TEST(test_tls_close_notify_goes_both_ways),
        TEST(test_tls_key_update_is_answered),
        TEST(test_tls_no_room_for_an_answer_leaves_the_record),
        TEST(test_tls_changed_byte_ends_the_session),
        TEST(test_tls_open_session_refuses_records),
        TEST(test_tls_large_hello_is_refused),
        TEST(test_tls_large_hello_in_small_records_is_refused),
        TEST(test_tls_key_updates_without_end_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
