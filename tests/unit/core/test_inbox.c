/* test_inbox.c - whatever arrives whenever, the room gets one input a tick. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "inbox.h"

enum { HZ = 40, EARLY = 40, REPEAT = 10, TOLD = 2048, FIRST = 10000 };
enum { HOLD = 1, TAP = 8 }; /* buttons: the second is a press */

static struct inbox_slot slots[SK_INBOX_SLOTS_MAX];

static struct inbox make(uint32_t first_tick)
{
    struct inbox inbox;
    inbox_init(&inbox, slots, HZ, TAP);
    inbox_reset(&inbox, first_tick);
    return inbox;
}

static struct sk_input pressed(uint32_t buttons)
{
    return (struct sk_input){.buttons = buttons};
}

static void test_inbox_has_slots_for_a_second_at_any_rate(void **state)
{
    (void)state;
    for (uint32_t tick_hz = 1; tick_hz <= SK_TICK_HZ_MAX; tick_hz++) {
        uint32_t count = inbox_slot_count(tick_hz);
        struct inbox inbox;
        struct sk_input input = {0};
        assert_true(count >= SK_INPUTS_A_MESSAGE_MAX);
        assert_true(count <= SK_INBOX_SLOTS_MAX);
        assert_int_equal(count & (count - 1), 0);
        inbox_init(&inbox, slots, tick_hz, TAP);
        inbox_reset(&inbox, FIRST);
        assert_int_equal(inbox_offer(&inbox, FIRST + tick_hz - 1, 0, &input), INBOX_KEPT);
    }
    assert_int_equal(inbox_slot_count(60), 64);
    assert_int_equal(inbox_slot_count(240), 256);
}

static void test_inbox_edges_of_window_get_their_verdict(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    struct sk_input input = pressed(1);
    assert_int_equal(inbox_offer(&inbox, FIRST - 1, 0, &input), INBOX_LATE);
    assert_int_equal(inbox_offer(&inbox, FIRST, 0, &input), INBOX_KEPT);
    assert_int_equal(inbox_offer(&inbox, FIRST, 0, &input), INBOX_COPY);
    assert_int_equal(inbox_offer(&inbox, FIRST + EARLY - 1, 0, &input), INBOX_KEPT);
    assert_int_equal(inbox_offer(&inbox, FIRST + EARLY, 0, &input), INBOX_EARLY);
}

/* Who is far ahead must hear of it. */
static void test_inbox_early_input_is_the_newest_all_the_same(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    struct sk_input input = pressed(1);
    assert_int_equal(inbox_offer(&inbox, FIRST + TOLD, 0, &input), INBOX_EARLY);
    assert_int_equal(inbox.newest_tick, 0);
    assert_int_equal(inbox_offer(&inbox, FIRST + TOLD - 1, 0, &input), INBOX_EARLY);
    assert_int_equal(inbox.newest_tick, FIRST + TOLD - 1);
}

static void test_inbox_out_of_order_is_taken_in_order(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    struct sk_input second = pressed(2);
    struct sk_input first = pressed(1);
    struct sk_input out;
    assert_int_equal(inbox_offer(&inbox, FIRST + 1, 0, &second), INBOX_KEPT);
    assert_int_equal(inbox_offer(&inbox, FIRST, 0, &first), INBOX_KEPT);
    assert_true(inbox_take(&inbox, FIRST, &out));
    assert_int_equal(out.buttons, 1);
    assert_true(inbox_take(&inbox, FIRST + 1, &out));
    assert_int_equal(out.buttons, 2);
    assert_int_equal(inbox.newest_tick, FIRST + 1);
}

static void test_inbox_missing_repeats_then_is_neutral(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    struct sk_input input = pressed(7);
    struct sk_input out;
    assert_int_equal(inbox_offer(&inbox, FIRST, 0, &input), INBOX_KEPT);
    assert_true(inbox_take(&inbox, FIRST, &out));
    for (uint32_t i = 1; i <= REPEAT; i++) {
        assert_false(inbox_take(&inbox, FIRST + i, &out));
        assert_int_equal(out.buttons, 7);
    }
    assert_false(inbox_take(&inbox, FIRST + REPEAT + 1, &out));
    assert_int_equal(out.buttons, 0);
}

static void offer(struct inbox *inbox, uint32_t tick, uint32_t buttons, enum inbox_verdict verdict)
{
    struct sk_input input = pressed(buttons);
    assert_int_equal(inbox_offer(inbox, tick, 0, &input), verdict);
}

/* Takes the next input, which the player sent or not, and returns its buttons. */
static uint32_t take(struct inbox *inbox, bool is_fresh)
{
    struct sk_input out;
    assert_int_equal(inbox_take(inbox, inbox->next_tick, &out), is_fresh);
    return out.buttons;
}

static void test_inbox_repeat_has_no_presses(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    offer(&inbox, FIRST, HOLD | TAP, INBOX_KEPT);
    assert_int_equal(take(&inbox, true), HOLD | TAP);
    assert_int_equal(take(&inbox, false), HOLD);
}

static void test_inbox_late_press_counts_once_in_the_next_tick(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    assert_int_equal(take(&inbox, false), 0);
    offer(&inbox, FIRST, TAP, INBOX_LATE);
    offer(&inbox, FIRST, TAP, INBOX_COPY);
    offer(&inbox, FIRST + 1, HOLD, INBOX_KEPT);
    assert_int_equal(take(&inbox, false), HOLD | TAP);
    offer(&inbox, FIRST, TAP, INBOX_COPY);
    assert_int_equal(take(&inbox, false), HOLD);
}

static void test_inbox_press_of_a_used_input_counts_no_more(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    offer(&inbox, FIRST, TAP, INBOX_KEPT);
    offer(&inbox, FIRST, TAP, INBOX_COPY);
    assert_int_equal(take(&inbox, true), TAP);
    offer(&inbox, FIRST, TAP, INBOX_COPY);
    assert_int_equal(take(&inbox, false), 0);
}

static void test_inbox_press_too_late_is_forgotten(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    for (uint32_t i = 0; i < REPEAT + 1; i++) {
        assert_int_equal(take(&inbox, false), 0);
    }
    offer(&inbox, FIRST, TAP, INBOX_LATE);
    assert_int_equal(take(&inbox, false), 0);
    offer(&inbox, FIRST + 2, TAP, INBOX_LATE);
    assert_int_equal(take(&inbox, false), TAP);
}

/* A tap of a button that is held as a rule; what is held already is not pressed again. */
static void test_inbox_late_tap_of_a_button_not_held_counts(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    assert_int_equal(take(&inbox, false), 0);
    offer(&inbox, FIRST, HOLD, INBOX_LATE);
    offer(&inbox, FIRST + 1, 0, INBOX_KEPT);
    assert_int_equal(take(&inbox, false), HOLD);
    assert_int_equal(take(&inbox, false), 0);
    offer(&inbox, FIRST + 3, HOLD, INBOX_KEPT);
    assert_int_equal(take(&inbox, true), HOLD);
    offer(&inbox, FIRST + 2, HOLD, INBOX_LATE);
    offer(&inbox, FIRST + 4, 0, INBOX_KEPT);
    assert_int_equal(take(&inbox, true), 0);
}

/* Its tick was lost, and a copy of it that was under way counts no second time. */
static void test_inbox_press_in_dropped_time_counts_once(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    offer(&inbox, FIRST, TAP, INBOX_KEPT);
    offer(&inbox, FIRST + 3, 0, INBOX_KEPT);
    inbox_drop(&inbox, 3);
    offer(&inbox, FIRST - 3, TAP, INBOX_COPY);
    assert_int_equal(take(&inbox, false), TAP);
    offer(&inbox, FIRST - 3, TAP, INBOX_COPY);
    assert_int_equal(take(&inbox, false), 0);
}

/* What was under way has other names behind it: used ones stay used, lost ones were not. */
static void test_inbox_dropped_time_keeps_what_counted(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    offer(&inbox, FIRST, TAP, INBOX_KEPT);
    assert_int_equal(take(&inbox, true), TAP);
    inbox_drop(&inbox, 3);
    offer(&inbox, FIRST - 3, TAP, INBOX_COPY);
    assert_int_equal(take(&inbox, false), 0);
    offer(&inbox, FIRST, TAP, INBOX_LATE);
    assert_int_equal(take(&inbox, false), TAP);
}

static void test_inbox_tick_counter_wraps(void **state)
{
    (void)state;
    struct inbox inbox = make(UINT32_MAX);
    struct sk_input input = pressed(3);
    struct sk_input out;
    assert_int_equal(inbox_offer(&inbox, UINT32_MAX - 1, 0, &input), INBOX_LATE);
    assert_int_equal(inbox_offer(&inbox, UINT32_MAX, 0, &input), INBOX_KEPT);
    assert_int_equal(inbox_offer(&inbox, 0, 0, &input), INBOX_KEPT);
    assert_true(inbox_take(&inbox, UINT32_MAX, &out));
    assert_true(inbox_take(&inbox, 0, &out));
}

static void test_inbox_reset_forgets_what_was_held(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    struct sk_input input = pressed(7);
    struct sk_input out;
    assert_int_equal(inbox_offer(&inbox, FIRST, 0, &input), INBOX_KEPT);
    inbox_reset(&inbox, FIRST);
    assert_false(inbox_take(&inbox, FIRST, &out));
    assert_int_equal(out.buttons, 0);
}

static void test_inbox_dropped_time_moves_what_waits(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    struct sk_input out;
    for (uint32_t i = 0; i < EARLY; i++) {
        struct sk_input input = pressed(i);
        assert_int_equal(inbox_offer(&inbox, FIRST + i, 0, &input), INBOX_KEPT);
    }
    inbox_drop(&inbox, 7);
    assert_int_equal(inbox.newest_tick, FIRST + EARLY - 1 - 7);
    for (uint32_t i = 0; i < EARLY - 7; i++) {
        assert_true(inbox_take(&inbox, FIRST + i, &out));
        assert_int_equal(out.buttons, i + 7);
    }
    assert_false(inbox_take(&inbox, FIRST + EARLY - 7, &out));
}

static void test_inbox_dropped_time_beyond_all_forgets_all(void **state)
{
    (void)state;
    static const uint32_t drops[] = {EARLY, 64, 65, 1 << 20, UINT32_MAX};
    for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++) {
        struct inbox inbox = make(FIRST);
        struct sk_input input = pressed(1);
        struct sk_input out;
        assert_int_equal(inbox_offer(&inbox, FIRST + EARLY - 1, 0, &input), INBOX_KEPT);
        inbox_drop(&inbox, drops[i]);
        for (uint32_t tick = FIRST; tick < FIRST + 2 * EARLY; tick++) {
            assert_false(inbox_take(&inbox, tick, &out));
        }
    }
}

static void test_inbox_tick_from_long_ago_is_not_the_newest(void **state)
{
    (void)state;
    struct inbox inbox = make(FIRST);
    struct sk_input input = pressed(1);
    assert_int_equal(inbox_offer(&inbox, FIRST - TOLD - 1, 0, &input), INBOX_LATE);
    assert_int_equal(inbox_offer(&inbox, FIRST + 0x80000001, 0, &input), INBOX_LATE);
    assert_int_equal(inbox.newest_tick, 0);
    assert_int_equal(inbox_offer(&inbox, FIRST - TOLD, 0, &input), INBOX_LATE);
    assert_int_equal(inbox.newest_tick, FIRST - TOLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inbox_has_slots_for_a_second_at_any_rate),
        cmocka_unit_test(test_inbox_edges_of_window_get_their_verdict),
        cmocka_unit_test(test_inbox_early_input_is_the_newest_all_the_same),
        cmocka_unit_test(test_inbox_out_of_order_is_taken_in_order),
        cmocka_unit_test(test_inbox_missing_repeats_then_is_neutral),
        cmocka_unit_test(test_inbox_repeat_has_no_presses),
        cmocka_unit_test(test_inbox_late_press_counts_once_in_the_next_tick),
        cmocka_unit_test(test_inbox_press_of_a_used_input_counts_no_more),
        cmocka_unit_test(test_inbox_press_too_late_is_forgotten),
        cmocka_unit_test(test_inbox_late_tap_of_a_button_not_held_counts),
        cmocka_unit_test(test_inbox_press_in_dropped_time_counts_once),
        cmocka_unit_test(test_inbox_dropped_time_keeps_what_counted),
        cmocka_unit_test(test_inbox_tick_counter_wraps),
        cmocka_unit_test(test_inbox_reset_forgets_what_was_held),
        cmocka_unit_test(test_inbox_dropped_time_moves_what_waits),
        cmocka_unit_test(test_inbox_dropped_time_beyond_all_forgets_all),
        cmocka_unit_test(test_inbox_tick_from_long_ago_is_not_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
