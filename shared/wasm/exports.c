/* exports.c - a game and sim/view.h as a WebAssembly module; core_exports.c adds the client core.
 *
 * One module instance is one view of one room; what it keeps is its own, hence the globals.
 * Pointers are byte offsets into `memory`; a call that takes memory may move no data but makes
 * JavaScript's views of the buffer stale (they must be made anew when `memory.buffer` changed).
 * Results are 0 or the negative numbers of base/result.h.
 *
 *   import  env.assert_failed(file, line, what)   two C strings; must throw
 *
 *   sk_wasm_content_room(bytes) -> pointer        where the content's source goes (0: no memory)
 *   sk_wasm_content_load(bytes)                   builds the content; not for games without any
 *   sk_wasm_options() -> pointer                  u32[8], to fill before open
 *   sk_wasm_open(players_max, has_options)        a new, empty view; the one before ends
 *   sk_wasm_layout_hash() -> u64  _code_hash() -> u64  _tick_hz()  _snapshot_divisor()  of the plan
 *
 *   sk_wasm_resume(tick)                          events up to there were told by the view before
 *   sk_wasm_message() -> pointer                  64 KiB for a snapshot message
 *   sk_wasm_newest_tick()
 *   sk_wasm_numbers() -> pointer                  f64[], where the following answer:
 *   sk_wasm_core_draw(), of core_exports.c        [kind, slot, owner, n, n values] ...
 *   sk_wasm_core_take_event(), of it too          [type, tick, audience or -1, n, n values]
 *   sk_wasm_read(kind, slot) -> n                 members of all rows, exact ones too, of the
 *                                                 newest snapshot, what is predicted as of now;
 *                                                 0: not alive
 *
 *   sk_wasm_input() -> pointer                    struct sk_input, 20 bytes
 *
 *   sk_wasm_fixture(ticks, seed) -> u64             sim/fixture.h: the hash of a made-up match
 *   sk_wasm_record(bytes) -> pointer                where a record goes (0: no memory)
 *   sk_wasm_replay() -> n  sk_wasm_replay_hash() -> u64  sim/replay.h, of that record
 */
#include "base/arena.h"
#include "base/assert.h"
#include "base/mem.h"
#include "sim/fixture.h"
#include "sim/replay.h"
#include "wasm/module.h"

enum {
    PAGE_BYTES = 65536,
    ALIGN_BYTES = 16,
    DRAWN_HEAD = 4,
    FIXTURE_EVENTS = 256,
};

extern unsigned char __heap_base; /* the linker's: where memory that nobody owns begins */

__attribute__((import_module("env"), import_name("assert_failed"))) void
sk_wasm_assert_failed(const char *file, int line, const char *what);

static struct {
    uintptr_t used_end;    /* memory up to here is taken */
    uintptr_t content_end; /* what open() keeps */
    uint8_t *source;
    uint32_t source_capacity;
    double *numbers;
    uint32_t number_capacity;
    uint32_t number_count;
    uint32_t options[SK_OPTIONS_MAX];
    uint8_t *record; /* of a match, to be replayed */
    uint32_t record_bytes;
    uint64_t replay_hash;
} module;

struct sk_wasm_room sk_wasm_room;

/* --- what a libc would bring --------------------------------------------------------------- */

/* Each becomes one instruction: -mbulk-memory. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    __builtin_memcpy(to, from, bytes);
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    __builtin_memmove(to, from, bytes);
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    __builtin_memset(to, value, bytes);
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    const uint8_t *left = a;
    const uint8_t *right = b;
    for (size_t i = 0; i < bytes; i++) {
        if (left[i] != right[i]) {
            return left[i] - right[i];
        }
    }
    return 0;
}

/* --- memory -------------------------------------------------------------------------------- */

/* Takes memory above all that is taken, growing the module's.  Returns NULL when there is none. */
static void *take_memory(size_t bytes)
{
    uintptr_t begin = module.used_end ? module.used_end : (uintptr_t)&__heap_base;
    begin = (begin + ALIGN_BYTES - 1) & ~(uintptr_t)(ALIGN_BYTES - 1);
    uintptr_t have = __builtin_wasm_memory_size(0) * PAGE_BYTES;
    if (bytes > SIZE_MAX - begin - PAGE_BYTES) {
        return NULL;
    }
    if (begin + bytes > have) {
        uintptr_t pages = (begin + bytes - have + PAGE_BYTES - 1) / PAGE_BYTES;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) {
            return NULL;
        }
    }
    module.used_end = begin + bytes;
    return (void *)begin;
}

static void *take_zeroed(size_t bytes)
{
    void *taken = take_memory(bytes);
    if (taken) {
        memset(taken, 0, bytes);
    }
    return taken;
}

/* --- content and plan ---------------------------------------------------------------------- */

uint8_t *EXPORT(sk_wasm_content_room)(uint32_t bytes)
{
    sk_assert_set_handler(sk_wasm_assert_failed);
    sk_wasm_room.is_open = false;
    module.used_end = 0;
    module.content_end = 0;
    sk_wasm_room.content = NULL;
    module.source = take_memory(bytes);
    module.source_capacity = module.source ? bytes : 0;
    return module.source;
}

int EXPORT(sk_wasm_content_load)(uint32_t bytes)
{
    const struct sk_game *game = sk_game_entry();
    if (!game->content || bytes > module.source_capacity) {
        return SK_ERR_CONFIG;
    }
    int content_bytes = game->content(module.source, bytes, NULL, 0);
    if (content_bytes < 0) {
        return content_bytes;
    }
    void *content = take_zeroed((size_t)content_bytes);
    if (!content) {
        return SK_ERR_MEMORY;
    }
    int result = game->content(module.source, bytes, content, (size_t)content_bytes);
    if (result < 0) {
        return result;
    }
    sk_wasm_room.content = content;
    module.content_end = module.used_end;
    return SK_OK;
}

uint32_t *EXPORT(sk_wasm_options)(void)
{
    return module.options;
}

/* What sk_wasm_core_draw() may answer at most. */
static uint32_t count_numbers(const struct sk_schema *schema)
{
    uint32_t count = DRAWN_HEAD + SK_FIELDS_MAX;
    for (uint32_t i = 0; i < schema->kind_count; i++) {
        /* others as of a moment in the past, and our own as of now */
        count += 2 * schema->places[i].capacity * (DRAWN_HEAD + schema->row_counts[i]);
    }
    return count;
}

static int open_view(void)
{
    struct sk_arena arena;
    size_t cost = sk_view_cost(&sk_wasm_room.plan);
    void *bytes = take_memory(cost);
    module.number_capacity = count_numbers(&sk_wasm_room.plan.schema);
    module.numbers = take_zeroed(module.number_capacity * sizeof(double));
    sk_wasm_room.predict = (struct sk_client_predict){0};
    sk_wasm_room.predict_memory = take_memory(sk_client_predict_cost(&sk_wasm_room.plan));
    sk_wasm_room.box_memory = take_memory(sk_client_box_cost(&sk_wasm_room.plan));
    if (!bytes || !module.numbers || !sk_wasm_room.predict_memory || !sk_wasm_room.box_memory) {
        return SK_ERR_MEMORY;
    }
    sk_arena_init(&arena, bytes, cost);
    return sk_view_init(&sk_wasm_room.view, &sk_wasm_room.plan, &arena);
}

int EXPORT(sk_wasm_open)(uint32_t players_max, uint32_t has_options)
{
    const struct sk_game *game = sk_game_entry();
    sk_assert_set_handler(sk_wasm_assert_failed);
    sk_wasm_room.is_open = false;
    module.used_end = module.content_end;
    module.record = NULL;
    if (game->content_name && !sk_wasm_room.content) {
        return SK_ERR_CONFIG;
    }
    int result =
        sk_plan_init(&sk_wasm_room.plan, game, players_max, has_options ? module.options : NULL);
    if (result == SK_OK) {
        result = open_view();
    }
    sk_wasm_room.is_open = result == SK_OK;
    return result;
}

uint64_t EXPORT(sk_wasm_layout_hash)(void)
{
    return sk_wasm_room.plan.layout_hash;
}

uint64_t EXPORT(sk_wasm_code_hash)(void)
{
    return sk_game_entry()->code_hash;
}

uint32_t EXPORT(sk_wasm_tick_hz)(void)
{
    return sk_wasm_room.plan.tick_hz;
}

uint32_t EXPORT(sk_wasm_snapshot_divisor)(void)
{
    return sk_wasm_room.plan.snapshot_divisor;
}

/* --- snapshots ----------------------------------------------------------------------------- */

void EXPORT(sk_wasm_resume)(uint32_t tick)
{
    if (sk_wasm_room.is_open && sk_wasm_room.view.newest_tick == 0) {
        sk_view_resume(&sk_wasm_room.view, tick);
    }
}

uint8_t *EXPORT(sk_wasm_message)(void)
{
    return sk_wasm_room.message;
}

uint32_t EXPORT(sk_wasm_newest_tick)(void)
{
    return sk_wasm_room.view.newest_tick;
}

double *EXPORT(sk_wasm_numbers)(void)
{
    return module.numbers;
}

void sk_wasm_add_number(double number)
{
    SK_ASSERT(module.number_count < module.number_capacity);
    module.numbers[module.number_count++] = number;
}

void sk_wasm_clear_numbers(void)
{
    module.number_count = 0;
}

void sk_wasm_add_entity(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                        const double *values)
{
    uint32_t count = sk_wasm_room.plan.schema.row_counts[kind] - SK_ROWS_IMPLICIT;
    (void)context;
    sk_wasm_add_number(kind);
    sk_wasm_add_number(slot);
    sk_wasm_add_number(owner);
    sk_wasm_add_number(count);
    for (uint32_t i = 0; i < count; i++) {
        sk_wasm_add_number(values[i]);
    }
}

uint32_t sk_wasm_count_numbers(void)
{
    return module.number_count;
}

void sk_wasm_add_event(const struct sk_event *event)
{
    const struct sk_event_type *type = &sk_wasm_room.plan.schema.events[event->type];
    sk_wasm_add_number(event->type);
    sk_wasm_add_number(event->tick);
    sk_wasm_add_number(event->audience == SK_TO_ALL ? -1 : event->audience);
    sk_wasm_add_number(type->field_count);
    for (uint32_t i = 0; i < type->field_count; i++) {
        sk_wasm_add_number(sk_value_of(&type->fields[i], event->values[i]));
    }
}

/* An entity of the newest snapshot, or what is drawn in that slot now where it is predicted; NULL
 * when there is none. */
static const struct sk_entity *find_newest(uint32_t kind, uint32_t slot)
{
    const struct sk_schema *schema = &sk_wasm_room.plan.schema;
    if (sk_wasm_room.predict.tick != 0) {
        return sk_client_predict_entity(&sk_wasm_room.predict, kind, slot);
    }
    const uint8_t *first =
        (const uint8_t *)sk_wasm_room.view.world + schema->places[kind].offset_bytes;
    return slot < schema->places[kind].capacity
               ? (const void *)(first + (size_t)slot * schema->kinds[kind].stride_bytes)
               : NULL;
}

uint32_t EXPORT(sk_wasm_read)(uint32_t kind, uint32_t slot)
{
    const struct sk_schema *schema = &sk_wasm_room.plan.schema;
    if (!sk_wasm_room.is_open || kind >= schema->kind_count) {
        return 0;
    }
    const struct sk_entity *entity = find_newest(kind, slot);
    if (!entity || !entity->alive) {
        return 0;
    }
    module.number_count = 0;
    for (uint32_t i = 0; i < schema->kinds[kind].field_count; i++) {
        sk_wasm_add_number(sk_member(&schema->kinds[kind].fields[i], entity));
    }
    return module.number_count;
}

/* --- inputs -------------------------------------------------------------------------------- */

struct sk_input *EXPORT(sk_wasm_input)(void)
{
    return &sk_wasm_room.input;
}

/* --- the hashes of matches ----------------------------------------------------------------- */

uint64_t EXPORT(sk_wasm_fixture)(uint32_t ticks, uint64_t seed)
{
    uintptr_t used_end = module.used_end;
    struct sk_event *events = take_memory(FIXTURE_EVENTS * sizeof(*events));
    struct sk_input *inputs = take_memory(sk_wasm_room.plan.players_max * sizeof(*inputs));
    void *world = take_zeroed(sk_wasm_room.plan.world_bytes);
    if (!sk_wasm_room.is_open || !events || !inputs || !world) {
        return 0;
    }
    struct sk_fixture fixture = {
        .plan = &sk_wasm_room.plan,
        .world = world,
        .content = sk_wasm_room.content,
        .inputs = inputs,
        .events = {.events = events, .capacity = FIXTURE_EVENTS},
        .seed = seed,
    };
    sk_fixture_start(&fixture);
    uint64_t hash = sk_fixture_run(&fixture, ticks);
    module.used_end = used_end;
    return hash;
}

uint8_t *EXPORT(sk_wasm_record)(uint32_t bytes)
{
    if (!sk_wasm_room.is_open) {
        return NULL;
    }
    module.record = take_memory(bytes);
    module.record_bytes = bytes;
    return module.record;
}

/* The ticks that came out as recorded, or an error. */
int EXPORT(sk_wasm_replay)(void)
{
    const struct sk_plan *plan = &sk_wasm_room.plan;
    struct sk_replay replay = {
        .plan = plan,
        .world = take_zeroed(plan->world_bytes),
        .content = sk_wasm_room.content,
        .inputs = take_memory(plan->players_max * sizeof(struct sk_input)),
        .events = {.events = take_memory(FIXTURE_EVENTS * sizeof(struct sk_event)),
                   .capacity = FIXTURE_EVENTS},
    };
    if (!module.record || !replay.world || !replay.inputs || !replay.events.events) {
        return SK_ERR_MEMORY;
    }
    int result = sk_replay_run(&replay, module.record, module.record_bytes);
    module.replay_hash = replay.hash;
    return result;
}

uint64_t EXPORT(sk_wasm_replay_hash)(void)
{
    return module.replay_hash;
}
