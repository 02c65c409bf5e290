/* udp_metrics.c - see udp_metrics.h. */
#include "udp_metrics.h"

#include <stddef.h>

#include "player_enet.h"

static const char *refusal_word(uint32_t index)
{
#define UDP_REFUSAL_WORD(name, word) word,
    static const char *const words[] = {UDP_REFUSALS(UDP_REFUSAL_WORD)};
#undef UDP_REFUSAL_WORD
    return words[index];
}

#define UDP(kind_, name_, member_, help_)                                                          \
    {                                                                                              \
        .name = "skirmish_" name_, .help = help_, .kind = kind_,                                   \
        .offset = offsetof(struct udp_counts, member_)                                             \
    }
static const struct metrics_row rows[] = {
    UDP(METRICS_GAUGE, "datagram_sessions", sessions,
        "Sessions of datagrams, those that nothing came from yet too."),
    UDP(METRICS_COUNTER, "datagram_sessions_total", opened, "Sessions of datagrams made."),
    UDP(METRICS_COUNTER, "datagram_sessions_unopened_total", unopened,
        "Sessions of datagrams whose keys were given and that were not made: their clients hear "
        "nothing and come by WebSocket."),
    UDP(METRICS_COUNTER, "datagrams_received_total", datagrams_in,
        "Datagrams received, the refused too."),
    UDP(METRICS_COUNTER, "datagrams_sent_total", datagrams_out, "Datagrams sent."),
    UDP(METRICS_COUNTER, "datagram_bytes_received_total", bytes_in, "Bytes of datagrams received."),
    UDP(METRICS_COUNTER, "datagram_bytes_sent_total", bytes_out, "Bytes of datagrams sent."),
    UDP(METRICS_COUNTER, "datagrams_unsent_total", unsent,
        "Datagrams that the system did not take."),
    {.name = "skirmish_datagrams_refused_total",
     .help = "Datagrams that were not used, and of ours those that were not paid for.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct udp_counts, refused),
     .label = "why",
     .word_count = UDP_REFUSAL_COUNT,
     .word_of = refusal_word},
};

static const char *reason_word(uint32_t index)
{
    return sk_reason_word((enum sk_reason)index);
}

static const struct metrics_row player_rows[] = {
    {.name = "skirmish_enet_players",
     .help = "Connections over ENet.",
     .kind = METRICS_GAUGE,
     .offset = offsetof(struct player_enet_counts, players)},
    {.name = "skirmish_enet_resends_total",
     .help = "Reliable messages sent again, as they were not confirmed in time.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct player_enet_counts, resends)},
    {.name = "skirmish_enet_closed_total",
     .help = "Connections over ENet that ended or were refused.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct player_enet_counts, closed),
     .label = "reason",
     .word_count = SK_REASON_COUNT,
     .word_of = reason_word},
};

void udp_metrics_add(struct metrics_text *text, const struct server *server)
{
    const void *parts[SERVER_WORKERS_MAX];
    const void *players[SERVER_WORKERS_MAX];
    for (uint32_t i = 0; i < server->worker_count; i++) {
        parts[i] = server->workers[i].udp_counts;
        players[i] = server->workers[i].enet_counts;
    }
    if (server->enet_host) {
        metrics_add_rows(text, rows, sizeof(rows) / sizeof(rows[0]), parts, server->worker_count);
        metrics_add_rows(text, player_rows, sizeof(player_rows) / sizeof(player_rows[0]), players,
                         server->worker_count);
    }
}
