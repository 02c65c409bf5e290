/* test_due_heap.c - the first is the first, whatever was set, moved and taken out before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "due_heap.h"

enum { SLOTS = 64, STEPS = 20000 };

/* The same, by looking at all. */
static uint64_t look_at_all(const uint64_t *due, uint32_t *slot)
{
    uint64_t first = UINT64_MAX;
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (due[i] < first) {
            first = due[i];
            *slot = i;
        }
    }
    return first;
}

static void test_due_heap_agrees_with_looking_at_all(void **state)
{
    (void)state;
    struct due_heap *heap = due_heap_create(SLOTS);
    uint64_t due[SLOTS];
    uint64_t random = 1;
    for (uint32_t i = 0; i < SLOTS; i++) {
        due[i] = UINT64_MAX;
    }
    for (uint32_t step = 0; step < STEPS; step++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint32_t slot = (uint32_t)(random >> 33) % SLOTS;
        uint32_t time = (uint32_t)(random >> 40) % 100; /* few: many are due at once */
        due[slot] = time < 20 ? UINT64_MAX : time;
        due_heap_set(heap, slot, due[slot]);
        uint32_t want = SLOTS;
        uint32_t is = SLOTS;
        uint64_t want_due = look_at_all(due, &want);
        assert_true(due_heap_first(heap, &is) == want_due);
        assert_int_equal(is, want);
    }
    due_heap_destroy(heap);
}

static void test_due_heap_empty_is_never(void **state)
{
    (void)state;
    struct due_heap *heap = due_heap_create(1);
    uint32_t slot = 7;
    due_heap_set(heap, 0, UINT64_MAX); /* it was not due */
    assert_true(due_heap_first(heap, &slot) == UINT64_MAX);
    assert_int_equal(slot, 7);
    due_heap_destroy(heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due_heap_agrees_with_looking_at_all),
        cmocka_unit_test(test_due_heap_empty_is_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
