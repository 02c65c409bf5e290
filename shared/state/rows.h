/* rows.h - the values of some entities of one kind, row by row (WIRE.md, "Rows").
 *
 * Column after column, because the entities of a kind change alike: of each row is told once which
 * entities have another value than in the baseline and how wide the differences are, then come the
 * differences.  New entities count as changed from all zero.
 */
#ifndef SK_ROWS_H
#define SK_ROWS_H

#include "state/bits.h"
#include "state/field.h"

/* Some slots of a kind in two frames. */
struct sk_rows {
    const struct sk_kind *kind;
    const uint32_t *from;  /* the kind's values in the baseline */
    uint32_t *to;          /* and in the frame; written when decoding, where it equals `from` */
    const uint16_t *slots; /* ascending */
    uint32_t slot_count;
    uint32_t row_count;
};

/* Appends all rows of the slots. */
void sk_rows_write(const struct sk_rows *rows, struct sk_bit_writer *writer);
/* Reads them into `to`.  Returns SK_OK, SK_ERR_TRUNCATED, or SK_ERR_RANGE for a value that its row
 * cannot have or that sk_rows_write() writes otherwise. */
SK_MUST_CHECK int sk_rows_read(const struct sk_rows *rows, struct sk_bit_reader *reader);

#endif
