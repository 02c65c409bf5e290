/* test_snapshot.c - heads and own parts come back; one fault anywhere is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "state/snapshot.h"
#include "support/end_of_page.h"

enum { TICK = 1000, PLAYER = 3, BOXES = 4, WORLD_BYTES = 4096, EVENTS = 300 };

struct box {
    struct sk_entity entity;
    uint16_t x;
    uint16_t load;
    float heat;
};

struct bang {
    uint8_t power;
};

static const struct sk_field box_fields[] = {
    SK_FIELD(struct box, x, step, 0, 65535, 12, SK_LINEAR),
    SK_OWN_FIELD(struct box, load, piece),
    SK_OWN_FIELD(struct box, heat, kelvin),
};
static const struct sk_field bang_fields[] = {
    SK_FIELD(struct bang, power, step, 0, 255, 8, SK_HOLD),
};
static const struct sk_kind kinds[] = {{"box", box_fields, 3, sizeof(struct box)}};
static const struct sk_event_type event_types[] = {{"bang", bang_fields, 1, sizeof(struct bang)}};
static const struct sk_place places[] = {{64, BOXES}};

/* A world of boxes of which the player owns the first two, its frame, and what was read. */
struct fixture {
    struct sk_schema schema;
    struct sk_frame frame;
    struct sk_event sent[EVENTS];
    struct sk_event got[EVENTS];
    struct sk_events events;
    uint8_t out[SK_OWN_PART_BYTES_MAX];
    _Alignas(16) uint8_t frame_bytes[1024];
    _Alignas(16) uint8_t world[WORLD_BYTES];
    _Alignas(16) uint8_t read_world[WORLD_BYTES];
};

static struct box *box_at(uint8_t *world, uint32_t slot)
{
    return (struct box *)(void *)(world + places[0].offset_bytes) + slot;
}

static void init(struct fixture *fixture)
{
    struct sk_arena arena;
    memset(fixture, 0, sizeof(*fixture));
    assert_int_equal(sk_schema_init(&fixture->schema, kinds, 1, places), SK_OK);
    assert_int_equal(sk_schema_set_events(&fixture->schema, event_types, 1), SK_OK);
    for (uint32_t slot = 0; slot < BOXES; slot++) {
        uint16_t owner = slot < 2 ? PLAYER : slot == 2 ? PLAYER + 1 : SK_NO_OWNER;
        *box_at(fixture->world, slot) = (struct box){
            {.alive = 1, .owner = owner}, (uint16_t)(slot * 100), (uint16_t)(7 + slot), 0.5f};
    }
    sk_arena_init(&arena, fixture->frame_bytes, sizeof(fixture->frame_bytes));
    assert_int_equal(sk_frame_init(&fixture->frame, &fixture->schema, &arena), SK_OK);
    sk_frame_extract(&fixture->frame, &fixture->schema, fixture->world, TICK);
    sk_frame_apply(&fixture->frame, &fixture->schema, fixture->read_world);
    fixture->events =
        (struct sk_events){.events = fixture->got, .capacity = EVENTS, .schema = &fixture->schema};
    for (uint32_t i = 0; i < EVENTS; i++) {
        fixture->sent[i] =
            (struct sk_event){.tick = TICK - 200 + i / 2, .audience = PLAYER, .values = {i & 255}};
    }
}

static const struct sk_own_part usual = {
    .tick = TICK,
    .input_tick = TICK + 3,
    .newest_sixteenths = 9,
    .margin_sixteenths = -17,
    .repeated = 0x8101,
    .dropped_ticks = 777,
    .tells_dropped = true,
    .command_number = 201,
    .tells_command = true,
    .has_player = true,
    .player = PLAYER,
};

static int write_part(struct fixture *fixture, const struct sk_own_part *own, uint32_t count)
{
    struct sk_event_list events = {fixture->sent, count};
    return sk_own_part_write(own, &fixture->schema, fixture->world, events, fixture->out,
                             sizeof(fixture->out));
}

static int read_part(struct fixture *fixture, struct sk_own_part *own, const uint8_t *bytes,
                     size_t size)
{
    fixture->events.count = 0;
    return sk_own_part_read(own, &fixture->schema, &fixture->frame, fixture->read_world,
                            &fixture->events, bytes, size);
}

/* --- head ---------------------------------------------------------------------------------- */

static const struct sk_snapshot_head heads[] = {
    {1, 0, 0, 0},
    {127, 3, 0xabcd, 0},
    {128, 62, 0xffff, 200},
    {16384, 63, 1, SK_OWN_PART_BYTES_MAX},
    {0xffffffff, 64, 0x8000, 1},
    {0xffffffff, 0xfffffffe, 0, 9},
};
enum { HEAD_COUNT = sizeof(heads) / sizeof(heads[0]) };

static void test_snapshot_heads_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < HEAD_COUNT; i++) {
        uint8_t bytes[300] = {0};
        struct sk_snapshot_head head;
        int size = sk_snapshot_write_head(&heads[i], bytes, sizeof(bytes));
        assert_true(size > 0);
        assert_int_equal(bytes[0] & 3, 1);
        size_t whole = (size_t)size + heads[i].own_part_bytes;
        assert_int_equal(sk_snapshot_read_head(&head, bytes, whole), size);
        assert_memory_equal(&head, &heads[i], sizeof(head));
    }
}

static void test_snapshot_usual_head_takes_6_bytes(void **state)
{
    uint8_t bytes[16];
    (void)state;
    struct sk_snapshot_head head = {.tick = 9000, .baseline_ticks = 3, .baseline_hash = 1};
    assert_int_equal(sk_snapshot_write_head(&head, bytes, sizeof(bytes)), 6);
}

static void test_snapshot_cut_head_is_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < HEAD_COUNT; i++) {
        uint8_t bytes[300] = {0};
        struct sk_snapshot_head head;
        int size = sk_snapshot_write_head(&heads[i], bytes, sizeof(bytes));
        size_t whole = (size_t)size + heads[i].own_part_bytes;
        for (size_t cut = 0; cut < whole; cut++) {
            struct end_of_page page = end_of_page_copy(bytes, cut);
            assert_int_equal(sk_snapshot_read_head(&head, page.bytes, cut), SK_ERR_TRUNCATED);
            end_of_page_free(&page);
        }
    }
}

static void test_snapshot_head_without_room_is_full(void **state)
{
    uint8_t bytes[6];
    (void)state;
    struct sk_snapshot_head head = {.tick = 9000, .baseline_ticks = 3, .baseline_hash = 1};
    for (size_t capacity = 0; capacity < sizeof(bytes); capacity++) {
        assert_int_equal(sk_snapshot_write_head(&head, bytes, capacity), SK_ERR_FULL);
    }
}

/* Each row is a head we accept but for one fault. */
static void test_snapshot_head_one_fault_is_refused(void **state)
{
    static const struct {
        const char *fault;
        int want;
        uint8_t bytes[16];
    } rows[] = {
        {"none", 6, {0x0d, 0xa8, 0x46, 1, 0, 0}},
        {"FlatBuffers", SK_ERR_PROTOCOL, {0x0c, 0xa8, 0x46, 1, 0, 0}},
        {"mark 10", SK_ERR_PROTOCOL, {0x0e, 0xa8, 0x46, 1, 0, 0}},
        {"mark 11", SK_ERR_PROTOCOL, {0x0f, 0xa8, 0x46, 1, 0, 0}},
        {"tick of three bytes where two do", SK_ERR_PROTOCOL, {0x0d, 0xa8, 0xc6, 0, 1, 0, 0}},
        {"tick of 33 bits", SK_ERR_PROTOCOL, {0x0d, 0xff, 0xff, 0xff, 0xff, 0x1f, 1, 0, 0}},
        {"tick of six bytes", SK_ERR_PROTOCOL, {0x0d, 0x81, 0x80, 0x80, 0x80, 0x80, 1, 1, 0}},
        {"tick 0", SK_ERR_PROTOCOL, {0x01, 0, 0}},
        {"baseline at tick 0", SK_ERR_PROTOCOL, {0x0d, 3, 1, 0, 0}},
        {"distance above 32 bits", SK_ERR_PROTOCOL, {0xfd, 0xff, 0xff, 0xff, 0xff, 0x0f, 1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_snapshot_head head;
        print_message("  %s\n", rows[i].fault);
        int result = sk_snapshot_read_head(&head, rows[i].bytes, sizeof(rows[i].bytes));
        assert_int_equal(result, rows[i].want);
    }
}

/* --- own part -------------------------------------------------------------------------- */

static void test_snapshot_own_part_comes_back(void **state)
{
    static struct fixture fixture;
    struct sk_own_part got;
    (void)state;
    init(&fixture);
    int size = write_part(&fixture, &usual, 5);
    assert_true(size > 0);
    assert_int_equal(read_part(&fixture, &got, fixture.out, (size_t)size), SK_OK);
    assert_memory_equal(&got, &usual, sizeof(got));
    assert_int_equal(fixture.events.count, 5);
    assert_memory_equal(fixture.got, fixture.sent, 5 * sizeof(struct sk_event));
}

static void test_snapshot_own_part_brings_exact_rows_of_own_entities_alone(void **state)
{
    static struct fixture fixture;
    struct sk_own_part got;
    (void)state;
    init(&fixture);
    int size = write_part(&fixture, &usual, 0);
    assert_int_equal(read_part(&fixture, &got, fixture.out, (size_t)size), SK_OK);
    for (uint32_t slot = 0; slot < BOXES; slot++) {
        const struct box *box = box_at(fixture.read_world, slot);
        assert_int_equal(box->load, slot < 2 ? 7 + slot : 0);
        assert_true(box->heat == (slot < 2 ? 0.5f : 0.0f));
    }
}

/* Inputs that come as they should, without exact rows: version 1 took 16 bits of these 20. */
static void test_snapshot_usual_own_part_takes_3_bytes(void **state)
{
    static struct fixture fixture;
    struct sk_own_part own = {
        .tick = TICK, .input_tick = TICK + 2, .newest_sixteenths = 17, .margin_sixteenths = 14};
    (void)state;
    init(&fixture);
    assert_int_equal(write_part(&fixture, &own, 0), 3);
    own.repeated = 4;
    assert_int_equal(write_part(&fixture, &own, 0), 3);
    own.tells_dropped = true;
    own.dropped_ticks = 12000;
    assert_int_equal(write_part(&fixture, &own, 0), 5);
}

static void test_snapshot_command_taken_costs_a_bit_and_a_byte_when_it_is_news(void **state)
{
    static struct fixture fixture;
    struct sk_own_part own = {.tick = TICK,
                              .input_tick = TICK + 2,
                              .newest_sixteenths = 17,
                              .margin_sixteenths = 14,
                              .has_player = true,
                              .player = PLAYER + 2};
    (void)state;
    init(&fixture);
    int usual_bytes = write_part(&fixture, &own, 0);
    assert_int_equal(usual_bytes, 4); /* 19 bits, 10 of who it is, 1 of commands, 1 of events */
    own.tells_command = true;
    own.command_number = 255;
    assert_int_equal(write_part(&fixture, &own, 0), usual_bytes + 1);
}

static void test_snapshot_own_part_extreme_values_come_back(void **state)
{
    static struct fixture fixture;
    static const struct sk_own_part rows[] = {
        {.tick = TICK},
        {.tick = TICK, .tells_dropped = true, .dropped_ticks = UINT16_MAX},
        {.tick = TICK,
         .input_tick = 1,
         .newest_sixteenths = INT16_MAX,
         .margin_sixteenths = INT16_MAX},
        {.tick = TICK,
         .input_tick = TICK + 1000000,
         .newest_sixteenths = INT16_MAX,
         .margin_sixteenths = INT16_MIN},
        {.tick = TICK,
         .input_tick = TICK,
         .newest_sixteenths = INT16_MIN,
         .margin_sixteenths = INT16_MIN},
        {.tick = TICK, .has_player = true, .player = SK_PLAYERS_MAX - 1, .repeated = UINT16_MAX},
    };
    (void)state;
    init(&fixture);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_own_part got;
        int size = write_part(&fixture, &rows[i], 0);
        assert_true(size > 0);
        assert_int_equal(read_part(&fixture, &got, fixture.out, (size_t)size), SK_OK);
        assert_memory_equal(&got, &rows[i], sizeof(got));
    }
}

static void test_snapshot_own_part_keeps_to_its_limit_and_the_newest_events(void **state)
{
    static struct fixture fixture;
    struct sk_own_part got;
    (void)state;
    init(&fixture);
    int size = write_part(&fixture, &usual, SK_FRAME_EVENTS_MAX);
    assert_in_range(size, SK_OWN_PART_BYTES_MAX - 4, SK_OWN_PART_BYTES_MAX);
    assert_int_equal(read_part(&fixture, &got, fixture.out, (size_t)size), SK_OK);
    assert_in_range(fixture.events.count, 50, SK_FRAME_EVENTS_MAX - 1);
    assert_memory_equal(&fixture.got[fixture.events.count - 1],
                        &fixture.sent[SK_FRAME_EVENTS_MAX - 1], sizeof(struct sk_event));
}

static void test_snapshot_cut_own_part_is_refused(void **state)
{
    static struct fixture fixture;
    struct sk_own_part got;
    (void)state;
    init(&fixture);
    int size = write_part(&fixture, &usual, 5);
    for (size_t cut = 0; cut < (size_t)size; cut++) {
        struct end_of_page page = end_of_page_copy(fixture.out, cut);
        assert_int_equal(read_part(&fixture, &got, page.bytes, cut), SK_ERR_TRUNCATED);
        end_of_page_free(&page);
    }
    fixture.out[size] = 0;
    assert_int_equal(read_part(&fixture, &got, fixture.out, (size_t)size + 1), SK_ERR_RANGE);
}

/* A spectator's part by hand: an input at once, its margins, repeats. */
struct own_bits {
    const char *fault;
    int want;
    int32_t newest;
    uint32_t below;
    uint32_t repeated;
};

static size_t write_own_bits(const struct own_bits *row, uint8_t out[32])
{
    struct sk_bit_writer writer;
    sk_bits_start_write(&writer, out, 32);
    sk_bits_write(&writer, 2, 2); /* no player, an input */
    sk_bits_write_signed(&writer, 1, 4);
    sk_bits_write_signed(&writer, row->newest, 5);
    sk_bits_write_number(&writer, row->below, 2);
    sk_bits_write(&writer, 1, 1);
    sk_bits_write_number(&writer, row->repeated, 3);
    sk_bits_write(&writer, 0, 1);
    return (size_t)sk_bits_end_write(&writer);
}

static void test_snapshot_own_part_one_fault_is_refused(void **state)
{
    static const struct own_bits rows[] = {
        {"none", SK_OK, INT16_MAX, 65535, UINT16_MAX - 1},
        {"newest above 16 bits", SK_ERR_RANGE, INT16_MAX + 1, 65535, 0},
        {"smallest below 16 bits", SK_ERR_RANGE, INT16_MAX, 65536, 0},
        {"smallest far below", SK_ERR_RANGE, 0, 1 << 30, 0},
        {"repeats of 17 ticks", SK_ERR_RANGE, 0, 0, UINT16_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[32];
        struct sk_own_part own;
        size_t size = write_own_bits(&rows[i], bytes);
        print_message("  %s\n", rows[i].fault);
        assert_int_equal(sk_own_part_read_fields(&own, TICK, bytes, size), rows[i].want);
    }
}

static void test_snapshot_exact_number_that_is_not_finite_is_refused(void **state)
{
    static struct fixture fixture;
    struct sk_own_part got;
    const uint32_t infinity = 0x7f800000;
    (void)state;
    init(&fixture);
    memcpy(&box_at(fixture.world, 1)->heat, &infinity, sizeof(infinity));
    int size = write_part(&fixture, &usual, 0);
    assert_int_equal(read_part(&fixture, &got, fixture.out, (size_t)size), SK_ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot_heads_come_back),
        cmocka_unit_test(test_snapshot_usual_head_takes_6_bytes),
        cmocka_unit_test(test_snapshot_cut_head_is_truncated),
        cmocka_unit_test(test_snapshot_head_without_room_is_full),
        cmocka_unit_test(test_snapshot_head_one_fault_is_refused),
        cmocka_unit_test(test_snapshot_own_part_comes_back),
        cmocka_unit_test(test_snapshot_own_part_brings_exact_rows_of_own_entities_alone),
        cmocka_unit_test(test_snapshot_usual_own_part_takes_3_bytes),
        cmocka_unit_test(test_snapshot_command_taken_costs_a_bit_and_a_byte_when_it_is_news),
        cmocka_unit_test(test_snapshot_own_part_extreme_values_come_back),
        cmocka_unit_test(test_snapshot_own_part_keeps_to_its_limit_and_the_newest_events),
        cmocka_unit_test(test_snapshot_cut_own_part_is_refused),
        cmocka_unit_test(test_snapshot_own_part_one_fault_is_refused),
        cmocka_unit_test(test_snapshot_exact_number_that_is_not_finite_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
