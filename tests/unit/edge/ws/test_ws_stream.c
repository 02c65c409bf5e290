/* test_ws_stream.c - messages, pings and the end of a WebSocket on a stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "unit/edge/stream/stream_probe.h"
#include "ws/ws_stream.h"

enum { FRAME_BYTES_MAX = 200, LONG_BYTES = 100000, TURNS_MAX = 1000 };

/* A stream with WebSocket, and what its owner was told. */
struct ws_probe {
    struct ws_stream ws; /* first: a stream is its ws_probe */
    int peer_fd;
    int messages;
    int writable;
    int ends;
    int gone;
    uint8_t newest[FRAME_BYTES_MAX]; /* message */
    size_t newest_bytes;
    bool newest_is_text;
    struct ws_limits limits;
};

static struct probe_side here;
static struct probe_side there;
static struct ws_probe probe;

static struct ws_limits limits_of(const struct ws_stream *ws)
{
    return ((const struct ws_probe *)ws)->limits;
}

static void on_message(struct ws_stream *ws, uint8_t *bytes, size_t size, bool is_text)
{
    (void)ws;
    assert_true(size <= sizeof(probe.newest));
    memcpy(probe.newest, bytes, size);
    probe.newest_bytes = size;
    probe.newest_is_text = is_text;
    probe.messages++;
}

static void on_writable(struct ws_stream *ws)
{
    (void)ws;
    probe.writable++;
}

static void on_end(struct ws_stream *ws)
{
    (void)ws;
    probe.ends++;
}

static const struct ws_owner owner = {
    .limits = limits_of, .on_message = on_message, .on_writable = on_writable, .on_end = on_end};

static void on_leave(struct stream *stream)
{
    ws_stream_disown_blocks((struct ws_stream *)stream);
}

static void on_arrive(struct stream *stream)
{
    ws_stream_adopt_blocks((struct ws_stream *)stream);
}

static void on_gone(struct stream *stream)
{
    (void)stream;
    probe.gone++;
}

static const struct stream_owner stream_owner = {
    .on_leave = on_leave, .on_arrive = on_arrive, .on_gone = on_gone};

static void on_open(struct stream *stream)
{
    ws_stream_begin((struct ws_stream *)stream, &owner);
}

/* What the stream speaks before it is a WebSocket. */
static const struct stream_protocol before = {.on_open = on_open};

static int set_up(void **state)
{
    (void)state;
    static const struct address nobody;
    probe_side_open(&here, &stream_owner);
    probe_side_open(&there, &stream_owner);
    memset(&probe, 0, sizeof(probe));
    probe.limits = (struct ws_limits){
        .message = {.reader = SK_WS_SERVER, .message_bytes_max = 150, .text_allowed = true},
        .unsent_bytes_max = 2 * LONG_BYTES};
    struct stream_config stream = {
        .fd = probe_pair(&probe.peer_fd), .address = &nobody, .protocol = &before};
    assert_int_equal(stream_open(&probe.ws.stream, &here.hub, &stream), SK_OK);
    probe.ws.stream.pause_bytes = UINT32_MAX;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (probe.gone == 0) {
        stream_destroy(&probe.ws.stream, SK_REASON_SERVER_STOPPING);
    }
    assert_int_equal(probe.ends, 1);
    assert_int_equal(probe.gone, 1);
    assert_int_equal(close(probe.peer_fd), 0);
    probe_side_close(&here);
    probe_side_close(&there);
    return 0;
}

/* A frame of the peer, masked with zeros.  Returns its size. */
static size_t frame_of(uint8_t *frame, uint8_t first, const char *payload)
{
    static const uint8_t mask[4];
    size_t size = strlen(payload);
    size_t head_bytes = sk_ws_head_write(frame, first, size, mask);
    memcpy(frame + head_bytes, payload, size);
    return head_bytes + size;
}

static void peer_sends_bytes(const uint8_t *bytes, size_t size)
{
    assert_int_equal(send(probe.peer_fd, bytes, size, MSG_NOSIGNAL), size);
}

static void peer_sends(uint8_t first, const char *payload)
{
    uint8_t frame[FRAME_BYTES_MAX + SK_WS_HEAD_BYTES_MAX];
    peer_sends_bytes(frame, frame_of(frame, first, payload));
    probe_turn(&here);
}

static void assert_newest(const char *text)
{
    assert_int_equal(probe.newest_bytes, strlen(text));
    assert_memory_equal(probe.newest, text, strlen(text));
}

/* The peer has got one frame and nothing else. */
static void assert_peer_gets(uint8_t first, const char *payload)
{
    uint8_t got[FRAME_BYTES_MAX];
    size_t size = strlen(payload);
    assert_int_equal(recv(probe.peer_fd, got, sizeof(got), 0), 2 + size);
    assert_int_equal(got[0], first);
    assert_int_equal(got[1], size);
    assert_memory_equal(got + 2, payload, size);
}

static void test_ws_stream_any_split_is_one_message(void **state)
{
    (void)state;
    uint8_t frame[FRAME_BYTES_MAX];
    size_t size = frame_of(frame, 0x82, "hello");
    for (size_t cut = 1; cut < size; cut++) {
        peer_sends_bytes(frame, cut);
        probe_turn(&here);
        peer_sends_bytes(frame + cut, size - cut);
        probe_turn(&here);
        assert_int_equal(probe.messages, cut);
        assert_newest("hello");
        assert_null(probe.ws.stream.input.block); /* its reader remembers */
    }
}

static void test_ws_stream_fragments_are_one_message(void **state)
{
    (void)state;
    peer_sends(0x01, "hel");
    assert_int_equal(probe.messages, 0);
    assert_true(here.hub.pool.used_bytes > 0);
    peer_sends(0x89, "?"); /* between two fragments */
    assert_peer_gets(0x8a, "?");
    peer_sends(0x80, "lo");
    assert_int_equal(probe.messages, 1);
    assert_true(probe.newest_is_text);
    assert_newest("hello");
    assert_int_equal(here.hub.pool.used_bytes, 0);
}

static void test_ws_stream_moves_with_half_a_message(void **state)
{
    (void)state;
    peer_sends(0x02, "hel");
    stream_move(&probe.ws.stream, &there.hub);
    probe_turn(&here);
    assert_int_equal(here.hub.pool.used_bytes, 0);
    probe_turn(&there);
    assert_true(there.hub.pool.used_bytes > 0);
    peer_sends(0x80, "lo");
    probe_turn(&there);
    assert_newest("hello");
    assert_int_equal(there.hub.pool.used_bytes, 0);
}

static void test_ws_stream_sends_parts_as_one_frame(void **state)
{
    (void)state;
    struct iovec parts[] = {{(void *)"a", 1}, {(void *)"bc", 2}, {(void *)"d", 1}};
    ws_stream_send(&probe.ws, SK_WS_OP_BINARY, parts, 3);
    probe_turn(&here);
    assert_peer_gets(0x82, "abcd");
}

static void test_ws_stream_sends_small_and_large_in_order(void **state)
{
    (void)state;
    static uint8_t large[LONG_BYTES];
    static uint8_t got[2 * LONG_BYTES];
    struct iovec small[] = {{(void *)"a", 1}};
    struct iovec parts[] = {{large, 10}, {large + 10, sizeof(large) - 10}};
    size_t total = 0;
    memset(large, 0x5a, sizeof(large));
    ws_stream_send(&probe.ws, SK_WS_OP_BINARY, small, 1);
    ws_stream_send(&probe.ws, SK_WS_OP_BINARY, parts, 2);
    ws_stream_send(&probe.ws, SK_WS_OP_BINARY, small, 1);
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        probe_turn(&here);
        ssize_t more = recv(probe.peer_fd, got + total, sizeof(got) - total, 0);
        total += more > 0 ? (size_t)more : 0;
    }
    assert_int_equal(total, 3 + 10 + sizeof(large) + 3);
    assert_memory_equal(got,
                        "\x82\x01"
                        "a\x82\x7f",
                        5);
    assert_memory_equal(got + 13, large, sizeof(large));
    assert_memory_equal(got + 13 + sizeof(large),
                        "\x82\x01"
                        "a",
                        3);
}

static void test_ws_stream_slow_reader_is_closed_behind_what_waits(void **state)
{
    (void)state;
    static uint8_t large[LONG_BYTES];
    struct iovec part = {large, sizeof(large)};
    for (int i = 0; i < 20 && probe.ws.stream.state == STREAM_OPEN; i++) {
        ws_stream_send(&probe.ws, SK_WS_OP_BINARY, &part, 1);
    }
    assert_int_equal(probe.ws.stream.state, STREAM_CLOSING);
    assert_int_equal(probe.ws.stream.reason, SK_REASON_SLOW_READER);
    assert_in_range(byte_queue_size(&probe.ws.stream.unsent), 1, 2 * LONG_BYTES + 100);
}

static void test_ws_stream_owner_hears_when_nothing_waits_any_more(void **state)
{
    (void)state;
    static uint8_t large[2 * LONG_BYTES];
    static uint8_t got[sizeof(large)];
    struct iovec part = {large, sizeof(large)};
    for (int i = 0; i < 20 && !stream_has_unsent(&probe.ws.stream); i++) {
        ws_stream_send(&probe.ws, SK_WS_OP_BINARY, &part, 1);
    }
    assert_true(stream_has_unsent(&probe.ws.stream));
    probe_turn(&here);
    assert_int_equal(probe.writable, 0);
    for (int turn = 0; turn < TURNS_MAX && probe.writable == 0; turn++) {
        (void)!recv(probe.peer_fd, got, sizeof(got), 0);
        probe_turn(&here);
    }
    assert_int_equal(probe.writable, 1);
    assert_false(stream_has_unsent(&probe.ws.stream));
}

static void test_ws_stream_half_a_message_goes_with_its_stream(void **state)
{
    (void)state;
    peer_sends(0x02, "hel");
    assert_true(here.hub.pool.used_bytes > 0);
    stream_drop(&probe.ws.stream, SK_REASON_IDLE);
    probe_turn(&here);
    assert_int_equal(here.hub.pool.used_bytes, 0);
}

static void test_ws_stream_close_of_the_peer_comes_back(void **state)
{
    (void)state;
    peer_sends(0x88, "\x03\xe9");
    assert_peer_gets(0x88, "\x03\xe9");
    assert_int_equal(probe.ws.stream.reason, SK_REASON_NONE);
    assert_int_equal(probe.ends, 1);
}

static void test_ws_stream_protocol_error_is_answered_with_its_code(void **state)
{
    (void)state;
    peer_sends(0x83, "x"); /* no such opcode */
    uint8_t got[FRAME_BYTES_MAX];
    assert_true(recv(probe.peer_fd, got, sizeof(got), 0) > 4);
    assert_int_equal(got[0], 0x88);
    assert_int_equal(got[2] << 8 | got[3], 1002);
    assert_int_equal(probe.messages, 0);
}

static void test_ws_stream_message_over_the_limit_is_refused(void **state)
{
    (void)state;
    char payload[152];
    memset(payload, 'a', sizeof(payload));
    payload[151] = '\0';
    peer_sends(0x82, payload);
    uint8_t got[FRAME_BYTES_MAX];
    assert_true(recv(probe.peer_fd, got, sizeof(got), 0) > 4);
    assert_int_equal(got[2] << 8 | got[3], 1009);
}

/* What the loop's wheel does when the timer is due. */
static void fire(void)
{
    assert_non_null(probe.ws.stream.timer.next);
    wheel_disarm(&probe.ws.stream.timer);
    probe.ws.stream.timer.on_due(&probe.ws.stream.timer);
    probe_turn(&here);
}

static void test_ws_stream_silent_peer_is_pinged(void **state)
{
    (void)state;
    probe.limits.ping_interval_ms = 1000;
    ws_stream_set_deadline(&probe.ws, 0);
    fire(); /* too early: nothing */
    assert_int_equal(recv(probe.peer_fd, &(char){0}, 1, 0), -1);
    probe.ws.stream.heard_ms -= 1000;
    fire();
    assert_peer_gets(0x89, "");
    assert_true(probe.ws.stream.timer.due_ms > loop_now_ms(here.loop));
}

static void test_ws_stream_silent_for_too_long_is_closed(void **state)
{
    (void)state;
    probe.limits.idle_timeout_ms = 5000;
    ws_stream_set_deadline(&probe.ws, 0);
    probe.ws.stream.heard_ms -= 4999;
    fire();
    assert_int_equal(probe.ws.stream.state, STREAM_OPEN);
    probe.ws.stream.heard_ms -= 1;
    fire();
    assert_int_equal(probe.ws.stream.reason, SK_REASON_IDLE);
}

static void test_ws_stream_deadline_closes_however_much_is_heard(void **state)
{
    (void)state;
    ws_stream_set_deadline(&probe.ws, 1000);
    assert_int_equal(probe.ws.stream.timer.due_ms, loop_now_ms(here.loop) + 1000);
    probe.ws.deadline_ms -= 1000;
    fire();
    assert_int_equal(probe.ws.stream.reason, SK_REASON_HEAD_TIMEOUT);
}

static void test_ws_stream_peer_that_goes_without_a_close_is_lost(void **state)
{
    (void)state;
    assert_int_equal(shutdown(probe.peer_fd, SHUT_WR), 0);
    probe_turn(&here);
    assert_int_equal(probe.gone, 1);
    assert_int_equal(probe.ws.stream.reason, SK_REASON_PEER_GONE);
}

static void test_ws_stream_many_frames_are_worked_off_in_turns(void **state)
{
    (void)state;
    uint8_t frames[2 * SK_WORK_A_WAKE * 6];
    for (size_t i = 0; i < 2 * SK_WORK_A_WAKE; i++) {
        (void)frame_of(frames + i * 6, 0x82, "");
    }
    peer_sends_bytes(frames, sizeof(frames));
    probe_turn(&here);
    assert_int_equal(probe.messages, SK_WORK_A_WAKE);
    probe_turn(&here);
    assert_int_equal(probe.messages, 2 * SK_WORK_A_WAKE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ws_stream_any_split_is_one_message),
        TEST(test_ws_stream_fragments_are_one_message),
        TEST(test_ws_stream_moves_with_half_a_message),
        TEST(test_ws_stream_sends_parts_as_one_frame),
        TEST(test_ws_stream_sends_small_and_large_in_order),
        TEST(test_ws_stream_slow_reader_is_closed_behind_what_waits),
        TEST(test_ws_stream_owner_hears_when_nothing_waits_any_more),
        TEST(test_ws_stream_half_a_message_goes_with_its_stream),
        TEST(test_ws_stream_close_of_the_peer_comes_back),
        TEST(test_ws_stream_protocol_error_is_answered_with_its_code),
        TEST(test_ws_stream_message_over_the_limit_is_refused),
        TEST(test_ws_stream_silent_peer_is_pinged),
        TEST(test_ws_stream_silent_for_too_long_is_closed),
        TEST(test_ws_stream_deadline_closes_however_much_is_heard),
        TEST(test_ws_stream_peer_that_goes_without_a_close_is_lost),
        TEST(test_ws_stream_many_frames_are_worked_off_in_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
