/* enet_port.h - ENet's platform layer, defined by us: no socket and no clock of its own.
 *
 *   sk_enet_port_push() --> queue --> ENet's receive            ENet's send --> on_send
 *   sk_enet_port_set_time() --> ENet's clock
 *
 * libenet calls enet_socket_*() and enet_time_get() through its PLT, so that those of the program
 * come first.  While a port is entered ENet gets it for a socket, and its time; a socket that is
 * not ours goes on to ENet's own functions, as when another library of the program plays over ENet.
 * Where these symbols are hidden nothing of this happens, and ENet opens sockets; so a program
 * that uses a port asks sk_enet_self_test() (enet_host.h) first.  A library in a program of others
 * has enet_port_loopback.c instead.
 *
 * A peer is a number of the caller's.  For ENet it is an address in 127.128/9.
 *
 * Memory   sk_enet_port_create() allocates; nothing else does.
 * Threads  a port belongs to one thread at a time; each thread may be in one port.
 * Time     what sk_enet_port_set_time() said last.
 */
#ifndef SK_ENET_PORT_H
#define SK_ENET_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <enet/enet.h>

#include "base/result.h"

/* A sealed datagram of 1,200 bytes without its head and tag. */
enum { SK_ENET_DATAGRAM_BYTES_MAX = 1176 };

struct sk_enet_port;

struct sk_enet_port_config {
    uint32_t queue_count; /* datagrams that may wait for ENet, 256 */
    /* A datagram of ENet's for a peer; `bytes` are borrowed. */
    void (*on_send)(void *context, uint32_t peer, const uint8_t *bytes, size_t size);
    void *context;
};

/* Makes an empty port that stands at time 0.  Returns it, owned, or NULL when memory is short. */
struct sk_enet_port *sk_enet_port_create(const struct sk_enet_port_config *config);
/* Frees it; nothing for NULL. */
void sk_enet_port_destroy(struct sk_enet_port *port);

/* ENet's functions, when this thread calls them, work with this port from now on; NULL: with none.
 * Returns the port that they worked with. */
struct sk_enet_port *sk_enet_port_enter(struct sk_enet_port *port);
/* ENet's time in milliseconds. */
void sk_enet_port_set_time(struct sk_enet_port *port, uint32_t now_ms);
/* Copies a datagram of a peer's to where ENet will find it.  Returns SK_OK, SK_ERR_FULL, or
 * SK_ERR_TOO_BIG above SK_ENET_DATAGRAM_BYTES_MAX. */
SK_MUST_CHECK int sk_enet_port_push(struct sk_enet_port *port, uint32_t peer, const uint8_t *bytes,
                                    size_t size);
/* Takes those of a peer back. */
void sk_enet_port_discard(struct sk_enet_port *port, uint32_t peer);
/* How many wait there. */
uint32_t sk_enet_port_waiting(const struct sk_enet_port *port);

/* A host was made while the port was entered, and has this socket.  Returns whether what it sends
 * and receives there goes by the port. */
bool sk_enet_port_adopt(struct sk_enet_port *port, ENetSocket socket);
/* The address of a peer, of a port that is entered, and back. */
ENetAddress sk_enet_port_address(uint32_t peer);
uint32_t sk_enet_port_peer(const ENetAddress *address);

#endif
