/* test_legal_input.c - what a game did not name never reaches it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/legal_input.h"

static const struct sk_game game = {
    .buttons = 5,
    .axes = {{-100, 100}, {INT16_MIN, INT16_MAX}, {0, 7}},
};

static void test_legal_input_unknown_buttons_go(void **state)
{
    struct sk_input input = {.buttons = UINT32_MAX};
    (void)state;
    sk_input_legalise(&game, &input);
    assert_int_equal(input.buttons, 5);
}

static void test_legal_input_axes_are_in_their_range(void **state)
{
    struct sk_input low = {.axes = {INT16_MIN, INT16_MIN, INT16_MIN, INT16_MIN}};
    struct sk_input high = {.axes = {INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX}};
    static const int16_t lowest[SK_AXES] = {-100, INT16_MIN, 0, 0};
    static const int16_t highest[SK_AXES] = {100, INT16_MAX, 7, 0};
    (void)state;
    sk_input_legalise(&game, &low);
    sk_input_legalise(&game, &high);
    assert_memory_equal(low.axes, lowest, sizeof(lowest));
    assert_memory_equal(high.axes, highest, sizeof(highest));
}

static void test_legal_input_legal_one_stays(void **state)
{
    static const struct sk_input legal = {
        .buttons = 4, .axes = {-100, 9, 3, 0}, .view_tick = 7, .view_fraction = 9};
    struct sk_input input = legal;
    (void)state;
    sk_input_legalise(&game, &input);
    assert_memory_equal(&input, &legal, sizeof(legal));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_legal_input_unknown_buttons_go),
        cmocka_unit_test(test_legal_input_axes_are_in_their_range),
        cmocka_unit_test(test_legal_input_legal_one_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
