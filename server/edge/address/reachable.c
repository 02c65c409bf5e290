/* reachable.c - see reachable.h. */
#include "address/reachable.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

enum { CANDIDATES_MAX = 64, TUNNEL_PENALTY = 2, V6_PENALTY = 1, NO_GOOD = 4 };

static bool is_any(const struct address *address)
{
    static const uint8_t zeros[16];
    bool is_v4 = address_is_v4(address);
    return is_v4 ? memcmp(address->ip + 12, zeros, 4) == 0 : memcmp(address->ip, zeros, 16) == 0;
}

/* 169.254.0.0/16 and fe80::/10 mean nothing without the name of a link. */
static bool is_link_local(const struct address *address)
{
    const uint8_t *ip = address->ip;
    return address_is_v4(address) ? ip[12] == 169 && ip[13] == 254
                                  : ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
}

static int penalty(const struct reachable_candidate *candidate)
{
    const struct address *address = &candidate->address;
    if (!candidate->is_up || is_any(address) || is_link_local(address) ||
        address_is_loopback(address)) {
        return NO_GOOD;
    }
    return (candidate->is_tunnel ? TUNNEL_PENALTY : 0) + (address_is_v4(address) ? 0 : V6_PENALTY);
}

size_t reachable_best(const struct reachable_candidate *candidates, size_t count)
{
    size_t best = count;
    int least = NO_GOOD;
    for (size_t i = 0; i < count; i++) {
        int found = penalty(&candidates[i]);
        if (found < least) {
            least = found;
            best = i;
        }
    }
    return best;
}

/* Fills in what one row of the system's list says; false when it is no IP address. */
static bool describe(const struct ifaddrs *row, struct reachable_candidate *candidate)
{
    struct sockaddr_storage storage = {0};
    if (row->ifa_addr == NULL) {
        return false;
    }
    bool is_v6 = row->ifa_addr->sa_family == AF_INET6;
    if (!is_v6 && row->ifa_addr->sa_family != AF_INET) {
        return false;
    }
    memcpy(&storage, row->ifa_addr,
           is_v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
    candidate->is_up = (row->ifa_flags & IFF_UP) && (row->ifa_flags & IFF_RUNNING);
    candidate->is_tunnel = (row->ifa_flags & IFF_POINTOPOINT) != 0;
    return address_from_socket(&storage, &candidate->address) == SK_OK;
}

void reachable_find(const struct address *bound, struct address *found)
{
    struct reachable_candidate candidates[CANDIDATES_MAX];
    struct ifaddrs *rows = NULL;
    size_t count = 0;
    *found = *bound;
    if (!is_any(bound) || getifaddrs(&rows) != 0) {
        return;
    }
    for (const struct ifaddrs *row = rows; row && count < CANDIDATES_MAX; row = row->ifa_next) {
        bool fits = describe(row, &candidates[count]) &&
                    (!address_is_v4(bound) || address_is_v4(&candidates[count].address));
        count += fits;
    }
    freeifaddrs(rows);
    size_t best = reachable_best(candidates, count);
    if (best < count) {
        *found = candidates[best].address;
        found->port = bound->port;
    }
}
