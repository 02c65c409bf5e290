/* game_trap.h - a failed check inside a game ends its room, not the process.
 *
 * SK_GAME_ASSERT jumps back to the trap around the call into the game; what the game was doing to
 * its world is lost with the room.  The match runs it around each call (room_host.trap).  Our own
 * SK_ASSERT still ends the process.
 *
 * Threads  one trap a thread at a time; game_trap_install() once, before the threads start.
 */
#ifndef GAME_TRAP_H
#define GAME_TRAP_H

#include <stdbool.h>

struct log;

/* Makes SK_ASSERT log to `log` (borrowed for ever) and abort, and SK_GAME_ASSERT return to the
 * trap that runs. */
void game_trap_install(struct log *log);
/* Calls run(context).  Returns false when a game's check failed inside; it is logged then.  `run`
 * must own nothing that a jump would leak.  Traps do not nest (asserted). */
bool game_trap_run(void (*run)(void *context), void *context);

#endif
