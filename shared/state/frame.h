/* frame.h - one snapshot's world, quantised to integers.
 *
 * The world is quantised once a snapshot tick; everything after that (deltas for any number of
 * clients, hashes, drawing) reads the frame.  Slots are in order, so an encoder walks both frames
 * side by side without a search.
 *
 * An entity has, in `values`, the implicit rows first: 0 is generation | (jump & 3) << 8 (10 bits),
 * 1 is the owner (11 bits: 0 nobody, else player + 1); then one for each quantised row.  Values of
 * dead slots are 0.
 *
 * Memory   sk_frame_init() carves from an arena; a frame never allocates later.
 * Threads  one.
 */
#ifndef SK_FRAME_H
#define SK_FRAME_H

#include "base/arena.h"
#include "state/field.h"

enum { SK_ROW_ID, SK_ROW_OWNER, SK_ROW_ID_BITS = 10, SK_ROW_OWNER_BITS = 11 };

struct sk_frame {
    uint32_t tick;
    uint32_t hash;    /* the sum of the entities' hashes: order does not matter */
    uint32_t *values; /* schema->value_count */
    uint64_t *alive;  /* schema->alive_words; bit slot % 64 of word slot / 64 */
};

/* Takes the frame's arrays from `arena`, all zero: the empty frame.  Returns SK_OK or
 * SK_ERR_MEMORY when they do not fit. */
SK_MUST_CHECK int sk_frame_init(struct sk_frame *frame, const struct sk_schema *schema,
                                struct sk_arena *arena);
/* The bytes that sk_frame_init() takes. */
size_t sk_frame_cost(const struct sk_schema *schema);

/* Quantises a whole world into `frame`, hash included. */
void sk_frame_extract(struct sk_frame *frame, const struct sk_schema *schema, const void *world,
                      uint32_t tick);
/* Writes a frame back into a world block: heads and quantised members of every slot.  A dead slot
 * is zeroed; so is one with a new generation before it is written.  Members without a row keep what
 * they hold. */
void sk_frame_apply(const struct sk_frame *frame, const struct sk_schema *schema, void *world);

/* The hash of one entity (WIRE.md, "The hash of a frame"). */
uint32_t sk_entity_hash(uint32_t kind, uint32_t slot, const uint32_t *values, uint32_t row_count);
/* Sums the hash anew from the values; a frame is sound when it equals frame->hash. */
uint32_t sk_frame_hash(const struct sk_frame *frame, const struct sk_schema *schema);
/* Makes *to equal *from; both were made for this schema. */
void sk_frame_copy(struct sk_frame *to, const struct sk_frame *from,
                   const struct sk_schema *schema);

/* Is the slot of this kind in use? */
bool sk_frame_is_alive(const struct sk_frame *frame, const struct sk_schema *schema, uint32_t kind,
                       uint32_t slot);
/* The entity's values, schema->row_counts[kind] of them. */
const uint32_t *sk_frame_entity(const struct sk_frame *frame, const struct sk_schema *schema,
                                uint32_t kind, uint32_t slot);

#endif
