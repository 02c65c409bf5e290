/* match_fit.h - whether an entry fits the state of its match.
 *
 * An entry may come from a journal, a test or a fault of ours: one that does not fit must be found
 * before anything has changed.
 *
 * Memory   none.
 * Threads  one: the room's.
 */
#ifndef MATCH_FIT_H
#define MATCH_FIT_H

#include "match.h"

/* May the entry be applied now? */
bool match_fits(const struct match *match, const struct match_entry *entry);
/* Is it an opening of a match of this plan? */
bool match_fits_opening(const struct match *match, const struct match_opening *opening);
/* Does the game know a command of this type, of so many bytes? */
bool match_knows_command(const struct match *match, uint16_t type, size_t size);

#endif
