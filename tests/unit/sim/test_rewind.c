/* test_rewind.c - the past is given back as it was drawn, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/entity.h"
#include "sim/rewind.h"

struct ship {
    struct sk_entity entity;
    int32_t x;
    uint16_t angle;
    uint16_t health;
};

static const struct sk_field fields[] = {
    SK_REWOUND_FIELD(struct ship, x, subtile, -1000, 1000, 11, SK_LINEAR),
    SK_REWOUND_FIELD(struct ship, angle, turn, 0, 65536, 8, SK_TURN),
    SK_FIELD(struct ship, health, percent, 0, 100, 7, SK_HOLD),
};
static const struct sk_kind kind = {"ship", fields, 3, sizeof(struct ship)};
static const struct sk_rewind rewind_ring = {&kind, 2, 8};

struct past {
    struct ship ships[2];
    uint32_t words[256];
};

/* Ship 1 flies by 10 a tick from -100 and turns through 0, for ticks 1 .. 12. */
static void fly(struct past *past)
{
    memset(past, 0, sizeof(*past));
    assert_true(sk_rewind_bytes(&rewind_ring) <= sizeof(past->words));
    sk_entity_take(&past->ships[1], sizeof(struct ship), 1);
    past->ships[1].health = 50;
    for (uint32_t tick = 1; tick <= 12; tick++) {
        past->ships[1].x = -100 + 10 * (int32_t)tick;
        past->ships[1].angle = (uint16_t)(1000 * tick - 10000);
        sk_rewind_record(&rewind_ring, past->words, past->ships, tick);
    }
}

static void test_rewind_between_two_ticks_is_as_drawn(void **state)
{
    (void)state;
    struct past past;
    fly(&past);
    struct ship seen = past.ships[1];
    const struct sk_moment moment = {.tick = 11, .interval = 3, .fraction = 128};

    assert_true(sk_rewind_restore(&rewind_ring, past.words, 1, &moment, &seen));
    assert_int_equal(seen.x, -5);
    assert_int_equal(seen.angle, (uint16_t)(254 << 8));
    assert_int_equal(seen.health, 50);
}

static void test_rewind_further_than_the_ring_is_refused(void **state)
{
    (void)state;
    struct past past;
    fly(&past);
    struct ship seen = past.ships[1];
    const struct sk_moment lost = {.tick = 7, .interval = 3};
    const struct sk_moment kept = {.tick = 8, .interval = 3};

    assert_false(sk_rewind_restore(&rewind_ring, past.words, 1, &lost, &seen));
    assert_int_equal(seen.x, 20);
    assert_true(sk_rewind_restore(&rewind_ring, past.words, 1, &kept, &seen));
    assert_int_equal(seen.x, -50);
}

static void test_rewind_of_the_dead_and_the_jumped_is_refused(void **state)
{
    (void)state;
    struct past past;
    fly(&past);
    struct ship seen = past.ships[1];
    const struct sk_moment moment = {.tick = 12, .interval = 3};

    assert_false(sk_rewind_restore(&rewind_ring, past.words, 0, &moment, &past.ships[0]));
    seen.entity.jump++;
    assert_false(sk_rewind_restore(&rewind_ring, past.words, 1, &moment, &seen));
    seen.entity.jump--;
    seen.entity.generation++;
    assert_false(sk_rewind_restore(&rewind_ring, past.words, 1, &moment, &seen));
}

static void test_rewind_age_is_of_the_moment_looked_at(void **state)
{
    (void)state;
    struct sk_input input = {.view_tick = 90, .view_interval = 3, .view_fraction = 64};
    assert_int_equal(sk_rewind_age(&input, 100), 10 * 256 + 3 * 192);
    struct sk_moment moment = sk_rewind_moment_of_age(sk_rewind_age(&input, 100), 100, 3);
    assert_int_equal(moment.tick, 90);
    assert_int_equal(moment.interval, 3);
    assert_int_equal(moment.fraction, 64);
    input.view_tick = 0;
    assert_int_equal(sk_rewind_age(&input, 100), 0);
}

/* The ring has what is up to now: the next snapshot's tick is not in it. */
static void test_rewind_age_behind_the_newest_snapshot_is_before_now(void **state)
{
    (void)state;
    for (uint32_t age = 1; age < 512; age++) {
        struct sk_moment moment = sk_rewind_moment_of_age(age, 101, 3);
        uint32_t older = moment.tick - moment.interval;
        uint32_t at = older * 256 + moment.interval * moment.fraction;
        assert_int_equal(older, 99);
        assert_int_equal(moment.tick, 101);
        assert_in_range(101 * 256 - age - at, 0, 1);
    }
}

/* What flies and whom it is judged by are drawn in one moment: flown less the age that is left is
 * that moment. */
static void test_rewind_flown_meets_the_age_that_is_left(void **state)
{
    (void)state;
    enum { PAST = 15, AGE = 16 * 256 };
    uint32_t before = 0;
    assert_int_equal(sk_rewind_past_ticks(60), PAST);
    for (uint32_t passed = 0; passed < 60 * 256; passed += 16) {
        uint32_t flown = sk_rewind_flown(AGE, passed, PAST);
        uint32_t left = flown < PAST * 256 ? AGE - AGE * flown / (PAST * 256) : 0;
        assert_in_range(flown + AGE - left + 2 - passed, 0, 4);
        assert_true(passed == 0 || flown > before); /* it never stands */
        before = flown;
    }
    assert_int_equal(sk_rewind_age_left(AGE, 0, PAST), AGE);
    assert_int_equal(sk_rewind_age_left(AGE, 5, PAST), AGE * 2 / 3);
    assert_int_equal(sk_rewind_age_left(AGE, PAST + 1, PAST), 0);
}

static void test_entity_slot_keeps_its_generation_over_death(void **state)
{
    (void)state;
    struct ship ships[2] = {0};
    sk_entity_take(&ships[0], sizeof(struct ship), 4);
    ships[0].x = 5;
    assert_ptr_equal(sk_entity_find_dead(ships, sizeof(struct ship), 2), &ships[1]);
    assert_null(sk_entity_find_dead(ships, sizeof(struct ship), 1));
    sk_entity_free(&ships[0], sizeof(struct ship));
    assert_int_equal(ships[0].x, 0);
    assert_int_equal(ships[0].entity.alive, 0);
    sk_entity_take(&ships[0], sizeof(struct ship), 4);
    assert_int_equal(ships[0].entity.generation, 2);
    assert_int_equal(ships[0].entity.owner, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rewind_between_two_ticks_is_as_drawn),
        cmocka_unit_test(test_rewind_further_than_the_ring_is_refused),
        cmocka_unit_test(test_rewind_of_the_dead_and_the_jumped_is_refused),
        cmocka_unit_test(test_rewind_age_is_of_the_moment_looked_at),
        cmocka_unit_test(test_rewind_age_behind_the_newest_snapshot_is_before_now),
        cmocka_unit_test(test_rewind_flown_meets_the_age_that_is_left),
        cmocka_unit_test(test_entity_slot_keeps_its_generation_over_death),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
