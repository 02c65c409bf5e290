/* command_queue.h - commands of a room's players, waiting for the next tick.
 *
 * Memory   inside the struct.
 * Threads  one: the room's.
 */
#ifndef COMMAND_QUEUE_H
#define COMMAND_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "sim/game.h"

enum { COMMAND_QUEUE_MAX = 64, COMMAND_QUEUE_A_SEAT_MAX = SK_COMMANDS_WAITING_MAX };

struct queued_command {
    uint32_t number;
    uint16_t seat;
    uint16_t type;
    uint16_t size;
    bool wants_answer;
    uint8_t bytes[SK_COMMAND_BYTES_MAX];
};

struct command_queue {
    struct queued_command commands[COMMAND_QUEUE_MAX]; /* oldest first */
    uint32_t count;
};

enum command_verdict {
    COMMAND_KEPT,
    COMMAND_TOO_MANY, /* of this seat: its own doing */
    COMMAND_NO_SPACE, /* of all seats together: not this one's doing */
};

/* Offers a command; its bytes (at most SK_COMMAND_BYTES_MAX, asserted) are copied. */
enum command_verdict command_queue_offer(struct command_queue *queue, uint16_t seat,
                                         const struct sk_command *command);
/* How many of the seat's want an answer. */
uint32_t command_queue_wanted(const struct command_queue *queue, uint16_t seat);
/* Forgets what a seat's player asked for: the next player of that seat did not. */
void command_queue_forget(struct command_queue *queue, uint16_t seat);

#endif
