/* fuzz_view.c - any bytes as the snapshots that a client gets, one after the other.
 *
 * A piece of input is two bytes of size, lowest first, and so many bytes of message.  Between the
 * messages the view is drawn and its events are taken.
 */
#include <stdlib.h>

#include "base/assert.h"
#include "sim/view.h"
#include "support/fleet.h"

static void init(struct sk_view *view, struct sk_plan *plan)
{
    static void *block;
    struct sk_arena arena;
    if (!block) {
        fleet_init_plan(plan);
        block = aligned_alloc(16, (sk_view_cost(plan) + 15) / 16 * 16);
        SK_ASSERT(block);
    }
    size_t bytes = sk_view_cost(plan);
    sk_arena_init(&arena, block, bytes);
    SK_ASSERT(sk_view_init(view, plan, &arena) == SK_OK);
}

static void on_draw(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                    const double *values)
{
    const struct sk_schema *schema = context;
    SK_ASSERT(slot < schema->places[kind].capacity);
    SK_ASSERT(owner < SK_PLAYERS_MAX || owner == SK_NO_OWNER);
    for (uint32_t row = SK_ROWS_IMPLICIT; row < schema->row_counts[kind]; row++) {
        const struct sk_field *field = &schema->kinds[kind].fields[row - SK_ROWS_IMPLICIT];
        SK_ASSERT(values[row - SK_ROWS_IMPLICIT] >= field->min);
        SK_ASSERT(values[row - SK_ROWS_IMPLICIT] <= field->max);
    }
}

static void use(struct sk_view *view, struct sk_plan *plan)
{
    struct sk_event event;
    const struct sk_frame *newest = &view->frames[view->newest];
    SK_ASSERT(newest->hash == sk_frame_hash(newest, &plan->schema));
    uint32_t at = view->newest_tick - 2;
    sk_view_draw(view, at, 100, on_draw, &plan->schema);
    struct sk_moment moment = sk_view_moment(view, at, 100);
    SK_ASSERT(moment.interval <= moment.tick);
    while (sk_view_take_event(view, view->newest_tick - 1, &event)) {
        SK_ASSERT(event.tick < view->newest_tick);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct sk_view view;
    static struct sk_plan plan;
    init(&view, &plan);
    for (size_t at = 0; size - at >= 2;) {
        size_t left = size - at - 2;
        size_t message = (size_t)(bytes[at] | bytes[at + 1] << 8);
        message = message < left ? message : left;
        if (sk_view_take(&view, bytes + at + 2, message) == SK_OK) {
            use(&view, &plan);
        }
        at += 2 + message;
    }
    return 0;
}
