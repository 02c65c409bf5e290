/* bot.h - one headless player: a client of libskirmish, its socket, and what plays.
 *
 * Memory   bot_create() allocates; a bot borrows its swarm's parts until bot_destroy().
 * Threads  one.
 * Time     microseconds that the caller passes.
 */
#ifndef BOT_H
#define BOT_H

#include <netinet/in.h>

#include "bot_cheat.h"
#include "bot_policy.h"
#include "bot_stats.h"
#include "client.h"

enum { BOT_SENT_TICKS = 256 };

/* Where a name led to; the last one is kept, for all bots of a thread go to one server. */
struct bot_address {
    char host[256];
    uint16_t port;
    struct sockaddr_storage address;
    socklen_t address_bytes;
};

/* What the bots of one thread share. */
struct bot_shared {
    int epoll_fd;
    uint8_t *buffer; /* receive buffer of buffer_bytes, aligned to 8 */
    size_t buffer_bytes;
    struct bot_address address;
    struct bot_stats stats;
};

struct bot {
    struct bot_shared *shared; /* borrowed */
    struct client *client;
    uint32_t index;      /* in the swarm; epoll's data with generation */
    uint32_t generation; /* one up with each socket, so that a stale event is known */
    int fd;              /* -1: none */
    bool is_datagram;    /* its socket is UDP's */
    bool connecting;
    bool wants_out; /* watched for output */
    bool was_welcomed;
    bool has_failed;
    const struct bot_content *contents; /* borrowed; NULL: it plays at random */
    uint32_t content_count;
    struct bot_policy *policy; /* owned; NULL until it has a match to think about */
    const char *misfit;        /* why it cannot think about the match; NULL: it can */
    const char *trouble;       /* why the last connection was not made; NULL: it was */
    struct bot_cheat cheat;
    uint64_t seed;
    uint32_t requests_left; /* to be made */
    bool visits;            /* it leaves when it has joined */
    uint64_t start_us;      /* when it joins */
    uint64_t joined_us;     /* when it was welcomed first; 0: not yet */
    uint64_t dropped_us;    /* when its connection was lost; 0: it was welcomed since */
    uint64_t snapshot_us;   /* when the last one came; 0: none in this connection */
    uint64_t tick_zero_us;  /* when tick 0 would have come, had it come as fast as the fastest
                               snapshot of this connection; 0: none came */
    uint64_t cut_us;        /* when the connection is cut next; 0: never */
    uint32_t sampled_tick;
    uint32_t acked_tick;
    uint64_t intended_us[BOT_SENT_TICKS]; /* when tick % BOT_SENT_TICKS was to be sent */
};

struct bot_config {
    struct bot_shared *shared;
    struct client_context *context;
    const struct bot_content *contents; /* kept as a borrow; NULL: the bot plays at random */
    uint32_t content_count;
    const char *url;
    const char *game;
    uint32_t room_size;
    uint32_t input_rate_hz;
    uint32_t join_timeout_ms;
    uint32_t index; /* of all bots: names it and chooses what it does */
    uint32_t slot;  /* in its thread's array */
    uint64_t seed;
    uint64_t start_us;
    bool skips_snapshots;
    bool visits;
    uint32_t requests;
    uint32_t cheat;     /* enum bot_cheat_kind */
    uint32_t transport; /* enum client_transport */
};

/* Fills `bot`, which the caller owns.  Returns SK_OK, or SK_ERR_CONFIG with *why. */
SK_MUST_CHECK int bot_create(struct bot *bot, const struct bot_config *config, const char **why);
/* Closes the socket and frees the client. */
void bot_destroy(struct bot *bot);

/* Epoll's events for its socket. */
void bot_on_events(struct bot *bot, uint32_t events, uint64_t now_us);
/* Samples the controller as of `intended_us` and sends. */
void bot_play(struct bot *bot, uint64_t intended_us, uint64_t now_us);
/* The connection breaks, as a cable does. */
void bot_cut(struct bot *bot, uint64_t now_us);
/* Whether it ended against its will, never got in or cannot think about its match. */
bool bot_has_failed(const struct bot *bot);
/* Why, as a word of ours and in words; borrowed until the bot's next call. */
enum sk_reason bot_reason(const struct bot *bot);
const char *bot_sentence(const struct bot *bot);
/* Leaves its match. */
void bot_leave(struct bot *bot, uint64_t now_us);

#endif
