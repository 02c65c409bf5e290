/* seat.c - see seat.h for the states.
 *
 * Invariants, true between calls:
 *   1. Only a TAKEN seat has a connection; the room takes it away when it closes it.
 *   2. A HELD seat waits for a nonce; a FREE one remembers neither nonce nor name.
 *   3. A bot sits on a FREE seat.
 *   4. The ticket shown last is another than the newest.
 */
#include "seat.h"

#include "base/assert.h"
#include "base/mem.h"

enum { MARGIN_NONE = INT16_MAX };

static bool is_state_sound(const struct seat *seat)
{
    switch (seat->state) {
    case SEAT_FREE:
        return seat->join_nonce == 0 && seat->resume_nonce == 0 && seat->name_bytes == 0;
    case SEAT_HELD:
        return seat->join_nonce != 0 && seat->resume_nonce == 0;
    case SEAT_TAKEN:
    case SEAT_AWAY:
        return seat->join_nonce == 0;
    }
    SK_UNREACHABLE("every state has its case");
}

static bool seat_is_sound(const struct seat *seat)
{
    bool is_named = seat->name_bytes <= SK_NAME_BYTES_MAX && seat->name[seat->name_bytes] == '\0';
    bool is_reached = seat->connection == NULL || seat->state == SEAT_TAKEN;
    bool is_spare = seat->spare_nonce == 0 || seat->spare_nonce != seat->resume_nonce;
    bool is_alone = !seat->is_bot || seat->state == SEAT_FREE;
    return is_named && is_reached && is_spare && is_alone && is_state_sound(seat);
}

void seat_hold(struct seat *seat, uint64_t nonce, const char *name, size_t name_bytes)
{
    SK_ASSERT(seat->state == SEAT_FREE || seat->state == SEAT_HELD);
    SK_ASSERT(name_bytes <= SK_NAME_BYTES_MAX);
    SK_ASSERT(nonce != 0);
    seat->state = SEAT_HELD;
    seat->join_nonce = nonce;
    memcpy(seat->name, name, name_bytes);
    seat->name[name_bytes] = '\0';
    seat->name_bytes = (uint8_t)name_bytes;
    SK_ASSERT_SLOW(seat_is_sound(seat));
}

void seat_unhold(struct seat *seat, uint64_t nonce)
{
    if (seat->state == SEAT_HELD && seat->join_nonce == nonce) {
        seat_free(seat);
    }
}

enum sk_reason seat_check(const struct seat *seat, const struct ticket *ticket)
{
    if (ticket->role == TICKET_JOIN) {
        bool is_expected = seat->state == SEAT_HELD && seat->join_nonce == ticket->nonce;
        return is_expected ? SK_REASON_NONE : SK_REASON_TICKET_USED;
    }
    if (seat->state != SEAT_TAKEN && seat->state != SEAT_AWAY) {
        return SK_REASON_SEAT_GONE;
    }
    bool is_newest = seat->resume_nonce == ticket->nonce;
    bool is_spare = seat->spare_nonce != 0 && seat->spare_nonce == ticket->nonce;
    return is_newest || is_spare ? SK_REASON_NONE : SK_REASON_TICKET_USED;
}

void seat_claim(struct seat *seat, void *connection, const struct transport *transport,
                uint64_t now_us)
{
    SK_ASSERT(connection != NULL);
    SK_ASSERT(transport != NULL);
    SK_ASSERT(seat->state != SEAT_FREE);
    SK_ASSERT(seat->connection == NULL);
    seat->state = SEAT_TAKEN;
    seat->join_nonce = 0;
    seat->connection = connection;
    seat->transport = transport;
    seat->claimed_us = now_us;
    seat->margin_sixteenths = MARGIN_NONE;
    seat->repeated = 0xff;
    seat->is_changed = true;
    SK_ASSERT_SLOW(seat_is_sound(seat));
}

void seat_renew(struct seat *seat, uint64_t shown, uint64_t nonce)
{
    SK_ASSERT(nonce != 0);
    SK_ASSERT(nonce != shown);
    SK_ASSERT(seat->state == SEAT_TAKEN);
    seat->spare_nonce = shown;
    seat->resume_nonce = nonce;
    SK_ASSERT_SLOW(seat_is_sound(seat));
}

void seat_confirm(struct seat *seat)
{
    seat->spare_nonce = 0;
}

void seat_lose(struct seat *seat, uint32_t until_tick)
{
    SK_ASSERT(seat->state == SEAT_TAKEN);
    seat->state = SEAT_AWAY;
    seat->connection = NULL;
    seat->away_until_tick = until_tick;
    seat->is_changed = true;
    SK_ASSERT_SLOW(seat_is_sound(seat));
}

void seat_free(struct seat *seat)
{
    seat->is_changed = seat->is_changed || seat->state != SEAT_HELD;
    seat->state = SEAT_FREE;
    seat->connection = NULL;
    seat->join_nonce = 0;
    seat->resume_nonce = 0;
    seat->spare_nonce = 0;
    seat->name_bytes = 0;
    seat->name[0] = '\0';
    SK_ASSERT_SLOW(seat_is_sound(seat));
}

void seat_add_margin(struct seat *seat, int64_t sixteenths)
{
    int64_t limit = MARGIN_NONE - 1;
    int64_t margin = sixteenths > limit ? limit : sixteenths < -limit ? -limit : sixteenths;
    if (margin < seat->margin_sixteenths) {
        seat->margin_sixteenths = (int16_t)margin;
    }
}

int16_t seat_take_margin(struct seat *seat)
{
    int16_t margin = seat->margin_sixteenths;
    seat->margin_sixteenths = MARGIN_NONE;
    return margin == MARGIN_NONE ? 0 : margin;
}
