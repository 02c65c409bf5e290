/* enet_host.c - see enet_host.h. */
#include "enet/enet_host.h"

#include <stdlib.h>
#include <string.h>

#include <enet/time.h>

#include "base/assert.h"
#include "enet/enet_filter.h"
#include "enet/enet_port.h"

enum {
    WAITING_BYTES_MAX = 256 << 10, /* of a peer's messages whose turn has not come */
    ANY_TIMEOUT = 1 << 20,         /* however often it was repeated, in vain ... */
    GONE_MS = 15000,               /* ... a peer is gone when it confirmed nothing for so long */
    REPEAT_MS_MAX = 500,           /* between two sendings of what was not confirmed */
    PING_MS = 1000,                /* when nothing else shows how long a way takes */
    SPARE_PEERS = 64,              /* that may begin to connect between two looks at who is there */
    FIT_SERVICES = 16              /* between two such looks, when nobody has connected */
};
_Static_assert(SK_ENET_MESSAGE_BYTES_MAX == SK_ENET_DATAGRAM_BYTES_MAX -
                                                (int)sizeof(ENetProtocolHeader) -
                                                (int)sizeof(ENetProtocolSendFragment),
               "as enet_peer_send() computes it");
_Static_assert((int)SK_ENET_DATAGRAM_BYTES_MAX >= (int)SK_ENET_MTU_MIN, "our own CONNECT passes");
_Static_assert((int)SK_ENET_COMMANDS_MAX == (int)ENET_PROTOCOL_MAXIMUM_PACKET_COMMANDS,
               "what ENet puts into a datagram passes");

struct sk_enet_host {
    struct sk_enet_port *port;
    ENetHost *enet;
    const struct sk_enet_events *events;
    void *context;
    uint32_t peers_max;
    uint32_t fit_countdown;     /* services until the next look_after_peers() */
    size_t unconfirmed_bytes[]; /* of each slot's reliable messages */
};

/* --- the process ------------------------------------------------------------------------------ */

/* ENet's default ends the process.  A packet less is a datagram lost. */
static void on_no_memory(void)
{
}

int sk_enet_prepare(void)
{
    ENetCallbacks callbacks = {.no_memory = on_no_memory};
    return enet_initialize_with_callbacks(ENET_VERSION, &callbacks) == 0 ? SK_OK : SK_ERR_SYSTEM;
}

/* --- peers in use ----------------------------------------------------------------------------- */

/* ENet walks all peers that it knows of, so it knows of those in use, which are the first, and some
 * to spare; the others hold nothing.  A walk over 4,095 costs about 50 us. */
static void fit_peers(struct sk_enet_host *host)
{
    ENetHost *enet = host->enet;
    size_t count = enet->peerCount;
    while (count > 0 && enet->peers[count - 1].state == ENET_PEER_STATE_DISCONNECTED) {
        count--;
    }
    count += SPARE_PEERS;
    enet->peerCount = count < host->peers_max ? count : host->peers_max;
    host->fit_countdown = FIT_SERVICES;
}

/* --- create, destroy -------------------------------------------------------------------------- */

static struct sk_enet_port *port_create(const struct sk_enet_host_config *config)
{
    struct sk_enet_port_config port = {.queue_count = config->queue_count,
                                       .on_send = config->events->on_send,
                                       .context = config->context};
    return sk_enet_port_create(&port);
}

static ENetHost *enet_create(struct sk_enet_port *port, uint32_t peers_max)
{
    struct sk_enet_port *before = sk_enet_port_enter(port);
    ENetHost *enet = enet_host_create(NULL, peers_max, SK_ENET_CHANNELS, 0, 0);
    (void)sk_enet_port_enter(before);
    if (!enet) {
        return NULL;
    }
    enet->duplicatePeers = 1;
    enet->mtu = SK_ENET_DATAGRAM_BYTES_MAX;
    enet->maximumPacketSize = SK_ENET_RELIABLE_BYTES_MAX;
    enet->maximumWaitingData = WAITING_BYTES_MAX;
    for (size_t i = 0; i < enet->peerCount; i++) {
        enet->peers[i].mtu = enet->mtu; /* each got the default before */
    }
    return enet;
}

struct sk_enet_host *sk_enet_host_create(const struct sk_enet_host_config *config)
{
    SK_ASSERT(config->peers_max > 0);
    SK_ASSERT(config->peers_max <= SK_ENET_PEERS_MAX);
    struct sk_enet_host *host =
        calloc(1, sizeof(*host) + config->peers_max * sizeof(host->unconfirmed_bytes[0]));
    if (!host) {
        return NULL;
    }
    host->events = config->events;
    host->context = config->context;
    host->port = port_create(config);
    host->enet = host->port ? enet_create(host->port, config->peers_max) : NULL;
    if (!host->enet || !sk_enet_port_adopt(host->port, host->enet->socket)) {
        sk_enet_host_destroy(host); /* the latter: ENet does not call us */
        return NULL;
    }
    host->peers_max = config->peers_max;
    fit_peers(host);
    return host;
}

void sk_enet_host_destroy(struct sk_enet_host *host)
{
    if (!host) {
        return;
    }
    if (host->enet) {
        struct sk_enet_port *before = sk_enet_port_enter(host->port);
        enet_host_destroy(host->enet);
        (void)sk_enet_port_enter(before);
    }
    sk_enet_port_destroy(host->port);
    free(host);
}

/* --- service ---------------------------------------------------------------------------------- */

bool sk_enet_host_push(struct sk_enet_host *host, uint32_t number, const uint8_t *bytes,
                       size_t size)
{
    return sk_enet_port_push(host->port, number, bytes, size) == SK_OK;
}

uint32_t sk_enet_host_waiting(const struct sk_enet_host *host)
{
    return sk_enet_port_waiting(host->port);
}

/* The throttle would drop what we send by how round trips vary, and a client's word on our
 * bandwidth how much may be unconfirmed. */
static void set_own_terms(ENetPeer *peer)
{
    peer->packetThrottle = ENET_PEER_PACKET_THROTTLE_SCALE;
    peer->packetThrottleLimit = ENET_PEER_PACKET_THROTTLE_SCALE;
    peer->packetThrottleDeceleration = 0;
    peer->windowSize = ENET_PROTOCOL_MAXIMUM_WINDOW_SIZE;
    enet_peer_timeout(peer, ANY_TIMEOUT, GONE_MS, GONE_MS);
    enet_peer_ping_interval(peer, PING_MS);
}

static void on_connect(struct sk_enet_host *host, ENetPeer *peer)
{
    set_own_terms(peer);
    fit_peers(host);
    peer->data = host->events->on_connect(host->context, sk_enet_port_peer(&peer->address), peer);
    if (peer->data == NULL) {
        sk_enet_peer_drop(host, peer);
    }
}

static void on_event(struct sk_enet_host *host, const ENetEvent *event)
{
    void *user = event->peer->data;
    switch (event->type) {
    case ENET_EVENT_TYPE_NONE:
        return;
    case ENET_EVENT_TYPE_CONNECT:
        on_connect(host, event->peer);
        return;
    case ENET_EVENT_TYPE_DISCONNECT:
        event->peer->data = NULL;
        if (user) {
            host->events->on_end(user, event->data);
        }
        return;
    case ENET_EVENT_TYPE_RECEIVE:
        host->events->on_message(user, event->packet->data, event->packet->dataLength);
        enet_packet_destroy(event->packet);
        return;
    }
}

/* One service walks all peers twice, so the events are taken without another one.  A connection
 * that begins or ends returns early: the rest is still to be done. */
static bool service_once(struct sk_enet_host *host)
{
    ENetEvent event;
    bool is_early = false;
    host->enet->recalculateBandwidthLimits = 0; /* or it tells the peers of bandwidths: filtered */
    int result = enet_host_service(host->enet, &event, 0);
    while (result > 0) {
        is_early = is_early || event.type != ENET_EVENT_TYPE_RECEIVE;
        on_event(host, &event);
        result = enet_host_check_events(host->enet, &event);
    }
    return is_early || sk_enet_port_waiting(host->port) > 0;
}

/* ENet waits twice as long each time that something is lost, without an end: where a third is lost
 * each way a peer would be given up, or told seconds later. */
static void shorten_repeats(ENetPeer *peer)
{
    const ENetList *sent = &peer->sentReliableCommands;
    for (ENetListIterator i = sent->sentinel.next; i != &sent->sentinel; i = i->next) {
        ENetOutgoingCommand *command = (ENetOutgoingCommand *)i;
        enet_uint32 due_ms = command->sentTime + REPEAT_MS_MAX;
        if (command->roundTripTimeout > REPEAT_MS_MAX) {
            command->roundTripTimeout = REPEAT_MS_MAX;
            peer->nextTimeout =
                ENET_TIME_LESS(due_ms, peer->nextTimeout) ? due_ms : peer->nextTimeout;
        }
    }
}

/* Now and then: a walk over all peers. */
static void look_after_peers(struct sk_enet_host *host)
{
    fit_peers(host);
    for (size_t i = 0; i < host->enet->peerCount; i++) {
        if (host->enet->peers[i].state == ENET_PEER_STATE_CONNECTED) {
            shorten_repeats(&host->enet->peers[i]);
        }
    }
}

void sk_enet_host_service(struct sk_enet_host *host, uint32_t now_ms)
{
    struct sk_enet_port *before = sk_enet_port_enter(host->port);
    bool is_more = true;
    sk_enet_port_set_time(host->port, now_ms);
    while (is_more) {
        is_more = service_once(host);
    }
    if (host->fit_countdown-- == 0) {
        look_after_peers(host);
    }
    (void)sk_enet_port_enter(before);
}

void sk_enet_host_flush(struct sk_enet_host *host, uint32_t now_ms)
{
    struct sk_enet_port *before = sk_enet_port_enter(host->port);
    sk_enet_port_set_time(host->port, now_ms);
    enet_host_flush(host->enet);
    (void)sk_enet_port_enter(before);
}

/* --- peers ------------------------------------------------------------------------------------ */

int sk_enet_host_connect(struct sk_enet_host *host, uint32_t number)
{
    struct sk_enet_port *before = sk_enet_port_enter(host->port);
    ENetAddress address = sk_enet_port_address(number);
    ENetPeer *peer = enet_host_connect(host->enet, &address, SK_ENET_CHANNELS, 0);
    (void)sk_enet_port_enter(before);
    return peer ? SK_OK : SK_ERR_FULL;
}

static void ENET_CALLBACK on_packet_freed(ENetPacket *packet)
{
    size_t *unconfirmed_bytes = packet->userData;
    SK_ASSERT(*unconfirmed_bytes >= packet->dataLength);
    *unconfirmed_bytes -= packet->dataLength;
}

static ENetPacket *packet_of(const struct sk_enet_message *message)
{
    size_t size = message->head_bytes + message->body_bytes;
    ENetPacket *packet = enet_packet_create(NULL, size,
                                            message->is_reliable ? ENET_PACKET_FLAG_RELIABLE
                                                                 : ENET_PACKET_FLAG_UNSEQUENCED);
    if (packet) {
        memcpy(packet->data, message->head, message->head_bytes);
        if (message->body_bytes > 0) {
            memcpy(packet->data + message->head_bytes, message->body, message->body_bytes);
        }
    }
    return packet;
}

void sk_enet_peer_send(struct sk_enet_host *host, ENetPeer *peer,
                       const struct sk_enet_message *message)
{
    SK_ASSERT(message->is_reliable ||
              message->head_bytes + message->body_bytes <= SK_ENET_MESSAGE_BYTES_MAX);
    struct sk_enet_port *before = sk_enet_port_enter(host->port);
    ENetPacket *packet = packet_of(message);
    if (packet && message->is_reliable) {
        packet->userData = &host->unconfirmed_bytes[peer->incomingPeerID];
        packet->freeCallback = on_packet_freed;
        host->unconfirmed_bytes[peer->incomingPeerID] += packet->dataLength;
    }
    enet_uint8 channel = message->is_reliable ? SK_ENET_RELIABLE_CHANNEL : SK_ENET_LOSSY_CHANNEL;
    if (packet && enet_peer_send(peer, channel, packet) != 0) {
        enet_packet_destroy(packet);
    }
    (void)sk_enet_port_enter(before);
}

void sk_enet_peer_close(struct sk_enet_host *host, ENetPeer *peer, uint32_t data)
{
    struct sk_enet_port *before = sk_enet_port_enter(host->port);
    enet_peer_disconnect_later(peer, data);
    (void)sk_enet_port_enter(before);
}

void sk_enet_peer_drop(struct sk_enet_host *host, ENetPeer *peer)
{
    struct sk_enet_port *before = sk_enet_port_enter(host->port);
    peer->data = NULL;
    enet_peer_reset(peer);
    (void)sk_enet_port_enter(before);
}

void sk_enet_host_forget(struct sk_enet_host *host, uint32_t number)
{
    sk_enet_port_discard(host->port, number);
    for (size_t i = 0; i < host->enet->peerCount; i++) {
        ENetPeer *peer = &host->enet->peers[i];
        if (peer->state != ENET_PEER_STATE_DISCONNECTED &&
            sk_enet_port_peer(&peer->address) == number) {
            sk_enet_peer_drop(host, peer);
        }
    }
}

uint32_t sk_enet_peer_resends(const ENetPeer *peer)
{
    return peer->packetsLost;
}

size_t sk_enet_peer_unconfirmed(const struct sk_enet_host *host, const ENetPeer *peer)
{
    return host->unconfirmed_bytes[peer->incomingPeerID];
}

uint16_t sk_enet_peer_delivered(const ENetPeer *peer)
{
    return peer->channels ? peer->channels[SK_ENET_RELIABLE_CHANNEL].incomingReliableSequenceNumber
                          : 0;
}

/* --- self-test -------------------------------------------------------------------------------- */

/* Two hosts whose datagrams go to each other at once. */
struct self_test {
    struct sk_enet_host *hosts[2];
    uint32_t connect_count;
    uint32_t message_count;
};

/* The context of one of them. */
struct self_test_end {
    struct self_test *test;
    uint32_t other;
};

static void *self_test_on_connect(void *context, uint32_t number, ENetPeer *peer)
{
    struct self_test_end *end = context;
    struct sk_enet_message message = {
        .is_reliable = true, .head = (const uint8_t *)"word", .head_bytes = 4};
    (void)number;
    end->test->connect_count++;
    sk_enet_peer_send(end->test->hosts[1 - end->other], peer, &message);
    return end;
}

static void self_test_on_message(void *user, const uint8_t *bytes, size_t size)
{
    const struct self_test_end *end = user;
    end->test->message_count += size == 4 && memcmp(bytes, "word", 4) == 0 ? 1 : 0;
}

static void self_test_on_end(void *user, uint32_t data)
{
    (void)user;
    (void)data;
}

static void self_test_on_send(void *context, uint32_t number, const uint8_t *bytes, size_t size)
{
    const struct self_test_end *end = context;
    (void)sk_enet_host_push(end->test->hosts[end->other], number, bytes, size);
}

/* Both have come to know each other, by our clock. */
static bool self_test_run(struct self_test *test)
{
    enum { TURNS = 6, FIRST_MS = 1000 };
    uint32_t now_ms = FIRST_MS;
    if (sk_enet_host_connect(test->hosts[0], 1) != SK_OK) {
        return false;
    }
    for (uint32_t i = 0; i < TURNS; i++) {
        now_ms++;
        sk_enet_host_service(test->hosts[0], now_ms);
        sk_enet_host_service(test->hosts[1], now_ms);
    }
    return test->connect_count == 2 && test->message_count == 2 &&
           test->hosts[0]->enet->serviceTime == now_ms;
}

int sk_enet_self_test(void)
{
    static const struct sk_enet_events events = {.on_connect = self_test_on_connect,
                                                 .on_message = self_test_on_message,
                                                 .on_end = self_test_on_end,
                                                 .on_send = self_test_on_send};
    struct self_test test = {.connect_count = 0};
    struct self_test_end ends[2] = {{&test, 1}, {&test, 0}};
    bool is_good = sk_enet_prepare() == SK_OK;
    for (uint32_t i = 0; i < 2; i++) {
        struct sk_enet_host_config config = {
            .peers_max = 1, .queue_count = 16, .events = &events, .context = &ends[i]};
        test.hosts[i] = sk_enet_host_create(&config);
        is_good = is_good && test.hosts[i] != NULL;
    }
    is_good = is_good && self_test_run(&test);
    sk_enet_host_destroy(test.hosts[0]);
    sk_enet_host_destroy(test.hosts[1]);
    return is_good ? SK_OK : SK_ERR_SYSTEM;
}
