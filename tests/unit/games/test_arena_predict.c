/* test_arena_predict.c - predict() on what a client holds gives the authority's own state, bit for
 * bit: so it reads nothing of its own entities but exact rows.
 *
 * The client's world is made as on the wire: the frame's quantised rows, then the own part's
 * exact ones, and zero everywhere else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "built_in.h"
#include "state/snapshot.h"
#include "support/arena_match_kit.h"

enum { PLAYERS = 6, ROUNDS = 400, WINDOW_TICKS = 12 };

static struct arena_kit kit;
static struct sk_frame frame;
static void *client;
static void *frame_bytes;
static uint32_t bolts; /* compared */

static int start(void **state)
{
    (void)state;
    struct sk_arena arena;
    arena_kit_start(&kit, arena_kit_halls, PLAYERS, arena_kit_quick);
    size_t cost = sk_frame_cost(&kit.plan.schema);
    frame_bytes = aligned_alloc(16, (cost + 15) & ~(size_t)15);
    client = calloc(1, kit.plan.world_bytes);
    sk_arena_init(&arena, frame_bytes, cost);
    for (uint32_t i = 0; i < PLAYERS; i++) {
        arena_game.join(kit.world, kit.content, i, i % 2 == 0);
    }
    return client ? sk_frame_init(&frame, &kit.plan.schema, &arena) : -1;
}

static int end(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    free(frame_bytes);
    free(client);
    return 0;
}

/* Random input for odd seats and for the player under test, the bots' own for the others. */
static void make_inputs(uint32_t player)
{
    uint32_t tick = kit.world->head.tick;
    for (uint32_t i = 0; i < PLAYERS; i++) {
        arena_game.think(kit.world, kit.content, i, &kit.inputs[i]);
        if (i % 2 == 0 && i != player) {
            continue;
        }
        kit.inputs[i].buttons = sk_random(5, tick / 7, i, 0);
        for (uint32_t axis = 0; axis < 4; axis++) {
            kit.inputs[i].axes[axis] = (int16_t)sk_random(5, tick / 9, i, 1 + axis);
        }
    }
}

/* Has something from outside changed the player in this step? */
static bool is_touched(uint32_t player)
{
    for (uint32_t i = 0; i < kit.events.count; i++) {
        const struct sk_event *event = &kit.kept[i];
        bool is_mine = (event->type == ARENA_EVENT_HURT && event->audience == player) ||
                       (event->type == ARENA_EVENT_PICKUP && event->values[0] != player) ||
                       (event->type == ARENA_EVENT_SPAWN && event->values[0] == player);
        if (is_mine || event->type == ARENA_EVENT_ROUND_START) {
            return true;
        }
    }
    return kit.world->players[player].health == 0;
}

static void assert_same_rows(uint32_t player)
{
    const struct sk_kind *kind = &kit.plan.schema.kinds[ARENA_KIND_PLAYER];
    const struct arena_world *guessed = client;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct sk_field *field = &kind->fields[i];
        if (!(field->flags & SK_EXACT)) {
            continue;
        }
        uint32_t want = sk_exact(field, &kit.world->players[player]);
        if (sk_exact(field, &guessed->players[player]) != want) {
            fail_msg("%s of player %u differs at tick %u", field->name, player,
                     kit.world->head.tick);
        }
    }
}

/* The player's projectiles that both ends have; returns how many. */
static uint32_t assert_same_bolts(uint32_t player)
{
    const struct arena_world *guessed = client;
    uint32_t count = 0;
    for (uint32_t i = 0; i < PLAYERS * ARENA_PROJECTILES_A_PLAYER; i++) {
        const struct arena_projectile *real = &kit.world->projectiles[i];
        for (uint32_t j = 0; real->entity.alive && j < PLAYERS * ARENA_PROJECTILES_A_PLAYER; j++) {
            const struct arena_projectile *bolt = &guessed->projectiles[j];
            if (real->entity.owner == player && bolt->entity.alive &&
                bolt->entity.owner == player && bolt->key == real->key) {
                assert_int_equal(bolt->x, real->x);
                assert_int_equal(bolt->y, real->y);
                assert_int_equal(bolt->angle, real->angle);
                count++;
            }
        }
    }
    return count;
}

/* Plays a window on both sides.  Returns how many ticks were compared. */
static uint32_t play_window(uint32_t player)
{
    uint32_t compared = 0;
    bool is_alone = true;
    struct sk_events unheard = {.schema = &kit.plan.schema};
    arena_kit_replicate(&kit, &frame, player, client);
    for (uint32_t tick = 0; tick < WINDOW_TICKS; tick++) {
        make_inputs(player);
        if (is_alone) {
            sk_world_predict(&kit.plan, client, kit.content, player, &kit.inputs[player], &unheard);
        }
        arena_kit_step(&kit);
        is_alone = is_alone && !is_touched(player);
        if (is_alone) {
            assert_same_rows(player);
            bolts += assert_same_bolts(player);
            compared++;
        }
    }
    return compared;
}

static void test_arena_predict_equals_the_authority(void **state)
{
    (void)state;
    uint32_t compared = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        compared += play_window(round % PLAYERS);
    }
    print_message("  %u of %u ticks compared\n", compared, ROUNDS * WINDOW_TICKS);
    assert_true(bolts > ROUNDS);
    assert_true(compared > ROUNDS * WINDOW_TICKS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_predict_equals_the_authority),
    };
    return cmocka_run_group_tests(tests, start, end);
}
