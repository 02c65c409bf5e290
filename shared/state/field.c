/* field.c - the rules of a table, and a member's value on the wire's grid.
 *
 * A row's values are min + q * step for q = 0 .. 2^bits - 1, rounded to nearest, where step is
 *   SK_TURN      (max - min) / 2^bits       the last step leads back to the first
 *   otherwise    (max - min) / (2^bits - 1) both ends are on the grid,
 *                but never below 1 for an integer member: it is then carried as it is.
 *
 * Doubles serve here because + - * / are the same bits in gcc, clang and wasm.
 */
#include "state/field.h"

#include "base/assert.h"
#include "base/hash.h"
#include "base/mem.h"

enum { ALIGN_BYTES = 4 };

/* clang-format off */
static const struct {
    uint8_t bytes;
    double min;
    double max;
} types[] = {
    [SK_U8] = {1, 0, 255},                 [SK_I8] = {1, -128, 127},
    [SK_U16] = {2, 0, 65535},              [SK_I16] = {2, -32768, 32767},
    [SK_U32] = {4, 0, 4294967295.0},       [SK_I32] = {4, -2147483648.0, 2147483647.0},
    [SK_F32] = {4, -3.4e38, 3.4e38},
};
/* clang-format on */
enum { TYPE_COUNT = sizeof(types) / sizeof(types[0]) };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "worlds and exact rows");

/* --- tables -------------------------------------------------------------------------------- */

static bool is_whole(double value)
{
    return value == (double)(int64_t)value;
}

static bool is_range_good(const struct sk_field *field)
{
    double wraps = field->predictor == SK_TURN ? 1 : 0;
    if (!(field->min >= types[field->type].min) || !(field->max > field->min) ||
        !(field->max <= types[field->type].max + wraps)) {
        return false;
    }
    return field->type == SK_F32 || (is_whole(field->min) && is_whole(field->max));
}

static bool is_row_good(const struct sk_field *field, size_t head_bytes, size_t stride_bytes)
{
    if (!field->name || !field->unit || field->type >= TYPE_COUNT || field->predictor > SK_TURN) {
        return false;
    }
    size_t bytes = types[field->type].bytes;
    if (field->offset < head_bytes || field->offset + bytes > stride_bytes ||
        field->offset % bytes != 0) {
        return false;
    }
    if (field->flags & SK_EXACT) {
        return field->bits == 8 * bytes;
    }
    if ((field->flags & SK_EXTRAPOLATED) && field->predictor == SK_HOLD) {
        return false; /* it has no speed */
    }
    return field->bits >= 1 && field->bits <= 32 && is_range_good(field);
}

/* Of an entity's row: a key is a whole byte on the wire too. */
static bool is_flag_good(const struct sk_field *field)
{
    if ((field->flags & SK_KEY) != 0 &&
        (field->type != SK_U8 || field->bits != 8 || field->predictor != SK_HOLD)) {
        return false;
    }
    if ((field->flags & SK_EXACT) != 0) {
        return true;
    }
    bool is_whole_byte = field->min == 0 && field->max == UINT8_MAX;
    return (field->flags & SK_SHARED) == 0 && ((field->flags & SK_KEY) == 0 || is_whole_byte);
}

static uint32_t count_quantised(const struct sk_kind *kind)
{
    uint32_t count = 0;
    while (count < kind->field_count && !(kind->fields[count].flags & SK_EXACT)) {
        count++;
    }
    return count;
}

/* None; an exact one; or that and, before it, a quantised one of the same member, of a kind whose
 * flight drawing extrapolates. */
static bool are_keys_good(const struct sk_kind *kind)
{
    const struct sk_field *keys[] = {NULL, NULL}; /* quantised, exact */
    uint8_t flags = 0;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct sk_field *field = &kind->fields[i];
        uint32_t sort = (field->flags & SK_EXACT) != 0;
        flags |= field->flags;
        if ((field->flags & SK_KEY) != 0 && keys[sort]) {
            return false;
        }
        keys[sort] = (field->flags & SK_KEY) != 0 ? field : keys[sort];
    }
    return !keys[0] ||
           (keys[1] && keys[0]->offset == keys[1]->offset && (flags & SK_EXTRAPOLATED) != 0);
}

static bool is_kind_good(const struct sk_kind *kind)
{
    if (!kind->name || kind->field_count > SK_FIELDS_MAX ||
        kind->stride_bytes < sizeof(struct sk_entity) || kind->stride_bytes % ALIGN_BYTES != 0) {
        return false;
    }
    uint32_t quantised_count = count_quantised(kind);
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct sk_field *field = &kind->fields[i];
        bool is_exact = (field->flags & SK_EXACT) != 0;
        if (!is_row_good(field, sizeof(struct sk_entity), kind->stride_bytes) ||
            is_exact != (i >= quantised_count) || !is_flag_good(field)) {
            return false;
        }
    }
    return are_keys_good(kind);
}

static bool is_place_good(const struct sk_place *place, const struct sk_kind *kind)
{
    return place->capacity >= 1 && place->capacity <= SK_ENTITIES_MAX &&
           place->offset_bytes % ALIGN_BYTES == 0 && place->offset_bytes <= SK_WORLD_BYTES_MAX &&
           (uint64_t)place->capacity * kind->stride_bytes <=
               SK_WORLD_BYTES_MAX - place->offset_bytes;
}

int sk_schema_init(struct sk_schema *schema, const struct sk_kind *kinds, uint16_t kind_count,
                   const struct sk_place *places)
{
    *schema = (struct sk_schema){.kinds = kinds, .kind_count = kind_count};
    if (kind_count < 1 || kind_count > SK_KINDS_MAX) {
        return SK_ERR_CONFIG;
    }
    for (uint32_t i = 0; i < kind_count; i++) {
        if (!is_kind_good(&kinds[i]) || !is_place_good(&places[i], &kinds[i])) {
            return SK_ERR_CONFIG;
        }
        schema->places[i] = places[i];
        schema->row_counts[i] = SK_ROWS_IMPLICIT + count_quantised(&kinds[i]);
        schema->value_starts[i] = schema->value_count;
        schema->alive_starts[i] = schema->alive_words;
        schema->value_count += schema->row_counts[i] * places[i].capacity;
        schema->alive_words += (places[i].capacity + 63) / 64;
    }
    return SK_OK;
}

static bool is_event_good(const struct sk_event_type *event)
{
    if (!event->name || event->field_count > SK_EVENT_FIELDS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < event->field_count; i++) {
        const struct sk_field *field = &event->fields[i];
        if ((field->flags & SK_EXACT) || !is_row_good(field, 0, event->bytes)) {
            return false;
        }
    }
    return true;
}

int sk_schema_set_events(struct sk_schema *schema, const struct sk_event_type *events,
                         uint16_t event_count)
{
    if (event_count > SK_EVENT_TYPES_MAX) {
        return SK_ERR_CONFIG;
    }
    for (uint32_t i = 0; i < event_count; i++) {
        if (!is_event_good(&events[i])) {
            return SK_ERR_CONFIG;
        }
    }
    schema->events = events;
    schema->event_count = event_count;
    return SK_OK;
}

/* --- the schema's hash --------------------------------------------------------------------- */

static uint64_t hash_text(uint64_t seed, const char *text)
{
    size_t bytes = 0;
    while (text[bytes] != 0) {
        bytes++;
    }
    return sk_hash(seed, text, bytes);
}

static uint64_t hash_number(uint64_t seed, uint64_t number)
{
    return sk_mix(seed ^ sk_mix(number));
}

static uint64_t hash_real(uint64_t seed, double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof(bits));
    return hash_number(seed, bits);
}

static uint64_t hash_fields(uint64_t seed, const struct sk_field *fields, uint32_t count)
{
    uint64_t hash = hash_number(seed, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct sk_field *field = &fields[i];
        hash = hash_text(hash, field->name);
        hash = hash_text(hash, field->unit);
        hash = hash_real(hash_real(hash, field->min), field->max);
        hash = hash_number(hash, (uint64_t)field->offset << 32 | (uint64_t)field->type << 24 |
                                     (uint64_t)field->bits << 16 | (uint64_t)field->predictor << 8 |
                                     field->flags);
    }
    return hash;
}

uint64_t sk_schema_hash(const struct sk_schema *schema)
{
    uint64_t hash = hash_number(schema->kind_count, schema->event_count);
    for (uint32_t i = 0; i < schema->kind_count; i++) {
        const struct sk_kind *kind = &schema->kinds[i];
        hash = hash_text(hash, kind->name);
        hash = hash_number(hash, (uint64_t)kind->stride_bytes << 32 | schema->places[i].capacity);
        hash = hash_number(hash, schema->places[i].offset_bytes);
        hash = hash_fields(hash, kind->fields, kind->field_count);
    }
    for (uint32_t i = 0; i < schema->event_count; i++) {
        const struct sk_event_type *event = &schema->events[i];
        hash = hash_number(hash_text(hash, event->name), event->bytes);
        hash = hash_fields(hash, event->fields, event->field_count);
    }
    return hash;
}

/* --- values -------------------------------------------------------------------------------- */

static double top_of(const struct sk_field *field)
{
    return (double)(((uint64_t)1 << field->bits) - 1);
}

double sk_step_of(const struct sk_field *field)
{
    double range = field->max - field->min;
    if (field->predictor == SK_TURN) {
        return range / (top_of(field) + 1);
    }
    double step = range / top_of(field);
    return field->type != SK_F32 && step < 1 ? 1 : step;
}

uint32_t sk_exact(const struct sk_field *field, const void *entity)
{
    /* A load as wide as the member: a copy of so many bytes into a wider word, which is read next,
     * has the processor wait for its own store. */
    const uint8_t *member = (const uint8_t *)entity + field->offset;
    uint32_t word;
    uint16_t half;
    SK_ASSERT(field->type < TYPE_COUNT);
    switch (types[field->type].bytes) {
    case 1:
        return *member;
    case 2:
        memcpy(&half, member, sizeof(half));
        return half;
    default:
        memcpy(&word, member, sizeof(word));
        return word;
    }
}

void sk_set_exact(const struct sk_field *field, uint32_t bits, void *entity)
{
    SK_ASSERT(field->type < TYPE_COUNT);
    memcpy((uint8_t *)entity + field->offset, &bits, types[field->type].bytes);
}

double sk_member(const struct sk_field *field, const void *entity)
{
    uint32_t bits = sk_exact(field, entity);
    float real;
    switch ((enum sk_type)field->type) {
    case SK_U8:
    case SK_U16:
    case SK_U32:
        return (double)bits;
    case SK_I8:
        return (double)(int8_t)bits;
    case SK_I16:
        return (double)(int16_t)bits;
    case SK_I32:
        return (double)(int32_t)bits;
    case SK_F32:
        memcpy(&real, &bits, sizeof(real));
        return (double)real;
    }
    SK_UNREACHABLE("every type has its case");
}

/* Is the member whole and carried as it is?  Most are, and two divisions are saved then. */
static bool is_step_one(const struct sk_field *field, double top)
{
    return field->type != SK_F32 && field->predictor != SK_TURN && field->max - field->min <= top;
}

uint32_t sk_quantise(const struct sk_field *field, const void *entity)
{
    double value = sk_member(field, entity);
    if (!(value > field->min)) { /* a NaN too */
        return 0;
    }
    if (value > field->max) {
        value = field->max;
    }
    double top = top_of(field);
    if (is_step_one(field, top)) {
        return (uint32_t)(value - field->min);
    }
    double steps = (value - field->min) / sk_step_of(field) + 0.5;
    if (field->predictor == SK_TURN) {
        return (uint32_t)((uint64_t)steps & (uint64_t)top);
    }
    return steps >= top ? (uint32_t)top : (uint32_t)steps;
}

double sk_value_of(const struct sk_field *field, uint32_t quantised)
{
    double value = field->min + (double)quantised * sk_step_of(field);
    return value > field->max ? field->max : value;
}

void sk_set_member(const struct sk_field *field, double value, void *entity)
{
    if (field->type == SK_F32) {
        float real = (float)value;
        memcpy((uint8_t *)entity + field->offset, &real, sizeof(real));
        return;
    }
    /* Rounded upwards from min, so that the cast never sees a negative number. */
    int64_t whole = (int64_t)field->min + (int64_t)(value - field->min + 0.5);
    sk_set_exact(field, (uint32_t)whole, entity);
}

void sk_dequantise(const struct sk_field *field, uint32_t quantised, void *entity)
{
    sk_set_member(field, sk_value_of(field, quantised), entity);
}
