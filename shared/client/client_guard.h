/* client_guard.h - what predict() has written that is not its player's: a fault of the game, told
 * with its entity and row.
 *
 * It may write its player's predicted entities, and take and free slots of kinds that have a key
 * row, at most SK_SPAWNS_MAX, each with the low byte of the tick as its key.  A look at a whole
 * world a tick is for debug builds and for who asks.
 *
 * Threads  one.
 */
#ifndef CLIENT_GUARD_H
#define CLIENT_GUARD_H

#include "client/client_spawns.h"

struct sk_guard_fault {
    const char *what;  /* NULL: none */
    const char *kind;  /* NULL: outside of all kinds */
    const char *field; /* NULL: the entity's head, or a member without a row */
    uint32_t slot;
    uint32_t tick;
};

/* Compares the world after a tick of predict() with the one before.  Returns the first fault. */
struct sk_guard_fault sk_client_guard_check(const struct sk_client_own *own, const void *before,
                                            const void *after);

#endif
