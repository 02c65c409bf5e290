/* conn_life.h - from accept to free.
 *
 * Memory   conn_accept() allocates a connection, conn_destroy() frees it.
 * Threads  the front's.
 */
#ifndef CONN_LIFE_H
#define CONN_LIFE_H

#include "address/address.h"

struct conn;
struct conn_profile;
struct front;

/* Takes the fd of a new peer: a connection, or a refusal that is counted. */
void conn_accept(struct front *front, const struct conn_profile *profile, int fd,
                 const struct address *address);
/* Puts a connection into its front: slot, epoll, timer.  Returns SK_OK, SK_ERR_FULL or
 * SK_ERR_SYSTEM. */
int conn_enter(struct conn *conn);
/* Takes it out again; the fd stays open. */
void conn_leave(struct conn *conn);
/* Closes, counts and frees.  It must have left nothing that points to it. */
void conn_destroy(struct conn *conn);

#endif
