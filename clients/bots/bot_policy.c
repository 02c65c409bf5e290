/* bot_policy.c - see bot_policy.h. */
#include "bot_policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct bot_policy *bot_policy_create(const struct bot_content *content, const struct sk_plan *plan,
                                     uint32_t player, uint64_t seed)
{
    struct bot_policy *policy = calloc(1, sizeof(*policy));
    if (policy == NULL) {
        return NULL;
    }
    *policy = (struct bot_policy){.content = content,
                                  .plan = plan,
                                  .player = player,
                                  .seed = seed,
                                  .world_bytes = plan->world_bytes,
                                  .seen = calloc(1, plan->world_bytes),
                                  .older = calloc(1, plan->world_bytes),
                                  .now = calloc(1, plan->world_bytes)};
    if (policy->seen == NULL || policy->older == NULL || policy->now == NULL) {
        bot_policy_destroy(policy);
        return NULL;
    }
    return policy;
}

void bot_policy_destroy(struct bot_policy *policy)
{
    if (policy != NULL) {
        free(policy->seen);
        free(policy->older);
        free(policy->now);
        free(policy);
    }
}

void bot_policy_see(struct bot_policy *policy, const struct sk_view *view)
{
    const struct sk_game *game = policy->content->game;
    void *world = policy->older;
    SK_ASSERT(view->plan->world_bytes == policy->world_bytes);
    policy->older = policy->seen;
    policy->seen = world;
    memcpy(world, view->world, policy->world_bytes);
    ((struct sk_world *)world)->secret_seed = policy->seed;
    if (game->infer != NULL) {
        game->infer(world, policy->older, policy->player);
    }
}

/* Moves the own part by the inputs of the ticks after the snapshot's. */
static void predict_own(struct bot_policy *policy)
{
    const struct sk_world *head = policy->seen;
    struct sk_events unheard = {.schema = &policy->plan->schema};
    if (policy->sampled_tick - head->tick > BOT_POLICY_TICKS) {
        return; /* none yet, or this client lags far behind */
    }
    for (uint32_t tick = head->tick + 1; tick != policy->sampled_tick + 1; tick++) {
        sk_world_predict(policy->plan, policy->now, policy->content->block, policy->player,
                         &policy->inputs[tick % BOT_POLICY_TICKS], &unheard);
    }
    ((struct sk_world *)policy->now)->tick = head->tick; /* everybody else is as of then */
}

struct sk_input bot_policy_think(struct bot_policy *policy)
{
    struct sk_input input = {0};
    const struct sk_world *head = policy->seen;
    if (head->tick != 0) {
        memcpy(policy->now, policy->seen, policy->world_bytes);
        predict_own(policy);
        policy->content->game->think(policy->now, policy->content->block, policy->player, &input);
    }
    return input;
}

void bot_policy_note(struct bot_policy *policy, const struct sk_input *input, uint32_t from,
                     uint32_t to)
{
    for (uint32_t tick = from; tick != to + 1; tick++) {
        policy->inputs[tick % BOT_POLICY_TICKS] = *input;
    }
    policy->sampled_tick = to;
}
