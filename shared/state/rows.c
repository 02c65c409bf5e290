/* rows.c - see rows.h.
 *
 * A difference is taken modulo 2^bits of its row, so that angles wrap for nothing and no value
 * needs an escape; it is folded (-1, 1, -2, 2 ... become 0, 1, 2, 3 ...: 0 cannot occur), which
 * makes small ones short.  A row has two widths in a packet, chosen by the encoder for that packet:
 * with one bit each to tell them apart, or none when they are the same.
 *
 * Measured on 64 moving entities of 4 fields, baseline the tick before, in bytes: one width that
 * all fit in 194, two 190, three 194, lengths in unary 185, Huffman codes of the lengths 176
 * without their table.  Two are the fastest to read.
 */
#include "state/rows.h"

#include "base/assert.h"
#include "state/frame.h"
#include "state/subset.h"

struct widths {
    uint32_t small;
    uint32_t large;
};

/* The bits of a row of the kind, the implicit ones included. */
static uint32_t row_bits(const struct sk_kind *kind, uint32_t row)
{
    SK_ASSERT(row < SK_ROWS_IMPLICIT + (uint32_t)kind->field_count);
    static const uint8_t implicit_bits[SK_ROWS_IMPLICIT] = {SK_ROW_ID_BITS, SK_ROW_OWNER_BITS};
    return row < SK_ROWS_IMPLICIT ? implicit_bits[row] : kind->fields[row - SK_ROWS_IMPLICIT].bits;
}

/* --- differences --------------------------------------------------------------------------- */

static uint32_t mask_of(uint32_t bits)
{
    SK_ASSERT_SLOW(bits >= 1 && bits <= 32);
    return ~(uint32_t)0 >> (32 - bits);
}

/* 0 .. 2^bits - 2 for two different values. */
static uint32_t fold(uint32_t from, uint32_t to, uint32_t bits)
{
    SK_ASSERT_SLOW(from != to);
    uint32_t difference = to - from;
    uint32_t sign = 0u - (difference >> (bits - 1) & 1);
    return (((difference << 1) ^ sign) & mask_of(bits)) - 1;
}

static uint32_t unfold(uint32_t from, uint32_t folded, uint32_t bits)
{
    uint32_t code = folded + 1;
    uint32_t difference = (code >> 1) ^ (0u - (code & 1));
    return (from + difference) & mask_of(bits);
}

/* --- widths -------------------------------------------------------------------------------- */

/* The pair that takes the fewest bits; counts[n] differences need n bits. */
static struct widths choose_widths(const uint16_t *counts, uint32_t bits, uint32_t total)
{
    struct widths best = {bits, bits};
    while (best.large > 0 && counts[best.large] == 0) {
        best.large--;
    }
    best.small = best.large;
    uint32_t best_cost = total * best.large;
    uint32_t fits = 0;
    for (uint32_t small = 0; small < best.large; small++) {
        fits += counts[small];
        uint32_t cost = total + fits * small + (total - fits) * best.large;
        if (cost < best_cost) {
            best_cost = cost;
            best.small = small;
        }
    }
    SK_ASSERT(best.small <= best.large);
    SK_ASSERT(best.large <= bits);
    return best;
}

static void write_widths(struct widths widths, uint32_t bits, struct sk_bit_writer *writer)
{
    sk_bits_write(writer, widths.large, sk_bits_of(bits));
    sk_bits_write(writer, widths.small, sk_bits_of(widths.large));
}

static int read_widths(struct widths *widths, uint32_t bits, struct sk_bit_reader *reader)
{
    widths->large = sk_bits_read(reader, sk_bits_of(bits));
    widths->small = sk_bits_read(reader, sk_bits_of(widths->large));
    return widths->large <= bits && widths->small <= widths->large ? SK_OK : SK_ERR_RANGE;
}

/* --- writing ------------------------------------------------------------------------------- */

static struct widths find_changes(const struct sk_rows *rows, uint32_t row,
                                  struct sk_subset *changed)
{
    uint16_t counts[33] = {0};
    uint32_t bits = row_bits(rows->kind, row);
    sk_subset_init(changed, rows->slot_count);
    for (uint32_t i = 0; i < rows->slot_count; i++) {
        size_t at = (size_t)rows->slots[i] * rows->row_count + row;
        if (rows->from[at] != rows->to[at]) {
            sk_subset_add(changed, i);
            counts[sk_bits_of(fold(rows->from[at], rows->to[at], bits))]++;
        }
    }
    return choose_widths(counts, bits, changed->members);
}

static void write_difference(uint32_t folded, struct widths widths, struct sk_bit_writer *writer)
{
    if (widths.small == widths.large) {
        sk_bits_write(writer, folded, widths.large);
        return;
    }
    SK_ASSERT_SLOW(widths.large == 32 || folded >> widths.large == 0);
    bool is_large = folded >> widths.small != 0;
    sk_bits_write(writer, is_large, 1);
    sk_bits_write(writer, folded, is_large ? widths.large : widths.small);
}

static void write_row(const struct sk_rows *rows, uint32_t row, struct sk_bit_writer *writer)
{
    struct sk_subset changed;
    uint32_t bits = row_bits(rows->kind, row);
    struct widths widths = find_changes(rows, row, &changed);
    sk_subset_write(&changed, writer);
    if (changed.members == 0) {
        return;
    }
    write_widths(widths, bits, writer);
    for (uint32_t word = 0; word * 64 < changed.count; word++) {
        for (uint64_t left = changed.words[word]; left != 0; left &= left - 1) {
            uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(left);
            size_t at = (size_t)rows->slots[i] * rows->row_count + row;
            write_difference(fold(rows->from[at], rows->to[at], bits), widths, writer);
        }
    }
}

void sk_rows_write(const struct sk_rows *rows, struct sk_bit_writer *writer)
{
    for (uint32_t row = 0; row < rows->row_count && rows->slot_count > 0; row++) {
        write_row(rows, row, writer);
    }
}

/* --- reading ------------------------------------------------------------------------------- */

/* Gives a value above any row's when the wrong width was used. */
static uint32_t read_difference(struct widths widths, struct sk_bit_reader *reader)
{
    if (widths.small == widths.large) {
        return sk_bits_read(reader, widths.large);
    }
    if (sk_bits_read(reader, 1) == 0) {
        return sk_bits_read(reader, widths.small);
    }
    uint32_t folded = sk_bits_read(reader, widths.large);
    return folded >> widths.small != 0 ? folded : ~(uint32_t)0;
}

static int read_values(const struct sk_rows *rows, uint32_t row, const struct sk_subset *changed,
                       struct sk_bit_reader *reader)
{
    uint32_t bits = row_bits(rows->kind, row);
    uint32_t value_max = row == SK_ROW_OWNER ? SK_PLAYERS_MAX : mask_of(bits);
    struct widths widths;
    uint32_t seen = 0;
    bool is_bad = read_widths(&widths, bits, reader) != SK_OK;
    for (uint32_t word = 0; word * 64 < changed->count && !is_bad; word++) {
        for (uint64_t left = changed->words[word]; left != 0; left &= left - 1) {
            uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(left);
            size_t at = (size_t)rows->slots[i] * rows->row_count + row;
            uint32_t folded = read_difference(widths, reader);
            uint32_t value = unfold(rows->from[at], folded, bits);
            is_bad |= folded >= mask_of(bits) || value > value_max;
            seen |= folded;
            rows->to[at] = value;
        }
    }
    return is_bad || sk_bits_of(seen) != widths.large ? SK_ERR_RANGE : SK_OK;
}

int sk_rows_read(const struct sk_rows *rows, struct sk_bit_reader *reader)
{
    struct sk_subset changed;
    for (uint32_t row = 0; row < rows->row_count && rows->slot_count > 0; row++) {
        int result = sk_subset_read(&changed, rows->slot_count, reader);
        if (result == SK_OK && changed.members > 0) {
            result = read_values(rows, row, &changed, reader);
        }
        if (reader->is_short) {
            return SK_ERR_TRUNCATED;
        }
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}
