/* test_client_clock.c - lead and render time over a line and a server that misbehave.
 *
 * A model of all three, in steps of a millisecond: the lines are those of support/line.h; the
 * server steps its ticks on time, drops time when it stood, and reports as SESSION.md has it; the
 * client runs a frame every 16 ms.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/client_clock.h"
#include "support/line.h"

enum {
    TICK_HZ = 60,
    DIVISOR = 3,
    MS = 1000,
    SECOND = 1000 * MS,
    INBOX_TICKS = 8192,
    CATCH_UP_TICKS = 3,
    EARLY_TICKS = 60,
    INPUTS_A_MESSAGE = 16
};

struct message {
    uint32_t tick;
    uint32_t count; /* inputs, up to `tick` */
    uint32_t ack;   /* of inputs: the newest snapshot that came */
    struct sk_clock_report report;
};

struct model {
    uint32_t hz;
    struct sk_client_clock clock;
    struct line up;
    struct line down;
    struct line_span server_stop;
    struct line_span sleep; /* of the client: no frame, no timer; what comes waits */
    uint32_t lose_every_ms; /* the server stands for lose_ms of so many; 0: never */
    uint32_t lose_ms;
    uint64_t now_us;
    /* server */
    uint64_t origin_us;
    uint32_t tick; /* stepped last */
    uint32_t dropped_ticks;
    uint32_t dropped_at[INBOX_TICKS]; /* by snapshot: what it said */
    bool inbox[INBOX_TICKS];
    uint32_t newest_tick;
    int16_t newest_sixteenths;
    int16_t margin_sixteenths;
    bool has_margin;
    /* client */
    uint32_t sampled_tick;
    uint64_t render_parts; /* of the frame before */
    uint64_t flight_parts;
    /* figures since clear() */
    uint32_t ticks;
    uint32_t fresh;
    uint32_t future;
    int32_t lag_sixteenths_max; /* the largest margin */
    double render_step_max;     /* ticks of a frame */
    double flight_step_max;
    uint32_t ahead_max; /* 1/256 tick */
};

static void put(struct line *line, uint64_t now_us, const struct message *message)
{
    line_put(line, now_us, message, sizeof(*message));
}

static bool get(struct line *line, uint64_t now_us, struct message *message)
{
    size_t size;
    const struct message *come = line_get(line, now_us, &size);
    if (come) {
        *message = *come;
    }
    return come != NULL;
}

/* --- server --------------------------------------------------------------------------------- */

static uint64_t due_us(const struct model *model, uint32_t tick)
{
    return model->origin_us + (uint64_t)tick * SECOND / model->hz;
}

static void offer(struct model *model, uint32_t tick)
{
    int64_t early_us = (int64_t)(due_us(model, tick) - model->now_us);
    int16_t margin = (int16_t)(early_us * model->hz * 16 / SECOND);
    uint32_t next = model->tick + 1;
    if (tick >= next + EARLY_TICKS) {
        model->future++;
        return;
    }
    if ((int32_t)(tick - model->newest_tick) > 0) {
        model->newest_tick = tick;
        model->newest_sixteenths = margin;
    }
    bool is_smallest = !model->has_margin || margin < model->margin_sixteenths;
    model->margin_sixteenths = is_smallest ? margin : model->margin_sixteenths;
    model->has_margin = true;
    if (tick >= next) {
        model->inbox[tick % INBOX_TICKS] = true;
    }
    model->lag_sixteenths_max =
        margin > model->lag_sixteenths_max ? margin : model->lag_sixteenths_max;
}

static void send_snapshot(struct model *model)
{
    struct message message = {
        .tick = model->tick,
        .report = {.snapshot_tick = model->tick,
                   .input_tick = model->newest_tick,
                   .newest_sixteenths = model->newest_sixteenths,
                   .margin_sixteenths = model->has_margin ? model->margin_sixteenths : 0,
                   .dropped_ticks = (uint16_t)model->dropped_ticks}};
    model->dropped_at[model->tick % INBOX_TICKS] = model->dropped_ticks;
    model->has_margin = false;
    put(&model->down, model->now_us, &message);
}

static void step(struct model *model)
{
    uint32_t tick = ++model->tick;
    bool *slot = &model->inbox[tick % INBOX_TICKS];
    model->ticks++;
    model->fresh += *slot;
    *slot = false;
    if (tick % DIVISOR == 0) {
        send_snapshot(model);
    }
}

/* What was stamped before comes later by as much, and what was for the lost time is forgotten. */
static void drop_time(struct model *model)
{
    uint32_t due = 0;
    while (due_us(model, model->tick + due + 1) <= model->now_us) {
        due++;
    }
    uint32_t ticks = due > CATCH_UP_TICKS ? due - CATCH_UP_TICKS : 0;
    model->origin_us += (uint64_t)ticks * SECOND / model->hz;
    model->dropped_ticks += ticks;
    model->newest_tick -= ticks > 0 && model->newest_tick > 0 ? ticks : 0;
    for (uint32_t i = 1; ticks > 0 && i <= 2 * EARLY_TICKS; i++) {
        bool *later = &model->inbox[(model->tick + i + ticks) % INBOX_TICKS];
        model->inbox[(model->tick + i) % INBOX_TICKS] = *later;
        *later = false;
    }
}

static bool server_stands(const struct model *model)
{
    uint64_t phase_ms = model->now_us / MS % (model->lose_every_ms ? model->lose_every_ms : 1);
    return line_span_has(&model->server_stop, model->now_us) ||
           (model->lose_every_ms > 0 && phase_ms < model->lose_ms);
}

static void run_server(struct model *model)
{
    struct message message;
    if (server_stands(model)) {
        return;
    }
    drop_time(model);
    while (get(&model->up, model->now_us, &message)) {
        uint32_t unknown = model->dropped_ticks - model->dropped_at[message.ack % INBOX_TICKS];
        for (uint32_t i = message.count; i > 0; i--) {
            offer(model, message.tick - i + 1 - unknown);
        }
    }
    while (due_us(model, model->tick + 1) <= model->now_us) {
        step(model);
    }
}

/* --- client --------------------------------------------------------------------------------- */

static void hear(struct model *model)
{
    struct message message;
    while (get(&model->down, model->now_us, &message)) {
        model->sampled_tick -= sk_client_clock_on_snapshot(&model->clock, message.tick,
                                                           &message.report, model->now_us);
    }
}

static void draw(struct model *model)
{
    uint32_t tick = 0;
    uint8_t fraction = 0;
    if (!sk_client_clock_render(&model->clock, model->now_us, &tick, &fraction)) {
        return;
    }
    uint64_t parts = (uint64_t)tick * 256 + fraction;
    assert_true(model->render_parts == 0 || parts >= model->render_parts);
    double step_ticks = model->render_parts == 0 ? 0 : (double)(parts - model->render_parts) / 256;
    model->render_step_max = fmax(model->render_step_max, step_ticks);
    model->render_parts = parts;
    uint32_t ahead = sk_client_clock_ahead(&model->clock);
    uint64_t flight = parts + ahead;
    assert_true(flight + 1 >= model->flight_parts); /* two roundings */
    double flown = model->flight_parts == 0 ? 0 : (double)(flight - model->flight_parts) / 256;
    model->flight_step_max = fmax(model->flight_step_max, flown);
    model->flight_parts = flight;
    model->ahead_max = ahead > model->ahead_max ? ahead : model->ahead_max;
}

static void sample(struct model *model)
{
    uint32_t tick = sk_client_clock_input_tick(&model->clock, model->now_us);
    uint32_t missing = tick - model->sampled_tick;
    if ((int32_t)missing <= 0) {
        return;
    }
    uint32_t count = model->sampled_tick == 0 || missing > INPUTS_A_MESSAGE ? 1 : missing;
    struct message message = {.tick = tick, .count = count, .ack = model->clock.newest_tick};
    model->sampled_tick = tick;
    for (uint32_t i = count; i > 0; i--) {
        sk_client_clock_on_sent(&model->clock, tick - i + 1, model->now_us);
    }
    put(&model->up, model->now_us, &message);
}

static void run_client(struct model *model)
{
    if (line_span_has(&model->sleep, model->now_us)) {
        return;
    }
    sk_client_clock_on_active(&model->clock, model->now_us);
    hear(model);
    if (model->now_us / MS % 16 == 0) {
        draw(model);
        sample(model);
    }
}

static void run_ms(struct model *model, uint64_t ms)
{
    for (uint64_t i = 0; i < ms; i++) {
        model->now_us += MS;
        run_server(model);
        run_client(model);
    }
}

static void clear(struct model *model)
{
    model->ticks = 0;
    model->fresh = 0;
    model->future = 0;
    model->lag_sixteenths_max = INT16_MIN;
    model->render_step_max = 0;
    model->flight_step_max = 0;
    model->ahead_max = 0;
    model->clock.underrun_count = 0;
}

/* Connected for five seconds over a line of that round trip; it took `first_rtt_ms` to be so. */
static void begin_at(struct model *model, uint32_t hz, uint64_t rtt_ms, uint64_t first_rtt_ms)
{
    uint64_t jitter_us = model->up.faults.jitter_us;
    line_close(&model->up); /* of the test before */
    line_close(&model->down);
    memset(model, 0, sizeof(*model));
    line_open(&model->up, false, 1);
    line_open(&model->down, false, 2);
    model->up.faults = (struct line_faults){.delay_us = rtt_ms * MS / 2, .jitter_us = jitter_us};
    model->down.faults = model->up.faults;
    model->hz = hz;
    model->now_us = 100 * SECOND;
    model->origin_us = model->now_us - 10 * SECOND;
    model->tick = 10 * hz;
    sk_client_clock_init(&model->clock, hz, DIVISOR, 10 * hz - (uint32_t)(rtt_ms * hz / 2000),
                         first_rtt_ms * MS, model->now_us);
    run_ms(model, 5000);
    clear(model);
}

static void begin(struct model *model, uint64_t rtt_ms, uint64_t jitter_ms)
{
    model->up.faults.jitter_us = jitter_ms * MS;
    begin_at(model, TICK_HZ, rtt_ms, rtt_ms);
}

static double share(const struct model *model)
{
    return (double)model->fresh / model->ticks;
}

/* For two seconds, all inputs are fresh and none comes more than so many ticks too early. */
static void assert_settled(struct model *model, double ticks)
{
    clear(model);
    run_ms(model, 2000);
    assert_int_equal(model->future, 0);
    assert_true(share(model) >= 0.995);
    assert_true(model->lag_sixteenths_max <= (1 + ticks) * 16);
}

static void test_clock_quiet_line_settles_within_two_ticks(void **state)
{
    (void)state;
    static const uint64_t rtts_ms[] = {0, 50, 150, 250, 900};
    static struct model model;
    for (size_t i = 0; i < sizeof(rtts_ms) / sizeof(rtts_ms[0]); i++) {
        begin(&model, rtts_ms[i], 0);
        assert_settled(&model, 1.5);
        assert_int_equal(model.clock.underrun_count, 0);
        assert_true(model.clock.rtt_us <= rtts_ms[i] * MS + 20 * MS);
        assert_true(model.clock.rtt_us + 5 * MS >= rtts_ms[i] * MS);
    }
}

static void test_clock_jitter_is_no_underrun(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 150, 20);
    run_ms(&model, 20000);
    clear(&model);
    run_ms(&model, 120000);
    print_message("jitter: %.3f fresh, %u underruns in 2 min, delay %lld us, jitter %u us\n",
                  share(&model), model.clock.underrun_count, (long long)model.clock.delay_us,
                  model.clock.jitter_us);
    assert_true(model.clock.underrun_count <= 12);
    assert_true(share(&model) >= 0.93);
}

/* At most one late input in 2000: without the tail it is one in 1000. */
static void test_clock_tail_of_jitter_is_in_time(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 150, 7); /* 95% of it below 21 ms */
    run_ms(&model, 5000);
    clear(&model);
    run_ms(&model, 120000);
    print_message("tail: %.5f fresh\n", share(&model));
    assert_true(share(&model) >= 0.9995);
}

static void test_clock_stall_is_not_jitter(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 150, 0);
    model.up.faults.stall = (struct line_span){model.now_us, model.now_us + 2200 * MS};
    model.down.faults.stall = model.up.faults.stall;
    run_ms(&model, 2200);
    assert_int_equal(model.future, 0);
    run_ms(&model, 1000);
    assert_settled(&model, 2);
    assert_true(model.clock.delay_us < 100 * MS); /* what was held back is no jitter */
    assert_true(model.render_step_max <= 3);
}

static void test_clock_stall_of_one_way_is_not_jitter(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 150, 0);
    model.up.faults.stall = (struct line_span){model.now_us, model.now_us + 1500 * MS};
    run_ms(&model, 2500);
    assert_int_equal(model.future, 0);
    assert_settled(&model, 2);
}

/* Drawing waits, what is extrapolated goes on for 100 ms more, and both catch up at 1.5 times. */
static void test_clock_short_stall_is_caught_up_without_a_jump(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 50, 0);
    model.down.faults.stall = (struct line_span){model.now_us, model.now_us + 300 * MS};
    run_ms(&model, 1500);
    print_message("stall of 300 ms: steps of %.2f and %.2f ticks at most, %u underrun\n",
                  model.render_step_max, model.flight_step_max, model.clock.underrun_count);
    assert_int_equal(model.clock.underrun_count, 1);
    assert_in_range(model.ahead_max, 5 * 256, 6 * 256);
    assert_true(model.render_step_max <= 2); /* 1.5 times 16 ms */
    assert_true(model.flight_step_max <= 2);
    assert_in_range(sk_client_clock_ahead(&model.clock), 0, 16);
}

static void test_clock_pause_resynchronises_once(void **state)
{
    (void)state;
    static const uint64_t sleeps_ms[] = {2000, 8000, 30000};
    static struct model model;
    for (size_t i = 0; i < sizeof(sleeps_ms) / sizeof(sleeps_ms[0]); i++) {
        begin(&model, 50, 0);
        uint32_t resyncs = model.clock.resync_count;
        model.sleep = (struct line_span){model.now_us, model.now_us + sleeps_ms[i] * MS};
        run_ms(&model, sleeps_ms[i] + 1000);
        assert_int_equal(model.future, 0);
        assert_int_equal(model.clock.resync_count, resyncs + 1);
        assert_settled(&model, 2);
    }
}

static void test_clock_dropped_time(void **state)
{
    (void)state;
    static const uint64_t stops_ms[] = {900, 2500};
    static struct model model;
    for (size_t i = 0; i < sizeof(stops_ms) / sizeof(stops_ms[0]); i++) {
        begin(&model, 50, 0);
        model.server_stop = (struct line_span){model.now_us, model.now_us + stops_ms[i] * MS};
        run_ms(&model, stops_ms[i] + (stops_ms[i] > 1000 ? 2000 : 1000));
        assert_settled(&model, 2);
    }
}

static void test_clock_slow_server_takes_nearly_all_inputs(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 50, 0);
    model.lose_every_ms = 400;
    model.lose_ms = 150;
    run_ms(&model, 20000);
    print_message("slow server: %.3f fresh, %u too early, %u dropped\n", share(&model),
                  model.future, model.dropped_ticks);
    assert_true(share(&model) >= 0.9);
    assert_int_equal(model.future, 0);
}

static void test_clock_shorter_way_is_followed_down(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 250, 0);
    model.up.faults.delay_us = 25 * MS;
    model.up.last_us = model.now_us;
    run_ms(&model, 4000);
    assert_settled(&model, 2);
}

static void test_clock_path_change_is_followed(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 50, 0);
    model.up.faults.delay_us = 225 * MS;
    run_ms(&model, 1000);
    assert_settled(&model, 2);
}

/* Twenty seconds behind, of which not one is replayed. */
static void test_clock_long_stall_stays_below_the_window(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 150, 0);
    model.up.faults.stall = (struct line_span){model.now_us, model.now_us + 20 * SECOND};
    model.down.faults.stall = model.up.faults.stall;
    run_ms(&model, 21000);
    assert_int_equal(model.future, 0);
    assert_settled(&model, 2);
}

static void test_clock_excess_is_gone_in_two_seconds(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 650, 0);
    model.up.faults.delay_us = 25 * MS; /* 300 ms less */
    model.up.last_us = model.now_us;
    run_ms(&model, 650 + 2500); /* what is under way, and margins count for two seconds */
    clear(&model);
    run_ms(&model, 100);
    assert_in_range(model.lag_sixteenths_max, 0, 3 * 16);
}

static void test_clock_first_round_trip_too_long(void **state)
{
    (void)state;
    static struct model model;
    model.up.faults.jitter_us = 0;
    begin_at(&model, TICK_HZ, 50, 950);
    assert_int_equal(model.future, 0);
    assert_settled(&model, 2);
}

static void test_clock_lead_reaches_250_ms_at_240_hz(void **state)
{
    (void)state;
    static struct model model;
    model.up.faults.jitter_us = 0;
    begin_at(&model, 240, 250, 250);
    assert_settled(&model, 6);
    int64_t lead_us = sk_client_clock_lead_us(&model.clock, model.now_us);
    assert_in_range(lead_us, 125 * MS, 160 * MS); /* half of the round trip, and a frame */
}

static void test_clock_zero_latency(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 0, 0);
    assert_settled(&model, 1.5);
    assert_true(model.clock.rtt_us < 5 * MS);
}

/* What comes late behind a pause is late for good: it is no backlog. */
static void test_clock_way_that_grew_in_a_pause_is_followed(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 50, 0);
    model.sleep = (struct line_span){model.now_us, model.now_us + 400 * MS};
    model.up.faults.delay_us = 100 * MS;
    model.down.faults.delay_us = 100 * MS;
    run_ms(&model, 400 + 900);
    clear(&model);
    run_ms(&model, 2000);
    assert_true(share(&model) >= 0.995);
}

/* Inputs of a stall ask for a leap that nothing else does; those behind it lack a little. */
static void test_clock_doubted_leap_does_not_hide_what_is_lacking(void **state)
{
    (void)state;
    static struct model model;
    begin(&model, 50, 0);
    for (uint32_t i = 0; i < 4; i++) {
        model.up.faults.stall = (struct line_span){model.now_us, model.now_us + 180 * MS};
        run_ms(&model, 300);
    }
    model.up.faults.delay_us = 75 * MS;
    run_ms(&model, 600);
    clear(&model);
    run_ms(&model, 1000);
    assert_true(share(&model) >= 0.995);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock_long_stall_stays_below_the_window),
        cmocka_unit_test(test_clock_excess_is_gone_in_two_seconds),
        cmocka_unit_test(test_clock_first_round_trip_too_long),
        cmocka_unit_test(test_clock_lead_reaches_250_ms_at_240_hz),
        cmocka_unit_test(test_clock_zero_latency),
        cmocka_unit_test(test_clock_way_that_grew_in_a_pause_is_followed),
        cmocka_unit_test(test_clock_doubted_leap_does_not_hide_what_is_lacking),
        cmocka_unit_test(test_clock_quiet_line_settles_within_two_ticks),
        cmocka_unit_test(test_clock_jitter_is_no_underrun),
        cmocka_unit_test(test_clock_tail_of_jitter_is_in_time),
        cmocka_unit_test(test_clock_stall_is_not_jitter),
        cmocka_unit_test(test_clock_stall_of_one_way_is_not_jitter),
        cmocka_unit_test(test_clock_short_stall_is_caught_up_without_a_jump),
        cmocka_unit_test(test_clock_pause_resynchronises_once),
        cmocka_unit_test(test_clock_dropped_time),
        cmocka_unit_test(test_clock_slow_server_takes_nearly_all_inputs),
        cmocka_unit_test(test_clock_shorter_way_is_followed_down),
        cmocka_unit_test(test_clock_path_change_is_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
