/* conn_life.h - from accept to free.
 *
 * Memory   conn_accept() allocates a connection; conn_stream_owner frees it when its stream is
 *          gone.
 * Threads  the front's.
 */
#ifndef CONN_LIFE_H
#define CONN_LIFE_H

#include "address/address.h"
#include "stream/stream.h"

struct conn_profile;
struct front;

/* What a front does with streams that move or are gone. */
extern const struct stream_owner conn_stream_owner;

/* Takes the fd of a new peer: a connection, or a refusal that is counted. */
void conn_accept(struct front *front, const struct conn_profile *profile, int fd,
                 const struct address *address);

#endif
