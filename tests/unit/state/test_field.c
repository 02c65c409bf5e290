/* test_field.c - a table that breaks a rule is refused, and values keep to the wire's grid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "state/field.h"

struct ship {
    struct sk_entity entity;
    int32_t x;
    float heat;
    uint16_t angle;
    uint8_t health;
    int8_t lean;
};

enum { ROW_X, ROW_HEAT, ROW_ANGLE, ROW_HEALTH, ROW_LEAN, ROW_OWN_X, ROW_COUNT };

static const struct sk_field good_fields[ROW_COUNT] = {
    SK_FIELD(struct ship, x, subtile, 0, 100000, 12, SK_LINEAR),
    SK_FIELD(struct ship, heat, kelvin, -1, 1, 8, SK_HOLD),
    SK_FIELD(struct ship, angle, turn, 0, 65536, 8, SK_TURN),
    SK_FIELD(struct ship, health, percent, 0, 100, 7, SK_HOLD),
    SK_FIELD(struct ship, lean, none, -5, 5, 4, SK_HOLD),
    SK_OWN_FIELD(struct ship, x, subtile),
};

/* Makes a schema of one kind with a row replaced. */
static int init_with(uint32_t row, struct sk_field replaced, struct sk_place place)
{
    struct sk_field fields[ROW_COUNT];
    for (uint32_t i = 0; i < ROW_COUNT; i++) {
        fields[i] = i == row ? replaced : good_fields[i];
    }
    const struct sk_kind kind = {"ship", fields, ROW_COUNT, sizeof(struct ship)};
    struct sk_schema schema;
    return sk_schema_init(&schema, &kind, 1, &place);
}

static struct sk_field changed(uint32_t row, uint16_t offset, uint8_t bits, double min, double max)
{
    struct sk_field field = good_fields[row];
    field.offset = offset;
    field.bits = bits;
    field.min = min;
    field.max = max;
    return field;
}

static void test_field_good_table_gives_row_counts(void **state)
{
    (void)state;
    const struct sk_kind kinds[] = {
        {"ship", good_fields, ROW_COUNT, sizeof(struct ship)},
        {"shot", good_fields, 1, sizeof(struct ship)},
    };
    const struct sk_place places[] = {{64, 65}, {8192, 3}};
    struct sk_schema schema;

    assert_int_equal(sk_schema_init(&schema, kinds, 2, places), SK_OK);
    assert_int_equal(schema.row_counts[0], 2 + 5);
    assert_int_equal(schema.value_starts[1], 65 * 7);
    assert_int_equal(schema.alive_starts[1], 2);
    assert_int_equal(schema.value_count, 65 * 7 + 3 * 3);
    assert_int_equal(schema.alive_words, 3);
}

/* Each row is the good table but for one fault. */
static void test_field_one_fault_is_refused(void **state)
{
    (void)state;
    const struct sk_place place = {64, 4};
    struct sk_field exact_early = good_fields[ROW_OWN_X];
    struct sk_field nameless = good_fields[ROW_X];
    struct sk_field resting = good_fields[ROW_HEALTH];
    nameless.name = NULL;
    resting.flags = SK_EXTRAPOLATED;

    assert_int_equal(init_with(ROW_X, good_fields[ROW_X], place), SK_OK);
    assert_int_equal(init_with(ROW_X, nameless, place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, changed(ROW_X, 0, 12, 0, 9), place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, changed(ROW_X, 9, 12, 0, 9), place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, changed(ROW_X, sizeof(struct ship), 12, 0, 9), place),
                     SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, changed(ROW_X, 8, 0, 0, 9), place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, changed(ROW_X, 8, 33, 0, 9), place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, changed(ROW_X, 8, 12, 9, 9), place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, changed(ROW_X, 8, 12, 0.5, 9), place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_HEALTH, changed(ROW_HEALTH, 18, 7, 0, 256), place),
                     SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_OWN_X, changed(ROW_OWN_X, 8, 31, 0, 0), place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, exact_early, place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_HEALTH, resting, place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, good_fields[ROW_X], (struct sk_place){64, 0}), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_X, good_fields[ROW_X], (struct sk_place){66, 4}), SK_ERR_CONFIG);
    assert_int_equal(
        init_with(ROW_X, good_fields[ROW_X], (struct sk_place){SK_WORLD_BYTES_MAX - 4, 4}),
        SK_ERR_CONFIG);
}

/* A key is an exact byte, and a kind has one. */
static void test_field_key_that_is_none_is_refused(void **state)
{
    (void)state;
    const struct sk_place place = {64, 4};
    struct sk_field key = SK_SPAWN_KEY_FIELD(struct ship, health);
    struct sk_field wide = good_fields[ROW_OWN_X];
    struct sk_field quantised = good_fields[ROW_HEALTH];
    struct sk_field shared = good_fields[ROW_HEALTH];
    struct sk_field two[] = {key, key};
    const struct sk_kind kind = {"ship", two, 2, sizeof(struct ship)};
    struct sk_schema schema;
    wide.flags |= SK_KEY;
    quantised.flags |= SK_KEY;
    shared.flags |= SK_SHARED;
    assert_int_equal(init_with(ROW_OWN_X, key, place), SK_OK);
    assert_int_equal(init_with(ROW_OWN_X, wide, place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_HEALTH, quantised, place), SK_ERR_CONFIG);
    assert_int_equal(init_with(ROW_HEALTH, shared, place), SK_ERR_CONFIG);
    assert_int_equal(sk_schema_init(&schema, &kind, 1, &place), SK_ERR_CONFIG);
}

/* What everybody is told of a key is the whole byte of the exact one, of a kind that flies. */
static void test_field_launch_that_is_none_is_refused(void **state)
{
    (void)state;
    const struct sk_place place = {64, 4};
    const struct sk_field key = SK_SPAWN_KEY_FIELD(struct ship, health);
    const struct sk_field launch = SK_LAUNCH_FIELD(struct ship, health);
    struct sk_field x = SK_EXTRAPOLATED_FIELD(struct ship, x, subtile, 0, 100000, 12, SK_LINEAR);
    struct sk_field fields[] = {x, launch, key};
    const struct sk_kind kind = {"ship", fields, 3, sizeof(struct ship)};
    const struct sk_kind keyless = {"ship", fields, 2, sizeof(struct ship)};
    struct sk_schema schema;
    assert_int_equal(sk_schema_init(&schema, &kind, 1, &place), SK_OK);
    assert_int_equal(sk_schema_init(&schema, &keyless, 1, &place), SK_ERR_CONFIG);
    fields[1].bits = 7;
    assert_int_equal(sk_schema_init(&schema, &kind, 1, &place), SK_ERR_CONFIG);
    fields[1] = launch;
    fields[1].max = 127;
    assert_int_equal(sk_schema_init(&schema, &kind, 1, &place), SK_ERR_CONFIG);
    fields[1] = launch;
    fields[2].offset = offsetof(struct ship, lean);
    assert_int_equal(sk_schema_init(&schema, &kind, 1, &place), SK_ERR_CONFIG);
    fields[2] = key;
    fields[0].flags = 0;
    assert_int_equal(sk_schema_init(&schema, &kind, 1, &place), SK_ERR_CONFIG);
}

static void test_field_small_integers_survive_the_wire(void **state)
{
    (void)state;
    for (int value = -5; value <= 5; value++) {
        struct ship ship = {.lean = (int8_t)value};
        uint32_t quantised = sk_quantise(&good_fields[ROW_LEAN], &ship);
        assert_int_equal(quantised, value + 5);
        ship.lean = 99;
        sk_dequantise(&good_fields[ROW_LEAN], quantised, &ship);
        assert_int_equal(ship.lean, value);
    }
}

static void test_field_outside_the_range_is_clamped(void **state)
{
    (void)state;
    struct ship ship = {.health = 200, .x = -7, .heat = 5.0f};
    assert_int_equal(sk_quantise(&good_fields[ROW_HEALTH], &ship), 100);
    assert_int_equal(sk_quantise(&good_fields[ROW_X], &ship), 0);
    assert_int_equal(sk_quantise(&good_fields[ROW_HEAT], &ship), 255);
    ship.heat = __builtin_nanf("");
    assert_int_equal(sk_quantise(&good_fields[ROW_HEAT], &ship), 0);
}

/* A value read back is quantised to the step it came from, whatever the row. */
static void test_field_every_step_round_trips(void **state)
{
    (void)state;
    for (uint32_t row = 0; row < ROW_OWN_X; row++) {
        const struct sk_field *field = &good_fields[row];
        for (uint32_t step = 0; step < 1u << field->bits; step++) {
            if (field->min + step > field->max && row != ROW_HEAT) {
                break; /* an integer that is carried as it is: the rest is not used */
            }
            struct ship ship = {0};
            sk_dequantise(field, step, &ship);
            assert_int_equal(sk_quantise(field, &ship), step);
        }
    }
}

static void test_field_turn_wraps(void **state)
{
    (void)state;
    struct ship ship = {.angle = 65535};
    assert_int_equal(sk_quantise(&good_fields[ROW_ANGLE], &ship), 0);
    ship.angle = 65535 - 128;
    assert_int_equal(sk_quantise(&good_fields[ROW_ANGLE], &ship), 255);
}

static void test_field_exact_carries_every_bit(void **state)
{
    (void)state;
    struct ship ship = {.x = -123456789, .lean = -1};
    struct ship copy = {0};
    sk_set_exact(&good_fields[ROW_OWN_X], sk_exact(&good_fields[ROW_OWN_X], &ship), &copy);
    assert_int_equal(copy.x, ship.x);
    assert_int_equal(sk_exact(&good_fields[ROW_LEAN], &ship), 255);
}

static uint64_t hash_of(const struct sk_field *fields, uint32_t capacity)
{
    const struct sk_kind kind = {"ship", fields, 2, sizeof(struct ship)};
    const struct sk_place place = {64, capacity};
    struct sk_schema schema;
    assert_int_equal(sk_schema_init(&schema, &kind, 1, &place), SK_OK);
    return sk_schema_hash(&schema);
}

static void test_field_swapped_rows_change_the_schema_hash(void **state)
{
    (void)state;
    const struct sk_field swapped[] = {good_fields[1], good_fields[0]};
    assert_true(hash_of(good_fields, 4) == hash_of(good_fields, 4));
    assert_true(hash_of(good_fields, 4) != hash_of(swapped, 4));
    assert_true(hash_of(good_fields, 4) != hash_of(good_fields, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_field_good_table_gives_row_counts),
        cmocka_unit_test(test_field_one_fault_is_refused),
        cmocka_unit_test(test_field_key_that_is_none_is_refused),
        cmocka_unit_test(test_field_launch_that_is_none_is_refused),
        cmocka_unit_test(test_field_small_integers_survive_the_wire),
        cmocka_unit_test(test_field_outside_the_range_is_clamped),
        cmocka_unit_test(test_field_every_step_round_trips),
        cmocka_unit_test(test_field_turn_wraps),
        cmocka_unit_test(test_field_exact_carries_every_bit),
        cmocka_unit_test(test_field_swapped_rows_change_the_schema_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
