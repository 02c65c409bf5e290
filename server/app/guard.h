/* guard.h - a failed check inside a game ends its room, not the process.
 *
 * SK_GAME_ASSERT jumps back to the guard around the call into the game; what the game was doing to
 * its world is lost with the room.  The match runs it around each call (room_host.trap).  Our own
 * SK_ASSERT still ends the process.
 *
 * Threads  one guard a thread at a time; guard_install() once, before the threads start.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>

struct log;

/* Makes SK_ASSERT log to `log` (borrowed for ever) and abort, and SK_GAME_ASSERT return to the
 * guard that runs. */
void guard_install(struct log *log);
/* Calls run(context).  Returns false when a game's check failed inside; it is logged then.  `run`
 * must own nothing that a jump would leak.  Guards do not nest (asserted). */
bool guard_run(void (*run)(void *context), void *context);

#endif
