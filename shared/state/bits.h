/* bits.h - numbers as bits, least significant first, into and out of borrowed bytes.
 *
 * Bit i of a stream is bit i % 8 of byte i / 8; a number of n bits lies with its lowest bit first.
 * The inline functions are the codec's inner loop: 32 bits at a time go through an accumulator.
 *
 * Both are sticky: what does not fit, or is not there, sets a flag that the caller asks for at the
 * end.  A reader past its end gives zeros, so that loops over it must be bounded by something else.
 *
 * Memory   borrows the bytes; no access outside of them.
 */
#ifndef SK_BITS_H
#define SK_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/result.h"

struct sk_bit_writer {
    uint8_t *bytes; /* borrowed */
    size_t capacity_bytes;
    size_t used_bytes;
    uint64_t pending;       /* pending_count bits that are not in `bytes` yet; those above are 0 */
    uint32_t pending_count; /* < 32 between calls */
    bool is_full;
};

struct sk_bit_reader {
    const uint8_t *bytes; /* borrowed */
    size_t size_bytes;
    size_t used_bytes;
    uint64_t pending;
    uint32_t pending_count;
    bool is_short;
};

/* Starts an empty stream in `bytes`. */
void sk_bits_start_write(struct sk_bit_writer *writer, uint8_t *bytes, size_t capacity_bytes);
/* Starts at the first bit of `bytes`; every content is safe. */
void sk_bits_start_read(struct sk_bit_reader *reader, const uint8_t *bytes, size_t size_bytes);

/* Moves the accumulator's lower 32 bits on; for sk_bits_write() only. */
void sk_bits_spill(struct sk_bit_writer *writer);
/* Takes up to 32 bits more into the accumulator; for sk_bits_read() only. */
void sk_bits_refill(struct sk_bit_reader *reader);

/* Appends the `count` lowest bits of `value`, count 0..32; those above must be 0. */
static inline void sk_bits_write(struct sk_bit_writer *writer, uint32_t value, uint32_t count)
{
    SK_ASSERT_SLOW(count <= 32);
    SK_ASSERT_SLOW((uint64_t)value >> count == 0);
    writer->pending |= (uint64_t)value << writer->pending_count;
    writer->pending_count += count;
    if (writer->pending_count >= 32) {
        sk_bits_spill(writer);
    }
}

/* The next `count` bits, count 0..32; 0 when they are not there. */
static inline uint32_t sk_bits_read(struct sk_bit_reader *reader, uint32_t count)
{
    SK_ASSERT_SLOW(count <= 32);
    if (reader->pending_count < count) {
        sk_bits_refill(reader);
        if (reader->pending_count < count) {
            reader->is_short = true;
            reader->pending = 0;
            reader->pending_count = 0;
            return 0;
        }
    }
    uint32_t value = (uint32_t)(reader->pending & (((uint64_t)1 << count) - 1));
    reader->pending >>= count;
    reader->pending_count -= count;
    return value;
}

/* The bits that a number needs: 0 for 0. */
static inline uint32_t sk_bits_of(uint32_t number)
{
    return number == 0 ? 0 : 32 - (uint32_t)__builtin_clz(number);
}

/* A number that is mostly small (WIRE.md, "Numbers"): for n = number + 2^order, as many 1 bits as n
 * has beyond order + 1, a 0, then n without its highest bit.  n < 2^31. */
void sk_bits_write_number(struct sk_bit_writer *writer, uint32_t number, uint32_t order);
/* Reads one back.  An n of 2^31 or more, or not there, sets is_short and gives 0. */
uint32_t sk_bits_read_number(struct sk_bit_reader *reader, uint32_t order);
/* The bits that sk_bits_write_number() takes. */
uint32_t sk_bits_number_cost(uint32_t number, uint32_t order);

/* A signed number the same way: 0, -1, 1, -2 ... count as 0, 1, 2, 3 ... */
void sk_bits_write_signed(struct sk_bit_writer *writer, int32_t number, uint32_t order);
/* Reads one back. */
int32_t sk_bits_read_signed(struct sk_bit_reader *reader, uint32_t order);

/* Fills the last byte up with 0 bits.  Returns the stream's bytes, or SK_ERR_FULL. */
SK_MUST_CHECK int sk_bits_end_write(struct sk_bit_writer *writer);
/* Checks that all was there and nothing is left but 0 bits within the last byte.  Returns SK_OK,
 * SK_ERR_TRUNCATED or SK_ERR_RANGE. */
SK_MUST_CHECK int sk_bits_end_read(const struct sk_bit_reader *reader);

#endif
