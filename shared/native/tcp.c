/* tcp.c - see tcp.h. */
#include "native/tcp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45 /* linux/tcp.h */
#endif

void sk_tcp_set_rto_min(int fd, uint32_t us)
{
    int value = (int)us;
    if (us != 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_RTO_MIN_US, &value, sizeof(value));
    }
}
