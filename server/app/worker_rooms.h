/* worker_rooms.h - the rooms of one worker: their table, when each is due, what each costs.
 *
 *   OPEN, HOLD --> pending (pending_rooms.h) --worker_rooms_enter()--> runs --> closed or failed
 *                                            another worker's <--MOVE--+
 *
 * A room that moves leaves the tables here, its connections are sent off behind it, and it enters
 * those of the other worker when its mail, which lies in its record, is delivered there.
 *
 * What the lobby must know of a room goes to the control thread as its event (room_event.h).
 *
 * Memory   worker_rooms_create() allocates the tables, for as many rooms as the server may have; a
 *          room is allocated when somebody first enters it.
 * Threads  one: the worker's.
 * Time     that of the loop's turn; what a step costs is measured with the monotonic clock.
 */
#ifndef WORKER_ROOMS_H
#define WORKER_ROOMS_H

#include "pending_rooms.h"
#include "room.h"
#include "worker_parts.h"

struct worker_rooms;

/* Makes the empty tables of a worker whose parts are borrowed; its loop and its encoder must be
 * there.  Returns them, owned, or NULL when memory is short. */
struct worker_rooms *worker_rooms_create(const struct worker_parts *parts);
/* Destroys all rooms and the tables; nothing for NULL. */
void worker_rooms_destroy(struct worker_rooms *rooms);

/* The room, or NULL when it does not run here. */
struct room *worker_rooms_find(const struct worker_rooms *rooms, uint32_t id, uint64_t epoch);
/* The same for somebody who shows a ticket for it: a room that nobody has entered yet is made now.
 * Returns SK_REASON_NONE with *room, SK_REASON_ROOM_UNKNOWN or ROOM_FAILED. */
SK_MUST_CHECK enum sk_reason worker_rooms_enter(struct worker_rooms *rooms, uint32_t id,
                                                uint64_t epoch, struct room **room);
/* Of the worker. */
const struct worker_parts *worker_rooms_parts(const struct worker_rooms *rooms);
/* Those that nobody has entered yet. */
struct pending_rooms *worker_rooms_pending(const struct worker_rooms *rooms);

/* Keeps a seat of a room as a WORKER_COMMAND_HOLD says, for as long as the lobby does: one that has
 * waited for longer is over, and nothing happens. */
void worker_rooms_hold(const struct worker_rooms *rooms, struct room *room,
                       const struct worker_command *hold);

/* Sends a room, with everybody in it, to another worker; it is gone from here then.  Returns false
 * when it cannot go now, as when a connection of it is about to end, which its room must hear of
 * here: to be tried again in the loop's next turn. */
SK_MUST_CHECK bool worker_rooms_send_away(struct worker_rooms *rooms, struct room *room,
                                          uint32_t target);
/* Tells the lobby that the room does not move. */
void worker_rooms_keep(struct worker_rooms *rooms, const struct room *room);

/* The room's next tick may be due earlier than the worker knows: its clock has begun to run. */
void worker_rooms_expect_tick(struct worker_rooms *rooms, const struct room *room);
/* Steps each room that is due.  Returns when the next one is due in nanoseconds, or LOOP_NEVER. */
uint64_t worker_rooms_step(struct worker_rooms *rooms, uint64_t now_us);

/* Ends a room that has failed for everyone in it, logs why and tells the control thread; the room
 * is gone then.  Returns whether it did: to be asked after a call that may reach the game. */
bool worker_rooms_end_failed(struct worker_rooms *rooms, struct room *room);
/* Closes a room for everyone in it and destroys it. */
void worker_rooms_close(struct worker_rooms *rooms, struct room *room, enum sk_reason reason);
/* Closes all, because the server stops, and each that is still to come. */
void worker_rooms_stop(struct worker_rooms *rooms);
/* Fills what is measured of a room of this worker, of what a Probe asks for. */
void worker_rooms_probe(const struct worker_rooms *rooms, const struct room *room,
                        struct sk_probed *probed);
/* Counts that a client of the room's says that its prediction diverged. */
void worker_rooms_count_diverged(struct worker_rooms *rooms, const struct room *room);
/* Tells everybody in all rooms, and in those that come later, that the server stops in so many
 * seconds. */
void worker_rooms_notice(struct worker_rooms *rooms, uint32_t seconds);

/* Fills in what the rooms, closed ones too, have done; cpu_us and waits are not
 * theirs. */
void worker_rooms_stats(const struct worker_rooms *rooms, struct worker_stats *stats);

#endif
