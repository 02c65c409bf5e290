/* client_match.c - see client_match.h. */
#include "client_match.h"

#include <stdlib.h>
#include <string.h>

static int make_plan(struct client_match *match, const struct sk_game *game,
                     const struct sk_welcome *welcome)
{
    int result = sk_plan_init(&match->plan, game, welcome->players_max, welcome->options);
    if (result != SK_OK) {
        return result;
    }
    return match->plan.layout_hash == welcome->layout_hash ? SK_OK : SK_ERR_MISMATCH;
}

static bool is_predicted(const struct client_match_config *config)
{
    return config->predicts && config->welcome->player < config->welcome->players_max;
}

static size_t prediction_bytes(const struct client_match *match)
{
    return sk_arena_cost(sizeof(*match->predict)) + sk_client_predict_cost(&match->plan);
}

static size_t box_bytes(const struct client_match *match)
{
    return sk_arena_cost(sizeof(*match->box)) + sk_client_box_cost(&match->plan);
}

static int make_box(struct client_match *match, struct sk_arena *arena)
{
    match->box = sk_arena_take(arena, sizeof(*match->box));
    return match->box == NULL ? SK_ERR_MEMORY : sk_client_box_init(match->box, &match->plan, arena);
}

static int make_prediction(struct client_match *match, const struct client_match_config *config,
                           struct sk_arena *arena)
{
    ((struct sk_world *)match->view.world)->seed = config->welcome->seed;
    if (!is_predicted(config)) {
        return SK_OK;
    }
    match->predict = sk_arena_take(arena, sizeof(*match->predict));
    int result = match->predict == NULL
                     ? SK_ERR_MEMORY
                     : sk_client_predict_init(match->predict, &match->plan, config->content,
                                              match->player, arena);
    return result == SK_OK && config->has_box ? make_box(match, arena) : result;
}

static int make_parts_create(struct client_match *match, const struct client_match_config *config)
{
    struct sk_arena arena;
    size_t seats_bytes = match->plan.players_max * sizeof(struct client_seat);
    size_t bytes = sk_view_cost(&match->plan) + sk_arena_cost(seats_bytes) +
                   (is_predicted(config) ? prediction_bytes(match) : 0) +
                   (is_predicted(config) && config->has_box ? box_bytes(match) : 0);
    match->memory = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    if (match->memory == NULL) {
        return SK_ERR_MEMORY;
    }
    sk_arena_init(&arena, match->memory, bytes);
    match->seats = sk_arena_take(&arena, seats_bytes);
    int result =
        match->seats == NULL ? SK_ERR_MEMORY : sk_view_init(&match->view, &match->plan, &arena);
    return result == SK_OK ? make_prediction(match, config, &arena) : result;
}

struct client_match *client_match_create(const struct client_match_config *config,
                                         enum sk_reason *reason)
{
    const struct sk_welcome *welcome = config->welcome;
    struct client_match *match = calloc(1, sizeof(*match));
    *reason = SK_REASON_INTERNAL;
    if (match == NULL) {
        return NULL;
    }
    if (make_plan(match, config->game, welcome) != SK_OK) {
        *reason = SK_REASON_LAYOUT;
        goto fail;
    }
    match->player = welcome->player;
    match->seat_seconds = welcome->seat_seconds;
    if (make_parts_create(match, config) != SK_OK) {
        goto fail;
    }
    return match;
fail:
    client_match_destroy(match);
    return NULL;
}

void client_match_destroy(struct client_match *match)
{
    if (match != NULL) {
        free(match->memory);
        free(match);
    }
}

void client_match_set_seat(struct client_match *match, const struct sk_seat *seat)
{
    if (seat->player >= match->plan.players_max) {
        return;
    }
    struct client_seat *held = &match->seats[seat->player];
    held->state = seat->state;
    held->bot = seat->bot;
    held->name_bytes = (uint8_t)seat->name.size; /* the decoder bounds it */
    memcpy(held->name, seat->name.bytes, seat->name.size);
}

struct sk_seat client_match_seat(const struct client_match *match, uint32_t player)
{
    if (player >= match->plan.players_max) {
        return (struct sk_seat){.player = (uint16_t)player, .name = {"", 0}};
    }
    const struct client_seat *held = &match->seats[player];
    return (struct sk_seat){.player = (uint16_t)player,
                            .state = held->state,
                            .bot = held->bot,
                            .name = {held->name, held->name_bytes}};
}
