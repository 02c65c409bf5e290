/* test_stream.c - a stream does the same for any protocol: bytes in, bytes out, its end, its move.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "stream_probe.h"

enum { FLOOD_BYTES = 4 << 20, TURNS_MAX = 10000 };

static struct probe_side here;
static struct probe_side there;
static struct probe probe;
static struct probe other;

static int set_up(void **state)
{
    (void)state;
    probe_side_open(&here, NULL);
    probe_side_open(&there, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    probe_turn(&here); /* tasks that point to streams that are gone would show */
    probe_side_close(&here);
    probe_side_close(&there);
    return 0;
}

static void assert_got(const char *text)
{
    assert_int_equal(probe.got_bytes, strlen(text));
    assert_memory_equal(probe.got, text, strlen(text));
}

static void assert_peer_gets(struct probe *from, const char *text)
{
    char got[64] = "";
    assert_int_equal(probe_peer_gets(from, got, sizeof(got)), strlen(text));
    assert_memory_equal(got, text, strlen(text));
}

static void put(struct probe *to, const char *text)
{
    write_buffer_put(&to->stream, text, strlen(text));
}

/* --- bytes in --------------------------------------------------------------------------------- */

static void test_stream_half_a_word_waits_for_the_rest(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    assert_int_equal(probe.counts.opened, 1);
    probe_peer_sends(&probe, "abcdef", 6);
    probe_turn(&here);
    assert_got("abcd");
    assert_int_equal(byte_queue_size(&probe.stream.input), 2);
    probe_peer_sends(&probe, "gh", 2);
    probe_turn(&here);
    assert_got("abcdefgh");
    assert_null(probe.stream.input.block);
    assert_int_equal(counter_read(&here.counts.reads), 2);
    assert_int_equal(counter_read(&here.counts.bytes_in), 8);
    probe_close(&probe);
}

static void test_stream_held_reads_nothing_until_it_resumes(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    probe.holds = true;
    probe_peer_sends(&probe, "abcdefgh", 8);
    probe_turn(&here);
    assert_got("abcd");
    probe_peer_sends(&probe, "ijkl", 4);
    probe_turn(&here);
    assert_got("abcd");
    assert_int_equal(probe.counts.idle, 0);
    probe.holds = false;
    probe.stream.is_held = false;
    stream_defer(&probe.stream);
    probe_turn(&here); /* what waited */
    probe_turn(&here); /* what the socket has */
    assert_got("abcdefghijkl");
    assert_int_equal(probe.counts.idle, 1);
    probe_close(&probe);
}

static void test_stream_too_much_work_goes_on_in_the_next_turn(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    probe.work_units = SK_WORK_A_WAKE / 2;
    probe_peer_sends(&probe, "abcdefghijkl", 12);
    probe_turn(&here);
    assert_got("abcdefgh");
    probe_turn(&here);
    assert_got("abcdefghijkl");
    probe_close(&probe);
}

/* --- bytes out -------------------------------------------------------------------------------- */

static void test_stream_all_of_a_turn_leaves_in_one_write(void **state)
{
    (void)state;
    struct iovec parts[] = {{(void *)"b", 1}, {(void *)"cd", 2}};
    probe_open(&probe, &here, NULL);
    put(&probe, "a");
    write_buffer_put_parts(&probe.stream, parts, 2);
    put(&probe, "ef");
    probe_turn(&here);
    assert_peer_gets(&probe, "abcdef");
    assert_int_equal(counter_read(&here.counts.writes), 1);
    assert_int_equal(counter_read(&here.counts.bytes_out), 6);
    probe_close(&probe);
}

/* Space that the buffer has not got any more is made by writing what it holds. */
static void test_stream_reserved_space_is_sent_as_far_as_it_is_committed(void **state)
{
    (void)state;
    static uint8_t bytes[WRITE_BUFFER_BYTES - 10];
    static uint8_t got[WRITE_BUFFER_BYTES];
    probe_open(&probe, &here, NULL);
    memcpy(write_buffer_reserve(&probe.stream, 8), "abcdefgh", 8);
    write_buffer_commit(&probe.stream, 3);
    memcpy(write_buffer_reserve(&probe.stream, 8), "ijkl", 4);
    write_buffer_commit(&probe.stream, 4);
    write_buffer_flush(&here.hub);
    assert_peer_gets(&probe, "abcijkl");
    write_buffer_put(&probe.stream, bytes, sizeof(bytes));
    memcpy(write_buffer_reserve(&probe.stream, 20), "behind them", 11);
    write_buffer_commit(&probe.stream, 11);
    assert_int_equal(probe_peer_gets(&probe, got, sizeof(got)), sizeof(bytes));
    probe_turn(&here);
    assert_peer_gets(&probe, "behind them");
    probe_close(&probe);
}

static void test_stream_two_share_the_write_buffer_and_mix_nothing(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    probe_open(&other, &here, NULL);
    put(&probe, "one ");
    put(&other, "two ");
    put(&probe, "three");
    put(&other, "four");
    probe_turn(&here);
    assert_peer_gets(&probe, "one three");
    assert_peer_gets(&other, "two four");
    probe_close(&probe);
    probe_close(&other);
}

static void put_flood(struct probe *to)
{
    static uint8_t bytes[WRITE_BUFFER_DIRECT_BYTES];
    for (uint32_t i = 0; i < FLOOD_BYTES / sizeof(bytes) / 8; i++) {
        memset(bytes, (int)i, sizeof(bytes));
        struct iovec parts[] = {{bytes, 100}, {bytes + 100, sizeof(bytes) - 100}};
        write_buffer_put_parts(&to->stream, parts, 2);
    }
}

/* The peer reads what put_flood() put, and the test turns `side` while it does. */
static void read_flood(struct probe *from, struct probe_side *side)
{
    static uint8_t bytes[1 << 16];
    size_t total = 0;
    for (int turn = 0; turn < TURNS_MAX && total < FLOOD_BYTES / 8; turn++) {
        long got = probe_peer_gets(from, bytes, sizeof(bytes));
        for (long i = 0; i < got; i++) {
            assert_int_equal(bytes[i], (uint8_t)((total + (size_t)i) / WRITE_BUFFER_DIRECT_BYTES));
        }
        total += got > 0 ? (size_t)got : 0;
        probe_turn(side);
    }
    assert_int_equal(total, FLOOD_BYTES / 8);
}

static void test_stream_what_the_kernel_does_not_take_waits_in_order(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    put_flood(&probe);
    probe_turn(&here);
    assert_true(stream_has_unsent(&probe.stream));
    assert_true(stream_is_paused(&probe.stream));
    assert_int_equal(probe.counts.writable, 0);
    probe_peer_sends(&probe, "abcd", 4);
    probe_turn(&here);
    assert_got(""); /* the peer must first take what was sent */
    read_flood(&probe, &here);
    assert_int_equal(probe.counts.writable, 1);
    assert_false(stream_has_unsent(&probe.stream));
    probe_turn(&here);
    assert_got("abcd");
    probe_close(&probe);
}

/* The first write takes a part of it, in the middle of its second part. */
static void test_stream_later_bytes_stay_behind_those_that_wait(void **state)
{
    (void)state;
    static uint8_t sent[500000];
    static uint8_t got[sizeof(sent) + 4];
    struct iovec parts[] = {{sent, 1000}, {sent + 1000, sizeof(sent) - 1000}};
    size_t total = 0;
    for (size_t i = 0; i < sizeof(sent); i++) {
        sent[i] = (uint8_t)(i * 31 + i / 251);
    }
    probe_open(&probe, &here, NULL);
    write_buffer_put_parts(&probe.stream, parts, 2);
    assert_in_range(byte_queue_size(&probe.stream.unsent), 1, sizeof(sent) - 1001);
    for (int turn = 0; turn < TURNS_MAX && total < sizeof(got); turn++) {
        long more = probe_peer_gets(&probe, got + total, sizeof(got) - total);
        total += more > 0 ? (size_t)more : 0;
        if (turn == 0) {
            put(&probe, "last"); /* there is space in the socket now */
            write_buffer_flush(&here.hub);
        }
        probe_turn(&here);
    }
    assert_int_equal(total, sizeof(got));
    assert_memory_equal(got, sent, sizeof(sent));
    assert_memory_equal(got + sizeof(sent), "last", 4);
    probe_close(&probe);
}

static void test_stream_gone_before_the_flush_leaves_nothing_in_the_buffer(void **state)
{
    (void)state;
    char rest[8];
    probe_open(&probe, &here, NULL);
    put(&probe, "never");
    stream_destroy(&probe.stream, SK_REASON_SERVER_STOPPING);
    assert_null(here.hub.write.owner);
    probe_turn(&here);
    assert_int_equal(probe_peer_gets(&probe, rest, sizeof(rest)), 0);
    probe_close(&probe);
}

static void test_stream_reads_on_while_fewer_wait_than_its_pause(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    probe.stream.pause_bytes = UINT32_MAX;
    put_flood(&probe);
    probe_peer_sends(&probe, "abcd", 4);
    probe_turn(&here);
    assert_true(stream_has_unsent(&probe.stream));
    assert_got("abcd");
    probe_close(&probe);
}

static void test_stream_without_memory_for_unsent_is_a_slow_reader(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    here.hub.pool.max_bytes = 4096;
    put_flood(&probe);
    probe_turn(&here);
    assert_int_equal(probe.counts.gone, 1);
    assert_int_equal(probe.stream.reason, SK_REASON_SLOW_READER);
    probe_close(&probe);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void test_stream_close_sends_what_was_put_then_drains(void **state)
{
    (void)state;
    char rest[8];
    probe_open(&probe, &here, NULL);
    probe_peer_sends(&probe, "ha", 2);
    probe_turn(&here);
    put(&probe, "bye");
    stream_close(&probe.stream, SK_REASON_IDLE);
    assert_null(probe.stream.input.block);
    assert_int_equal(probe.counts.ends, 0); /* never inside a call */
    probe_turn(&here);
    assert_int_equal(probe.counts.ends, 1);
    assert_int_equal(probe.stream.reason, SK_REASON_IDLE);
    assert_peer_gets(&probe, "bye");
    assert_int_equal(probe_peer_gets(&probe, rest, sizeof(rest)), 0); /* our side is shut */
    assert_int_equal(probe.stream.state, STREAM_DRAINING);
    probe_peer_sends(&probe, "late", 4);
    probe_turn(&here);
    assert_got("");
    assert_int_equal(probe.counts.gone, 0);
    assert_int_equal(shutdown(probe.peer_fd, SHUT_WR), 0);
    probe_turn(&here);
    assert_int_equal(probe.counts.gone, 1);
    probe_close(&probe);
}

static void test_stream_close_waits_for_unsent_bytes(void **state)
{
    (void)state;
    char rest[8];
    probe_open(&probe, &here, NULL);
    put_flood(&probe);
    stream_close(&probe.stream, SK_REASON_IDLE);
    probe_turn(&here);
    assert_int_equal(probe.stream.state, STREAM_CLOSING);
    read_flood(&probe, &here);
    assert_int_equal(probe_peer_gets(&probe, rest, sizeof(rest)), 0);
    assert_int_equal(probe.stream.state, STREAM_DRAINING);
    probe_close(&probe);
}

static void test_stream_drop_ends_at_once_and_frees_at_the_turns_end(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    probe.drops_with = SK_REASON_HTTP_MALFORMED;
    probe_peer_sends(&probe, "abcdefgh", 8);
    probe_turn(&here);
    assert_got("abcd");
    assert_int_equal(probe.counts.ends, 1);
    assert_int_equal(probe.counts.gone, 1);
    assert_int_equal(probe.stream.reason, SK_REASON_HTTP_MALFORMED);
    probe_close(&probe);
}

static void test_stream_peer_that_shuts_its_side_is_told_once(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    put(&probe, "last");
    assert_int_equal(shutdown(probe.peer_fd, SHUT_WR), 0);
    probe_turn(&here);
    probe_turn(&here);
    assert_int_equal(probe.counts.peer_ends, 1);
    assert_peer_gets(&probe, "last");
    assert_int_equal(probe.counts.gone, 1);
    probe_close(&probe);
}

static void test_stream_first_reason_is_the_one_that_stays(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    stream_close(&probe.stream, SK_REASON_IDLE);
    stream_close(&probe.stream, SK_REASON_TLS);
    stream_drop(&probe.stream, SK_REASON_PEER_GONE);
    probe_turn(&here);
    assert_int_equal(probe.stream.reason, SK_REASON_IDLE);
    assert_int_equal(probe.counts.ends, 1);
    assert_int_equal(probe.counts.gone, 1);
    probe_close(&probe);
}

/* --- time ------------------------------------------------------------------------------------- */

/* What the loop's wheel does when a timer is due. */
static void fire(struct probe *of)
{
    wheel_disarm(&of->stream.timer);
    of->stream.timer.on_due(&of->stream.timer);
}

static void test_stream_deadline_is_the_protocols_while_open(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    assert_null(probe.stream.timer.next);
    stream_set_deadline(&probe.stream, 1000);
    assert_non_null(probe.stream.timer.next);
    assert_int_equal(probe.stream.timer.due_ms, loop_now_ms(here.loop) + 1000);
    fire(&probe);
    assert_int_equal(probe.counts.due, 1);
    stream_set_deadline(&probe.stream, 1000);
    stream_set_deadline(&probe.stream, 0);
    assert_null(probe.stream.timer.next);
    probe_close(&probe);
}

static void test_stream_deadline_drops_what_is_ending(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    stream_close(&probe.stream, SK_REASON_IDLE);
    probe_turn(&here);
    assert_int_equal(probe.stream.state, STREAM_DRAINING);
    fire(&probe);
    probe_turn(&here);
    assert_int_equal(probe.counts.due, 0);
    assert_int_equal(probe.counts.gone, 1);
    assert_int_equal(probe.stream.reason, SK_REASON_IDLE);
    probe_close(&probe);
}

/* --- the move --------------------------------------------------------------------------------- */

static void test_stream_moves_with_unsent_bytes_input_and_deadline(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    probe.stream.pause_bytes = UINT32_MAX;
    stream_set_deadline(&probe.stream, 1000);
    uint64_t due_ms = probe.stream.timer.due_ms;
    probe_peer_sends(&probe, "abcdef", 6);
    put_flood(&probe);
    probe_turn(&here);
    assert_true(stream_has_unsent(&probe.stream));
    stream_move(&probe.stream, &there.hub);
    probe_peer_sends(&probe, "gh", 2);
    probe_turn(&here);
    assert_int_equal(probe.counts.leaves, 1);
    assert_int_equal(probe.counts.arrivals, 0);
    assert_int_equal(here.hub.pool.used_bytes, 0);
    probe_turn(&there);
    assert_int_equal(probe.counts.arrivals, 1);
    assert_ptr_equal(probe.stream.hub, &there.hub);
    assert_int_equal(probe.stream.timer.due_ms, due_ms);
    assert_non_null(probe.stream.timer.next);
    read_flood(&probe, &there);
    assert_got("abcdefgh");
    assert_true(stream_is_sound(&probe.stream));
    probe_close(&probe);
}

static void test_stream_moved_goes_on_with_what_waited(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    probe.work_units = SK_WORK_A_WAKE;
    probe_peer_sends(&probe, "abcdefgh", 8);
    probe_turn(&here);
    assert_got("abcd");
    stream_move(&probe.stream, &there.hub);
    probe_turn(&here);
    probe_turn(&there);
    assert_got("abcdefgh");
    probe_close(&probe);
}

static void test_stream_that_is_gone_before_its_move_stays(void **state)
{
    (void)state;
    probe_open(&probe, &here, NULL);
    stream_move(&probe.stream, &there.hub);
    stream_drop(&probe.stream, SK_REASON_PEER_GONE);
    probe_turn(&here);
    probe_turn(&there);
    assert_int_equal(probe.counts.leaves, 0);
    assert_int_equal(probe.counts.arrivals, 0);
    assert_int_equal(probe.counts.gone, 1);
    probe_close(&probe);
}

/* --- a proxy ---------------------------------------------------------------------------------- */

static const char header[] = "PROXY TCP4 192.0.2.7 198.51.100.1 4242 80\r\n";

static void test_stream_proxy_header_names_the_peer_before_the_protocol(void **state)
{
    (void)state;
    struct stream_config config = {.awaits_address = true};
    char text[ADDRESS_TEXT_BYTES_MAX];
    probe_open(&probe, &here, &config);
    probe_peer_sends(&probe, header, 20);
    probe_turn(&here);
    assert_int_equal(probe.counts.addresses, 0);
    probe_peer_sends(&probe, header + 20, sizeof(header) - 1 - 20);
    probe_peer_sends(&probe, "abcd", 4);
    probe_turn(&here);
    assert_int_equal(probe.counts.addresses, 1);
    address_text(&probe.stream.address, text);
    assert_string_equal(text, "192.0.2.7:4242");
    probe_peer_sends(&probe, "efgh", 4);
    probe_turn(&here);
    assert_got("abcdefgh");
    assert_int_equal(probe.counts.addresses, 1);
    probe_close(&probe);
}

static void test_stream_refused_address_is_dropped(void **state)
{
    (void)state;
    struct stream_config config = {.awaits_address = true};
    probe_open(&probe, &here, &config);
    probe.refuses_address = true;
    probe_peer_sends(&probe, header, sizeof(header) - 1);
    probe_turn(&here);
    assert_int_equal(probe.stream.reason, SK_REASON_ADDRESS_LIMIT);
    assert_int_equal(probe.counts.gone, 1);
    probe_close(&probe);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stream_half_a_word_waits_for_the_rest),
        TEST(test_stream_held_reads_nothing_until_it_resumes),
        TEST(test_stream_too_much_work_goes_on_in_the_next_turn),
        TEST(test_stream_all_of_a_turn_leaves_in_one_write),
        TEST(test_stream_reserved_space_is_sent_as_far_as_it_is_committed),
        TEST(test_stream_two_share_the_write_buffer_and_mix_nothing),
        TEST(test_stream_what_the_kernel_does_not_take_waits_in_order),
        TEST(test_stream_later_bytes_stay_behind_those_that_wait),
        TEST(test_stream_gone_before_the_flush_leaves_nothing_in_the_buffer),
        TEST(test_stream_reads_on_while_fewer_wait_than_its_pause),
        TEST(test_stream_without_memory_for_unsent_is_a_slow_reader),
        TEST(test_stream_close_sends_what_was_put_then_drains),
        TEST(test_stream_close_waits_for_unsent_bytes),
        TEST(test_stream_drop_ends_at_once_and_frees_at_the_turns_end),
        TEST(test_stream_peer_that_shuts_its_side_is_told_once),
        TEST(test_stream_first_reason_is_the_one_that_stays),
        TEST(test_stream_deadline_is_the_protocols_while_open),
        TEST(test_stream_deadline_drops_what_is_ending),
        TEST(test_stream_moves_with_unsent_bytes_input_and_deadline),
        TEST(test_stream_moved_goes_on_with_what_waited),
        TEST(test_stream_that_is_gone_before_its_move_stays),
        TEST(test_stream_proxy_header_names_the_peer_before_the_protocol),
        TEST(test_stream_refused_address_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
