/* test_byte_queue.c - a queue of bytes that gives its block back when it is empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "stream/byte_queue.h"

/* A thousand random appends and drops against a plain copy of what must be there. */
static void test_byte_queue_is_a_queue_of_bytes(void **state)
{
    (void)state;
    static uint8_t model[1 << 20];
    size_t begin = 0;
    size_t end = 0;
    struct block_pool pool;
    struct byte_queue queue = {0};
    block_pool_init(&pool, 4 << 20);
    for (uint32_t step = 0; step < 1000; step++) {
        size_t size = sk_random(1, step, 0, 0) % 900;
        if (sk_random(1, step, 0, 1) % 2 == 0) {
            for (size_t i = 0; i < size; i++) {
                model[end + i] = (uint8_t)sk_random(1, step, (uint32_t)i, 2);
            }
            assert_int_equal(byte_queue_push(&queue, &pool, model + end, size), SK_OK);
            end += size;
        } else {
            size_t dropped = size < end - begin ? size : end - begin;
            byte_queue_pop(&queue, &pool, dropped);
            begin += dropped;
        }
        assert_int_equal(byte_queue_size(&queue), end - begin);
        if (end > begin) {
            assert_memory_equal(byte_queue_bytes(&queue), model + begin, end - begin);
        } else {
            assert_null(byte_queue_bytes(&queue));
            assert_int_equal(pool.used_bytes, 0);
        }
    }
    byte_queue_clear(&queue, &pool);
    block_pool_deinit(&pool);
}

static void test_byte_queue_push_without_memory_changes_nothing(void **state)
{
    (void)state;
    static const uint8_t bytes[2000] = {1};
    struct block_pool pool;
    struct byte_queue queue = {0};
    block_pool_init(&pool, 1024);
    assert_int_equal(byte_queue_push(&queue, &pool, bytes, 10), SK_OK);
    assert_int_equal(byte_queue_push(&queue, &pool, bytes, 2000), SK_ERR_MEMORY);
    assert_int_equal(byte_queue_size(&queue), 10);
    byte_queue_clear(&queue, &pool);
    block_pool_deinit(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_byte_queue_is_a_queue_of_bytes),
        cmocka_unit_test(test_byte_queue_push_without_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
