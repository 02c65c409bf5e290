/* bot.c - see bot.h.
 *
 * The socket's life is the client's wish (client.h): serve() asks until nothing is wanted.
 *
 * A bot measures an input from the time when it was to be sent to the snapshot that says it
 * arrived, so a stall of the generator or of the server is seen by all the inputs that it held up.
 */
#include "bot.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/limits.h"
#include "native/tcp.h"

enum { CHOICE_TICKS = 40 /* how long a bot stays with one way to go */ };

/* ---- inputs ------------------------------------------------------------------------------ */

/* Runs about, turns and shoots: all from the seed and the tick. */
static struct sk_input play_of(const struct bot *bot, uint32_t tick)
{
    uint64_t choice = sk_mix(bot->seed ^ sk_mix(tick / CHOICE_TICKS));
    uint64_t finger = sk_mix(bot->seed ^ sk_mix(tick / 8) ^ 0x5a);
    struct sk_input input = {.buttons = (finger & 3) == 0 ? 1 : 0};
    input.axes[0] = (int16_t)(uint16_t)choice;
    input.axes[1] = (int16_t)(uint16_t)(choice >> 16);
    input.axes[2] = (int16_t)(uint16_t)((choice >> 32) + (uint64_t)tick * 512);
    return input;
}

/* ---- events -------------------------------------------------------------------------------- */

static void count_acks(struct bot *bot, uint32_t input_tick, uint64_t now_us)
{
    bool known = input_tick != 0 && bot->acked_tick != 0 &&
                 (int32_t)(bot->sampled_tick - input_tick) >= 0 &&
                 input_tick - bot->acked_tick < BOT_SENT_TICKS;
    if (!known) {
        return;
    }
    while ((int32_t)(input_tick - bot->acked_tick) > 0) {
        bot->acked_tick++;
        uint64_t intended_us = bot->intended_us[bot->acked_tick % BOT_SENT_TICKS];
        sk_histogram_add(&bot->shared->stats.ack_us, now_us - intended_us);
    }
}

static void take_events(struct bot *bot, struct sk_view *view)
{
    struct sk_event event;
    struct bot_stats *stats = &bot->shared->stats;
    stats->game = view->plan->game;
    while (sk_view_take_event(view, view->newest_tick, &event)) {
        stats->events++;
        stats->events_by_type[event.type]++;
    }
}

/* A tick's time after tick 0. */
static uint64_t tick_us(const struct sk_view *view, uint32_t tick)
{
    return (uint64_t)tick * 1000000 / view->plan->tick_hz;
}

/* The clocks are two: what comes later than the fastest one has waited somewhere. */
static void note_arrival(struct bot *bot, const struct sk_view *view, uint64_t now_us)
{
    uint64_t zero_us = now_us - tick_us(view, view->newest_tick);
    bool is_fastest = bot->tick_zero_us == 0 || (int64_t)(zero_us - bot->tick_zero_us) < 0;
    bot->tick_zero_us = is_fastest ? zero_us : bot->tick_zero_us;
}

static void sample_age(struct bot *bot, uint64_t now_us)
{
    if (bot->tick_zero_us != 0) {
        const struct sk_view *view = client_view(bot->client);
        uint64_t newest_us = bot->tick_zero_us + tick_us(view, view->newest_tick);
        sk_histogram_add(&bot->shared->stats.age_us, now_us - newest_us);
    }
}

static void on_snapshot(struct bot *bot, uint64_t now_us, size_t size)
{
    struct bot_stats *stats = &bot->shared->stats;
    struct sk_view *view = client_view(bot->client);
    stats->snapshots++;
    sk_histogram_add(&stats->snapshot_bytes, size);
    if (bot->snapshot_us != 0) {
        sk_histogram_add(&stats->interval_us, now_us - bot->snapshot_us);
    }
    bot->snapshot_us = now_us;
    note_arrival(bot, view, now_us);
    count_acks(bot, view->own.input_tick, now_us);
    take_events(bot, view);
    if (bot->policy != NULL) {
        bot_policy_see(bot->policy, view);
    }
}

/* Returns the content to play the welcomed match with, or NULL with bot->misfit. */
static const struct bot_content *find_content(struct bot *bot, const struct sk_welcome *welcome)
{
    const struct sk_game *game = client_view(bot->client)->plan->game;
    for (uint32_t i = 0; i < bot->content_count; i++) {
        const struct bot_content *content = &bot->contents[i];
        if (content->game == game) {
            bot->misfit = game->think == NULL ? "the game has no bots of its own" : NULL;
            if (content->hash != welcome->content_hash) {
                bot->misfit = "the match has another content than --assets";
            }
            return bot->misfit == NULL ? content : NULL;
        }
    }
    SK_UNREACHABLE("the client refuses a game that is not linked in");
}

static void make_policy(struct bot *bot, const struct sk_welcome *welcome)
{
    bot_policy_destroy(bot->policy);
    bot->policy = NULL;
    const struct bot_content *content = find_content(bot, welcome);
    if (content != NULL) {
        const struct sk_plan *plan = client_view(bot->client)->plan;
        bot->policy = bot_policy_create(content, plan, welcome->player, bot->seed);
        bot->misfit = bot->policy == NULL ? "out of memory" : NULL;
    }
}

static void on_welcomed(struct bot *bot, const struct sk_welcome *welcome, uint64_t now_us)
{
    bot->shared->stats.resumes += welcome->resumed;
    if (welcome->resumed && bot->dropped_us != 0) {
        sk_histogram_add(&bot->shared->stats.resume_us, now_us - bot->dropped_us);
    }
    bot->dropped_us = 0;
    bot->joined_us = bot->joined_us == 0 ? now_us : bot->joined_us;
    bot->was_welcomed = true;
    if (bot->contents != NULL) {
        make_policy(bot, welcome);
    }
    bot->snapshot_us = 0;
    bot->tick_zero_us = 0;
    bot->sampled_tick = 0;
    bot->acked_tick = 0;
    bot->cheat = (struct bot_cheat){.kind = bot->cheat.kind};
}

static void note_answer(struct bot_stats *stats, const struct sk_command_answer *answer)
{
    uint32_t said = 0;
    for (uint32_t i = 0; i < 4 && i < answer->size; i++) {
        said |= (uint32_t)answer->bytes[i] << (8 * i);
    }
    stats->answers++;
    stats->answers_refused += answer->is_refused;
    stats->answers_in_step += !answer->is_refused && said == answer->number;
}

static bool forge(void *user, uint32_t number, uint32_t *ack, struct sk_inputs *inputs)
{
    struct bot *bot = user;
    return bot_cheat_forge(&bot->cheat, number, ack, inputs);
}

static void on_event(void *user, struct client *client, uint64_t now_us,
                     const struct client_event *event)
{
    struct bot *bot = user;
    (void)client;
    switch (event->kind) {
    case CLIENT_WELCOMED:
        on_welcomed(bot, event->welcome, now_us);
        break;
    case CLIENT_SNAPSHOT:
        on_snapshot(bot, now_us, event->snapshot_bytes);
        break;
    case CLIENT_DROPPED:
        bot->shared->stats.drops++;
        bot->dropped_us = now_us;
        break;
    case CLIENT_OVER:
        bot->has_failed = event->reason != SK_REASON_LEFT;
        break;
    case CLIENT_ROSTER:
    case CLIENT_NOTICE:
    case CLIENT_PROBED:
    case CLIENT_UNPREDICTED:
        break;
    case CLIENT_ANSWERED:
        note_answer(&bot->shared->stats, event->answer);
        break;
    }
}

/* ---- socket ------------------------------------------------------------------------------ */

/* Returns NULL, or why not. */
static const char *resolve(struct bot_address *known, const char *host, uint16_t port)
{
    char service[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (known->port == port && strcmp(known->host, host) == 0) {
        return NULL;
    }
    snprintf(service, sizeof(service), "%u", port);
    SK_ASSERT(strlen(host) < sizeof(known->host)); /* the client bounds it */
    int result = getaddrinfo(host, service, &hints, &found);
    if (result != 0) {
        return gai_strerror(result);
    }
    memcpy(known->host, host, strlen(host) + 1);
    known->port = port;
    memcpy(&known->address, found->ai_addr, found->ai_addrlen);
    known->address_bytes = found->ai_addrlen;
    freeaddrinfo(found);
    return NULL;
}

static void watch(struct bot *bot, int operation, bool out)
{
    struct epoll_event event = {.events = EPOLLIN | (out ? (uint32_t)EPOLLOUT : 0)};
    event.data.u64 = (uint64_t)bot->generation << 32 | bot->index;
    int result = epoll_ctl(bot->shared->epoll_fd, operation, bot->fd, &event);
    SK_ASSERT(result == 0); /* a socket of ours in an epoll of ours */
    bot->wants_out = out;
}

static void close_socket(struct bot *bot)
{
    if (bot->fd >= 0) {
        close(bot->fd);
        bot->fd = -1;
    }
    bot->generation++;
    bot->connecting = false;
}

static void lose_socket(struct bot *bot, uint64_t now_us)
{
    close_socket(bot);
    client_on_lost(bot->client, now_us);
}

static int open_tcp(int family)
{
    int one = 1;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        sk_tcp_set_rto_min(fd, SK_RTO_MIN_US);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)); /* costs latency */
    }
    return fd;
}

/* Returns NULL, or why not. */
static const char *begin_connect(struct bot *bot, const struct bot_address *address)
{
    int family = address->address.ss_family;
    bot->is_datagram = client_is_datagram(bot->client);
    bot->fd = bot->is_datagram ? socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
                               : open_tcp(family);
    bool begun = bot->fd >= 0 && (connect(bot->fd, (const struct sockaddr *)&address->address,
                                          address->address_bytes) == 0 ||
                                  errno == EINPROGRESS);
    return begun ? NULL : strerrordesc_np(errno);
}

static void open_socket(struct bot *bot, uint64_t now_us)
{
    uint16_t port;
    struct bot_address *address = &bot->shared->address;
    const char *host = client_target(bot->client, &port);
    SK_ASSERT(bot->fd < 0);
    bot->trouble = resolve(address, host, port);
    if (bot->trouble == NULL) {
        bot->trouble = begin_connect(bot, address);
    }
    if (bot->trouble != NULL) {
        lose_socket(bot, now_us);
        return;
    }
    bot->connecting = !bot->is_datagram;
    watch(bot, EPOLL_CTL_ADD, bot->connecting);
    if (bot->is_datagram) {
        client_on_open(bot->client, now_us);
    }
}

/* What the socket does not take is lost.  Returns false when nobody is there. */
static bool send_datagrams(struct bot *bot)
{
    size_t size;
    const uint8_t *bytes = client_output(bot->client, &size);
    while (size > 0) {
        ssize_t sent = send(bot->fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == ECONNREFUSED) {
            return false;
        }
        client_on_sent(bot->client, size);
        bot->shared->stats.bytes_out += sent < 0 ? 0 : (uint64_t)sent;
        bytes = client_output(bot->client, &size);
    }
    return true;
}

/* Sends what there is and watches for room when the socket does not take it all. */
static bool send_output(struct bot *bot)
{
    size_t size;
    const uint8_t *bytes = client_output(bot->client, &size);
    if (bot->fd < 0 || bot->connecting) {
        return true;
    }
    if (bot->is_datagram) {
        return !client_is_datagram(bot->client) || send_datagrams(bot);
    }
    if (size > 0) {
        ssize_t sent = send(bot->fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) {
            return false;
        }
        sent = sent < 0 ? 0 : sent;
        client_on_sent(bot->client, (size_t)sent);
        bot->shared->stats.bytes_out += (uint64_t)sent;
        size -= (size_t)sent;
    }
    if (bot->wants_out != (size > 0)) {
        watch(bot, EPOLL_CTL_MOD, size > 0);
    }
    return true;
}

/* Does the client's actions: opens and closes sockets, sends. */
static void serve(struct bot *bot, uint64_t now_us)
{
    if (!send_output(bot)) {
        lose_socket(bot, now_us);
    }
    for (;;) {
        enum client_action action = client_poll(bot->client, now_us);
        if (action == CLIENT_NOTHING) {
            break;
        }
        if (action == CLIENT_OPEN) {
            open_socket(bot, now_us);
        } else {
            send_output(bot); /* best effort: the socket is closed either way */
            close_socket(bot);
        }
    }
    if (!send_output(bot)) {
        lose_socket(bot, now_us);
    }
}

static void on_connected(struct bot *bot, uint64_t now_us)
{
    int error = 0;
    socklen_t bytes = sizeof(error);
    if (getsockopt(bot->fd, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0 || error != 0) {
        bot->trouble = strerrordesc_np(error);
        lose_socket(bot, now_us);
        return;
    }
    bot->connecting = false;
    client_on_open(bot->client, now_us);
}

static void receive_datagrams(struct bot *bot, uint64_t now_us)
{
    uint32_t generation = bot->generation;
    struct bot_shared *shared = bot->shared;
    ssize_t size = recv(bot->fd, shared->buffer, shared->buffer_bytes, 0);
    while (size > 0 && bot->generation == generation) {
        shared->stats.bytes_in += (uint64_t)size;
        client_on_bytes(bot->client, shared->buffer, (size_t)size, now_us);
        size = recv(bot->fd, shared->buffer, shared->buffer_bytes, 0);
    }
    if (size < 0 && errno == ECONNREFUSED) {
        lose_socket(bot, now_us);
    }
}

static void receive(struct bot *bot, uint64_t now_us)
{
    if (bot->is_datagram) {
        receive_datagrams(bot, now_us);
        return;
    }
    ssize_t size = recv(bot->fd, bot->shared->buffer, bot->shared->buffer_bytes, 0);
    if (size > 0) {
        bot->shared->stats.bytes_in += (uint64_t)size;
        client_on_bytes(bot->client, bot->shared->buffer, (size_t)size, now_us);
    } else if (size == 0 || errno != EAGAIN) {
        lose_socket(bot, now_us);
    }
}

void bot_on_events(struct bot *bot, uint32_t events, uint64_t now_us)
{
    if (bot->connecting) {
        on_connected(bot, now_us);
    } else if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        receive(bot, now_us);
    }
    serve(bot, now_us);
}

/* ---- life -------------------------------------------------------------------------------- */

int bot_create(struct bot *bot, const struct bot_config *config, const char **why)
{
    char name[32];
    snprintf(name, sizeof(name), "bot-%u", config->index);
    *bot = (struct bot){.shared = config->shared,
                        .index = config->slot,
                        .fd = -1,
                        .contents = config->contents,
                        .content_count = config->content_count,
                        .cheat.kind = config->cheat,
                        .seed = sk_mix(config->seed ^ sk_mix(config->index)),
                        .requests_left = config->requests,
                        .visits = config->visits,
                        .start_us = config->start_us};
    struct client_config client = {.context = config->context,
                                   .url = config->url,
                                   .name = name,
                                   .game = config->game,
                                   .players_max = config->room_size,
                                   .input_rate_hz = config->input_rate_hz,
                                   .transport = (enum client_transport)config->transport,
                                   .join_timeout_ms = config->join_timeout_ms,
                                   .games = bot_games,
                                   .game_count = BOT_GAMES,
                                   .seed = bot->seed,
                                   .skip_snapshots = config->skips_snapshots,
                                   .on_event = on_event,
                                   .forge = config->cheat == BOT_CHEAT_NONE ? NULL : forge,
                                   .user = bot};
    bot->client = client_create(&client, why);
    return bot->client == NULL ? SK_ERR_CONFIG : SK_OK;
}

void bot_destroy(struct bot *bot)
{
    close_socket(bot);
    bot_policy_destroy(bot->policy);
    client_destroy(bot->client);
}

/* As many as may wait for their answers. */
static void make_requests(struct bot *bot)
{
    uint32_t number;
    while (bot->requests_left > 0 && client_request(bot->client, 0, NULL, 0, &number) == SK_OK) {
        bot->requests_left--;
        bot->shared->stats.requests++;
    }
}

void bot_play(struct bot *bot, uint64_t intended_us, uint64_t now_us)
{
    struct sk_input input =
        bot->policy != NULL ? bot_policy_think(bot->policy) : play_of(bot, bot->sampled_tick);
    make_requests(bot);
    sample_age(bot, now_us);
    uint32_t tick = client_sample(bot->client, &input, intended_us);
    if (tick != 0) {
        uint32_t from = bot->sampled_tick == 0 ? tick : bot->sampled_tick + 1;
        from = tick - from >= BOT_SENT_TICKS ? tick : from;
        bot->acked_tick = bot->acked_tick == 0 ? tick - 1 : bot->acked_tick;
        bot->shared->stats.inputs += tick - from + 1;
        for (uint32_t i = from; i != tick + 1; i++) {
            bot->intended_us[i % BOT_SENT_TICKS] = intended_us;
        }
        bot->sampled_tick = tick;
        if (bot->policy != NULL) {
            bot_policy_note(bot->policy, &input, from, tick);
        }
    }
    if (!send_output(bot)) {
        lose_socket(bot, now_us);
    }
    if (now_us >= client_next_us(bot->client)) {
        serve(bot, now_us);
    }
}

void bot_cut(struct bot *bot, uint64_t now_us)
{
    if (bot->fd >= 0 && client_state(bot->client) == CLIENT_PLAYING) {
        lose_socket(bot, now_us);
        serve(bot, now_us);
    }
}

bool bot_has_failed(const struct bot *bot)
{
    return bot->has_failed || !bot->was_welcomed || bot->misfit != NULL;
}

enum sk_reason bot_reason(const struct bot *bot)
{
    return bot->misfit != NULL ? SK_REASON_LAYOUT : client_reason(bot->client);
}

const char *bot_sentence(const struct bot *bot)
{
    if (bot->misfit != NULL) {
        return bot->misfit;
    }
    enum sk_reason reason = client_reason(bot->client);
    if (bot->trouble != NULL && reason == SK_REASON_PEER_GONE) {
        return bot->trouble;
    }
    return reason == SK_REASON_NONE ? "still joining at the end" : client_sentence(bot->client);
}

void bot_leave(struct bot *bot, uint64_t now_us)
{
    client_leave(bot->client, now_us);
    serve(bot, now_us);
}
