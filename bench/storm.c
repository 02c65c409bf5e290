/* storm.c - skirmishd when many come at once, in good faith or not, beside seated players.
 *
 *   bench-storm [--what joins_ws|joins_wss|hellos|flood|pipelining|resumes]
 *
 * A line each: how long until all of the storm were in (of hellos and flood: until somebody honest
 * was), how many were refused that should not have been, and what 100 seated players saw of it, 60
 * inputs and 20 snapshots a second, beside the same players on the same server without the storm.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "bench.h"
#include "bench_match.h"
#include "bench_options.h"

enum {
    LINE_BYTES = 8192,
    HELLOS = 1000,
    HELLO_ADDRESSES = 32,
    HONEST = 10,
    FLOOD = 1024,
    FLOOD_MS = 2000,
    REQUESTS = 7000,
    RESUMES = 1000
};

static const struct bench_option options[] = {
    {"what", "SCENE", "joins_ws, joins_wss, hellos, flood, pipelining or resumes (all)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("storm", "Many who come at once, beside 100 seated players.", options);

struct outcome {
    double all_in_ms;
    double refused;
};

struct scene {
    const char *what;
    bool tls;
    const char *arguments[8];                                        /* of the server */
    void (*run)(struct bench_match *match, struct outcome *outcome); /* while others play */
    bool has_crowd; /* a thousand more players, whose connections are cut at once */
};

/* What the seated players and the server saw. */
struct figures {
    double interval_p99_ms;
    double dropped_ticks;
    double rss_mb;
    double cores; /* that the server used */
};

/* --- sockets ---------------------------------------------------------------------------------- */

/* Connects from 127.0.HIGH.LOW. */
static int connect_from(const struct bench_match *match, unsigned high, unsigned low)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(0x7f000000u | high << 8 | low)};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(match->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || bind(fd, (const struct sockaddr *)&from, sizeof(from)) != 0 ||
        connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0) {
        bench_die("a connection to the server: %s", strerror(errno));
    }
    return fd;
}

static void send_all(int fd, const void *bytes, size_t size)
{
    if (send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) {
        bench_die("a request cannot be sent: %s", strerror(errno));
    }
}

static double ms_since(uint64_t began_ns)
{
    return (double)(bench_now_ns() - began_ns) / 1e6;
}

/* --- the storms ------------------------------------------------------------------------------- */

static void run_joins(struct bench_match *match, struct outcome *outcome)
{
    char line[LINE_BYTES];
    struct bench_child bots;
    const char *arguments[] = {"--url",  match->url, "--bots", "2000",    "--ramp",     "0",
                               "--rate", "20",       "--json", "--visit", "--insecure", NULL};
    bench_child_start(&bots, "skirmish-bots", arguments, NULL);
    bench_child_line(&bots, line, sizeof(line)); /* all are in */
    bench_child_line(&bots, line, sizeof(line));
    cJSON *figures = bench_bots_figures(&bots);
    outcome->all_in_ms = bench_bots_get(figures, "join_max_ms");
    outcome->refused = bench_bots_get(figures, "failed");
    cJSON_Delete(figures);
}

/* The first flight of a TLS 1.3 client; returns its size. */
static size_t make_hello(SSL_CTX *context, uint8_t *hello, size_t capacity)
{
    BIO *in = BIO_new(BIO_s_mem());
    BIO *out = BIO_new(BIO_s_mem());
    SSL *ssl = SSL_new(context);
    if (in == NULL || out == NULL || ssl == NULL) {
        bench_die("OpenSSL gives no session");
    }
    SSL_set_bio(ssl, in, out);
    (void)SSL_connect(ssl);
    int size = BIO_read(out, hello, (int)capacity);
    SSL_free(ssl);
    if (size <= 0) {
        bench_die("OpenSSL gives no hello");
    }
    return (size_t)size;
}

/* Whether the whole handshake is done. */
static bool connect_honestly(const struct bench_match *match, SSL_CTX *context)
{
    int fd = connect_from(match, 1, 1);
    SSL *ssl = SSL_new(context);
    bool is_done = ssl != NULL && SSL_set_fd(ssl, fd) == 1 && SSL_connect(ssl) == 1;
    SSL_free(ssl);
    close(fd);
    return is_done;
}

static void run_hellos(struct bench_match *match, struct outcome *outcome)
{
    static int stalled[HELLOS];
    uint8_t hello[2048];
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    size_t hello_bytes = make_hello(context, hello, sizeof(hello));
    for (unsigned i = 0; i < HELLOS; i++) {
        stalled[i] = connect_from(match, 0, 2 + i % HELLO_ADDRESSES);
        send_all(stalled[i], hello, hello_bytes);
    }
    for (int i = 0; i < HONEST; i++) {
        uint64_t began_ns = bench_now_ns();
        outcome->refused += !connect_honestly(match, context);
        double took_ms = ms_since(began_ns);
        outcome->all_in_ms = took_ms > outcome->all_in_ms ? took_ms : outcome->all_in_ms;
    }
    for (int i = 0; i < HELLOS; i++) {
        close(stalled[i]);
    }
    SSL_CTX_free(context);
}

/* Asks for a new room; returns whether there is one. */
static bool create_room(int fd)
{
    static const char request[] = "POST /api/join HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Length: 28\r\n\r\n{\"name\":\"ann\",\"create\":true}";
    char answer[4096];
    send_all(fd, request, sizeof(request) - 1);
    ssize_t size = recv(fd, answer, sizeof(answer), 0);
    if (size < 12) {
        bench_die("the server hung up on a request");
    }
    return memcmp(answer, "HTTP/1.1 200", 12) == 0;
}

static void run_flood(struct bench_match *match, struct outcome *outcome)
{
    int flood = connect_from(match, 0, 3);
    uint64_t began_ns = bench_now_ns();
    for (uint64_t i = 0; i < FLOOD; i++) {
        bench_sleep_until(began_ns + i * FLOOD_MS * 1000000 / FLOOD);
        (void)create_room(flood); /* refused, most of them */
    }
    int honest = connect_from(match, 0, 4);
    uint64_t asked_ns = bench_now_ns();
    outcome->refused = !create_room(honest);
    outcome->all_in_ms = ms_since(asked_ns);
    close(honest);
    close(flood);
}

static size_t count_answers(const char *bytes, size_t size, size_t *matched)
{
    static const char start[] = "HTTP/1.1 426 ";
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        *matched = bytes[i] == start[*matched] ? *matched + 1 : bytes[i] == start[0];
        if (*matched == sizeof(start) - 1) {
            count++;
            *matched = 0;
        }
    }
    return count;
}

static void run_pipelining(struct bench_match *match, struct outcome *outcome)
{
    static const char request[] = "GET /ws HTTP/1.1\r\nHost: aaaa\r\n\r\n";
    static char all[REQUESTS * (sizeof(request) - 1)];
    static char answers[1 << 20];
    size_t answered = 0;
    size_t matched = 0;
    size_t sent = 0;
    for (size_t i = 0; i < REQUESTS; i++) {
        memcpy(all + i * (sizeof(request) - 1), request, sizeof(request) - 1);
    }
    int fd = connect_from(match, 0, 1);
    uint64_t began_ns = bench_now_ns();
    while (answered < REQUESTS) {
        ssize_t more = send(fd, all + sent, sizeof(all) - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += more > 0 ? (size_t)more : 0;
        ssize_t size = recv(fd, answers, sizeof(answers), 0);
        if (size <= 0) {
            bench_die("the server hung up on pipelined requests");
        }
        answered += count_answers(answers, (size_t)size, &matched);
    }
    outcome->all_in_ms = ms_since(began_ns);
    close(fd);
}

/* --- beside seated players -------------------------------------------------------------------- */

static void start_crowd(struct bench_child *crowd, const struct bench_match *match, bool is_cut)
{
    char line[LINE_BYTES];
    const char *arguments[] = {"--url",
                               match->url,
                               "--bots",
                               "1000",
                               "--rate",
                               "10",
                               "--seconds",
                               "9",
                               "--json",
                               "--insecure",
                               is_cut ? "--cut-at" : NULL,
                               "5",
                               NULL};
    bench_child_start(crowd, "skirmish-bots", arguments, NULL);
    bench_child_line(crowd, line, sizeof(line));
}

static void end_crowd(struct bench_child *crowd, struct outcome *outcome)
{
    char line[LINE_BYTES];
    bench_child_line(crowd, line, sizeof(line));
    cJSON *figures = bench_bots_figures(crowd);
    outcome->all_in_ms = bench_bots_get(figures, "resume_max_ms");
    outcome->refused = RESUMES - bench_bots_get(figures, "resumes");
    cJSON_Delete(figures);
}

/* Lets 100 play for six seconds, the storm among them. */
static void seat_players(const struct scene *scene, struct bench_match *match, bool is_stormy,
                         struct figures *figures, struct outcome *outcome)
{
    static struct bench_metrics metrics; /* half a megabyte */
    char line[LINE_BYTES];
    struct bench_child seated;
    const char *arguments[] = {"--url",     match->url, "--bots", "100",        "--rate", "60",
                               "--seconds", "6",        "--json", "--insecure", NULL};
    bench_child_start(&seated, "skirmish-bots", arguments, NULL);
    bench_child_line(&seated, line, sizeof(line));
    double cpu_us = bench_match_cpu_us(match);
    uint64_t began_ns = bench_now_ns();
    if (is_stormy && scene->run != NULL) {
        scene->run(match, outcome);
        figures->rss_mb = bench_match_rss_mb(match);
    }
    bench_child_line(&seated, line, sizeof(line));
    figures->cores =
        (bench_match_cpu_us(match) - cpu_us) / (double)(bench_now_ns() - began_ns) * 1e3;
    bench_metrics_fetch(&metrics, match->admin_port);
    figures->dropped_ticks = bench_metrics_get(&metrics, "skirmish_ticks_dropped_total");
    cJSON *seen = bench_bots_figures(&seated);
    figures->interval_p99_ms = bench_bots_get(seen, "interval_p99_ms");
    cJSON_Delete(seen);
}

static void measure(const struct scene *scene, const struct bench_certificate *certificate,
                    bool is_stormy, struct figures *figures, struct outcome *outcome)
{
    struct bench_match match;
    struct bench_child crowd;
    bench_match_start(&match, scene->arguments, scene->tls ? certificate : NULL);
    if (scene->has_crowd) {
        start_crowd(&crowd, &match, is_stormy);
    }
    seat_players(scene, &match, is_stormy, figures, outcome);
    if (scene->has_crowd) {
        figures->rss_mb = bench_match_rss_mb(&match);
        struct outcome none;
        end_crowd(&crowd, is_stormy ? outcome : &none);
    }
    bench_child_stop(&match.child);
}

static void compare(const struct scene *scene, const struct bench_certificate *certificate,
                    const char *machine)
{
    struct figures quiet = {0};
    struct figures stormy = {0};
    struct outcome outcome = {0};
    measure(scene, certificate, false, &quiet, &outcome);
    measure(scene, certificate, true, &stormy, &outcome);
    printf("bench=storm what=%s all_in_ms=%.0f refused=%.0f seated_p99_ms=%.1f quiet_p99_ms=%.1f "
           "dropped_ticks=%.0f rss_mb=%.1f server_cores=%.3f quiet_cores=%.3f machine=\"%s\"\n",
           scene->what, outcome.all_in_ms, outcome.refused, stormy.interval_p99_ms,
           quiet.interval_p99_ms, stormy.dropped_ticks, stormy.rss_mb, stormy.cores, quiet.cores,
           machine);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const struct scene scenes[] = {
        {"joins_ws", false, {NULL}, run_joins, false},
        {"joins_wss", true, {NULL}, run_joins, false},
        {"hellos", true, {"--limit-loopback", NULL}, run_hellos, false},
        {"flood", false, {"--limit-loopback", NULL}, run_flood, false},
        {"pipelining", false, {NULL}, run_pipelining, false},
        {"resumes", false, {NULL}, NULL, true},
    };
    char machine[BENCH_MACHINE_BYTES];
    struct bench_certificate certificate;
    static const char *const words[] = {"all",   "joins_ws",   "joins_wss", "hellos",
                                        "flood", "pipelining", "resumes",   NULL};
    bench_options_check(argc, argv, &usage);
    const char *only = bench_word(argc, argv, "what", "all", words);
    bench_machine(machine);
    bench_raise_files(4096);
    bench_certificate_make(&certificate);
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        if (strcmp(only, "all") == 0 || strcmp(only, scenes[i].what) == 0) {
            compare(&scenes[i], &certificate, machine);
        }
    }
    bench_certificate_remove(&certificate);
    return 0;
}
