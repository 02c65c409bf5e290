/* fixture_main.c - prints the hashes of a made-up match: fixture CONTENT TICKS SEED PLAYERS,
 * or of one that record.c recorded: fixture CONTENT PLAYERS RECORD.
 *
 * The same program is built by several compilers at several levels; hash_equal.py compares what
 * they say with each other and with the wasm build.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "sim/fixture.h"
#include "sim/replay.h"

enum { EVENTS = 256 };

static void fail(const char *why)
{
    fprintf(stderr, "fixture: %s\n", why);
    exit(EXIT_FAILURE);
}

static void on_assert(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

static void *take(size_t bytes)
{
    void *taken = calloc(1, bytes);
    if (!taken) {
        fail("out of memory");
    }
    return taken;
}

struct bytes {
    uint8_t *bytes;
    size_t size;
};

static struct bytes read_file(const char *path)
{
    struct bytes read = {0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fail("a file cannot be opened");
    }
    read.size = (size_t)ftell(file);
    read.bytes = take(read.size + 1);
    rewind(file);
    if (fread(read.bytes, 1, read.size, file) != read.size) {
        fail("a file cannot be read");
    }
    (void)fclose(file);
    return read;
}

/* Builds the game's content from a file. */
static void *load_content(const struct sk_game *game, const char *path)
{
    if (!game->content_name) {
        return NULL;
    }
    struct bytes source = read_file(path);
    int bytes = game->content(source.bytes, source.size, NULL, 0);
    void *content = take(bytes > 0 ? (size_t)bytes : 1);
    if (bytes < 0 || game->content(source.bytes, source.size, content, (size_t)bytes) < 0) {
        fail("the content is not as the game wants it");
    }
    free(source.bytes);
    return content;
}

static double now_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* What a match came out as. */
struct outcome {
    uint64_t hash;
    uint32_t tick_count;
};

static struct outcome play(const struct sk_plan *plan, const void *content, uint32_t tick_count,
                           uint64_t seed)
{
    struct sk_fixture fixture = {
        .plan = plan,
        .world = take(plan->world_bytes),
        .content = content,
        .inputs = take(plan->players_max * sizeof(struct sk_input)),
        .events = {.events = take(EVENTS * sizeof(struct sk_event)), .capacity = EVENTS},
        .seed = seed,
    };
    sk_fixture_start(&fixture);
    return (struct outcome){sk_fixture_run(&fixture, tick_count), tick_count};
}

static struct outcome replay(const struct sk_plan *plan, const void *content,
                             const struct bytes *record)
{
    struct sk_replay replay = {
        .plan = plan,
        .world = take(plan->world_bytes),
        .content = content,
        .inputs = take(plan->players_max * sizeof(struct sk_input)),
        .events = {.events = take(EVENTS * sizeof(struct sk_event)), .capacity = EVENTS},
    };
    int equal_count = sk_replay_run(&replay, record->bytes, record->size);
    if (equal_count < 0) {
        fail("this is no record of the game");
    }
    return (struct outcome){replay.hash, (uint32_t)equal_count};
}

int main(int argument_count, char **arguments)
{
    static struct sk_plan plan;
    if (argument_count != 4 && argument_count != 5) {
        fail("fixture CONTENT TICKS SEED PLAYERS, or CONTENT PLAYERS RECORD");
    }
    sk_assert_set_handler(on_assert);
    bool is_replay = argument_count == 4;
    uint32_t players_max = (uint32_t)strtoul(arguments[is_replay ? 2 : 4], NULL, 10);
    struct bytes record = is_replay ? read_file(arguments[3]) : (struct bytes){0};
    const struct sk_game *game = sk_game_entry();
    if (sk_plan_init(&plan, game, players_max, NULL) != SK_OK) {
        fail("the game does not take so many players");
    }
    const void *content = load_content(game, arguments[1]);
    double begin_s = now_s();
    struct outcome done = is_replay
                              ? replay(&plan, content, &record)
                              : play(&plan, content, (uint32_t)strtoul(arguments[2], NULL, 10),
                                     strtoull(arguments[3], NULL, 10));
    double us_per_tick = (now_s() - begin_s) * 1e6 / (done.tick_count > 0 ? done.tick_count : 1);
    printf("hash=%016llx layout=%016llx code=%016llx ticks=%u us_per_tick=%.2f\n",
           (unsigned long long)done.hash, (unsigned long long)plan.layout_hash,
           (unsigned long long)game->code_hash, (unsigned)done.tick_count, us_per_tick);
    return EXIT_SUCCESS;
}
