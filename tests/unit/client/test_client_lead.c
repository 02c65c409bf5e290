/* test_client_lead.c - the lead rises at once, falls by 1%, and rests within a tick. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "client_lead.h"

enum { HZ = 60, TICK_US = 16667, SNAPSHOT_TICKS = 3 };

/* A line of fixed delay: an input sampled at `now` arrives delay_us later, at a server whose tick 0
 * was at 0.  Returns its margin. */
static int16_t margin_of(uint32_t tick, uint64_t now_us, uint64_t delay_us)
{
    int64_t step_us = (int64_t)tick * 1000000 / HZ;
    return (int16_t)((step_us - (int64_t)(now_us + delay_us)) * HZ * 16 / 1000000);
}

struct line {
    struct client_lead lead;
    uint64_t now_us;
    uint64_t delay_us;
    uint64_t jitter_us;
    uint32_t late_count;
};

static void begin(struct line *line, uint64_t rtt_us)
{
    line->now_us = 10000000;
    client_lead_init(&line->lead, HZ, 600, rtt_us, line->now_us);
}

/* One snapshot interval: inputs go out, the smallest margin comes back. */
static void exchange(struct line *line)
{
    int16_t smallest = INT16_MAX;
    uint32_t tick = 0;
    for (uint32_t i = 0; i < SNAPSHOT_TICKS; i++) {
        line->now_us += TICK_US;
        tick = client_lead_tick(&line->lead, line->now_us);
        client_lead_on_sent(&line->lead, tick);
        uint64_t jitter_us = line->jitter_us ? sk_mix(line->now_us) % line->jitter_us : 0;
        int16_t margin = margin_of(tick, line->now_us, line->delay_us + jitter_us);
        smallest = margin < smallest ? margin : smallest;
    }
    line->late_count += smallest < 0;
    uint32_t server_tick = (uint32_t)(line->now_us * HZ / 1000000);
    client_lead_on_margin(&line->lead, server_tick, tick, smallest, line->now_us);
}

static double margin_ticks(const struct line *line)
{
    uint32_t tick = client_lead_tick(&line->lead, line->now_us);
    return margin_of(tick, line->now_us, line->delay_us) / 16.0;
}

static void test_client_lead_too_small_rises_at_once(void **state)
{
    (void)state;
    struct line line = {.delay_us = 100000};
    begin(&line, 0);
    exchange(&line);
    assert_true(line.late_count == 1);
    exchange(&line);
    assert_true(line.late_count == 1);
    assert_true(margin_ticks(&line) > 0 && margin_ticks(&line) < 2);
}

static void test_client_lead_too_large_falls_by_less_than_one_percent(void **state)
{
    (void)state;
    struct line line = {.delay_us = 1000};
    begin(&line, 200000);
    for (uint32_t i = 0; i < 20; i++) { /* a second */
        exchange(&line);
    }
    assert_in_range(-line.lead.shift_utick, 200000, 600000); /* millionths of a tick */
    for (uint32_t i = 0; i < 1200; i++) {
        exchange(&line);
    }
    assert_true(margin_ticks(&line) < 2.6);
    assert_int_equal(line.late_count, 0);
}

static void test_client_lead_rests_in_the_dead_band(void **state)
{
    (void)state;
    struct line line = {.delay_us = 30000};
    begin(&line, 60000);
    for (uint32_t i = 0; i < 600; i++) {
        exchange(&line);
    }
    int64_t resting = line.lead.shift_utick;
    for (uint32_t i = 0; i < 200; i++) {
        exchange(&line);
    }
    assert_true(line.lead.shift_utick == resting);
}

static void test_client_lead_follows_jitter_with_few_late(void **state)
{
    (void)state;
    struct line line = {.delay_us = 30000, .jitter_us = 50000};
    begin(&line, 60000);
    for (uint32_t i = 0; i < 40; i++) {
        exchange(&line);
    }
    line.late_count = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        exchange(&line);
    }
    assert_true(line.late_count < 50);
}

static void test_client_lead_stays_below_the_servers_window(void **state)
{
    (void)state;
    struct line line = {.delay_us = 1000};
    begin(&line, 5000000);
    assert_true(margin_ticks(&line) <= CLIENT_LEAD_TICKS_MAX + 1);
    line.delay_us = 3000000; /* a stall of three seconds */
    for (uint32_t i = 0; i < 10; i++) {
        exchange(&line);
    }
    line.delay_us = 1000;
    exchange(&line);
    assert_true(margin_ticks(&line) <= CLIENT_LEAD_TICKS_MAX + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_lead_too_small_rises_at_once),
        cmocka_unit_test(test_client_lead_too_large_falls_by_less_than_one_percent),
        cmocka_unit_test(test_client_lead_rests_in_the_dead_band),
        cmocka_unit_test(test_client_lead_follows_jitter_with_few_late),
        cmocka_unit_test(test_client_lead_stays_below_the_servers_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
