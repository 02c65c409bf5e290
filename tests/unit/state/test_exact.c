/* test_exact.c - an owner's members come back bit for bit, near what others see or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "state/exact.h"
#include "support/end_of_page.h"

enum { SHIPS = 3, PLAYER = 5, STREAM_BYTES = 256 };

struct ship {
    struct sk_entity entity;
    int32_t x;
    uint32_t fuel;
    float heat;
    int16_t speed;
    uint16_t angle;
    uint8_t health;
    int8_t lean;
    uint16_t reserved;
};

static const struct sk_field fields[] = {
    SK_FIELD(struct ship, x, step, -1000, 100000, 12, SK_LINEAR),
    SK_FIELD(struct ship, fuel, litre, 0, 4294967295.0, 4, SK_HOLD), /* too coarse to help */
    SK_FIELD(struct ship, heat, kelvin, -1, 1, 8, SK_LINEAR),
    SK_FIELD(struct ship, angle, turn, 0, 65536, 8, SK_TURN),
    SK_FIELD(struct ship, health, percent, 0, 127, 7, SK_HOLD),
    SK_FIELD(struct ship, lean, none, -100, 100, 3, SK_HOLD),
    SK_OWN_FIELD(struct ship, x, step),
    SK_OWN_FIELD(struct ship, fuel, litre),
    SK_OWN_FIELD(struct ship, heat, kelvin),
    SK_OWN_FIELD(struct ship, speed, step),
    SK_OWN_FIELD(struct ship, angle, turn),
    SK_OWN_FIELD(struct ship, health, percent),
    SK_OWN_FIELD(struct ship, lean, none),
};
static const struct sk_kind kinds[] = {{"ship", fields, 13, sizeof(struct ship)}};
static const struct sk_place places[] = {{0, SHIPS}};

/* The ships as the server has them, as others see them, and as the owner reads them. */
struct fixture {
    struct sk_schema schema;
    struct sk_frame frame;
    struct ship ships[SHIPS];
    struct ship got[SHIPS];
    uint8_t bytes[STREAM_BYTES];
    uint32_t bits;
    size_t size;
    _Alignas(16) uint8_t block[1024];
};

static struct fixture fixture;

static int init(void **state)
{
    struct sk_arena arena;
    (void)state;
    memset(&fixture, 0, sizeof(fixture));
    for (uint16_t i = 0; i < SHIPS; i++) {
        fixture.ships[i].entity = (struct sk_entity){.alive = 1, .owner = PLAYER};
    }
    sk_arena_init(&arena, fixture.block, sizeof(fixture.block));
    int result = sk_schema_init(&fixture.schema, kinds, 1, places);
    return result == SK_OK ? sk_frame_init(&fixture.frame, &fixture.schema, &arena) : -1;
}

static void write_ships(void)
{
    struct sk_bit_writer writer;
    sk_frame_extract(&fixture.frame, &fixture.schema, fixture.ships, 1);
    sk_frame_apply(&fixture.frame, &fixture.schema, fixture.got);
    sk_bits_start_write(&writer, fixture.bytes, STREAM_BYTES);
    sk_exact_write(&fixture.schema, fixture.ships, PLAYER, &writer);
    fixture.bits = (uint32_t)writer.used_bytes * 8 + writer.pending_count;
    int size = sk_bits_end_write(&writer);
    assert_true(size > 0);
    fixture.size = (size_t)size;
}

static int read_ships(const uint8_t *bytes, size_t size)
{
    struct sk_bit_reader reader;
    sk_bits_start_read(&reader, bytes, size);
    int result = sk_exact_read(&fixture.schema, &fixture.frame, PLAYER, fixture.got, &reader);
    return result == SK_OK ? sk_bits_end_read(&reader) : result;
}

static void check_come_back(void)
{
    write_ships();
    assert_int_equal(read_ships(fixture.bytes, fixture.size), SK_OK);
    assert_memory_equal(fixture.got, fixture.ships, sizeof(fixture.ships));
}

static void test_exact_any_values_come_back(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 5000; i++) {
        struct ship *ship = &fixture.ships[i % SHIPS];
        ship->x = (int32_t)sk_random(1, i, 0, 1) >> (i % 32);
        ship->fuel = sk_random(1, i, 0, 2) >> (i % 32);
        ship->heat = (float)(int32_t)sk_random(1, i, 0, 3) / 1e9f;
        ship->speed = (int16_t)sk_random(1, i, 0, 4);
        ship->angle = (uint16_t)sk_random(1, i, 0, 5);
        ship->health = (uint8_t)sk_random(1, i, 0, 6);
        ship->lean = (int8_t)sk_random(1, i, 0, 7);
        check_come_back();
    }
}

static void test_exact_what_others_see_costs_a_bit(void **state)
{
    (void)state;
    check_come_back();
    uint32_t idle_bits = fixture.bits;
    for (uint32_t i = 0; i < SHIPS; i++) {
        fixture.ships[i].health = 99; /* a step of 1: nothing is missing */
    }
    check_come_back();
    assert_int_equal(fixture.bits, idle_bits);
    fixture.ships[0].speed = 1;
    check_come_back();
    assert_int_equal(fixture.bits, idle_bits + 16);
    fixture.ships[0].x += 12;
    check_come_back();
    assert_int_equal(fixture.bits, idle_bits + 16);
}

static void test_exact_cut_is_truncated(void **state)
{
    (void)state;
    fixture.ships[1].fuel = 77;
    write_ships();
    for (size_t size = 0; size < fixture.size; size++) {
        struct end_of_page page = end_of_page_copy(fixture.bytes, size);
        assert_int_equal(read_ships(page.bytes, size), SK_ERR_TRUNCATED);
        end_of_page_free(&page);
    }
}

/* A value written in full that is near, then one that is far from what everybody sees. */
static void test_exact_far_where_near_does_is_refused(void **state)
{
    struct sk_bit_writer writer;
    (void)state;
    write_ships();
    for (uint32_t far = 0; far < 2; far++) {
        sk_bits_start_write(&writer, fixture.bytes, STREAM_BYTES);
        sk_bits_write(&writer, 1, 1);
        sk_bits_write(&writer, far * 1000, 32);
        for (uint32_t i = 0; i < 40; i++) {
            sk_bits_write(&writer, 0, 8);
        }
        int result = read_ships(fixture.bytes, (size_t)sk_bits_end_write(&writer));
        assert_int_equal(result, SK_ERR_RANGE);
    }
}

static void test_exact_others_rows_do_not_come(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SHIPS; i++) {
        fixture.ships[i].entity.owner = PLAYER + 1;
    }
    struct sk_bit_writer writer;
    sk_bits_start_write(&writer, fixture.bytes, STREAM_BYTES);
    sk_exact_write(&fixture.schema, fixture.ships, PLAYER, &writer);
    assert_int_equal(sk_bits_end_write(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_exact_any_values_come_back, init),
        cmocka_unit_test_setup(test_exact_what_others_see_costs_a_bit, init),
        cmocka_unit_test_setup(test_exact_cut_is_truncated, init),
        cmocka_unit_test_setup(test_exact_far_where_near_does_is_refused, init),
        cmocka_unit_test_setup(test_exact_others_rows_do_not_come, init),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
