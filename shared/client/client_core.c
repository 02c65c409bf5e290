/* client_core.c - see client_core.h.
 *
 * Invariant: `pending` holds the inputs of consecutive ticks, the last of them sampled_tick; first
 * copied_count that were sent before, and those only over a transport that loses some: newer than
 * the newest that the server has told of, and with the others at most SK_INPUTS_SENT_AGAIN_TO.
 */
#include "client/client_core.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sim/legal_input.h"

enum {
    SECOND_US = 1000000,
    ACK_US = 100000,       /* who sends no inputs acks at 10 Hz */
    RTT_GUESS_US = 250000, /* before it is measured */
    REPEATED_BITS = 16,    /* of sk_own_part */
};

void sk_client_core_init(struct sk_client_core *core, const struct sk_core_config *config,
                         uint64_t now_us)
{
    const struct sk_plan *plan = config->view->plan;
    *core = (struct sk_client_core){.view = config->view,
                                    .predict = config->is_player ? config->predict : NULL,
                                    .commands = config->is_player ? config->commands : NULL,
                                    .box = config->box,
                                    .is_player = config->is_player,
                                    .is_lossy = config->is_lossy,
                                    .sent_us = now_us};
    if (config->input_rate_hz > 0) {
        core->input_interval_us = SECOND_US / config->input_rate_hz;
    }
    sk_client_clock_init(&core->clock, plan->tick_hz, plan->snapshot_divisor, config->tick,
                         config->rtt_us, now_us);
    core->sampled_tick = sk_client_clock_input_tick(&core->clock, now_us);
}

/* --- inputs that wait ---------------------------------------------------------------------- */

static void drop_oldest(struct sk_client_core *core, uint32_t count)
{
    SK_ASSERT(count <= core->pending_count);
    SK_ASSERT(core->copied_count <= core->pending_count);
    core->pending_count -= count;
    core->copied_count -= count < core->copied_count ? count : core->copied_count;
    memmove(core->pending, core->pending + count, core->pending_count * sizeof(core->pending[0]));
}

/* Is the oldest that waits a copy of no use: too many do, or the server has it or a newer one? */
static bool is_copy_useless(const struct sk_client_core *core)
{
    uint32_t oldest_tick = core->sampled_tick - core->pending_count + 1;
    uint32_t had_tick = core->view->own.input_tick;
    bool was_had = had_tick != 0 && (int32_t)(oldest_tick - had_tick) <= 0;
    return !core->is_lossy || was_had || core->pending_count > SK_INPUTS_SENT_AGAIN_TO;
}

static void drop_copies(struct sk_client_core *core)
{
    while (core->copied_count > 0 && is_copy_useless(core)) {
        drop_oldest(core, 1);
    }
}

/* --- snapshots ----------------------------------------------------------------------------- */

/* Counts what the newest snapshot says of our inputs; the clock is as of the one before. */
static void count_inputs(struct sk_client_core *core, uint64_t now_us)
{
    const struct sk_own_part *own = &core->view->own;
    uint32_t ticks = core->view->newest_tick - core->clock.newest_tick;
    uint32_t seen = ticks < REPEATED_BITS ? (1u << ticks) - 1 : UINT16_MAX;
    bool is_first = core->taken_us == 0; /* what it tells was before we came */
    bool is_news = own->input_tick != core->clock.reported_tick;
    core->taken_us = now_us;
    core->repeated_count += is_first ? 0 : (uint32_t)__builtin_popcount(own->repeated & seen);
    core->late_count += is_news && own->margin_sixteenths < 0;
}

static void on_applied(struct sk_client_core *core, uint64_t now_us)
{
    const struct sk_own_part *own = &core->view->own;
    struct sk_clock_report report = {
        .snapshot_tick = core->view->newest_tick,
        .input_tick = own->input_tick,
        .newest_sixteenths = own->newest_sixteenths,
        .margin_sixteenths = own->margin_sixteenths,
        .dropped_ticks = own->tells_dropped ? own->dropped_ticks : core->clock.dropped_ticks};
    core->asked_us = 0;
    core->asks_keyframe = false;
    count_inputs(core, now_us);
    uint32_t dropped_ticks =
        sk_client_clock_on_snapshot(&core->clock, core->view->newest_tick, &report, now_us);
    core->sampled_tick -= dropped_ticks;
    drop_copies(core);
    if (core->predict && dropped_ticks > 0) {
        sk_client_predict_on_dropped(core->predict, dropped_ticks);
    }
    if (core->commands && own->tells_command) {
        sk_client_commands_on_taken(core->commands, own->command_number);
    }
}

/* A game that was caught at a fault is played on without prediction. */
static void drop_faulty(struct sk_client_core *core)
{
    if (core->predict && core->predict->fault.what) {
        core->predict = NULL;
    }
}

int sk_client_core_take(struct sk_client_core *core, const uint8_t *bytes, size_t size, bool skips,
                        uint64_t now_us)
{
    sk_client_box_on_take(core->box, bytes, size, now_us);
    sk_client_clock_on_active(&core->clock, now_us);
    int result =
        skips ? sk_view_skip(core->view, bytes, size) : sk_view_take(core->view, bytes, size);
    if (result == SK_OK) {
        on_applied(core, now_us);
        if (core->predict && !skips) {
            sk_client_predict_on_snapshot(core->predict, core->view, now_us);
            drop_faulty(core);
        }
        sk_client_box_on_applied(core->box, core, now_us);
    } else if (result == SK_ERR_MISMATCH) {
        core->asks_keyframe = true;
    }
    return result;
}

/* --- frames -------------------------------------------------------------------------------- */

bool sk_client_core_render(struct sk_client_core *core, uint64_t now_us, uint32_t *tick,
                           uint8_t *fraction)
{
    sk_client_box_on_render(core->box, now_us);
    sk_client_clock_on_active(&core->clock, now_us);
    if (sk_client_clock_render(&core->clock, now_us, &core->render_tick, &core->render_fraction)) {
        core->has_render = true;
        core->view->ahead = sk_client_clock_ahead(&core->clock);
    }
    *tick = core->render_tick;
    *fraction = core->render_fraction;
    return core->has_render;
}

struct drawing {
    const struct sk_client_core *core;
    sk_draw_fn draw;
    void *context;
};

/* Everybody but who is predicted: he is drawn where he is, not where a snapshot had him. */
static void draw_other(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                       const double *values)
{
    const struct drawing *drawing = context;
    const struct sk_client_predict *predict = drawing->core->predict;
    if (!predict || !sk_client_predict_covers(predict, kind, owner)) {
        drawing->draw(drawing->context, kind, slot, owner, values);
    }
}

void sk_client_core_draw(struct sk_client_core *core, uint64_t now_us, sk_draw_fn draw,
                         void *context)
{
    struct drawing drawing = {core, draw, context};
    if (!core->has_render) {
        return;
    }
    sk_view_draw(core->view, core->render_tick, core->render_fraction, draw_other, &drawing);
    if (core->predict) {
        uint64_t others = (uint64_t)core->render_tick * SK_FRACTION_ONE + core->render_fraction;
        struct sk_predict_moment moment = {
            .now_us = now_us,
            .others = others + core->view->ahead,
            .fraction = sk_client_clock_input_fraction(&core->clock, now_us)};
        sk_client_predict_draw(core->predict, &moment, draw, context);
    }
}

enum sk_event_told sk_client_core_take_event(struct sk_client_core *core, struct sk_event *event)
{
    enum sk_event_told told =
        core->predict ? sk_client_events_take(&core->predict->events, event) : SK_EVENT_NONE;
    if (told == SK_EVENT_NONE && core->has_render &&
        sk_view_take_event(core->view, core->render_tick, event)) {
        told = SK_EVENT_HAPPENED;
    }
    return told;
}

/* --- inputs -------------------------------------------------------------------------------- */

void sk_client_core_press(struct sk_client_core *core, uint32_t buttons)
{
    sk_client_box_on_press(core->box, buttons);
    core->pressed |= buttons;
}

/* The controller with what the player was looking at. */
static struct sk_input with_view(const struct sk_client_core *core,
                                 const struct sk_input *controller)
{
    struct sk_input input = *controller;
    struct sk_moment seen = {0};
    if (core->has_render) {
        seen = sk_view_moment(core->view, core->render_tick, core->render_fraction);
    }
    bool is_near = seen.interval <= UINT8_MAX; /* of seconds in between nothing can be told */
    input.view_tick = seen.tick;
    input.view_fraction = is_near ? seen.fraction : 0;
    input.view_interval = is_near ? (uint8_t)seen.interval : 0;
    input.view_limit = SK_VIEW_FREE;
    input.reserved = 0;
    return input;
}

/* The oldest pending inputs never go out; what was pressed in them, the next input has. */
static void give_way(struct sk_client_core *core, uint32_t count)
{
    uint32_t gone = 0;
    uint32_t kept = 0;
    for (uint32_t i = core->copied_count; i < core->pending_count; i++) {
        uint32_t buttons = core->pending[i].buttons;
        gone |= i < count ? buttons : 0;
        kept |= i < count ? 0 : buttons;
    }
    core->pressed |= gone & ~kept;
    core->gave_way_count += count > core->copied_count ? count - core->copied_count : 0;
    drop_oldest(core, count);
}

/* Appends the input of the next tick, which there is room for. */
static void push(struct sk_client_core *core, const struct sk_input *input)
{
    SK_ASSERT(core->pending_count < SK_INPUTS_A_MESSAGE_MAX);
    core->pending[core->pending_count++] = *input;
    core->sampled_tick++;
    drop_copies(core);
}

/* What was made before a leap is of no use behind it: a message has no gaps. */
static void leap_to(struct sk_client_core *core, uint32_t tick)
{
    give_way(core, core->pending_count);
    core->sampled_tick = tick;
}

uint32_t sk_client_core_sample(struct sk_client_core *core, const struct sk_input *controller,
                               uint64_t now_us)
{
    sk_client_box_on_sample(core->box, controller, now_us);
    sk_client_clock_on_active(&core->clock, now_us);
    uint32_t tick = sk_client_clock_input_tick(&core->clock, now_us);
    uint32_t missing = tick - core->sampled_tick;
    if (!core->is_player || (int32_t)missing <= 0) {
        return 0;
    }
    if (missing > SK_INPUTS_A_MESSAGE_MAX) {
        leap_to(core, tick - 1);
        missing = 1;
    }
    struct sk_input input = with_view(core, controller);
    for (uint32_t i = 0; i < missing; i++) {
        struct sk_input one = input;
        give_way(core, core->pending_count == SK_INPUTS_A_MESSAGE_MAX ? 1 : 0);
        one.buttons |= core->pressed;
        core->pressed = 0;
        sk_input_legalise(core->view->plan->game, &one);
        push(core, &one);
        if (core->predict) {
            sk_client_predict_on_input(core->predict, core->sampled_tick, &one);
        }
    }
    drop_faulty(core);
    SK_ASSERT(core->sampled_tick == tick);
    return missing;
}

uint64_t sk_client_core_next_us(const struct sk_client_core *core)
{
    return core->is_player ? sk_client_clock_input_due_us(&core->clock, core->sampled_tick + 1)
                           : UINT64_MAX;
}

/* --- messages ------------------------------------------------------------------------------ */

/* Inputs of several ticks share a message where that was asked for, as many as fit. */
static bool are_inputs_due(const struct sk_client_core *core, uint64_t now_us)
{
    uint32_t new_count = core->pending_count - core->copied_count;
    return new_count == SK_INPUTS_A_MESSAGE_MAX || (new_count > 0 && now_us >= core->input_due_us);
}

/* How long after a request for a keyframe the next goes out: the first was lost or its answer was,
 * which is one of the snapshots after it came. */
static uint64_t ask_again_us(const struct sk_client_core *core)
{
    const struct sk_plan *plan = core->view->plan;
    uint64_t rtt_us = core->clock.rtt_us != 0 ? core->clock.rtt_us : RTT_GUESS_US;
    return 2 * rtt_us + (uint64_t)SECOND_US * plan->snapshot_divisor / plan->tick_hz;
}

enum sk_core_send sk_client_core_next(const struct sk_client_core *core, uint64_t now_us)
{
    bool was_asked = core->asked_us != 0 && now_us - core->asked_us < ask_again_us(core);
    if (core->asks_keyframe && !was_asked) {
        return SK_CORE_KEYFRAME_REQUEST;
    }
    if (are_inputs_due(core, now_us)) {
        return SK_CORE_INPUTS;
    }
    if (core->commands && sk_client_commands_next(core->commands)) {
        return SK_CORE_COMMAND;
    }
    bool is_due = core->view->newest_tick != 0 && now_us - core->sent_us >= ACK_US;
    return is_due ? SK_CORE_ACK : SK_CORE_NOTHING;
}

uint32_t sk_client_core_applied(const struct sk_client_core *core)
{
    return core->is_lossy ? sk_view_applied(core->view) : 0;
}

uint64_t sk_client_core_due_us(const struct sk_client_core *core)
{
    uint64_t ack_us = core->view->newest_tick != 0 ? core->sent_us + ACK_US : UINT64_MAX;
    bool has_new = core->pending_count > core->copied_count;
    bool is_sooner = has_new && core->input_due_us < ack_us;
    return is_sooner ? core->input_due_us : ack_us;
}

/* The next message is due an interval after this one was, or after now if it was late by more. */
static void on_inputs_sent(struct sk_client_core *core, uint64_t now_us)
{
    for (uint32_t i = core->pending_count - core->copied_count; i > 0; i--) {
        sk_client_clock_on_sent(&core->clock, core->sampled_tick - i + 1, now_us);
    }
    core->copied_count = core->pending_count;
    drop_copies(core);
    core->input_due_us += core->input_interval_us;
    core->input_due_us =
        core->input_due_us > now_us ? core->input_due_us : now_us + core->input_interval_us;
}

void sk_client_core_on_sent(struct sk_client_core *core, enum sk_core_send what, uint64_t now_us)
{
    if (what == SK_CORE_COMMAND) {
        SK_ASSERT(core->commands != NULL);
        sk_client_commands_on_sent(core->commands);
        return; /* it acks nothing */
    }
    sk_client_box_on_sent(core->box, (uint32_t)what, now_us);
    core->sent_us = now_us;
    if (what == SK_CORE_KEYFRAME_REQUEST) {
        core->asked_us = now_us;
    }
    if (what == SK_CORE_INPUTS) {
        on_inputs_sent(core, now_us);
    }
}
