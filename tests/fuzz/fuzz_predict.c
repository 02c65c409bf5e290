/* fuzz_predict.c - any bytes as the snapshots of a match of arena, for a client that predicts it.
 *
 * A piece of input is a byte that says what, and then
 *   0  two bytes of size, lowest first, and so many bytes of a snapshot message
 *   1  an input: buttons, two axes, two bytes of aim
 *   2  a byte: so many ticks of the server's time were dropped
 *   3  nothing: a look at what is drawn, of the player's own and of all, and told
 */
#include <stdlib.h>

#include "base/assert.h"
#include "client/client_core.h"
#include "support/arena_match_kit.h"

enum { PLAYERS = 16, ME = 1, TICK_US = 16667, INPUT_BYTES = 5, FIRST_TICK = 3 };

struct play {
    struct sk_view view;
    struct sk_client_predict predict;
    uint32_t input_tick;
    uint64_t now_us;
};

static void init(struct play *play, struct arena_kit *kit)
{
    static void *block;
    struct sk_arena arena;
    if (!block) {
        arena_kit_start(kit, arena_kit_halls, PLAYERS, arena_kit_quick);
    }
    size_t bytes = sk_view_cost(&kit->plan) + sk_client_predict_cost(&kit->plan);
    block = block ? block : aligned_alloc(16, (bytes + 15) / 16 * 16);
    SK_ASSERT(block);
    sk_arena_init(&arena, block, bytes);
    *play = (struct play){.now_us = 1000000};
    SK_ASSERT(sk_view_init(&play->view, &kit->plan, &arena) == SK_OK);
    SK_ASSERT(sk_client_predict_init(&play->predict, &kit->plan, kit->content, ME, &arena) ==
              SK_OK);
    play->predict.is_guarded = true;
}

static void on_draw_all(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                        const double *values)
{
    const struct sk_schema *schema = context;
    SK_ASSERT(owner < SK_PLAYERS_MAX || owner == SK_NO_OWNER);
    SK_ASSERT(slot < schema->places[kind].capacity + SK_SPAWNS_MAX);
    for (uint32_t row = SK_ROWS_IMPLICIT; row < schema->row_counts[kind]; row++) {
        double value = values[row - SK_ROWS_IMPLICIT];
        SK_ASSERT(value == value);
    }
}

static void on_draw_own(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                        const double *values)
{
    SK_ASSERT(owner == ME);
    on_draw_all(context, kind, slot, owner, values);
}

/* Others as of each tick since the snapshot before, where what was launched in between begins. */
static void look(struct play *play)
{
    struct sk_event event;
    struct sk_client_predict *predict = &play->predict;
    void *schema = (void *)(uintptr_t)&play->view.plan->schema;
    struct sk_predict_moment moment = {.now_us = play->now_us,
                                       .others =
                                           (uint64_t)(play->view.newest_tick) * SK_FRACTION_ONE,
                                       .fraction = 100};
    sk_client_predict_draw(predict, &moment, on_draw_own, schema);
    for (uint32_t back = 0; play->view.newest_tick > FIRST_TICK && back <= FIRST_TICK; back++) {
        sk_view_draw(&play->view, play->view.newest_tick - back, 100, on_draw_all, schema);
    }
    while (sk_client_events_take(&predict->events, &event) != SK_EVENT_NONE) {
        SK_ASSERT(event.type < play->view.plan->schema.event_count);
    }
}

static void act(struct play *play, const uint8_t *bytes)
{
    struct sk_moment seen = {0};
    if (play->view.newest_tick > FIRST_TICK) {
        seen = sk_view_moment(&play->view, play->view.newest_tick - FIRST_TICK, bytes[4]);
    }
    struct sk_input input = {
        .buttons = bytes[0] & ARENA_BUTTONS,
        .axes = {(int16_t)(bytes[1] << 7), (int16_t)(bytes[2] * -128),
                 (int16_t)(bytes[3] << 8 | bytes[4])},
        .view_tick = seen.tick,
        .view_interval = (uint8_t)seen.interval,
        .view_fraction = seen.fraction,
    };
    uint32_t newest = play->view.newest_tick;
    play->input_tick = play->input_tick == 0 ? newest + 6 : play->input_tick + 1;
    play->now_us += TICK_US;
    sk_client_predict_on_input(&play->predict, play->input_tick, &input);
}

static void drop(struct play *play, uint32_t ticks)
{
    if (ticks < play->input_tick) {
        sk_client_predict_on_dropped(&play->predict, ticks);
        play->input_tick -= ticks;
    }
}

/* Does what the piece says.  Returns its bytes. */
static size_t use(struct play *play, const uint8_t *piece, size_t size)
{
    switch (piece[0] % 4) {
    case 0: {
        size_t message = size < 3 ? 0 : (size_t)(piece[1] | piece[2] << 8);
        message = size < 3 ? 0 : message < size - 3 ? message : size - 3;
        if (size >= 3 && sk_view_take(&play->view, piece + 3, message) == SK_OK) {
            sk_client_predict_on_snapshot(&play->predict, &play->view, play->now_us);
        }
        return 3 + message;
    }
    case 1:
        if (size > INPUT_BYTES) {
            act(play, piece + 1);
        }
        return 1 + INPUT_BYTES;
    case 2:
        if (size > 1) {
            drop(play, piece[1]);
        }
        return 2;
    default:
        look(play);
        return 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct play play;
    static struct arena_kit kit;
    init(&play, &kit);
    for (size_t at = 0; at < size;) {
        at += use(&play, bytes + at, size - at);
    }
    SK_ASSERT(!play.predict.fault.what);
    return 0;
}
