/* room_seats.c - what becomes of tickets: who gets a seat, keeps it and loses it.  Its doors are
 * room_hold(), room_admit() and room_drop() in room.h.
 *
 * A HELD seat is given back by the room itself, some ticks after the hold; the lobby's reservation
 * ends by its own clock, and neither tells the other.  They may differ: while nobody has a seat the
 * room's clock stands still, and then so does a hold.  That is harmless.  Its ticket carries a time
 * of its own and is refused after it; a newer hold of the same seat takes its place; and when the
 * clock goes on, with the first who comes, the hold has the rest of its ticks.  Until then a bot
 * fewer plays, which is all that is seen of it.  A room that has HELD seats and nobody else is
 * empty to the lobby too, once the reservations are over, and is closed.
 */
#include "room_seats.h"

#include "base/assert.h"
#include "room_bots.h"
#include "room_commands.h"
#include "room_send.h"
#include "room_time.h"

void room_hold(struct room *room, uint16_t index, uint64_t nonce, struct sk_text name,
               uint32_t kept_ms)
{
    uint64_t kept_ticks = ((uint64_t)kept_ms * room->plan.tick_hz + 999) / 1000;
    struct match_entry entry = {
        .kind = MATCH_HOLD,
        .seat = index,
        .hold = {nonce, name, match_tick(&room->match) + (uint32_t)kept_ticks}};
    if (room_is_over(room) || seat_is_in_use(match_seat(&room->match, index))) {
        return; /* an older ticket was shown late: the new one will be refused */
    }
    room_clear_bot(room, index);
    if (room_enter(room, &entry) == MATCH_DONE) {
        room_balance_bots(room);
    }
    room_tell_occupancy(room);
}

/* Its ticket expired unused. */
static void end_hold(struct room *room, uint16_t index)
{
    uint64_t nonce = match_seat(&room->match, index)->join_nonce;
    struct match_entry entry = {.kind = MATCH_UNHOLD, .seat = index, .unhold = {nonce}};
    if (room_enter(room, &entry) == MATCH_DONE) {
        room_balance_bots(room);
    }
}

static void free_seat(struct room *room, uint16_t index)
{
    struct match_entry entry = {.kind = MATCH_FREE, .seat = index};
    room_forget_commands(room, index);
    if (room_enter(room, &entry) == MATCH_DONE) {
        room->used_count--;
        room_balance_bots(room);
    }
}

/* The first has come: time goes on from here. */
static void wake_clock(struct room *room, uint64_t now_us)
{
    uint64_t interval_us = 1000000u * (uint64_t)room->plan.snapshot_divisor / room->plan.tick_hz;
    tick_clock_resume(&room->clock, match_tick(&room->match) + 1, now_us, interval_us);
}

/* Why the ticket gives no seat, or SK_REASON_NONE. */
static enum sk_reason check_ticket(const struct room *room, const struct ticket *ticket,
                                   const struct room_client_build *build)
{
    if (room_is_over(room)) {
        return room->failure ? SK_REASON_ROOM_FAILED : SK_REASON_ROOM_CLOSED;
    }
    if (ticket->seat >= room->seat_count) {
        return SK_REASON_SEAT_GONE;
    }
    if (build->layout_hash != 0 && build->layout_hash != room->plan.layout_hash) {
        return SK_REASON_LAYOUT;
    }
    if (build->code_hash != 0 && build->code_hash != room->plan.game->code_hash) {
        return SK_REASON_CODE;
    }
    return seat_check(match_seat(&room->match, ticket->seat), ticket->role, ticket->nonce);
}

static bool claim_seat(struct room *room, const struct ticket *ticket)
{
    const struct room_host *host = &room->config.host;
    struct match_entry entry = {
        .kind = MATCH_CLAIM,
        .seat = ticket->seat,
        .claim = {ticket->role, ticket->nonce, host->random_bits(host->context) | 1}};
    return room_enter(room, &entry) == MATCH_DONE;
}

/* The connection has the seat, in place of the one that may have it still. */
static void attach(struct room *room, uint16_t index, bool is_new, void *connection,
                   const struct transport *transport, uint64_t now_us)
{
    struct seat_link *link = &room->links[index];
    if (link->connection) {
        room_close_link(room, link, SK_REASON_DISPLACED);
    }
    room_end_moving(room, link); /* which is told when it comes */
    seat_link_attach(link, connection, transport, now_us);
    link->dropped_before = room->clock.dropped_ticks;
    if (is_new) {
        room_start_commands(room, index);
    }
    sent_snapshots_init(&link->sent, room->plan.snapshot_divisor, room->plan.tick_hz,
                        transport->is_ordered);
    if (index < room->plan.players_max) {
        inbox_reset(&link->inbox, match_tick(&room->match) + 1);
    }
}

enum sk_reason room_admit(struct room *room, const struct ticket *ticket,
                          const struct room_client_build *build, void *connection,
                          const struct transport *transport, uint64_t now_us)
{
    enum sk_reason reason = check_ticket(room, ticket, build);
    if (reason != SK_REASON_NONE) {
        return reason;
    }
    bool is_new = match_seat(&room->match, ticket->seat)->state == SEAT_HELD;
    if (room->used_count == 0) {
        wake_clock(room, now_us);
    }
    room_drop_time(room, now_us); /* what its Welcome tells is true */
    if (!claim_seat(room, ticket)) {
        return SK_REASON_ROOM_FAILED;
    }
    attach(room, ticket->seat, is_new, connection, transport, now_us);
    room->used_count += is_new;
    room->is_occupancy_new = room->is_occupancy_new || is_new;
    room_send_welcome(room, ticket->seat, ticket->role == TICKET_RESUME);
    room_send_roster(room, &room->links[ticket->seat]);
    room_send_answers(room, ticket->seat, true);
    room_tell_occupancy(room);
    return SK_REASON_NONE;
}

static void keep_seat(struct room *room, uint16_t index)
{
    uint32_t kept_ticks = room->config.seat_seconds * room->plan.tick_hz;
    struct match_entry entry = {
        .kind = MATCH_DROP, .seat = index, .drop = {match_tick(&room->match) + kept_ticks}};
    (void)room_enter(room, &entry);
}

void room_drop(struct room *room, uint16_t index, const void *connection, enum sk_reason reason)
{
    SK_ASSERT(index < room->seat_count);
    struct seat_link *link = &room->links[index];
    const void *owner = link->connection ? link->connection : link->moving;
    if (owner && owner != connection) {
        return; /* displaced: the seat is another connection's by now */
    }
    link->connection = NULL;
    room_end_moving(room, link);
    if (room_is_over(room) || match_seat(&room->match, index)->state != SEAT_TAKEN) {
        return;
    }
    if (reason == SK_REASON_LEFT || reason == SK_REASON_KICKED || sk_reason_is_fault(reason)) {
        free_seat(room, index);
    } else {
        keep_seat(room, index);
    }
    room_tell_occupancy(room);
}

/* It has not come from the worker that it was sent from: its resume ticket brings it back. */
static void end_lost(struct room *room, uint16_t index)
{
    room_end_moving(room, &room->links[index]);
    if (match_seat(&room->match, index)->state == SEAT_TAKEN) {
        keep_seat(room, index);
    }
}

void room_free_expired(struct room *room)
{
    for (uint32_t i = 0; room->moving_count > 0 && i < room->seat_count; i++) {
        if (room->links[i].moving && match_tick(&room->match) >= room->lost_tick) {
            end_lost(room, (uint16_t)i);
        }
    }
    for (uint32_t i = 0; i < room->seat_count && !room->failure; i++) {
        const struct seat *seat = match_seat(&room->match, i);
        bool is_due = match_tick(&room->match) >= seat->until_tick;
        if (seat->state == SEAT_HELD && is_due) {
            end_hold(room, (uint16_t)i);
        } else if (seat->state == SEAT_AWAY && is_due) {
            free_seat(room, (uint16_t)i);
        }
    }
}
