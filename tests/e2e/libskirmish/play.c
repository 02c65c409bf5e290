/* play.c - a client of the installed library, C99 and C++11: play URL GAME.so SECONDS [enet|ws
 * [ca=FILE|pin=HEX]]
 *
 * Plays and prints what it saw.  Returns 0 when it was welcomed and left by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "skirmish.h"

struct seen {
    unsigned snapshots;
    unsigned entities;
    unsigned seats;
    unsigned is_predicted;
    int is_welcome;
};

static void take_events(struct sk_game_client *game, struct seen *seen)
{
    struct sk_client_event event;
    memset(&event, 0, sizeof(event));
    event.struct_size = sizeof(event);
    while (sk_game_client_next_event(game, &event) > 0) {
        seen->is_welcome |= event.kind == SK_CLIENT_EVENT_WELCOME;
        seen->seats += event.kind == SK_CLIENT_EVENT_SEAT;
        if (event.kind == SK_CLIENT_EVENT_UNPREDICTED || event.kind == SK_CLIENT_EVENT_ENDED) {
            printf("%s\n", event.text);
        }
    }
}

static void look(struct sk_game_client *game, uint64_t now_us, struct seen *seen)
{
    struct sk_client_entity entities[64];
    struct sk_client_stats stats;
    int count;
    memset(&stats, 0, sizeof(stats));
    entities[0].struct_size = sizeof(entities[0]);
    stats.struct_size = sizeof(stats);
    count = sk_client_draw(sk_game_client_client(game), now_us, entities, 64);
    if (sk_game_client_stats(game, now_us, &stats) == SK_CLIENT_OK) {
        seen->snapshots = (unsigned)stats.snapshots;
        seen->is_predicted = stats.is_predicted;
    }
    seen->entities = count > 0 ? (unsigned)count : 0;
}

static void play(struct sk_game_client *game, uint64_t end_us, struct seen *seen)
{
    struct sk_client_input input;
    uint64_t now_us = sk_game_client_now_us();
    memset(&input, 0, sizeof(input));
    input.struct_size = sizeof(input);
    input.axes[0] = 32767;
    while (now_us < end_us && sk_game_client_update(game, now_us) != SK_CLIENT_STATE_ENDED) {
        sk_game_client_sample(game, &input, now_us);
        take_events(game, seen);
        look(game, now_us, seen);
        sk_game_client_wait(game, 8000);
        now_us = sk_game_client_now_us();
    }
    take_events(game, seen); /* why it ended */
}

int main(int argc, char **argv)
{
    const char *why = "usage: play URL GAME.so SECONDS";
    struct sk_client_config config;
    struct seen seen;
    const struct sk_game *games[1];
    struct sk_game_client *game = NULL;
    memset(&seen, 0, sizeof(seen));
    memset(&config, 0, sizeof(config));
    config.struct_size = sizeof(config);
    games[0] = argc > 3 ? sk_client_game_load(argv[2], &why) : NULL;
    if (games[0] != NULL) {
        config.url = argv[1];
        config.name = "Ada";
        config.games = games;
        config.transport = argc > 4 && strcmp(argv[4], "enet") == 0 ? SK_CLIENT_TRANSPORT_ENET
                                                                    : SK_CLIENT_TRANSPORT_WS;
        config.ca_path = argc > 5 && strncmp(argv[5], "ca=", 3) == 0 ? argv[5] + 3 : NULL;
        config.pin_sha256 = argc > 5 && strncmp(argv[5], "pin=", 4) == 0 ? argv[5] + 4 : NULL;
        config.game_count = 1;
        game = sk_game_client_open(&config, &why);
    }
    if (game == NULL) {
        printf("%s\n", why);
        return 1;
    }
    play(game, sk_game_client_now_us() + (uint64_t)atoi(argv[3]) * 1000000, &seen);
    sk_game_client_close(game, sk_game_client_now_us());
    printf("version %u snapshots %u entities %u seats %u predicted %u\n", (unsigned)sk_version(),
           seen.snapshots, seen.entities, seen.seats, seen.is_predicted);
    return !seen.is_welcome;
}
