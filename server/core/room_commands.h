/* room_commands.h - commands of players: each is taken once, in the order of its number, and
 * answered (SESSION.md, "Commands").
 *
 *   message --number, queue--> waits --tick--> match --> answer box --> player --confirms--> gone
 *
 * Memory   none of its own; the boxes lie in the room's block.
 * Threads  one: the room's.
 */
#ifndef ROOM_COMMANDS_H
#define ROOM_COMMANDS_H

#include "room_state.h"

/* A command came from the seat.  Returns SK_REASON_NONE also for one that came before; or why the
 * connection must be closed. */
enum sk_reason room_on_command(struct room *room, uint16_t seat, const struct sk_command *command);
/* The seat's player has the answers up to `answered`. */
void room_on_answered(struct room *room, uint16_t seat, uint32_t answered);
/* Makes entries of what waits, for the tick that is made next, and answers. */
void room_enter_commands(struct room *room);

/* A new player has the seat: his commands count from 1, and none waits. */
void room_start_commands(struct room *room, uint16_t seat);
/* Sends what was answered and is not confirmed: all of it on a new connection of the same player,
 * else what was made while the connection was under way. */
void room_send_answers(struct room *room, uint16_t seat, bool is_new);
/* Nobody has the seat any more. */
void room_forget_commands(struct room *room, uint16_t seat);

#endif
