/* conn_http.c - see conn_http.h.
 *
 *   HEAD --whole request--> REQUEST --conn_respond--> HEAD, or CLOSING when it is not kept
 *                              \-----conn_upgrade--> OPEN
 */
#include "transport/conn_http.h"

#include <string.h>

#include "base/assert.h"
#include "tls/crypto.h"
#include "transport/conn_deadline.h"
#include "transport/conn_end.h"
#include "transport/conn_place.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

static void put_answer(struct conn *conn, const struct http_response *response, bool keeps)
{
    char head[HTTP_RESPONSE_HEAD_BYTES_MAX];
    cork_put(conn, head, http_response_head(response, keeps, head, sizeof(head)));
    if (conn->request.is_head) {
        return;
    }
    if (!response->body_is_static || response->body_bytes < FRONT_PUT_DIRECT_BYTES) {
        cork_put(conn, response->body, response->body_bytes);
        return;
    }
    conn->static_bytes = response->body;
    conn->static_left = response->body_bytes;
    cork_resume(conn);
}

void conn_fail_http(struct conn *conn, enum sk_reason reason, uint16_t status)
{
    char body[HTTP_REASON_BODY_BYTES_MAX];
    struct http_response response = http_response_of_reason(reason, body);
    if (status != 0) {
        response.status = status;
    }
    put_answer(conn, &response, false);
    conn_begin_end(conn, reason);
}

static void fail_head(struct conn *conn, int result, const uint8_t *bytes, size_t size)
{
    if (result != SK_ERR_TOO_BIG) {
        conn_fail_http(conn, SK_REASON_HTTP_MALFORMED, 0);
        return;
    }
    size_t looked_at = size < SK_HTTP_HEAD_BYTES_MAX ? size : SK_HTTP_HEAD_BYTES_MAX;
    bool has_line = memchr(bytes, '\n', looked_at) != NULL;
    conn_fail_http(conn, SK_REASON_HTTP_TOO_BIG, has_line ? 431 : 414);
}

static void remember(struct conn *conn, const struct sk_http_request *request)
{
    enum sk_ws_upgrade upgrade = sk_ws_upgrade_check(request);
    conn->request.upgrade = (uint8_t)upgrade;
    conn->request.is_get = sk_text_is(request->method, "GET");
    conn->request.is_head = sk_text_is(request->method, "HEAD");
    conn->request.keeps = request->keep_alive;
    if (upgrade == SK_WS_UPGRADE_OK) {
        const struct sk_text *key = sk_http_header_find(&request->headers, "sec-websocket-key");
        sk_ws_accept(crypto_sha1, key->bytes, conn->request.accept);
    }
}

/* The head is whole.  Returns whether its body may come; else the request was refused. */
static bool judge_body(struct conn *conn, const struct sk_http_request *request)
{
    uint32_t max = conn_or_default(conn->profile->body_bytes_max, SK_HTTP_BODY_BYTES_MAX);
    if (request->body_is_chunked) {
        conn_fail_http(conn, SK_REASON_REQUEST_BAD, 411);
        return false;
    }
    if (request->body_bytes > max) {
        conn_fail_http(conn, SK_REASON_HTTP_TOO_BIG, 413);
        return false;
    }
    return true;
}

/* The head is here, the body is not yet. */
static void wait_for_body(struct conn *conn, const struct sk_http_request *request, size_t need)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    conn->request.need_bytes = (uint32_t)need;
    if (!conn->request.was_told_to_continue && request->wants_continue) {
        conn->request.was_told_to_continue = true;
        cork_put(conn, go_on, sizeof(go_on) - 1);
    }
}

static void announce(struct conn *conn, const struct sk_http_request *request, const uint8_t *body)
{
    remember(conn, request);
    conn->state = CONN_REQUEST;
    conn->was_announced = true;
    wheel_disarm(&conn->timer);
    conn_count_work(conn, SK_WORK_A_REQUEST);
    count_add(&conn->front->counts.requests, 1);
    conn->profile->handler->on_request(conn, request, body);
}

static size_t read_request(struct conn *conn, const uint8_t *bytes, size_t size, size_t head_bytes)
{
    struct sk_http_request request;
    int result = sk_http_request_parse(&request, bytes, head_bytes);
    if (result != SK_OK) {
        fail_head(conn, result, bytes, head_bytes);
        return size;
    }
    if (!judge_body(conn, &request)) {
        return size;
    }
    size_t need = head_bytes + (size_t)request.body_bytes;
    if (size < need) {
        wait_for_body(conn, &request, need);
        return 0;
    }
    announce(conn, &request, bytes + head_bytes);
    return need;
}

/* Whether the connection is between an answer that is sent and the next request. */
static bool is_at_rest(const struct conn *conn)
{
    bool is_between = conn->state == CONN_HEAD && !conn->is_handshaking && conn->was_announced;
    return is_between && byte_queue_size(&conn->input) == 0 && !conn_has_unsent(conn);
}

void conn_rest(struct conn *conn)
{
    if (!is_at_rest(conn) || conn->listing.list != CONN_UNLISTED) {
        return;
    }
    cork_flush_conn(conn);
    if (is_at_rest(conn)) {
        conn_place_give(conn);
        conn_list_append(conn, CONN_LIST_IDLE);
    }
}

/* A request begins, the first or another.  Returns whether its address may have one more. */
static bool leave_rest(struct conn *conn)
{
    conn_list_remove(conn);
    if (conn->is_proxied || conn_place_take(conn) == SK_OK) {
        return true;
    }
    conn_fail_http(conn, SK_REASON_ADDRESS_LIMIT, 0);
    return false;
}

size_t conn_read_http(struct conn *conn, const uint8_t *bytes, size_t size)
{
    if (!leave_rest(conn)) {
        return size;
    }
    if (size < conn->request.need_bytes) {
        return 0;
    }
    size_t seen = conn->request.need_bytes != 0 ? 0 : conn->request.seen_bytes;
    int head_bytes = sk_http_head_end(bytes, size, seen);
    if (head_bytes == SK_ERR_AGAIN) {
        conn->request.seen_bytes = (uint32_t)size;
        return 0;
    }
    if (head_bytes < 0) {
        fail_head(conn, head_bytes, bytes, size);
        return size;
    }
    return read_request(conn, bytes, size, (size_t)head_bytes);
}

static void begin_head(struct conn *conn)
{
    conn->state = CONN_HEAD;
    conn->request = (struct conn_request){0};
    conn_set_deadline(conn, conn_or_default(conn->profile->head_timeout_ms, SK_HEAD_TIMEOUT_MS));
    conn_defer(conn); /* another request may have been kept */
}

void conn_respond(struct conn *conn, const struct http_response *response)
{
    if (conn->state != CONN_REQUEST) {
        SK_ASSERT(conn->state >= CONN_CLOSING);
        return;
    }
    bool keeps = conn->request.keeps && !response->closes;
    put_answer(conn, response, keeps);
    if (conn->state == CONN_GONE) {
        return;
    }
    if (keeps) {
        begin_head(conn);
    } else {
        conn_begin_end(conn, SK_REASON_NONE);
    }
}

void conn_refuse(struct conn *conn, enum sk_reason reason)
{
    char body[HTTP_REASON_BODY_BYTES_MAX];
    struct http_response response = http_response_of_reason(reason, body);
    conn_respond(conn, &response);
}

enum sk_ws_upgrade conn_upgrade_kind(const struct conn *conn)
{
    SK_ASSERT(conn->state == CONN_REQUEST);
    return (enum sk_ws_upgrade)conn->request.upgrade;
}

static void put_text(struct conn *conn, const char *text)
{
    cork_put(conn, text, strlen(text));
}

static void put_switch(struct conn *conn, const char *subprotocol)
{
    put_text(conn, "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
                   "connection: Upgrade\r\nsec-websocket-accept: ");
    cork_put(conn, conn->request.accept, SK_WS_ACCEPT_BYTES);
    if (subprotocol != NULL) {
        put_text(conn, "\r\nsec-websocket-protocol: ");
        put_text(conn, subprotocol);
    }
    put_text(conn, "\r\n\r\n");
}

void conn_upgrade(struct conn *conn, const char *subprotocol)
{
    if (conn->state >= CONN_CLOSING) {
        return;
    }
    SK_ASSERT(conn->state == CONN_REQUEST);
    SK_ASSERT(conn->request.upgrade == SK_WS_UPGRADE_OK);
    put_switch(conn, subprotocol);
    if (conn->state == CONN_GONE) {
        return;
    }
    conn->state = CONN_OPEN;
    conn->reader = (struct sk_ws_reader){0};
    conn->heard_ms = loop_now_ms(conn->front->config.loop);
    conn_set_deadline(conn, conn->is_admitted ? 0 : conn->profile->admit_timeout_ms);
    count_add(&conn->front->counts.upgrades, 1);
    conn_defer(conn); /* the peer may have sent its first message with the request */
}

void conn_refuse_upgrade(struct conn *conn)
{
    static const char sentence[] = "This address speaks WebSocket (RFC 6455, version 13) only: "
                                   "connect with ws:// or wss:// instead.\n";
    struct http_response response = {.type = "text/plain; charset=utf-8",
                                     .body = (const uint8_t *)sentence,
                                     .body_bytes = sizeof(sentence) - 1};
    if (conn->state != CONN_REQUEST) {
        return;
    }
    if (conn->request.upgrade == SK_WS_UPGRADE_BAD) {
        response.status = 400;
    } else if (conn->request.is_get || conn->request.is_head) {
        response.status = 426;
        response.headers =
            "upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n";
    } else {
        response.status = 405;
        response.headers = "allow: GET\r\n";
    }
    conn_respond(conn, &response);
}
