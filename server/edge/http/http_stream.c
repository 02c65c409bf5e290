/* http_stream.c - see http_stream.h.
 *
 * Invariants between calls:
 *   1. In REQUEST the stream is held: nothing is read from it.
 *   2. While rest_bytes > 0, bytes are unsent: on_writable() comes and sends more of the rest.
 */
#include "http/http_stream.h"

#include <string.h>

#include "base/assert.h"
#include "stream/write_buffer.h"
#include "tls/crypto.h"

static struct http_stream *of(struct stream *stream)
{
    return (struct http_stream *)stream;
}

/* --- the answer ------------------------------------------------------------------------------- */

/* Sends of a static body what the kernel takes; the next part when that has left. */
static void put_rest(struct http_stream *http)
{
    struct stream *stream = &http->stream;
    while (http->rest_bytes > 0 && !stream_has_unsent(stream) && stream->state != STREAM_GONE) {
        size_t part = http->rest_bytes < WRITE_BUFFER_BYTES ? http->rest_bytes : WRITE_BUFFER_BYTES;
        write_buffer_put(stream, http->rest, part);
        http->rest += part;
        http->rest_bytes -= part;
        write_buffer_flush_own(stream);
    }
}

static void put_answer(struct http_stream *http, const struct http_response *response, bool is_kept)
{
    char head[HTTP_RESPONSE_HEAD_BYTES_MAX];
    size_t head_bytes = http_response_head(response, is_kept, head, sizeof(head));
    write_buffer_put(&http->stream, head, head_bytes);
    if (http->request.is_head) {
        return;
    }
    if (!response->body_is_static || response->body_bytes < WRITE_BUFFER_DIRECT_BYTES) {
        write_buffer_put(&http->stream, response->body, response->body_bytes);
        return;
    }
    http->rest = response->body;
    http->rest_bytes = response->body_bytes;
    put_rest(http);
}

/* Answers with a reason, also before there is a whole request, and ends the stream. */
static void fail(struct http_stream *http, enum sk_reason reason, uint16_t status)
{
    char body[HTTP_REASON_BODY_BYTES_MAX];
    struct http_response response = http_response_of_reason(reason, body);
    if (status != 0) {
        response.status = status;
    }
    put_answer(http, &response, false);
    stream_close(&http->stream, reason);
}

static void begin_head(struct http_stream *http)
{
    http->stream.is_held = false;
    http->request = (struct http_request){0};
    stream_set_deadline(&http->stream, http->config.head_timeout_ms);
}

bool http_stream_owes_answer(const struct http_stream *http)
{
    return http->stream.is_held && http->stream.state == STREAM_OPEN;
}

void http_stream_respond(struct http_stream *http, const struct http_response *response)
{
    if (!http_stream_owes_answer(http)) {
        SK_ASSERT(http->stream.state != STREAM_OPEN);
        return;
    }
    bool is_kept = http->request.is_kept && !response->closes;
    put_answer(http, response, is_kept);
    if (http->stream.state != STREAM_OPEN) {
        return;
    }
    if (is_kept) {
        begin_head(http);
        stream_defer(&http->stream); /* another request may wait */
    } else {
        stream_close(&http->stream, SK_REASON_NONE);
    }
}

void http_stream_refuse_upgrade(struct http_stream *http)
{
    static const char sentence[] = "This address speaks WebSocket (RFC 6455, version 13) only: "
                                   "connect with ws:// or wss:// instead.\n";
    struct http_response response = {.type = "text/plain; charset=utf-8",
                                     .body = (const uint8_t *)sentence,
                                     .body_bytes = sizeof(sentence) - 1};
    if (!http_stream_owes_answer(http)) {
        return;
    }
    if (http->request.upgrade == SK_WS_UPGRADE_BAD) {
        response.status = 400;
    } else if (http->request.is_get || http->request.is_head) {
        response.status = 426;
        response.headers =
            "upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n";
    } else {
        response.status = 405;
        response.headers = "allow: GET\r\n";
    }
    http_stream_respond(http, &response);
}

static void put_text(struct http_stream *http, const char *text)
{
    write_buffer_put(&http->stream, text, strlen(text));
}

bool http_stream_switch(struct http_stream *http, const char *subprotocol)
{
    if (http->stream.state != STREAM_OPEN) {
        return false;
    }
    SK_ASSERT(http_stream_owes_answer(http));
    SK_ASSERT(http->request.upgrade == SK_WS_UPGRADE_OK);
    put_text(http, "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
                   "connection: Upgrade\r\nsec-websocket-accept: ");
    write_buffer_put(&http->stream, http->request.accept, SK_WS_ACCEPT_BYTES);
    if (subprotocol != NULL) {
        put_text(http, "\r\nsec-websocket-protocol: ");
        put_text(http, subprotocol);
    }
    put_text(http, "\r\n\r\n");
    http->stream.is_held = false;
    return http->stream.state == STREAM_OPEN;
}

/* --- the request ------------------------------------------------------------------------------ */

static void fail_head(struct http_stream *http, int result, const uint8_t *bytes, size_t size)
{
    if (result != SK_ERR_TOO_BIG) {
        fail(http, SK_REASON_HTTP_MALFORMED, 0);
        return;
    }
    size_t looked_at = size < SK_HTTP_HEAD_BYTES_MAX ? size : SK_HTTP_HEAD_BYTES_MAX;
    bool has_line = memchr(bytes, '\n', looked_at) != NULL;
    fail(http, SK_REASON_HTTP_TOO_BIG, has_line ? 431 : 414);
}

static void remember(struct http_stream *http, const struct sk_http_request *request)
{
    enum sk_ws_upgrade upgrade = sk_ws_upgrade_check(request);
    http->request.upgrade = (uint8_t)upgrade;
    http->request.is_get = sk_text_is(request->method, "GET");
    http->request.is_head = sk_text_is(request->method, "HEAD");
    http->request.is_kept = request->keep_alive;
    if (upgrade == SK_WS_UPGRADE_OK) {
        const struct sk_text *key = sk_http_header_find(&request->headers, "sec-websocket-key");
        sk_ws_accept(crypto_sha1, key->bytes, http->request.accept);
    }
}

/* The head is whole.  Returns whether its body may come; else the request was refused. */
static bool check_body(struct http_stream *http, const struct sk_http_request *request)
{
    if (request->body_is_chunked) {
        fail(http, SK_REASON_REQUEST_BAD, 411);
        return false;
    }
    if (request->body_bytes > http->config.body_bytes_max) {
        fail(http, SK_REASON_HTTP_TOO_BIG, 413);
        return false;
    }
    return true;
}

/* The head is here, the body is not yet; once a request. */
static void wait_for_body(struct http_stream *http, const struct sk_http_request *request,
                          size_t need)
{
    static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
    http->request.need_bytes = (uint32_t)need;
    if (request->wants_continue) {
        write_buffer_put(&http->stream, line, sizeof(line) - 1);
    }
}

static void announce(struct http_stream *http, const struct sk_http_request *request,
                     const uint8_t *body)
{
    remember(http, request);
    http->was_used = true;
    http->stream.is_held = true;
    stream_set_deadline(&http->stream, http->config.answer_timeout_ms);
    stream_count_work(&http->stream, SK_WORK_A_REQUEST);
    http->config.owner->on_request(http, request, body);
}

static size_t read_request(struct http_stream *http, const uint8_t *bytes, size_t size,
                           size_t head_bytes)
{
    struct sk_http_request request;
    int result = sk_http_request_parse(&request, bytes, head_bytes);
    if (result != SK_OK) {
        fail_head(http, result, bytes, head_bytes);
        return size;
    }
    if (!check_body(http, &request)) {
        return size;
    }
    size_t need = head_bytes + (size_t)request.body_bytes;
    if (size < need) {
        wait_for_body(http, &request, need);
        return 0;
    }
    announce(http, &request, bytes + head_bytes);
    return need;
}

/* Eats one request with its body, or nothing when it is not whole. */
static size_t on_bytes(struct stream *stream, uint8_t *bytes, size_t size)
{
    struct http_stream *http = of(stream);
    http->is_resting = false;
    if (!http->config.owner->on_begin(http)) {
        fail(http, SK_REASON_ADDRESS_LIMIT, 0);
        return size;
    }
    if (size < http->request.need_bytes) {
        return 0;
    }
    size_t seen = http->request.need_bytes != 0 ? 0 : http->request.seen_bytes;
    int head_bytes = sk_http_head_end(bytes, size, seen);
    if (head_bytes == SK_ERR_AGAIN) {
        http->request.seen_bytes = (uint32_t)size;
        return 0;
    }
    if (head_bytes < 0) {
        fail_head(http, head_bytes, bytes, size);
        return size;
    }
    return read_request(http, bytes, size, (size_t)head_bytes);
}

/* --- between requests ------------------------------------------------------------------------- */

static void on_open(struct stream *stream)
{
    begin_head(of(stream));
}

/* Whether all that was asked is answered, and the answer has left. */
static bool is_at_rest(const struct http_stream *http)
{
    const struct stream *stream = &http->stream;
    return http->was_used && !http->is_resting && !stream->is_held &&
           stream->state == STREAM_OPEN && !stream_has_unsent(stream);
}

static void on_idle(struct stream *stream)
{
    struct http_stream *http = of(stream);
    if (is_at_rest(http)) {
        write_buffer_flush_own(stream);
    }
    if (is_at_rest(http)) {
        http->is_resting = true;
        http->config.owner->on_rest(http);
    }
}

static void on_peer_end(struct stream *stream)
{
    if (http_stream_owes_answer(of(stream))) {
        stream_drop(stream, SK_REASON_PEER_GONE);
    } else {
        stream_close(stream, SK_REASON_NONE); /* what we still owe is sent */
    }
}

static void on_writable(struct stream *stream)
{
    put_rest(of(stream));
}

/* The peer is still taking the answer: it may go on as long as it takes some of it. */
static void check_reader(struct http_stream *http)
{
    uint32_t left = (uint32_t)(http->rest_bytes + byte_queue_size(&http->stream.unsent));
    if (left == http->request.left_seen) {
        stream_drop(&http->stream, SK_REASON_SLOW_READER);
        return;
    }
    http->request.left_seen = left;
    stream_set_deadline(&http->stream, http->config.head_timeout_ms);
}

static void on_due(struct stream *stream)
{
    struct http_stream *http = of(stream);
    bool is_between = http->was_used && byte_queue_size(&stream->input) == 0;
    if (http_stream_owes_answer(http)) {
        fail(http, SK_REASON_SERVER_BUSY, 0); /* who answers is too late */
    } else if (stream_has_unsent(stream)) {
        check_reader(http);
    } else if (is_between) {
        stream_close(stream, SK_REASON_NONE); /* kept alive, and not used again */
    } else {
        fail(http, SK_REASON_HEAD_TIMEOUT, 0);
    }
}

static void close_stream(struct stream *stream, enum sk_reason reason)
{
    if (http_stream_owes_answer(of(stream))) {
        fail(of(stream), reason, 0);
    } else {
        stream_close(stream, reason);
    }
}

static void on_end(struct stream *stream)
{
    of(stream)->config.owner->on_end(of(stream));
}

const struct stream_protocol http_stream_protocol = {
    .on_open = on_open,
    .on_bytes = on_bytes,
    .on_idle = on_idle,
    .on_peer_end = on_peer_end,
    .on_writable = on_writable,
    .on_due = on_due,
    .close = close_stream,
    .on_end = on_end,
};

void http_stream_init(struct http_stream *http, const struct http_config *config)
{
    http->config = *config;
}
