/* test_interpolate.c - what is drawn and what a shot is judged at are the same, to the bit. */
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

enum { SHIPS = 2, BLOCK_BYTES = 1 << 16, RING_TICKS = 48, LAST_TICK = 45, ROWS = 5, SEED = 7 };

struct ship {
    struct sk_entity entity;
    int32_t x;
    float height;
    int16_t lean;
    uint16_t angle;
    uint16_t health;
    uint16_t reserved;
};

struct world {
    struct sk_world head;
    struct ship ships[SHIPS];
};

static const struct sk_field fields[] = {
    SK_REWOUND_FIELD(struct ship, x, subtile, 0, 1048448, 13, SK_LINEAR),
    SK_REWOUND_FIELD(struct ship, height, metre, -2, 3, 11, SK_LINEAR),
    SK_REWOUND_FIELD(struct ship, lean, step, -300, 300, 10, SK_LINEAR),
    SK_REWOUND_FIELD(struct ship, angle, turn, 0, 65536, 8, SK_TURN),
    SK_REWOUND_FIELD(struct ship, health, percent, 0, 100, 7, SK_HOLD),
};
static const struct sk_kind kind = {"ship", fields, ROWS, sizeof(struct ship)};
static const struct sk_place place = {offsetof(struct world, ships), SHIPS};
static const struct sk_rewind ring = {&kind, SHIPS, RING_TICKS};

static struct {
    struct sk_plan plan;
    struct sk_view view;
    struct world world;
    uint32_t words[4096];
    _Alignas(16) uint8_t block[BLOCK_BYTES];
} fixture;

/* Ship 1 goes anywhere at each tick; every `gap`th is a snapshot that the view has. */
static void play(uint32_t gap)
{
    struct sk_arena arena;
    memset(&fixture, 0, sizeof(fixture));
    fixture.plan.world_bytes = sizeof(struct world);
    fixture.plan.players_max = 8;
    fixture.plan.tick_hz = 60;
    assert_int_equal(sk_schema_init(&fixture.plan.schema, &kind, 1, &place), SK_OK);
    sk_arena_init(&arena, fixture.block, sizeof(fixture.block));
    assert_int_equal(sk_view_init(&fixture.view, &fixture.plan, &arena), SK_OK);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interpolate_view_equals_rewind),
        cmocka_unit_test(test_interpolate_newest_alone_is_as_it_is),
        cmocka_unit_test(test_interpolate_whole_steps_are_the_wires_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
