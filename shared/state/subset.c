/* subset.c - see subset.h.
 *
 *   0        nobody
 *   10       everybody
 *   110      bitmap: `count` bits
 *   111      runs: out, in, out, in ... until `count` is reached; only the first may be 0
 *
 * Of one thing there is only 0 or 1, of none nothing at all.  The bits stand in the order in which
 * they are written, the first left.
 */
#include "state/subset.h"

#include "base/assert.h"
#include "base/mem.h"

enum mode { NOBODY, EVERYBODY, BITMAP, RUNS };

void sk_subset_init(struct sk_subset *subset, uint32_t count)
{
    SK_ASSERT(count <= SK_ENTITIES_MAX);
    subset->count = count;
    subset->members = 0;
    memset(subset->words, 0, (count + 63) / 64 * sizeof(subset->words[0]));
}

/* The first index from `from` on that is in (or out), or count. */
static uint32_t find(const struct sk_subset *subset, uint32_t from, bool is_in)
{
    uint64_t flip = is_in ? 0 : ~(uint64_t)0;
    for (uint32_t at = from; at < subset->count; at = (at | 63) + 1) {
        uint64_t word = (subset->words[at / 64] ^ flip) >> (at % 64);
        if (word != 0) {
            uint32_t index = at + (uint32_t)__builtin_ctzll(word);
            return index < subset->count ? index : subset->count;
        }
    }
    return subset->count;
}

/* Walks the runs; writes them when there is a writer.  Returns their bits, or `limit` + 1 as soon
 * as they are more than `limit`. */
static uint32_t walk_runs(const struct sk_subset *subset, uint32_t limit,
                          struct sk_bit_writer *writer)
{
    uint32_t bits = 0;
    bool is_in = false;
    for (uint32_t at = 0; at < subset->count; is_in = !is_in) {
        uint32_t end = find(subset, at, !is_in);
        uint32_t number = at == 0 && !is_in ? end : end - at - 1;
        bits += sk_bits_number_cost(number, 0);
        if (bits > limit) {
            return limit + 1;
        }
        if (writer) {
            sk_bits_write_number(writer, number, 0);
        }
        at = end;
    }
    return bits;
}

static bool subset_is_sound(const struct sk_subset *subset)
{
    uint32_t members = 0;
    for (uint32_t at = 0; at < subset->count; at += 64) {
        members += (uint32_t)__builtin_popcountll(subset->words[at / 64]);
    }
    return members == subset->members && members <= subset->count;
}

static enum mode mode_of(const struct sk_subset *subset)
{
    SK_ASSERT_SLOW(subset_is_sound(subset));
    if (subset->members == 0) {
        return NOBODY;
    }
    if (subset->members == subset->count) {
        return EVERYBODY;
    }
    return walk_runs(subset, subset->count, NULL) < subset->count ? RUNS : BITMAP;
}

/* --- writing ------------------------------------------------------------------------------- */

static void write_bitmap(const struct sk_subset *subset, struct sk_bit_writer *writer)
{
    for (uint32_t at = 0; at < subset->count; at += 32) {
        uint32_t left = subset->count - at;
        uint32_t half = (uint32_t)(subset->words[at / 64] >> (at % 64));
        sk_bits_write(writer, half, left < 32 ? left : 32);
    }
}

void sk_subset_write(const struct sk_subset *subset, struct sk_bit_writer *writer)
{
    if (subset->count <= 1) {
        sk_bits_write(writer, subset->members, subset->count);
        return;
    }
    switch (mode_of(subset)) {
    case NOBODY:
        sk_bits_write(writer, 0, 1);
        break;
    case EVERYBODY:
        sk_bits_write(writer, 1, 2);
        break;
    case BITMAP:
        sk_bits_write(writer, 3, 3);
        write_bitmap(subset, writer);
        break;
    case RUNS:
        sk_bits_write(writer, 7, 3);
        walk_runs(subset, subset->count, writer);
        break;
    }
}

/* --- reading ------------------------------------------------------------------------------- */

static void add_range(struct sk_subset *subset, uint32_t from, uint32_t end)
{
    SK_ASSERT(from <= end && end <= subset->count);
    subset->members += end - from;
    for (uint32_t at = from; at < end; at = (at | 63) + 1) {
        uint32_t bits = end - at < 64 - at % 64 ? end - at : 64 - at % 64;
        subset->words[at / 64] |= (~(uint64_t)0 >> (64 - bits)) << (at % 64);
    }
}

static void read_bitmap(struct sk_subset *subset, struct sk_bit_reader *reader)
{
    for (uint32_t at = 0; at < subset->count; at += 32) {
        uint32_t left = subset->count - at;
        uint64_t half = sk_bits_read(reader, left < 32 ? left : 32);
        subset->words[at / 64] |= half << (at % 64);
        subset->members += (uint32_t)__builtin_popcountll(half);
    }
}

static int read_runs(struct sk_subset *subset, struct sk_bit_reader *reader)
{
    bool is_in = false;
    for (uint32_t at = 0; at < subset->count; is_in = !is_in) {
        bool is_first = at == 0 && !is_in;
        uint32_t number = sk_bits_read_number(reader, 0);
        uint32_t left = subset->count - at;
        if (number >= left) {
            return SK_ERR_RANGE;
        }
        uint32_t end = at + number + (is_first ? 0 : 1);
        if (is_in) {
            add_range(subset, at, end);
        }
        at = end;
    }
    return SK_OK;
}

static enum mode read_mode(struct sk_bit_reader *reader)
{
    if (sk_bits_read(reader, 1) == 0) {
        return NOBODY;
    }
    if (sk_bits_read(reader, 1) == 0) {
        return EVERYBODY;
    }
    return sk_bits_read(reader, 1) == 0 ? BITMAP : RUNS;
}

static int read_members(struct sk_subset *subset, enum mode mode, struct sk_bit_reader *reader)
{
    switch (mode) {
    case NOBODY:
        return SK_OK;
    case EVERYBODY:
        add_range(subset, 0, subset->count);
        return SK_OK;
    case BITMAP:
        read_bitmap(subset, reader);
        break;
    case RUNS:
        if (read_runs(subset, reader) != SK_OK) {
            return SK_ERR_RANGE;
        }
        break;
    }
    return mode_of(subset) == mode ? SK_OK : SK_ERR_RANGE;
}

int sk_subset_read(struct sk_subset *subset, uint32_t count, struct sk_bit_reader *reader)
{
    sk_subset_init(subset, count);
    if (count <= 1) {
        if (sk_bits_read(reader, count) != 0) {
            sk_subset_add(subset, 0);
        }
        return SK_OK;
    }
    return read_members(subset, read_mode(reader), reader);
}
