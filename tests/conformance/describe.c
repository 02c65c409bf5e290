/* describe.c - prints the schema of a built-in game's room as JSON (WIRE.md, "Listings").
 *
 *   describe GAME [SEATS [OPTION ...]]     the numbers as Welcome has them
 */
#include <stdlib.h>
#include <string.h>

#include "built_in.h"
#include "support/schema_json.h"

static const struct sk_game *find_game(const char *name)
{
    static const struct sk_game *const games[] = {&arena_game, &template_game};
    for (size_t i = 0; i < sizeof(games) / sizeof(games[0]); i++) {
        if (strcmp(games[i]->name, name) == 0) {
            return games[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct sk_plan plan;
    uint32_t options[SK_OPTIONS_MAX] = {0};
    const struct sk_game *game = argc > 1 ? find_game(argv[1]) : NULL;
    if (!game) {
        fprintf(stderr, "usage: describe GAME [SEATS [OPTION ...]]\n");
        return 2;
    }
    uint32_t seats = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : game->players_max;
    for (int i = 3; i < argc && i - 3 < SK_OPTIONS_MAX; i++) {
        options[i - 3] = (uint32_t)strtoul(argv[i], NULL, 10);
    }
    if (sk_plan_init(&plan, game, seats, argc > 3 ? options : NULL) != SK_OK) {
        fprintf(stderr, "describe: %s has no room with these seats and options\n", argv[1]);
        return 1;
    }
    schema_json_print(stdout, game->name, &plan.schema);
    printf("\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
