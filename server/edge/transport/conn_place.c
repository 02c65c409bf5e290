/* conn_place.c - see conn_place.h. */
#include "transport/conn_place.h"

#include <sys/socket.h>

#include "transport/front_struct.h"

static bool is_limited(const struct conn *conn)
{
    const struct conn_profile *profile = conn_profile_of(conn);
    return profile->limits_loopback || !address_is_loopback(&conn->stream.address);
}

int conn_place_acquire(struct conn *conn)
{
    struct front_shared *shared = front_of(conn)->config.shared;
    uint32_t max = conn_profile_of(conn)->unadmitted_max;
    bool has_place = conn->is_admitted || conn->stream.place != ADDRESS_LIMIT_NONE;
    if (has_place || max == 0 || !is_limited(conn)) {
        return SK_OK;
    }
    int place = address_limit_acquire(&shared->unadmitted, &conn->stream.address, max);
    if (place == SK_ERR_FULL) {
        return SK_ERR_FULL;
    }
    conn->stream.place = place;
    return SK_OK;
}

void conn_place_release(struct conn *conn)
{
    struct front_shared *shared = front_of(conn)->config.shared;
    address_limit_release(conn->is_admitted ? &shared->admitted : &shared->unadmitted,
                          conn->stream.place);
    conn->stream.place = ADDRESS_LIMIT_NONE;
}

bool conn_admit(struct conn *conn)
{
    struct front_shared *shared = front_of(conn)->config.shared;
    uint32_t max = conn_profile_of(conn)->admitted_max;
    int place = ADDRESS_LIMIT_NONE;
    if (max != 0 && is_limited(conn)) {
        place = address_limit_acquire(&shared->admitted, &conn->stream.address, max);
    }
    if (place == SK_ERR_FULL) {
        return false;
    }
    conn_place_release(conn);
    conn->stream.place = place;
    conn->is_admitted = true;
    if (conn->stream.protocol == &ws_stream_protocol) {
        conn->stream.may_wait = true;
        ws_stream_set_deadline(&conn->ws, 0);
    }
    return true;
}

bool conn_is_proxied(const struct conn *conn)
{
    return conn->is_proxied;
}

/* The proxy's own address again.  A system call. */
static void restore_address(struct conn *conn)
{
    struct sockaddr_storage storage;
    socklen_t bytes = sizeof(storage);
    if (getpeername(conn->stream.fd, (struct sockaddr *)&storage, &bytes) != 0 ||
        address_from_socket(&storage, &conn->stream.address) != SK_OK) {
        conn->stream.address = (struct address){0}; /* the peer has gone */
    }
}

int conn_set_address(struct conn *conn, const struct address *address)
{
    conn_place_release(conn);
    if (address == NULL) {
        restore_address(conn);
        return SK_OK;
    }
    conn->stream.address = *address;
    return conn_place_acquire(conn);
}
