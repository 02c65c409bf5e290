/* arena_team.c - see arena_team.h. */
#include "arena/arena_team.h"

#include "base/assert.h"

enum { SCORE_MAX = 1023 }; /* what the wire can say */

struct team_size {
    uint32_t members;
    uint32_t people; /* of the members, those who are no bots */
};

bool arena_team_is_played(const struct arena_world *world)
{
    return world->head.options[ARENA_OPTION_MODE] == ARENA_TEAMS;
}

bool arena_team_is_enemy(const struct arena_world *world, uint32_t player, uint32_t other)
{
    uint8_t team = world->players[player].team;
    SK_GAME_ASSERT(player < world->head.players_max);
    SK_GAME_ASSERT(other < world->head.players_max);
    return player != other && (team == ARENA_NO_TEAM || team != world->players[other].team);
}

/* How large a team is without `apart`. */
static struct team_size size_of(const struct arena_world *world, uint8_t team, uint32_t apart)
{
    struct team_size size = {0};
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        const struct arena_player *player = &world->players[i];
        if (i != apart && player->entity.alive && player->team == team) {
            size.members++;
            size.people += !player->bot;
        }
    }
    return size;
}

uint8_t arena_team_choose(const struct arena_world *world, uint32_t player)
{
    struct team_size first = size_of(world, 1, player);
    struct team_size second = size_of(world, 2, player);
    if (!arena_team_is_played(world)) {
        return ARENA_NO_TEAM;
    }
    if (first.members != second.members) {
        return first.members < second.members ? 1 : 2;
    }
    if (first.people != second.people) {
        return first.people < second.people ? 1 : 2;
    }
    return world->match.team_1_score <= world->match.team_2_score ? 1 : 2;
}

void arena_team_score(struct arena_world *world, uint32_t player)
{
    struct arena_match *match = &world->match;
    if (world->players[player].team == 1 && match->team_1_score < SCORE_MAX) {
        match->team_1_score++;
    } else if (world->players[player].team == 2 && match->team_2_score < SCORE_MAX) {
        match->team_2_score++;
    }
}

/* Whom a team misses least: a bot rather than a person, then who has the fewest points. */
static struct arena_player *find_spare(struct arena_world *world, uint8_t team)
{
    struct arena_player *spare = NULL;
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        struct arena_player *player = &world->players[i];
        if (!player->entity.alive || player->team != team) {
            continue;
        }
        if (!spare || player->bot > spare->bot ||
            (player->bot == spare->bot && player->points < spare->points)) {
            spare = player;
        }
    }
    return spare;
}

void arena_team_balance(struct arena_world *world)
{
    if (!arena_team_is_played(world)) {
        return;
    }
    uint32_t first = size_of(world, 1, ARENA_PLAYERS_MAX).members;
    uint32_t second = size_of(world, 2, ARENA_PLAYERS_MAX).members;
    uint8_t larger = first > second ? 1 : 2;
    uint32_t surplus = (first > second ? first - second : second - first) / 2;
    for (uint32_t i = 0; i < surplus; i++) {
        struct arena_player *spare = find_spare(world, larger);
        SK_GAME_ASSERT(spare != NULL);
        spare->team = (uint8_t)(1 + ARENA_TEAM_COUNT - larger);
    }
}
