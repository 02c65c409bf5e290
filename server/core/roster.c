/* roster.c - see roster.h.  Bots have call signs by seat, so that a replay names them alike. */
#include "roster.h"

#include "base/assert.h"
#include "base/mem.h"

static const char *const call_signs[] = {"Anvil", "Bramble", "Cinder", "Drift",  "Ember",   "Flint",
                                         "Gale",  "Hollow",  "Iron",   "Jackal", "Kestrel", "Lynx",
                                         "Moth",  "Nettle",  "Onyx",   "Pike"};
enum { CALL_SIGNS = sizeof(call_signs) / sizeof(call_signs[0]) };

static enum sk_seat_state state_of(const struct seat *seat)
{
    if (seat->is_bot || seat->state == SEAT_TAKEN) {
        return SK_SEAT_HERE;
    }
    return seat->state == SEAT_AWAY ? SK_SEAT_AWAY : SK_SEAT_EMPTY;
}

uint32_t roster_fill(const struct roster_seats *seats, bool is_whole, struct sk_seat *rows)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < seats->count; i++) {
        const struct seat *seat = &seats->seats[i];
        struct seat_link *link = &seats->links[i];
        enum sk_seat_state state = state_of(seat);
        bool is_wanted = is_whole ? state != SK_SEAT_EMPTY : link->is_changed;
        if (!is_whole) {
            link->is_changed = false;
        }
        if (!is_wanted) {
            continue;
        }
        SK_ASSERT(count <= i); /* rows has as many places as there are seats */
        struct sk_text name = seat->is_bot ? sk_text_of(call_signs[i % CALL_SIGNS])
                                           : (struct sk_text){seat->name, seat->name_bytes};
        rows[count++] = (struct sk_seat){(uint16_t)i, (uint8_t)state, seat->is_bot, name};
    }
    return count;
}
