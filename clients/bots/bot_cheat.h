/* bot_cheat.h - a bot that lies: what a changed client would send to be faster or to hit more.
 *
 * Each kind is one message that the server must survive, clamp, drop or close for; the other
 * players of the room must not feel it (tests/e2e/server/test_cheat.py).
 *
 * Memory   plain data.
 * Threads  one: the bot's.
 * Time     ticks only.
 */
#ifndef BOT_CHEAT_H
#define BOT_CHEAT_H

#include "wire/messages.h"

/* The words of --cheat, in the order of enum bot_cheat_kind. */
#define BOT_CHEAT_WORDS "none|speed|rate|future|past|doubled|views|acks"

enum bot_cheat_kind {
    BOT_CHEAT_NONE,
    BOT_CHEAT_SPEED,   /* axes out of any range */
    BOT_CHEAT_RATE,    /* every button in every tick, each message many times */
    BOT_CHEAT_FUTURE,  /* ticks that are seconds ahead */
    BOT_CHEAT_PAST,    /* ticks that are over */
    BOT_CHEAT_DOUBLED, /* each tick twice, with something else the second time */
    BOT_CHEAT_VIEWS,   /* every other shot at a moment that was looked at long before */
    BOT_CHEAT_ACKS     /* says for a second that nothing new came, to shoot at what was then */
};

struct bot_cheat {
    enum bot_cheat_kind kind;
    uint32_t held_tick; /* of the input whose moment is held; 0: none yet */
    uint32_t held_ack;
    struct sk_input held;
};

/* Makes message `number` of these inputs what the cheater sends.  Returns whether one more is to
 * follow; asked of a kind that is not BOT_CHEAT_NONE (asserted). */
bool bot_cheat_forge(struct bot_cheat *cheat, uint32_t number, uint32_t *ack,
                     struct sk_inputs *inputs);

#endif
