/* test_kept.c - a queue of bytes that gives its block back when it is empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "transport/kept.h"

/* A thousand random appends and drops against a plain copy of what must be there. */
static void test_kept_is_a_queue_of_bytes(void **state)
{
    (void)state;
    static uint8_t model[1 << 20];
    size_t begin = 0;
    size_t end = 0;
    struct block_pool pool;
    struct kept kept = {0};
    block_pool_init(&pool, 4 << 20);
    for (uint32_t step = 0; step < 1000; step++) {
        size_t size = sk_random(1, step, 0, 0) % 900;
        if (sk_random(1, step, 0, 1) % 2 == 0) {
            for (size_t i = 0; i < size; i++) {
                model[end + i] = (uint8_t)sk_random(1, step, (uint32_t)i, 2);
            }
            assert_int_equal(kept_append(&kept, &pool, model + end, size), SK_OK);
            end += size;
        } else {
            size_t dropped = size < end - begin ? size : end - begin;
            kept_drop(&kept, &pool, dropped);
            begin += dropped;
        }
        assert_int_equal(kept_size(&kept), end - begin);
        if (end > begin) {
            assert_memory_equal(kept.bytes + kept.begin, model + begin, end - begin);
        } else {
            assert_null(kept.bytes);
            assert_int_equal(pool.used_bytes, 0);
        }
    }
    kept_clear(&kept, &pool);
    block_pool_deinit(&pool);
}

static void test_kept_append_without_memory_changes_nothing(void **state)
{
    (void)state;
    static const uint8_t bytes[2000] = {1};
    struct block_pool pool;
    struct kept kept = {0};
    block_pool_init(&pool, 1024);
    assert_int_equal(kept_append(&kept, &pool, bytes, 10), SK_OK);
    assert_int_equal(kept_append(&kept, &pool, bytes, 2000), SK_ERR_MEMORY);
    assert_int_equal(kept_size(&kept), 10);
    kept_clear(&kept, &pool);
    block_pool_deinit(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_is_a_queue_of_bytes),
        cmocka_unit_test(test_kept_append_without_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
