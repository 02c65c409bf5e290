/* cork.h - everything that leaves a connection: gathered, sealed, written, kept when it must wait.
 *
 *   cork_put() -> cork.plain --[sk_tls_send]--> cork.sealed --write--> socket
 *                                                         \-> conn->unsent, until EPOLLOUT
 *
 * One connection owns the cork at a time.  Another that wants it has the first one's bytes written;
 * so has the end of a wake and of a turn.
 *
 * Memory   conn->unsent takes blocks of the pool.
 * Threads  the front's.
 */
#ifndef CORK_H
#define CORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct conn;
struct front;

/* Sends bytes, copying them. */
void cork_put(struct conn *conn, const void *bytes, size_t size);
/* Sends the parts of one message; large ones are not copied unless they must wait. */
void cork_put_parts(struct conn *conn, const struct iovec *parts, int count);
/* The room behind what was sealed, for what TLS itself has to say; makes `conn` the owner. */
struct sk_tls_io cork_open_tls(struct conn *conn);
/* Takes what was put there. */
void cork_close_tls(struct conn *conn, const struct sk_tls_io *io);
/* Writes what the cork holds; its owner may be lost by it. */
void cork_flush(struct front *front);
/* As cork_flush(), when `conn` is the owner. */
void cork_flush_conn(struct conn *conn);
/* Forgets the bytes of a connection that is gone. */
void cork_forget(struct conn *conn);
/* The socket takes bytes again: writes what waits, then the rest of a static body. */
void cork_resume(struct conn *conn);

#endif
