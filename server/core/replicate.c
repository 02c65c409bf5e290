/* replicate.c - invariants: frames hold every snapshot tick in oldest_tick..newest_tick; bodies are
 * of newest_tick; one body's space is kept for the keyframe, so that nobody waits for one.
 */
#include "replicate.h"

#include "base/assert.h"
#include "base/limits.h"
#include "base/mem.h"
#include "sim/view.h"

_Static_assert(SK_FRAME_RING_SLOTS <= SK_VIEW_FRAMES, "a client still holds every baseline");

/* More than any encoding of a full frame and its events needs: five bytes a value. */
static uint32_t body_bytes_max(const struct sk_plan *plan)
{
    uint32_t values = plan->schema.value_count + plan->schema.alive_words * 2;
    uint32_t events = SK_FRAME_EVENTS_MAX * (SK_EVENT_FIELDS_MAX + 2);
    uint64_t bytes = 64 + 5 * ((uint64_t)values + events);
    return bytes < SK_SNAPSHOT_BYTES_MAX ? (uint32_t)bytes : SK_SNAPSHOT_BYTES_MAX;
}

/* The longest delta that any is, the longest keyframe, and what several of the usual size need:
 * they are far from the longest, and no room pays for four of those. */
static size_t all_bodies_bytes(uint32_t one_bytes_max)
{
    return 2 * (size_t)one_bytes_max + one_bytes_max / 2;
}

size_t replicate_cost(const struct sk_plan *plan)
{
    size_t frames = (SK_FRAME_RING_SLOTS + 1) * sk_frame_cost(&plan->schema);
    size_t bodies = sk_arena_cost(all_bodies_bytes(body_bytes_max(plan)));
    size_t events = 2 * sk_arena_cost(SK_FRAME_EVENTS_MAX * sizeof(struct sk_event));
    return frames + bodies + events;
}

static int init_frames(struct replicate *replicate, struct sk_arena *arena)
{
    int result = sk_frame_init(&replicate->empty, &replicate->plan->schema, arena);
    for (uint32_t i = 0; i < SK_FRAME_RING_SLOTS && result == SK_OK; i++) {
        result = sk_frame_init(&replicate->frames[i], &replicate->plan->schema, arena);
    }
    return result;
}

static int init_bodies(struct replicate *replicate, struct sk_arena *arena)
{
    replicate->body_capacity = body_bytes_max(replicate->plan);
    replicate->body_bytes = sk_arena_take_raw(arena, all_bodies_bytes(replicate->body_capacity));
    size_t bytes = SK_FRAME_EVENTS_MAX * sizeof(struct sk_event);
    replicate->history = sk_arena_take_raw(arena, bytes);
    replicate->picked = sk_arena_take_raw(arena, bytes);
    bool is_whole = replicate->body_bytes && replicate->history && replicate->picked;
    return is_whole ? SK_OK : SK_ERR_MEMORY;
}

static struct sk_event *history_at(struct replicate *replicate, uint32_t index)
{
    SK_ASSERT(index < SK_FRAME_EVENTS_MAX);
    return &replicate->history[(replicate->history_start + index) % SK_FRAME_EVENTS_MAX];
}

static struct sk_frame *frame_at(struct replicate *replicate, uint32_t tick)
{
    return &replicate->frames[tick / replicate->divisor & (SK_FRAME_RING_SLOTS - 1)];
}

static bool is_history_sound(struct replicate *replicate)
{
    uint32_t own_count = 0;
    for (uint32_t i = 0; i < replicate->history_count; i++) {
        own_count += history_at(replicate, i)->audience != SK_TO_ALL;
        if (i > 0 && history_at(replicate, i)->tick < history_at(replicate, i - 1)->tick) {
            return false;
        }
    }
    return own_count == replicate->own_count && replicate->history_count <= SK_FRAME_EVENTS_MAX;
}

static bool are_bodies_sound(const struct replicate *replicate)
{
    for (uint32_t i = 0; i < replicate->body_count; i++) {
        const struct replicate_body *body = &replicate->bodies[i];
        bool is_held = body->baseline_tick == 0 || (body->baseline_tick >= replicate->oldest_tick &&
                                                    body->baseline_tick < replicate->newest_tick);
        if (!is_held || body->size > replicate->body_capacity) {
            return false;
        }
    }
    return replicate->body_count <= REPLICATE_BODIES_MAX;
}

static bool replicate_is_sound(struct replicate *replicate)
{
    uint32_t tick = replicate->newest_tick;
    for (; tick > 0 && tick >= replicate->oldest_tick; tick -= replicate->divisor) {
        if (frame_at(replicate, tick)->tick != tick) {
            return false;
        }
    }
    return replicate->oldest_tick <= replicate->newest_tick && are_bodies_sound(replicate) &&
           is_history_sound(replicate);
}

int replicate_init(struct replicate *replicate, const struct sk_plan *plan, struct sk_arena *arena)
{
    *replicate = (struct replicate){.plan = plan, .divisor = plan->snapshot_divisor};
    int result = init_frames(replicate, arena);
    return result == SK_OK ? init_bodies(replicate, arena) : result;
}

static void drop_oldest_event(struct replicate *replicate)
{
    SK_ASSERT(replicate->history_count > 0);
    SK_ASSERT(replicate->history_count <= SK_FRAME_EVENTS_MAX);
    replicate->own_count -= history_at(replicate, 0)->audience != SK_TO_ALL;
    replicate->history_start = (replicate->history_start + 1) % SK_FRAME_EVENTS_MAX;
    replicate->history_count--;
}

void replicate_add_events(struct replicate *replicate, struct sk_event_list events)
{
    for (uint32_t i = 0; i < events.count; i++) {
        if (replicate->history_count == SK_FRAME_EVENTS_MAX) {
            drop_oldest_event(replicate);
        }
        *history_at(replicate, replicate->history_count) = events.events[i];
        replicate->history_count++;
        replicate->own_count += events.events[i].audience != SK_TO_ALL;
    }
    SK_ASSERT_SLOW(is_history_sound(replicate));
}

static void drop_old_events(struct replicate *replicate, uint32_t tick)
{
    uint32_t age_ticks = SK_EVENT_AGE_MS_MAX * replicate->plan->tick_hz / 1000;
    while (replicate->history_count > 0 && history_at(replicate, 0)->tick + age_ticks < tick) {
        drop_oldest_event(replicate);
    }
}

void replicate_add_frame(struct replicate *replicate, const void *world, uint32_t tick)
{
    SK_ASSERT(tick % replicate->divisor == 0);
    SK_ASSERT(tick > replicate->newest_tick);
    sk_frame_extract(frame_at(replicate, tick), &replicate->plan->schema, world, tick);
    uint32_t kept_ticks = (SK_FRAME_RING_SLOTS - 1) * replicate->divisor;
    bool is_first = replicate->newest_tick == 0;
    bool has_gap = tick - replicate->newest_tick > replicate->divisor;
    if (is_first || has_gap) {
        replicate->oldest_tick = tick;
    } else if (tick - replicate->oldest_tick > kept_ticks) {
        replicate->oldest_tick = tick - kept_ticks;
    }
    replicate->newest_tick = tick;
    replicate->body_count = 0;
    replicate->body_used = 0;
    replicate->baselines = 0;
    drop_old_events(replicate, tick);
    SK_ASSERT_SLOW(replicate_is_sound(replicate));
}

/* The events after `baseline_tick` for `audience`, in `picked`. */
static struct sk_event_list pick(struct replicate *replicate, uint32_t baseline_tick,
                                 uint16_t audience)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < replicate->history_count; i++) {
        const struct sk_event *event = history_at(replicate, i);
        bool is_known = event->tick <= baseline_tick || event->tick > replicate->newest_tick;
        if (!is_known && event->audience == audience) {
            replicate->picked[count++] = *event;
        }
    }
    return (struct sk_event_list){replicate->picked, count};
}

static struct replicate_body *find_body(struct replicate *replicate, uint32_t baseline_tick)
{
    for (uint32_t i = 0; i < replicate->body_count; i++) {
        if (replicate->bodies[i].baseline_tick == baseline_tick) {
            return &replicate->bodies[i];
        }
    }
    return NULL;
}

/* Whether so many bodies of any size may still be made. */
static bool has_space(const struct replicate *replicate, uint32_t count)
{
    size_t left = all_bodies_bytes(replicate->body_capacity) - replicate->body_used;
    return left >= (size_t)count * replicate->body_capacity;
}

static struct replicate_body *encode(struct replicate *replicate, uint32_t baseline_tick)
{
    SK_ASSERT(replicate->body_count < REPLICATE_BODIES_MAX);
    struct replicate_body *body = &replicate->bodies[replicate->body_count];
    const struct sk_frame *baseline =
        baseline_tick == 0 ? &replicate->empty : frame_at(replicate, baseline_tick);
    const struct sk_frame *frame = frame_at(replicate, replicate->newest_tick);
    struct sk_event_list events = pick(replicate, baseline_tick, SK_TO_ALL);
    SK_ASSERT(frame->tick == replicate->newest_tick);
    SK_ASSERT(baseline_tick == 0 || baseline->tick == baseline_tick);
    SK_ASSERT(has_space(replicate, 1));
    body->bytes = replicate->body_bytes + replicate->body_used;
    int size = sk_delta_encode(&replicate->plan->schema, baseline, frame, events, body->bytes,
                               replicate->body_capacity);
    if (size < 0) {
        return NULL;
    }
    replicate->body_used += (uint32_t)size;
    body->baseline_tick = baseline_tick;
    body->baseline_hash = (uint16_t)(baseline_tick == 0 ? 0 : baseline->hash & 0xffff);
    body->size = (uint32_t)size;
    replicate->body_count++;
    replicate->encoded_count++;
    replicate->keyframe_count += baseline_tick == 0;
    SK_ASSERT_SLOW(are_bodies_sound(replicate));
    return body;
}

void replicate_choose(struct replicate *replicate, const struct baseline_claim *claims,
                      uint32_t count)
{
    SK_ASSERT(replicate->body_count == 0);
    replicate->baselines = baselines_choose(claims, count);
}

/* The newest of the set, as a tick; 0 for the empty one. */
static uint32_t newest_of(const struct replicate *replicate, uint32_t set)
{
    if (set == 0) {
        return 0;
    }
    uint32_t ago_ticks = ((uint32_t)__builtin_ctz(set) + 1) * replicate->divisor;
    SK_ASSERT(ago_ticks < SK_VIEW_FRAMES * replicate->divisor); /* a client has it still */
    SK_ASSERT(ago_ticks <= replicate->newest_tick - replicate->oldest_tick);
    return replicate->newest_tick - ago_ticks;
}

const struct replicate_body *replicate_body(struct replicate *replicate, uint32_t held)
{
    SK_ASSERT(replicate->newest_tick != 0);
    uint32_t baseline_tick = newest_of(replicate, held & replicate->baselines);
    struct replicate_body *body = find_body(replicate, baseline_tick);
    bool has_keyframe = baseline_tick == 0 || find_body(replicate, 0) != NULL;
    if (!body && !has_space(replicate, has_keyframe ? 1 : 2)) {
        baseline_tick = 0;
        body = find_body(replicate, 0);
    }
    replicate->forced_keyframe_count += held != 0 && baseline_tick == 0;
    return body ? body : encode(replicate, baseline_tick);
}

int replicate_write_head(struct replicate *replicate, const struct replicate_body *body,
                         const void *world, const struct sk_own_part *own, uint8_t *out,
                         size_t capacity)
{
    uint8_t part[SK_OWN_PART_BYTES_MAX];
    struct sk_own_part stamped = *own;
    stamped.tick = replicate->newest_tick;
    struct sk_event_list events = {replicate->picked, 0};
    if (own->has_player && replicate->own_count > 0) {
        events = pick(replicate, body->baseline_tick, own->player);
    }
    int part_bytes =
        sk_own_part_write(&stamped, &replicate->plan->schema, world, events, part, sizeof(part));
    if (part_bytes < 0) {
        return part_bytes;
    }
    uint32_t tick = replicate->newest_tick;
    struct sk_snapshot_head head = {
        .tick = tick,
        .baseline_ticks = body->baseline_tick == 0 ? 0 : tick - body->baseline_tick,
        .baseline_hash = body->baseline_hash,
        .own_part_bytes = (uint16_t)part_bytes,
    };
    int head_bytes = sk_snapshot_write_head(&head, out, capacity);
    if (head_bytes < 0 || (size_t)part_bytes > capacity - (size_t)head_bytes) {
        return head_bytes < 0 ? head_bytes : SK_ERR_FULL;
    }
    memcpy(out + head_bytes, part, (size_t)part_bytes);
    return head_bytes + part_bytes;
}
