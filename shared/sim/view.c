/* view.c - see view.h.
 *
 *   message -> head -> baseline? -> spare <- body -> own? -> ring, world, events
 *                         |           |                 |
 *                         +-----------+-----------------+--> error: all as it was
 *
 * Invariants, true between calls:
 *   1. A frame of the ring with a tick other than 0 was decoded from a baseline whose hash fitted,
 *      or it was skipped: it holds nothing but its tick, and no hash that a baseline would have.
 *   2. Ticks rise from newest + 1 around the ring to newest, but for the zeros.
 *   3. events are in order of tick, none above newest_tick, and at most EVENTS_KEPT.
 * An event with a tick that was already covered by an earlier snapshot came with that one, so what
 * a lossy transport sends again is told by its tick alone.
 */
#include "sim/view.h"

#include "base/assert.h"
#include "base/mem.h"

/* Between two snapshots, and with those of a snapshot that comes. */
enum { EVENTS_KEPT = SK_FRAME_EVENTS_MAX, EVENTS_MAX = 2 * SK_FRAME_EVENTS_MAX };
enum { EXTRAPOLATED_MS_MAX = 100, SECOND_MS = 1000 };
enum { APPLIED_BITS = 32 };

/* --- init ---------------------------------------------------------------------------------- */

size_t sk_view_cost(const struct sk_plan *plan)
{
    return (SK_VIEW_FRAMES + 2) * sk_frame_cost(&plan->schema) + sk_arena_cost(plan->world_bytes) +
           sk_arena_cost(EVENTS_MAX * sizeof(struct sk_event));
}

static void init_world(struct sk_view *view)
{
    struct sk_world *head = view->world;
    head->world_bytes = view->plan->world_bytes;
    head->players_max = view->plan->players_max;
    memcpy(head->options, view->plan->options, sizeof(head->options));
}

int sk_view_init(struct sk_view *view, const struct sk_plan *plan, struct sk_arena *arena)
{
    *view = (struct sk_view){.plan = plan};
    int result = sk_frame_init(&view->empty, &plan->schema, arena);
    if (result == SK_OK) {
        result = sk_frame_init(&view->spare, &plan->schema, arena);
    }
    for (uint32_t i = 0; i < SK_VIEW_FRAMES && result == SK_OK; i++) {
        result = sk_frame_init(&view->frames[i], &plan->schema, arena);
    }
    view->world = sk_arena_take(arena, plan->world_bytes);
    view->events = (struct sk_events){
        .events = sk_arena_take(arena, EVENTS_MAX * sizeof(struct sk_event)),
        .capacity = EVENTS_MAX,
        .schema = &plan->schema,
    };
    if (result != SK_OK || !view->world || !view->events.events) {
        return SK_ERR_MEMORY;
    }
    init_world(view);
    return SK_OK;
}

/* --- taking a snapshot --------------------------------------------------------------------- */

static bool is_after(uint32_t tick, uint32_t other)
{
    return (int32_t)(tick - other) > 0;
}

static const struct sk_frame *find_frame(const struct sk_view *view, uint32_t tick)
{
    for (uint32_t i = 0; i < SK_VIEW_FRAMES; i++) {
        if (view->frames[i].tick == tick) {
            return &view->frames[i];
        }
    }
    return NULL;
}

static const struct sk_frame *find_baseline(const struct sk_view *view,
                                            const struct sk_snapshot_head *head)
{
    if (head->baseline_ticks == 0) {
        return &view->empty;
    }
    const struct sk_frame *frame = find_frame(view, head->tick - head->baseline_ticks);
    return frame && (frame->hash & 0xffff) == head->baseline_hash ? frame : NULL;
}

/* Drops the events from `first` on that an earlier snapshot brought, and sorts the others in. */
static void settle_events(struct sk_events *events, uint32_t first, uint32_t known_tick)
{
    uint32_t count = first;
    SK_ASSERT(first <= events->count);
    for (uint32_t i = first; i < events->count; i++) {
        struct sk_event event = events->events[i];
        if (known_tick != 0 && !is_after(event.tick, known_tick)) {
            continue;
        }
        uint32_t at = count++;
        for (; at > first && is_after(events->events[at - 1].tick, event.tick); at--) {
            events->events[at] = events->events[at - 1];
        }
        events->events[at] = event;
    }
    events->count = count;
}

/* The oldest give way, so that there is always room for those of the next snapshot. */
static void keep_newest_events(struct sk_events *events)
{
    uint32_t excess = events->count > EVENTS_KEPT ? events->count - EVENTS_KEPT : 0;
    events->count -= excess;
    events->dropped_count += excess;
    memmove(events->events, events->events + excess, events->count * sizeof(events->events[0]));
}

static bool are_events_sorted(const struct sk_view *view)
{
    for (uint32_t i = 1; i < view->events.count; i++) {
        if (is_after(view->events.events[i - 1].tick, view->events.events[i].tick)) {
            return false;
        }
    }
    return view->events.count <= EVENTS_KEPT;
}

static bool view_is_sound(const struct sk_view *view)
{
    uint32_t last = view->newest_tick;
    for (uint32_t i = 1; i < SK_VIEW_FRAMES; i++) {
        const struct sk_frame *frame =
            &view->frames[(view->newest + SK_VIEW_FRAMES - i) % SK_VIEW_FRAMES];
        if (frame->tick != 0 && !is_after(last, frame->tick)) {
            return false;
        }
        last = frame->tick != 0 ? frame->tick : last;
    }
    return view->frames[view->newest].tick == view->newest_tick && are_events_sorted(view);
}

/* Body and own part into the spare frame, *own and the end of the events. */
static int decode(struct sk_view *view, const struct sk_frame *baseline, struct sk_own_part *own,
                  const uint8_t *parts, size_t own_part_bytes, size_t body_bytes)
{
    const struct sk_schema *schema = &view->plan->schema;
    int result = sk_delta_decode(schema, baseline, parts + own_part_bytes, body_bytes, &view->spare,
                                 &view->events);
    if (result != SK_OK) {
        return result;
    }
    return sk_own_part_read(own, schema, &view->spare, NULL, &view->events, parts, own_part_bytes);
}

static void keep_spare(struct sk_view *view)
{
    SK_ASSERT(view->newest < SK_VIEW_FRAMES);
    uint32_t next = view->newest_tick == 0 ? 0 : (view->newest + 1) % SK_VIEW_FRAMES;
    struct sk_frame oldest = view->frames[next];
    view->frames[next] = view->spare;
    view->spare = oldest;
    view->newest = next;
    view->newest_tick = view->frames[next].tick;
}

/* The world of the newest frame; its exact rows were checked before. */
static void update_world(struct sk_view *view, const uint8_t *part, size_t size)
{
    struct sk_events none = {.schema = &view->plan->schema};
    const struct sk_frame *frame = &view->frames[view->newest];
    sk_frame_apply(frame, &view->plan->schema, view->world);
    int result =
        sk_own_part_read(&view->own, &view->plan->schema, frame, view->world, &none, part, size);
    SK_ASSERT(result == SK_OK);
    ((struct sk_world *)view->world)->tick = frame->tick;
}

int sk_view_take(struct sk_view *view, const uint8_t *bytes, size_t size)
{
    struct sk_snapshot_head head;
    struct sk_own_part own;
    int head_bytes = sk_snapshot_read_head(&head, bytes, size);
    if (head_bytes < 0) {
        return head_bytes;
    }
    if (view->newest_tick != 0 && !is_after(head.tick, view->newest_tick)) {
        return SK_ERR_AGAIN;
    }
    const struct sk_frame *baseline = find_baseline(view, &head);
    if (!baseline) {
        view->wants_keyframe = true;
        return SK_ERR_MISMATCH;
    }
    const uint8_t *parts = bytes + head_bytes;
    uint32_t event_count = view->events.count;
    view->spare.tick = head.tick;
    int result = decode(view, baseline, &own, parts, head.own_part_bytes,
                        size - (size_t)head_bytes - head.own_part_bytes);
    if (result != SK_OK) {
        view->events.count = event_count;
        return result;
    }
    settle_events(&view->events, event_count,
                  view->newest_tick != 0 ? view->newest_tick : view->told_tick);
    keep_newest_events(&view->events);
    keep_spare(view);
    update_world(view, parts, head.own_part_bytes);
    view->wants_keyframe = false;
    SK_ASSERT_SLOW(view_is_sound(view));
    return SK_OK;
}

int sk_view_skip(struct sk_view *view, const uint8_t *bytes, size_t size)
{
    struct sk_snapshot_head head;
    struct sk_own_part own;
    int head_bytes = sk_snapshot_read_head(&head, bytes, size);
    if (head_bytes < 0) {
        return head_bytes;
    }
    if (view->newest_tick != 0 && !is_after(head.tick, view->newest_tick)) {
        return SK_ERR_AGAIN;
    }
    int result = sk_own_part_read_fields(&own, head.tick, bytes + head_bytes, head.own_part_bytes);
    if (result != SK_OK) {
        return result;
    }
    view->own = own;
    view->spare.tick = head.tick;
    view->spare.hash = 0;
    keep_spare(view);
    return SK_OK;
}

uint32_t sk_view_applied(const struct sk_view *view)
{
    uint32_t divisor = view->plan->snapshot_divisor;
    uint32_t applied = 0;
    for (uint32_t i = 0; i < SK_VIEW_FRAMES; i++) {
        uint32_t ago_ticks = view->newest_tick - view->frames[i].tick;
        bool is_told = ago_ticks % divisor == 0 && ago_ticks <= APPLIED_BITS * divisor;
        if (view->frames[i].tick != 0 && ago_ticks != 0 && is_told) {
            applied |= (uint32_t)1 << (ago_ticks / divisor - 1);
        }
    }
    return applied;
}

/* --- drawing ------------------------------------------------------------------------------- */

/* The two snapshots around a moment, and how far it is from the older to the newer. */
struct between {
    const struct sk_frame *older; /* NULL: there is no snapshot at all */
    const struct sk_frame *newer; /* NULL: the moment is outside, `older` is the nearest */
    uint8_t fraction;
};

static struct between find_between(const struct sk_view *view, uint32_t tick, uint8_t fraction)
{
    struct between between = {NULL, NULL, 0};
    for (uint32_t i = 0; i < SK_VIEW_FRAMES; i++) {
        const struct sk_frame *frame = &view->frames[i];
        if (frame->tick == 0) {
            continue;
        }
        bool is_newer = is_after(frame->tick, tick);
        const struct sk_frame **best = is_newer ? &between.newer : &between.older;
        if (!*best || is_after(frame->tick, (*best)->tick) != is_newer) {
            *best = frame;
        }
    }
    if (!between.older) {
        return (struct between){between.newer, NULL, 0};
    }
    if (between.newer) {
        uint64_t passed = (uint64_t)(tick - between.older->tick) * SK_FRACTION_ONE + fraction;
        between.fraction = (uint8_t)(passed / (between.newer->tick - between.older->tick));
    }
    return between;
}

/* How an entity is drawn: on the way from one frame's values to another's. */
struct way {
    const uint32_t *from;
    const uint32_t *to;
    int32_t fraction;
};

/* A moment that kinds are drawn at. */
struct drawing {
    const struct sk_schema *schema;
    struct between between;
    const struct sk_frame *before; /* the last before between.older; NULL: none is known */
    int32_t beyond;                /* between.older, in 1/256 tick: 100 ms at most */
    int64_t lacking;               /* up to between.newer, in 1/256 tick */
    int64_t bridged_max;           /* 100 ms in 1/256 tick */
    sk_draw_fn draw;
    void *context;
};

/* The values of the slot in the frame, if it is that entity there. */
static const uint32_t *find_entity(const struct drawing *drawing, const struct sk_frame *frame,
                                   uint32_t kind, uint32_t slot, uint32_t id)
{
    if (!frame || !sk_frame_is_alive(frame, drawing->schema, kind, slot)) {
        return NULL;
    }
    const uint32_t *values = sk_frame_entity(frame, drawing->schema, kind, slot);
    return values[SK_ROW_ID] == id ? values : NULL;
}

static struct way find_way(const struct drawing *drawing, uint32_t kind, uint32_t slot)
{
    const struct between *between = &drawing->between;
    const uint32_t *older = sk_frame_entity(between->older, drawing->schema, kind, slot);
    const uint32_t *newer = find_entity(drawing, between->newer, kind, slot, older[SK_ROW_ID]);
    if (newer) {
        return (struct way){older, newer, between->fraction};
    }
    const uint32_t *before = find_entity(drawing, drawing->before, kind, slot, older[SK_ROW_ID]);
    if (before) {
        int32_t interval = (int32_t)(between->older->tick - drawing->before->tick);
        return (struct way){before, older, SK_FRACTION_ONE + drawing->beyond / interval};
    }
    return (struct way){older, older, 0};
}

static void draw_on_way(const struct drawing *drawing, uint32_t kind, uint32_t slot, struct way way)
{
    double numbers[SK_FIELDS_MAX];
    const struct sk_schema *schema = drawing->schema;
    for (uint32_t row = SK_ROWS_IMPLICIT; row < schema->row_counts[kind]; row++) {
        const struct sk_field *field = &schema->kinds[kind].fields[row - SK_ROWS_IMPLICIT];
        bool is_known = way.fraction < SK_FRACTION_ONE || (field->flags & SK_EXTRAPOLATED) != 0;
        uint64_t parts = sk_interpolate(field, way.from[row], way.to[row],
                                        is_known ? way.fraction : SK_FRACTION_ONE);
        numbers[row - SK_ROWS_IMPLICIT] = sk_value_of_parts(field, parts);
    }
    uint32_t owner = way.from[SK_ROW_OWNER] == 0 ? SK_NO_OWNER : way.from[SK_ROW_OWNER] - 1;
    drawing->draw(drawing->context, kind, slot, owner, numbers);
}

static bool is_extrapolated(const struct sk_kind *kind)
{
    uint32_t flags = 0;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        flags |= kind->fields[i].flags;
    }
    return (flags & SK_EXTRAPOLATED) != 0;
}

/* The first quantised row from `row` on with the flag; the count of rows when there is none. */
static uint32_t find_row(const struct sk_schema *schema, uint32_t kind, uint32_t row, uint8_t flag)
{
    const struct sk_field *fields = schema->kinds[kind].fields;
    while (row < schema->row_counts[kind] && !(fields[row - SK_ROWS_IMPLICIT].flags & flag)) {
        row++;
    }
    return row;
}

/* --- launches between two snapshots -------------------------------------------------------- */

/* An entity that the newer snapshot has and the older has not. */
struct launch {
    uint32_t kind;
    const uint32_t *values; /* in the newer */
    uint32_t before_tick;   /* the tick before its launch: then it was with its owner */
};

/* Says whether the entity of the slot in the newer snapshot was launched after the older one and
 * before the moment of drawing. */
static bool find_launch(const struct drawing *drawing, uint32_t kind, uint32_t slot,
                        struct launch *launch)
{
    const struct sk_schema *schema = drawing->schema;
    const struct sk_frame *newer = drawing->between.newer;
    uint32_t row = find_row(schema, kind, SK_ROWS_IMPLICIT, SK_KEY);
    if (row == schema->row_counts[kind] || !newer ||
        !sk_frame_is_alive(newer, schema, kind, slot) || drawing->lacking > drawing->bridged_max) {
        return false;
    }
    const uint32_t *values = sk_frame_entity(newer, schema, kind, slot);
    uint8_t flown_ticks = (uint8_t)(newer->tick - values[row]);
    *launch = (struct launch){kind, values, newer->tick - flown_ticks - 1};
    return !is_after(drawing->between.older->tick, launch->before_tick) &&
           !find_entity(drawing, drawing->between.older, kind, slot, values[SK_ROW_ID]) &&
           drawing->lacking <= flown_ticks * SK_FRACTION_ONE;
}

/* The values in the frame of the first entity of the kind that is the owner's; NULL: there is none.
 * `owner` is a value of SK_ROW_OWNER. */
static const uint32_t *find_owned(const struct drawing *drawing, const struct sk_frame *frame,
                                  uint32_t kind, uint32_t owner)
{
    for (uint32_t slot = 0; slot < drawing->schema->places[kind].capacity; slot++) {
        const uint32_t *values = sk_frame_entity(frame, drawing->schema, kind, slot);
        if (sk_frame_is_alive(frame, drawing->schema, kind, slot) &&
            values[SK_ROW_OWNER] == owner) {
            return values;
        }
    }
    return NULL;
}

static bool is_same_sort(const struct sk_field *a, const struct sk_field *b)
{
    return a->bits == b->bits && a->predictor == b->predictor && a->min == b->min &&
           a->max == b->max;
}

/* Sets the extrapolated rows of `from` to the rewound ones of the owner's entity of `kind`, on its
 * way.  Returns false when these are not rows of the same sort. */
static bool place_at_owner(const struct sk_schema *schema, const struct launch *launch,
                           uint32_t kind, struct way way, uint32_t *from)
{
    uint32_t row = SK_ROWS_IMPLICIT - 1;
    for (uint32_t to = SK_ROWS_IMPLICIT; to < schema->row_counts[launch->kind]; to++) {
        const struct sk_field *own = &schema->kinds[launch->kind].fields[to - SK_ROWS_IMPLICIT];
        if ((own->flags & SK_EXTRAPOLATED) == 0) {
            continue;
        }
        row = find_row(schema, kind, row + 1, SK_REWOUND);
        const struct sk_field *field = &schema->kinds[kind].fields[row - SK_ROWS_IMPLICIT];
        if (row == schema->row_counts[kind] || !is_same_sort(field, own)) {
            return false;
        }
        uint64_t parts = sk_interpolate(field, way.from[row], way.to[row], way.fraction);
        from[to] = (uint32_t)(parts / SK_FRACTION_ONE);
    }
    return true;
}

/* Where the owner was: in between, if it is the same entity in both snapshots, else as in the one
 * that has it. */
static bool find_muzzle(const struct drawing *drawing, const struct launch *launch, uint32_t *from)
{
    const struct sk_schema *schema = drawing->schema;
    const struct between *between = &drawing->between;
    uint32_t interval = between->newer->tick - between->older->tick;
    uint32_t passed = launch->before_tick - between->older->tick;
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        uint32_t row = find_row(schema, kind, SK_ROWS_IMPLICIT, SK_REWOUND);
        if (row == schema->row_counts[kind]) {
            continue;
        }
        uint32_t owner = launch->values[SK_ROW_OWNER];
        const uint32_t *older = find_owned(drawing, between->older, kind, owner);
        const uint32_t *newer = find_owned(drawing, between->newer, kind, owner);
        if (!older && !newer) {
            continue;
        }
        bool is_same = older && newer && older[SK_ROW_ID] == newer[SK_ROW_ID];
        const uint32_t *nearest = older ? older : newer;
        struct way way = {nearest, is_same ? newer : nearest,
                          (int32_t)((uint64_t)passed * SK_FRACTION_ONE / interval)};
        return place_at_owner(schema, launch, kind, way, from);
    }
    return false;
}

/* Draws what was launched into the slot since the older snapshot.  Returns false when nothing was
 * yet. */
static bool draw_launch(const struct drawing *drawing, uint32_t kind, uint32_t slot)
{
    struct launch launch;
    uint32_t from[SK_ROWS_IMPLICIT + SK_FIELDS_MAX];
    if (!find_launch(drawing, kind, slot, &launch)) {
        return false;
    }
    memcpy(from, launch.values, drawing->schema->row_counts[kind] * sizeof(from[0]));
    if (launch.values[SK_ROW_OWNER] == 0 || !find_muzzle(drawing, &launch, from)) {
        return false;
    }
    int32_t left =
        (int32_t)(drawing->lacking / (drawing->between.newer->tick - launch.before_tick));
    draw_on_way(drawing, kind, slot, (struct way){from, launch.values, SK_FRACTION_ONE - left});
    return true;
}

/* --- all of a kind ------------------------------------------------------------------------- */

/* A slot that holds another entity in the newer snapshot was free when that was launched. */
static void draw_slot(const struct drawing *drawing, uint32_t kind, uint32_t slot)
{
    if (!draw_launch(drawing, kind, slot) &&
        sk_frame_is_alive(drawing->between.older, drawing->schema, kind, slot)) {
        draw_on_way(drawing, kind, slot, find_way(drawing, kind, slot));
    }
}

static void draw_kind(const struct drawing *drawing, uint32_t kind)
{
    const struct sk_schema *schema = drawing->schema;
    const struct between *between = &drawing->between;
    const uint64_t *alive = between->older->alive + schema->alive_starts[kind];
    const uint64_t *next =
        between->newer ? between->newer->alive + schema->alive_starts[kind] : alive;
    for (uint32_t word = 0; word * 64 < schema->places[kind].capacity; word++) {
        for (uint64_t left = alive[word] | next[word]; left != 0; left &= left - 1) {
            draw_slot(drawing, kind, word * 64 + (uint32_t)__builtin_ctzll(left));
        }
    }
}

static const struct sk_frame *find_before(const struct sk_view *view, const struct sk_frame *frame)
{
    const struct sk_frame *best = NULL;
    for (uint32_t i = 0; i < SK_VIEW_FRAMES; i++) {
        const struct sk_frame *other = &view->frames[i];
        bool is_before = other->tick != 0 && is_after(frame->tick, other->tick);
        best = is_before && (!best || is_after(other->tick, best->tick)) ? other : best;
    }
    return best;
}

/* Moves a drawing to tick + parts / 256, with what it takes to go on beyond what is known. */
static void look_ahead(const struct sk_view *view, uint32_t tick, uint32_t parts,
                       struct drawing *drawing)
{
    tick += parts / SK_FRACTION_ONE;
    uint8_t fraction = (uint8_t)(parts % SK_FRACTION_ONE);
    drawing->between = find_between(view, tick, fraction);
    const struct sk_frame *older = drawing->between.older;
    int64_t passed = (int64_t)(int32_t)(tick - older->tick) * SK_FRACTION_ONE + fraction;
    int64_t most = (int64_t)view->plan->tick_hz * SK_FRACTION_ONE * EXTRAPOLATED_MS_MAX / SECOND_MS;
    drawing->beyond = (int32_t)(passed < 0 ? 0 : passed < most ? passed : most);
    drawing->bridged_max = most;
    if (drawing->between.newer) {
        int64_t ticks = drawing->between.newer->tick - tick;
        drawing->lacking = ticks * SK_FRACTION_ONE - fraction;
    }
    drawing->before = find_before(view, older);
}

void sk_view_draw(const struct sk_view *view, uint32_t tick, uint8_t fraction, sk_draw_fn draw,
                  void *context)
{
    const struct sk_schema *schema = &view->plan->schema;
    struct drawing past = {.schema = schema, .draw = draw, .context = context};
    past.between = find_between(view, tick, fraction);
    if (!past.between.older) {
        return;
    }
    struct drawing ahead = past;
    look_ahead(view, tick, fraction + view->ahead, &ahead);
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        draw_kind(is_extrapolated(&schema->kinds[kind]) ? &ahead : &past, kind);
    }
}

struct sk_moment sk_view_moment(const struct sk_view *view, uint32_t tick, uint8_t fraction)
{
    struct between between = find_between(view, tick, fraction);
    if (!between.older) {
        return (struct sk_moment){0};
    }
    if (!between.newer) {
        return (struct sk_moment){.tick = between.older->tick};
    }
    return (struct sk_moment){.tick = between.newer->tick,
                              .interval = between.newer->tick - between.older->tick,
                              .fraction = between.fraction};
}

/* --- events -------------------------------------------------------------------------------- */

void sk_view_resume(struct sk_view *view, uint32_t tick)
{
    SK_ASSERT(view->newest_tick == 0);
    view->told_tick = tick;
}

void sk_view_remove_event(struct sk_view *view, uint32_t index)
{
    struct sk_events *events = &view->events;
    SK_ASSERT(index < events->count);
    SK_ASSERT(events->count <= events->capacity);
    events->count--;
    memmove(&events->events[index], &events->events[index + 1],
            (events->count - index) * sizeof(events->events[0]));
}

bool sk_view_take_event(struct sk_view *view, uint32_t tick, struct sk_event *event)
{
    struct sk_events *events = &view->events;
    while (events->count > 0 && !is_after(events->events[0].tick, tick)) {
        *event = events->events[0];
        sk_view_remove_event(view, 0);
        if (tick - event->tick <= view->plan->tick_hz) {
            return true;
        }
        events->dropped_count++;
    }
    return false;
}
