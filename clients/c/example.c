/* example.c - a whole native client: joins a match, runs in circles, prints what it sees.
 *
 *   skirmish-example http://127.0.0.1:7777 [SECONDS]
 *
 * The host's part of libskirmish is what stands here: a socket, a clock, sixty samples a second.
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "built_in.h"
#include "client.h"

enum { FRAME_MS = 16, BUFFER_BYTES = 65536 };

struct host {
    struct client *client;
    int fd; /* -1: none */
    bool connecting;
    uint32_t frame;
    uint32_t happened;
};

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void on_event(void *user, struct client *client, uint64_t at_us,
                     const struct client_event *event)
{
    (void)user;
    (void)client;
    (void)at_us;
    if (event->kind == CLIENT_WELCOMED) {
        printf("welcome to room %.*s as player %u\n", (int)event->welcome->room.size,
               event->welcome->room.bytes, event->welcome->player);
    } else if (event->kind == CLIENT_ROSTER) {
        printf("seat %u: %.*s\n", event->seat->player, (int)event->seat->name.size,
               event->seat->name.bytes);
    } else if (event->kind == CLIENT_DROPPED || event->kind == CLIENT_OVER) {
        printf("%s: %s\n", event->kind == CLIENT_OVER ? "ended" : "connection lost",
               sk_reason_sentence(event->reason));
    }
}

static void drop(struct host *host)
{
    if (host->fd >= 0) {
        close(host->fd);
        host->fd = -1;
    }
    client_on_lost(host->client, now_us());
}

static void open_socket(struct host *host)
{
    uint16_t port;
    char service[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    const char *name = client_target(host->client, &port);
    snprintf(service, sizeof(service), "%u", port);
    if (getaddrinfo(name, service, &hints, &found) == 0) {
        host->fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        host->connecting = host->fd >= 0;
        if (host->fd >= 0 && connect(host->fd, found->ai_addr, found->ai_addrlen) != 0 &&
            errno != EINPROGRESS) {
            close(host->fd);
            host->fd = -1;
        }
        freeaddrinfo(found);
    }
    if (host->fd < 0) {
        drop(host);
    }
}

static void send_output(struct host *host)
{
    size_t size;
    const uint8_t *bytes = client_output(host->client, &size);
    if (host->fd < 0 || host->connecting || size == 0) {
        return;
    }
    ssize_t sent = send(host->fd, bytes, size, MSG_NOSIGNAL);
    if (sent >= 0) {
        client_on_sent(host->client, (size_t)sent);
    } else if (errno != EAGAIN) {
        drop(host);
    }
}

static void serve(struct host *host)
{
    enum client_action action;
    while ((action = client_poll(host->client, now_us())) != CLIENT_NOTHING) {
        if (action == CLIENT_OPEN) {
            open_socket(host);
        } else {
            send_output(host);
            close(host->fd);
            host->fd = -1;
        }
    }
    send_output(host);
}

static void on_ready(struct host *host)
{
    static _Alignas(8) uint8_t buffer[BUFFER_BYTES];
    if (host->connecting) {
        int error = 0;
        socklen_t bytes = sizeof(error);
        host->connecting = false;
        if (getsockopt(host->fd, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0 || error != 0) {
            drop(host);
        } else {
            client_on_open(host->client, now_us());
        }
        return;
    }
    ssize_t size = recv(host->fd, buffer, sizeof(buffer), 0);
    if (size > 0) {
        client_on_bytes(host->client, buffer, (size_t)size, now_us());
    } else if (size == 0 || errno != EAGAIN) {
        drop(host);
    }
}

static void draw_entity(void *user, uint32_t kind, uint32_t slot, uint32_t owner,
                        const double *values)
{
    (void)slot;
    (void)owner;
    (void)values;
    uint32_t *counts = user;
    counts[kind]++;
}

/* Once a frame: the stick goes round, and once a second the picture is put into words. */
static void on_frame(struct host *host)
{
    static const int16_t round[4][2] = {{32767, 0}, {0, 32767}, {-32767, 0}, {0, -32767}};
    const int16_t *way = round[host->frame / 30 % 4];
    struct sk_input input = {.axes = {way[0], way[1], 0, 0}};
    uint32_t counts[SK_KINDS_MAX] = {0};
    struct sk_event event;
    uint32_t tick;
    uint8_t fraction;
    client_sample(host->client, &input, now_us());
    while (client_take_event(host->client, &event) == SK_EVENT_HAPPENED) {
        host->happened++;
    }
    if (host->frame++ % 60 == 0 && client_render_time(host->client, now_us(), &tick, &fraction)) {
        client_draw(host->client, now_us(), draw_entity, counts);
        bool predicts = client_prediction(host->client) != NULL;
        printf("tick %u: %u entities of the first kind, %u events, %s\n", tick, counts[0],
               host->happened, predicts ? "predicted" : "as the server tells");
    }
}

static void run(struct host *host, uint64_t until_us)
{
    uint64_t frame_us = now_us();
    while (now_us() < until_us && client_state(host->client) != CLIENT_ENDED) {
        serve(host);
        struct pollfd watched = {.fd = host->fd, .events = host->connecting ? POLLOUT : POLLIN};
        if (poll(&watched, 1, FRAME_MS / 4) > 0) {
            on_ready(host);
        }
        if (now_us() - frame_us >= FRAME_MS * 1000) {
            frame_us += FRAME_MS * 1000;
            on_frame(host);
        }
    }
    client_leave(host->client, now_us());
    serve(host);
}

int main(int argc, char **argv)
{
    static const struct sk_game *const games[] = {&arena_game};
    const char *why = "";
    struct client_config config = {.url = argc > 1 ? argv[1] : "http://127.0.0.1:7777",
                                   .name = "example",
                                   .game = "arena",
                                   .games = games,
                                   .game_count = 1,
                                   .seed = now_us(),
                                   .on_event = on_event};
    uint64_t seconds = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
    struct host host = {.fd = -1};
    config.context = client_context_create(NULL, false, &why);
    host.client = config.context == NULL ? NULL : client_create(&config, &why);
    if (host.client == NULL) {
        fprintf(stderr, "skirmish-example: %s\n", why);
        return 1;
    }
    run(&host, now_us() + seconds * 1000000);
    bool left = client_reason(host.client) == SK_REASON_LEFT;
    client_destroy(host.client);
    client_context_destroy(config.context);
    return left ? 0 : 1;
}
