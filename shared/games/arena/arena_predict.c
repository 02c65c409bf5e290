/* arena_predict.c - see arena_predict.h.
 *
 * Runs on clients alone, in the order of the authority's tick: walk, fire, fly, pickups.  It may
 * write nothing but its player and the player's projectiles, so a pickup that it takes stays ready
 * in this world; that it was taken is kept with the player until the snapshot knows.
 */
#include "arena/arena_predict.h"

#include "arena/arena_combat.h"
#include "arena/arena_player.h"
#include "base/assert.h"
#include "sim/entity.h"

_Static_assert(ARENA_PICKUPS_MAX <= 32, "a bit each");

/* A server that lies may have put it anywhere. */
static bool is_on_map(const struct arena_map *map, int32_t x, int32_t y)
{
    return x >= 0 && y >= 0 && x < map->width * ARENA_TILE && y < map->height * ARENA_TILE;
}

/* A hit that the player need not wait for. */
static void mark(const struct arena_world *world, uint32_t player, uint32_t victim, int weapon,
                 struct sk_events *events)
{
    const struct arena_player *hit = &world->players[victim];
    if (hit->shielded || world->match.state != ARENA_PLAYING) {
        return;
    }
    const struct arena_hit shown = {
        .victim = (uint8_t)victim,
        .damage = arena_combat_damage(hit, weapon),
    };
    sk_emit(events, ARENA_EVENT_HIT, (uint16_t)player, &shown);
}

static void fire(struct arena_world *world, const struct arena_map *map, uint32_t player,
                 int weapon, const struct sk_input *input, struct sk_events *events)
{
    if (weapon != ARENA_RAIL) {
        arena_combat_launch(world, map, player, events);
        return;
    }
    uint32_t victim = arena_combat_beam(world, map, player, input, events);
    if (victim < world->head.players_max) {
        mark(world, player, victim, ARENA_RAIL, events);
    }
}

static void fly(struct arena_world *world, const struct arena_map *map, uint32_t player,
                const struct sk_input *input, struct sk_events *events)
{
    uint32_t capacity = world->head.players_max * ARENA_PROJECTILES_A_PLAYER;
    for (uint32_t i = 0; i < capacity; i++) {
        struct arena_projectile *shot = &world->projectiles[i];
        if (!shot->entity.alive || shot->entity.owner != player ||
            !is_on_map(map, shot->x, shot->y)) {
            continue;
        }
        uint32_t victim = arena_combat_find_known(world, shot, input);
        if (victim < world->head.players_max) {
            mark(world, player, victim, ARENA_BLASTER, events);
            sk_entity_free(shot, sizeof(*shot));
        } else {
            arena_combat_move(world, map, shot);
        }
    }
}

static void take_pickups(struct arena_world *world, uint32_t player, struct sk_events *events)
{
    struct arena_player *taker = &world->players[player];
    for (uint32_t i = 0; i < ARENA_PICKUPS_MAX; i++) {
        const struct arena_pickup *pickup = &world->pickups[i];
        bool is_there = pickup->ready && (taker->foreseen_pickups >> i & 1) == 0;
        if (is_there && arena_combat_take(taker, pickup)) {
            taker->foreseen_pickups |= (uint32_t)1 << i;
            sk_emit(events, ARENA_EVENT_PICKUP, SK_TO_ALL,
                    &(struct arena_taken){.player = (uint8_t)player, .type = pickup->type});
        }
    }
}

void arena_predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                   struct sk_events *events)
{
    struct arena_world *arena = world;
    const struct arena_map *map = arena_map_of(arena, content);
    SK_GAME_ASSERT(player < arena->head.players_max);
    struct arena_player *own = &arena->players[player];
    if (!own->entity.alive || own->entity.owner != player || !is_on_map(map, own->x, own->y)) {
        return;
    }
    int shot = arena_player_advance(own, map, input);
    if (shot != ARENA_NO_SHOT) {
        fire(arena, map, player, shot, input, events);
    }
    fly(arena, map, player, input, events);
    take_pickups(arena, player, events);
}
