/* worker_room.h - one room as its worker knows it: the room, what it costs, what the lobby hears.
 *
 *   create -> [tables of a worker (worker_rooms.h) -> mail to another worker -> ...] -> destroy
 *
 * Memory   worker_room_create() allocates the record and the room.
 * Threads  one at a time: the worker's that has it.
 */
#ifndef WORKER_ROOM_H
#define WORKER_ROOM_H

#include "recent_times.h"
#include "room.h"
#include "room_cost.h"
#include "worker_parts.h"

struct worker_room {
    struct mail mail;        /* on its way to another worker */
    struct worker_rooms *to; /* on its way: whose tables it enters */
    struct room *room;
    struct room_event *event; /* tells the lobby of it */
    struct room_cost cost;
    struct recent_times steps;  /* what ticks took */
    struct recent_times lates;  /* how long after they were due they began */
    uint32_t moves;             /* answered commands to move */
    struct room_counts counted; /* what the workers before this one have in their sums */
    bool is_noticed;            /* its people know that the server stops */
};

/* Makes the room of a WORKER_COMMAND_OPEN, whose event becomes the room's.  Returns it, owned, or
 * NULL with *why. */
struct worker_room *worker_room_create(const struct worker_parts *parts,
                                       struct worker_command *open, const struct room_host *host,
                                       const char **why);
/* Frees it, whose connections must be closed, and tells the lobby that it is gone. */
void worker_room_destroy(struct worker_room *running);

/* Logs at level debug how a shot in the room of that code was judged. */
void worker_room_log_shot(const struct worker_parts *parts, const char *code,
                          const struct sk_audit *shot);
/* Tells the lobby what the room is now. */
void worker_room_tell(const struct worker_room *running, const struct worker_parts *parts);
/* Notes how late one step began and what it took, and tells the lobby when the room wants a worker
 * of its own, or no longer does. */
void worker_room_measure(struct worker_room *running, const struct worker_parts *parts,
                         uint64_t late_us, uint64_t step_us);
/* Tells everybody in it that the server stops in so many seconds; not now when it waits for
 * connections that are under way. */
void worker_room_notice(struct worker_room *running, uint32_t seconds, uint64_t now_us);

/* Which of the catalog's games it plays. */
uint32_t worker_room_game(const struct worker_room *running, const struct catalog *catalog);
/* Adds what it is, and what it counted on this worker, to what the worker's rooms are. */
void worker_room_add_stats(const struct worker_room *running, const struct catalog *catalog,
                           struct worker_stats *stats);
/* It ends or leaves: what it counted on this worker goes into its sums for good. */
void worker_room_leave_counts(struct worker_room *running, struct room_counts *total);

#endif
