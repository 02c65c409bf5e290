/* room_workers.h - which worker runs which room: a table that all threads read without a lock.
 *
 * A row is set by the control thread when it gives the room out, and changed by the worker that
 * sends the room to another.  It carries the low bits of the room's epoch, so that a worker which
 * is late with its change does not touch the row of a newer room in the same slot.
 *
 * Order: the row changes after the mail that it is about was pushed to the worker's mailbox.  So
 * who reads the row and then sends mail there comes behind the room.  Who is that worker itself may
 * read it before it has come to the room's mail, and must send to itself.
 *
 * Memory   the table is the server's, one row a room.
 * Threads  any.
 */
#ifndef ROOM_WORKERS_H
#define ROOM_WORKERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { ROOM_WORKERS_BITS = 8 }; /* of the row, for the worker; the rest are the epoch's */

/* The row of a room with this epoch on this worker. */
static inline uint32_t room_workers_row(uint64_t epoch, uint32_t worker)
{
    return (uint32_t)epoch << ROOM_WORKERS_BITS | worker;
}

/* The room is given out, to this worker; nobody has a ticket for it yet. */
static inline void room_workers_set(_Atomic uint32_t *row, uint64_t epoch, uint32_t worker)
{
    atomic_store_explicit(row, room_workers_row(epoch, worker), memory_order_release);
}

/* The room has gone to another worker. */
static inline void room_workers_change(_Atomic uint32_t *row, uint64_t epoch, uint32_t from,
                                       uint32_t to)
{
    uint32_t expected = room_workers_row(epoch, from);
    (void)atomic_compare_exchange_strong_explicit(row, &expected, room_workers_row(epoch, to),
                                                  memory_order_release, memory_order_relaxed);
}

/* The worker of the slot's newest room. */
static inline uint32_t room_workers_find(const _Atomic uint32_t *row)
{
    return atomic_load_explicit(row, memory_order_acquire) & ((1u << ROOM_WORKERS_BITS) - 1);
}

/* Is the slot's newest room of this epoch? */
static inline bool room_workers_has(const _Atomic uint32_t *row, uint64_t epoch)
{
    uint32_t value = atomic_load_explicit(row, memory_order_acquire);
    return value >> ROOM_WORKERS_BITS == room_workers_row(epoch, 0) >> ROOM_WORKERS_BITS;
}

#endif
