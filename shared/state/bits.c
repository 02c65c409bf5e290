/* bits.c - see bits.h.
 *
 *            bytes                     pending
 *   |-------------------------|   |------------------|
 *    used_bytes, final            < 32 bits, the next ones
 *
 * Invariant of a writer: 32 bits are spilled at once and only when they are all there, so a spill
 * that does not fit means that the stream does not fit.
 */
#include "state/bits.h"

enum { NUMBER_BITS_MAX = 31, PENDING_BITS_MAX = 64 };

void sk_bits_start_write(struct sk_bit_writer *writer, uint8_t *bytes, size_t capacity_bytes)
{
    *writer = (struct sk_bit_writer){.bytes = bytes, .capacity_bytes = capacity_bytes};
}

void sk_bits_start_read(struct sk_bit_reader *reader, const uint8_t *bytes, size_t size_bytes)
{
    *reader = (struct sk_bit_reader){.bytes = bytes, .size_bytes = size_bytes};
}

void sk_bits_spill(struct sk_bit_writer *writer)
{
    SK_ASSERT_SLOW(writer->pending_count >= 32 && writer->pending_count < PENDING_BITS_MAX);
    SK_ASSERT_SLOW(writer->used_bytes <= writer->capacity_bytes);
    if (writer->capacity_bytes - writer->used_bytes < 4) {
        writer->is_full = true;
    } else {
        uint8_t *at = writer->bytes + writer->used_bytes;
        at[0] = (uint8_t)writer->pending;
        at[1] = (uint8_t)(writer->pending >> 8);
        at[2] = (uint8_t)(writer->pending >> 16);
        at[3] = (uint8_t)(writer->pending >> 24);
        writer->used_bytes += 4;
    }
    writer->pending >>= 32;
    writer->pending_count -= 32;
}

void sk_bits_refill(struct sk_bit_reader *reader)
{
    SK_ASSERT_SLOW(reader->pending_count <= 32);
    SK_ASSERT_SLOW(reader->used_bytes <= reader->size_bytes);
    const uint8_t *at = reader->bytes + reader->used_bytes;
    size_t left = reader->size_bytes - reader->used_bytes;
    if (left >= 4) {
        uint32_t word =
            (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        reader->pending |= (uint64_t)word << reader->pending_count;
        reader->pending_count += 32;
        reader->used_bytes += 4;
        return;
    }
    for (size_t i = 0; i < left; i++) {
        reader->pending |= (uint64_t)at[i] << reader->pending_count;
        reader->pending_count += 8;
        reader->used_bytes++;
    }
}

void sk_bits_write_number(struct sk_bit_writer *writer, uint32_t number, uint32_t order)
{
    SK_ASSERT(order < NUMBER_BITS_MAX && number < (uint32_t)1 << NUMBER_BITS_MAX);
    uint32_t shifted = number + ((uint32_t)1 << order);
    SK_ASSERT(shifted < (uint32_t)1 << NUMBER_BITS_MAX);
    uint32_t bits = sk_bits_of(shifted) - 1;
    uint32_t longer = bits - order;
    sk_bits_write(writer, ((uint32_t)1 << longer) - 1, longer + 1);
    sk_bits_write(writer, shifted ^ ((uint32_t)1 << bits), bits);
}

uint32_t sk_bits_read_number(struct sk_bit_reader *reader, uint32_t order)
{
    uint32_t bits = order;
    while (sk_bits_read(reader, 1) != 0) {
        if (++bits >= NUMBER_BITS_MAX) {
            reader->is_short = true;
            return 0;
        }
    }
    uint32_t shifted = ((uint32_t)1 << bits) | sk_bits_read(reader, bits);
    return reader->is_short ? 0 : shifted - ((uint32_t)1 << order);
}

uint32_t sk_bits_number_cost(uint32_t number, uint32_t order)
{
    return 2 * sk_bits_of(number + ((uint32_t)1 << order)) - 1 - order;
}

void sk_bits_write_signed(struct sk_bit_writer *writer, int32_t number, uint32_t order)
{
    uint32_t folded = number < 0 ? ~((uint32_t)number << 1) : (uint32_t)number << 1;
    sk_bits_write_number(writer, folded, order);
}

int32_t sk_bits_read_signed(struct sk_bit_reader *reader, uint32_t order)
{
    uint32_t folded = sk_bits_read_number(reader, order);
    int32_t half = (int32_t)(folded >> 1);
    return (folded & 1) != 0 ? -1 - half : half;
}

int sk_bits_end_write(struct sk_bit_writer *writer)
{
    uint32_t bytes = (writer->pending_count + 7) / 8;
    SK_ASSERT(writer->used_bytes <= writer->capacity_bytes);
    SK_ASSERT(writer->pending_count < 32);
    if (writer->is_full || writer->capacity_bytes - writer->used_bytes < bytes) {
        return SK_ERR_FULL;
    }
    for (uint32_t i = 0; i < bytes; i++) {
        writer->bytes[writer->used_bytes++] = (uint8_t)(writer->pending >> (8 * i));
    }
    writer->pending = 0;
    writer->pending_count = 0;
    return (int)writer->used_bytes;
}

int sk_bits_end_read(const struct sk_bit_reader *reader)
{
    if (reader->is_short) {
        return SK_ERR_TRUNCATED;
    }
    bool is_used_up = reader->used_bytes == reader->size_bytes && reader->pending_count < 8;
    return is_used_up && reader->pending == 0 ? SK_OK : SK_ERR_RANGE;
}
