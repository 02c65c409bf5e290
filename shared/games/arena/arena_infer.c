/* arena_infer.c - see arena_infer.h. */
#include "arena/arena_infer.h"

#include "arena/arena_world.h"
#include "base/assert.h"
#include "base/mem.h"

static int16_t speed_of(int32_t from, int32_t to, uint32_t ticks)
{
    SK_GAME_ASSERT(ticks > 0);
    int32_t speed = (to - from) / (int32_t)ticks;
    return (int16_t)(speed > INT16_MAX ? INT16_MAX : speed < INT16_MIN ? INT16_MIN : speed);
}

static bool is_same_life(const struct sk_entity *entity, const struct sk_entity *older)
{
    return entity->alive && older->alive && entity->generation == older->generation &&
           entity->jump == older->jump;
}

static void infer_speeds(struct arena_world *world, const struct arena_world *older,
                         uint32_t player)
{
    uint32_t ticks = world->head.tick - older->head.tick;
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        struct arena_player *other = &world->players[i];
        const struct arena_player *before = &older->players[i];
        if (i != player && is_same_life(&other->entity, &before->entity)) {
            other->speed_x = speed_of(before->x, other->x, ticks);
            other->speed_y = speed_of(before->y, other->y, ticks);
        }
    }
}

void arena_infer(void *world, const void *older, uint32_t player)
{
    struct arena_world *now = world;
    const struct arena_world *before = older;
    struct sk_rewind rewind = arena_rewind_of(now->head.players_max);
    uint32_t tick = now->head.tick;
    SK_GAME_ASSERT(player < now->head.players_max);
    SK_GAME_ASSERT(before->head.tick != tick);
    uint32_t ticks = before->head.tick == 0 ? 1 : tick - before->head.tick;
    memcpy(now->rewind, before->rewind, sk_rewind_bytes(&rewind));
    for (uint32_t i = 0; i < ticks && i < ARENA_REWIND_TICKS; i++) {
        sk_rewind_record(&rewind, now->rewind, now->players, tick - i);
    }
    if (before->head.tick != 0) {
        infer_speeds(now, before, player);
    }
}
