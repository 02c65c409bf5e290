/* client_enet.c - see client_enet.h.
 *
 *   socket --> sealed --> ENet (enet_host.h) --> pieces --> on_message()
 *   socket <-- queue <-- sealed <-- ENet <-- client_enet_send()
 */
#include "client_enet.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "client_tls.h"
#include "enet/enet_host.h"
#include "enet/enet_port.h"
#include "net/pieces.h"

enum {
    PEER = 1,         /* ENet's number of the server */
    OUT_COUNT = 16,   /* datagrams that may wait for the socket; more are lost */
    ENET_QUEUE = 2,   /* each is taken as it comes */
    REPEAT_US = 20000 /* between two looks at what was not confirmed */
};

struct out_datagram {
    size_t bytes;
    uint8_t data[SK_SEALED_BYTES_MAX];
};

struct client_enet {
    struct client_enet_events events;
    struct sk_aead *aead; /* owned */
    struct sk_sealed sealed;
    struct sk_enet_host *host; /* owned */
    ENetPeer *peer;            /* NULL: not connected */
    struct sk_pieces pieces;
    int result;       /* of on_message(), the first that is not SK_OK */
    bool is_welcomed; /* our datagrams need no padding */
    uint64_t polled_us;
    uint64_t heard_us; /* when a datagram opened */
    uint64_t opened_count;
    uint32_t resends;        /* of this session */
    uint32_t resends_seen;   /* as ENet counts, which begins anew now and then */
    uint64_t waits_since_us; /* polled when something was given to be sent; 0: nothing was */
    uint32_t out_first;
    uint32_t out_count;
    struct out_datagram out[OUT_COUNT];
    _Alignas(8) uint8_t message[SK_PIECES_MESSAGE_BYTES_MAX]; /* that came in pieces */
};

/* --- ENet's events ---------------------------------------------------------------------------- */

static void *on_connect(void *context, uint32_t number, ENetPeer *peer)
{
    struct client_enet *enet = context;
    SK_ASSERT(number == PEER);
    enet->peer = peer;
    enet->events.on_open(enet->events.owner);
    return enet;
}

/* A piece that is none, or one too many, costs its message, as any loss does. */
static void on_message(void *user, const uint8_t *bytes, size_t size)
{
    struct client_enet *enet = user;
    int whole_bytes = (int)size;
    if (sk_pieces_is_piece(bytes, size)) {
        whole_bytes = sk_pieces_take(&enet->pieces, bytes, size);
        bytes = enet->message;
    }
    if (whole_bytes > 0 && enet->result == SK_OK) {
        enet->result = enet->events.on_message(enet->events.owner, bytes, (size_t)whole_bytes);
    }
}

static void on_end(void *user, uint32_t data)
{
    struct client_enet *enet = user;
    enet->peer = NULL;
    enet->events.on_close(enet->events.owner, data);
}

/* Before the server knows us it sends no more than we do.  ENet passes over zeros behind the last
 * command. */
static size_t pad(uint8_t padded[SK_ENET_DATAGRAM_BYTES_MAX], const uint8_t *bytes, size_t size)
{
    memcpy(padded, bytes, size);
    memset(padded + size, 0, SK_ENET_DATAGRAM_BYTES_MAX - size);
    return SK_ENET_DATAGRAM_BYTES_MAX;
}

static void on_send(void *context, uint32_t number, const uint8_t *bytes, size_t size)
{
    struct client_enet *enet = context;
    uint8_t padded[SK_ENET_DATAGRAM_BYTES_MAX];
    (void)number;
    if (enet->out_count == OUT_COUNT) {
        return;
    }
    if (!enet->is_welcomed) {
        size = pad(padded, bytes, size);
        bytes = padded;
    }
    struct out_datagram *last = &enet->out[(enet->out_first + enet->out_count) % OUT_COUNT];
    int sealed_bytes = sk_sealed_send(&enet->sealed, bytes, size, last->data);
    if (sealed_bytes > 0) {
        last->bytes = (size_t)sealed_bytes;
        enet->out_count++;
    }
}

static const struct sk_enet_events enet_events = {
    .on_connect = on_connect, .on_message = on_message, .on_end = on_end, .on_send = on_send};

/* --- life ------------------------------------------------------------------------------------- */

static uint32_t ms_of(uint64_t now_us)
{
    return (uint32_t)(now_us / 1000);
}

struct client_enet *client_enet_create(const struct client_enet_events *events,
                                       const struct client_enet_session *session, uint64_t now_us)
{
    struct client_enet *enet = calloc(1, sizeof(*enet));
    if (!enet || sk_enet_prepare() != SK_OK) {
        goto fail;
    }
    struct sk_enet_host_config host = {
        .peers_max = 1, .queue_count = ENET_QUEUE, .events = &enet_events, .context = enet};
    enet->events = *events;
    enet->heard_us = now_us;
    enet->aead = client_aead_create();
    enet->host = enet->aead ? sk_enet_host_create(&host) : NULL;
    if (!enet->host) {
        goto fail;
    }
    sk_sealed_init(&enet->sealed, enet->aead, session->session, SK_SEALED_TO_SERVER,
                   &session->keys);
    sk_pieces_init(&enet->pieces, enet->message);
    if (sk_enet_host_connect(enet->host, PEER) != SK_OK) {
        goto fail;
    }
    client_enet_poll(enet, now_us);
    return enet;
fail:
    client_enet_destroy(enet);
    return NULL;
}

void client_enet_destroy(struct client_enet *enet)
{
    if (enet) {
        sk_enet_host_destroy(enet->host);
        sk_sealed_deinit(&enet->sealed);
        client_aead_destroy(enet->aead);
        free(enet);
    }
}

/* --- datagrams -------------------------------------------------------------------------------- */

int client_enet_receive(struct client_enet *enet, const uint8_t *datagram, size_t bytes,
                        uint64_t now_us)
{
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    if (sk_sealed_receive(&enet->sealed, datagram, bytes, plain, &opened) != SK_OK) {
        return SK_OK;
    }
    enet->heard_us = now_us;
    enet->opened_count++;
    if (sk_enet_host_push(enet->host, PEER, plain, opened.bytes)) {
        client_enet_poll(enet, now_us);
    }
    return enet->result;
}

uint64_t client_enet_heard_us(const struct client_enet *enet)
{
    return enet->heard_us;
}

struct client_enet_figures client_enet_figures(const struct client_enet *enet)
{
    struct client_enet_figures figures = {.resends = enet->resends,
                                          .missing = enet->sealed.window.end - enet->opened_count};
    for (uint32_t i = 0; i < enet->out_count; i++) {
        figures.queue_bytes += enet->out[(enet->out_first + i) % OUT_COUNT].bytes;
    }
    return figures;
}

int client_enet_send(struct client_enet *enet, bool is_reliable, const uint8_t *bytes, size_t size)
{
    struct sk_enet_message message = {
        .is_reliable = is_reliable, .head = bytes, .head_bytes = size};
    if (size > SK_ENET_MESSAGE_BYTES_MAX) {
        return SK_ERR_TOO_BIG;
    }
    if (enet->peer) {
        sk_enet_peer_send(enet->host, enet->peer, &message);
        enet->waits_since_us = enet->polled_us;
    }
    return SK_OK;
}

void client_enet_on_welcome(struct client_enet *enet)
{
    enet->is_welcomed = true;
}

void client_enet_close(struct client_enet *enet, uint32_t reason)
{
    if (enet->peer) {
        sk_enet_peer_close(enet->host, enet->peer, reason);
        sk_enet_host_flush(enet->host, ms_of(enet->polled_us));
    }
}

static void count_resends(struct client_enet *enet)
{
    uint32_t seen = enet->peer ? sk_enet_peer_resends(enet->peer) : 0;
    enet->resends += seen >= enet->resends_seen ? seen - enet->resends_seen : seen;
    enet->resends_seen = seen;
}

void client_enet_poll(struct client_enet *enet, uint64_t now_us)
{
    enet->polled_us = now_us;
    enet->waits_since_us = 0;
    sk_enet_host_service(enet->host, ms_of(now_us));
    count_resends(enet);
}

uint64_t client_enet_next_us(const struct client_enet *enet)
{
    return enet->waits_since_us != 0 ? enet->waits_since_us : enet->polled_us + REPEAT_US;
}

const uint8_t *client_enet_output(const struct client_enet *enet, size_t *size)
{
    const struct out_datagram *first = &enet->out[enet->out_first];
    *size = enet->out_count > 0 ? first->bytes : 0;
    return first->data;
}

void client_enet_pop(struct client_enet *enet)
{
    SK_ASSERT(enet->out_count > 0);
    enet->out_first = (enet->out_first + 1) % OUT_COUNT;
    enet->out_count--;
}
