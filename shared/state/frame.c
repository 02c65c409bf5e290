/* frame.c - see frame.h.
 *
 * Invariants, true between calls:
 *   1. The values of a dead slot are 0, so that a new entity is a change from its dead slot.
 *   2. hash is the sum of sk_entity_hash() over the entities alive.
 *   3. Bits of `alive` beyond a kind's capacity are 0.
 */
#include "state/frame.h"

#include "base/assert.h"
#include "base/mem.h"

static const uint32_t HASH_START = 0x9e3779b9;
static const uint32_t HASH_STEP = 0x85ebca6b;
static const uint32_t HASH_END = 0xc2b2ae35;

/* One kind's part of a frame and of a world. */
struct span {
    const struct sk_kind *kind;
    uint32_t *values;
    uint64_t *alive;
    size_t world_offset;
    uint32_t row_count;
    uint32_t capacity;
};

static struct span span_of(const struct sk_frame *frame, const struct sk_schema *schema,
                           uint32_t kind)
{
    SK_ASSERT(kind < schema->kind_count);
    SK_ASSERT(schema->row_counts[kind] >= SK_ROWS_IMPLICIT);
    return (struct span){
        .kind = &schema->kinds[kind],
        .values = frame->values + schema->value_starts[kind],
        .alive = frame->alive + schema->alive_starts[kind],
        .world_offset = schema->places[kind].offset_bytes,
        .row_count = schema->row_counts[kind],
        .capacity = schema->places[kind].capacity,
    };
}

size_t sk_frame_cost(const struct sk_schema *schema)
{
    return sk_arena_cost(schema->value_count * sizeof(uint32_t)) +
           sk_arena_cost(schema->alive_words * sizeof(uint64_t));
}

int sk_frame_init(struct sk_frame *frame, const struct sk_schema *schema, struct sk_arena *arena)
{
    *frame = (struct sk_frame){
        .values = sk_arena_take(arena, schema->value_count * sizeof(uint32_t)),
        .alive = sk_arena_take(arena, schema->alive_words * sizeof(uint64_t)),
    };
    return frame->values && frame->alive ? SK_OK : SK_ERR_MEMORY;
}

void sk_frame_copy(struct sk_frame *to, const struct sk_frame *from, const struct sk_schema *schema)
{
    to->tick = from->tick;
    to->hash = from->hash;
    memcpy(to->values, from->values, schema->value_count * sizeof(uint32_t));
    memcpy(to->alive, from->alive, schema->alive_words * sizeof(uint64_t));
}

/* --- the hash ------------------------------------------------------------------------------ */

uint32_t sk_entity_hash(uint32_t kind, uint32_t slot, const uint32_t *values, uint32_t row_count)
{
    uint32_t hash = HASH_START ^ (kind << 16 | slot);
    for (uint32_t i = 0; i < row_count; i++) {
        hash = (hash ^ values[i]) * HASH_STEP;
        hash ^= hash >> 13;
    }
    hash *= HASH_END;
    return hash ^ hash >> 16;
}

static uint32_t hash_kind(const struct span *span, uint32_t kind)
{
    uint32_t sum = 0;
    for (uint32_t word = 0; word * 64 < span->capacity; word++) {
        for (uint64_t left = span->alive[word]; left != 0; left &= left - 1) {
            uint32_t slot = word * 64 + (uint32_t)__builtin_ctzll(left);
            const uint32_t *values = span->values + (size_t)slot * span->row_count;
            sum += sk_entity_hash(kind, slot, values, span->row_count);
        }
    }
    return sum;
}

uint32_t sk_frame_hash(const struct sk_frame *frame, const struct sk_schema *schema)
{
    uint32_t sum = 0;
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        struct span span = span_of(frame, schema, kind);
        sum += hash_kind(&span, kind);
    }
    return sum;
}

/* The invariants of a kind that the head states; the hash is one of the whole frame. */
static bool is_span_sound(const struct span *span)
{
    for (uint32_t slot = 0; slot < span->capacity; slot++) {
        bool is_alive = (span->alive[slot / 64] >> (slot % 64) & 1) != 0;
        uint32_t seen = 0;
        for (uint32_t row = 0; row < span->row_count && !is_alive; row++) {
            seen |= span->values[(size_t)slot * span->row_count + row];
        }
        if (seen != 0) {
            return false;
        }
    }
    uint32_t left = span->capacity % 64;
    return left == 0 || span->alive[span->capacity / 64] >> left == 0;
}

static bool frame_is_sound(const struct sk_frame *frame, const struct sk_schema *schema)
{
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        struct span span = span_of(frame, schema, kind);
        if (!is_span_sound(&span)) {
            return false;
        }
    }
    return frame->hash == sk_frame_hash(frame, schema);
}

/* --- from and to a world ------------------------------------------------------------------- */

static void extract_entity(uint32_t *values, const struct span *span, const struct sk_entity *head)
{
    SK_GAME_ASSERT(head->alive == 1);
    SK_GAME_ASSERT(head->owner < SK_PLAYERS_MAX || head->owner == SK_NO_OWNER);
    values[SK_ROW_ID] = head->generation | (uint32_t)(head->jump & 3) << 8;
    values[SK_ROW_OWNER] = head->owner == SK_NO_OWNER ? 0 : head->owner + 1u;
    for (uint32_t row = SK_ROWS_IMPLICIT; row < span->row_count; row++) {
        values[row] = sk_quantise(&span->kind->fields[row - SK_ROWS_IMPLICIT], head);
        SK_ASSERT_SLOW((uint64_t)values[row] >> span->kind->fields[row - SK_ROWS_IMPLICIT].bits ==
                       0);
    }
}

static void extract_kind(const struct span *span, const uint8_t *world)
{
    const uint8_t *entity = world + span->world_offset;
    for (uint32_t slot = 0; slot < span->capacity; slot++, entity += span->kind->stride_bytes) {
        uint32_t *values = span->values + (size_t)slot * span->row_count;
        uint64_t bit = (uint64_t)1 << (slot % 64);
        if (*entity != 0) {
            span->alive[slot / 64] |= bit;
            extract_entity(values, span, (const struct sk_entity *)(const void *)entity);
        } else if ((span->alive[slot / 64] & bit) != 0) {
            span->alive[slot / 64] &= ~bit;
            memset(values, 0, span->row_count * sizeof(values[0]));
        }
    }
}

void sk_frame_extract(struct sk_frame *frame, const struct sk_schema *schema, const void *world,
                      uint32_t tick)
{
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        struct span span = span_of(frame, schema, kind);
        extract_kind(&span, world);
    }
    frame->tick = tick;
    frame->hash = sk_frame_hash(frame, schema);
    SK_ASSERT_SLOW(frame_is_sound(frame, schema));
}

static void apply_entity(struct sk_entity *head, const struct span *span, const uint32_t *values)
{
    uint8_t generation = (uint8_t)values[SK_ROW_ID];
    if (head->alive == 0 || head->generation != generation) {
        memset(head, 0, span->kind->stride_bytes);
    }
    uint32_t owner = values[SK_ROW_OWNER];
    SK_ASSERT(owner <= SK_PLAYERS_MAX);
    head->alive = 1;
    head->generation = generation;
    head->jump = (uint8_t)(values[SK_ROW_ID] >> 8);
    head->owner = owner == 0 ? SK_NO_OWNER : (uint16_t)(owner - 1);
    for (uint32_t row = SK_ROWS_IMPLICIT; row < span->row_count; row++) {
        sk_dequantise(&span->kind->fields[row - SK_ROWS_IMPLICIT], values[row], head);
    }
}

static void apply_kind(const struct span *span, uint8_t *world)
{
    uint8_t *entity = world + span->world_offset;
    for (uint32_t slot = 0; slot < span->capacity; slot++, entity += span->kind->stride_bytes) {
        if ((span->alive[slot / 64] >> (slot % 64) & 1) != 0) {
            apply_entity((struct sk_entity *)(void *)entity, span,
                         span->values + (size_t)slot * span->row_count);
        } else if (*entity != 0) {
            memset(entity, 0, span->kind->stride_bytes);
        }
    }
}

void sk_frame_apply(const struct sk_frame *frame, const struct sk_schema *schema, void *world)
{
    SK_ASSERT_SLOW(frame_is_sound(frame, schema));
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        struct span span = span_of(frame, schema, kind);
        apply_kind(&span, world);
    }
}

/* --- looking at it ------------------------------------------------------------------------- */

bool sk_frame_is_alive(const struct sk_frame *frame, const struct sk_schema *schema, uint32_t kind,
                       uint32_t slot)
{
    struct span span = span_of(frame, schema, kind);
    SK_ASSERT(slot < span.capacity);
    return (span.alive[slot / 64] >> (slot % 64) & 1) != 0;
}

const uint32_t *sk_frame_entity(const struct sk_frame *frame, const struct sk_schema *schema,
                                uint32_t kind, uint32_t slot)
{
    struct span span = span_of(frame, schema, kind);
    SK_ASSERT(slot < span.capacity);
    return span.values + (size_t)slot * span.row_count;
}
