/* test_client_render.c - drawing runs two intervals behind on a quiet line, further on a rough one,
 * and never backwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "client_render.h"

enum { HZ = 60, DIVISOR = 3, INTERVAL_US = 50000 };

/* Feeds `count` snapshots from `first` on, each late by up to jitter_us. */
static uint64_t feed(struct client_render *render, uint32_t first, uint32_t count,
                     uint64_t jitter_us)
{
    uint64_t now_us = 0;
    for (uint32_t i = first; i < first + count; i++) {
        uint64_t late_us = jitter_us == 0 ? 0 : sk_mix(i) % jitter_us;
        now_us = 1000000 + (uint64_t)i * INTERVAL_US + late_us;
        client_render_on_snapshot(render, i * DIVISOR, now_us);
    }
    return now_us;
}

static double behind_ms(const struct client_render *render, uint32_t newest, uint64_t now_us)
{
    uint32_t tick;
    uint8_t fraction;
    assert_true(client_render_time(render, now_us, &tick, &fraction));
    return ((double)(newest * DIVISOR) - tick - fraction / 256.0) * 1000.0 / HZ;
}

static void test_client_render_before_the_first_snapshot_has_no_time(void **state)
{
    (void)state;
    struct client_render render;
    uint32_t tick;
    uint8_t fraction;
    client_render_init(&render, HZ, DIVISOR);
    assert_false(client_render_time(&render, 1000000, &tick, &fraction));
}

static void test_client_render_on_a_quiet_line_is_two_intervals_behind(void **state)
{
    (void)state;
    struct client_render render;
    client_render_init(&render, HZ, DIVISOR);
    uint64_t now_us = feed(&render, 10, 100, 0);
    double behind = behind_ms(&render, 109, now_us);
    assert_true(behind > 99 && behind < 101);
}

static void test_client_render_on_a_rough_line_goes_further_back(void **state)
{
    (void)state;
    struct client_render render;
    client_render_init(&render, HZ, DIVISOR);
    feed(&render, 10, 400, 150000);
    uint64_t sent_us = 1000000 + (uint64_t)409 * INTERVAL_US;
    double behind = behind_ms(&render, 409, sent_us);
    assert_true(behind > 180 && behind < 230);
}

static void test_client_render_time_does_not_run_backwards(void **state)
{
    (void)state;
    struct client_render render;
    client_render_init(&render, HZ, DIVISOR);
    uint64_t last_us = feed(&render, 10, 50, 0);
    double before = 0;
    for (uint32_t i = 60; i < 200; i++) {
        uint32_t tick;
        uint8_t fraction;
        uint64_t now_us = 1000000 + (uint64_t)i * INTERVAL_US + sk_mix(i) % 60000;
        now_us = now_us > last_us ? now_us : last_us;
        client_render_on_snapshot(&render, i * DIVISOR, now_us);
        assert_true(client_render_time(&render, now_us, &tick, &fraction));
        assert_true(tick + fraction / 256.0 >= before);
        before = tick + fraction / 256.0;
        last_us = now_us;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_render_before_the_first_snapshot_has_no_time),
        cmocka_unit_test(test_client_render_on_a_quiet_line_is_two_intervals_behind),
        cmocka_unit_test(test_client_render_on_a_rough_line_goes_further_back),
        cmocka_unit_test(test_client_render_time_does_not_run_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
