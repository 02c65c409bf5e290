/* core_exports.c - client/client_core.h as exports of the module, upon the view of exports.c.
 *
 * Times are f64 microseconds of any monotonic clock; Infinity is never.
 *
 *   sk_wasm_core_start(player, predicts, tick, seed, rtt_us, now_us, input_rate_hz)    at Welcome,
 *                                          after sk_wasm_open(); a player that the room has no seat
 *                                          for only looks; predicts: the server's code is ours;
 *                                          messages with inputs a second at most, 0: as they are
 *                                          made
 *   sk_wasm_core_take(bytes, now_us)       the message at sk_wasm_message(), as sk_view_take()
 *   sk_wasm_core_render(now_us) -> f64     tick and fraction to draw; negative: nothing yet
 *   sk_wasm_core_draw(now_us) -> count     of f64 at sk_wasm_numbers(): entities as of the render
 *                                          before, our own as predicted
 *   sk_wasm_core_take_event() -> told      enum sk_event_told; the event is at sk_wasm_numbers()
 *   sk_wasm_core_event_number()            of that one, unless it happened unpredicted: the same
 *                                          when it is told again; nobody else's until then
 *   sk_wasm_core_spawns() -> count         of f64 at sk_wasm_numbers(), five each: what the input
 *                                          has spawned (client_spawns.h): kind, id, tick, whether
 *                                          it is bound, whether a correction ended it
 *   sk_wasm_core_press(buttons)            the next input has them
 *   sk_wasm_core_sample(now_us) -> count   inputs of the ticks due, of sk_wasm_input() as held now
 *   sk_wasm_core_next_us() -> f64          when the next input is due
 *   sk_wasm_core_next(now_us)              what is to be sent, enum sk_core_send
 *   sk_wasm_core_due_us() -> f64           when that has something by itself
 *   sk_wasm_core_sent(what, now_us)        it was
 *   sk_wasm_core_pending() -> pointer      struct sk_input[], 20 bytes each, of consecutive ticks
 *   sk_wasm_core_pending_count()
 *   sk_wasm_core_sampled_tick()            of the last of them
 *   sk_wasm_core_figures(now_us) -> pointer  f64[22]: round trip us, jitter us, lead us, render
 *                                          delay us, underruns, newest margin in ticks, inputs of
 *                                          the last ticks repeated, that never went out; snapshots
 *                                          by verdict (client_drift.h): matched, late, touched,
 *                                          diverging; whether inputs wait for the next snapshot;
 *                                          us since it came (-1: none did), so many snapshots that
 *                                          told of a late input and ticks whose input was missing
 *                                          so far, its tick, the tick predicted (0: none);
 *                                          predicted events and spawns that came, that did not;
 *                                          how often the lead was set anew in one step; how far
 *                                          drawing is off, in parts of a row's range
 *
 *   sk_wasm_core_trouble() -> 0, 1 or 2    what went wrong with prediction since the call before:
 *                                          1: both ends differ, [tick, kind, slot, row, predicted,
 *                                          told, name of kind, of row]; 2: the game was caught at a
 *                                          fault and nothing is predicted any more, [tick, what,
 *                                          slot, name of kind, of row or 0]; names are C strings
 *   sk_wasm_core_guard()                   predict() is watched from now on (client_guard.h)
 *   sk_wasm_core_unpredict()               an assertion failed: nothing is predicted any more
 *   sk_wasm_commands_welcome(number, is_resumed)    of a Welcome, before start()
 *   sk_wasm_command(type, bytes, wants_answer) -> number  of the bytes at sk_wasm_message(); 0: as
 *                                          many wait as may
 *   sk_wasm_command_next() -> pointer      what SK_CORE_COMMAND is of: u32 number, u16 type, u16
 *                                          size, u8 wants answer, at COMMAND_BYTES_AT its bytes
 *   sk_wasm_command_answer(number) -> 0 or 1  an answer came, and is new
 *   sk_wasm_commands_answered() -> number  of the newest
 *
 *   sk_wasm_core_box_part(index) -> pointer  part 0 .. 3 of the black box as of now, to be copied
 *                                          in that order (client_box.h)
 *   sk_wasm_core_box_bytes()               of the part that was asked for last; 0: there is none
 *
 * Before start() all but those of commands answer nothing.
 */
#include "client/client_core.h"
#include "wasm/module.h"

enum {
    FIGURE_RTT_US,
    FIGURE_JITTER_US,
    FIGURE_LEAD_US,
    FIGURE_DELAY_US,
    FIGURE_UNDERRUNS,
    FIGURE_MARGIN_TICKS,
    FIGURE_REPEATED,
    FIGURE_GAVE_WAY,
    FIGURE_MATCHED,
    FIGURE_LATE,
    FIGURE_TOUCHED,
    FIGURE_DIVERGING,
    FIGURE_HELD,
    FIGURE_AGE_US,
    FIGURE_LATE_INPUTS,
    FIGURE_REPEATED_INPUTS,
    FIGURE_NEWEST_TICK,
    FIGURE_PREDICTED_TICK,
    FIGURE_CONFIRMED,
    FIGURE_UNDONE,
    FIGURE_RESYNCS,
    FIGURE_OFFSET,
    FIGURES,
};

enum { TROUBLE_DIVERGING = 1, TROUBLE_FAULT };

enum { COMMAND_BYTES_AT = 10 };
_Static_assert(offsetof(struct sk_client_command, bytes) == COMMAND_BYTES_AT,
               "as wasm_game.ts reads");

static struct {
    bool is_started;
    struct sk_client_core core;
    struct sk_client_commands commands; /* of a seat: over several connections */
    double figures[FIGURES];
    uint64_t diverging_told; /* of this many snapshots */
    bool is_fault_told;
    size_t box_part_bytes;
} play;

/* A time of JavaScript's; one before its clock's beginning is that. */
static uint64_t time_of(double us)
{
    return us > 0 ? (uint64_t)us : 0;
}

static double number_of(uint64_t us)
{
    return us == UINT64_MAX ? __builtin_inf() : (double)us;
}

static bool is_playing(void)
{
    return play.is_started && sk_wasm_room.is_open;
}

static int start_prediction(uint32_t player)
{
    struct sk_arena arena;
    const struct sk_plan *plan = &sk_wasm_room.plan;
    sk_arena_init(&arena, sk_wasm_room.predict_memory, sk_client_predict_cost(plan));
    return sk_client_predict_init(&sk_wasm_room.predict, plan, sk_wasm_room.content, player,
                                  &arena);
}

static int start_box(void)
{
    struct sk_arena arena;
    const struct sk_plan *plan = &sk_wasm_room.plan;
    sk_arena_init(&arena, sk_wasm_room.box_memory, sk_client_box_cost(plan));
    return sk_client_box_init(&sk_wasm_room.box, plan, &arena);
}

int EXPORT(sk_wasm_core_start)(uint32_t player, uint32_t predicts, uint32_t tick, uint64_t seed,
                               double rtt_us, double now_us, uint32_t input_rate_hz)
{
    bool is_player = player < sk_wasm_room.plan.players_max;
    struct sk_core_config config = {.view = &sk_wasm_room.view,
                                    .commands = &play.commands,
                                    .is_player = is_player,
                                    .tick = tick,
                                    .rtt_us = time_of(rtt_us),
                                    .input_rate_hz = input_rate_hz};
    play.is_started = sk_wasm_room.is_open;
    play.diverging_told = 0;
    play.is_fault_told = false;
    if (!play.is_started) {
        return SK_ERR_CONFIG;
    }
    ((struct sk_world *)sk_wasm_room.view.world)->seed = seed;
    if (is_player && predicts != 0 && start_prediction(player) == SK_OK) {
        config.predict = &sk_wasm_room.predict;
        config.box = start_box() == SK_OK ? &sk_wasm_room.box : NULL;
    }
    sk_client_core_init(&play.core, &config, time_of(now_us));
    return SK_OK;
}

int EXPORT(sk_wasm_core_take)(uint32_t bytes, double now_us)
{
    if (!is_playing() || bytes > sizeof(sk_wasm_room.message)) {
        return SK_ERR_CONFIG;
    }
    return sk_client_core_take(&play.core, sk_wasm_room.message, bytes, false, time_of(now_us));
}

double EXPORT(sk_wasm_core_render)(double now_us)
{
    uint32_t tick;
    uint8_t fraction;
    if (!is_playing() || !sk_client_core_render(&play.core, time_of(now_us), &tick, &fraction)) {
        return -1;
    }
    return tick + fraction / 256.0;
}

uint32_t EXPORT(sk_wasm_core_draw)(double now_us)
{
    sk_wasm_clear_numbers();
    if (is_playing()) {
        sk_client_core_draw(&play.core, time_of(now_us), sk_wasm_add_entity, 0);
    }
    return sk_wasm_count_numbers();
}

uint32_t EXPORT(sk_wasm_core_take_event)(void)
{
    struct sk_event event;
    enum sk_event_told told =
        is_playing() ? sk_client_core_take_event(&play.core, &event) : SK_EVENT_NONE;
    sk_wasm_clear_numbers();
    if (told != SK_EVENT_NONE) {
        sk_wasm_add_event(&event);
    }
    return told;
}

uint32_t EXPORT(sk_wasm_core_event_number)(void)
{
    return sk_wasm_room.predict.events.taken_index;
}

static void add_spawn(const struct sk_spawn *spawn, uint32_t index)
{
    sk_wasm_add_number(spawn->kind);
    sk_wasm_add_number(sk_wasm_room.plan.schema.places[spawn->kind].capacity + index);
    sk_wasm_add_number(spawn->tick);
    sk_wasm_add_number(spawn->is_bound);
    sk_wasm_add_number(spawn->is_withdrawn);
}

uint32_t EXPORT(sk_wasm_core_spawns)(void)
{
    const struct sk_spawn *spawns = sk_wasm_room.predict.spawns.spawns;
    bool is_predicting = is_playing() && play.core.predict;
    sk_wasm_clear_numbers();
    for (uint32_t i = 0; is_predicting && i < SK_SPAWNS_MAX; i++) {
        if (spawns[i].is_used) {
            add_spawn(&spawns[i], i);
        }
    }
    return sk_wasm_count_numbers();
}

void EXPORT(sk_wasm_core_press)(uint32_t buttons)
{
    if (is_playing()) {
        sk_client_core_press(&play.core, buttons);
    }
}

uint32_t EXPORT(sk_wasm_core_sample)(double now_us)
{
    return is_playing() ? sk_client_core_sample(&play.core, &sk_wasm_room.input, time_of(now_us))
                        : 0;
}

double EXPORT(sk_wasm_core_next_us)(void)
{
    return number_of(is_playing() ? sk_client_core_next_us(&play.core) : UINT64_MAX);
}

uint32_t EXPORT(sk_wasm_core_next)(double now_us)
{
    return is_playing() ? sk_client_core_next(&play.core, time_of(now_us)) : SK_CORE_NOTHING;
}

double EXPORT(sk_wasm_core_due_us)(void)
{
    return number_of(is_playing() ? sk_client_core_due_us(&play.core) : UINT64_MAX);
}

void EXPORT(sk_wasm_core_sent)(uint32_t what, double now_us)
{
    if (is_playing()) {
        sk_client_core_on_sent(&play.core, (enum sk_core_send)what, time_of(now_us));
    }
}

struct sk_input *EXPORT(sk_wasm_core_pending)(void)
{
    return play.core.pending;
}

uint32_t EXPORT(sk_wasm_core_pending_count)(void)
{
    return is_playing() ? play.core.pending_count : 0;
}

uint32_t EXPORT(sk_wasm_core_sampled_tick)(void)
{
    return play.core.sampled_tick;
}

void EXPORT(sk_wasm_commands_welcome)(uint32_t number, uint32_t is_resumed)
{
    sk_client_commands_on_welcome(&play.commands, number, is_resumed != 0);
}

uint32_t EXPORT(sk_wasm_command)(uint32_t type, uint32_t bytes, uint32_t wants_answer)
{
    if (type > UINT16_MAX || bytes > SK_COMMAND_BYTES_MAX) {
        return 0;
    }
    return sk_client_commands_push(&play.commands, (uint16_t)type, sk_wasm_room.message, bytes,
                                   wants_answer != 0);
}

const struct sk_client_command *EXPORT(sk_wasm_command_next)(void)
{
    return sk_client_commands_next(&play.commands);
}

uint32_t EXPORT(sk_wasm_command_answer)(uint32_t number)
{
    return sk_client_commands_on_answer(&play.commands, number);
}

uint32_t EXPORT(sk_wasm_commands_answered)(void)
{
    return play.commands.answered_number;
}

static void add_predicted_figures(const struct sk_client_predict *predict)
{
    const struct sk_drift_counts *drift = &predict->drift.counts;
    play.figures[FIGURE_MATCHED] = (double)drift->matched;
    play.figures[FIGURE_LATE] = (double)drift->late;
    play.figures[FIGURE_TOUCHED] = (double)drift->touched;
    play.figures[FIGURE_DIVERGING] = (double)drift->diverging;
    play.figures[FIGURE_HELD] = sk_client_predict_is_held(predict);
    play.figures[FIGURE_PREDICTED_TICK] = predict->tick;
    play.figures[FIGURE_CONFIRMED] =
        (double)(predict->events.confirmed_count + predict->spawns.bound_count);
    play.figures[FIGURE_UNDONE] =
        (double)(predict->events.undone_count + predict->spawns.undone_count);
}

static void add_drift(const struct sk_drift_place *place)
{
    const struct sk_kind *kind = &sk_wasm_room.plan.schema.kinds[place->kind];
    sk_wasm_add_number(place->tick);
    sk_wasm_add_number(place->kind);
    sk_wasm_add_number(place->slot);
    sk_wasm_add_number((double)(place->field - kind->fields));
    sk_wasm_add_number(place->predicted);
    sk_wasm_add_number(place->told);
    sk_wasm_add_number((uintptr_t)kind->name);
    sk_wasm_add_number((uintptr_t)place->field->name);
}

static void add_fault(const struct sk_guard_fault *fault)
{
    sk_wasm_add_number(fault->tick);
    sk_wasm_add_number((uintptr_t)fault->what);
    sk_wasm_add_number(fault->slot);
    sk_wasm_add_number((uintptr_t)fault->kind);
    sk_wasm_add_number((uintptr_t)fault->field);
}

uint32_t EXPORT(sk_wasm_core_trouble)(void)
{
    const struct sk_client_predict *predict = &sk_wasm_room.predict;
    sk_wasm_clear_numbers();
    if (predict->drift.counts.diverging > play.diverging_told) {
        play.diverging_told = predict->drift.counts.diverging;
        add_drift(&predict->drift.newest);
        return TROUBLE_DIVERGING;
    }
    if (predict->fault.what && !play.is_fault_told) {
        play.is_fault_told = true;
        add_fault(&predict->fault);
        return TROUBLE_FAULT;
    }
    return 0;
}

void EXPORT(sk_wasm_core_guard)(void)
{
    sk_wasm_room.predict.is_guarded = true;
}

void EXPORT(sk_wasm_core_unpredict)(void)
{
    play.core.predict = 0;
    sk_wasm_room.predict.tick = 0; /* what is read is the newest snapshot's */
}

double *EXPORT(sk_wasm_core_figures)(double now_us)
{
    const struct sk_client_clock *clock = &play.core.clock;
    play.figures[FIGURE_RTT_US] = clock->rtt_us;
    play.figures[FIGURE_JITTER_US] = clock->jitter_us;
    play.figures[FIGURE_LEAD_US] =
        is_playing() ? (double)sk_client_clock_lead_us(clock, time_of(now_us)) : 0;
    play.figures[FIGURE_DELAY_US] = (double)clock->delay_us;
    play.figures[FIGURE_UNDERRUNS] = clock->underrun_count;
    play.figures[FIGURE_MARGIN_TICKS] = sk_wasm_room.view.own.newest_sixteenths / 16.0;
    play.figures[FIGURE_REPEATED] = __builtin_popcount(sk_wasm_room.view.own.repeated);
    play.figures[FIGURE_GAVE_WAY] = (double)play.core.gave_way_count;
    play.figures[FIGURE_AGE_US] =
        play.core.taken_us == 0 ? -1 : now_us - (double)play.core.taken_us;
    play.figures[FIGURE_LATE_INPUTS] = (double)play.core.late_count;
    play.figures[FIGURE_REPEATED_INPUTS] = (double)play.core.repeated_count;
    play.figures[FIGURE_NEWEST_TICK] = sk_wasm_room.view.newest_tick;
    add_predicted_figures(&sk_wasm_room.predict);
    play.figures[FIGURE_RESYNCS] = clock->resync_count;
    play.figures[FIGURE_OFFSET] = sk_client_predict_offset(&sk_wasm_room.predict);
    return play.figures;
}

const uint8_t *EXPORT(sk_wasm_core_box_part)(uint32_t index)
{
    play.box_part_bytes = 0;
    if (!is_playing() || !play.core.box || index >= SK_BOX_PARTS) {
        return NULL;
    }
    return sk_client_box_part(play.core.box, &play.core, index, &play.box_part_bytes);
}

uint32_t EXPORT(sk_wasm_core_box_bytes)(void)
{
    return (uint32_t)play.box_part_bytes;
}
