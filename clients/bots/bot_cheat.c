/* bot_cheat.c - see bot_cheat.h. */
#include "bot_cheat.h"

#include "base/assert.h"

enum {
    RATE_COPIES = 10,
    FUTURE_TICKS = 600,
    PAST_TICKS = 30,
    HOLD_TICKS = 60 /* longer than a game honours a view */
};

static void press_all(struct sk_inputs *inputs)
{
    for (uint32_t i = 0; i < inputs->count; i++) {
        inputs->inputs[i].buttons = UINT32_MAX;
    }
}

static void race(struct sk_inputs *inputs)
{
    for (uint32_t i = 0; i < inputs->count; i++) {
        for (uint32_t axis = 0; axis < SK_AXES; axis++) {
            inputs->inputs[i].axes[axis] = INT16_MIN;
        }
    }
}

/* Keeps a moment that was honestly looked at, for a second. */
static void hold(struct bot_cheat *cheat, uint32_t ack, const struct sk_inputs *inputs)
{
    const struct sk_input *newest = &inputs->inputs[inputs->count - 1];
    bool is_over = cheat->held_tick == 0 || inputs->tick - cheat->held_tick >= HOLD_TICKS;
    if (is_over && newest->view_tick != 0) {
        cheat->held_tick = inputs->tick;
        cheat->held_ack = ack;
        cheat->held = *newest;
    }
}

/* Looks at the held moment, if there is one, in the ticks that are a multiple of `divisor`. */
static void look_back(const struct bot_cheat *cheat, struct sk_inputs *inputs, uint32_t divisor)
{
    for (uint32_t i = 0; i < inputs->count && cheat->held_tick != 0; i++) {
        struct sk_input *input = &inputs->inputs[i];
        if ((inputs->tick - (inputs->count - 1) + i) % divisor == 0) {
            input->view_tick = cheat->held.view_tick;
            input->view_fraction = cheat->held.view_fraction;
            input->view_interval = cheat->held.view_interval;
        }
    }
}

static void forge_views(struct bot_cheat *cheat, const uint32_t *ack, struct sk_inputs *inputs)
{
    hold(cheat, *ack, inputs);
    look_back(cheat, inputs, 2);
}

static void forge_acks(struct bot_cheat *cheat, uint32_t *ack, struct sk_inputs *inputs)
{
    hold(cheat, *ack, inputs);
    look_back(cheat, inputs, 1);
    *ack = cheat->held_tick == 0 ? *ack : cheat->held_ack;
}

bool bot_cheat_forge(struct bot_cheat *cheat, uint32_t number, uint32_t *ack,
                     struct sk_inputs *inputs)
{
    SK_ASSERT(inputs->count > 0);
    switch (cheat->kind) {
    case BOT_CHEAT_NONE:
        break;
    case BOT_CHEAT_SPEED:
        race(inputs);
        return false;
    case BOT_CHEAT_RATE:
        press_all(inputs);
        return number + 1 < RATE_COPIES;
    case BOT_CHEAT_FUTURE:
        inputs->tick += FUTURE_TICKS;
        return false;
    case BOT_CHEAT_PAST:
        inputs->tick = *ack > PAST_TICKS ? *ack - PAST_TICKS : inputs->tick;
        return false;
    case BOT_CHEAT_DOUBLED:
        if (number > 0) {
            press_all(inputs);
        }
        return number == 0;
    case BOT_CHEAT_VIEWS:
        forge_views(cheat, ack, inputs);
        return false;
    case BOT_CHEAT_ACKS:
        forge_acks(cheat, ack, inputs);
        return false;
    }
    SK_UNREACHABLE("who does not cheat does not forge");
}
