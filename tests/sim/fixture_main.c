/* fixture_main.c - prints the hashes of a made-up match: fixture CONTENT TICKS SEED PLAYERS.
 *
 * The same program is built by several compilers at several levels; hash_equal.py compares what
 * they say with each other and with the wasm build.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "sim/fixture.h"

enum { EVENTS = 256, SOURCE_BYTES_MAX = 1 << 20 };

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

/* Builds the game's content from a file. */
static void *load_content(const struct sk_game *game, const char *path)
{
    if (!game->content_name) {
        return NULL;
    }
    uint8_t *source = take(SOURCE_BYTES_MAX);
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail("the content cannot be opened");
    }
    size_t size = fread(source, 1, SOURCE_BYTES_MAX, file);
    (void)fclose(file);
    int bytes = game->content(source, size, NULL, 0);
    void *content = take(bytes > 0 ? (size_t)bytes : 1);
    if (bytes < 0 || game->content(source, size, content, (size_t)bytes) < 0) {
        fail("the content is not as the game wants it");
    }
    free(source);
    return content;
}

static double now_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argument_count, char **arguments)
{
    static struct sk_plan plan;
    if (argument_count != 5) {
        fail("fixture CONTENT TICKS SEED PLAYERS");
    }
    sk_assert_set_handler(on_assert);
    uint32_t tick_count = (uint32_t)strtoul(arguments[2], NULL, 10);
    uint32_t players_max = (uint32_t)strtoul(arguments[4], NULL, 10);
    const struct sk_game *game = sk_game_entry();
    if (sk_plan_init(&plan, game, players_max, NULL) != SK_OK) {
        fail("the game does not take so many players");
    }
    struct sk_fixture fixture = {
        .plan = &plan,
        .world = take(plan.world_bytes),
        .content = load_content(game, arguments[1]),
        .inputs = take(players_max * sizeof(struct sk_input)),
        .events = {.events = take(EVENTS * sizeof(struct sk_event)), .capacity = EVENTS},
        .seed = strtoull(arguments[3], NULL, 10),
    };
    double begin_s = now_s();
    sk_fixture_start(&fixture);
    uint64_t hash = sk_fixture_run(&fixture, tick_count);
    double us_per_tick = (now_s() - begin_s) * 1e6 / (tick_count > 0 ? tick_count : 1);
    printf("hash=%016llx layout=%016llx code=%016llx us_per_tick=%.2f\n", (unsigned long long)hash,
           (unsigned long long)plan.layout_hash, (unsigned long long)game->code_hash, us_per_tick);
    return EXIT_SUCCESS;
}
