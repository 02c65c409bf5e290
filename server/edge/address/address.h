/* address.h - where to listen, and who a peer is: an IP address and a port.
 *
 * Numbers only: a name would need a resolver, which blocks.  "localhost" is 127.0.0.1.  An IPv4
 * address is kept as its IPv4-mapped IPv6 form, so that one comparison serves both.
 *
 * Memory   plain structs of the caller's.
 * Threads  any.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/result.h"
#include "base/span.h"

enum { ADDRESS_TEXT_BYTES_MAX = 56 }; /* "[" 45 characters "]:65535" and the terminator */

struct address {
    uint8_t ip[16]; /* network order; ::ffff:a.b.c.d for IPv4 */
    uint16_t port;
};

/* All addresses whose first `bits` bits are those of `ip`. */
struct address_range {
    uint8_t ip[16];
    uint8_t bits; /* 0..128, counted in the IPv6 form */
};

/* Reads "1.2.3.4:80", "[::1]:80" or "localhost:80".  Returns SK_OK, or SK_ERR_CONFIG for anything
 * else, a missing port included; *address is then unchanged. */
SK_MUST_CHECK int address_parse(const char *text, struct address *address);

/* Reads an address alone, "1.2.3.4" or "::1", and sets the port to 0.  Returns SK_OK, or
 * SK_ERR_CONFIG; *address is then unchanged. */
SK_MUST_CHECK int address_host_parse(struct sk_text text, struct address *address);

/* Reads "10.0.0.0/8", "fd00::/8" or one address without a length.  Returns SK_OK, or SK_ERR_CONFIG;
 * *range is then unchanged. */
SK_MUST_CHECK int address_range_parse(const char *text, struct address_range *range);

/* Whether the address lies in the range; its port does not matter. */
bool address_range_has(const struct address_range *range, const struct address *address);

/* Writes the form that address_parse() reads. */
void address_text(const struct address *address, char text[ADDRESS_TEXT_BYTES_MAX]);
/* Writes the address without its port or brackets, as a log and a header name a peer. */
void address_host_text(const struct address *address, char text[ADDRESS_TEXT_BYTES_MAX]);

/* Fills what bind() and connect() take and returns its size. */
socklen_t address_to_socket(const struct address *address, struct sockaddr_storage *socket_address);
/* Takes what accept() or getsockname() gave.  Returns SK_OK, or SK_ERR_CONFIG for a family other
 * than IPv4 and IPv6. */
SK_MUST_CHECK int address_from_socket(const struct sockaddr_storage *socket_address,
                                      struct address *address);

/* Is it this machine talking to itself: 127.0.0.0/8 or ::1? */
bool address_is_loopback(const struct address *address);
/* Does it stand for all addresses of the machine: 0.0.0.0 or ::? */
bool address_is_any(const struct address *address);
/* Is it an IPv4 address? */
bool address_is_v4(const struct address *address);
/* Do two addresses name the same host, whatever their ports? */
bool address_is_same_host(const struct address *a, const struct address *b);

#endif
