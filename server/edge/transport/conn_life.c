/* conn_life.c - see conn_life.h. */
#include "transport/conn_life.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "transport/conn_deadline.h"
#include "transport/conn_end.h"
#include "transport/conn_input.h"
#include "transport/conn_place.h"
#include "transport/front_struct.h"

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
    count_add(&front->counts.closed[reason], 1);
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
}

static void begin(struct conn *conn, struct front *front, const struct conn_profile *profile,
                  int fd)
{
    conn->source.on_ready = conn_on_ready;
    conn->timer.on_due = conn_on_due;
    conn->task.run = conn_run_task;
    conn->front = front;
    conn->profile = profile;
    conn->fd = fd;
    conn->state = profile->tls != NULL ? CONN_FIRST : CONN_HEAD;
    conn->is_handshaking = profile->tls != NULL;
    conn->heard_ms = loop_now_ms(front->config.loop);
    uint32_t timeout_ms = conn_or_default(profile->head_timeout_ms, SK_HEAD_TIMEOUT_MS);
    conn->deadline_ms = conn->heard_ms + timeout_ms;
}

static void begin_for(struct conn *conn, const struct address *address)
{
    conn->address = *address;
    conn->place = ADDRESS_LIMIT_NONE;
    conn->is_proxied = is_proxy(conn->profile, address);
    conn->awaits_proxy = conn->is_proxied && conn->profile->proxy_header;
}

int conn_enter(struct conn *conn)
{
    int result = front_take_slot(conn->front, conn);
    if (result != SK_OK) {
        return result;
    }
    conn->interest = EPOLLIN;
    result = loop_add(conn->front->config.loop, conn->fd, conn->interest, &conn->source);
    if (result != SK_OK) {
        front_give_slot(conn->front, conn);
        return result;
    }
    count_add(&conn->front->counts.open, 1);
    conn_arm(conn);
    return SK_OK;
}

void conn_leave(struct conn *conn)
{
    wheel_disarm(&conn->timer);
    loop_remove(conn->front->config.loop, conn->fd, &conn->source);
    front_give_slot(conn->front, conn);
    count_add(&conn->front->counts.open, (uint64_t)-1);
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
    begin(conn, front, profile, fd);
    begin_for(conn, address);
    bool has_place = conn->is_proxied || conn_place_take(conn) == SK_OK;
    if (has_place && conn_enter(conn) == SK_OK) {
        return SK_REASON_NONE;
    }
    conn_place_give(conn);
    free(conn);
    return has_place ? SK_REASON_SERVER_FULL : SK_REASON_ADDRESS_LIMIT;
}

void conn_accept(struct front *front, const struct conn_profile *profile, int fd,
                 const struct address *address)
{
    count_add(&front->counts.accepted, 1);
    set_options(fd, profile);
    enum sk_reason refusal = conn_create(front, profile, fd, address);
    if (refusal != SK_REASON_NONE) {
        refuse(front, profile, fd, refusal);
    }
}

void conn_destroy(struct conn *conn)
{
    struct front *front = conn->front;
    byte_queue_clear(&conn->unsent, &front->pool);
    byte_queue_clear(&conn->input, &front->pool);
    byte_queue_clear(&conn->message, &front->pool);
    if (conn->tls != NULL) {
        sk_tls_destroy(conn->tls);
    }
    conn_place_give(conn);
    count_add(&front->counts.closed[conn->reason], 1);
    (void)close(conn->fd); /* all that could be sent was */
    free(conn);
}
