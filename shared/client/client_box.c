/* client_box.c - see client_box.h.
 *
 * Invariants: each segment with bytes begins with a checkpoint; the current one holds all that came
 * since, unless it is full.
 */
#include "client/client_box.h"

#include "base/assert.h"
#include "base/hash.h"
#include "base/mem.h"
#include "client/client_core.h"
#include "state/delta.h"

enum {
    SECOND_US = 1000000,
    TIME_BYTES = 8,
    MAGIC_BYTES = 8,
    /* beyond this the other segment begins at the next snapshot */
    NEARLY_FULL_BYTES = SK_BOX_SEGMENT_BYTES - SK_SNAPSHOT_BYTES_MAX,
};
_Static_assert(SK_BOX_SEGMENT_BYTES > 8 * SK_SNAPSHOT_BYTES_MAX, "a checkpoint and more fit");

size_t sk_client_box_cost(const struct sk_plan *plan)
{
    return sk_frame_cost(&plan->schema) + 2 * sk_arena_cost(SK_BOX_SEGMENT_BYTES);
}

int sk_client_box_init(struct sk_client_box *box, const struct sk_plan *plan,
                       struct sk_arena *arena)
{
    memset(box, 0, sizeof(*box));
    int result = sk_frame_init(&box->empty, &plan->schema, arena);
    box->segments[0].bytes = sk_arena_take(arena, SK_BOX_SEGMENT_BYTES);
    box->segments[1].bytes = sk_arena_take(arena, SK_BOX_SEGMENT_BYTES);
    return box->segments[0].bytes && box->segments[1].bytes ? result : SK_ERR_MEMORY;
}

/* --- records -------------------------------------------------------------------------------- */

static void add_bytes(struct sk_box_segment *segment, const void *bytes, size_t size)
{
    SK_ASSERT(size <= SK_BOX_SEGMENT_BYTES - segment->used);
    memcpy(segment->bytes + segment->used, bytes, size);
    segment->used += (uint32_t)size;
}

/* Begins a record with `size` more bytes in the current segment; NULL when there is no place. */
static struct sk_box_segment *begin_record(struct sk_client_box *box, uint8_t type, size_t size,
                                           uint64_t now_us)
{
    if (!box || !box->is_on || box->is_full) {
        return NULL;
    }
    struct sk_box_segment *segment = &box->segments[box->current];
    if (1 + TIME_BYTES + size > SK_BOX_SEGMENT_BYTES - segment->used) {
        box->is_full = true;
        return NULL;
    }
    add_bytes(segment, &type, 1);
    add_bytes(segment, &now_us, sizeof(now_us));
    return segment;
}

static void add_sized(struct sk_box_segment *segment, const uint8_t *bytes, size_t size)
{
    uint32_t count = (uint32_t)size;
    add_bytes(segment, &count, sizeof(count));
    add_bytes(segment, bytes, size);
}

void sk_client_box_on_take(struct sk_client_box *box, const uint8_t *bytes, size_t size,
                           uint64_t now_us)
{
    struct sk_box_segment *segment = begin_record(box, SK_BOX_TAKE, 4 + size, now_us);
    if (segment) {
        add_sized(segment, bytes, size);
    }
}

void sk_client_box_on_render(struct sk_client_box *box, uint64_t now_us)
{
    (void)begin_record(box, SK_BOX_RENDER, 0, now_us);
}

void sk_client_box_on_sample(struct sk_client_box *box, const struct sk_input *held,
                             uint64_t now_us)
{
    size_t size = sizeof(held->buttons) + sizeof(held->axes);
    struct sk_box_segment *segment = begin_record(box, SK_BOX_SAMPLE, size, now_us);
    if (segment) {
        add_bytes(segment, &held->buttons, sizeof(held->buttons));
        add_bytes(segment, held->axes, sizeof(held->axes));
    }
}

void sk_client_box_on_press(struct sk_client_box *box, uint32_t buttons)
{
    struct sk_box_segment *segment = begin_record(box, SK_BOX_PRESS, sizeof(buttons), 0);
    if (segment) {
        add_bytes(segment, &buttons, sizeof(buttons));
    }
}

void sk_client_box_on_sent(struct sk_client_box *box, uint32_t what, uint64_t now_us)
{
    uint8_t byte = (uint8_t)what;
    struct sk_box_segment *segment = begin_record(box, SK_BOX_SENT, 1, now_us);
    if (segment) {
        add_bytes(segment, &byte, 1);
    }
}

/* --- checkpoints ---------------------------------------------------------------------------- */

/* Writes the newest snapshot as a keyframe.  Returns its bytes, 0 when it fits no message. */
static size_t write_keyframe(const struct sk_client_box *box, const struct sk_view *view,
                             uint8_t *out, size_t capacity)
{
    uint8_t part[SK_OWN_PART_BYTES_MAX];
    const struct sk_schema *schema = &view->plan->schema;
    const struct sk_frame *frame = &view->frames[view->newest];
    const struct sk_event_list none = {NULL, 0};
    int part_bytes = sk_own_part_write(&view->own, schema, view->world, none, part, sizeof(part));
    if (part_bytes < 0) {
        return 0;
    }
    const struct sk_snapshot_head head = {.tick = frame->tick,
                                          .own_part_bytes = (uint16_t)part_bytes};
    int head_bytes = sk_snapshot_write_head(&head, out, capacity);
    if (head_bytes < 0 || (size_t)(head_bytes + part_bytes) > capacity) {
        return 0;
    }
    memcpy(out + head_bytes, part, (size_t)part_bytes);
    size_t used = (size_t)(head_bytes + part_bytes);
    int body = sk_delta_encode(schema, &box->empty, frame, none, out + used, capacity - used);
    return body < 0 ? 0 : used + (size_t)body;
}

static struct sk_box_core copy_core(const struct sk_client_core *core)
{
    struct sk_box_core copy = {.input_due_us = core->input_due_us,
                               .sent_us = core->sent_us,
                               .asked_us = core->asked_us,
                               .taken_us = core->taken_us,
                               .sampled_tick = core->sampled_tick,
                               .pressed = core->pressed,
                               .pending_count = core->pending_count - core->copied_count,
                               .input_interval_us = core->input_interval_us,
                               .render_tick = core->render_tick,
                               .render_fraction = core->render_fraction,
                               .has_render = core->has_render,
                               .input_tick = core->predict->input_tick};
    memcpy(copy.pending, core->pending + core->copied_count,
           copy.pending_count * sizeof(copy.pending[0]));
    return copy;
}

static void write_checkpoint(struct sk_client_box *box, const struct sk_client_core *core,
                             uint64_t now_us)
{
    const struct sk_box_core copy = copy_core(core);
    struct sk_box_segment *segment = &box->segments[box->current];
    segment->used = 0;
    segment->begun_us = now_us;
    box->is_full = false;
    box->is_on = true;
    (void)begin_record(box, SK_BOX_CHECKPOINT, 0, now_us);
    add_bytes(segment, &copy, sizeof(copy));
    add_bytes(segment, &core->clock, sizeof(core->clock));
    add_bytes(segment, core->predict->inputs, sizeof(core->predict->inputs));
    uint32_t bytes = (uint32_t)write_keyframe(box, core->view, segment->bytes + segment->used + 4,
                                              SK_SNAPSHOT_BYTES_MAX);
    add_bytes(segment, &bytes, sizeof(bytes));
    segment->used += bytes;
    if (bytes == 0) { /* a world that fits no message: nothing that could be replayed */
        box->is_on = false;
        segment->used = 0;
    }
}

void sk_client_box_on_applied(struct sk_client_box *box, const struct sk_client_core *core,
                              uint64_t now_us)
{
    if (!box || !core->predict) {
        return; /* what is not predicted is not corrected */
    }
    const struct sk_box_segment *segment = &box->segments[box->current];
    bool is_old = now_us - segment->begun_us >= (uint64_t)SK_BOX_SECONDS * SECOND_US;
    if (!box->is_on || box->is_full || is_old || segment->used > NEARLY_FULL_BYTES) {
        box->current = 1 - box->current;
        write_checkpoint(box, core, now_us);
    }
}

/* --- the file ------------------------------------------------------------------------------- */

uint64_t sk_client_box_hash(const struct sk_client_predict *predict)
{
    uint64_t hash = predict->tick;
    uint32_t kind = 0;
    uint32_t slot = UINT32_MAX;
    const struct sk_entity *entity;
    while ((entity = sk_client_own_next(&predict->own, predict->world, &kind, &slot)) != NULL) {
        const struct sk_kind *shape = &predict->plan->schema.kinds[kind];
        hash = sk_mix(hash ^ ((uint64_t)kind << 32 | slot));
        for (uint32_t i = 0; i < shape->field_count; i++) {
            if (shape->fields[i].flags & SK_EXACT) {
                hash = sk_mix(hash ^ sk_exact(&shape->fields[i], entity));
            }
        }
    }
    return hash;
}

static void write_head(struct sk_client_box *box, const struct sk_client_core *core)
{
    const struct sk_plan *plan = core->view->plan;
    struct sk_box_head head = {
        .head_bytes = sizeof(head),
        .player = core->predict->player,
        .players_max = plan->players_max,
        .older_bytes = box->segments[1 - box->current].used,
        .newer_bytes = box->segments[box->current].used,
        .layout_hash = plan->layout_hash,
        .code_hash = plan->game->code_hash,
        .seed = ((const struct sk_world *)core->view->world)->seed,
    };
    memcpy(head.options, plan->options, sizeof(head.options));
    for (uint32_t i = 0; i < SK_BOX_GAME_BYTES - 1 && plan->game->name[i] != 0; i++) {
        head.game[i] = plan->game->name[i];
    }
    memcpy(box->head, SK_BOX_MAGIC, MAGIC_BYTES);
    memcpy(box->head + MAGIC_BYTES, &head, sizeof(head));
}

static void write_tail(struct sk_client_box *box, const struct sk_client_core *core)
{
    const uint64_t now_us = core->clock.active_us;
    const uint64_t own_hash = sk_client_box_hash(core->predict);
    const struct sk_box_segment *older = &box->segments[1 - box->current];
    const struct sk_box_segment *newer = &box->segments[box->current];
    const size_t end_bytes = sizeof(box->tail) - sizeof(uint64_t);
    box->tail[0] = SK_BOX_END;
    memcpy(box->tail + 1, &now_us, 8);
    memcpy(box->tail + 9, &core->predict->tick, 4);
    memcpy(box->tail + 13, &own_hash, 8);
    uint64_t sum = sk_hash(0, box->head, sizeof(box->head));
    sum = sk_hash(sum, older->bytes, older->used);
    sum = sk_hash(sum, newer->bytes, newer->used);
    sum = sk_hash(sum, box->tail, end_bytes);
    memcpy(box->tail + end_bytes, &sum, sizeof(sum));
}

const uint8_t *sk_client_box_part(struct sk_client_box *box, const struct sk_client_core *core,
                                  uint32_t index, size_t *bytes)
{
    SK_ASSERT(index < SK_BOX_PARTS);
    *bytes = 0;
    if (!box->is_on || !core->predict) {
        return box->head;
    }
    if (index == 0) {
        write_head(box, core);
        write_tail(box, core);
    }
    const struct sk_box_segment *older = &box->segments[1 - box->current];
    const struct sk_box_segment *newer = &box->segments[box->current];
    const struct {
        const uint8_t *bytes;
        size_t size;
    } parts[SK_BOX_PARTS] = {{box->head, sizeof(box->head)},
                             {older->bytes, older->used},
                             {newer->bytes, newer->used},
                             {box->tail, sizeof(box->tail)}};
    *bytes = parts[index].size;
    return parts[index].bytes;
}
