/* test_view_launch.c - what is launched between two snapshots is drawn from its launch on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/view.h"

enum { SHIPS = 2, BOLTS = 2, BLOCK_BYTES = 1 << 16, OWNER = 3, SLOT = 1, BOLT = 0 };

struct ship {
    struct sk_entity entity;
    int16_t x;
    uint16_t reserved;
};

struct bolt {
    struct sk_entity entity;
    int16_t x;
    uint8_t key;
    uint8_t power;
};

struct world {
    struct sk_world head;
    struct bolt bolts[BOLTS];
    struct ship ships[SHIPS];
};

static const struct sk_field bolt_fields[] = {
    SK_FIELD(struct bolt, power, step, 0, 255, 8, SK_HOLD),
    SK_EXTRAPOLATED_FIELD(struct bolt, x, step, 0, 1023, 10, SK_LINEAR),
    SK_LAUNCH_FIELD(struct bolt, key),
    SK_SPAWN_KEY_FIELD(struct bolt, key),
};
static const struct sk_field ship_fields[] = {
    SK_REWOUND_FIELD(struct ship, x, step, 0, 1023, 10, SK_LINEAR),
};
static const struct sk_field wide_ship_fields[] = {
    SK_REWOUND_FIELD(struct ship, x, step, 0, 2047, 11, SK_LINEAR),
};
static const struct sk_kind kinds[] = {
    SK_KIND("bolt", bolt_fields, struct bolt),
    SK_KIND("ship", ship_fields, struct ship),
};
static const struct sk_kind wide_kinds[] = {
    SK_KIND("bolt", bolt_fields, struct bolt),
    SK_KIND("ship", wide_ship_fields, struct ship),
};
static const struct sk_place places[] = {
    {offsetof(struct world, bolts), BOLTS},
    {offsetof(struct world, ships), SHIPS},
};

static struct {
    struct sk_plan plan;
    struct sk_view view;
    struct world world;
    uint32_t taken_count;
    _Alignas(16) uint8_t block[BLOCK_BYTES];
} fixture;

/* The owner's ship stands at `x`. */
static void put_ship(int16_t x)
{
    fixture.world.ships[1] = (struct ship){.entity = {.alive = 1, .owner = OWNER}, .x = x};
}

static void put_bolt(int16_t x, uint8_t key)
{
    fixture.world.bolts[SLOT] = (struct bolt){
        .entity = {.alive = 1, .generation = 1, .owner = OWNER}, .x = x, .key = key, .power = 7};
}

static void take(uint32_t tick)
{
    struct sk_frame *frame = &fixture.view.frames[fixture.taken_count++];
    sk_frame_extract(frame, &fixture.plan.schema, &fixture.world, tick);
}

static void begin(const struct sk_kind *of)
{
    struct sk_arena arena;
    memset(&fixture, 0, sizeof(fixture));
    fixture.plan.world_bytes = sizeof(struct world);
    fixture.plan.players_max = 8;
    fixture.plan.tick_hz = 60;
    assert_int_equal(sk_schema_init(&fixture.plan.schema, of, 2, places), SK_OK);
    sk_arena_init(&arena, fixture.block, sizeof(fixture.block));
    assert_int_equal(sk_view_init(&fixture.view, &fixture.plan, &arena), SK_OK);
}

struct seen {
    uint32_t count; /* of bolts */
    uint32_t owner;
    double values[3];
};

static void on_draw(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                    const double *values)
{
    struct seen *seen = context;
    if (kind == BOLT) {
        assert_int_equal(slot, SLOT);
        seen->count++;
        seen->owner = owner;
        memcpy(seen->values, values, sizeof(seen->values));
    }
}

static struct seen look(uint32_t tick, uint8_t fraction)
{
    struct seen seen = {0};
    sk_view_draw(&fixture.view, tick, fraction, on_draw, &seen);
    return seen;
}

/* To 1/256 of the way. */
static void assert_at(uint32_t tick, uint8_t fraction, double x)
{
    struct seen seen = look(tick, fraction);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.owner, OWNER);
    assert_true(seen.values[0] == 7);
    assert_true(fabs(seen.values[1] - x) < 2);
}

/* Snapshots at 300 and 306; the ship goes from 100 to 160; launched in 303, the bolt is at 290. */
static void play(const struct sk_kind *of)
{
    begin(of);
    put_ship(100);
    take(300);
    put_ship(160);
    put_bolt(290, (uint8_t)303);
    take(306);
}

static void test_view_launch_is_drawn_from_its_tick_on(void **state)
{
    (void)state;
    play(kinds);
    assert_int_equal(look(302, 255).count, 0);
    assert_at(303, 0, 120 + 170.0 / 4); /* at 302 the ship was at 120 */
    assert_at(304, 128, 120 + 170.0 * 10 / 16);
    assert_at(305, 255, 290);
    assert_at(306, 0, 290);
}

static void test_view_launch_ahead_of_the_rest_is_drawn_there(void **state)
{
    (void)state;
    play(kinds);
    fixture.view.ahead = 2 * 256;
    assert_int_equal(look(300, 255).count, 0);
    assert_at(303, 0, 120 + 170.0 * 3 / 4);
}

/* At most 100 ms are bridged: 6 ticks, of a gap of 20. */
static void test_view_launch_long_ago_is_drawn_for_100_ms(void **state)
{
    (void)state;
    begin(kinds);
    put_ship(100);
    take(300);
    put_bolt(500, (uint8_t)301);
    take(320);
    assert_int_equal(look(313, 255).count, 0);
    assert_at(314, 0, 100 + 400.0 * 14 / 20);
}

static void test_view_launch_into_a_slot_ends_what_was_there(void **state)
{
    (void)state;
    begin(kinds);
    put_ship(100);
    put_bolt(900, (uint8_t)250);
    take(300);
    put_bolt(400, (uint8_t)302);
    fixture.world.bolts[SLOT].entity.generation = 2;
    take(303);
    assert_at(301, 255, 900);
    assert_at(302, 0, 250);
}

/* 256 ticks after its launch, a bolt that flies on has the key of one just launched. */
static void test_view_launch_of_256_ticks_ago_is_none(void **state)
{
    (void)state;
    begin(kinds);
    put_ship(100);
    put_bolt(600, (uint8_t)302);
    take(300);
    put_bolt(630, (uint8_t)302);
    take(303);
    assert_at(302, 0, 620);
}

static void test_view_launch_of_a_dead_owner_begins_where_he_was(void **state)
{
    (void)state;
    begin(kinds);
    put_ship(100);
    take(300);
    fixture.world.ships[1] = (struct ship){0};
    put_bolt(290, (uint8_t)303);
    take(306);
    assert_at(303, 0, 100 + 190.0 / 4);
}

static void test_view_launch_from_nowhere_waits_for_its_snapshot(void **state)
{
    (void)state;
    play(wide_kinds); /* its owner's rows are of another sort */
    assert_int_equal(look(305, 255).count, 0);
    assert_int_equal(look(306, 0).count, 1);
    begin(kinds); /* its owner has no ship */
    take(300);
    put_bolt(290, (uint8_t)303);
    take(306);
    assert_int_equal(look(305, 255).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_launch_is_drawn_from_its_tick_on),
        cmocka_unit_test(test_view_launch_ahead_of_the_rest_is_drawn_there),
        cmocka_unit_test(test_view_launch_long_ago_is_drawn_for_100_ms),
        cmocka_unit_test(test_view_launch_into_a_slot_ends_what_was_there),
        cmocka_unit_test(test_view_launch_of_256_ticks_ago_is_none),
        cmocka_unit_test(test_view_launch_of_a_dead_owner_begins_where_he_was),
        cmocka_unit_test(test_view_launch_from_nowhere_waits_for_its_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
