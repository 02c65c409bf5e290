/* test_template.c - the template's hitscan is judged at what the player saw. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "built_in.h"
#include "sim/audit.h"

enum { PLAYERS = 2, TAGGED = 1, EVENTS = 16 };

static struct sk_plan plan;
static void *world;
static struct sk_input inputs[PLAYERS];
static struct sk_event kept[EVENTS];
static struct sk_events events;

static int start(void **state)
{
    (void)state;
    assert_int_equal(sk_plan_init(&plan, &template_game, PLAYERS, NULL), SK_OK);
    world = calloc(1, plan.world_bytes);
    assert_non_null(world);
    events = (struct sk_events){.events = kept, .capacity = EVENTS, .schema = &plan.schema};
    sk_world_start(&plan, world, NULL, 1, 2);
    template_game.join(world, NULL, 0, false);
    template_game.join(world, NULL, 1, false);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(world);
    return 0;
}

/* So many ticks of both walking so. */
static void walk(uint32_t ticks, int16_t x, int16_t y)
{
    inputs[0] = (struct sk_input){0};
    inputs[1] = (struct sk_input){.axes = {x, y}};
    for (uint32_t i = 0; i < ticks; i++) {
        sk_world_step(&plan, world, NULL, inputs, &events);
    }
}

/* Player 0 points to the right at what he saw. */
static bool tags(uint32_t view_tick)
{
    inputs[0] = (struct sk_input){.buttons = 1, .axes = {0, 0, INT16_MAX}, .view_tick = view_tick};
    events.count = 0;
    sk_world_step(&plan, world, NULL, inputs, &events);
    return events.count > 0 && kept[events.count - 1].type == TAGGED;
}

static void test_template_tags_where_the_player_saw(void **state)
{
    const struct sk_world *head = world;
    (void)state;
    walk(20, INT16_MAX, 0);
    uint32_t seen_tick = head->tick;
    walk(20, 0, INT16_MAX);
    assert_true(tags(seen_tick));
    assert_false(tags(0));
    walk(20, 0, -INT16_MAX);
    assert_true(tags(0));
}

static void test_template_tag_is_explained_to_the_operator(void **state)
{
    struct sk_audits audits = {0};
    (void)state;
    walk(20, INT16_MAX, 0);
    uint32_t seen_tick = ((const struct sk_world *)world)->tick;
    walk(20, 0, INT16_MAX);
    events.audits = &audits;
    assert_true(tags(seen_tick));
    assert_false(tags(0));
    assert_int_equal(audits.count, 2);
    const struct sk_judged *hit = &audits.audits[0].judged;
    const struct sk_judged *past = &audits.audits[1].judged;
    assert_int_equal(hit->target, 1);
    assert_true(hit->missed <= 0);
    assert_in_range(hit->moved, 1100, 1300); /* 20 ticks of 60 */
    assert_int_equal(past->target, 1);
    assert_in_range(past->missed, 900, 1200);
    assert_int_equal(past->moved, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_template_tags_where_the_player_saw, start, end),
        cmocka_unit_test_setup_teardown(test_template_tag_is_explained_to_the_operator, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
