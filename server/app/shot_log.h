/* shot_log.h - the last shots of each room, for the operator who is asked why one missed.
 *
 *   worker: shot_log_add() --> the room's row --> control thread: shot_log_read() --> admin port
 *
 * A row is its slot's newest room's, which takes it with its first shot; it stays where the room
 * goes to another worker.
 *
 * Memory   shot_log_create() allocates a row a room, of which the system gives those that are used.
 * Threads  any: one of a few locks, each for one room in sixteen, is held while a shot is copied
 *          in or the row out.
 */
#ifndef SHOT_LOG_H
#define SHOT_LOG_H

#include "sim/audit.h"

enum { SHOT_LOG_KEPT = 64 }; /* a room: the last seconds of a fight of eight */

struct shot_log;

/* Makes the rows of `rooms_max` rooms.  Returns them, owned, or NULL when memory is short. */
struct shot_log *shot_log_create(uint32_t rooms_max);
/* Frees them; nothing for NULL. */
void shot_log_destroy(struct shot_log *log);

/* Notes a shot of the room, in the place of the oldest when there are too many. */
void shot_log_add(struct shot_log *log, uint32_t room, uint64_t epoch, const struct sk_audit *shot);
/* Copies the room's shots, the oldest first, and returns how many there are. */
uint32_t shot_log_read(struct shot_log *log, uint32_t room, uint64_t epoch,
                       struct sk_audit shots[SHOT_LOG_KEPT]);

#endif
