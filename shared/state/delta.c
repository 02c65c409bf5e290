/* delta.c - see delta.h.
 *
 * A body is, for each kind in order,
 *
 *   gone      which entities of the baseline are not there any more
 *   new       which of the other slots are in use now
 *   changed   which of the entities that stayed are not as they were
 *   rows      of the new, then of the changed
 *
 * and then the events.  A slot whose entity died and was reused in between stays: its generation is
 * a row like any other.  The hash moves along with what changed, so that entities which stand still
 * cost a comparison, and nothing when all 64 of a word do.
 */
#include "state/delta.h"

#include "base/assert.h"
#include "base/mem.h"
#include "state/rows.h"
#include "state/subset.h"

/* One kind in both frames. */
struct pair {
    const struct sk_kind *kind;
    const uint32_t *from_values;
    uint32_t *to_values;
    const uint64_t *from_alive;
    uint64_t *to_alive;
    uint32_t index;
    uint32_t row_count;
    uint32_t capacity;
};

/* Some slots, ascending. */
struct slots {
    uint32_t count;
    uint16_t list[SK_ENTITIES_MAX];
};

static struct pair pair_of(const struct sk_schema *schema, const struct sk_frame *from,
                           const struct sk_frame *to, uint32_t kind)
{
    SK_ASSERT(kind < schema->kind_count);
    SK_ASSERT(schema->places[kind].capacity <= SK_ENTITIES_MAX);
    return (struct pair){
        .kind = &schema->kinds[kind],
        .from_values = from->values + schema->value_starts[kind],
        .to_values = to->values + schema->value_starts[kind],
        .from_alive = from->alive + schema->alive_starts[kind],
        .to_alive = to->alive + schema->alive_starts[kind],
        .index = kind,
        .row_count = schema->row_counts[kind],
        .capacity = schema->places[kind].capacity,
    };
}

static struct sk_rows rows_of(const struct pair *pair, const struct slots *slots)
{
    return (struct sk_rows){
        .kind = pair->kind,
        .from = pair->from_values,
        .to = pair->to_values,
        .slots = slots->list,
        .slot_count = slots->count,
        .row_count = pair->row_count,
    };
}

/* The slots of a word that the kind has. */
static uint64_t slots_in_word(const struct pair *pair, uint32_t word)
{
    SK_ASSERT_SLOW(word * 64 < pair->capacity);
    uint32_t left = pair->capacity - word * 64;
    return left >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << left) - 1;
}

static uint32_t count_bits(uint64_t word)
{
    return (uint32_t)__builtin_popcountll(word);
}

/* --- encoding ------------------------------------------------------------------------------ */

/* Adds the slots of one word: to the subset by their rank among `domain`, to the list as they are.
 */
static void add_members(struct sk_subset *subset, struct slots *slots, uint32_t word,
                        uint64_t domain, uint64_t members)
{
    SK_ASSERT_SLOW((members & ~domain) == 0);
    for (uint64_t left = members; left != 0; left &= left - 1) {
        uint64_t below = (left & (0 - left)) - 1;
        sk_subset_add(subset, subset->count + count_bits(domain & below));
        slots->list[slots->count++] = (uint16_t)(word * 64 + (uint32_t)__builtin_ctzll(left));
    }
}

static bool is_entity_equal(const struct pair *pair, uint32_t slot)
{
    const uint32_t *from = pair->from_values + (size_t)slot * pair->row_count;
    const uint32_t *to = pair->to_values + (size_t)slot * pair->row_count;
    uint32_t differs = 0;
    for (uint32_t row = 0; row < pair->row_count; row++) {
        differs |= from[row] ^ to[row];
    }
    return differs == 0;
}

/* Which of the slots `stayed` of a word have another value. */
static uint64_t changed_in_word(const struct pair *pair, uint32_t word, uint64_t stayed)
{
    uint64_t changed = 0;
    size_t first = (size_t)word * 64 * pair->row_count;
    uint32_t slots = pair->capacity - word * 64 < 64 ? pair->capacity - word * 64 : 64;
    size_t bytes = (size_t)slots * pair->row_count * sizeof(uint32_t);
    if (stayed == 0 || memcmp(pair->from_values + first, pair->to_values + first, bytes) == 0) {
        return 0;
    }
    for (uint64_t left = stayed; left != 0; left &= left - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(left);
        changed |= (uint64_t)!is_entity_equal(pair, word * 64 + bit) << bit;
    }
    return changed;
}

enum question { GONE, NEW, CHANGED };

/* Which slots of a word are asked about, and which of them are in. */
static void ask_word(const struct pair *pair, enum question question, uint32_t word,
                     uint64_t *domain, uint64_t *members)
{
    uint64_t from = pair->from_alive[word];
    uint64_t to = pair->to_alive[word];
    switch (question) {
    case GONE:
        *domain = from;
        *members = from & ~to;
        break;
    case NEW:
        *domain = ~from & slots_in_word(pair, word);
        *members = to & ~from;
        break;
    case CHANGED:
        *domain = from & to;
        *members = changed_in_word(pair, word, from & to);
        break;
    }
}

static void write_answer(const struct pair *pair, enum question question, struct slots *slots,
                         struct sk_bit_writer *writer)
{
    struct sk_subset subset;
    uint64_t domain;
    uint64_t members;
    sk_subset_init(&subset, SK_ENTITIES_MAX);
    subset.count = 0;
    slots->count = 0;
    for (uint32_t word = 0; word * 64 < pair->capacity; word++) {
        ask_word(pair, question, word, &domain, &members);
        add_members(&subset, slots, word, domain, members);
        subset.count += count_bits(domain);
    }
    SK_ASSERT(subset.count <= pair->capacity);
    SK_ASSERT(slots->count == subset.members);
    sk_subset_write(&subset, writer);
}

static void write_kind(const struct pair *pair, struct sk_bit_writer *writer)
{
    struct slots created;
    struct slots slots;
    write_answer(pair, GONE, &slots, writer);
    write_answer(pair, NEW, &created, writer);
    write_answer(pair, CHANGED, &slots, writer);
    struct sk_rows new_rows = rows_of(pair, &created);
    struct sk_rows changed_rows = rows_of(pair, &slots);
    sk_rows_write(&new_rows, writer);
    sk_rows_write(&changed_rows, writer);
}

int sk_delta_encode(const struct sk_schema *schema, const struct sk_frame *baseline,
                    const struct sk_frame *frame, struct sk_event_list events, uint8_t *out,
                    size_t capacity)
{
    struct sk_bit_writer writer;
    SK_ASSERT_SLOW(frame->hash == sk_frame_hash(frame, schema));
    sk_bits_start_write(&writer, out, capacity);
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        struct pair pair = pair_of(schema, baseline, frame, kind);
        write_kind(&pair, &writer);
    }
    sk_event_list_write(events, schema, frame->tick, &writer);
    return sk_bits_end_write(&writer);
}

/* --- decoding ------------------------------------------------------------------------------ */

static uint32_t count_domain(const struct pair *pair, enum question question)
{
    uint32_t stayed = 0;
    for (uint32_t word = 0; word * 64 < pair->capacity; word++) {
        uint64_t to = question == CHANGED ? pair->to_alive[word] : ~(uint64_t)0;
        stayed += count_bits(pair->from_alive[word] & to);
    }
    SK_ASSERT(stayed <= pair->capacity);
    return question == NEW ? pair->capacity - stayed : stayed;
}

static uint64_t domain_of(const struct pair *pair, enum question question, uint32_t word)
{
    uint64_t from = pair->from_alive[word];
    switch (question) {
    case GONE:
        return from;
    case NEW:
        return ~from & slots_in_word(pair, word);
    case CHANGED:
        return from & pair->to_alive[word];
    }
    SK_UNREACHABLE("every question has its case");
}

static int read_answer(const struct pair *pair, enum question question, struct slots *slots,
                       struct sk_bit_reader *reader)
{
    struct sk_subset subset;
    uint32_t rank = 0;
    slots->count = 0;
    int result = sk_subset_read(&subset, count_domain(pair, question), reader);
    if (result != SK_OK || reader->is_short) {
        return reader->is_short ? SK_ERR_TRUNCATED : result;
    }
    for (uint32_t word = 0; slots->count < subset.members; word++) {
        for (uint64_t left = domain_of(pair, question, word); left != 0; left &= left - 1, rank++) {
            if (sk_subset_has(&subset, rank)) {
                slots->list[slots->count++] =
                    (uint16_t)(word * 64 + (uint32_t)__builtin_ctzll(left));
            }
        }
    }
    return SK_OK;
}

static uint32_t hash_slot(const struct pair *pair, const uint32_t *kind_values, uint32_t slot)
{
    const uint32_t *values = kind_values + (size_t)slot * pair->row_count;
    return sk_entity_hash(pair->index, slot, values, pair->row_count);
}

static int read_gone(const struct pair *pair, struct sk_frame *frame, struct sk_bit_reader *reader)
{
    struct slots gone;
    int result = read_answer(pair, GONE, &gone, reader);
    for (uint32_t i = 0; result == SK_OK && i < gone.count; i++) {
        uint32_t slot = gone.list[i];
        frame->hash -= hash_slot(pair, pair->from_values, slot);
        pair->to_alive[slot / 64] &= ~((uint64_t)1 << (slot % 64));
        memset(pair->to_values + (size_t)slot * pair->row_count, 0,
               pair->row_count * sizeof(uint32_t));
    }
    return result;
}

static int read_new(const struct pair *pair, struct slots *created, struct sk_bit_reader *reader)
{
    int result = read_answer(pair, NEW, created, reader);
    for (uint32_t i = 0; result == SK_OK && i < created->count; i++) {
        uint32_t slot = created->list[i];
        pair->to_alive[slot / 64] |= (uint64_t)1 << (slot % 64);
    }
    return result;
}

static int read_changed_rows(const struct pair *pair, const struct slots *changed,
                             struct sk_frame *frame, struct sk_bit_reader *reader)
{
    struct sk_rows rows = rows_of(pair, changed);
    int result = sk_rows_read(&rows, reader);
    for (uint32_t i = 0; result == SK_OK && i < changed->count; i++) {
        uint32_t slot = changed->list[i];
        if (is_entity_equal(pair, slot)) {
            return SK_ERR_RANGE;
        }
        frame->hash += hash_slot(pair, pair->to_values, slot);
        frame->hash -= hash_slot(pair, pair->from_values, slot);
    }
    return result;
}

static int read_new_rows(const struct pair *pair, const struct slots *created,
                         struct sk_frame *frame, struct sk_bit_reader *reader)
{
    struct sk_rows rows = rows_of(pair, created);
    int result = sk_rows_read(&rows, reader);
    for (uint32_t i = 0; result == SK_OK && i < created->count; i++) {
        frame->hash += hash_slot(pair, pair->to_values, created->list[i]);
    }
    return result;
}

static int read_kind(const struct pair *pair, struct sk_frame *frame, struct sk_bit_reader *reader)
{
    struct slots created;
    struct slots changed;
    int result = read_gone(pair, frame, reader);
    if (result == SK_OK) {
        result = read_new(pair, &created, reader);
    }
    if (result == SK_OK) {
        result = read_answer(pair, CHANGED, &changed, reader);
    }
    if (result == SK_OK) {
        result = read_new_rows(pair, &created, frame, reader);
    }
    return result == SK_OK ? read_changed_rows(pair, &changed, frame, reader) : result;
}

int sk_delta_decode(const struct sk_schema *schema, const struct sk_frame *baseline,
                    const uint8_t *bytes, size_t size, struct sk_frame *frame,
                    struct sk_events *events)
{
    struct sk_bit_reader reader;
    uint32_t tick = frame->tick;
    SK_ASSERT(frame != baseline);
    sk_frame_copy(frame, baseline, schema);
    frame->tick = tick;
    sk_bits_start_read(&reader, bytes, size);
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        struct pair pair = pair_of(schema, baseline, frame, kind);
        int result = read_kind(&pair, frame, &reader);
        if (result != SK_OK) {
            return result;
        }
    }
    int result = sk_event_list_read(events, schema, tick, SK_TO_ALL, &reader);
    SK_ASSERT_SLOW(result != SK_OK || frame->hash == sk_frame_hash(frame, schema));
    return result == SK_OK ? sk_bits_end_read(&reader) : result;
}
