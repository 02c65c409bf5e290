/* client_commands.h - a player's commands on their way, on any client: each is taken once, however
 * often the connection is lost (SESSION.md, "Commands").
 *
 *   push --next, on_sent--> sent --taken_number of a snapshot--> gone, or waits for its answer
 *     ^---- Welcome of a resumed seat: what the server has not heard of ----'     --answer--> gone
 *
 * Zero is a player who has sent none.
 *
 * Memory   plain, the caller's; a command's bytes are copied.
 * Threads  one.
 */
#ifndef CLIENT_COMMANDS_H
#define CLIENT_COMMANDS_H

#include "base/result.h"
#include "sim/game.h"

struct sk_client_command {
    uint32_t number;
    uint16_t type;
    uint16_t size;
    bool wants_answer;
    bool is_taken; /* the server has it, and only the answer is missing */
    uint8_t bytes[SK_COMMAND_BYTES_MAX];
};

struct sk_client_commands {
    uint32_t last_number;     /* given to a command; 0: none yet */
    uint32_t sent_number;     /* the newest that this connection has sent, or need not send */
    uint32_t taken_number;    /* the newest that the server has */
    uint32_t answered_number; /* of the newest answer that came */
    uint32_t count;
    struct sk_client_command waiting[SK_COMMANDS_WAITING_MAX]; /* their numbers rising */
};

/* Adds a command, which is sent when next() says so.  Returns its number, or 0 when as many wait as
 * may. `size` is at most SK_COMMAND_BYTES_MAX (asserted). */
uint32_t sk_client_commands_push(struct sk_client_commands *commands, uint16_t type,
                                 const uint8_t *bytes, uint32_t size, bool wants_answer);
/* The next to be sent, or NULL; borrowed until the next change. */
const struct sk_client_command *sk_client_commands_next(const struct sk_client_commands *commands);
/* That was sent. */
void sk_client_commands_on_sent(struct sk_client_commands *commands);

/* A Welcome came, with its command number: what the server has not is sent again.  Of another seat
 * than before (`is_resumed` is false) all is forgotten. */
void sk_client_commands_on_welcome(struct sk_client_commands *commands, uint32_t command_number,
                                   bool is_resumed);
/* A snapshot's own part tells the newest taken, modulo 256. */
void sk_client_commands_on_taken(struct sk_client_commands *commands, uint8_t low_bits);
/* An answer came.  Returns whether it is new; after a Welcome some come again. */
bool sk_client_commands_on_answer(struct sk_client_commands *commands, uint32_t number);

#endif
