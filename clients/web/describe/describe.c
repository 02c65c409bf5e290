/* describe.c - writes a game's tables as TypeScript: describe_NAME OUT.ts, once for each game. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/game.h"

static const char *predictor_of(const struct sk_field *field)
{
    switch ((enum sk_predictor)field->predictor) {
    case SK_HOLD:
        return "hold";
    case SK_LINEAR:
        return "linear";
    case SK_TURN:
        return "turn";
    }
    return "unknown";
}

static void print_fields(FILE *out, const char *name, const struct sk_field *fields, uint32_t count,
                         bool exact)
{
    fprintf(out, "    %s: [\n", name);
    for (uint32_t i = 0; i < count; i++) {
        const struct sk_field *field = &fields[i];
        if (((field->flags & SK_EXACT) != 0) != exact) {
            continue;
        }
        fprintf(out, "      { name: \"%s\", unit: \"%s\"", field->name, field->unit);
        if (!exact) {
            fprintf(out, ", min: %.17g, max: %.17g, bits: %u, predictor: \"%s\"", field->min,
                    field->max, field->bits, predictor_of(field));
        }
        fprintf(out, " },\n");
    }
    fprintf(out, "    ],\n");
}

static void print_kinds(FILE *out, const struct sk_game *game)
{
    fprintf(out,
            "/** Kinds by number; `fields` in the order of drawn values, `own` after them. */\n");
    fprintf(out, "export const kinds = [\n");
    for (uint32_t i = 0; i < game->kind_count; i++) {
        const struct sk_kind *kind = &game->kinds[i];
        fprintf(out, "  {\n    name: \"%s\",\n", kind->name);
        print_fields(out, "fields", kind->fields, kind->field_count, false);
        print_fields(out, "own", kind->fields, kind->field_count, true);
        fprintf(out, "  },\n");
    }
    fprintf(out, "] as const;\n\n");
}

static void print_events(FILE *out, const struct sk_game *game)
{
    fprintf(out, "/** Event types by number. */\nexport const events = [\n");
    for (uint32_t i = 0; i < game->event_count; i++) {
        const struct sk_event_type *event = &game->events[i];
        fprintf(out, "  {\n    name: \"%s\",\n", event->name);
        print_fields(out, "fields", event->fields, event->field_count, false);
        fprintf(out, "  },\n");
    }
    fprintf(out, "] as const;\n\n");
}

static void print_options(FILE *out, const struct sk_game *game)
{
    fprintf(out, "/** What whoever opens a room may set. */\nexport const options = [\n");
    for (uint32_t i = 0; i < game->option_count; i++) {
        const struct sk_option *option = &game->options[i];
        fprintf(out, "  { name: \"%s\", min: %u, max: %u, default: %u },\n", option->name,
                option->min, option->max, option->default_value);
    }
    fprintf(out, "] as const;\n\n");
}

static void print_commands(FILE *out, const struct sk_game *game)
{
    fprintf(out, "/** Command types by number. */\nexport const commands = [\n");
    for (uint32_t i = 0; i < game->command_count; i++) {
        fprintf(out, "  { name: \"%s\", bytesMax: %u },\n", game->commands[i].name,
                game->commands[i].bytes_max);
    }
    fprintf(out, "] as const;\n\n");
}

static void print_constants(FILE *out, const struct sk_game *game)
{
    fprintf(out, "/** Numbers of the game, by name. */\nexport const constants = {\n");
    for (uint32_t i = 0; i < game->constant_count; i++) {
        fprintf(out, "  %s: %d,\n", game->constants[i].name, (int)game->constants[i].value);
    }
    fprintf(out, "} as const;\n");
}

static void print_input(FILE *out, const struct sk_game *game)
{
    fprintf(out, "/** What an input may hold: `presses` act once and are never repeated. */\n");
    fprintf(out, "export const input = {\n  buttons: %u,\n  presses: %u,\n  axes: [\n",
            game->buttons, game->press_buttons);
    for (uint32_t i = 0; i < SK_AXES; i++) {
        fprintf(out, "    { min: %d, max: %d },\n", game->axes[i].min, game->axes[i].max);
    }
    fprintf(out, "  ],\n} as const;\n\n");
}

static void print_game(FILE *out, const struct sk_game *game)
{
    unsigned tick_hz = game->tick_hz ? game->tick_hz : SK_TICK_HZ_DEFAULT;
    fprintf(out, "// The tables of the game %s, written by its build.  Do not change.\n\n",
            game->name);
    fprintf(out, "export const name = \"%s\";\n", game->name);
    fprintf(out, "export const codeHash = 0x%016llxn;\n", (unsigned long long)game->code_hash);
    fprintf(out, "export const tickHz = %u;\n", tick_hz);
    fprintf(out, "export const playersMax = %u;\n", game->players_max);
    fprintf(out, "export const contentName: string | null = ");
    fprintf(out, game->content_name ? "\"%s\";\n\n" : "null;\n\n", game->content_name);
    print_input(out, game);
    print_kinds(out, game);
    print_events(out, game);
    print_options(out, game);
    print_commands(out, game);
    print_constants(out, game);
}

int main(int argument_count, char **arguments)
{
    const char *why = "";
    const struct sk_game *game = sk_game_entry();
    if (argument_count != 2) {
        fprintf(stderr, "describe: name the file to write\n");
        return EXIT_FAILURE;
    }
    if (sk_game_check(game, &why) != SK_OK) {
        fprintf(stderr, "describe: the game %s is not as it should be: %s\n", game->name, why);
        return EXIT_FAILURE;
    }
    FILE *out = fopen(arguments[1], "w");
    if (!out) {
        perror(arguments[1]);
        return EXIT_FAILURE;
    }
    print_game(out, game);
    if (fclose(out) != 0) {
        perror(arguments[1]);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
