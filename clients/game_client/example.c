/* example.c - runs to and fro in a match: skirmish-example http://127.0.0.1:7777 [SECONDS] */
#include "skirmish.h"
#include <stdio.h>
#include <stdlib.h>

extern const struct sk_game arena_game; /* linked in; sk_client_game_load() takes it from a .so */

/* Says what has happened; true when all is over. */
static int tell(struct sk_game_client *game)
{
    struct sk_client_event event = {.struct_size = sizeof(event)};
    while (sk_game_client_next_event(game, &event) > 0) {
        if (event.kind == SK_CLIENT_EVENT_WELCOME) {
            printf("%s, room %s, as player %u\n", event.word, event.text, event.player);
        } else if (event.text[0] != '\0') {
            printf("%s\n", event.text);
        }
    }
    return sk_client_state(sk_game_client_client(game)) == SK_CLIENT_STATE_ENDED;
}

static void print_picture(struct sk_game_client *game, uint64_t now_us)
{
    struct sk_client_entity entities[64] = {{.struct_size = sizeof(entities[0])}};
    struct sk_client_stats stats = {.struct_size = sizeof(stats)};
    int count = sk_client_draw(sk_game_client_client(game), now_us, entities, 64);
    sk_game_client_stats(game, now_us, &stats);
    printf("tick %u: %d entities, ping %.1f ms, %s\n", stats.tick, count, stats.ping_us / 1e3,
           stats.is_predicted ? "predicted" : "as the server tells");
}

int main(int argc, char **argv)
{
    const struct sk_game *games[] = {&arena_game};
    const char *why = "bye";
    struct sk_client_config config = {.struct_size = sizeof(config), .name = "example"};
    config.url = argc > 1 ? argv[1] : "http://127.0.0.1:7777";
    config.games = games, config.game_count = 1;
    struct sk_game_client *game = sk_game_client_open(&config, &why);
    uint64_t now_us = sk_game_client_now_us();
    uint64_t end_us = now_us + 1000000 * strtoull(argc > 2 ? argv[2] : "10", NULL, 10);
    uint64_t frame_us = now_us;
    for (unsigned frame = 0; game != NULL && !tell(game) && now_us < end_us; frame++) {
        int16_t way = frame / 30 % 2 ? 32767 : -32767;
        struct sk_client_input input = {sizeof(input), 0, {way, 0, 0, 0}};
        frame_us += 16667;
        do {
            sk_game_client_update(game, now_us);
            sk_game_client_wait(game, 2000);
            now_us = sk_game_client_now_us();
        } while (now_us < frame_us);
        sk_game_client_sample(game, &input, now_us);
        if (frame % 60 == 59) {
            print_picture(game, now_us);
        }
    }
    printf("%s\n", why);
    sk_game_client_close(game, now_us);
    return now_us < end_us;
}
