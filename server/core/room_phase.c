/* room_phase.c - see room_phase.h. */
#include "room_phase.h"

#include "base/assert.h"

const char *room_phase_word(enum room_phase phase)
{
#define ROW(name, word) word,
    static const char *const words[] = {ROOM_PHASES(ROW)};
#undef ROW
    SK_ASSERT((unsigned)phase < ROOM_PHASE_COUNT);
    return words[phase];
}
