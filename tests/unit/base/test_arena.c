/* test_arena.c - an arena hands out disjoint, aligned, zeroed pieces and refuses what does not fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static _Alignas(16) uint8_t block[64];

static void test_arena_take_gives_zeroed_aligned_pieces(void **state)
{
    (void)state;
    struct sk_arena arena;
    memset(block, 0xaa, sizeof(block));
    sk_arena_init(&arena, block, sizeof(block));

    uint8_t *first = sk_arena_take(&arena, 5);
    uint8_t *second = sk_arena_take(&arena, 16);

    assert_ptr_equal(first, block);
    assert_ptr_equal(second, block + 16);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(first[i], 0);
    }
}

static void test_arena_take_too_much_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct sk_arena arena;
    sk_arena_init(&arena, block, sizeof(block));
    assert_non_null(sk_arena_take(&arena, 40));

    assert_null(sk_arena_take(&arena, 17));
    assert_non_null(sk_arena_take(&arena, 16));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_take_gives_zeroed_aligned_pieces),
        cmocka_unit_test(test_arena_take_too_much_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
