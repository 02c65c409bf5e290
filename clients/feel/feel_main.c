/* feel_main.c - skirmish-feel FILE [ASSETS]: replays a black box and says what was felt.
 *
 *   at_s=12.345 correction | late | underrun     each when it happened, from the file's beginning
 *   box=replayed seconds= snapshots= corrections= late= underruns= equal=
 *
 * ASSETS is the folder with the game's content (assets).  Ends with 1 for a file that is refused,
 * with the byte where it is wrong, and for one whose replay ends elsewhere than the player did.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot_content.h"
#include "feel_replay.h"

enum { FILE_BYTES_MAX = 4 << 20 };

static bool read_file(const char *path, uint8_t *bytes, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    *size = fread(bytes, 1, FILE_BYTES_MAX, file);
    return fclose(file) == 0;
}

static const struct sk_game *find_game(const char *name)
{
    for (uint32_t i = 0; i < BOT_GAMES; i++) {
        if (strcmp(bot_games[i]->name, name) == 0) {
            return bot_games[i];
        }
    }
    return NULL;
}

static void tell(const struct feel_replay *replay, const char *what, uint64_t before, uint64_t now)
{
    if (now != before) {
        printf("at_s=%.3f %s\n", (double)(replay->now_us - replay->begun_us) / 1e6, what);
    }
}

static enum feel_step play(struct feel_replay *replay)
{
    enum feel_step step = FEEL_STEP;
    while (step == FEEL_STEP) {
        struct feel_counts before = replay->counts;
        step = feel_replay_step(replay);
        tell(replay, "correction", before.corrections, replay->counts.corrections);
        tell(replay, "late", before.late, replay->counts.late);
        tell(replay, "underrun", before.underruns, replay->counts.underruns);
    }
    return step;
}

static int complain(const char *path, const char *what)
{
    fprintf(stderr, "skirmish-feel: %s: %s\n", path, what);
    return EXIT_FAILURE;
}

static int replay_file(const char *path, struct feel_file *file, const struct sk_plan *plan,
                       const void *content)
{
    static struct feel_replay replay;
    if (feel_replay_create(&replay, file, plan, content) != SK_OK) {
        return complain(path, "its room has another layout than this program's game");
    }
    enum feel_step step = play(&replay);
    bool is_equal = step == FEEL_END && feel_replay_is_equal(&replay);
    if (step == FEEL_BAD) {
        fprintf(stderr, "skirmish-feel: %s: byte %zu: %s\n", path, file->at, file->why);
    } else {
        printf("box=replayed seconds=%.1f snapshots=%llu corrections=%llu late=%llu underruns=%llu "
               "equal=%d\n",
               (double)(replay.now_us - replay.begun_us) / 1e6,
               (unsigned long long)replay.counts.snapshots,
               (unsigned long long)replay.counts.corrections,
               (unsigned long long)replay.counts.late, (unsigned long long)replay.counts.underruns,
               is_equal);
    }
    feel_replay_destroy(&replay);
    return is_equal ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run(const char *path, struct feel_file *file, const char *assets)
{
    char why[BOT_CONTENT_WHY_BYTES];
    struct sk_plan plan;
    struct bot_content content = {0};
    const struct sk_game *game = find_game(file->head.game);
    if (!game) {
        return complain(path, "it is of a game that this program does not know");
    }
    if (sk_plan_init(&plan, game, file->head.players_max, file->head.options) != SK_OK) {
        return complain(path, "its room is none that the game allows");
    }
    if (bot_content_create(&content, game, assets, why) != SK_OK) {
        return complain(path, why);
    }
    if (game->code_hash != file->head.code_hash) {
        fprintf(stderr, "skirmish-feel: %s: it was played by another code of the game\n", path);
    }
    int result = replay_file(path, file, &plan, content.block);
    bot_content_destroy(&content);
    return result;
}

static void print_help(FILE *out)
{
    fputs("skirmish-feel FILE [ASSETS]: replays a black box that a client saved\n\n"
          "  --help  prints this and exits\n\n"
          "FILE is what F4 saves in the page: the last 30 seconds as its client knew them.  Each\n"
          "correction, late input and underrun is a line, their counts the last one.\n\n"
          "ASSETS is the folder with the game's content (assets).\n\n"
          "It ends with 1 for a file that is refused or whose replay ends elsewhere than the\n"
          "player did, with 2 for a wrong command line.\n",
          out);
}

int main(int argument_count, char **arguments)
{
    if (argument_count == 2 && strcmp(arguments[1], "--help") == 0) {
        print_help(stdout);
        return EXIT_SUCCESS;
    }
    if (argument_count < 2 || argument_count > 3 || arguments[1][0] == '-') {
        print_help(stderr);
        return 2;
    }
    static uint8_t bytes[FILE_BYTES_MAX];
    struct feel_file file;
    size_t size = 0;
    if (!read_file(arguments[1], bytes, &size)) {
        return complain(arguments[1], "it cannot be read");
    }
    if (feel_file_open(&file, bytes, size) != SK_OK) {
        fprintf(stderr, "skirmish-feel: %s: byte %zu: %s\n", arguments[1], file.at, file.why);
        return EXIT_FAILURE;
    }
    return run(arguments[1], &file, argument_count == 3 ? arguments[2] : "assets");
}
