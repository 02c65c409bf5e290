/* udp_socket.h - one UDP socket a worker, all behind one port.
 *
 * The kernel gives each datagram to the socket whose index is its first byte: a session's number
 * begins with its worker.  The first socket is bound without SO_REUSEPORT, so that a second server
 * on the port is refused, and takes the others in afterwards.
 *
 * Memory   none kept.
 * Threads  any.
 */
#ifndef UDP_SOCKET_H
#define UDP_SOCKET_H

#include "address/address.h"
#include "base/result.h"

/* Opens `count` sockets on *address, on whose port 0 the system chooses one, and fills in the port.
 * "::" takes IPv4 too.  Returns SK_OK with the descriptors in `fds`, the caller's to close; or
 * SK_ERR_SYSTEM with *why a sentence in static storage, and none is open. */
SK_MUST_CHECK int udp_socket_open(struct address *address, int *fds, uint32_t count,
                                  const char **why);

#endif
