/* test_arena_rookie.c - the first minute of somebody who has never played: seven bots on the maps
 * that ship, and a newcomer in the eighth seat.
 *
 * The rookie walks the way that it faces, or towards the nearest enemy in sight; what it sees is a
 * quarter of a second old, it shoots from a quarter of a second after it has seen somebody, always
 * to where he stood, with an error of up to 12 degrees either way, and knows neither strafing nor
 * dash, rail or pickups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/trig.h"
#include "built_in.h"
#include "support/arena_match_kit.h"

enum {
    BOTS = 7,
    FIRST_BOT = ARENA_PLAYERS_MAX - BOTS, /* a room seats its bots at the far end */
    MATCHES = 60,                         /* over the maps in turn */
    MATCH_TICKS = 90 * ARENA_TICK_HZ,
    MINUTE_TICKS = 60 * ARENA_TICK_HZ,
    REACTION_TICKS = ARENA_TICK_HZ / 4,
    SCREEN_X = 13 * ARENA_TILE, /* half of what is on the screen */
    SCREEN_Y = 7 * ARENA_TILE,
    ERROR_MAX = 65536 * 12 / 360,
    STUCK_TICKS = 20,
    SOURCE_BYTES_MAX = 1 << 16,
};

struct place {
    int32_t x;
    int32_t y;
    bool is_there;
};

struct rookie {
    struct place seen[REACTION_TICKS][BOTS]; /* a ring by tick */
    uint32_t sight_ticks;                    /* how long somebody has been in sight */
    uint32_t stuck_ticks;
    uint16_t heading;
};

static char map_text[SOURCE_BYTES_MAX];

static int load_maps(void **state)
{
    (void)state;
    FILE *file = fopen(SK_MAPS_PATH, "rb");
    assert_non_null(file);
    size_t size = fread(map_text, 1, sizeof(map_text) - 1, file);
    map_text[size] = '\0';
    return fclose(file);
}

static bool is_in_sight(const struct arena_kit *kit, const struct arena_player *other)
{
    const struct arena_player *self = &kit->world->players[0];
    const struct arena_map *map = arena_map_of(kit->world, kit->content);
    return other->health > 0 && abs(other->x - self->x) < SCREEN_X &&
           abs(other->y - self->y) < SCREEN_Y &&
           arena_map_sees(map, self->x, self->y, other->x, other->y);
}

/* Notes who is in sight, and finds the nearest of those who were a reaction ago. */
static const struct place *look(struct rookie *rookie, const struct arena_kit *kit)
{
    const struct arena_player *self = &kit->world->players[0];
    struct place *row = rookie->seen[kit->world->head.tick % REACTION_TICKS];
    static struct place found;
    uint32_t nearest = UINT32_MAX;
    found.is_there = false;
    for (uint32_t i = 0; i < BOTS; i++) {
        uint32_t distance = sk_distance(row[i].x - self->x, row[i].y - self->y);
        if (row[i].is_there && distance < nearest) {
            nearest = distance;
            found = row[i];
        }
        const struct arena_player *other = &kit->world->players[FIRST_BOT + i];
        row[i] = (struct place){other->x, other->y, is_in_sight(kit, other)};
    }
    return found.is_there ? &found : NULL;
}

/* Straight on; another way when a wall has held it up for a while. */
static void wander(struct rookie *rookie, const struct arena_kit *kit, uint32_t seed)
{
    const struct arena_player *self = &kit->world->players[0];
    uint32_t tick = kit->world->head.tick;
    bool is_held = sk_distance(self->speed_x, self->speed_y) < 700;
    rookie->stuck_ticks = is_held ? rookie->stuck_ticks + 1 : 0;
    if (rookie->stuck_ticks > STUCK_TICKS) {
        rookie->heading = (uint16_t)sk_random(seed, tick, 0, 1);
        rookie->stuck_ticks = 0;
    }
}

static struct sk_input play(struct rookie *rookie, const struct arena_kit *kit, uint32_t seed)
{
    struct sk_input input = {0};
    const struct arena_player *self = &kit->world->players[0];
    const struct place *enemy = look(rookie, kit);
    if (enemy) {
        uint32_t error = sk_random(seed, kit->world->head.tick / REACTION_TICKS, 0, 2);
        rookie->heading = sk_atan2(enemy->y - self->y, enemy->x - self->x);
        input.axes[2] = (int16_t)(rookie->heading + error % (2 * ERROR_MAX + 1) - ERROR_MAX);
        input.buttons = rookie->sight_ticks >= REACTION_TICKS ? ARENA_FIRE : 0;
        rookie->sight_ticks++;
    } else {
        rookie->sight_ticks = 0;
        wander(rookie, kit, seed);
        input.axes[2] = (int16_t)rookie->heading;
    }
    input.axes[0] = (int16_t)sk_cos(rookie->heading);
    input.axes[1] = (int16_t)sk_sin(rookie->heading);
    return input;
}

struct outcome {
    uint32_t first_kill_ticks; /* MATCH_TICKS when there was none */
    uint32_t kills_in_minute;  /* of all */
    uint32_t rookie_kills;
    uint32_t rookie_deaths;
};

static void count_kills(const struct arena_kit *kit, struct outcome *outcome)
{
    for (uint32_t i = 0; i < kit->events.count; i++) {
        const struct sk_event *event = &kit->kept[i];
        if (event->type != ARENA_EVENT_KILL) {
            continue;
        }
        bool is_rookies = event->values[0] == 0 + 1;
        outcome->kills_in_minute += kit->world->head.tick <= MINUTE_TICKS;
        outcome->rookie_kills += is_rookies;
        outcome->rookie_deaths += event->values[1] == 0;
        if (is_rookies && kit->world->head.tick < outcome->first_kill_ticks) {
            outcome->first_kill_ticks = kit->world->head.tick;
        }
    }
}

static void start_match(struct arena_kit *kit, uint32_t seed)
{
    uint32_t options[SK_OPTIONS_MAX];
    for (uint32_t i = 0; i < ARENA_OPTION_COUNT; i++) {
        options[i] = arena_game.options[i].default_value;
    }
    options[ARENA_OPTION_MAP] = 1 + seed % 3;
    arena_kit_start(kit, map_text, ARENA_PLAYERS_MAX, options);
    kit->world->head.secret_seed = sk_mix(seed);
    for (uint32_t i = FIRST_BOT; i < ARENA_PLAYERS_MAX; i++) {
        arena_game.join(kit->world, kit->content, i, true);
    }
}

static struct outcome play_match(uint32_t seed)
{
    struct arena_kit kit;
    struct rookie rookie = {0};
    struct outcome outcome = {.first_kill_ticks = MATCH_TICKS};
    start_match(&kit, seed);
    arena_game.join(kit.world, kit.content, 0, false);
    rookie.heading = kit.world->players[0].aim;
    for (uint32_t tick = 0; tick < MATCH_TICKS; tick++) {
        for (uint32_t i = FIRST_BOT; i < ARENA_PLAYERS_MAX; i++) {
            arena_game.think(kit.world, kit.content, i, &kit.inputs[i]);
        }
        bool was_dead = kit.world->players[0].health == 0;
        kit.inputs[0] = play(&rookie, &kit, seed);
        arena_kit_step(&kit);
        count_kills(&kit, &outcome);
        if (was_dead && kit.world->players[0].health > 0) {
            rookie = (struct rookie){.heading = kit.world->players[0].aim};
        }
    }
    arena_kit_end(&kit);
    return outcome;
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void test_arena_rookie_kills_within_half_a_minute(void **state)
{
    (void)state;
    static uint32_t firsts[MATCHES];
    static uint32_t kills[MATCHES];
    uint32_t rookie_kills = 0;
    uint32_t rookie_deaths = 0;
    for (uint32_t i = 0; i < MATCHES; i++) {
        struct outcome outcome = play_match(i);
        firsts[i] = outcome.first_kill_ticks;
        kills[i] = outcome.kills_in_minute;
        rookie_kills += outcome.rookie_kills;
        rookie_deaths += outcome.rookie_deaths;
    }
    qsort(firsts, MATCHES, sizeof(firsts[0]), compare);
    qsort(kills, MATCHES, sizeof(kills[0]), compare);
    print_message("  first kill after %u s in the median, %u s at p90; kills in the first minute "
                  "%u in the median, %u at p10; %u kills and %u deaths of the rookie\n",
                  firsts[MATCHES / 2] / ARENA_TICK_HZ, firsts[MATCHES * 9 / 10] / ARENA_TICK_HZ,
                  kills[MATCHES / 2], kills[MATCHES / 10], rookie_kills, rookie_deaths);
    assert_in_range(firsts[MATCHES * 9 / 10], 1, 30 * ARENA_TICK_HZ);
    assert_in_range(kills[MATCHES / 10], 16, 60);
    assert_true(rookie_deaths * 4 < rookie_kills * 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_arena_rookie_kills_within_half_a_minute, load_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
