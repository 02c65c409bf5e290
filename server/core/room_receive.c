/* room_receive.c - what a seat's connection says: inputs wait in its inbox, commands in the queue,
 * until the room makes entries of them at the next tick (room.h, room_on_message). */

#include "base/assert.h"
#include "room_commands.h"
#include "room_send.h"
#include "room_time.h"

enum { FUTURE_GRACE_US = 1000000 };

const void *room_seat_memory(const struct room *room, uint16_t seat, size_t *bytes)
{
    SK_ASSERT(seat < room->seat_count);
    *bytes = sizeof(room->links[seat]);
    return &room->links[seat];
}

void room_fetch_input(const struct room *room, uint16_t seat)
{
    SK_ASSERT(seat < room->seat_count);
    inbox_fetch(&room->links[seat].inbox);
}

/* May a client that has applied `ack` look at that?  Both snapshots were sent to it. */
static bool is_view_known(const struct seat_link *link, uint32_t ack, const struct sk_input *input)
{
    if (input->view_interval == 0 && input->view_fraction != 0) {
        return false;
    }
    if (input->view_tick == 0) {
        return input->view_interval == 0;
    }
    return input->view_tick <= ack && input->view_interval < input->view_tick &&
           sent_snapshots_has_sent(&link->sent, input->view_tick) &&
           sent_snapshots_has_sent(&link->sent, input->view_tick - input->view_interval);
}

/* A message with inputs. */
struct arrival {
    uint32_t ack;
    uint64_t now_us;
    bool is_overtaken; /* newer inputs came before it */
};

/* Whether there is none among the inputs that end in `tick` that is newer than all before. */
static bool is_overtaken(const struct inbox *inbox, uint32_t tick)
{
    return inbox->newest_tick != 0 && (int32_t)(tick - inbox->newest_tick) <= 0;
}

/* Offers one input and tells the client how early it came, once for each: copies say nothing, nor
 * does what was overtaken, of which the line is to blame and not the client's lead.  What comes a
 * moment after its tick was due, and is used, was in time. */
static enum inbox_verdict offer(struct room *room, struct seat_link *link, uint32_t tick,
                                const struct sk_input *input, const struct arrival *arrival)
{
    uint32_t newest_tick = link->inbox.newest_tick;
    enum inbox_verdict verdict = inbox_offer(&link->inbox, tick, arrival->ack, input);
    bool is_newest = link->inbox.newest_tick != newest_tick;
    if (!arrival->is_overtaken && (is_newest || verdict == INBOX_KEPT)) {
        int64_t margin = tick_clock_margin(&room->clock, tick, arrival->now_us);
        seat_link_add_margin(link, verdict == INBOX_KEPT && margin < 0 ? 0 : margin, is_newest);
    }
    return verdict;
}

static void count_input(struct room_counts *counts, enum inbox_verdict verdict)
{
    counts->inputs_kept += verdict == INBOX_KEPT;
    counts->inputs_copied += verdict == INBOX_COPY;
    counts->inputs_dropped += verdict == INBOX_LATE || verdict == INBOX_EARLY;
}

static enum sk_reason on_inputs(struct room *room, uint16_t seat,
                                const struct sk_client_message *message, uint64_t now_us)
{
    struct seat_link *link = &room->links[seat];
    const struct sk_inputs *inputs = &message->inputs;
    uint32_t untold_ticks = room_untold_ticks(room, link, message->ack);
    uint32_t last_tick = inputs->tick - untold_ticks;
    if (seat >= room->plan.players_max) {
        return SK_REASON_INPUT_RANGE;
    }
    SK_ASSERT(inputs->count <= SK_INPUTS_A_MESSAGE_MAX);
    struct arrival arrival = {message->ack, now_us, is_overtaken(&link->inbox, last_tick)};
    bool is_settled = now_us > link->claimed_us + FUTURE_GRACE_US && untold_ticks == 0;
    for (uint32_t i = 0; i < inputs->count; i++) {
        uint32_t tick = last_tick - (inputs->count - 1) + i;
        if (!is_view_known(link, message->ack, &inputs->inputs[i])) {
            return SK_REASON_INPUT_RANGE;
        }
        enum inbox_verdict verdict = offer(room, link, tick, &inputs->inputs[i], &arrival);
        if (verdict == INBOX_EARLY && is_settled) {
            return SK_REASON_INPUT_FUTURE;
        }
        count_input(&room->counts, verdict);
    }
    return SK_REASON_NONE;
}

static enum sk_reason on_ack(struct seat_link *link, const struct sk_client_message *message,
                             uint64_t now_us)
{
    int result = sent_snapshots_on_ack(&link->sent, message->ack, message->applied, now_us);
    return result == SK_OK ? SK_REASON_NONE : SK_REASON_ACK_UNKNOWN;
}

/* The first message shows that the Welcome arrived, and the resume ticket in it. */
static void confirm(struct room *room, uint16_t seat)
{
    struct match_entry entry = {.kind = MATCH_CONFIRM, .seat = seat};
    room->links[seat].is_confirmed = true;
    if (match_seat(&room->match, seat)->spare_nonce != 0) {
        (void)room_enter(room, &entry);
    }
}

static enum sk_reason on_message(struct room *room, uint16_t seat,
                                 const struct sk_client_message *message, uint64_t now_us)
{
    struct seat_link *link = &room->links[seat];
    enum sk_reason reason = SK_REASON_NONE;
    if (message->answered != 0) {
        room_on_answered(room, seat, message->answered);
    }
    switch (message->type) {
    case SK_CLIENT_HELLO:
        return SK_REASON_HELLO_TWICE;
    case SK_CLIENT_INPUTS:
        reason = on_ack(link, message, now_us);
        return reason == SK_REASON_NONE ? on_inputs(room, seat, message, now_us) : reason;
    case SK_CLIENT_ACK:
        return on_ack(link, message, now_us);
    case SK_CLIENT_COMMAND:
        return room_on_command(room, seat, &message->command);
    case SK_CLIENT_KEYFRAME_REQUEST:
        link->sent.wants_keyframe = true;
        return on_ack(link, message, now_us);
    case SK_CLIENT_LEAVE:
        return SK_REASON_LEFT;
    case SK_CLIENT_PROBE: /* who knows the answer has given it (player.c) */
    case SK_CLIENT_DIVERGED:
        return SK_REASON_NONE;
    }
    return SK_REASON_MALFORMED;
}

enum sk_reason room_on_message(struct room *room, uint16_t seat,
                               const struct sk_client_message *message, uint64_t now_us)
{
    SK_ASSERT(seat < room->seat_count);
    if (!room->links[seat].connection) {
        return SK_REASON_DISPLACED; /* closed by the room already */
    }
    room_drop_time(room, now_us); /* it came in the wake that finds what is overdue */
    if (!room->links[seat].is_confirmed) {
        confirm(room, seat);
    }
    return on_message(room, seat, message, now_us);
}
