/* game_tables.c - see game_tables.h.  cJSON's adders give NULL for a NULL object, so that one check
 * at the end finds whatever had no memory. */
#include "game_tables.h"

#include <stdio.h>

#include <cjson/cJSON.h>

/* An object at the end of a list. */
static cJSON *add_object(cJSON *list, const char *name)
{
    cJSON *object = cJSON_CreateObject();
    if (!cJSON_AddItemToArray(list, object)) {
        cJSON_Delete(object);
        return NULL;
    }
    return cJSON_AddStringToObject(object, "name", name) ? object : NULL;
}

static bool add_field(cJSON *list, const struct sk_field *field)
{
    static const char *const predictors[] = {
        [SK_HOLD] = "hold", [SK_LINEAR] = "linear", [SK_TURN] = "turn"};
    cJSON *row = add_object(list, field->name);
    bool is_whole = cJSON_AddStringToObject(row, "unit", field->unit) != NULL;
    if ((field->flags & SK_EXACT) != 0) {
        return is_whole;
    }
    return is_whole && cJSON_AddNumberToObject(row, "min", field->min) &&
           cJSON_AddNumberToObject(row, "max", field->max) &&
           cJSON_AddNumberToObject(row, "bits", field->bits) &&
           cJSON_AddStringToObject(row, "predictor", predictors[field->predictor]);
}

static bool add_fields(cJSON *object, const char *name, const struct sk_field *fields,
                       uint32_t count, bool is_exact)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);
    bool is_whole = list != NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (((fields[i].flags & SK_EXACT) != 0) == is_exact) {
            is_whole = is_whole && add_field(list, &fields[i]);
        }
    }
    return is_whole;
}

static bool add_kinds(cJSON *tree, const struct sk_game *game)
{
    cJSON *list = cJSON_AddArrayToObject(tree, "kinds");
    bool is_whole = list != NULL;
    for (uint32_t i = 0; i < game->kind_count; i++) {
        const struct sk_kind *kind = &game->kinds[i];
        cJSON *row = add_object(list, kind->name);
        is_whole = is_whole && add_fields(row, "fields", kind->fields, kind->field_count, false) &&
                   add_fields(row, "own", kind->fields, kind->field_count, true);
    }
    return is_whole;
}

static bool add_events(cJSON *tree, const struct sk_game *game)
{
    cJSON *list = cJSON_AddArrayToObject(tree, "events");
    bool is_whole = list != NULL;
    for (uint32_t i = 0; i < game->event_count; i++) {
        const struct sk_event_type *event = &game->events[i];
        cJSON *row = add_object(list, event->name);
        is_whole = is_whole && add_fields(row, "fields", event->fields, event->field_count, false);
    }
    return is_whole;
}

static bool add_options(cJSON *tree, const struct sk_game *game)
{
    cJSON *list = cJSON_AddArrayToObject(tree, "options");
    bool is_whole = list != NULL;
    for (uint32_t i = 0; i < game->option_count; i++) {
        const struct sk_option *option = &game->options[i];
        cJSON *row = add_object(list, option->name);
        is_whole = is_whole && cJSON_AddNumberToObject(row, "min", option->min) &&
                   cJSON_AddNumberToObject(row, "max", option->max) &&
                   cJSON_AddNumberToObject(row, "default", option->default_value);
    }
    return is_whole;
}

static bool add_commands(cJSON *tree, const struct sk_game *game)
{
    cJSON *list = cJSON_AddArrayToObject(tree, "commands");
    bool is_whole = list != NULL;
    for (uint32_t i = 0; i < game->command_count; i++) {
        cJSON *row = add_object(list, game->commands[i].name);
        is_whole =
            is_whole && cJSON_AddNumberToObject(row, "bytesMax", game->commands[i].bytes_max);
    }
    return is_whole;
}

static bool add_constants(cJSON *tree, const struct sk_game *game)
{
    cJSON *object = cJSON_AddObjectToObject(tree, "constants");
    bool is_whole = object != NULL;
    for (uint32_t i = 0; i < game->constant_count; i++) {
        const struct sk_constant *constant = &game->constants[i];
        is_whole = is_whole && cJSON_AddNumberToObject(object, constant->name, constant->value);
    }
    return is_whole;
}

char *game_tables_create(const struct sk_game *game)
{
    cJSON *tree = cJSON_CreateObject();
    bool is_whole = cJSON_AddStringToObject(tree, "name", game->name) && add_kinds(tree, game) &&
                    add_events(tree, game) && add_options(tree, game) && add_commands(tree, game) &&
                    add_constants(tree, game);
    char *text = is_whole ? cJSON_PrintUnformatted(tree) : NULL;
    cJSON_Delete(tree);
    return text;
}
