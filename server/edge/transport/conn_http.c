/* conn_http.c - see conn_http.h, and conn.h: answering a request. */
#include "transport/conn_http.h"

#include "base/assert.h"
#include "transport/conn_place.h"
#include "transport/front_struct.h"

/* A connection at rest has no place among those of its address; a proxy's gets one when its
 * request has named the address. */
static bool on_begin(struct http_stream *http)
{
    struct conn *conn = conn_of_http(http);
    stream_list_remove(&conn->stream.link);
    return conn->is_proxied || conn_place_acquire(conn) == SK_OK;
}

static void on_request(struct http_stream *http, const struct sk_http_request *request,
                       const uint8_t *body)
{
    struct conn *conn = conn_of_http(http);
    conn->was_announced = true;
    counter_add(&front_of(conn)->counts.requests, 1);
    conn_profile_of(conn)->handler->on_request(conn, request, body);
}

static void on_rest(struct http_stream *http)
{
    struct conn *conn = conn_of_http(http);
    conn_place_release(conn);
    conn_table_rest(&front_of(conn)->table, conn);
}

static void on_end(struct http_stream *http)
{
    struct conn *conn = conn_of_http(http);
    stream_list_remove(&conn->stream.link);
    if (conn->was_announced) {
        conn_profile_of(conn)->handler->on_close(conn, (enum sk_reason)conn->stream.reason);
    }
}

static const struct http_owner owner = {
    .on_begin = on_begin,
    .on_request = on_request,
    .on_rest = on_rest,
    .on_end = on_end,
};

void conn_http_init(struct conn *conn)
{
    const struct conn_profile *profile = conn_profile_of(conn);
    struct http_config config = {
        .owner = &owner,
        .head_timeout_ms = conn_or_default(profile->head_timeout_ms, SK_HEAD_TIMEOUT_MS),
        .answer_timeout_ms = SK_ANSWER_TIMEOUT_MS,
        .body_bytes_max = conn_or_default(profile->body_bytes_max, SK_HTTP_BODY_BYTES_MAX),
    };
    http_stream_init(&conn->http, &config);
}

void conn_respond(struct conn *conn, const struct http_response *response)
{
    http_stream_respond(&conn->http, response);
}

void conn_refuse(struct conn *conn, enum sk_reason reason)
{
    char body[HTTP_REASON_BODY_BYTES_MAX];
    struct http_response response = http_response_of_reason(reason, body);
    conn_respond(conn, &response);
}

enum sk_ws_upgrade conn_upgrade_kind(const struct conn *conn)
{
    SK_ASSERT(http_stream_owes_answer(&conn->http));
    return (enum sk_ws_upgrade)conn->http.request.upgrade;
}

void conn_refuse_upgrade(struct conn *conn)
{
    http_stream_refuse_upgrade(&conn->http);
}
