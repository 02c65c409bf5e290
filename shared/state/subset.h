/* subset.h - which of n things, in as few bits as a simple code can (WIRE.md, "Subsets").
 *
 * The codec asks three times a kind (gone, new, changed) and once a row.  The answer is mostly
 * nobody or everybody, else a bitmap or runs, whichever is shorter; there is one encoding only.
 */
#ifndef SK_SUBSET_H
#define SK_SUBSET_H

#include "base/limits.h"
#include "state/bits.h"

enum { SK_SUBSET_WORDS = SK_ENTITIES_MAX / 64 };

struct sk_subset {
    uint32_t count;                  /* of all things, at most SK_ENTITIES_MAX */
    uint32_t members;                /* how many of them are in */
    uint64_t words[SK_SUBSET_WORDS]; /* bit i % 64 of word i / 64; bits from `count` on are 0 */
};

/* Makes the empty subset of `count` things. */
void sk_subset_init(struct sk_subset *subset, uint32_t count);

/* Adds thing `index`, which must not be in yet. */
static inline void sk_subset_add(struct sk_subset *subset, uint32_t index)
{
    subset->words[index / 64] |= (uint64_t)1 << (index % 64);
    subset->members++;
}

/* Is thing `index` in? */
static inline bool sk_subset_has(const struct sk_subset *subset, uint32_t index)
{
    return (subset->words[index / 64] >> (index % 64) & 1) != 0;
}

/* Appends the subset; `count` itself is not written. */
void sk_subset_write(const struct sk_subset *subset, struct sk_bit_writer *writer);
/* Reads a subset of `count` things, at most SK_ENTITIES_MAX.  Returns SK_OK, or SK_ERR_RANGE for
 * what sk_subset_write() does not write.  Past the reader's end: any subset, or SK_ERR_RANGE. */
SK_MUST_CHECK int sk_subset_read(struct sk_subset *subset, uint32_t count,
                                 struct sk_bit_reader *reader);

#endif
