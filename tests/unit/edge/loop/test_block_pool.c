/* test_block_pool.c - blocks come back, and there is a cap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "loop/block_pool.h"

static void test_block_pool_sizes_are_powers_of_two(void **state)
{
    (void)state;
    struct block_pool pool;
    block_pool_init(&pool, 1 << 20);
    static const size_t sizes[][2] = {{0, 1024}, {1024, 1024}, {1025, 2048}, {70000, 131072}};
    for (size_t i = 0; i < 4; i++) {
        size_t capacity = 0;
        uint8_t *block = block_pool_acquire(&pool, sizes[i][0], &capacity);
        assert_non_null(block);
        assert_int_equal(capacity, sizes[i][1]);
        memset(block, 0xaa, capacity);
        block_pool_release(&pool, block, capacity);
    }
    assert_int_equal(pool.used_bytes, 0);
    block_pool_deinit(&pool);
}

static void test_block_pool_released_block_is_used_again(void **state)
{
    (void)state;
    struct block_pool pool;
    size_t capacity = 0;
    block_pool_init(&pool, 1 << 20);
    uint8_t *first = block_pool_acquire(&pool, 2000, &capacity);
    block_pool_release(&pool, first, capacity);
    uint8_t *second = block_pool_acquire(&pool, 1500, &capacity);
    assert_ptr_equal(first, second);
    assert_int_equal(pool.spare_bytes, 0);
    block_pool_release(&pool, second, capacity);
    block_pool_deinit(&pool);
}

static void test_block_pool_above_the_cap_is_refused(void **state)
{
    (void)state;
    struct block_pool pool;
    size_t capacity = 0;
    block_pool_init(&pool, 3000);
    uint8_t *first = block_pool_acquire(&pool, 2048, &capacity);
    assert_non_null(first);
    size_t unused = 0;
    assert_null(block_pool_acquire(&pool, 1024, &unused));
    block_pool_release(&pool, first, capacity);
    uint8_t *second = block_pool_acquire(&pool, 1024, &capacity);
    assert_non_null(second);
    block_pool_release(&pool, second, capacity);
    assert_null(block_pool_acquire(&pool, BLOCK_BYTES_MAX + 1, &unused));
    block_pool_deinit(&pool);
}

static void test_block_pool_moved_block_counts_where_it_is(void **state)
{
    (void)state;
    struct block_pool from;
    struct block_pool to;
    size_t capacity = 0;
    block_pool_init(&from, 1 << 20);
    block_pool_init(&to, 1 << 20);
    uint8_t *block = block_pool_acquire(&from, 1, &capacity);
    block_pool_disown(&from, capacity);
    block_pool_adopt(&to, capacity);
    assert_int_equal(from.used_bytes, 0);
    assert_int_equal(to.used_bytes, 1024);
    block_pool_release(&to, block, capacity);
    block_pool_deinit(&to);
    block_pool_deinit(&from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block_pool_sizes_are_powers_of_two),
        cmocka_unit_test(test_block_pool_released_block_is_used_again),
        cmocka_unit_test(test_block_pool_above_the_cap_is_refused),
        cmocka_unit_test(test_block_pool_moved_block_counts_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
