/* udp_batch.h - datagrams to and from a socket, many with one system call.
 *
 * Memory   a struct of the caller's; nothing is allocated.
 * Threads  one.
 */
#ifndef UDP_BATCH_H
#define UDP_BATCH_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "net/sealed.h"

enum { UDP_BATCH_DATAGRAMS = 32 };

/* Where a datagram came from or goes, as the socket's family has it: an IPv4 address fills the
 * beginning.  What is not filled is 0, so that two can be compared as bytes. */
struct udp_place {
    struct sockaddr_in6 address;
    socklen_t bytes; /* 0: nowhere */
};

struct udp_datagram {
    struct udp_place place;
    size_t bytes; /* more than SK_SEALED_BYTES_MAX: it was longer, and is not whole */
    uint8_t data[SK_SEALED_BYTES_MAX];
};

struct udp_batch {
    struct udp_datagram datagrams[UDP_BATCH_DATAGRAMS];
    uint32_t count;
};

/* Reads what is there, at most a batch, in place of what the batch held. */
void udp_batch_read(struct udp_batch *batch, int fd);
/* Sends the batch, which is empty then.  Returns how many the system did not take: those are lost,
 * as what waits for it to have room again would be old. */
uint32_t udp_batch_write(struct udp_batch *batch, int fd);

#endif
