/* bots_main.c - skirmish-bots: headless players that load a server and measure what they get.
 *
 *   join, one bot after the other (--ramp) --> all settled --> 1 s --> measure --> leave, report
 *
 * Exit codes: 0; 1 when it cannot run or a bot failed: was refused for good, or lost its match; 2
 * for the command line; 3 when an --expect fails.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "bot_report.h"
#include "bot_swarm.h"
#include "native/clock.h"
#include "net/text.h"

enum { EXIT_RUN = 1, EXIT_USAGE = 2, EXIT_ASSERTION = 3 };
enum { WARM_UP_US = 1000000, SETTLE_US_MAX = 15000000, STEP_MS = 100, LIVE_US = 1000000 };

struct run {
    struct bot_options options;
    struct bot_assertion assertions[BOT_ASSERTIONS_MAX];
    struct client_context *context;
    struct bot_content contents[BOT_GAMES]; /* with --think */
    struct bot_swarm *swarms[BOT_THREADS_MAX];
    uint32_t started_count;
    int signal_fd;
    bool is_live; /* a terminal watches */
    bool stopped; /* by a signal */
    uint64_t start_us;
    uint64_t live_us;   /* when the live line was last written */
    uint64_t snapshots; /* as it said */
    uint64_t bytes_in;
};

static void on_assert(const char *file, int line, const char *what)
{
    fprintf(stderr, "skirmish-bots: %s:%d: %s\n", file, line, what);
    abort();
}

/* ---- setting up -------------------------------------------------------------------------- */

static bool is_loopback(const char *url)
{
    static const char *const starts[] = {"https://127.", "https://localhost", "https://[::1]"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (sk_text_starts(sk_text_of(url), starts[i])) {
            return true;
        }
    }
    return false;
}

static int parse_assertions(struct run *run)
{
    static struct bot_stats nothing;
    struct bot_figures figures;
    bot_figures_make(&figures, &nothing, 1, 1);
    for (uint32_t i = 0; i < run->options.assertions.count; i++) {
        const char *text = run->options.assertions.items[i];
        if (bot_assertion_parse(&run->assertions[i], text) != SK_OK ||
            !bot_assertion_is_known(&run->assertions[i], &figures)) {
            fprintf(stderr, "skirmish-bots: --expect %s is not FIGURE, relation and value\n", text);
            return SK_ERR_CONFIG;
        }
    }
    return SK_OK;
}

static int open_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0) {
        return -1;
    }
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void raise_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            perror("skirmish-bots: files"); /* it may still be enough */
        }
    }
}

static bool start_swarms(struct run *run, const char **why)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < run->options.threads; i++) {
        uint32_t next = (uint32_t)((uint64_t)run->options.bots * (i + 1) / run->options.threads);
        struct bot_swarm_config config = {.options = &run->options,
                                          .context = run->context,
                                          .contents = run->options.think ? run->contents : NULL,
                                          .first_index = first,
                                          .bot_count = next - first,
                                          .start_us = run->start_us};
        run->swarms[i] = bot_swarm_create(&config, why);
        if (run->swarms[i] == NULL) {
            return false;
        }
        *why = "a thread cannot be started";
        if (bot_swarm_start(run->swarms[i]) != SK_OK) {
            return false;
        }
        run->started_count++;
        first = next;
    }
    return true;
}

/* ---- running ----------------------------------------------------------------------------- */

struct live_sum {
    uint32_t playing;
    uint32_t settled;
    uint64_t snapshots;
    uint64_t bytes_in;
};

static struct live_sum sum_live(const struct run *run)
{
    struct live_sum sum = {0};
    for (uint32_t i = 0; i < run->started_count; i++) {
        const struct bot_live *live = &run->swarms[i]->live;
        sum.playing += atomic_load(&live->playing);
        sum.settled += atomic_load(&live->settled);
        sum.snapshots += atomic_load(&live->snapshots);
        sum.bytes_in += atomic_load(&live->bytes_in);
    }
    return sum;
}

static void write_live(struct run *run, uint64_t now_us)
{
    if (!run->is_live || now_us - run->live_us < LIVE_US) {
        return;
    }
    struct live_sum sum = sum_live(run);
    double seconds = (double)(now_us - run->live_us) / 1e6;
    bool again = sum.snapshots >= run->snapshots; /* else the counters were set back */
    fprintf(stderr, "\r%u of %u playing, %.0f snapshots/s, %.1f kB/s   ", sum.playing,
            run->options.bots, again ? (double)(sum.snapshots - run->snapshots) / seconds : 0,
            again ? (double)(sum.bytes_in - run->bytes_in) / seconds / 1000 : 0);
    run->live_us = now_us;
    run->snapshots = sum.snapshots;
    run->bytes_in = sum.bytes_in;
}

/* Lets a tenth of a second pass, or less when a signal comes. */
static void pass_time(struct run *run)
{
    struct pollfd watched = {.fd = run->signal_fd, .events = POLLIN};
    if (poll(&watched, 1, STEP_MS) > 0) {
        run->stopped = true;
    }
    write_live(run, sk_clock_us());
}

static void wait_until(struct run *run, uint64_t until_us)
{
    while (!run->stopped && sk_clock_us() < until_us) {
        pass_time(run);
    }
}

/* Returns false when all have ended: there is nothing to measure. */
static bool wait_settled(struct run *run)
{
    uint64_t joins_us = ((uint64_t)run->options.ramp_ms + run->options.join_ms) * 1000;
    uint64_t until_us = run->start_us + joins_us + SETTLE_US_MAX;
    struct live_sum sum = {0};
    while (!run->stopped && sk_clock_us() < until_us && sum.settled < run->options.bots) {
        pass_time(run);
        sum = sum_live(run);
    }
    bool has_players = sum.playing > 0 || sum.settled < run->options.bots;
    wait_until(run, sk_clock_us() + (has_players ? WARM_UP_US : 0));
    return has_players;
}

static void set_stage(struct run *run, enum bot_stage stage)
{
    for (uint32_t i = 0; i < run->started_count; i++) {
        bot_swarm_set_stage(run->swarms[i], stage);
    }
}

/* For a program that measures the server meanwhile. */
static void announce(const struct run *run, const char *state)
{
    if (run->options.json) {
        printf("{\"state\":\"%s\"}\n", state);
        fflush(stdout);
    }
}

/* Measures, then lets all leave.  Returns how many seconds were measured. */
static double measure(struct run *run, bool has_players)
{
    uint64_t seconds_us = (uint64_t)run->options.seconds * 1000000;
    uint64_t begin_us = sk_clock_us();
    set_stage(run, BOT_MEASURING);
    announce(run, "measuring");
    if (has_players) {
        wait_until(run, run->options.seconds == 0 ? UINT64_MAX : begin_us + seconds_us);
    }
    double seconds = (double)(sk_clock_us() - begin_us) / 1e6;
    set_stage(run, BOT_LEAVING);
    announce(run, "leaving");
    return seconds;
}

/* `was_played`: else times are of joining alone, and say nothing of the generator. */
static int report(struct run *run, double seconds, bool was_played)
{
    static struct bot_stats stats; /* too large for a stack of unknown size */
    struct bot_figures figures;
    for (uint32_t i = 0; i < run->started_count; i++) {
        bot_stats_merge(&stats, &run->swarms[i]->shared.stats);
    }
    bot_figures_make(&figures, &stats, seconds, run->options.threads);
    if (run->is_live) {
        fputc('\n', stderr);
    }
    if (run->options.json) {
        bot_report_json(stdout, &figures, &stats);
    } else {
        bot_report_text(stdout, &figures, &stats);
    }
    if (was_played) {
        bot_report_warn(stderr, &figures);
    }
    bot_report_failures(stderr, &stats.failures, run->options.bots);
    uint32_t failed =
        bot_report_failed(stderr, run->assertions, run->options.assertions.count, &figures);
    if (stats.failed > 0) {
        return EXIT_RUN;
    }
    return failed > 0 ? EXIT_ASSERTION : EXIT_SUCCESS;
}

static void join_all(struct run *run)
{
    set_stage(run, BOT_LEAVING);
    for (uint32_t i = 0; i < run->started_count; i++) {
        bot_swarm_join(run->swarms[i]);
    }
}

static bool load_contents(struct run *run)
{
    char why[BOT_CONTENT_WHY_BYTES];
    for (uint32_t i = 0; i < BOT_GAMES && run->options.think; i++) {
        if (bot_content_create(&run->contents[i], bot_games[i], run->options.assets, why) !=
            SK_OK) {
            fprintf(stderr, "skirmish-bots: %s\n", why);
            return false;
        }
    }
    return true;
}

static int play(struct run *run)
{
    const char *why = "";
    bool is_own = run->options.ca == NULL && is_loopback(run->options.url);
    struct client_trust trust = {.ca_path = run->options.ca,
                                 .insecure = run->options.insecure || is_own};
    run->context = client_context_create(&trust, &why);
    run->start_us = sk_clock_us();
    run->live_us = run->start_us;
    int code = EXIT_RUN;
    if (run->context != NULL && start_swarms(run, &why)) {
        bool has_players = wait_settled(run);
        double seconds = measure(run, has_players);
        join_all(run);
        code = report(run, seconds, has_players);
    } else {
        fprintf(stderr, "skirmish-bots: %s\n", why);
        join_all(run);
    }
    for (uint32_t i = 0; i < run->options.threads; i++) {
        bot_swarm_destroy(run->swarms[i]);
    }
    client_context_destroy(run->context);
    return code;
}

int main(int argc, char **argv)
{
    struct run run = {.is_live = isatty(STDERR_FILENO) == 1};
    sk_assert_set_handler(on_assert);
    int parsed = bot_options_parse(&run.options, argc, argv);
    if (parsed == SK_ERR_AGAIN) {
        bot_options_print_help(stdout);
        return EXIT_SUCCESS;
    }
    if (parsed != SK_OK || parse_assertions(&run) != SK_OK) {
        return EXIT_USAGE;
    }
    run.signal_fd = open_signals();
    if (run.signal_fd < 0) {
        fprintf(stderr, "skirmish-bots: signals: %s\n", strerror(errno));
        return EXIT_RUN;
    }
    raise_files();
    int code = load_contents(&run) ? play(&run) : EXIT_RUN;
    for (uint32_t i = 0; i < BOT_GAMES; i++) {
        bot_content_destroy(&run.contents[i]);
    }
    return code;
}
