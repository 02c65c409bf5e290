/* peers_swarm.c - see peers_swarm.h.
 *
 *   POST /matchmake/joinOrCreate/arena --> seat --> GET /PROCESS/ROOM?sessionId=S, upgrade
 *   --> JOIN_ROOM comes, and is answered --> state, then patches; inputs go out as bytes
 */
#include "peers_swarm.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "bench.h"

enum {
    READ_BYTES = 64 << 10,
    TEXT_BYTES = 4096,
    EVENTS_MAX = 256,
    PATCH_HZ_MAX = 70, /* room for a server that sends more than is asked for */
    JOIN_NS = 4000000, /* between two joins; those who are in play meanwhile */
    CODE_MASK = 0x1f,
    JOIN_ROOM = 10,
    ROOM_STATE_PATCH = 15,
    ROOM_DATA_BYTES = 17
};

static const uint8_t mask[4] = {'m', 'a', 's', 'k'};

/* --- joining -------------------------------------------------------------------------------- */

static void send_all(int fd, const void *bytes, size_t size)
{
    if (send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) {
        bench_die("a player of Colyseus cannot send");
    }
}

static void send_frame(int fd, enum sk_ws_opcode opcode, const uint8_t *payload, size_t size)
{
    uint8_t frame[SK_WS_HEAD_BYTES_MAX + PEERS_INPUT_BYTES];
    size_t head_bytes = sk_ws_head_write(frame, sk_ws_first(opcode, true), size, mask);
    memcpy(frame + head_bytes, payload, size);
    sk_ws_mask(frame + head_bytes, size, mask, 0);
    send_all(fd, frame, head_bytes + size);
}

/* Reads until `text` holds `end`; dies when it does not come. */
static void read_until(int fd, char *text, const char *end)
{
    size_t size = 0;
    text[0] = '\0';
    while (strstr(text, end) == NULL) {
        /* One byte at a time behind an upgrade: what follows it is a frame. */
        ssize_t got = size < TEXT_BYTES - 1 ? recv(fd, text + size, 1, 0) : 0;
        if (got <= 0) {
            bench_die("Colyseus does not answer as it should: %.60s", text);
        }
        size += (size_t)got;
        text[size] = '\0';
    }
}

static cJSON *ask_seat(uint16_t port)
{
    static const char request[] =
        "POST /matchmake/joinOrCreate/arena HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    char text[TEXT_BYTES];
    int fd = bench_connect(port);
    send_all(fd, request, sizeof(request) - 1);
    read_until(fd, text, "}");
    close(fd);
    const char *body = strstr(text, "\r\n\r\n");
    cJSON *seat = body == NULL ? NULL : cJSON_Parse(body);
    if (seat == NULL) {
        bench_die("Colyseus gives no seat: %.60s", text);
    }
    return seat;
}

static const char *text_of(const cJSON *seat, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(seat, name);
    if (!cJSON_IsString(item)) {
        bench_die("Colyseus gives a seat without %s", name);
    }
    return item->valuestring;
}

static int join(uint16_t port)
{
    char text[TEXT_BYTES];
    cJSON *seat = ask_seat(port);
    snprintf(text, sizeof(text),
             "GET /%s/%s?sessionId=%s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
             text_of(seat, "processId"), text_of(seat, "roomId"), text_of(seat, "sessionId"));
    cJSON_Delete(seat);
    int fd = bench_connect(port);
    send_all(fd, text, strlen(text));
    read_until(fd, text, "\r\n\r\n");
    if (strncmp(text, "HTTP/1.1 101 ", 13) != 0) {
        bench_die("Colyseus refuses a player: %.60s", text);
    }
    bench_unblock(fd);
    return fd;
}

/* --- what comes ----------------------------------------------------------------------------- */

static void note_patch(struct peers_swarm *swarm, struct peers_player *player)
{
    uint64_t now_ns = bench_now_ns();
    swarm->patches++;
    swarm->patch_bytes += player->head.payload_bytes;
    if (player->patch_ns != 0 && swarm->interval_count < swarm->interval_capacity) {
        swarm->intervals_ms[swarm->interval_count++] = (double)(now_ns - player->patch_ns) / 1e6;
    }
    player->patch_ns = now_ns;
}

/* The payload of a message begins with `first`. */
static void on_message(struct peers_swarm *swarm, struct peers_player *player, uint8_t first)
{
    static const uint8_t joined = JOIN_ROOM;
    if ((first & CODE_MASK) == JOIN_ROOM) {
        send_frame(player->fd, SK_WS_OP_BINARY, &joined, 1);
    } else if ((first & CODE_MASK) == ROOM_STATE_PATCH) {
        note_patch(swarm, player);
    }
}

static void on_head(struct peers_player *player)
{
    player->left_bytes = player->head.payload_bytes;
    if (player->head.opcode == SK_WS_OP_CLOSE) {
        bench_die("Colyseus closes a player's connection");
    }
    if (player->head.opcode == SK_WS_OP_PING) { /* its pings are empty */
        send_frame(player->fd, SK_WS_OP_PONG, mask, 0);
    }
}

/* Eats a part of one frame.  Returns how much. */
static size_t eat(struct peers_swarm *swarm, struct peers_player *player, const uint8_t *bytes,
                  size_t size)
{
    if (player->head.state != SK_WS_HEAD_DONE) {
        int eaten = sk_ws_head_parse(&player->head, SK_WS_CLIENT, bytes, size);
        if (eaten < 0) {
            bench_die("Colyseus sends what is no frame");
        }
        if (player->head.state == SK_WS_HEAD_DONE) {
            on_head(player);
        }
        size = (size_t)eaten;
    } else {
        bool is_first = player->left_bytes == player->head.payload_bytes;
        if (is_first && player->head.opcode == SK_WS_OP_BINARY) {
            on_message(swarm, player, bytes[0]);
        }
        size = player->left_bytes < size ? (size_t)player->left_bytes : size;
        player->left_bytes -= size;
    }
    if (player->head.state == SK_WS_HEAD_DONE && player->left_bytes == 0) {
        player->head = (struct sk_ws_head){0};
    }
    return size;
}

static void receive(struct peers_swarm *swarm, struct peers_player *player)
{
    ssize_t size = recv(player->fd, swarm->buffer, READ_BYTES, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN)) {
        bench_die("a player of Colyseus lost its connection");
    }
    for (size_t at = 0; size > 0 && at < (size_t)size;) {
        at += eat(swarm, player, swarm->buffer + at, (size_t)size - at);
    }
}

/* --- what goes out -------------------------------------------------------------------------- */

/* As skirmish-bots play at random: a way for forty inputs, fire in a quarter of all eighths. */
static void send_input(struct peers_swarm *swarm, const struct peers_player *player, uint64_t turn)
{
    uint8_t input[PEERS_INPUT_BYTES] = {ROOM_DATA_BYTES, 0};
    uint64_t seed = sk_mix(player->index);
    uint64_t way = sk_mix(seed ^ sk_mix(turn / 40));
    memcpy(input + 2, &way, 4);
    uint16_t aim = (uint16_t)((way >> 32) + turn * 512);
    memcpy(input + 6, &aim, sizeof(aim));
    input[8] = (sk_mix(seed ^ sk_mix(turn / 8) ^ 0x5a) & 3) == 0;
    send_frame(player->fd, SK_WS_OP_BINARY, input, sizeof(input));
    swarm->inputs++;
}

static uint64_t phase_due_ns(const struct peers_swarm *swarm)
{
    return swarm->start_ns + swarm->phases_done * 1000000000 / swarm->input_hz / PEERS_PHASES;
}

static void send_phase(struct peers_swarm *swarm)
{
    uint32_t phase = (uint32_t)(swarm->phases_done % PEERS_PHASES);
    for (uint32_t i = phase; i < swarm->player_count; i += PEERS_PHASES) {
        send_input(swarm, &swarm->players[i], swarm->phases_done / PEERS_PHASES);
    }
    swarm->phases_done++;
}

void peers_swarm_run(struct peers_swarm *swarm, uint64_t until_ns)
{
    struct epoll_event events[EVENTS_MAX];
    for (uint64_t now_ns = bench_now_ns(); now_ns < until_ns; now_ns = bench_now_ns()) {
        if (now_ns >= phase_due_ns(swarm)) {
            send_phase(swarm);
        }
        uint64_t due_ns = phase_due_ns(swarm);
        uint64_t wait_ns = due_ns > now_ns ? due_ns - now_ns : 0;
        struct timespec wait = {.tv_nsec = (long)wait_ns};
        int count = epoll_pwait2(swarm->epoll_fd, events, EVENTS_MAX, &wait, NULL);
        for (int i = 0; i < count; i++) {
            receive(swarm, &swarm->players[events[i].data.u32]);
        }
    }
}

/* --- life ----------------------------------------------------------------------------------- */

void peers_swarm_open(struct peers_swarm *swarm, uint16_t port, uint32_t count, uint32_t input_hz,
                      uint32_t seconds)
{
    *swarm = (struct peers_swarm){.start_ns = bench_now_ns(),
                                  .input_hz = input_hz,
                                  .port = port,
                                  .epoll_fd = bench_epoll(),
                                  .interval_capacity = (size_t)count * seconds * PATCH_HZ_MAX};
    swarm->players = calloc(count, sizeof(*swarm->players));
    swarm->buffer = malloc(READ_BYTES);
    swarm->intervals_ms = calloc(swarm->interval_capacity, sizeof(*swarm->intervals_ms));
    if (swarm->players == NULL || swarm->buffer == NULL || swarm->intervals_ms == NULL) {
        bench_die("out of memory");
    }
    for (uint32_t i = 0; i < count; i++) {
        swarm->players[i] = (struct peers_player){.fd = join(port), .index = i};
        bench_watch(swarm->epoll_fd, swarm->players[i].fd, i);
        swarm->player_count = i + 1;
        peers_swarm_run(swarm, bench_now_ns() + JOIN_NS);
    }
}

void peers_swarm_reset(struct peers_swarm *swarm)
{
    swarm->inputs = 0;
    swarm->patches = 0;
    swarm->patch_bytes = 0;
    swarm->interval_count = 0;
}

void peers_swarm_close(struct peers_swarm *swarm)
{
    for (uint32_t i = 0; i < swarm->player_count; i++) {
        close(swarm->players[i].fd);
    }
    close(swarm->epoll_fd);
    free(swarm->intervals_ms);
    free(swarm->buffer);
    free(swarm->players);
}
