/* test_stream_tls.c - a stream's TLS goes down its stages, against OpenSSL's client over a socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <openssl/ssl.h>

#include "stream_probe.h"
#include "tls/crypto.h"
#include "unit/edge/tls/tls_peer.h"

enum { TURNS_MAX = 100, LONG_BYTES = 100000 };

static struct peer_files files;
static struct tls_context *context;
static struct probe_side here;
static struct probe_side there;
static struct probe probe;
static SSL_CTX *ssl_context;
static SSL *ssl;

static int set_up_group(void **state)
{
    (void)state;
    const char *why = "";
    char tls_why[TLS_WHY_BYTES];
    assert_int_equal(crypto_start(&why), SK_OK);
    peer_files_make(&files, PEER_KEY_EC, 1);
    context = tls_context_create(files.cert_path, files.key_path, tls_why);
    assert_non_null(context);
    ssl_context = SSL_CTX_new(TLS_client_method());
    assert_non_null(ssl_context);
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    SSL_CTX_free(ssl_context);
    tls_context_destroy(context);
    peer_files_remove(&files);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    struct stream_config config = {.tls = context, .timeout_ms = 1000};
    probe_side_open(&here, NULL);
    probe_side_open(&there, NULL);
    probe_open(&probe, &here, &config);
    ssl = SSL_new(ssl_context);
    assert_non_null(ssl);
    assert_int_equal(SSL_set_fd(ssl, probe.peer_fd), 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    SSL_free(ssl);
    probe_close(&probe);
    probe_side_close(&here);
    probe_side_close(&there);
    return 0;
}

static void handshake(void)
{
    for (int turn = 0; turn < TURNS_MAX && SSL_connect(ssl) != 1; turn++) {
        probe_turn(&here);
    }
    probe_turn(&here);
    assert_int_equal(probe.stream.tls_stage, STREAM_TLS_OPEN);
}

static void test_stream_tls_opens_when_the_handshake_is_done(void **state)
{
    (void)state;
    assert_int_equal(probe.stream.tls_stage, STREAM_TLS_FIRST);
    assert_int_equal(probe.counts.opened, 0);
    assert_int_equal(SSL_connect(ssl), -1);
    probe_turn(&here);
    assert_int_equal(probe.stream.tls_stage, STREAM_TLS_HANDSHAKE);
    assert_int_equal(here.hub.handshakes.place_count, 1);
    assert_int_equal(probe.counts.opened, 0);
    assert_int_equal(SSL_connect(ssl), 1);
    probe_turn(&here);
    assert_int_equal(probe.stream.tls_stage, STREAM_TLS_OPEN);
    assert_int_equal(here.hub.handshakes.place_count, 0);
    assert_int_equal(probe.counts.opened, 1);
    assert_true(stream_is_sound(&probe.stream));
}

static void test_stream_tls_carries_words_both_ways(void **state)
{
    (void)state;
    char got[16] = "";
    handshake();
    assert_int_equal(SSL_write(ssl, "abcdef", 6), 6);
    probe_turn(&here);
    assert_int_equal(probe.got_bytes, 4);
    assert_int_equal(SSL_write(ssl, "gh", 2), 2);
    probe_turn(&here);
    assert_memory_equal(probe.got, "abcdefgh", 8);
    write_buffer_put(&probe.stream, "one ", 4);
    write_buffer_put(&probe.stream, "two", 3);
    probe_turn(&here);
    assert_int_equal(SSL_read(ssl, got, sizeof(got)), 7); /* one record */
    assert_memory_equal(got, "one two", 7);
}

/* More than the write buffer holds, so that it seals and writes on the way. */
static void test_stream_tls_seals_more_than_the_buffer_in_order(void **state)
{
    (void)state;
    static uint8_t sent[LONG_BYTES];
    static uint8_t got[LONG_BYTES];
    size_t total = 0;
    for (size_t i = 0; i < sizeof(sent); i++) {
        sent[i] = (uint8_t)(i * 31 + i / 251);
    }
    handshake();
    write_buffer_put(&probe.stream, sent, sizeof(sent));
    for (int turn = 0; turn < TURNS_MAX && total < sizeof(got); turn++) {
        int more = SSL_read(ssl, got + total, (int)(sizeof(got) - total));
        total += more > 0 ? (size_t)more : 0;
        if (more <= 0) {
            probe_turn(&here);
        }
    }
    assert_int_equal(total, sizeof(got));
    assert_memory_equal(got, sent, sizeof(got));
}

/* What TLS had to say leaves before what the protocol put, however much of either there is. */
static void test_stream_tls_writes_its_own_records_first(void **state)
{
    (void)state;
    static const size_t sizes[] = {100, WRITE_BUFFER_SEALED_BYTES - WRITE_BUFFER_BYTES / 2};
    static uint8_t plain[WRITE_BUFFER_BYTES - 1];
    static uint8_t got[2 * WRITE_BUFFER_SEALED_BYTES];
    for (size_t i = 0; i < 2; i++) {
        handshake();
        (void)probe_peer_gets(&probe, got, sizeof(got)); /* what came with the handshake */
        struct sk_tls_io io = write_buffer_begin_records(&probe.stream);
        memset(io.out, 0xee, sizes[i]);
        io.out_bytes = sizes[i];
        write_buffer_end_records(&probe.stream, &io);
        write_buffer_put(&probe.stream, plain, sizeof(plain));
        write_buffer_flush(&here.hub);
        size_t total = 0;
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            long more = probe_peer_gets(&probe, got + total, sizeof(got) - total);
            total += more > 0 ? (size_t)more : 0;
            probe_turn(&here);
        }
        assert_true(total > sizes[i] + sizeof(plain));
        assert_int_equal(got[0], 0xee);
        assert_int_equal(got[sizes[i] - 1], 0xee);
        assert_int_equal(got[sizes[i]], 23); /* the first record of `plain` */
        if (i == 0) {
            tear_down(NULL);
            set_up(NULL);
        }
    }
}

static void test_stream_tls_says_close_notify_behind_the_last_word(void **state)
{
    (void)state;
    char got[16] = "";
    handshake();
    write_buffer_put(&probe.stream, "bye", 3);
    stream_close(&probe.stream, SK_REASON_IDLE);
    probe_turn(&here);
    assert_int_equal(probe.stream.tls_stage, STREAM_TLS_SHUT);
    assert_int_equal(probe.stream.state, STREAM_DRAINING);
    assert_int_equal(SSL_read(ssl, got, sizeof(got)), 3);
    assert_int_equal(SSL_read(ssl, got, sizeof(got)), 0);
    assert_int_equal(SSL_get_error(ssl, 0), SSL_ERROR_ZERO_RETURN);
}

static void test_stream_tls_close_notify_of_the_peer_is_its_end(void **state)
{
    (void)state;
    handshake();
    assert_int_equal(SSL_shutdown(ssl), 0);
    probe_turn(&here);
    assert_int_equal(probe.counts.peer_ends, 1);
    assert_int_equal(probe.stream.reason, SK_REASON_NONE);
}

static void test_stream_tls_moves_with_its_session_and_half_a_word(void **state)
{
    (void)state;
    char got[16] = "";
    handshake();
    assert_int_equal(SSL_write(ssl, "abcdef", 6), 6);
    probe_turn(&here);
    stream_move(&probe.stream, &there.hub);
    probe_turn(&here);
    assert_int_equal(SSL_write(ssl, "gh", 2), 2);
    probe_turn(&there); /* it arrives */
    probe_turn(&there);
    assert_memory_equal(probe.got, "abcdefgh", 8);
    write_buffer_put(&probe.stream, "back", 4);
    probe_turn(&there);
    assert_int_equal(SSL_read(ssl, got, sizeof(got)), 4);
}

static void test_stream_tls_first_record_that_is_none_is_dropped(void **state)
{
    (void)state;
    probe_peer_sends(&probe, "GET / HTTP/1.1\r\n", 16);
    probe_turn(&here);
    assert_int_equal(probe.stream.reason, SK_REASON_TLS);
    assert_int_equal(probe.counts.gone, 1);
    assert_int_equal(probe.got_bytes, 0);
}

static void test_stream_tls_broken_record_ends_it_with_an_alert(void **state)
{
    (void)state;
    static const uint8_t record[] = {23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8,
                                     9,  0, 1, 2, 3,  4, 5, 6, 7, 8, 9, 0};
    uint8_t got[64];
    handshake();
    probe_peer_sends(&probe, record, sizeof(record));
    probe_turn(&here);
    assert_int_equal(probe.stream.reason, SK_REASON_TLS);
    assert_int_equal(probe.stream.tls_stage, STREAM_TLS_SHUT);
    assert_true(probe_peer_gets(&probe, got, sizeof(got)) > TLS_ANSWER_BYTES / 4);
    assert_int_equal(got[0], 23); /* the alert, sealed */
}

/* What the loop's wheel does when a timer is due. */
static void fire(void)
{
    wheel_disarm(&probe.stream.timer);
    probe.stream.timer.on_due(&probe.stream.timer);
}

static void test_stream_tls_handshake_that_does_not_come_is_dropped(void **state)
{
    (void)state;
    assert_non_null(probe.stream.timer.next);
    fire();
    assert_int_equal(probe.counts.due, 0);
    assert_int_equal(probe.stream.reason, SK_REASON_HEAD_TIMEOUT);
}

static void test_stream_tls_that_ends_in_its_handshake_gives_its_place_back(void **state)
{
    (void)state;
    assert_int_equal(SSL_connect(ssl), -1);
    probe_turn(&here);
    assert_int_equal(here.hub.handshakes.place_count, 1);
    assert_int_equal(shutdown(probe.peer_fd, SHUT_WR), 0);
    probe_turn(&here);
    assert_int_equal(probe.stream.reason, SK_REASON_PEER_GONE);
    assert_int_equal(probe.counts.peer_ends, 0);
    assert_int_equal(here.hub.handshakes.place_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stream_tls_opens_when_the_handshake_is_done),
        TEST(test_stream_tls_carries_words_both_ways),
        TEST(test_stream_tls_seals_more_than_the_buffer_in_order),
        TEST(test_stream_tls_writes_its_own_records_first),
        TEST(test_stream_tls_says_close_notify_behind_the_last_word),
        TEST(test_stream_tls_close_notify_of_the_peer_is_its_end),
        TEST(test_stream_tls_moves_with_its_session_and_half_a_word),
        TEST(test_stream_tls_first_record_that_is_none_is_dropped),
        TEST(test_stream_tls_broken_record_ends_it_with_an_alert),
        TEST(test_stream_tls_handshake_that_does_not_come_is_dropped),
        TEST(test_stream_tls_that_ends_in_its_handshake_gives_its_place_back),
    };
    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
