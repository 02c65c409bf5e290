/* test_view.c - the client's view verifies what it gets, and draws and tells in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/view.h"

enum { SHIPS = 4, MESSAGE_BYTES = 512, BLOCK_BYTES = 1 << 16, PLAYER = 2, HZ = 60 };

struct ship {
    struct sk_entity entity;
    uint16_t x;
    uint16_t angle;
    uint16_t ammo;
    uint8_t flag;
    uint8_t reserved;
};

struct bang {
    uint8_t power;
};

struct world {
    struct sk_world head;
    struct ship ships[SHIPS];
};

static const struct sk_field ship_fields[] = {
    SK_FIELD(struct ship, x, step, 0, 1023, 10, SK_LINEAR),
    SK_FIELD(struct ship, angle, turn, 0, 65536, 8, SK_TURN),
    SK_FIELD(struct ship, flag, none, 0, 3, 2, SK_HOLD),
    SK_OWN_FIELD(struct ship, ammo, piece),
};
static const struct sk_field bang_fields[] = {
    SK_FIELD(struct bang, power, step, 0, 255, 8, SK_HOLD),
};
static const struct sk_kind kinds[] = {{"ship", ship_fields, 4, sizeof(struct ship)}};
static const struct sk_event_type event_types[] = {{"bang", bang_fields, 1, sizeof(struct bang)}};
static const struct sk_place places[] = {{offsetof(struct world, ships), SHIPS}};

/* A server's end and a client's, joined by message(). */
struct fixture {
    struct sk_plan plan;
    struct sk_view view;
    struct world world;
    struct sk_frame empty;
    struct sk_frame frames[8]; /* index tick % 8 */
    struct sk_event events[8];
    uint32_t event_count;
    uint8_t bytes[MESSAGE_BYTES];
    size_t size;
    _Alignas(16) uint8_t block[BLOCK_BYTES];
};

static struct fixture fixture;

static int init(void **state)
{
    struct sk_arena arena;
    (void)state;
    memset(&fixture, 0, sizeof(fixture));
    fixture.plan.world_bytes = sizeof(struct world);
    fixture.plan.players_max = 8;
    fixture.plan.tick_hz = HZ;
    fixture.plan.snapshot_divisor = 1;
    if (sk_schema_init(&fixture.plan.schema, kinds, 1, places) != SK_OK ||
        sk_schema_set_events(&fixture.plan.schema, event_types, 1) != SK_OK) {
        return -1;
    }
    sk_arena_init(&arena, fixture.block, sizeof(fixture.block));
    int result = sk_frame_init(&fixture.empty, &fixture.plan.schema, &arena);
    for (uint32_t i = 0; i < 8 && result == SK_OK; i++) {
        result = sk_frame_init(&fixture.frames[i], &fixture.plan.schema, &arena);
    }
    size_t left = sizeof(fixture.block) - arena.used_bytes;
    if (result != SK_OK || sk_view_cost(&fixture.plan) > left) {
        return -1;
    }
    fixture.world.ships[0].entity = (struct sk_entity){.alive = 1, .owner = PLAYER};
    fixture.world.ships[3].entity = (struct sk_entity){.alive = 1, .owner = SK_NO_OWNER};
    return sk_view_init(&fixture.view, &fixture.plan, &arena);
}

static void emit(uint32_t tick, uint16_t audience, uint32_t power)
{
    fixture.events[fixture.event_count++] =
        (struct sk_event){.tick = tick, .audience = audience, .values = {power}};
}

static struct sk_event_list events_for(uint16_t audience, struct sk_event *picked)
{
    struct sk_event_list list = {picked, 0};
    for (uint32_t i = 0; i < fixture.event_count; i++) {
        if (fixture.events[i].audience == audience) {
            picked[list.count++] = fixture.events[i];
        }
    }
    return list;
}

/* Makes the message of the world at `tick` against that of `baseline_tick`, 0 for a keyframe. */
static void message(uint32_t tick, uint32_t baseline_tick)
{
    const struct sk_schema *schema = &fixture.plan.schema;
    struct sk_frame *frame = &fixture.frames[tick % 8];
    const struct sk_frame *baseline =
        baseline_tick == 0 ? &fixture.empty : &fixture.frames[baseline_tick % 8];
    struct sk_event picked[8];
    uint8_t part[SK_OWN_PART_BYTES_MAX];
    struct sk_own_part own = {
        .tick = tick, .input_tick = tick, .has_player = true, .player = PLAYER};
    sk_frame_extract(frame, schema, &fixture.world, tick);
    int part_bytes = sk_own_part_write(&own, schema, &fixture.world, events_for(PLAYER, picked),
                                       part, sizeof(part));
    struct sk_snapshot_head head = {
        .tick = tick,
        .baseline_ticks = baseline_tick == 0 ? 0 : tick - baseline_tick,
        .baseline_hash = (uint16_t)(baseline_tick == 0 ? 0 : baseline->hash),
        .own_part_bytes = (uint16_t)part_bytes,
    };
    int at = sk_snapshot_write_head(&head, fixture.bytes, MESSAGE_BYTES);
    memcpy(fixture.bytes + at, part, (size_t)part_bytes);
    at += part_bytes;
    int body = sk_delta_encode(schema, baseline, frame, events_for(SK_TO_ALL, picked),
                               fixture.bytes + at, (size_t)(MESSAGE_BYTES - at));
    assert_true(body > 0);
    fixture.size = (size_t)(at + body);
}

static int take(void)
{
    return sk_view_take(&fixture.view, fixture.bytes, fixture.size);
}

static void take_good(uint32_t tick, uint32_t baseline_tick)
{
    message(tick, baseline_tick);
    assert_int_equal(take(), SK_OK);
    assert_int_equal(fixture.view.newest_tick, tick);
}

/* --- taking -------------------------------------------------------------------------------- */

static void test_view_keyframe_and_delta_give_the_world(void **state)
{
    (void)state;
    fixture.world.ships[0].x = 100;
    fixture.world.ships[0].ammo = 12345;
    take_good(3, 0);
    fixture.world.ships[0].x = 110;
    fixture.world.ships[3].x = 7;
    take_good(6, 3);
    const struct world *world = fixture.view.world;
    assert_int_equal(world->head.tick, 6);
    assert_int_equal(world->head.players_max, 8);
    assert_memory_equal(world->ships, fixture.world.ships, sizeof(world->ships));
    assert_int_equal(fixture.view.own.input_tick, 6);
}

static void test_view_exact_rows_of_others_are_not_there(void **state)
{
    (void)state;
    fixture.world.ships[3].ammo = 9;
    take_good(3, 0);
    assert_int_equal(((const struct world *)fixture.view.world)->ships[3].ammo, 0);
}

static void test_view_old_snapshot_is_dropped(void **state)
{
    (void)state;
    take_good(3, 0);
    take_good(6, 3);
    message(6, 3);
    assert_int_equal(take(), SK_ERR_AGAIN);
    message(5, 0);
    assert_int_equal(take(), SK_ERR_AGAIN);
    assert_int_equal(fixture.view.newest_tick, 6);
}

static void test_view_unknown_baseline_wants_a_keyframe_until_it_comes(void **state)
{
    (void)state;
    take_good(1, 0);
    message(2, 1); /* lost */
    message(3, 2);
    assert_int_equal(take(), SK_ERR_MISMATCH);
    assert_true(fixture.view.wants_keyframe);
    message(4, 3);
    assert_int_equal(take(), SK_ERR_MISMATCH);
    take_good(5, 0);
    assert_false(fixture.view.wants_keyframe);
}

/* Over a transport that loses messages the server may know better which baselines are here. */
static void test_view_takes_a_good_delta_while_it_wishes_a_keyframe(void **state)
{
    (void)state;
    take_good(1, 0);
    message(2, 1); /* lost */
    message(3, 2);
    assert_int_equal(take(), SK_ERR_MISMATCH);
    fixture.world.ships[0].x = 55;
    take_good(4, 1);
    assert_int_equal(((const struct world *)fixture.view.world)->ships[0].x, 55);
    assert_false(fixture.view.wants_keyframe);
}

static void test_view_baseline_with_another_hash_is_a_mismatch(void **state)
{
    (void)state;
    take_good(1, 0);
    message(2, 1);
    fixture.bytes[2] ^= 1; /* the hash's low byte: after mark and tick */
    assert_int_equal(take(), SK_ERR_MISMATCH);
    fixture.bytes[2] ^= 1;
    assert_true(fixture.view.wants_keyframe);
}

static void test_view_cut_message_leaves_all_as_it_was(void **state)
{
    (void)state;
    take_good(3, 0);
    struct world before;
    memcpy(&before, fixture.view.world, sizeof(before));
    fixture.world.ships[0].x = 9;
    fixture.world.ships[0].ammo = 4;
    emit(5, SK_TO_ALL, 1);
    emit(5, PLAYER, 2);
    message(6, 3);
    for (size_t size = 0; size < fixture.size; size++) {
        assert_true(sk_view_take(&fixture.view, fixture.bytes, size) < 0);
        assert_int_equal(fixture.view.newest_tick, 3);
        assert_int_equal(fixture.view.events.count, 0);
        assert_memory_equal(&before, fixture.view.world, sizeof(before));
    }
    assert_int_equal(take(), SK_OK);
    assert_int_equal(fixture.view.events.count, 2);
}

static void test_view_ring_goes_round(void **state)
{
    (void)state;
    take_good(1, 0);
    for (uint32_t tick = 2; tick < 4 * SK_VIEW_FRAMES; tick++) {
        fixture.world.ships[0].x = (uint16_t)tick;
        take_good(tick, tick - 1);
    }
    assert_int_equal(((const struct world *)fixture.view.world)->ships[0].x,
                     4 * SK_VIEW_FRAMES - 1);
}

static void test_view_tells_which_snapshots_it_has(void **state)
{
    (void)state;
    assert_int_equal(sk_view_applied(&fixture.view), 0);
    take_good(1, 0);
    assert_int_equal(sk_view_applied(&fixture.view), 0);
    take_good(2, 1);
    take_good(5, 2); /* two were lost */
    assert_int_equal(sk_view_applied(&fixture.view), 0xc);
    fixture.plan.snapshot_divisor = 3;
    assert_int_equal(sk_view_applied(&fixture.view), 0x1);
    fixture.plan.snapshot_divisor = 1;
    for (uint32_t tick = 6; tick < 40; tick++) {
        take_good(tick, tick - 1);
    }
    assert_int_equal(sk_view_applied(&fixture.view), 0x7fffffff); /* all that it keeps */
    take_good(40 + 32, 0);
    assert_int_equal(sk_view_applied(&fixture.view), 0);
    take_good(40 + 33, 40 + 32);
    assert_int_equal(sk_view_applied(&fixture.view), 0x1);
}

/* --- drawing ------------------------------------------------------------------------------- */

struct drawn {
    uint32_t count;
    uint32_t owners[SHIPS];
    double values[SHIPS][3];
};

static void on_draw(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                    const double *values)
{
    struct drawn *drawn = context;
    assert_int_equal(kind, 0);
    drawn->owners[slot] = owner;
    memcpy(drawn->values[slot], values, sizeof(drawn->values[slot]));
    drawn->count++;
}

static struct drawn draw(uint32_t tick, uint8_t fraction)
{
    struct drawn drawn = {0};
    sk_view_draw(&fixture.view, tick, fraction, on_draw, &drawn);
    return drawn;
}

/* Ship 0 at x 100 and then 200, its angle from 250/256 to 6/256, its flag from 1 to 2. */
static void take_two(void)
{
    fixture.world.ships[0].x = 100;
    fixture.world.ships[0].angle = 250 << 8;
    fixture.world.ships[0].flag = 1;
    take_good(10, 0);
    fixture.world.ships[0].x = 200;
    fixture.world.ships[0].angle = 6 << 8;
    fixture.world.ships[0].flag = 2;
}

static void test_view_draws_rows_by_their_predictor(void **state)
{
    (void)state;
    take_two();
    take_good(12, 10);
    struct drawn drawn = draw(10, 128);
    assert_int_equal(drawn.count, 2);
    assert_int_equal(drawn.owners[0], PLAYER);
    assert_int_equal(drawn.owners[3], SK_NO_OWNER);
    assert_true(drawn.values[0][0] == 125);
    assert_true(drawn.values[0][1] == 253 << 8);
    assert_true(drawn.values[0][2] == 1);
    drawn = draw(11, 128);
    assert_true(drawn.values[0][0] == 175);
    assert_true(drawn.values[0][1] == 3 << 8); /* the short way round, past 0 */
}

static void test_view_does_not_interpolate_across_jump_or_generation(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 2; i++) {
        assert_int_equal(init(state), 0);
        fixture.world.ships[0].entity.jump = 0;
        fixture.world.ships[0].entity.generation = 1;
        take_two();
        fixture.world.ships[0].entity.jump = (uint8_t)(1 - i);
        fixture.world.ships[0].entity.generation = (uint8_t)(i + 1);
        take_good(12, 10);
        assert_true(draw(11, 128).values[0][0] == 100);
        assert_true(draw(12, 0).values[0][0] == 200);
    }
}

static void test_view_dead_in_newer_stays_till_then(void **state)
{
    (void)state;
    take_two();
    memset(&fixture.world.ships[0], 0, sizeof(struct ship));
    take_good(12, 10);
    assert_true(draw(11, 0).values[0][0] == 100);
    assert_int_equal(draw(12, 0).count, 1);
}

static void test_view_outside_of_what_is_known_draws_the_nearest(void **state)
{
    (void)state;
    assert_int_equal(draw(5, 0).count, 0);
    take_two();
    take_good(12, 10);
    assert_true(draw(5, 77).values[0][0] == 100);
    assert_true(draw(50, 77).values[0][0] == 200);
}

static void assert_moment(uint32_t tick, uint8_t fraction, struct sk_moment expected)
{
    struct sk_moment moment = sk_view_moment(&fixture.view, tick, fraction);
    assert_int_equal(moment.tick, expected.tick);
    assert_int_equal(moment.interval, expected.interval);
    assert_int_equal(moment.fraction, expected.fraction);
}

static void test_view_moment_names_both_snapshots(void **state)
{
    (void)state;
    assert_moment(10, 0, (struct sk_moment){0});
    take_two();
    take_good(12, 10);
    assert_moment(10, 0, (struct sk_moment){12, 2, 0});
    assert_moment(11, 128, (struct sk_moment){12, 2, 192});
    assert_moment(12, 0, (struct sk_moment){12, 0, 0});
    assert_moment(3, 0, (struct sk_moment){10, 0, 0});
}

/* --- events -------------------------------------------------------------------------------- */

static void test_view_events_come_in_order_when_time_passes_them(void **state)
{
    struct sk_event event;
    (void)state;
    emit(2, SK_TO_ALL, 1);
    emit(3, PLAYER, 2);
    emit(4, SK_TO_ALL, 3);
    take_good(4, 0);
    assert_false(sk_view_take_event(&fixture.view, 1, &event));
    assert_true(sk_view_take_event(&fixture.view, 3, &event));
    assert_int_equal(event.values[0], 1);
    assert_true(sk_view_take_event(&fixture.view, 3, &event));
    assert_int_equal(event.values[0], 2);
    assert_int_equal(event.audience, PLAYER);
    assert_false(sk_view_take_event(&fixture.view, 3, &event));
    assert_true(sk_view_take_event(&fixture.view, 4, &event));
    assert_int_equal(event.audience, SK_TO_ALL);
}

static void test_view_event_sent_again_is_known(void **state)
{
    struct sk_event event;
    (void)state;
    take_good(3, 0);
    emit(4, SK_TO_ALL, 1);
    take_good(5, 3);
    emit(6, SK_TO_ALL, 2);
    take_good(7, 3); /* the ack of 5 was lost: tick 4's comes again */
    assert_true(sk_view_take_event(&fixture.view, 9, &event));
    assert_int_equal(event.tick, 4);
    assert_true(sk_view_take_event(&fixture.view, 9, &event));
    assert_int_equal(event.tick, 6);
    assert_false(sk_view_take_event(&fixture.view, 9, &event));
}

static void test_view_event_of_more_than_a_second_ago_is_not_told(void **state)
{
    struct sk_event event;
    (void)state;
    emit(3, SK_TO_ALL, 1);
    emit(4, SK_TO_ALL, 2);
    take_good(4, 0);
    assert_true(sk_view_take_event(&fixture.view, 4 + HZ, &event));
    assert_int_equal(event.tick, 4);
    assert_false(sk_view_take_event(&fixture.view, 4 + HZ, &event));
}

/* Takes snapshots with one event each, that nobody looks at, up to `last_tick`. */
static void take_unseen(uint32_t last_tick)
{
    for (uint32_t tick = 1; tick <= last_tick; tick++) {
        fixture.event_count = 0;
        emit(tick, SK_TO_ALL, tick % 256);
        take_good(tick, tick - 1);
    }
}

static void test_view_full_of_events_keeps_the_newest(void **state)
{
    enum { LAST = 5 * SK_FRAME_EVENTS_MAX };
    struct sk_event event;
    uint32_t count = 0;
    (void)state;
    take_unseen(LAST);
    while (sk_view_take_event(&fixture.view, LAST, &event)) {
        assert_int_equal(event.tick, LAST - HZ + count);
        count++;
    }
    assert_int_equal(count, HZ + 1);
}

static void test_view_resumed_tells_nothing_twice(void **state)
{
    struct sk_event event;
    (void)state;
    sk_view_resume(&fixture.view, 5);
    emit(5, SK_TO_ALL, 1);
    emit(6, SK_TO_ALL, 2);
    take_good(7, 0);
    assert_true(sk_view_take_event(&fixture.view, 7, &event));
    assert_int_equal(event.tick, 6);
    assert_false(sk_view_take_event(&fixture.view, 7, &event));
    emit(8, SK_TO_ALL, 3);
    take_good(8, 7);
    assert_true(sk_view_take_event(&fixture.view, 8, &event));
    assert_int_equal(event.tick, 8);
}

static void test_view_without_memory_says_so(void **state)
{
    struct sk_view view;
    struct sk_arena arena;
    (void)state;
    size_t cost = sk_view_cost(&fixture.plan);
    void *block = aligned_alloc(16, (cost + 15) / 16 * 16);
    assert_non_null(block);
    for (size_t bytes = 0; bytes < cost; bytes += 16) {
        sk_arena_init(&arena, block, bytes);
        assert_int_equal(sk_view_init(&view, &fixture.plan, &arena), SK_ERR_MEMORY);
    }
    free(block);
}

static int skip_snapshot(void)
{
    return sk_view_skip(&fixture.view, fixture.bytes, fixture.size);
}

static void test_view_skip_knows_tick_and_input_without_decoding(void **state)
{
    (void)state;
    message(1, 0);
    assert_int_equal(skip_snapshot(), SK_OK);
    message(4, 1);
    assert_int_equal(skip_snapshot(), SK_OK); /* against a baseline that was never decoded */
    assert_int_equal(fixture.view.newest_tick, 4);
    assert_int_equal(fixture.view.own.input_tick, 4);
    assert_int_equal(fixture.view.own.player, PLAYER);
    assert_int_equal(sk_view_moment(&fixture.view, 2, 0).tick, 4);
    message(3, 1);
    assert_int_equal(skip_snapshot(), SK_ERR_AGAIN);
    message(6, 4);
    assert_int_equal(take(), SK_ERR_MISMATCH); /* what was skipped is no baseline */
}

static void test_view_skip_refuses_what_take_refuses(void **state)
{
    (void)state;
    message(1, 0);
    size_t whole = fixture.size;
    for (fixture.size = 0; fixture.size < 4; fixture.size++) {
        assert_int_equal(skip_snapshot(), SK_ERR_TRUNCATED);
    }
    fixture.size = whole;
    fixture.bytes[0] = 0;
    assert_int_equal(skip_snapshot(), SK_ERR_PROTOCOL);
    assert_int_equal(fixture.view.newest_tick, 0);
}

#define WITH_VIEW(test) cmocka_unit_test_setup(test, init)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_VIEW(test_view_keyframe_and_delta_give_the_world),
        WITH_VIEW(test_view_exact_rows_of_others_are_not_there),
        WITH_VIEW(test_view_old_snapshot_is_dropped),
        WITH_VIEW(test_view_unknown_baseline_wants_a_keyframe_until_it_comes),
        WITH_VIEW(test_view_takes_a_good_delta_while_it_wishes_a_keyframe),
        WITH_VIEW(test_view_baseline_with_another_hash_is_a_mismatch),
        WITH_VIEW(test_view_cut_message_leaves_all_as_it_was),
        WITH_VIEW(test_view_ring_goes_round),
        WITH_VIEW(test_view_tells_which_snapshots_it_has),
        WITH_VIEW(test_view_draws_rows_by_their_predictor),
        WITH_VIEW(test_view_does_not_interpolate_across_jump_or_generation),
        WITH_VIEW(test_view_dead_in_newer_stays_till_then),
        WITH_VIEW(test_view_outside_of_what_is_known_draws_the_nearest),
        WITH_VIEW(test_view_moment_names_both_snapshots),
        WITH_VIEW(test_view_events_come_in_order_when_time_passes_them),
        WITH_VIEW(test_view_event_sent_again_is_known),
        WITH_VIEW(test_view_event_of_more_than_a_second_ago_is_not_told),
        WITH_VIEW(test_view_full_of_events_keeps_the_newest),
        WITH_VIEW(test_view_resumed_tells_nothing_twice),
        WITH_VIEW(test_view_skip_knows_tick_and_input_without_decoding),
        WITH_VIEW(test_view_skip_refuses_what_take_refuses),
        WITH_VIEW(test_view_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
