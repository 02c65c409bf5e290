/* arena_result.c - see arena_result.h. */
#include "arena/arena_result.h"

#include "arena/arena_team.h"
#include "base/assert.h"

enum {
    WINNER_POINTS = 10,
    TEAM_POINTS = 5, /* of each in the team that won */
    POINTS_MAX = 9999,
};

/* Points that a rank begins with: a good round is worth about twenty. */
static const uint16_t rank_points[ARENA_RANK_COUNT] = {0, 8, 20, 40, 70, 110};

static bool is_winner(const struct arena_world *world, uint32_t player)
{
    uint8_t winner = world->match.winner;
    return winner != ARENA_NOBODY &&
           (arena_team_is_played(world) ? winner == world->players[player].team
                                        : winner == player + 1);
}

static uint8_t rank_of(uint32_t points)
{
    uint8_t rank = 0;
    while (rank + 1 < ARENA_RANK_COUNT && points >= rank_points[rank + 1]) {
        rank++;
    }
    return rank;
}

static uint8_t accuracy_of(const struct arena_player *player)
{
    uint32_t share = player->shots > 0 ? player->hits * 100u / player->shots : 0;
    return (uint8_t)(share < 100 ? share : 100);
}

/* Place and company. */
static void fill_place(const struct arena_world *world, uint32_t player,
                       struct arena_result *result)
{
    result->place = 1;
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        const struct arena_player *other = &world->players[i];
        if (!other->entity.alive) {
            continue;
        }
        result->player_count++;
        if (other->score > world->players[player].score) {
            result->place++;
        }
    }
}

static void tell_one(struct arena_world *world, uint32_t index, struct sk_events *events)
{
    struct arena_player *player = &world->players[index];
    uint32_t prize = arena_team_is_played(world) ? TEAM_POINTS : WINNER_POINTS;
    uint32_t gained = player->score + (is_winner(world, index) ? prize : 0);
    uint32_t points = player->points + gained;
    player->points = (uint16_t)(points < POINTS_MAX ? points : POINTS_MAX);
    player->rank = rank_of(player->points);
    struct arena_result result = {
        .gained = (uint16_t)gained,
        .best_streak = player->best_streak,
        .accuracy = accuracy_of(player),
        .rank = player->rank,
    };
    if (player->rank + 1 < ARENA_RANK_COUNT) {
        result.missing = (uint16_t)(rank_points[player->rank + 1] - player->points);
    }
    fill_place(world, index, &result);
    SK_GAME_ASSERT(result.place <= result.player_count);
    sk_emit(events, ARENA_EVENT_RESULT, (uint16_t)index, &result);
}

void arena_result_tell(struct arena_world *world, struct sk_events *events)
{
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        if (world->players[i].entity.alive) {
            tell_one(world, i, events);
        }
    }
}
