/* test_replay_window.c - each sequence counts once, and none that is too old to be known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "net/replay_window.h"

enum { WINDOW = SK_REPLAY_WINDOW_SEQUENCES };

static void test_replay_window_takes_each_sequence_once(void **state)
{
    struct sk_replay_window window = {0};
    (void)state;
    for (uint32_t i = 0; i < 3 * WINDOW; i++) {
        assert_true(sk_replay_window_is_new(&window, i));
        assert_true(sk_replay_window_push(&window, i));
        assert_false(sk_replay_window_is_new(&window, i));
    }
}

static void test_replay_window_overtaken_sequence_is_new_and_not_newest(void **state)
{
    struct sk_replay_window window = {0};
    (void)state;
    assert_true(sk_replay_window_push(&window, 5));
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(sk_replay_window_is_new(&window, i));
        assert_false(sk_replay_window_push(&window, i));
        assert_false(sk_replay_window_is_new(&window, i));
    }
    assert_false(sk_replay_window_is_new(&window, 5));
    assert_true(sk_replay_window_is_new(&window, 6));
}

static void test_replay_window_oldest_is_1023_behind_the_newest(void **state)
{
    struct sk_replay_window window = {0};
    (void)state;
    (void)sk_replay_window_push(&window, 5000);
    assert_false(sk_replay_window_is_new(&window, 5000 - WINDOW));
    assert_true(sk_replay_window_is_new(&window, 5000 - WINDOW + 1));
    assert_false(sk_replay_window_push(&window, 5000 - WINDOW + 1));
    assert_false(sk_replay_window_is_new(&window, 5000 - WINDOW + 1));
    assert_false(sk_replay_window_is_new(&window, 0));
}

static void test_replay_window_jump_forgets_what_lies_behind(void **state)
{
    static const uint32_t jumps[] = {1,      2,          31,         32,   33,      WINDOW - 1,
                                     WINDOW, WINDOW + 1, 2 * WINDOW, 5000, 1u << 31};
    (void)state;
    for (uint32_t j = 0; j < sizeof(jumps) / sizeof(jumps[0]); j++) {
        struct sk_replay_window window = {0};
        for (uint32_t i = 0; i < WINDOW; i++) {
            (void)sk_replay_window_push(&window, i);
        }
        uint32_t newest = WINDOW - 1 + jumps[j];
        assert_true(sk_replay_window_push(&window, newest));
        for (uint32_t back = 1; back < WINDOW; back++) {
            assert_int_equal(sk_replay_window_is_new(&window, newest - back), back < jumps[j]);
        }
    }
}

static void test_replay_window_reaches_the_last_sequence(void **state)
{
    struct sk_replay_window window = {0};
    (void)state;
    assert_true(sk_replay_window_push(&window, UINT32_MAX));
    assert_false(sk_replay_window_is_new(&window, UINT32_MAX));
    assert_true(sk_replay_window_is_new(&window, UINT32_MAX - 1));
    assert_false(sk_replay_window_push(&window, UINT32_MAX - 1));
    assert_false(sk_replay_window_is_new(&window, 0));
}

/* A list of all that came is the truth to compare with. */
static void test_replay_window_any_order_agrees_with_a_list(void **state)
{
    enum { COUNT = 20000 };
    struct sk_replay_window window = {0};
    uint8_t *came = calloc(COUNT + 4096, 1);
    uint64_t end = 0;
    uint32_t seed = 12345;
    (void)state;
    assert_non_null(came);
    print_message("  seed %u\n", seed);
    for (uint32_t i = 0; i < COUNT; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t spread = (seed >> 8) % 8 == 0 ? 3000 : 60;
        uint32_t sequence = i + (seed >> 12) % spread;
        bool is_new = came[sequence] == 0 && sequence + (uint64_t)WINDOW >= end;
        assert_int_equal(sk_replay_window_is_new(&window, sequence), is_new);
        if (is_new) {
            assert_int_equal(sk_replay_window_push(&window, sequence), sequence >= end);
            came[sequence] = 1;
            end = sequence >= end ? (uint64_t)sequence + 1 : end;
        }
    }
    free(came);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay_window_takes_each_sequence_once),
        cmocka_unit_test(test_replay_window_overtaken_sequence_is_new_and_not_newest),
        cmocka_unit_test(test_replay_window_oldest_is_1023_behind_the_newest),
        cmocka_unit_test(test_replay_window_jump_forgets_what_lies_behind),
        cmocka_unit_test(test_replay_window_reaches_the_last_sequence),
        cmocka_unit_test(test_replay_window_any_order_agrees_with_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
