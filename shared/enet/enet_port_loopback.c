/* enet_port_loopback.c - enet_port.h for a library in somebody else's process.
 *
 *   push --> relay --loopback--> ENet's socket --> ENet --> ENet's socket --loopback--> relay
 *                                                            sk_enet_port_enter(), leaving: on_send
 *
 * There libenet does not find our functions: they must not leave our library, and the program may
 * have loaded libenet before.  So ENet has the socket that it opened, bound to the loopback and
 * connected to one of ours, the relay, which alone it can hear; and its own clock.  3.5 us a
 * datagram more than the queue of enet_port.c.  There is one peer, whose number is 1.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "enet/enet_port.h"

enum { PEER = 1 };

struct sk_enet_port {
    struct sk_enet_port_config config;
    int relay;        /* owned */
    int enet_socket;  /* ENet's; -1: not adopted yet */
    uint16_t port_be; /* the relay's, as it is on the wire */
};

static _Thread_local struct sk_enet_port *entered;

/* --- a port ----------------------------------------------------------------------------------- */

/* Binds a socket to the loopback, at a port of the system's choice, which goes to *port_be. */
static bool bind_loopback(int socket, uint16_t *port_be)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof(address);
    bool is_bound = bind(socket, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
                    getsockname(socket, (struct sockaddr *)&address, &bytes) == 0;
    *port_be = address.sin_port;
    return is_bound;
}

static bool connect_loopback(int socket, uint16_t port_be)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = port_be, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    return connect(socket, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

struct sk_enet_port *sk_enet_port_create(const struct sk_enet_port_config *config)
{
    struct sk_enet_port *port = calloc(1, sizeof(*port));
    if (!port) {
        return NULL;
    }
    port->config = *config;
    port->enet_socket = -1;
    port->relay = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (port->relay < 0 || !bind_loopback(port->relay, &port->port_be)) {
        sk_enet_port_destroy(port);
        return NULL;
    }
    return port;
}

void sk_enet_port_destroy(struct sk_enet_port *port)
{
    SK_ASSERT(port == NULL || port != entered);
    if (port) {
        if (port->relay >= 0) {
            (void)close(port->relay);
        }
        free(port);
    }
}

bool sk_enet_port_adopt(struct sk_enet_port *port, ENetSocket socket)
{
    uint16_t enet_port_be;
    port->enet_socket = socket;
    return bind_loopback(socket, &enet_port_be) && connect_loopback(socket, port->port_be) &&
           connect_loopback(port->relay, enet_port_be);
}

/* Hands over what ENet has sent. */
static void drain(struct sk_enet_port *port)
{
    uint8_t bytes[SK_ENET_DATAGRAM_BYTES_MAX];
    ssize_t size = recv(port->relay, bytes, sizeof(bytes), 0);
    while (size >= 0) {
        port->config.on_send(port->config.context, PEER, bytes, (size_t)size);
        size = recv(port->relay, bytes, sizeof(bytes), 0);
    }
}

struct sk_enet_port *sk_enet_port_enter(struct sk_enet_port *port)
{
    struct sk_enet_port *before = entered;
    entered = port;
    if (before && before != port && before->enet_socket >= 0) {
        drain(before);
    }
    return before;
}

void sk_enet_port_set_time(struct sk_enet_port *port, uint32_t now_ms)
{
    (void)port; /* ENet has a clock of its own here */
    (void)now_ms;
}

int sk_enet_port_push(struct sk_enet_port *port, uint32_t peer, const uint8_t *bytes, size_t size)
{
    SK_ASSERT(peer == PEER);
    if (size > SK_ENET_DATAGRAM_BYTES_MAX) {
        return SK_ERR_TOO_BIG;
    }
    return send(port->relay, bytes, size, 0) == (ssize_t)size ? SK_OK : SK_ERR_FULL;
}

void sk_enet_port_discard(struct sk_enet_port *port, uint32_t peer)
{
    uint8_t bytes[SK_ENET_DATAGRAM_BYTES_MAX];
    SK_ASSERT(peer == PEER);
    while (recv(port->enet_socket, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0) {
    }
}

uint32_t sk_enet_port_waiting(const struct sk_enet_port *port)
{
    int bytes = 0;
    bool is_known = ioctl(port->enet_socket, FIONREAD, &bytes) == 0;
    return is_known && bytes > 0 ? 1 : 0;
}

ENetAddress sk_enet_port_address(uint32_t peer)
{
    SK_ASSERT(peer == PEER);
    SK_ASSERT(entered != NULL);
    ENetAddress address = {.host = htonl(INADDR_LOOPBACK), .port = ntohs(entered->port_be)};
    return address;
}

uint32_t sk_enet_port_peer(const ENetAddress *address)
{
    (void)address; /* ENet's socket hears nobody else */
    return PEER;
}
