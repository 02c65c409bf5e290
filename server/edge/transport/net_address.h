/* net_address.h - a peer's address, IPv4 or IPv6, in 20 bytes instead of sockaddr_storage's 128.
 *
 * Memory   values.
 * Threads  any; no state.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/result.h"

#define NET_ADDRESS_TEXT_BYTES 56 /* "[v6]:port" and its terminator */

struct net_address {
    uint8_t ip[16]; /* IPv4 as ::ffff:a.b.c.d */
    uint16_t port;  /* host order */
    bool is_v4;
};

/* From a socket address of either family; all zero for another. */
struct net_address net_address_of(const struct sockaddr *address);
/* Reads "A.B.C.D:PORT" or "[V6]:PORT".  Returns SK_OK or SK_ERR_CONFIG. */
SK_MUST_CHECK int net_address_parse(const char *text, struct net_address *address);
/* Fills a socket address.  Returns its size. */
socklen_t net_address_to_socket(const struct net_address *address, struct sockaddr_storage *out);
/* Writes "A.B.C.D:PORT" or "[V6]:PORT", terminated. */
void net_address_text(const struct net_address *address, char out[NET_ADDRESS_TEXT_BYTES]);
/* 127.0.0.0/8 or ::1. */
bool net_address_is_loopback(const struct net_address *address);

#endif
