/* bot_policy.h - a bot that plays with the game's own think(), over the wire.
 *
 *   snapshot --> seen: the view's world, and what infer() makes up
 *   input    --> now: seen, the own part predicted by the inputs under way --> think()
 *
 * So the bot judges others where its newest snapshot had them and itself where it is, as a player
 * with a good screen does.
 *
 * Memory   bot_policy_create() allocates three worlds.
 * Threads  one.
 * Time     ticks only.
 */
#ifndef BOT_POLICY_H
#define BOT_POLICY_H

#include "bot_content.h"
#include "sim/view.h"

enum { BOT_POLICY_TICKS = 64 /* inputs under way; more than a lead ever is */ };

struct bot_policy {
    const struct bot_content *content; /* borrowed */
    const struct sk_plan *plan;        /* borrowed: the client's match */
    uint32_t player;
    uint64_t seed; /* takes the place of the secret one */
    size_t world_bytes;
    void *seen;
    void *older; /* what was seen before */
    void *now;
    uint32_t sampled_tick;                    /* the newest that was made */
    struct sk_input inputs[BOT_POLICY_TICKS]; /* by tick */
};

/* Returns an owned policy for seat `player` of a match of `plan`, or NULL when memory is short. */
struct bot_policy *bot_policy_create(const struct bot_content *content, const struct sk_plan *plan,
                                     uint32_t player, uint64_t seed);
/* Frees it; NULL is nothing. */
void bot_policy_destroy(struct bot_policy *policy);

/* A snapshot was applied to the view. */
void bot_policy_see(struct bot_policy *policy, const struct sk_view *view);
/* What to press next; neutral before the first snapshot. */
struct sk_input bot_policy_think(struct bot_policy *policy);
/* That was sampled for the ticks from `from` to `to`. */
void bot_policy_note(struct bot_policy *policy, const struct sk_input *input, uint32_t from,
                     uint32_t to);

#endif
