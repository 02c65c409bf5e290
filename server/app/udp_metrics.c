/* udp_metrics.c - see udp_metrics.h. */
#include "udp_metrics.h"

#include <stddef.h>

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

void udp_metrics_add(struct metrics_text *text, const struct server *server)
{
    const void *parts[SERVER_WORKERS_MAX];
    for (uint32_t i = 0; i < server->worker_count; i++) {
        parts[i] = server->workers[i].udp_counts;
    }
    if (server->enet_host) {
        metrics_add_rows(text, rows, sizeof(rows) / sizeof(rows[0]), parts, server->worker_count);
    }
}
