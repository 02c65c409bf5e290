/* test_replicate.c - against what a snapshot is encoded, for clients that hold different ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replicate.h"
#include "sent_snapshots.h"
#include "support/line.h"
#include "support/toy_game.h"

/* --- which are chosen ------------------------------------------------------------------------- */

static void test_baselines_newest_alone_where_everybody_holds_it(void **state)
{
    struct baseline_claim claims[] = {{0x1, 0}, {0x7, 1}, {0, 2}, {0x80000001, 3}};
    (void)state;
    assert_int_equal(baselines_choose(claims, 4), 1);
    assert_int_equal(baselines_choose(claims, 0), 1);
}

static void test_baselines_one_that_all_hold_comes_before_newer_ones_of_some(void **state)
{
    struct baseline_claim claims[] = {{0x11, 0}, {0x12, 1}, {0x14, 2}, {0x18, 3}, {0x10, 4}};
    (void)state;
    assert_int_equal(baselines_choose(claims, 5), 0x17); /* all have 0x10; 0x8 gains the least */
}

static void test_baselines_many_of_one_come_before_few_of_another(void **state)
{
    struct baseline_claim claims[] = {{0x01, 0}, {0x02, 1}, {0x04, 2}, {0x08, 3},
                                      {0x10, 4}, {0x20, 5}, {0x20, 6}};
    (void)state;
    assert_int_equal(baselines_choose(claims, 7), 0x27); /* of equals the newer */
}

static void test_baselines_of_nobody_are_none(void **state)
{
    struct baseline_claim claims[] = {{0, 0}, {0, 1}, {0x4, 2}};
    (void)state;
    assert_int_equal(baselines_choose(claims, 3), 0x4);
}

/* --- sixteen players ---------------------------------------------------------------------------

 * Each has a round trip of its own, from 20 to 150 ms, and acks every tick; snapshots and acks are
 * lost alike. */

enum { PLAYERS = 16, TICK_HZ = 60, TICK_US = 1000000 / TICK_HZ, SECONDS = 60, ACKS = 64 };
enum { RTT_US_MIN = 20000, RTT_US_MAX = 150000 };

struct ack {
    uint64_t in_us; /* when it comes; 0: it does not */
    uint32_t tick;
    uint32_t applied;
};

/* What goes one way is late by half a round trip. */
struct client {
    struct sent_snapshots sent;
    uint64_t way_us;
    uint64_t snapshot_us[ACKS]; /* by number: when it comes; 0: it does not */
    uint32_t newest;            /* number of the newest that came */
    uint64_t has;               /* bit i: that of i before it came too */
    struct ack acks[ACKS];      /* by tick */
};

struct model {
    struct sk_plan plan;
    struct replicate replicate;
    void *memory;
    void *world;
    uint32_t loss_of_1000;
    uint64_t seed;
    struct client clients[PLAYERS];
    uint64_t snapshot_count;
    uint64_t keyframe_count;
    uint64_t delta_count;
    uint64_t older_count; /* by how many snapshots baselines were older than the newest held */
};

static void open_model(struct model *model, uint16_t divisor, uint32_t loss_of_1000)
{
    const uint32_t options[SK_OPTIONS_MAX] = {1};
    struct sk_arena arena;
    memset(model, 0, sizeof(*model));
    assert_int_equal(sk_plan_init(&model->plan, &toy_game, PLAYERS, options), SK_OK);
    model->plan.snapshot_divisor = divisor;
    size_t cost = replicate_cost(&model->plan);
    model->memory = calloc(1, cost);
    model->world = calloc(1, model->plan.world_bytes);
    assert_non_null(model->memory);
    assert_non_null(model->world);
    sk_arena_init(&arena, model->memory, cost);
    assert_int_equal(replicate_init(&model->replicate, &model->plan, &arena), SK_OK);
    model->loss_of_1000 = loss_of_1000;
    model->seed = 7 + divisor + loss_of_1000;
    for (uint32_t i = 0; i < PLAYERS; i++) {
        sent_snapshots_init(&model->clients[i].sent, divisor, TICK_HZ, false);
        model->clients[i].way_us = (RTT_US_MIN + (RTT_US_MAX - RTT_US_MIN) * i / (PLAYERS - 1)) / 2;
    }
}

static void close_model(struct model *model)
{
    free(model->memory);
    free(model->world);
}

static bool is_lost(struct model *model)
{
    return line_random(&model->seed) * 1000 < model->loss_of_1000;
}

/* Takes what has come to the client by now, and acks it. */
static void run_client(struct model *model, struct client *client, uint32_t tick, uint64_t now_us)
{
    uint32_t divisor = model->plan.snapshot_divisor;
    for (uint32_t number = client->newest + 1; number * divisor < tick; number++) {
        uint64_t at_us = client->snapshot_us[number % ACKS];
        if (at_us != 0 && at_us <= now_us) {
            uint32_t passed = number - client->newest;
            client->has = (passed < 64 ? client->has << passed : 0) | 1;
            client->newest = number;
        }
    }
    client->acks[tick % ACKS] = (struct ack){.in_us = is_lost(model) ? 0 : now_us + client->way_us,
                                             .tick = client->newest * divisor,
                                             .applied = (uint32_t)(client->has >> 1) & INT32_MAX};
}

/* Gives the server the acks that have come by now. */
static void run_acks(struct client *client, uint32_t tick, uint64_t now_us)
{
    for (uint32_t ago = ACKS - 1; ago > 0; ago--) {
        struct ack *ack = &client->acks[(tick - ago) % ACKS];
        if (tick > ago && ack->in_us != 0 && ack->in_us <= now_us) {
            ack->in_us = 0;
            assert_int_equal(sent_snapshots_on_ack(&client->sent, ack->tick, ack->applied, now_us),
                             SK_OK);
        }
    }
}

static void note_baseline(struct model *model, const struct client *client, uint32_t held,
                          uint32_t baseline_tick)
{
    uint32_t divisor = model->plan.snapshot_divisor;
    model->snapshot_count++;
    model->keyframe_count += baseline_tick == 0;
    if (baseline_tick != 0) {
        uint32_t newest =
            model->replicate.newest_tick / divisor - 1 - (uint32_t)__builtin_ctz(held);
        assert_true(client->newest - baseline_tick / divisor < 32);
        assert_true(client->has >> (client->newest - baseline_tick / divisor) & 1);
        model->delta_count++;
        model->older_count += newest - baseline_tick / divisor;
    }
}

/* Sends the snapshot of the tick to all who may get one. */
static void run_server(struct model *model, uint32_t tick, uint64_t now_us)
{
    struct baseline_claim claims[PLAYERS];
    uint32_t count = 0;
    replicate_add_frame(&model->replicate, model->world, tick);
    for (uint16_t i = 0; i < PLAYERS; i++) {
        struct sent_snapshots *sent = &model->clients[i].sent;
        model->clients[i].snapshot_us[tick / model->plan.snapshot_divisor % ACKS] = 0;
        if (sent_snapshots_may_send(sent, now_us)) {
            uint32_t held = sent_snapshots_held(sent, tick, model->replicate.oldest_tick);
            claims[count++] = (struct baseline_claim){held, i};
        }
    }
    replicate_choose(&model->replicate, claims, count);
    for (uint32_t i = 0; i < count; i++) {
        struct client *client = &model->clients[claims[i].seat];
        const struct replicate_body *body = replicate_body(&model->replicate, claims[i].held);
        if (tick > TICK_HZ) { /* before the first acks all are keyframes */
            note_baseline(model, client, claims[i].held, body->baseline_tick);
        }
        client->snapshot_us[tick / model->plan.snapshot_divisor % ACKS] =
            is_lost(model) ? 0 : now_us + client->way_us;
        sent_snapshots_on_sent(&client->sent, tick, now_us);
    }
}

static void run_model(struct model *model)
{
    for (uint32_t tick = 1; tick <= SECONDS * TICK_HZ; tick++) {
        uint64_t now_us = tick * (uint64_t)TICK_US;
        for (uint32_t i = 0; i < PLAYERS; i++) {
            run_client(model, &model->clients[i], tick, now_us);
            run_acks(&model->clients[i], tick, now_us);
        }
        if (tick % model->plan.snapshot_divisor == 0) {
            run_server(model, tick, now_us);
        }
    }
}

/* With the newest acked alone, and a keyframe for who is neither first nor second to want an older
 * one, 12% of these snapshots were keyframes at 20 Hz and 75% at 60 Hz, without any loss. */
static void test_replicate_shares_baselines_of_sixteen_round_trips(void **state)
{
    static const uint16_t divisors[] = {3, 1};
    static const uint32_t losses[] = {0, 10, 50, 100};
    static struct model model;
    (void)state;
    for (uint32_t i = 0; i < 2 * 4; i++) {
        open_model(&model, divisors[i / 4], losses[i % 4]);
        run_model(&model);
        double keyframes = (double)model.keyframe_count / (double)model.snapshot_count;
        double older = (double)model.older_count / (double)model.delta_count;
        print_message("%2d Hz %4.1f%% lost: %.3f%% keyframes, baselines %.2f snapshots older\n",
                      TICK_HZ / divisors[i / 4], losses[i % 4] / 10.0, 100 * keyframes, older);
        assert_true(model.snapshot_count > PLAYERS * (SECONDS - 2) * TICK_HZ / divisors[i / 4] / 2);
        assert_true(keyframes <= 0.003);
        assert_true(older <= 1);
        close_model(&model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_baselines_newest_alone_where_everybody_holds_it),
        cmocka_unit_test(test_baselines_one_that_all_hold_comes_before_newer_ones_of_some),
        cmocka_unit_test(test_baselines_many_of_one_come_before_few_of_another),
        cmocka_unit_test(test_baselines_of_nobody_are_none),
        cmocka_unit_test(test_replicate_shares_baselines_of_sixteen_round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
