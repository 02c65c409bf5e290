/* bot_swarm.c - see bot_swarm.h.
 *
 * Phase p is due at start_us + p * period / 16.  A late thread sends what it owes, with the times
 * at which it was due; one that is LAG_US_MAX late gives up what it owes and begins anew from now,
 * for inputs so old are dropped by the server whoever sends them, and sending them costs the time
 * in which fresh ones would be due.  What it gave up is counted, as inputs that were never sent.
 * What it owes from joining (handshakes are dear) is forgotten when measuring begins.
 */
#include "bot_swarm.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"
#include "native/clock.h"

enum {
    BUFFER_BYTES = 256 << 10,
    EVENTS_MAX = 256,
    PUBLISH_US = 200000,
    SECOND_US = 1000000,
    LINGER_US = 200000,  /* for closes to be answered */
    LAG_US_MAX = 250000, /* a server keeps the inputs of a bit more than that */
};

/* ---- schedule ---------------------------------------------------------------------------- */

static uint64_t phase_due_us(const struct bot_swarm *swarm)
{
    return swarm->start_us + swarm->phases_done * SECOND_US / swarm->options.rate_hz / BOT_PHASES;
}

/* Between half and three halves of the churn time from now. */
static uint64_t next_cut_us(const struct bot_swarm *swarm, const struct bot *bot, uint64_t now_us)
{
    uint64_t churn_us = (uint64_t)swarm->options.churn_s * SECOND_US;
    return churn_us == 0 ? 0 : now_us + churn_us / 2 + sk_mix(bot->seed ^ now_us) % churn_us;
}

static void run_bot(struct bot_swarm *swarm, struct bot *bot, uint64_t due_us, uint64_t now_us)
{
    if (now_us < bot->start_us) {
        return;
    }
    if (swarm->options.churn_s > 0 && bot->cut_us == 0) {
        bot->cut_us = next_cut_us(swarm, bot, now_us);
    }
    if (bot->visits && bot->was_welcomed) {
        if (client_state(bot->client) != CLIENT_ENDED) {
            bot_leave(bot, now_us);
        }
        return;
    }
    bot_play(bot, due_us, now_us);
    if (bot->cut_us != 0 && now_us >= bot->cut_us) {
        bot->cut_us = next_cut_us(swarm, bot, now_us);
        bot_cut(bot, now_us);
    }
}

/* The next phase is the first that is not due yet.  Returns how many were given up. */
static uint64_t forget_debt(struct bot_swarm *swarm, uint64_t now_us)
{
    uint64_t due = (now_us - swarm->start_us) * swarm->options.rate_hz * BOT_PHASES / SECOND_US + 1;
    uint64_t owed = due > swarm->phases_done ? due - swarm->phases_done : 0;
    swarm->phases_done += owed;
    return owed;
}

static void begin_anew_if_lagging(struct bot_swarm *swarm, uint64_t now_us)
{
    uint64_t due_us = phase_due_us(swarm);
    if (now_us < due_us + LAG_US_MAX) {
        return;
    }
    struct bot_stats *stats = &swarm->shared.stats;
    sk_histogram_add(&stats->late_us, now_us - due_us);
    stats->restarts++;
    stats->inputs_given_up += forget_debt(swarm, now_us) * swarm->bot_count / BOT_PHASES;
}

static void run_phase(struct bot_swarm *swarm, uint64_t now_us)
{
    uint64_t due_us = phase_due_us(swarm);
    uint32_t phase = (uint32_t)(swarm->phases_done % BOT_PHASES);
    uint32_t first = (phase + BOT_PHASES - swarm->first_index % BOT_PHASES) % BOT_PHASES;
    sk_histogram_add(&swarm->shared.stats.late_us, now_us - due_us);
    for (uint32_t i = first; i < swarm->bot_count; i += BOT_PHASES) {
        run_bot(swarm, &swarm->bots[i], due_us, now_us);
    }
    swarm->phases_done++;
}

/* ---- events ------------------------------------------------------------------------------ */

static void on_event(struct bot_swarm *swarm, const struct epoll_event *event)
{
    uint32_t index = (uint32_t)event->data.u64;
    SK_ASSERT(index < swarm->bot_count);
    struct bot *bot = &swarm->bots[index];
    if (bot->generation == (uint32_t)(event->data.u64 >> 32)) {
        bot_on_events(bot, event->events, sk_clock_us());
    }
}

/* Waits for events until the next phase is due, and handles them. */
static void wait_events(struct bot_swarm *swarm, uint64_t now_us)
{
    struct epoll_event events[EVENTS_MAX];
    uint64_t due_us = phase_due_us(swarm);
    uint64_t wait_us = due_us > now_us ? due_us - now_us : 0;
    struct timespec wait = {.tv_sec = (time_t)(wait_us / SECOND_US),
                            .tv_nsec = (long)(wait_us % SECOND_US) * 1000};
    int count = epoll_pwait2(swarm->shared.epoll_fd, events, EVENTS_MAX, &wait, NULL);
    for (int i = 0; i < count; i++) {
        on_event(swarm, &events[i]);
    }
}

/* ---- stages ------------------------------------------------------------------------------ */

static struct client_counts sum_counts(const struct bot_swarm *swarm)
{
    struct client_counts sum = {0};
    for (uint32_t i = 0; i < swarm->bot_count; i++) {
        struct client_counts counts = client_counts(swarm->bots[i].client);
        sum.messages_sent += counts.messages_sent;
        sum.mismatches += counts.mismatches;
        sum.inputs_repeated += counts.inputs_repeated;
        sum.join_retries += counts.join_retries;
    }
    return sum;
}

static void begin_measuring(struct bot_swarm *swarm)
{
    struct client_counts counts = sum_counts(swarm);
    (void)forget_debt(swarm, sk_clock_us());
    const struct bot_stats before = swarm->shared.stats;
    swarm->shared.stats = (struct bot_stats){.requests = before.requests,
                                             .answers = before.answers,
                                             .answers_refused = before.answers_refused,
                                             .answers_in_step = before.answers_in_step};
    swarm->cut_all_us = swarm->options.cut_at_ms == 0
                            ? 0
                            : sk_clock_us() + (uint64_t)swarm->options.cut_at_ms * 1000;
    swarm->cpu_start_us = sk_thread_cpu_ns() / 1000;
    swarm->messages_start = counts.messages_sent;
    swarm->mismatches_start = counts.mismatches;
    swarm->repeated_start = counts.inputs_repeated;
}

static void end_measuring(struct bot_swarm *swarm)
{
    struct bot_stats *stats = &swarm->shared.stats;
    struct client_counts counts = sum_counts(swarm);
    stats->cpu_us = sk_thread_cpu_ns() / 1000 - swarm->cpu_start_us;
    stats->messages = counts.messages_sent - swarm->messages_start;
    stats->mismatches = counts.mismatches - swarm->mismatches_start;
    stats->inputs_repeated = counts.inputs_repeated - swarm->repeated_start;
    stats->join_retries = counts.join_retries;
    for (uint32_t i = 0; i < swarm->bot_count; i++) {
        const struct bot *bot = &swarm->bots[i];
        stats->connected += bot->was_welcomed;
        stats->by_enet += bot->was_welcomed && client_is_datagram(bot->client);
        if (bot->was_welcomed) {
            sk_histogram_add(&stats->join_us, bot->joined_us - bot->start_us);
        }
        if (bot_has_failed(bot)) {
            stats->failed++;
            bot_failures_add(&stats->failures, bot_reason(bot), bot_sentence(bot), 1);
        }
    }
}

static void publish(struct bot_swarm *swarm)
{
    uint32_t playing = 0;
    uint32_t settled = 0;
    for (uint32_t i = 0; i < swarm->bot_count; i++) {
        enum client_state state = client_state(swarm->bots[i].client);
        playing += state == CLIENT_PLAYING;
        settled += swarm->bots[i].was_welcomed || state == CLIENT_ENDED;
    }
    atomic_store(&swarm->live.playing, playing);
    atomic_store(&swarm->live.settled, settled);
    atomic_store(&swarm->live.snapshots, swarm->shared.stats.snapshots);
    atomic_store(&swarm->live.bytes_in, swarm->shared.stats.bytes_in);
}

static void leave_all(struct bot_swarm *swarm)
{
    uint64_t until_us = sk_clock_us() + LINGER_US;
    for (uint32_t i = 0; i < swarm->bot_count; i++) {
        bot_leave(&swarm->bots[i], sk_clock_us());
    }
    while (sk_clock_us() < until_us) {
        swarm->phases_done++;
        wait_events(swarm, sk_clock_us());
    }
}

static void follow_stage(struct bot_swarm *swarm)
{
    enum bot_stage wanted = (enum bot_stage)atomic_load(&swarm->stage);
    if (wanted == swarm->seen) {
        return;
    }
    if (wanted == BOT_MEASURING) {
        begin_measuring(swarm);
    } else {
        end_measuring(swarm);
    }
    swarm->seen = wanted;
}

static void cut_all_if_due(struct bot_swarm *swarm, uint64_t now_us)
{
    if (swarm->cut_all_us == 0 || now_us < swarm->cut_all_us) {
        return;
    }
    swarm->cut_all_us = 0;
    for (uint32_t i = 0; i < swarm->bot_count; i++) {
        bot_cut(&swarm->bots[i], now_us);
    }
}

static void *run(void *argument)
{
    struct bot_swarm *swarm = argument;
    while (swarm->seen != BOT_LEAVING) {
        uint64_t now_us = sk_clock_us();
        begin_anew_if_lagging(swarm, now_us);
        if (now_us >= phase_due_us(swarm)) {
            run_phase(swarm, now_us);
        }
        wait_events(swarm, sk_clock_us());
        cut_all_if_due(swarm, now_us);
        if (now_us - swarm->published_us >= PUBLISH_US) {
            swarm->published_us = now_us;
            publish(swarm);
        }
        follow_stage(swarm);
    }
    leave_all(swarm);
    return NULL;
}

/* ---- life -------------------------------------------------------------------------------- */

static bool make_bots_create(struct bot_swarm *swarm, const char **why)
{
    const struct bot_options *options = &swarm->options;
    for (uint32_t i = 0; i < swarm->bot_count; i++) {
        uint32_t index = swarm->first_index + i;
        struct bot_config config = {.shared = &swarm->shared,
                                    .context = swarm->context,
                                    .contents = swarm->contents,
                                    .content_count = swarm->contents == NULL ? 0 : BOT_GAMES,
                                    .url = options->url,
                                    .game = options->game,
                                    .room_size = options->room_size,
                                    .input_rate_hz = options->input_rate_hz,
                                    .join_timeout_ms = options->join_ms == 0 ? 1 : options->join_ms,
                                    .index = index,
                                    .slot = i,
                                    .seed = options->seed,
                                    .skips_snapshots = options->skip_snapshots,
                                    .visits = options->visit,
                                    .requests = options->requests,
                                    .cheat = options->cheat,
                                    .transport = options->transport,
                                    .start_us = swarm->start_us + (uint64_t)options->ramp_ms *
                                                                      1000 * index / options->bots};
        if (bot_create(&swarm->bots[i], &config, why) != SK_OK) {
            return false;
        }
        swarm->created_count++;
    }
    return true;
}

struct bot_swarm *bot_swarm_create(const struct bot_swarm_config *config, const char **why)
{
    struct bot_swarm *swarm = calloc(1, sizeof(*swarm));
    *why = "out of memory";
    if (swarm == NULL) {
        return NULL;
    }
    swarm->options = *config->options;
    swarm->context = config->context;
    swarm->contents = config->contents;
    swarm->first_index = config->first_index;
    swarm->bot_count = config->bot_count;
    swarm->start_us = config->start_us;
    swarm->bots = calloc(config->bot_count, sizeof(swarm->bots[0]));
    swarm->shared.buffer = aligned_alloc(16, BUFFER_BYTES);
    swarm->shared.buffer_bytes = BUFFER_BYTES;
    swarm->shared.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (swarm->bots == NULL || swarm->shared.buffer == NULL || swarm->shared.epoll_fd < 0 ||
        !make_bots_create(swarm, why)) {
        bot_swarm_destroy(swarm);
        return NULL;
    }
    return swarm;
}

void bot_swarm_destroy(struct bot_swarm *swarm)
{
    if (swarm == NULL) {
        return;
    }
    for (uint32_t i = 0; i < swarm->created_count; i++) {
        bot_destroy(&swarm->bots[i]);
    }
    if (swarm->shared.epoll_fd >= 0) {
        close(swarm->shared.epoll_fd);
    }
    free(swarm->shared.buffer);
    free(swarm->bots);
    free(swarm);
}

int bot_swarm_start(struct bot_swarm *swarm)
{
    return pthread_create(&swarm->thread, NULL, run, swarm) == 0 ? SK_OK : SK_ERR_SYSTEM;
}

void bot_swarm_set_stage(struct bot_swarm *swarm, enum bot_stage stage)
{
    atomic_store(&swarm->stage, stage);
}

void bot_swarm_join(struct bot_swarm *swarm)
{
    int result = pthread_join(swarm->thread, NULL);
    SK_ASSERT(result == 0);
}
