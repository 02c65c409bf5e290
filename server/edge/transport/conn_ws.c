/* conn_ws.c - see conn.h: an upgraded connection. */
#include "base/assert.h"
#include "transport/front_struct.h"

static struct ws_limits limits_of(const struct ws_stream *ws)
{
    const struct conn_profile *profile = conn_profile_of(conn_of_ws(ws));
    return (struct ws_limits){
        .message.reader = SK_WS_SERVER,
        .message.message_bytes_max =
            conn_or_default(profile->message_bytes_max, SK_MESSAGE_BYTES_MAX),
        .message.fragments_max = profile->fragments_max,
        .message.text_allowed = profile->text_allowed,
        .unsent_bytes_max = conn_or_default(profile->send_queue_bytes_max, SK_SEND_QUEUE_BYTES_MAX),
        .ping_interval_ms = profile->ping_interval_ms,
        .idle_timeout_ms = profile->idle_timeout_ms,
    };
}

static void on_message(struct ws_stream *ws, uint8_t *bytes, size_t size, bool is_text)
{
    struct conn *conn = conn_of_ws(ws);
    struct conn_message message = {.bytes = bytes, .size = size, .is_text = is_text};
    counter_add(&front_of(conn)->counts.messages_in, 1);
    conn_profile_of(conn)->handler->on_message(conn, &message);
}

static void on_writable(struct ws_stream *ws)
{
    struct conn *conn = conn_of_ws(ws);
    if (conn_profile_of(conn)->handler->on_writable != NULL) {
        conn_profile_of(conn)->handler->on_writable(conn);
    }
}

static void on_end(struct ws_stream *ws)
{
    struct conn *conn = conn_of_ws(ws);
    conn_profile_of(conn)->handler->on_close(conn, (enum sk_reason)conn->stream.reason);
}

static const struct ws_owner owner = {
    .limits = limits_of,
    .on_message = on_message,
    .on_writable = on_writable,
    .on_end = on_end,
};

void conn_upgrade(struct conn *conn, const char *subprotocol)
{
    const struct conn_profile *profile = conn_profile_of(conn);
    if (!http_stream_switch(&conn->http, subprotocol)) {
        return;
    }
    ws_stream_begin(&conn->ws, &owner);
    ws_stream_set_deadline(&conn->ws, conn->is_admitted ? 0 : profile->admit_timeout_ms);
    conn->stream.may_wait = conn->is_admitted;
    conn->stream.pause_bytes = conn_or_default(profile->read_pause_bytes, UINT32_MAX);
    counter_add(&front_of(conn)->counts.upgrades, 1);
}

void conn_send(struct conn *conn, enum sk_ws_opcode opcode, const struct iovec *parts, int count)
{
    if (conn->stream.state != STREAM_OPEN) {
        return;
    }
    SK_ASSERT(conn->stream.protocol == &ws_stream_protocol);
    ws_stream_send(&conn->ws, opcode, parts, count);
    counter_add(&front_of(conn)->counts.messages_out, 1);
}
