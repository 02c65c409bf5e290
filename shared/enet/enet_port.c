/* enet_port.c - see enet_port.h.
 *
 * The enet_* functions at the end stand in for libenet's.  They must keep default visibility: what
 * does not leave the program is not seen by the library.
 */
#include "enet/enet_port.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum {
    OURS = 0x7ffffff0, /* no file descriptor is that high */
    QUEUE_COUNT = 256,
    HOST_BITS = 23 /* of an address in 127.128/9; the rest of a peer's number is its port */
};
#define LOOPBACK_HALF UINT32_C(0x7f800000)

struct datagram {
    uint32_t peer;
    uint32_t size;
    uint8_t bytes[SK_ENET_DATAGRAM_BYTES_MAX];
};

struct sk_enet_port {
    struct sk_enet_port_config config;
    uint32_t now_ms;
    uint32_t first; /* of the queue, an index */
    uint32_t count; /* that wait from there on */
    struct datagram queue[];
};

static _Thread_local struct sk_enet_port *entered;

/* --- a port ----------------------------------------------------------------------------------- */

struct sk_enet_port *sk_enet_port_create(const struct sk_enet_port_config *config)
{
    uint32_t count = config->queue_count != 0 ? config->queue_count : QUEUE_COUNT;
    struct sk_enet_port *port = calloc(1, sizeof(*port) + count * sizeof(port->queue[0]));
    if (port) {
        port->config = *config;
        port->config.queue_count = count;
    }
    return port;
}

void sk_enet_port_destroy(struct sk_enet_port *port)
{
    SK_ASSERT(port == NULL || port != entered);
    free(port);
}

struct sk_enet_port *sk_enet_port_enter(struct sk_enet_port *port)
{
    struct sk_enet_port *before = entered;
    entered = port;
    return before;
}

void sk_enet_port_set_time(struct sk_enet_port *port, uint32_t now_ms)
{
    port->now_ms = now_ms;
}

int sk_enet_port_push(struct sk_enet_port *port, uint32_t peer, const uint8_t *bytes, size_t size)
{
    SK_ASSERT(port->count <= port->config.queue_count);
    if (size > SK_ENET_DATAGRAM_BYTES_MAX) {
        return SK_ERR_TOO_BIG;
    }
    if (port->count == port->config.queue_count) {
        return SK_ERR_FULL;
    }
    uint32_t last = (port->first + port->count) % port->config.queue_count;
    struct datagram *datagram = &port->queue[last];
    datagram->peer = peer;
    datagram->size = (uint32_t)size;
    memcpy(datagram->bytes, bytes, size);
    port->count++;
    return SK_OK;
}

/* The place in the queue stays: it is passed over when its turn comes. */
void sk_enet_port_discard(struct sk_enet_port *port, uint32_t peer)
{
    for (uint32_t i = 0; i < port->count; i++) {
        struct datagram *datagram = &port->queue[(port->first + i) % port->config.queue_count];
        if (datagram->peer == peer) {
            datagram->size = 0;
        }
    }
}

uint32_t sk_enet_port_waiting(const struct sk_enet_port *port)
{
    return port->count;
}

bool sk_enet_port_adopt(struct sk_enet_port *port, ENetSocket socket)
{
    (void)port;
    return socket == OURS;
}

ENetAddress sk_enet_port_address(uint32_t peer)
{
    uint32_t host = LOOPBACK_HALF | (peer & ((UINT32_C(1) << HOST_BITS) - 1));
    ENetAddress address = {.host = ENET_HOST_TO_NET_32(host),
                           .port = (enet_uint16)(1 + (peer >> HOST_BITS))};
    return address;
}

uint32_t sk_enet_port_peer(const ENetAddress *address)
{
    uint32_t host = ENET_NET_TO_HOST_32(address->host) & ~LOOPBACK_HALF;
    return (uint32_t)(address->port - 1) << HOST_BITS | host;
}

/* --- what ENet calls -------------------------------------------------------------------------- */

/* ENet's own function of that name, for sockets that are not ours, into *function. */
static bool find_own(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof(found));
    return found != NULL;
}

ENetSocket enet_socket_create(ENetSocketType type)
{
    ENetSocket (*own)(ENetSocketType) = NULL;
    if (entered) {
        return OURS;
    }
    return find_own("enet_socket_create", &own) ? own(type) : ENET_SOCKET_NULL;
}

int enet_socket_bind(ENetSocket socket, const ENetAddress *address)
{
    int (*own)(ENetSocket, const ENetAddress *) = NULL;
    if (socket == OURS) {
        return 0;
    }
    return find_own("enet_socket_bind", &own) ? own(socket, address) : -1;
}

int enet_socket_get_address(ENetSocket socket, ENetAddress *address)
{
    int (*own)(ENetSocket, ENetAddress *) = NULL;
    if (socket == OURS) {
        *address = sk_enet_port_address(0);
        return 0;
    }
    return find_own("enet_socket_get_address", &own) ? own(socket, address) : -1;
}

int enet_socket_set_option(ENetSocket socket, ENetSocketOption option, int value)
{
    int (*own)(ENetSocket, ENetSocketOption, int) = NULL;
    if (socket == OURS) {
        return 0;
    }
    return find_own("enet_socket_set_option", &own) ? own(socket, option, value) : -1;
}

/* The parts of a datagram in one piece.  Returns its size, 0 when it is too big for us: our hosts'
 * mtu forbids that. */
static size_t gather(uint8_t *out, const ENetBuffer *parts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].dataLength > SK_ENET_DATAGRAM_BYTES_MAX - size) {
            return 0;
        }
        memcpy(out + size, parts[i].data, parts[i].dataLength);
        size += parts[i].dataLength;
    }
    return size;
}

/* Returns the bytes sent; what cannot be sent is lost, as in any network. */
int enet_socket_send(ENetSocket socket, const ENetAddress *address, const ENetBuffer *parts,
                     size_t count)
{
    int (*own)(ENetSocket, const ENetAddress *, const ENetBuffer *, size_t) = NULL;
    if (socket != OURS) {
        return find_own("enet_socket_send", &own) ? own(socket, address, parts, count) : -1;
    }
    SK_ASSERT(entered != NULL);
    uint8_t bytes[SK_ENET_DATAGRAM_BYTES_MAX];
    size_t size = gather(bytes, parts, count);
    if (size > 0) {
        const struct sk_enet_port_config *config = &entered->config;
        config->on_send(config->context, sk_enet_port_peer(address), bytes, size);
    }
    return (int)size;
}

/* The next that was not taken back; NULL: none waits. */
static const struct datagram *take(struct sk_enet_port *port)
{
    while (port->count > 0) {
        const struct datagram *datagram = &port->queue[port->first];
        port->first = (port->first + 1) % port->config.queue_count;
        port->count--;
        if (datagram->size > 0) {
            return datagram;
        }
    }
    return NULL;
}

/* Returns the bytes received, 0 when nothing waits. */
int enet_socket_receive(ENetSocket socket, ENetAddress *address, ENetBuffer *parts, size_t count)
{
    int (*own)(ENetSocket, ENetAddress *, ENetBuffer *, size_t) = NULL;
    if (socket != OURS) {
        return find_own("enet_socket_receive", &own) ? own(socket, address, parts, count) : -1;
    }
    SK_ASSERT(entered != NULL);
    SK_ASSERT(count == 1);
    const struct datagram *datagram = take(entered);
    if (!datagram) {
        return 0;
    }
    SK_ASSERT(datagram->size <= parts->dataLength);
    memcpy(parts->data, datagram->bytes, datagram->size);
    *address = sk_enet_port_address(datagram->peer);
    return (int)datagram->size;
}

/* A port never waits: its owner's loop does. */
int enet_socket_wait(ENetSocket socket, enet_uint32 *condition, enet_uint32 timeout_ms)
{
    int (*own)(ENetSocket, enet_uint32 *, enet_uint32) = NULL;
    if (socket == OURS) {
        *condition = ENET_SOCKET_WAIT_NONE;
        return 0;
    }
    return find_own("enet_socket_wait", &own) ? own(socket, condition, timeout_ms) : -1;
}

void enet_socket_destroy(ENetSocket socket)
{
    void (*own)(ENetSocket) = NULL;
    if (socket != OURS && find_own("enet_socket_destroy", &own)) {
        own(socket);
    }
}

enet_uint32 enet_time_get(void)
{
    enet_uint32 (*own)(void) = NULL;
    if (entered) {
        return entered->now_ms;
    }
    return find_own("enet_time_get", &own) ? own() : 0;
}

/* A host makes its connections' ids from it; a test wants the same each time. */
enet_uint32 enet_host_random_seed(void)
{
    enet_uint32 (*own)(void) = NULL;
    if (entered) {
        return entered->now_ms;
    }
    return find_own("enet_host_random_seed", &own) ? own() : 0;
}
