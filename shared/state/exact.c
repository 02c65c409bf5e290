/* exact.c - see exact.h.
 *
 *   0 folded    near: the difference to what is expected fits in the row's near bits
 *   1 value     all of the member's bits
 *
 * Expected is what the row for everybody of the same member says, where there is one of an integer,
 * else 0; near bits are those of half a step of it both ways, else none.  Measured on a player of
 * arena: 24.4 bytes of own part become 12.0.
 */
#include "state/exact.h"

#include "base/assert.h"
#include "base/mem.h"

enum { NEAR_BITS_MAX = 16 };

/* What a row is expected to be, and how near is near. */
struct guess {
    uint32_t expected;
    uint32_t near_bits;
    const struct sk_field *twin; /* whose value `seen` it comes from; NULL: no guess */
    uint32_t seen;
};

/* The rows of a kind that are for the owner alone are its last ones. */
static uint32_t first_exact(const struct sk_schema *schema, uint32_t kind)
{
    uint32_t first = schema->row_counts[kind] - SK_ROWS_IMPLICIT;
    SK_ASSERT(first <= schema->kinds[kind].field_count);
    return first;
}

/* The row for everybody of the same member, or NULL. */
static const struct sk_field *find_twin(const struct sk_kind *kind, const struct sk_field *exact)
{
    for (const struct sk_field *field = kind->fields; (field->flags & SK_EXACT) == 0; field++) {
        if (field->offset == exact->offset && field->type == exact->type) {
            return exact->type == SK_F32 ? NULL : field;
        }
    }
    return NULL;
}

static uint32_t bits_of_value(const struct sk_field *twin, uint32_t quantised)
{
    struct sk_field alone = *twin;
    uint32_t bits = 0;
    alone.offset = 0;
    sk_dequantise(&alone, quantised, &bits);
    return bits;
}

/* `values` are the entity's in the frame. */
static struct guess guess_row(const struct sk_kind *kind, const struct sk_field *exact,
                              const uint32_t *values)
{
    const struct sk_field *twin = find_twin(kind, exact);
    double step = twin ? sk_step_of(twin) : 0;
    if (!twin || step >= (double)(1 << NEAR_BITS_MAX)) {
        return (struct guess){0};
    }
    SK_ASSERT(twin < exact); /* rows for everybody come first */
    uint32_t seen = values[SK_ROWS_IMPLICIT + (twin - kind->fields)];
    uint32_t near_bits = step > 1 ? sk_bits_of((uint32_t)step) : 0;
    return (struct guess){bits_of_value(twin, seen), near_bits, twin, seen};
}

/* A difference of `bits` bits, signed: 0, -1, 1, -2 ... become 0, 1, 2, 3 ... */
static uint32_t fold(uint32_t expected, uint32_t value, uint32_t bits)
{
    SK_ASSERT_SLOW(bits >= 1 && bits <= 32);
    uint32_t mask = ~(uint32_t)0 >> (32 - bits);
    uint32_t difference = (value - expected) & mask;
    uint32_t sign = 0u - (difference >> (bits - 1));
    return ((difference << 1) ^ sign) & mask;
}

static uint32_t unfold(uint32_t expected, uint32_t folded, uint32_t bits)
{
    uint32_t difference = (folded >> 1) ^ (0u - (folded & 1));
    return (expected + difference) & (~(uint32_t)0 >> (32 - bits));
}

/* --- writing ------------------------------------------------------------------------------- */

static void write_row(const struct sk_field *exact, struct guess guess, const void *entity,
                      struct sk_bit_writer *writer)
{
    uint32_t value = sk_exact(exact, entity);
    SK_ASSERT((exact->flags & SK_EXACT) != 0);
    SK_ASSERT(guess.near_bits <= NEAR_BITS_MAX);
    uint32_t folded = fold(guess.expected, value, exact->bits);
    bool is_near = folded >> guess.near_bits == 0;
    sk_bits_write(writer, !is_near, 1);
    sk_bits_write(writer, is_near ? folded : value, is_near ? guess.near_bits : exact->bits);
}

static void write_entity(const struct sk_schema *schema, uint32_t kind, const void *entity,
                         struct sk_bit_writer *writer)
{
    uint32_t values[SK_ROWS_IMPLICIT + SK_FIELDS_MAX];
    const struct sk_kind *shape = &schema->kinds[kind];
    uint32_t first = first_exact(schema, kind);
    for (uint32_t i = 0; i < first; i++) {
        values[SK_ROWS_IMPLICIT + i] = sk_quantise(&shape->fields[i], entity);
    }
    for (uint32_t i = first; i < shape->field_count; i++) {
        struct guess guess = guess_row(shape, &shape->fields[i], values);
        write_row(&shape->fields[i], guess, entity, writer);
    }
}

void sk_exact_write(const struct sk_schema *schema, const void *world, uint16_t player,
                    struct sk_bit_writer *writer)
{
    SK_ASSERT(player < SK_PLAYERS_MAX);
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        const struct sk_place *place = &schema->places[kind];
        size_t stride_bytes = schema->kinds[kind].stride_bytes;
        bool has_exact = first_exact(schema, kind) < schema->kinds[kind].field_count;
        const uint8_t *at = (const uint8_t *)world + place->offset_bytes;
        for (uint32_t slot = 0; has_exact && slot < place->capacity; slot++, at += stride_bytes) {
            const struct sk_entity *entity = (const struct sk_entity *)(const void *)at;
            if (entity->alive != 0 && entity->owner == player) {
                write_entity(schema, kind, entity, writer);
            }
        }
    }
}

/* --- reading ------------------------------------------------------------------------------- */

/* Not a number that can stand in a world, or not the one that everybody sees. */
static bool is_value_bad(const struct sk_field *exact, struct guess guess, uint32_t value)
{
    if (exact->type == SK_F32) {
        return (value & 0x7f800000) == 0x7f800000;
    }
    if (!guess.twin) {
        return false;
    }
    struct sk_field alone = *guess.twin;
    alone.offset = 0;
    return sk_quantise(&alone, &value) != guess.seen;
}

static int read_row(const struct sk_field *exact, struct guess guess, uint8_t *entity,
                    struct sk_bit_reader *reader)
{
    bool is_near = sk_bits_read(reader, 1) == 0;
    uint32_t read = sk_bits_read(reader, is_near ? guess.near_bits : exact->bits);
    uint32_t value = is_near ? unfold(guess.expected, read, exact->bits) : read;
    uint32_t folded = fold(guess.expected, value, exact->bits);
    bool should_be_near = folded >> guess.near_bits == 0;
    if (reader->is_short) {
        return SK_ERR_TRUNCATED;
    }
    if (is_near != should_be_near || is_value_bad(exact, guess, value)) {
        return SK_ERR_RANGE;
    }
    if (entity) {
        sk_set_exact(exact, value, entity);
    }
    return SK_OK;
}

static int read_entity(const struct sk_schema *schema, uint32_t kind, const uint32_t *values,
                       uint8_t *entity, struct sk_bit_reader *reader)
{
    const struct sk_kind *shape = &schema->kinds[kind];
    for (uint32_t i = first_exact(schema, kind); i < shape->field_count; i++) {
        struct guess guess = guess_row(shape, &shape->fields[i], values);
        int result = read_row(&shape->fields[i], guess, entity, reader);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}

static int read_kind(const struct sk_schema *schema, uint32_t kind, const struct sk_frame *frame,
                     uint16_t player, uint8_t *world, struct sk_bit_reader *reader)
{
    const struct sk_place *place = &schema->places[kind];
    for (uint32_t slot = 0; slot < place->capacity; slot++) {
        /* The values of a dead slot are 0, and 0 is nobody. */
        const uint32_t *values = sk_frame_entity(frame, schema, kind, slot);
        if (values[SK_ROW_OWNER] != player + 1u) {
            continue;
        }
        size_t offset = place->offset_bytes + (size_t)slot * schema->kinds[kind].stride_bytes;
        int result = read_entity(schema, kind, values, world ? world + offset : NULL, reader);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}

int sk_exact_read(const struct sk_schema *schema, const struct sk_frame *frame, uint16_t player,
                  void *world, struct sk_bit_reader *reader)
{
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        if (first_exact(schema, kind) == schema->kinds[kind].field_count) {
            continue;
        }
        int result = read_kind(schema, kind, frame, player, world, reader);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}
