/* worker.c - see worker.h.
 *
 *   RUNS --worker_stop_send()--> STOPPING --no connection is left, or time is up--> the loop ends
 */
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aead/aead_wolfssl.h"
#include "crash.h"
#include "log/log.h"
#include "native/clock.h"
#include "player_enet.h"
#include "tls/crypto.h"
#include "worker_commands.h"
#include "worker_parts.h"
#include "worker_rooms.h"

enum { MESSAGE_BYTES = 64 << 10, PUBLISH_MS = 250, LAST_WORDS_MS = 1000 };

struct worker {
    struct worker_parts parts;
    pthread_t thread;
    uint8_t *signal_stack;
    struct wheel_timer publish;
    uint64_t stop_ms; /* when the loop ends at the latest; 0: it is not stopping */
    struct worker_stats stats;
    struct worker_published published;
};

/* What others reach of it. */
static struct server_worker *own_row(const struct worker *worker)
{
    return &worker->parts.server->workers[worker->parts.index];
}

/* --- time ------------------------------------------------------------------------------------- */

static uint64_t on_tick(void *context, uint64_t now_ns)
{
    const struct worker *worker = context;
    const struct worker_parts *parts = &worker->parts;
    if (!parts->enet) {
        return worker_rooms_step(parts->rooms, now_ns / 1000);
    }
    player_enet_receive(parts->enet, now_ns);
    uint64_t rooms_ns = worker_rooms_step(parts->rooms, now_ns / 1000);
    uint64_t enet_ns = player_enet_send(parts->enet, now_ns);
    return rooms_ns < enet_ns ? rooms_ns : enet_ns;
}

static void publish(struct worker *worker)
{
    worker_rooms_stats(worker->parts.rooms, &worker->stats);
    worker->stats.cpu_us = sk_thread_cpu_ns() / 1000;
    worker->stats.waits = loop_wait_count(worker->parts.loop);
    worker_stats_write(&worker->published, &worker->stats);
}

/* Has nobody a connection to it? */
static bool is_alone(const struct worker_parts *parts)
{
    uint64_t players = parts->enet ? counter_read(&player_enet_counts(parts->enet)->players) : 0;
    return counter_read(&front_counts(parts->front)->open) + players == 0;
}

static void on_publish(struct wheel_timer *timer)
{
    struct worker *worker = (struct worker *)((uint8_t *)timer - offsetof(struct worker, publish));
    struct loop *loop = worker->parts.loop;
    uint64_t now_ms = loop_now_ms(loop);
    bool is_stopping = worker->stop_ms != 0;
    bool is_quiet = is_alone(&worker->parts);
    publish(worker);
    pulse_beat(&own_row(worker)->pulse, now_ms);
    loop_arm(loop, timer, now_ms + (is_stopping ? WHEEL_SLOT_MS : PUBLISH_MS));
    if (is_stopping && (is_quiet || now_ms >= worker->stop_ms)) {
        loop_stop(loop);
    }
}

/* --- mail ------------------------------------------------------------------------------------- */

static void on_command(void *context, struct worker_command *command)
{
    struct worker *worker = context;
    worker_commands_apply(worker->parts.rooms, command);
}

static void on_notice(void *context, uint32_t seconds)
{
    struct worker *worker = context;
    worker_rooms_notice(worker->parts.rooms, seconds);
}

static void on_stop(void *context)
{
    struct worker *worker = context;
    uint64_t now_ms = loop_now_ms(worker->parts.loop);
    worker_rooms_stop(worker->parts.rooms);
    front_close_listeners(worker->parts.front);
    front_close_all(worker->parts.front, SK_REASON_SERVER_STOPPING);
    if (worker->parts.enet) {
        player_enet_close_all(worker->parts.enet, SK_REASON_SERVER_STOPPING);
    }
    worker->stop_ms = now_ms + LAST_WORDS_MS;
    loop_arm(worker->parts.loop, &worker->publish, now_ms + WHEEL_SLOT_MS);
}

static void on_response(void *context, struct control_response *response)
{
    const struct worker *worker = context;
    struct conn *conn = conn_find(worker->parts.front, response->conn);
    if (conn) {
        response->on_response(conn, response);
    }
    control_response_destroy(response);
}

/* --- create, start, join ---------------------------------------------------------------------- */

static void on_ahead(const struct loop_source *source, enum loop_distance distance)
{
    if (!udp_front_is_source(source)) {
        front_on_ahead(source, distance);
    }
}

/* Makes what takes datagrams, where the operator wants them.  false: memory is short. */
static bool udp_create(struct worker_parts *parts)
{
    const struct config *config = parts->server->config;
    if (!config->enet) {
        return true;
    }
    parts->enet = player_enet_create(parts);
    struct udp_config udp = {.loop = parts->loop,
                             .handler = &player_enet_handler,
                             .context = parts->enet,
                             .aead = sk_aead_wolfssl(),
                             .idle_timeout_ms = config->idle_timeout_ms};
    parts->udp = udp_front_create(&udp);
    return parts->enet && parts->udp;
}

static int parts_create(struct worker *worker, const char **why)
{
    struct worker_parts *parts = &worker->parts;
    const struct config *config = parts->server->config;
    struct loop_config loop = {.on_tick = on_tick,
                               .on_ahead = on_ahead,
                               .context = worker,
                               .window_ns = config->wake_window_us * 1000u};
    parts->loop = loop_create(&loop, why);
    if (!parts->loop) {
        return SK_ERR_SYSTEM;
    }
    struct front_config front = {.loop = parts->loop,
                                 .shared = &parts->server->shared,
                                 .connections_max = config->connections_max,
                                 .user = parts};
    parts->front = front_create(&front);
    parts->encoder = sk_encoder_create(MESSAGE_BYTES);
    parts->rooms = worker_rooms_create(parts);
    parts->scratch = aligned_alloc(8, SK_MESSAGE_BYTES_MAX);
    worker->signal_stack = malloc(CRASH_STACK_BYTES);
    bool is_whole = parts->front && parts->encoder && parts->rooms && parts->scratch &&
                    worker->signal_stack && udp_create(parts);
    *why = "no memory for a worker";
    return is_whole ? SK_OK : SK_ERR_MEMORY;
}

static void fill_row(struct worker *worker)
{
    struct server_worker *row = own_row(worker);
    row->mailbox = (struct worker_mailbox){.loop = worker->parts.loop,
                                           .worker = worker,
                                           .on_command = on_command,
                                           .on_response = on_response,
                                           .on_notice = on_notice,
                                           .on_stop = on_stop};
    row->front = worker->parts.front;
    row->enet_counts = worker->parts.enet ? player_enet_counts(worker->parts.enet) : NULL;
    row->udp_counts = worker->parts.udp ? udp_front_counts(worker->parts.udp) : NULL;
    row->rooms = worker->parts.rooms;
    row->published = &worker->published;
}

struct worker *worker_create(struct server *server, uint32_t index, const char **why)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    *why = "no memory for a worker";
    if (!worker) {
        return NULL;
    }
    worker->parts.server = server;
    worker->parts.index = index;
    worker->publish.on_due = on_publish;
    worker_stats_init(&worker->published);
    if (parts_create(worker, why) != SK_OK) {
        worker_destroy(worker);
        return NULL;
    }
    fill_row(worker);
    return worker;
}

void worker_destroy(struct worker *worker)
{
    if (!worker) {
        return;
    }
    if (worker->parts.rooms) {
        worker_rooms_stop(worker->parts.rooms);
    }
    if (worker->parts.front) {
        front_destroy(worker->parts.front);
    }
    player_enet_destroy(worker->parts.enet);
    udp_front_destroy(worker->parts.udp);
    if (worker->parts.loop) {
        loop_destroy(worker->parts.loop);
    }
    worker_rooms_destroy(worker->parts.rooms); /* the ends of connections ask for rooms */
    sk_encoder_destroy(worker->parts.encoder);
    worker_stats_deinit(&worker->published);
    free(worker->parts.scratch);
    free(worker->signal_stack);
    free(worker);
}

void worker_finish(struct worker *worker)
{
    loop_turn(worker->parts.loop, 0);
}

int worker_listen(struct worker *worker, int listen_fd)
{
    return front_listen(worker->parts.front, listen_fd, &worker->parts.server->profile);
}

int worker_listen_udp(struct worker *worker, int fd)
{
    return udp_front_listen(worker->parts.udp, fd);
}

static void *run(void *context)
{
    struct worker *worker = context;
    struct loop *loop = worker->parts.loop;
    pulse_attach(&own_row(worker)->pulse);
    crash_thread_start(worker->signal_stack, CRASH_STACK_BYTES);
    loop_arm(loop, &worker->publish, loop_now_ms(loop) + PUBLISH_MS);
    loop_run(loop);
    crypto_thread_end();
    crash_thread_end(worker->signal_stack);
    return NULL;
}

int worker_start(struct worker *worker)
{
    pulse_beat(&own_row(worker)->pulse, sk_clock_ms());
    return pthread_create(&worker->thread, NULL, run, worker) == 0 ? SK_OK : SK_ERR_SYSTEM;
}

bool worker_join(struct worker *worker, uint64_t patience_ms)
{
    uint64_t until_ms = sk_wall_ms() + patience_ms; /* the clock of pthread_timedjoin_np() */
    struct timespec until = {(time_t)(until_ms / 1000), (long)(until_ms % 1000) * 1000000};
    return pthread_timedjoin_np(worker->thread, NULL, &until) == 0;
}
