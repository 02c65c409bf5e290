/* conn_life.c - see conn_life.h. */
#include "transport/conn_life.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "native/tcp.h"
#include "stream/stream_life.h"
#include "transport/conn_http.h"
#include "transport/conn_place.h"
#include "transport/front_struct.h"

/* --- the beginning ---------------------------------------------------------------------------- */

/* Says why in plain HTTP, as far as one write and no reading allow, and hangs up. */
static void refuse(struct front *front, const struct conn_profile *profile, int fd,
                   enum sk_reason reason)
{
    char body[HTTP_REASON_BODY_BYTES_MAX];
    char head[HTTP_RESPONSE_HEAD_BYTES_MAX];
    struct http_response response = http_response_of_reason(reason, body);
    size_t head_bytes = http_response_head(&response, false, head, sizeof(head));
    struct iovec parts[] = {{head, head_bytes}, {body, response.body_bytes}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (profile->tls == NULL) {
        (void)sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT); /* a courtesy */
    }
    (void)close(fd); /* nothing that could be lost */
    counter_add(&front->counts.closed[reason], 1);
}

static bool is_proxy(const struct conn_profile *profile, const struct address *address)
{
    for (uint32_t i = 0; i < profile->proxy_count; i++) {
        if (address_range_has(&profile->proxies[i], address)) {
            return true;
        }
    }
    return false;
}

/* Our messages are small and due now; what the kernel has not sent yet is kept short, so that a
 * newer snapshot can replace the one that waits.  A refusal costs latency and nothing else. */
static void set_options(int fd, const struct conn_profile *profile)
{
    int one = 1;
    int low_water = (int)profile->send_low_water_bytes;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (low_water != 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low_water, sizeof(low_water));
    }
    sk_tcp_set_rto_min(fd, profile->rto_min_us);
}

/* Puts a connection that has its place into its front: slot, stream.  Returns SK_OK, SK_ERR_FULL
 * or SK_ERR_SYSTEM. */
static int enter(struct conn *conn, struct front *front, const struct stream_config *config)
{
    int result = conn_table_add(&front->table, conn);
    if (result != SK_OK) {
        return result;
    }
    conn_http_init(conn);
    result = stream_open(&conn->stream, &front->hub, config);
    if (result != SK_OK) {
        conn_table_remove(&front->table, conn);
        return result;
    }
    counter_add(&front->counts.open, 1);
    return SK_OK;
}

/* Makes a connection in its front, or says why not.  A proxy's takes its place with each request.
 */
static enum sk_reason conn_create(struct front *front, const struct conn_profile *profile, int fd,
                                  const struct address *address)
{
    struct conn *conn = calloc(1, sizeof(*conn));
    if (conn == NULL) {
        return SK_REASON_SERVER_FULL;
    }
    conn->stream.profile = profile;
    conn->is_proxied = is_proxy(profile, address);
    conn->stream.hub = &front->hub;
    conn->stream.address = *address;
    conn->stream.place = ADDRESS_LIMIT_NONE;
    struct stream_config config = {
        .fd = fd,
        .address = address,
        .tls = profile->tls,
        .protocol = &http_stream_protocol,
        .timeout_ms = conn_or_default(profile->head_timeout_ms, SK_HEAD_TIMEOUT_MS),
        .awaits_address = conn->is_proxied && profile->proxy_header,
    };
    bool has_place = conn->is_proxied || conn_place_acquire(conn) == SK_OK;
    if (has_place && enter(conn, front, &config) == SK_OK) {
        return SK_REASON_NONE;
    }
    conn_place_release(conn);
    free(conn);
    return has_place ? SK_REASON_SERVER_FULL : SK_REASON_ADDRESS_LIMIT;
}

void conn_accept(struct front *front, const struct conn_profile *profile, int fd,
                 const struct address *address)
{
    counter_add(&front->counts.accepted, 1);
    set_options(fd, profile);
    enum sk_reason refusal = conn_create(front, profile, fd, address);
    if (refusal != SK_REASON_NONE) {
        refuse(front, profile, fd, refusal);
    }
}

/* --- what its stream tells -------------------------------------------------------------------- */

static bool on_address(struct stream *stream)
{
    struct conn *conn = conn_of_stream(stream);
    conn->is_proxied = false; /* the stream is the client's from here on */
    return conn_place_acquire(conn) == SK_OK;
}

static bool is_ws(const struct conn *conn)
{
    return conn->stream.protocol == &ws_stream_protocol;
}

/* It is in its front no longer. */
static void leave(struct conn *conn)
{
    if (conn->slot != CONN_NO_SLOT) {
        conn_table_remove(&front_of(conn)->table, conn);
        counter_add(&front_of(conn)->counts.open, (uint64_t)-1);
    }
}

static void on_leave(struct stream *stream)
{
    struct conn *conn = conn_of_stream(stream);
    leave(conn);
    if (is_ws(conn)) {
        ws_stream_disown_blocks(&conn->ws);
    }
}

static void on_arrive(struct stream *stream)
{
    struct conn *conn = conn_of_stream(stream);
    if (is_ws(conn)) {
        ws_stream_adopt_blocks(&conn->ws);
    }
    if (stream->state == STREAM_OPEN && conn_table_add(&front_of(conn)->table, conn) != SK_OK) {
        stream_drop(stream, SK_REASON_SERVER_FULL);
    }
    if (stream->state != STREAM_OPEN) {
        return;
    }
    counter_add(&front_of(conn)->counts.open, 1);
    counter_add(&front_of(conn)->counts.moved_in, 1);
    conn_profile_of(conn)->handler->on_moved(conn);
}

static void conn_destroy(struct conn *conn)
{
    leave(conn);
    conn_place_release(conn);
    counter_add(&front_of(conn)->counts.closed[conn->stream.reason], 1);
    free(conn);
}

static void on_gone(struct stream *stream)
{
    conn_destroy(conn_of_stream(stream));
}

const struct stream_owner conn_stream_owner = {
    .on_address = on_address,
    .on_leave = on_leave,
    .on_arrive = on_arrive,
    .on_gone = on_gone,
};
