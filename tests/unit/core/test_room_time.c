/* test_room_time.c - a real room and a real client core over a line and a server that misbehave.
 *
 * The scenarios of test_client_clock.c, whose server is a model, with the server as it is.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/line_match.h"

enum { MS = 1000 };

static struct line_match match;
static struct line_client *const client = &match.clients[0];

static void run_ms(uint64_t ms)
{
    line_match_run(&match, ms);
    assert_string_equal(sk_reason_word(client->closed_for), sk_reason_word(SK_REASON_NONE));
}

static void clear(void)
{
    line_match_clear(&match);
}

static double share(void)
{
    return line_match_fresh_share(&match);
}

/* Connected for five seconds over a line of that round trip. */
static void begin_at(uint16_t tick_hz, uint64_t rtt_ms, uint64_t jitter_ms)
{
    const struct line_match_config config = {
        .room = {.tick_hz = tick_hz},
        .client_count = 1,
        .faults = {.delay_us = rtt_ms * MS / 2, .jitter_us = jitter_ms * MS},
    };
    line_match_open(&match, &config);
    run_ms(5000);
    clear();
}

static void begin(uint64_t rtt_ms, uint64_t jitter_ms)
{
    begin_at(60, rtt_ms, jitter_ms);
}

static void end(void)
{
    line_match_close(&match);
}

/* For two seconds, all inputs are fresh and none comes more than so many ticks too early. */
static void assert_settled(double ticks)
{
    clear();
    run_ms(2000);
    assert_true(share() >= 0.995);
    assert_true(client->lag_sixteenths_max <= (1 + ticks) * 16);
}

static void test_room_time_quiet_line_settles_within_two_ticks(void **state)
{
    static const uint64_t rtts_ms[] = {0, 50, 150, 250, 900};
    (void)state;
    for (size_t i = 0; i < sizeof(rtts_ms) / sizeof(rtts_ms[0]); i++) {
        begin(rtts_ms[i], 0);
        assert_settled(2);
        end();
    }
}

static void test_room_time_240_hz_over_250_ms(void **state)
{
    (void)state;
    begin_at(240, 250, 0);
    client->frame_ms = 4;
    run_ms(3000);
    assert_settled(6);
    end();
}

static void test_room_time_inputs_of_a_slow_host_are_used(void **state)
{
    static const uint32_t frames_ms[] = {33, 50};
    (void)state;
    for (size_t i = 0; i < sizeof(frames_ms) / sizeof(frames_ms[0]); i++) {
        begin(100, 0);
        client->frame_ms = frames_ms[i];
        run_ms(3000);
        clear();
        run_ms(20000);
        print_message("a message each %u ms: %.4f fresh\n", frames_ms[i], share());
        assert_true(share() >= 0.995);
        end();
    }
}

static void test_room_time_inputs_that_share_messages_are_used(void **state)
{
    static const struct {
        uint16_t tick_hz;
        uint64_t rtt_ms;
        uint32_t rate_hz;
    } rows[] = {{60, 100, 30}, {60, 100, 20}, {240, 250, 60}, {240, 250, 30}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct line_match_config config = {
            .room = {.tick_hz = rows[i].tick_hz},
            .client_count = 1,
            .input_rate_hz = rows[i].rate_hz,
            .faults = {.delay_us = rows[i].rtt_ms * MS / 2},
        };
        line_match_open(&match, &config);
        client->frame_ms = 4;
        run_ms(8000);
        clear();
        uint64_t before = client->input_message_count;
        run_ms(20000);
        uint64_t count = client->input_message_count - before;
        print_message("%u messages a second at %u Hz: %.4f fresh, %llu sent in 20 s\n",
                      rows[i].rate_hz, rows[i].tick_hz, share(), (unsigned long long)count);
        assert_true(share() >= 0.995);
        assert_in_range(count, 19 * rows[i].rate_hz, 20 * rows[i].rate_hz + 1);
        end();
    }
}

static void test_room_time_stall_is_no_jitter(void **state)
{
    static const struct {
        uint64_t up_ms;
        uint64_t down_ms;
    } rows[] = {{2200, 2200}, {1500, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin(150, 0);
        client->up.faults.stall =
            (struct line_span){match.now_us, match.now_us + rows[i].up_ms * MS};
        client->down.faults.stall =
            (struct line_span){match.now_us, match.now_us + rows[i].down_ms * MS};
        run_ms(rows[i].up_ms + 1000);
        assert_settled(2);
        end();
    }
}

static void test_room_time_sleep_is_not_the_line(void **state)
{
    static const uint64_t sleeps_ms[] = {2000, 8000, 29000};
    (void)state;
    for (size_t i = 0; i < sizeof(sleeps_ms) / sizeof(sleeps_ms[0]); i++) {
        begin(50, 0);
        client->sleep = (struct line_span){match.now_us, match.now_us + sleeps_ms[i] * MS};
        run_ms(sleeps_ms[i] + 1000);
        assert_settled(2);
        end();
    }
}

static void test_room_time_stopped_server_costs_no_control(void **state)
{
    static const struct {
        uint16_t tick_hz;
        uint64_t rtt_ms;
        uint64_t stop_ms;
    } rows[] = {{60, 50, 900}, {60, 50, 2500}, {60, 250, 900}, {60, 250, 2500}, {240, 50, 5000}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin_at(rows[i].tick_hz, rows[i].rtt_ms, 0);
        client->frame_ms = rows[i].tick_hz > 60 ? 4 : LINE_FRAME_MS;
        run_ms(1000);
        match.server_stop = (struct line_span){match.now_us, match.now_us + rows[i].stop_ms * MS};
        run_ms(rows[i].stop_ms + (rows[i].stop_ms > 1000 ? 2000 : 1000));
        assert_settled(rows[i].tick_hz > 60 ? 8 : 2);
        end();
    }
}

static void test_room_keeps_taking_inputs_while_it_loses_time(void **state)
{
    static const uint32_t loses_ms[] = {100, 150, 300};
    (void)state;
    for (size_t i = 0; i < sizeof(loses_ms) / sizeof(loses_ms[0]); i++) {
        begin(50, 0);
        match.lose_every_ms = 400;
        match.lose_ms = loses_ms[i];
        run_ms(20000);
        struct room_counts counts = room_counts(match.toy.room);
        print_message("stands %u of 400 ms: %.3f fresh, %llu ticks dropped\n", loses_ms[i], share(),
                      (unsigned long long)(counts.ticks_dropped - match.before.ticks_dropped));
        assert_true(share() >= 0.9);
        match.lose_every_ms = 0;
        run_ms(4000); /* margins count for two seconds */
        assert_settled(2);
        end();
    }
}

static void test_room_time_jitter_and_lost_time_together(void **state)
{
    (void)state;
    begin(100, 10);
    match.lose_every_ms = 1700;
    match.lose_ms = 200;
    run_ms(30000);
    print_message("jitter and stands of 200 ms: %.3f fresh\n", share());
    assert_true(share() >= 0.85);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room_time_quiet_line_settles_within_two_ticks),
        cmocka_unit_test(test_room_time_240_hz_over_250_ms),
        cmocka_unit_test(test_room_time_inputs_of_a_slow_host_are_used),
        cmocka_unit_test(test_room_time_inputs_that_share_messages_are_used),
        cmocka_unit_test(test_room_time_stall_is_no_jitter),
        cmocka_unit_test(test_room_time_sleep_is_not_the_line),
        cmocka_unit_test(test_room_time_stopped_server_costs_no_control),
        cmocka_unit_test(test_room_keeps_taking_inputs_while_it_loses_time),
        cmocka_unit_test(test_room_time_jitter_and_lost_time_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
