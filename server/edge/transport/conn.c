/* conn.c - see conn.h: what an owner asks of a connection in any state. */
#include "transport/conn.h"

#include "base/assert.h"
#include "transport/front_struct.h"

bool conn_has_unsent(const struct conn *conn)
{
    return stream_has_unsent(&conn->stream);
}

void conn_close(struct conn *conn, enum sk_reason reason)
{
    if (conn->stream.state == STREAM_OPEN) {
        conn->stream.protocol->close(&conn->stream, reason);
    }
}

void conn_move(struct conn *conn, struct front *to)
{
    SK_ASSERT(conn_profile_of(conn)->handler->on_moved != NULL);
    stream_move(&conn->stream, &to->hub);
}

struct front *conn_front(const struct conn *conn)
{
    return front_of(conn);
}

struct conn_id conn_id_of(const struct conn *conn)
{
    return (struct conn_id){conn->slot, front_of(conn)->table.slots[conn->slot].generation};
}

struct conn *conn_find(struct front *front, struct conn_id id)
{
    struct conn *conn = conn_table_find(&front->table, id);
    bool is_there =
        conn != NULL && conn->stream.state == STREAM_OPEN && conn->stream.move_to == NULL;
    return is_there ? conn : NULL;
}

void conn_set_user(struct conn *conn, void *user)
{
    conn->stream.user = user;
}

void *conn_user(const struct conn *conn)
{
    return conn->stream.user;
}

const struct address *conn_address(const struct conn *conn)
{
    return &conn->stream.address;
}
