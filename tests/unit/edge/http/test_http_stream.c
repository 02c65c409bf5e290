/* test_http_stream.c - requests and answers on a stream, however the bytes are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/http_stream.h"
#include "tls/crypto.h"
#include "unit/edge/stream/stream_probe.h"

enum { TURNS_MAX = 1000, STATIC_BYTES = 1 << 20, ANSWER_TIMEOUT_MS = 5000 };

/* A stream with HTTP, and what its owner was told. */
struct http_probe {
    struct http_stream http; /* first: a stream is its http_probe */
    int peer_fd;
    int requests;
    int rests;
    int ends;
    int gone;
    char body[64]; /* of the newest request */
    bool answers;  /* at once, with "ok" */
    bool refuses_more;
};

static struct probe_side here;
static struct http_probe probe;
static uint8_t long_body[STATIC_BYTES];

static const struct http_response ok = {
    .status = 200, .type = "text/plain", .body = (const uint8_t *)"ok", .body_bytes = 2};

static bool on_begin(struct http_stream *http)
{
    (void)http;
    return !probe.refuses_more;
}

static void on_request(struct http_stream *http, const struct sk_http_request *request,
                       const uint8_t *body)
{
    probe.requests++;
    assert_true(request->body_bytes < sizeof(probe.body));
    memset(probe.body, 0, sizeof(probe.body));
    memcpy(probe.body, body, (size_t)request->body_bytes);
    assert_true(http_stream_owes_answer(http));
    if (probe.answers) {
        http_stream_respond(http, &ok);
    }
}

static void on_rest(struct http_stream *http)
{
    (void)http;
    probe.rests++;
}

static void on_end(struct http_stream *http)
{
    (void)http;
    probe.ends++;
}

static const struct http_owner owner = {
    .on_begin = on_begin, .on_request = on_request, .on_rest = on_rest, .on_end = on_end};

static void on_gone(struct stream *stream)
{
    (void)stream;
    probe.gone++;
}

static const struct stream_owner stream_owner = {.on_gone = on_gone};

static int set_up(void **state)
{
    (void)state;
    static const struct address nobody;
    const char *why = "";
    struct http_config config = {.owner = &owner,
                                 .head_timeout_ms = 1000,
                                 .answer_timeout_ms = ANSWER_TIMEOUT_MS,
                                 .body_bytes_max = 50};
    assert_int_equal(crypto_start(&why), SK_OK);
    probe_side_open(&here, &stream_owner);
    memset(&probe, 0, sizeof(probe));
    probe.answers = true;
    http_stream_init(&probe.http, &config);
    struct stream_config stream = {
        .fd = probe_pair(&probe.peer_fd), .address = &nobody, .protocol = &http_stream_protocol};
    assert_int_equal(stream_open(&probe.http.stream, &here.hub, &stream), SK_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (probe.gone == 0) {
        stream_destroy(&probe.http.stream, SK_REASON_SERVER_STOPPING);
    }
    assert_int_equal(probe.ends, 1);
    assert_int_equal(probe.gone, 1);
    assert_int_equal(close(probe.peer_fd), 0);
    probe_side_close(&here);
    return 0;
}

static void peer_sends(const char *text, size_t size)
{
    assert_int_equal(send(probe.peer_fd, text, size, MSG_NOSIGNAL), size);
    probe_turn(&here);
}

/* What the peer has got, as text. */
static const char *peer_gets(void)
{
    static char text[4096];
    ssize_t got = recv(probe.peer_fd, text, sizeof(text) - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static void assert_begins(const char *text, const char *begin)
{
    if (strncmp(text, begin, strlen(begin)) != 0) {
        fail_msg("\"%s\" does not begin with \"%s\"", text, begin);
    }
}

static const char get[] = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
static const char post[] = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbody";

static void test_http_stream_any_split_is_one_request(void **state)
{
    (void)state;
    size_t size = sizeof(post) - 1;
    for (size_t cut = 1; cut < size; cut++) {
        peer_sends(post, cut);
        assert_int_equal(probe.requests, cut - 1);
        peer_sends(post + cut, size - cut);
        assert_int_equal(probe.requests, cut);
        assert_string_equal(probe.body, "body");
        assert_begins(peer_gets(), "HTTP/1.1 200 OK\r\n");
    }
}

static void test_http_stream_second_request_waits_for_the_first_answer(void **state)
{
    (void)state;
    char both[sizeof(get) + sizeof(post)];
    (void)snprintf(both, sizeof(both), "%s%s", get, post);
    probe.answers = false;
    peer_sends(both, strlen(both));
    assert_int_equal(probe.requests, 1);
    probe_turn(&here);
    assert_int_equal(probe.requests, 1);
    http_stream_respond(&probe.http, &ok);
    probe_turn(&here);
    assert_int_equal(probe.requests, 2);
    assert_string_equal(probe.body, "body");
}

static void test_http_stream_rests_once_between_requests(void **state)
{
    (void)state;
    assert_int_equal(probe.rests, 0);
    peer_sends(get, sizeof(get) - 1);
    probe_turn(&here);
    assert_int_equal(probe.rests, 1);
    stream_defer(&probe.http.stream);
    probe_turn(&here);
    assert_int_equal(probe.rests, 1);
    peer_sends(get, sizeof(get) - 1);
    assert_int_equal(probe.rests, 2);
}

static void test_http_stream_begin_that_is_refused_is_answered(void **state)
{
    (void)state;
    probe.refuses_more = true;
    peer_sends(get, sizeof(get) - 1);
    assert_int_equal(probe.requests, 0);
    assert_begins(peer_gets(), "HTTP/1.1 429 ");
    assert_int_equal(probe.http.stream.reason, SK_REASON_ADDRESS_LIMIT);
}

static void test_http_stream_one_fault_is_answered_and_closed(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        const char *bytes;
        const char *want;
    } rows[] = {
        {"no request line", "hello\r\n\r\n", "HTTP/1.1 400 "},
        {"chunked", "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n",
         "HTTP/1.1 411 "},
        {"body over the limit", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 51\r\n\r\n",
         "HTTP/1.1 413 "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].fault);
        peer_sends(rows[i].bytes, strlen(rows[i].bytes));
        assert_begins(peer_gets(), rows[i].want);
        assert_int_equal(probe.http.stream.state, STREAM_DRAINING);
        assert_int_equal(probe.requests, 0);
        (void)tear_down(NULL);
        (void)set_up(NULL);
    }
}

static void test_http_stream_is_told_to_continue_once(void **state)
{
    (void)state;
    static const char head[] =
        "POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n";
    peer_sends(head, sizeof(head) - 1);
    assert_string_equal(peer_gets(), "HTTP/1.1 100 Continue\r\n\r\n");
    peer_sends("bo", 2);
    assert_string_equal(peer_gets(), "");
    peer_sends("dy", 2);
    assert_begins(peer_gets(), "HTTP/1.1 200 ");
}

/* What is remembered of a request is forgotten with its answer. */
static void test_http_stream_shorter_request_after_a_longer_one(void **state)
{
    (void)state;
    peer_sends(post, sizeof(post) - 3);
    peer_sends(post + sizeof(post) - 3, 2);
    assert_int_equal(probe.requests, 1);
    peer_sends(get, sizeof(get) - 1);
    assert_int_equal(probe.requests, 2);
}

static void test_http_stream_static_body_is_not_copied(void **state)
{
    (void)state;
    static uint8_t got[STATIC_BYTES + 1024];
    struct http_response large = ok;
    size_t total = 0;
    for (size_t i = 0; i < sizeof(long_body); i++) {
        long_body[i] = (uint8_t)(i * 31 + i / 251);
    }
    large.body = long_body;
    large.body_bytes = sizeof(long_body);
    large.body_is_static = true;
    probe.answers = false;
    peer_sends(get, sizeof(get) - 1);
    http_stream_respond(&probe.http, &large);
    assert_true(here.hub.pool.used_bytes <= 2 * WRITE_BUFFER_BYTES);
    peer_sends(get, sizeof(get) - 1);
    assert_int_equal(probe.requests, 1); /* the peer must first take the answer */
    for (int turn = 0; turn < TURNS_MAX && probe.requests == 1; turn++) {
        ssize_t more = recv(probe.peer_fd, got + total, sizeof(got) - total, 0);
        total += more > 0 ? (size_t)more : 0;
        probe_turn(&here);
    }
    ssize_t more = recv(probe.peer_fd, got + total, sizeof(got) - total, 0);
    total += more > 0 ? (size_t)more : 0;
    assert_int_equal(probe.requests, 2);
    assert_memory_equal(got + total - sizeof(long_body), long_body, sizeof(long_body));
}

static void test_http_stream_static_body_goes_out_before_the_end(void **state)
{
    (void)state;
    static uint8_t got[STATIC_BYTES + 1024];
    struct http_response large = ok;
    size_t total = 0;
    large.body = long_body;
    large.body_bytes = sizeof(long_body);
    large.body_is_static = true;
    large.closes = true;
    probe.answers = false;
    peer_sends(get, sizeof(get) - 1);
    http_stream_respond(&probe.http, &large);
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        ssize_t more = recv(probe.peer_fd, got + total, sizeof(got) - total, 0);
        total += more > 0 ? (size_t)more : 0;
        probe_turn(&here);
    }
    assert_true(total > sizeof(long_body));
    assert_int_equal(probe.http.stream.state, STREAM_DRAINING);
    assert_int_equal(probe.http.stream.reason, SK_REASON_NONE);
}

/* What the loop's wheel does when the timer is due. */
static void fire(void)
{
    assert_non_null(probe.http.stream.timer.next);
    wheel_disarm(&probe.http.stream.timer);
    probe.http.stream.timer.on_due(&probe.http.stream.timer);
    probe_turn(&here);
}

static void test_http_stream_head_that_does_not_come_is_answered(void **state)
{
    (void)state;
    peer_sends(get, 5);
    fire();
    assert_begins(peer_gets(), "HTTP/1.1 408 ");
    assert_int_equal(probe.http.stream.reason, SK_REASON_HEAD_TIMEOUT);
}

static void test_http_stream_kept_alive_and_not_used_ends_in_silence(void **state)
{
    (void)state;
    peer_sends(get, sizeof(get) - 1);
    (void)peer_gets();
    fire();
    assert_string_equal(peer_gets(), "");
    assert_int_equal(probe.http.stream.reason, SK_REASON_NONE);
}

static void test_http_stream_answer_that_does_not_come_is_busy(void **state)
{
    (void)state;
    probe.answers = false;
    peer_sends(get, sizeof(get) - 1);
    uint64_t left_ms = probe.http.stream.timer.due_ms - loop_now_ms(probe.http.stream.hub->loop);
    assert_true(left_ms > 1000 && left_ms <= ANSWER_TIMEOUT_MS); /* not a head's */
    fire();
    const char *got = peer_gets();
    assert_begins(got, "HTTP/1.1 503 ");
    assert_non_null(strstr(got, "retry-after: 1\r\n"));
    assert_non_null(strstr(got, "server_busy"));
    assert_int_equal(probe.http.stream.reason, SK_REASON_SERVER_BUSY);
    http_stream_respond(&probe.http, &ok); /* too late: nothing */
    assert_string_equal(peer_gets(), "");
}

static void test_http_stream_answer_in_time_leaves_the_next_request_its_own(void **state)
{
    (void)state;
    probe.answers = false;
    peer_sends(get, sizeof(get) - 1);
    http_stream_respond(&probe.http, &ok);
    probe_turn(&here);
    assert_begins(peer_gets(), "HTTP/1.1 200 ");
    uint64_t left_ms = probe.http.stream.timer.due_ms - loop_now_ms(probe.http.stream.hub->loop);
    assert_true(left_ms <= 1000);
}

static void test_http_stream_reader_who_takes_nothing_is_dropped(void **state)
{
    (void)state;
    struct http_response large = ok;
    char some[1000];
    large.body = long_body;
    large.body_bytes = sizeof(long_body);
    large.body_is_static = true;
    probe.answers = false;
    peer_sends(get, sizeof(get) - 1);
    http_stream_respond(&probe.http, &large);
    fire();
    assert_int_equal(probe.gone, 0); /* it took the socket's share */
    for (int i = 0; i < 500; i++) {
        (void)!recv(probe.peer_fd, some, sizeof(some), 0);
    }
    probe_turn(&here);
    fire();
    assert_int_equal(probe.gone, 0);
    fire();
    assert_int_equal(probe.gone, 1);
    assert_int_equal(probe.http.stream.reason, SK_REASON_SLOW_READER);
}

static void test_http_stream_close_answers_what_it_owes(void **state)
{
    (void)state;
    probe.answers = false;
    peer_sends(get, sizeof(get) - 1);
    probe.http.stream.protocol->close(&probe.http.stream, SK_REASON_SERVER_STOPPING);
    probe_turn(&here);
    assert_begins(peer_gets(), "HTTP/1.1 503 ");
    http_stream_respond(&probe.http, &ok); /* too late: nothing */
    assert_string_equal(peer_gets(), "");
}

static const char upgrade[] = "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\n"
                              "upgrade: websocket\r\nsec-websocket-version: 13\r\n"
                              "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

static void test_http_stream_switches_with_the_key_of_the_rfc(void **state)
{
    (void)state;
    probe.answers = false;
    peer_sends(upgrade, sizeof(upgrade) - 1);
    assert_true(http_stream_switch(&probe.http, "skirmish"));
    probe_turn(&here);
    const char *answer = peer_gets();
    assert_begins(answer, "HTTP/1.1 101 ");
    assert_non_null(strstr(answer, "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    assert_non_null(strstr(answer, "sec-websocket-protocol: skirmish\r\n\r\n"));
    assert_false(probe.http.stream.is_held);
}

static void test_http_stream_request_that_is_no_upgrade_is_told_so(void **state)
{
    (void)state;
    probe.answers = false;
    peer_sends(get, sizeof(get) - 1);
    http_stream_refuse_upgrade(&probe.http);
    probe_turn(&here);
    assert_begins(peer_gets(), "HTTP/1.1 426 ");
    peer_sends(post, sizeof(post) - 1);
    http_stream_refuse_upgrade(&probe.http);
    probe_turn(&here);
    assert_begins(peer_gets(), "HTTP/1.1 405 ");
}

static void test_http_stream_peer_that_shuts_gets_what_is_owed(void **state)
{
    (void)state;
    assert_int_equal(send(probe.peer_fd, get, sizeof(get) - 1, MSG_NOSIGNAL), sizeof(get) - 1);
    assert_int_equal(shutdown(probe.peer_fd, SHUT_WR), 0);
    probe_turn(&here);
    probe_turn(&here);
    assert_begins(peer_gets(), "HTTP/1.1 200 ");
    assert_int_equal(probe.http.stream.reason, SK_REASON_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_http_stream_any_split_is_one_request),
        TEST(test_http_stream_second_request_waits_for_the_first_answer),
        TEST(test_http_stream_rests_once_between_requests),
        TEST(test_http_stream_begin_that_is_refused_is_answered),
        TEST(test_http_stream_one_fault_is_answered_and_closed),
        TEST(test_http_stream_is_told_to_continue_once),
        TEST(test_http_stream_shorter_request_after_a_longer_one),
        TEST(test_http_stream_static_body_is_not_copied),
        TEST(test_http_stream_static_body_goes_out_before_the_end),
        TEST(test_http_stream_head_that_does_not_come_is_answered),
        TEST(test_http_stream_kept_alive_and_not_used_ends_in_silence),
        TEST(test_http_stream_answer_that_does_not_come_is_busy),
        TEST(test_http_stream_answer_in_time_leaves_the_next_request_its_own),
        TEST(test_http_stream_reader_who_takes_nothing_is_dropped),
        TEST(test_http_stream_close_answers_what_it_owes),
        TEST(test_http_stream_switches_with_the_key_of_the_rfc),
        TEST(test_http_stream_request_that_is_no_upgrade_is_told_so),
        TEST(test_http_stream_peer_that_shuts_gets_what_is_owed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
