/* seat.c - see seat.h for the states.  Invariant: join_nonce is not 0 exactly when HELD,
 * resume_nonce is not 0 exactly when TAKEN or AWAY; until_tick is 0 in all states but HELD and
 * AWAY; a bot's seat is FREE and a player's.
 */
#include "seat.h"

#include "base/assert.h"
#include "base/mem.h"

static void set_name(struct seat *seat, struct sk_text name)
{
    memset(seat->name, 0, sizeof(seat->name));
    if (name.size > 0) {
        memcpy(seat->name, name.bytes, name.size);
    }
    seat->name_bytes = (uint8_t)name.size;
}

void seat_hold(struct seat *seat, uint64_t nonce, struct sk_text name, uint32_t until_tick)
{
    SK_ASSERT(!seat_is_in_use(seat));
    SK_ASSERT(!seat->is_bot);
    SK_ASSERT(name.size <= SK_NAME_BYTES_MAX);
    SK_ASSERT(nonce != 0);
    seat->state = SEAT_HELD;
    seat->join_nonce = nonce;
    seat->until_tick = until_tick;
    set_name(seat, name);
}

enum sk_reason seat_check(const struct seat *seat, enum ticket_role role, uint64_t nonce)
{
    bool is_spare = seat->spare_nonce != 0 && seat->spare_nonce == nonce;
    if (role == TICKET_JOIN) {
        bool is_expected = seat->state == SEAT_HELD && seat->join_nonce == nonce;
        return is_expected || is_spare ? SK_REASON_NONE : SK_REASON_TICKET_USED;
    }
    if (!seat_is_in_use(seat)) {
        return SK_REASON_SEAT_GONE;
    }
    bool is_newest = seat->resume_nonce == nonce;
    return is_newest || is_spare ? SK_REASON_NONE : SK_REASON_TICKET_USED;
}

void seat_claim(struct seat *seat, uint64_t shown, uint64_t nonce)
{
    SK_ASSERT(seat->state != SEAT_FREE);
    SK_ASSERT(nonce != 0);
    SK_ASSERT(nonce != shown);
    seat->state = SEAT_TAKEN;
    seat->join_nonce = 0;
    seat->spare_nonce = shown;
    seat->resume_nonce = nonce;
    seat->until_tick = 0;
}

void seat_confirm(struct seat *seat)
{
    seat->spare_nonce = 0;
}

void seat_leave(struct seat *seat, uint32_t until_tick)
{
    SK_ASSERT(seat->state == SEAT_TAKEN);
    seat->state = SEAT_AWAY;
    seat->until_tick = until_tick;
}

void seat_free(struct seat *seat)
{
    SK_ASSERT(!seat->is_bot);
    *seat = (struct seat){.is_spectator = seat->is_spectator};
}

bool seat_is_in_use(const struct seat *seat)
{
    return seat->state == SEAT_TAKEN || seat->state == SEAT_AWAY;
}

/* What only who came can have. */
static bool are_claims_sound(const struct seat *seat)
{
    bool is_held = seat->state == SEAT_HELD;
    bool is_in_use = seat_is_in_use(seat);
    return (seat->join_nonce != 0) == is_held && (seat->resume_nonce != 0) == is_in_use &&
           (seat->command_number == 0 || is_in_use) &&
           (seat->spare_nonce == 0 || (is_in_use && seat->spare_nonce != seat->resume_nonce));
}

bool seat_is_sound(const struct seat *seat)
{
    if (seat->state >= SEAT_STATE_COUNT || seat->is_spectator > 1 || seat->is_bot > 1 ||
        seat->name_bytes > SK_NAME_BYTES_MAX || seat->name[seat->name_bytes] != '\0') {
        return false;
    }
    if (seat->is_bot && (seat->state != SEAT_FREE || seat->is_spectator)) {
        return false;
    }
    bool has_time = seat->state == SEAT_AWAY || seat->state == SEAT_HELD || seat->until_tick == 0;
    bool has_name = seat->state != SEAT_FREE || seat->name_bytes == 0;
    return are_claims_sound(seat) && has_time && has_name;
}
