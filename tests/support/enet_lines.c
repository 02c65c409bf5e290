/* enet_lines.c - see enet_lines.h. */
#include "support/enet_lines.h"

#include <string.h>

#include "base/assert.h"
#include "enet/enet_host.h"
#include "net/pieces.h"

enum { MS = 1000, WAITING = 64 };

/* Messages that have come to one end. */
struct inbox {
    uint32_t first;
    uint32_t count;
    size_t bytes_counts[WAITING];
    _Alignas(8) uint8_t bytes[WAITING][LINE_MESSAGE_BYTES];
};

/* One end of one connection. */
struct end {
    ENetPeer *peer;
    struct sk_enet_host *host;
    struct inbox inbox;
    struct sk_pieces pieces;
    uint16_t piece_number;
    _Alignas(8) uint8_t message[SK_PIECES_MESSAGE_BYTES_MAX];
};

static struct {
    struct line_match *match; /* NULL: datagrams go to the other host at once */
    struct sk_enet_host *server;
    struct end ends[2][LINE_CLIENTS_MAX]; /* the server's, the clients' */
    uint32_t client_count;
    uint32_t ended_count;
} lines;

/* --- ENet's events -------------------------------------------------------------------------- */

/* The context of the server's host is NULL, of a client's its end. */
static void *on_connect(void *context, uint32_t number, ENetPeer *peer)
{
    struct end *end = context ? context : &lines.ends[0][number];
    end->peer = peer;
    return end;
}

static void on_message(void *user, const uint8_t *bytes, size_t size)
{
    struct end *end = user;
    struct inbox *inbox = &end->inbox;
    int whole_bytes = (int)size;
    if (sk_pieces_is_piece(bytes, size)) {
        whole_bytes = sk_pieces_take(&end->pieces, bytes, size);
        bytes = end->message;
    }
    if (whole_bytes <= 0) {
        return;
    }
    SK_ASSERT(inbox->count < WAITING);
    SK_ASSERT(whole_bytes <= LINE_MESSAGE_BYTES);
    uint32_t last = (inbox->first + inbox->count) % WAITING;
    inbox->bytes_counts[last] = (size_t)whole_bytes;
    memcpy(inbox->bytes[last], bytes, (size_t)whole_bytes);
    inbox->count++;
}

static void on_end(void *user, uint32_t data)
{
    struct end *end = user;
    (void)data;
    end->peer = NULL;
    lines.ended_count++;
}

static void on_send(void *context, uint32_t number, const uint8_t *bytes, size_t size)
{
    const struct end *end = context;
    if (!lines.match) {
        struct sk_enet_host *to = end ? lines.server : lines.ends[1][number].host;
        SK_ASSERT(sk_enet_host_push(to, number, bytes, size));
        return;
    }
    struct line_client *client = &lines.match->clients[number];
    line_put(end ? &client->up : &client->down, lines.match->now_us, bytes, size);
}

static const struct sk_enet_events events = {
    .on_connect = on_connect, .on_message = on_message, .on_end = on_end, .on_send = on_send};

/* --- the carrier ---------------------------------------------------------------------------- */

static void send_message(uint32_t client, bool is_up, enum transport_delivery delivery,
                         const void *bytes, size_t size)
{
    struct end *end = &lines.ends[is_up ? 1 : 0][client];
    bool is_reliable = delivery == TRANSPORT_RELIABLE;
    uint32_t count = is_reliable ? 0 : sk_pieces_count(size);
    struct sk_pieces_message whole = {.head = bytes, .head_bytes = size};
    struct sk_enet_message message = {
        .is_reliable = is_reliable, .head = bytes, .head_bytes = size};
    uint8_t piece[SK_PIECE_BYTES_MAX];
    if (!end->peer) {
        return;
    }
    if (count == 0) {
        sk_enet_peer_send(end->host, end->peer, &message);
        return;
    }
    whole.number = end->piece_number++;
    for (uint32_t i = 0; i < count; i++) {
        message.head = piece;
        message.head_bytes = sk_pieces_write(&whole, i, piece);
        sk_enet_peer_send(end->host, end->peer, &message);
    }
}

static const void *receive_message(uint32_t client, bool is_up, size_t *size)
{
    struct inbox *inbox = &lines.ends[is_up ? 0 : 1][client].inbox;
    uint32_t first = inbox->first;
    if (inbox->count == 0) {
        return NULL;
    }
    inbox->first = (first + 1) % WAITING;
    inbox->count--;
    *size = inbox->bytes_counts[first];
    return inbox->bytes[first];
}

static void drain(struct line *line, struct sk_enet_host *host, uint32_t number)
{
    const void *bytes;
    size_t size;
    while ((bytes = line_get(line, lines.match->now_us, &size)) != NULL) {
        (void)sk_enet_host_push(host, number, bytes, size); /* a full queue loses, as a line does */
    }
}

static void service(uint32_t now_ms)
{
    sk_enet_host_service(lines.server, now_ms);
    for (uint32_t i = 0; i < lines.client_count; i++) {
        sk_enet_host_service(lines.ends[1][i].host, now_ms);
    }
}

static void poll_lines(void)
{
    for (uint32_t i = 0; i < lines.client_count; i++) {
        drain(&lines.match->clients[i].up, lines.server, i);
        drain(&lines.match->clients[i].down, lines.ends[1][i].host, i);
    }
    service((uint32_t)(lines.match->now_us / MS));
}

const struct line_carrier enet_lines_carrier = {
    .send = send_message, .receive = receive_message, .poll = poll_lines};

/* --- open, close ---------------------------------------------------------------------------- */

static struct sk_enet_host *host_create(uint32_t peers_max, void *context)
{
    struct sk_enet_host_config config = {
        .peers_max = peers_max, .events = &events, .context = context};
    struct sk_enet_host *host = sk_enet_host_create(&config);
    SK_ASSERT(host);
    return host;
}

void enet_lines_open(struct line_match *match, uint32_t client_count)
{
    enum { CONNECT_MS = 8 };
    SK_ASSERT(client_count <= LINE_CLIENTS_MAX);
    memset(&lines, 0, sizeof(lines));
    SK_ASSERT(sk_enet_prepare() == SK_OK);
    lines.client_count = client_count;
    lines.server = host_create(client_count, NULL);
    for (uint32_t i = 0; i < client_count; i++) {
        for (uint32_t side = 0; side < 2; side++) {
            struct end *end = &lines.ends[side][i];
            end->host = side == 0 ? lines.server : host_create(1, end);
            sk_pieces_init(&end->pieces, end->message);
        }
        SK_ASSERT(sk_enet_host_connect(lines.ends[1][i].host, i) == SK_OK);
    }
    for (uint32_t ms = 1; ms <= CONNECT_MS; ms++) {
        service(ms);
    }
    lines.match = match;
}

void enet_lines_close(void)
{
    for (uint32_t i = 0; i < lines.client_count; i++) {
        sk_enet_host_destroy(lines.ends[1][i].host);
    }
    sk_enet_host_destroy(lines.server);
    lines.match = NULL;
}

uint32_t enet_lines_ended(void)
{
    return lines.ended_count;
}
