/* test_delta.c - what was encoded comes back, and nothing else is taken for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/end_of_page.h"
#include "support/scene.h"

enum { BODY_BYTES_MAX = 1 << 18, TICK = 100 };

static uint8_t body[BODY_BYTES_MAX];

/* A scene with two frames, the second's body and a third to decode into. */
struct exchange {
    struct scene scene;
    struct sk_frame from;
    struct sk_frame to;
    struct sk_frame out;
    struct sk_event_list sent;
    struct sk_event got[SK_FRAME_EVENTS_MAX];
    struct sk_events events;
    size_t size;
};

static void fill(struct exchange *exchange, uint32_t chance)
{
    struct sk_frame empty = scene_new_frame(&exchange->scene);
    exchange->from = scene_new_frame(&exchange->scene);
    exchange->to = scene_new_frame(&exchange->scene);
    exchange->out = scene_new_frame(&exchange->scene);
    empty.tick = TICK - 2;
    scene_step(&exchange->scene, &empty, &exchange->from, 70);
    scene_step(&exchange->scene, &exchange->from, &exchange->to, chance);
    scene_free_frame(&empty);
    exchange->sent = scene_draw_events(&exchange->scene, TICK, 30);
    exchange->events = (struct sk_events){.events = exchange->got,
                                          .capacity = SK_FRAME_EVENTS_MAX,
                                          .schema = &exchange->scene.schema};
    int bytes = sk_delta_encode(&exchange->scene.schema, &exchange->from, &exchange->to,
                                exchange->sent, body, sizeof(body));
    assert_true(bytes > 0);
    exchange->size = (size_t)bytes;
}

static int decode(struct exchange *exchange, const uint8_t *bytes, size_t size)
{
    exchange->out.tick = TICK;
    exchange->events.count = 0;
    return sk_delta_decode(&exchange->scene.schema, &exchange->from, bytes, size, &exchange->out,
                           &exchange->events);
}

static void end(struct exchange *exchange)
{
    scene_free_frame(&exchange->from);
    scene_free_frame(&exchange->to);
    scene_free_frame(&exchange->out);
}

static void check_came_back(struct exchange *exchange)
{
    assert_int_equal(decode(exchange, body, exchange->size), SK_OK);
    assert_true(scene_is_same(&exchange->scene, &exchange->to, &exchange->out));
    assert_int_equal(exchange->out.hash, sk_frame_hash(&exchange->out, &exchange->scene.schema));
    assert_int_equal(exchange->events.count, exchange->sent.count);
    for (uint32_t i = 0; i < exchange->sent.count; i++) {
        assert_memory_equal(&exchange->got[i], &exchange->sent.events[i], sizeof(struct sk_event));
    }
}

/* --- round trips --------------------------------------------------------------------------- */

static void test_delta_random_worlds_come_back(void **state)
{
    static const uint32_t chances[] = {0, 1, 10, 50, 100};
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct exchange exchange;
        scene_init(&exchange.scene, seed, (struct scene_limits){4, 12, 150});
        fill(&exchange, chances[seed % 5]);
        print_message("seed %u: %u bytes\n", (unsigned)seed, (unsigned)exchange.size);
        check_came_back(&exchange);
        end(&exchange);
    }
}

static void test_delta_extreme_schemas_come_back(void **state)
{
    static const struct {
        uint32_t fields;
        uint32_t capacity;
        uint32_t bits;
    } rows[] = {
        {0, 1, 1},
        {0, 1024, 1},
        {1, 1, 1},
        {1, 1, 32},
        {32, 1, 32},
        {32, 1, 1},
        {32, 1024, 32},
        {32, 1024, 1},
        {1, 1024, 32},
        {3, 63, 16},
        {3, 64, 16},
        {3, 65, 16},
        {1, SK_ENTITIES_MAX, 9},
        {2, 129, 31},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct exchange exchange;
        scene_init_exact(&exchange.scene, i + 1, rows[i].fields, rows[i].capacity, rows[i].bits);
        fill(&exchange, 80);
        check_came_back(&exchange);
        end(&exchange);
    }
}

static void test_delta_keyframe_comes_back_from_the_empty_frame(void **state)
{
    struct exchange exchange;
    (void)state;
    scene_init(&exchange.scene, 7, (struct scene_limits){4, 12, 150});
    fill(&exchange, 30);
    scene_free_frame(&exchange.from);
    exchange.from = scene_new_frame(&exchange.scene);
    int bytes = sk_delta_encode(&exchange.scene.schema, &exchange.from, &exchange.to, exchange.sent,
                                body, sizeof(body));
    exchange.size = (size_t)bytes;
    check_came_back(&exchange);
    end(&exchange);
}

static void test_delta_nothing_changed_takes_a_byte(void **state)
{
    struct exchange exchange;
    (void)state;
    scene_init_exact(&exchange.scene, 3, 8, 1000, 16);
    fill(&exchange, 0);
    assert_int_equal(exchange.size, 1);
    check_came_back(&exchange);
    end(&exchange);
}

/* --- hostile bytes ------------------------------------------------------------------------- */

static void test_delta_any_truncation_is_refused_at_end_of_page(void **state)
{
    struct exchange exchange;
    (void)state;
    scene_init(&exchange.scene, 11, (struct scene_limits){3, 8, 60});
    fill(&exchange, 50);
    for (size_t size = 0; size < exchange.size; size++) {
        struct end_of_page page = end_of_page_copy(body, size);
        int result = decode(&exchange, page.bytes, size);
        assert_true(result == SK_ERR_TRUNCATED || result == SK_ERR_RANGE);
        end_of_page_free(&page);
    }
    end(&exchange);
}

static void test_delta_any_further_byte_is_refused(void **state)
{
    struct exchange exchange;
    (void)state;
    scene_init(&exchange.scene, 12, (struct scene_limits){3, 8, 60});
    fill(&exchange, 50);
    body[exchange.size] = 0;
    assert_int_equal(decode(&exchange, body, exchange.size), SK_OK);
    assert_int_equal(decode(&exchange, body, exchange.size + 1), SK_ERR_RANGE);
    end(&exchange);
}

/* A flipped bit gives an error or another frame whose hash is sound, never the same frame: there is
 * one encoding of a frame but for the widths. */
static void test_delta_any_flipped_bit_is_refused_or_another_frame(void **state)
{
    struct exchange exchange;
    uint32_t refused = 0;
    (void)state;
    scene_init(&exchange.scene, 13, (struct scene_limits){3, 8, 60});
    fill(&exchange, 50);
    for (size_t bit = 0; bit < exchange.size * 8; bit++) {
        body[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        int result = decode(&exchange, body, exchange.size);
        refused += result != SK_OK;
        if (result == SK_OK) {
            uint32_t hash = sk_frame_hash(&exchange.out, &exchange.scene.schema);
            assert_int_equal(exchange.out.hash, hash);
        }
        body[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    assert_true(refused > 0);
    end(&exchange);
}

static void test_delta_small_buffer_is_full(void **state)
{
    struct exchange exchange;
    (void)state;
    scene_init(&exchange.scene, 14, (struct scene_limits){3, 8, 60});
    fill(&exchange, 50);
    uint8_t *whole = malloc(exchange.size);
    assert_non_null(whole);
    memcpy(whole, body, exchange.size);
    for (size_t capacity = 0; capacity <= exchange.size; capacity++) {
        struct end_of_page page = end_of_page_copy(body, capacity);
        int bytes = sk_delta_encode(&exchange.scene.schema, &exchange.from, &exchange.to,
                                    exchange.sent, page.bytes, capacity);
        assert_int_equal(bytes, capacity < exchange.size ? SK_ERR_FULL : (int)exchange.size);
        end_of_page_free(&page);
    }
    free(whole);
    end(&exchange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delta_random_worlds_come_back),
        cmocka_unit_test(test_delta_extreme_schemas_come_back),
        cmocka_unit_test(test_delta_keyframe_comes_back_from_the_empty_frame),
        cmocka_unit_test(test_delta_nothing_changed_takes_a_byte),
        cmocka_unit_test(test_delta_any_truncation_is_refused_at_end_of_page),
        cmocka_unit_test(test_delta_any_further_byte_is_refused),
        cmocka_unit_test(test_delta_any_flipped_bit_is_refused_or_another_frame),
        cmocka_unit_test(test_delta_small_buffer_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
