/* conn_move.c - see conn_move.h.
 *
 *   conn_move() -> turn's end: conn_depart() --mail--> arrive() in the other thread -> on_moved()
 *
 * Between the two no thread touches the connection, and the mailbox orders their memory.  What the
 * connection keeps moves with it: blocks change pools, the TLS session its thread; the socket is
 * watched anew, so bytes that came meanwhile are reported there.
 */
#include "transport/conn_move.h"

#include <stddef.h>

#include "transport/conn_deadline.h"
#include "transport/conn_end.h"
#include "transport/conn_life.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

static size_t block_bytes(const struct conn *conn)
{
    return byte_queue_block_bytes(&conn->unsent) + byte_queue_block_bytes(&conn->input) +
           byte_queue_block_bytes(&conn->message);
}

static void enter_elsewhere(struct conn *conn)
{
    struct front *front = conn->front;
    if (conn_enter(conn) != SK_OK) {
        conn_drop(conn, SK_REASON_SERVER_FULL);
        return;
    }
    count_add(&front->counts.moved_in, 1);
    conn->profile->handler->on_moved(conn);
    conn_defer(conn); /* what was kept is looked at now */
    conn_watch(conn);
}

static void arrive(struct mail *mail, void *receiver)
{
    struct conn *conn = (struct conn *)((char *)mail - offsetof(struct conn, mail));
    (void)receiver; /* the loop; move_to knows it */
    conn->front = conn->move_to;
    conn->move_to = NULL;
    conn->is_spent = false; /* turns are another loop's now */
    block_pool_adopt(&conn->front->pool, block_bytes(conn));
    enter_elsewhere(conn);
}

void conn_depart(struct conn *conn)
{
    cork_flush_conn(conn);
    if (conn->state == CONN_GONE) {
        return; /* its task is queued again */
    }
    struct front *to = conn->move_to;
    cork_forget(conn);
    conn_leave(conn);
    block_pool_disown(&conn->front->pool, block_bytes(conn));
    conn->mail.deliver = arrive;
    loop_post(to->config.loop, &conn->mail);
}
