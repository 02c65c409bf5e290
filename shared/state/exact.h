/* exact.h - the rows that only the owner of an entity gets, as bits (WIRE.md, "Exact rows").
 *
 * A member that has a row for everybody too differs little from what that says, and many others are
 * 0: both take few bits.
 */
#ifndef SK_EXACT_H
#define SK_EXACT_H

#include "state/bits.h"
#include "state/frame.h"

/* Appends the exact rows of all entities of `world` that `player` owns. */
void sk_exact_write(const struct sk_schema *schema, const void *world, uint16_t player,
                    struct sk_bit_writer *writer);
/* Reads them; `frame` is the same snapshot's and tells who owns what.  They go into the entities of
 * `world`; NULL: they are checked and forgotten.  Returns SK_OK, SK_ERR_TRUNCATED or SK_ERR_RANGE;
 * after an error the world holds some. */
SK_MUST_CHECK int sk_exact_read(const struct sk_schema *schema, const struct sk_frame *frame,
                                uint16_t player, void *world, struct sk_bit_reader *reader);

#endif
