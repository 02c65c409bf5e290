/* test_interpolate.c - what is drawn and what a shot is judged at are the same, to the bit; what is
 * extrapolated goes on where snapshots are late. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "sim/rewind.h"
#include "sim/view.h"

enum {
    SHIPS = 2,
    BOLTS = 1,
    BLOCK_BYTES = 1 << 16,
    RING_TICKS = 48,
    LAST_TICK = 45,
    ROWS = 5,
    SEED = 7
};

struct ship {
    struct sk_entity entity;
    int32_t x;
    float height;
    int16_t lean;
    uint16_t angle;
    uint16_t health;
    uint16_t reserved;
};

struct bolt {
    struct sk_entity entity;
    int16_t x;
    uint16_t power;
};

struct world {
    struct sk_world head;
    struct ship ships[SHIPS];
    struct bolt bolts[BOLTS];
};

static const struct sk_field fields[] = {
    SK_REWOUND_FIELD(struct ship, x, subtile, 0, 1048448, 13, SK_LINEAR),
    SK_REWOUND_FIELD(struct ship, height, metre, -2, 3, 11, SK_LINEAR),
    SK_REWOUND_FIELD(struct ship, lean, step, -300, 300, 10, SK_LINEAR),
    SK_REWOUND_FIELD(struct ship, angle, turn, 0, 65536, 8, SK_TURN),
    SK_REWOUND_FIELD(struct ship, health, percent, 0, 100, 7, SK_HOLD),
};
static const struct sk_field bolt_fields[] = {
    SK_EXTRAPOLATED_FIELD(struct bolt, x, step, 0, 1000, 10, SK_LINEAR),
    SK_FIELD(struct bolt, power, step, 0, 1000, 10, SK_LINEAR),
};
static const struct sk_kind kinds[] = {
    {"ship", fields, ROWS, sizeof(struct ship)},
    {"bolt", bolt_fields, 2, sizeof(struct bolt)},
};
static const struct sk_place places[] = {
    {offsetof(struct world, ships), SHIPS},
    {offsetof(struct world, bolts), BOLTS},
};
static const struct sk_rewind ring = {&kinds[0], SHIPS, RING_TICKS};

static struct {
    struct sk_plan plan;
    struct sk_view view;
    struct world world;
    uint32_t words[4096];
    _Alignas(16) uint8_t block[BLOCK_BYTES];
} fixture;

static void begin(void)
{
    struct sk_arena arena;
    memset(&fixture, 0, sizeof(fixture));
    fixture.plan.world_bytes = sizeof(struct world);
    fixture.plan.players_max = 8;
    fixture.plan.tick_hz = 60;
    assert_int_equal(sk_schema_init(&fixture.plan.schema, kinds, 2, places), SK_OK);
    sk_arena_init(&arena, fixture.block, sizeof(fixture.block));
    assert_int_equal(sk_view_init(&fixture.view, &fixture.plan, &arena), SK_OK);
}

/* Ship 1 goes anywhere at each tick; every `gap`th is a snapshot that the view has. */
static void play(uint32_t gap)
{
    begin();
    assert_true(sk_rewind_bytes(&ring) <= sizeof(fixture.words));
    struct ship *ship = &fixture.world.ships[1];
    ship->entity = (struct sk_entity){.alive = 1, .owner = 1};
    for (uint32_t tick = 1; tick <= LAST_TICK; tick++) {
        uint64_t random = sk_mix(SEED + tick);
        ship->x = (int32_t)(random % 1048449);
        ship->height = (float)(random >> 20 & 1023) / 256.0f - 1.5f;
        ship->lean = (int16_t)((int32_t)(random >> 32) % 301);
        ship->angle = (uint16_t)(random >> 48);
        ship->health = (uint16_t)(random >> 8 & 63);
        sk_rewind_record(&ring, fixture.words, fixture.world.ships, tick);
        if (tick % gap == 0) {
            struct sk_frame *frame = &fixture.view.frames[tick / gap];
            sk_frame_extract(frame, &fixture.plan.schema, &fixture.world, tick);
        }
    }
}

static void on_draw(void *context, uint32_t drawn_kind, uint32_t slot, uint32_t owner,
                    const double *values)
{
    double *drawn = context;
    assert_int_equal(drawn_kind, 0);
    assert_int_equal(slot, 1);
    assert_int_equal(owner, 1);
    memcpy(drawn, values, ROWS * sizeof(values[0]));
}

/* A whole member holds the whole number that is nearest, a turn's end its beginning. */
static void assert_member(const struct ship *ship, uint32_t row, double drawn)
{
    double value = fields[row].type == SK_F32 ? (double)(float)drawn : floor(drawn + 0.5);
    value = fields[row].predictor == SK_TURN ? fmod(value, 65536) : value;
    assert_true(sk_member(&fields[row], ship) == value);
}

static void assert_drawn_is_judged(uint32_t tick, uint8_t fraction, uint32_t gap)
{
    double drawn[ROWS] = {0};
    struct ship judged = fixture.world.ships[1];
    struct sk_moment moment = sk_view_moment(&fixture.view, tick, fraction);
    sk_view_draw(&fixture.view, tick, fraction, on_draw, drawn);
    assert_int_equal(moment.tick % gap, 0);
    assert_int_equal(moment.interval, tick >= LAST_TICK ? 0 : gap);
    assert_true(sk_rewind_restore(&ring, fixture.words, 1, &moment, &judged));
    for (uint32_t row = 0; row < ROWS; row++) {
        assert_member(&judged, row, drawn[row]);
    }
}

static void test_interpolate_view_equals_rewind(void **state)
{
    static const uint32_t gaps[] = {3, 6, 9};
    (void)state;
    print_message("seed %d\n", SEED);
    for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
        play(gaps[i]);
        uint32_t end = LAST_TICK / gaps[i] * gaps[i];
        for (uint32_t tick = gaps[i]; tick < end; tick++) {
            for (uint32_t fraction = 0; fraction < SK_FRACTION_ONE; fraction += 5) {
                assert_drawn_is_judged(tick, (uint8_t)fraction, gaps[i]);
            }
        }
    }
}

static void test_interpolate_newest_alone_is_as_it_is(void **state)
{
    (void)state;
    play(9);
    assert_drawn_is_judged(LAST_TICK, 0, 9);
    assert_drawn_is_judged(LAST_TICK + 5, 77, 9);
}

static void test_interpolate_whole_steps_are_the_wires_values(void **state)
{
    (void)state;
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t step = 0; step < 1u << fields[row].bits; step++) {
            uint64_t parts = sk_interpolate(&fields[row], step, 0, 0);
            assert_true(sk_value_of_parts(&fields[row], parts) == sk_value_of(&fields[row], step));
        }
    }
}

/* --- what is extrapolated ------------------------------------------------------------------ */

/* A snapshot with the bolt at `x`, or without it. */
static void take(uint32_t tick, int16_t x)
{
    struct bolt *bolt = &fixture.world.bolts[0];
    *bolt = (struct bolt){.entity = {.alive = x >= 0}};
    bolt->x = x >= 0 ? x : 0;
    bolt->power = x >= 0 ? (uint16_t)x : 0;
    sk_frame_extract(&fixture.view.frames[tick / 3], &fixture.plan.schema, &fixture.world, tick);
}

struct seen {
    uint32_t count;
    double x;
    double power;
};

static void on_bolt(void *context, uint32_t drawn_kind, uint32_t slot, uint32_t owner,
                    const double *values)
{
    struct seen *seen = context;
    assert_int_equal(drawn_kind, 1);
    assert_int_equal(slot, 0);
    (void)owner;
    *seen = (struct seen){seen->count + 1, values[0], values[1]};
}

/* At `tick` + `half` / 2, the bolts `ahead` / 2 ticks later. */
static struct seen look(uint32_t tick, uint32_t half, uint32_t ahead)
{
    struct seen seen = {0};
    fixture.view.ahead = ahead * SK_FRACTION_ONE / 2;
    sk_view_draw(&fixture.view, tick, (uint8_t)(half * SK_FRACTION_ONE / 2), on_bolt, &seen);
    return seen;
}

static void test_view_late_snapshot_is_bridged_for_100_ms(void **state)
{
    (void)state;
    begin();
    take(9, 200);
    take(12, 230);
    assert_true(look(12, 0, 0).x == 230);
    assert_true(fabs(look(12, 0, 1).x - 235) < 0.2); /* 1/256 of the interval */
    assert_true(look(12, 0, 12).x == 290);
    assert_true(look(12, 0, 40).x == 290); /* held */
    assert_true(look(10, 1, 3).x == 230);  /* ahead of the rest, yet between two */
}

static void test_view_rows_of_the_past_do_not_go_on(void **state)
{
    (void)state;
    begin();
    take(9, 200);
    take(12, 230);
    assert_true(look(12, 0, 6).power == 230);
}

static void test_view_flight_goes_on_to_its_end(void **state)
{
    (void)state;
    begin();
    take(9, 200);
    take(12, 230);
    take(15, -1);
    assert_true(look(13, 1, 0).x == 245);
    assert_int_equal(look(14, 1, 0).count, 1);
    assert_int_equal(look(15, 0, 0).count, 0);
}

static void test_view_flight_known_at_one_tick_alone_stands(void **state)
{
    (void)state;
    begin();
    take(9, -1);
    take(12, 230);
    assert_true(look(12, 0, 8).x == 230);
}

static void test_view_flight_keeps_to_the_rows_range(void **state)
{
    (void)state;
    begin();
    take(9, 900);
    take(12, 990);
    assert_true(look(12, 0, 12).x == 1000);
    take(9, 100);
    take(12, 10);
    assert_true(look(12, 0, 12).x == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interpolate_view_equals_rewind),
        cmocka_unit_test(test_interpolate_newest_alone_is_as_it_is),
        cmocka_unit_test(test_interpolate_whole_steps_are_the_wires_values),
        cmocka_unit_test(test_view_late_snapshot_is_bridged_for_100_ms),
        cmocka_unit_test(test_view_rows_of_the_past_do_not_go_on),
        cmocka_unit_test(test_view_flight_goes_on_to_its_end),
        cmocka_unit_test(test_view_flight_known_at_one_tick_alone_stands),
        cmocka_unit_test(test_view_flight_keeps_to_the_rows_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
