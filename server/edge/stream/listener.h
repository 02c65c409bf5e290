/* listener.h - a listening socket, and its place in one loop.
 *
 * The socket is bound without SO_REUSEPORT, which would hide a second server on the same port, and
 * stands in every loop's epoll with EPOLLEXCLUSIVE, so that one connection wakes one thread.  When
 * file descriptors run out, accepting stops for SK_ACCEPT_PAUSE_MS: epoll would otherwise report
 * the waiting connection again and again.
 *
 * Memory   a member of its owner's struct.
 * Threads  listener_open(): any; the rest: the loop's.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>

#include "address/address.h"
#include "base/result.h"
#include "loop/loop.h"

struct listener;

/* Who accepts.  Constant, borrowed. */
struct listener_owner {
    /* Takes the fd of a new peer. */
    void (*on_accepted)(struct listener *listener, int fd, const struct address *address);
    /* The system has nothing left for `count` newcomers; accepting pauses now. */
    void (*on_full)(struct listener *listener, uint32_t count);
};

struct listener {
    struct loop_source source; /* first: a source is its listener */
    struct wheel_timer timer;  /* armed while accepting pauses */
    struct loop *loop;         /* borrowed */
    const struct listener_owner *owner;
    int fd; /* borrowed */
    bool is_watching;
};

/* Opens a listening socket and sets address->port when it was 0.  Returns the fd, owned, or
 * SK_ERR_SYSTEM with *why a sentence in static storage. */
SK_MUST_CHECK int listener_open(struct address *address, const char **why);

/* Begins to accept; loop, owner and fd are set.  Returns SK_OK or SK_ERR_SYSTEM. */
SK_MUST_CHECK int listener_start(struct listener *listener);
/* Ends it; nothing when it has ended. */
void listener_stop(struct listener *listener);

#endif
