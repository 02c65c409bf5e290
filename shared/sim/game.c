/* game.c - see game.h.  A plan is made once a room; a world is touched only through these calls and
 * the game's own. */
#include "sim/game.h"

#include "base/assert.h"
#include "base/hash.h"
#include "base/mem.h"

enum { SNAPSHOT_DIVISOR_DEFAULT = 3, VIEW_AGE_MS_DEFAULT = 500, NAME_BYTES_MAX = 32 };
enum { OPTION_NAME_BYTES_MAX = 24 }; /* a row of the list of rooms has SK_OPTIONS_MAX of them */

/* --- checking a game ----------------------------------------------------------------------- */

static bool is_name_good(const char *name)
{
    if (!name || name[0] == 0) {
        return false;
    }
    for (uint32_t i = 0; name[i] != 0; i++) {
        bool is_letter = name[i] >= 'a' && name[i] <= 'z';
        bool is_digit = name[i] >= '0' && name[i] <= '9';
        if (i == NAME_BYTES_MAX || !(is_letter || is_digit || name[i] == '-')) {
            return false;
        }
    }
    return true;
}

/* Whether it begins with a letter and is made of lower-case letters, digits and underscores. */
static bool is_word(const char *name, uint32_t bytes_max)
{
    if (!name || name[0] < 'a' || name[0] > 'z') {
        return false;
    }
    for (uint32_t at = 0; name[at] != 0; at++) {
        bool is_digit = name[at] >= '0' && name[at] <= '9';
        bool is_letter = name[at] >= 'a' && name[at] <= 'z';
        if (at == bytes_max || (!is_digit && !is_letter && name[at] != '_')) {
            return false;
        }
    }
    return true;
}

static bool has_functions(const struct sk_game *game)
{
    return game->layout && game->start && game->join && game->leave && game->step && game->think &&
           game->predict;
}

static bool are_options_good(const struct sk_game *game)
{
    for (uint32_t i = 0; i < game->option_count; i++) {
        const struct sk_option *option = &game->options[i];
        if (!is_word(option->name, OPTION_NAME_BYTES_MAX) || option->min > option->default_value ||
            option->default_value > option->max) {
            return false;
        }
    }
    return true;
}

static bool are_commands_good(const struct sk_game *game)
{
    for (uint32_t i = 0; i < game->command_count; i++) {
        if (!game->commands[i].name || game->commands[i].bytes_max > SK_COMMAND_BYTES_MAX) {
            return false;
        }
    }
    return game->command_count == 0 || game->command;
}

static bool are_constants_good(const struct sk_game *game)
{
    for (uint32_t i = 0; i < game->constant_count; i++) {
        if (!is_word(game->constants[i].name, UINT32_MAX)) {
            return false;
        }
    }
    return true;
}

static bool are_axes_good(const struct sk_game *game)
{
    for (uint32_t i = 0; i < SK_AXES; i++) {
        if (game->axes[i].min > 0 || game->axes[i].max < 0) {
            return false;
        }
    }
    return true;
}

/* What is wrong with the game, NULL when nothing is. */
static const char *find_fault(const struct sk_game *game)
{
    const struct {
        bool good;
        const char *what;
    } rules[] = {
        {is_name_good(game->name), "its name is not lower-case letters, digits and dashes"},
        {game->tick_hz <= SK_TICK_HZ_MAX, "its tick rate is too high"},
        {game->snapshot_divisor <= SK_SNAPSHOT_DIVISOR_MAX, "its snapshot divisor is too high"},
        {game->players_min >= 1 && game->players_min <= game->players_max &&
             game->players_max <= SK_PLAYERS_MAX,
         "its player counts are out of range"},
        {game->kind_count >= 1 && game->kind_count <= SK_KINDS_MAX, "its kinds are too many"},
        {game->event_count <= SK_EVENT_TYPES_MAX, "its event types are too many"},
        {game->option_count <= SK_OPTIONS_MAX, "its options are too many"},
        {game->command_count <= SK_COMMAND_TYPES_MAX, "its command types are too many"},
        {has_functions(game), "it lacks a function"},
        {game->view_age_ms <= SK_VIEW_AGE_MS_MAX, "its views are too old"},
        {(game->press_buttons & ~game->buttons) == 0, "it has presses that are no buttons"},
        {are_axes_good(game), "an axis has no 0 in its range"},
        {!game->content_name || game->content, "it names content that it cannot read"},
    };
    for (uint32_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (!rules[i].good) {
            return rules[i].what;
        }
    }
    return NULL;
}

int sk_game_check(const struct sk_game *game, const char **why)
{
    if (game->abi != SK_GAME_ABI) {
        *why = "it was made for another version of the game interface";
        return SK_ERR_MISMATCH;
    }
    if (game->game_bytes != sizeof(struct sk_game)) {
        *why = "its struct sk_game has another size";
        return SK_ERR_MISMATCH;
    }
    *why = find_fault(game);
    if (!*why && !are_options_good(game)) {
        *why = "an option's name is no short word or its default is outside its range";
    }
    if (!*why && !are_commands_good(game)) {
        *why = "its commands are too large or it cannot take them";
    }
    if (!*why && !are_constants_good(game)) {
        *why = "a constant's name is not lower-case letters, digits and underscores";
    }
    struct sk_plan plan;
    if (!*why && sk_plan_init(&plan, game, game->players_max, NULL) != SK_OK) {
        *why = "its field tables or its layout break a rule";
    }
    return *why ? SK_ERR_CONFIG : SK_OK;
}

/* --- the plan ------------------------------------------------------------------------------ */

static int set_options(struct sk_plan *plan, const uint32_t *options)
{
    const struct sk_game *game = plan->game;
    for (uint32_t i = 0; i < game->option_count; i++) {
        uint32_t value = options ? options[i] : game->options[i].default_value;
        if (value < game->options[i].min || value > game->options[i].max) {
            return SK_ERR_CONFIG;
        }
        plan->options[i] = value;
    }
    return SK_OK;
}

static uint64_t hash_layout(const struct sk_plan *plan)
{
    const struct sk_game *game = plan->game;
    const uint32_t numbers[] = {
        SK_GAME_ABI,       sizeof(struct sk_input), plan->world_bytes,
        plan->players_max, plan->tick_hz,           plan->snapshot_divisor,
    };
    uint64_t hash = sk_hash(sk_schema_hash(&plan->schema), numbers, sizeof(numbers));
    for (uint32_t i = 0; i < game->command_count; i++) {
        const char *name = game->commands[i].name;
        hash = sk_hash(hash, &game->commands[i].bytes_max, sizeof(uint16_t));
        for (uint32_t at = 0; name[at] != 0; at++) {
            hash = sk_mix(hash ^ (uint8_t)name[at]);
        }
    }
    return hash;
}

static int lay_out(struct sk_plan *plan)
{
    struct sk_place places[SK_KINDS_MAX] = {{0}};
    const struct sk_game *game = plan->game;
    int bytes = game->layout(plan->players_max, plan->options, places);
    if (bytes < (int)sizeof(struct sk_world) || bytes % 8 != 0 || bytes > SK_WORLD_BYTES_MAX) {
        return SK_ERR_CONFIG;
    }
    plan->world_bytes = (uint32_t)bytes;
    int result = sk_schema_init(&plan->schema, game->kinds, game->kind_count, places);
    for (uint32_t i = 0; result == SK_OK && i < game->kind_count; i++) {
        uint64_t end =
            places[i].offset_bytes + (uint64_t)places[i].capacity * game->kinds[i].stride_bytes;
        if (places[i].offset_bytes < sizeof(struct sk_world) || end > plan->world_bytes) {
            result = SK_ERR_CONFIG;
        }
    }
    return result == SK_OK ? sk_schema_set_events(&plan->schema, game->events, game->event_count)
                           : result;
}

int sk_plan_init(struct sk_plan *plan, const struct sk_game *game, uint32_t players_max,
                 const uint32_t *options)
{
    *plan = (struct sk_plan){.game = game, .players_max = players_max};
    plan->tick_hz = game->tick_hz ? game->tick_hz : SK_TICK_HZ_DEFAULT;
    plan->snapshot_divisor =
        game->snapshot_divisor ? game->snapshot_divisor : SNAPSHOT_DIVISOR_DEFAULT;
    uint32_t age_ms = game->view_age_ms ? game->view_age_ms : VIEW_AGE_MS_DEFAULT;
    plan->view_age_ticks = age_ms * plan->tick_hz / 1000;
    if (players_max < game->players_min || players_max > game->players_max ||
        set_options(plan, options) != SK_OK) {
        return SK_ERR_CONFIG;
    }
    int result = lay_out(plan);
    if (result == SK_OK) {
        plan->layout_hash = hash_layout(plan);
    }
    return result;
}

/* --- worlds -------------------------------------------------------------------------------- */

void sk_world_start(const struct sk_plan *plan, void *world, const void *content, uint64_t seed,
                    uint64_t secret_seed)
{
    struct sk_world *head = world;
    memset(world, 0, plan->world_bytes);
    head->world_bytes = plan->world_bytes;
    head->players_max = plan->players_max;
    head->seed = seed;
    head->secret_seed = secret_seed;
    memcpy(head->options, plan->options, sizeof(head->options));
    plan->game->start(world, content);
    SK_GAME_ASSERT(head->tick == 0);
    SK_GAME_ASSERT(head->seed == seed && head->secret_seed == secret_seed);
    SK_GAME_ASSERT(head->players_max == plan->players_max);
}

void sk_world_step(const struct sk_plan *plan, void *world, const void *content,
                   const struct sk_input *inputs, struct sk_events *events)
{
    struct sk_world *head = world;
    SK_ASSERT(head->world_bytes == plan->world_bytes);
    SK_ASSERT(head->players_max == plan->players_max);
    SK_ASSERT(events->schema == &plan->schema);
    SK_ASSERT(head->tick < UINT32_MAX);
    head->tick++;
    events->tick = head->tick;
    plan->game->step(world, content, inputs, events);
    SK_GAME_ASSERT(head->tick == events->tick);
    SK_GAME_ASSERT(head->world_bytes == plan->world_bytes);
    SK_ASSERT(events->count <= events->capacity);
}

void sk_world_predict(const struct sk_plan *plan, void *world, const void *content, uint32_t player,
                      const struct sk_input *input, struct sk_events *events)
{
    struct sk_world *head = world;
    SK_ASSERT(head->world_bytes == plan->world_bytes);
    SK_ASSERT(player < plan->players_max);
    SK_ASSERT(events->schema == &plan->schema);
    events->tick = ++head->tick;
    plan->game->predict(world, content, player, input, events);
    SK_GAME_ASSERT(head->tick == events->tick);
    SK_GAME_ASSERT(head->world_bytes == plan->world_bytes);
}

uint64_t sk_world_hash(const struct sk_plan *plan, const void *world)
{
    return sk_hash(plan->world_bytes, world, plan->world_bytes);
}
