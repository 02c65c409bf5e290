/* test_game.c - a game that breaks the interface is refused with a sentence; a plan and its worlds
 * are what the game's layout says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/game.h"

struct counter {
    struct sk_entity entity;
    uint32_t presses;
};

struct counter_world {
    struct sk_world head;
    struct counter counters[]; /* players_max, an even number of bytes each */
};

static const struct sk_field counter_fields[] = {
    SK_FIELD(struct counter, presses, press, 0, 4095, 12, SK_HOLD),
    SK_OWN_FIELD(struct counter, presses, press),
};

struct pressed {
    uint32_t player;
};
static const struct sk_field pressed_fields[] = {
    SK_FIELD(struct pressed, player, player, 0, 1023, 10, SK_HOLD),
};

static int layout(uint32_t players_max, const uint32_t *options, struct sk_place *places)
{
    (void)options;
    places[0] = (struct sk_place){sizeof(struct counter_world), players_max};
    size_t bytes = sizeof(struct counter_world) + players_max * sizeof(struct counter);
    return (int)((bytes + 7) & ~(size_t)7);
}

static void start(void *world, const void *content)
{
    (void)world;
    (void)content;
}

static void join(void *world, const void *content, uint32_t player, bool bot)
{
    (void)content;
    (void)bot;
    struct counter_world *counters = world;
    counters->counters[player].entity = (struct sk_entity){.alive = 1, .owner = (uint16_t)player};
}

static void leave(void *world, const void *content, uint32_t player)
{
    (void)content;
    struct counter_world *counters = world;
    counters->counters[player] = (struct counter){0};
}

static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events)
{
    (void)events;
    (void)content;
    struct counter_world *counters = world;
    counters->counters[player].presses += input->buttons & 1;
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    const struct sk_world *head = world;
    for (uint32_t i = 0; i < head->players_max; i++) {
        predict(world, content, i, &inputs[i], events);
        if (inputs[i].buttons & 1) {
            sk_emit(events, 0, SK_TO_ALL, &(struct pressed){.player = i});
        }
    }
}

static void think(const void *world, const void *content, uint32_t player, struct sk_input *input)
{
    (void)world;
    (void)content;
    (void)player;
    input->buttons = 1;
}

static const struct sk_kind kinds[] = {SK_KIND("counter", counter_fields, struct counter)};
static const struct sk_event_type events[] = {
    SK_EVENT_TYPE("pressed", pressed_fields, struct pressed)};
static const struct sk_option options[] = {{"limit", 1, 9, 5}};

static const struct sk_game good = {
    .abi = SK_GAME_ABI,
    .game_bytes = sizeof(struct sk_game),
    .name = "counter",
    .players_min = 1,
    .players_max = 8,
    .buttons = 1,
    .kinds = kinds,
    .kind_count = 1,
    .events = events,
    .event_count = 1,
    .options = options,
    .option_count = 1,
    .layout = layout,
    .start = start,
    .join = join,
    .leave = leave,
    .step = step,
    .think = think,
    .predict = predict,
};

static int check(const struct sk_game *game)
{
    const char *why = "";
    int result = sk_game_check(game, &why);
    assert_true((result == SK_OK) == (why == NULL));
    return result;
}

static void test_game_good_one_is_accepted(void **state)
{
    (void)state;
    assert_int_equal(check(&good), SK_OK);
}

static void test_game_of_another_abi_or_size_is_a_mismatch(void **state)
{
    (void)state;
    struct sk_game game = good;
    game.abi++;
    assert_int_equal(check(&game), SK_ERR_MISMATCH);
    game = good;
    game.game_bytes -= 8;
    assert_int_equal(check(&game), SK_ERR_MISMATCH);
}

/* Each game is the good one but for one fault. */
static void test_game_one_fault_is_refused(void **state)
{
    (void)state;
    static const struct sk_option bad_option[] = {{"limit", 1, 9, 10}};
    static const struct sk_option long_option[] = {{"a_limit_of_25_characters_", 1, 9, 5}};
    static const struct sk_option odd_option[] = {{"li\"mit", 1, 9, 5}};
    static const struct sk_command_type commands[] = {{"team", 4}};
    static const struct sk_constant bad_constant[] = {{"Tile", 1}};
    struct sk_game games[16];
    uint32_t count = sizeof(games) / sizeof(games[0]);
    for (uint32_t i = 0; i < count; i++) {
        games[i] = good;
    }
    games[0].name = "Counter";
    games[1].name = NULL;
    games[2].tick_hz = SK_TICK_HZ_MAX + 1;
    games[3].players_min = 0;
    games[4].players_max = SK_PLAYERS_MAX + 1;
    games[5].kind_count = 0;
    games[6].think = NULL;
    games[7].content_name = "maps/a.txt";
    games[8].options = bad_option;
    games[9].commands = commands;
    games[9].command_count = 1;
    games[10].snapshot_divisor = SK_SNAPSHOT_DIVISOR_MAX + 1;
    games[11].constants = bad_constant;
    games[11].constant_count = 1;
    games[12].press_buttons = good.buttons + 1;
    games[13].axes[3] = (struct sk_axis){1, 2};
    games[14].options = long_option;
    games[15].options = odd_option;
    for (uint32_t i = 0; i < count; i++) {
        print_message("  fault %u\n", i);
        assert_int_equal(check(&games[i]), SK_ERR_CONFIG);
    }
}

static void test_game_plan_takes_options_in_range_only(void **state)
{
    (void)state;
    struct sk_plan plan;
    assert_int_equal(sk_plan_init(&plan, &good, 4, NULL), SK_OK);
    assert_int_equal(plan.options[0], 5);
    assert_int_equal(plan.tick_hz, SK_TICK_HZ_DEFAULT);
    assert_int_equal(plan.snapshot_divisor, 3);
    assert_int_equal(sk_plan_init(&plan, &good, 4, (uint32_t[]){9}), SK_OK);
    assert_int_equal(sk_plan_init(&plan, &good, 4, (uint32_t[]){10}), SK_ERR_CONFIG);
    assert_int_equal(sk_plan_init(&plan, &good, 9, NULL), SK_ERR_CONFIG);
    assert_int_equal(sk_plan_init(&plan, &good, 0, NULL), SK_ERR_CONFIG);
}

static void test_game_layout_hash_tells_layouts_apart(void **state)
{
    (void)state;
    struct sk_plan four;
    struct sk_plan five;
    struct sk_plan again;
    assert_int_equal(sk_plan_init(&four, &good, 4, NULL), SK_OK);
    assert_int_equal(sk_plan_init(&five, &good, 5, NULL), SK_OK);
    assert_int_equal(sk_plan_init(&again, &good, 4, (uint32_t[]){9}), SK_OK);
    assert_true(four.layout_hash != five.layout_hash);
    assert_true(four.layout_hash == again.layout_hash); /* options that move nothing */
}

static void test_game_world_step_counts_ticks_and_stamps_events(void **state)
{
    (void)state;
    struct sk_plan plan;
    assert_int_equal(sk_plan_init(&plan, &good, 2, NULL), SK_OK);
    uint64_t world[16];
    assert_true(plan.world_bytes <= sizeof(world));
    memset(world, 0xaa, sizeof(world));
    struct sk_event kept[4];
    struct sk_events sink = {.events = kept, .capacity = 4, .schema = &plan.schema};
    const struct sk_input inputs[2] = {{.buttons = 1}, {.buttons = 0}};

    sk_world_start(&plan, world, NULL, 7, 8);
    uint64_t before = sk_world_hash(&plan, world);
    plan.game->join(world, NULL, 0, false);
    sk_world_step(&plan, world, NULL, inputs, &sink);
    sk_world_step(&plan, world, NULL, inputs, &sink);

    const struct counter_world *counters = (const void *)world;
    assert_int_equal(counters->head.tick, 2);
    assert_int_equal(counters->head.seed, 7);
    assert_int_equal(counters->head.options[0], 5);
    assert_int_equal(counters->counters[0].presses, 2);
    assert_int_equal(sink.count, 2);
    assert_int_equal(kept[1].tick, 2);
    assert_true(sk_world_hash(&plan, world) != before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_game_good_one_is_accepted),
        cmocka_unit_test(test_game_of_another_abi_or_size_is_a_mismatch),
        cmocka_unit_test(test_game_one_fault_is_refused),
        cmocka_unit_test(test_game_plan_takes_options_in_range_only),
        cmocka_unit_test(test_game_layout_hash_tells_layouts_apart),
        cmocka_unit_test(test_game_world_step_counts_ticks_and_stamps_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
