/* entity.h - slots of a kind's array: taken, given back, found.
 *
 * A slot keeps its generation while it is dead, so that (slot, generation) names one life only.
 */
#ifndef SK_ENTITY_H
#define SK_ENTITY_H

#include "state/field.h"

/* Makes the dead slot `entity` (asserted) of `bytes` bytes alive and otherwise zero, with the next
 * generation.  `owner` is a player or SK_NO_OWNER. */
void sk_entity_take(void *entity, size_t bytes, uint16_t owner);
/* Makes the slot dead: all zero but its generation. */
void sk_entity_free(void *entity, size_t bytes);
/* The first dead slot of `capacity`, each `bytes` apart; NULL when all are alive. */
void *sk_entity_find_dead(void *entities, size_t bytes, uint32_t capacity);

#endif
