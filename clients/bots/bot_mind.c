/* bot_mind.c - see bot_mind.h. */
#include "bot_mind.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct bot_mind *bot_mind_create(const struct bot_content *content, const struct sk_plan *plan,
                                 uint32_t player, uint64_t seed)
{
    struct bot_mind *mind = calloc(1, sizeof(*mind));
    if (mind == NULL) {
        return NULL;
    }
    *mind = (struct bot_mind){.content = content,
                              .player = player,
                              .seed = seed,
                              .world_bytes = plan->world_bytes,
                              .seen = calloc(1, plan->world_bytes),
                              .older = calloc(1, plan->world_bytes),
                              .now = calloc(1, plan->world_bytes)};
    if (mind->seen == NULL || mind->older == NULL || mind->now == NULL) {
        bot_mind_destroy(mind);
        return NULL;
    }
    return mind;
}

void bot_mind_destroy(struct bot_mind *mind)
{
    if (mind != NULL) {
        free(mind->seen);
        free(mind->older);
        free(mind->now);
        free(mind);
    }
}

void bot_mind_see(struct bot_mind *mind, const struct sk_view *view)
{
    const struct sk_game *game = mind->content->game;
    void *world = mind->older;
    SK_ASSERT(view->plan->world_bytes == mind->world_bytes);
    mind->older = mind->seen;
    mind->seen = world;
    memcpy(world, view->world, mind->world_bytes);
    ((struct sk_world *)world)->secret_seed = mind->seed;
    if (game->infer != NULL) {
        game->infer(world, mind->older, mind->player);
    }
}

/* Moves the own part by the inputs of the ticks after the snapshot's. */
static void predict_own(struct bot_mind *mind)
{
    const struct sk_game *game = mind->content->game;
    const struct sk_world *head = mind->seen;
    if (mind->sampled_tick - head->tick > BOT_MIND_TICKS) {
        return; /* none yet, or this client lags far behind */
    }
    for (uint32_t tick = head->tick + 1; tick != mind->sampled_tick + 1; tick++) {
        game->predict(mind->now, mind->content->block, mind->player,
                      &mind->inputs[tick % BOT_MIND_TICKS]);
    }
}

struct sk_input bot_mind_think(struct bot_mind *mind)
{
    struct sk_input input = {0};
    const struct sk_world *head = mind->seen;
    if (head->tick != 0) {
        memcpy(mind->now, mind->seen, mind->world_bytes);
        predict_own(mind);
        mind->content->game->think(mind->now, mind->content->block, mind->player, &input);
    }
    return input;
}

void bot_mind_note(struct bot_mind *mind, const struct sk_input *input, uint32_t from, uint32_t to)
{
    for (uint32_t tick = from; tick != to + 1; tick++) {
        mind->inputs[tick % BOT_MIND_TICKS] = *input;
    }
    mind->sampled_tick = to;
}
