/* answer_box.h - what a seat's commands were answered, kept until its player has it: a connection
 * may be lost before it arrives, and a command is taken once.
 *
 * Full is a normal state: the room asks the game nothing whose answer could not be kept, and says
 * so in words of its own, which take no bytes here.
 *
 * Memory   answer_box_init() borrows SK_ANSWERS_BYTES_MAX bytes.
 * Threads  one: the room's.
 */
#ifndef ANSWER_BOX_H
#define ANSWER_BOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/span.h"
#include "wire/messages.h"

struct kept_answer {
    uint32_t number;   /* of its command */
    uint16_t size;     /* of its bytes in the box */
    bool is_refused;   /* in `words` when it has no bytes */
    bool is_sent;      /* on the connection that there is; its owner's to set */
    const char *words; /* static */
};

/* Zero: an empty box without bytes, which keeps words alone. */
struct answer_box {
    struct kept_answer answers[SK_COMMANDS_WAITING_MAX]; /* their numbers rising */
    uint32_t count;
    uint32_t used_bytes;
    uint8_t *bytes; /* of the answers, in their order */
};

/* Makes an empty box over SK_ANSWERS_BYTES_MAX bytes. */
void answer_box_init(struct answer_box *box, uint8_t *bytes);
/* Forgets everything: the next player of the seat asked for none of it. */
void answer_box_clear(struct answer_box *box);

/* Can one more answer be kept, however long it is? */
bool answer_box_has_space(const struct answer_box *box);
/* Keeps an answer, whose number is above the last one's; the bytes are copied.  The box must have
 * space (asserted). */
void answer_box_push(struct answer_box *box, const struct sk_command_answer *answer);
/* Keeps a refusal in static words; fewer than SK_COMMANDS_WAITING_MAX must be kept (asserted). */
void answer_box_refuse(struct answer_box *box, uint32_t number, const char *words);
/* The player has those up to `number`. */
void answer_box_confirm(struct answer_box *box, uint32_t number);
/* The answer at `index` < count (asserted); its bytes are borrowed until the next change. */
struct sk_command_answer answer_box_get(const struct answer_box *box, uint32_t index);

#endif
