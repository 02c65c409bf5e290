/* room_commands.c - see room_commands.h.
 *
 * Invariants
 *   1. A seat's answers are made and sent in the order of their commands.  So what cannot wait,
 *      for the queue of all seats is full, is refused at the tick, after what waits; and until
 *      then nothing else of that seat is let into the queue.
 *   2. Of a seat at most SK_COMMANDS_WAITING_MAX commands that want an answer are unanswered or
 *      unconfirmed, so that its box always takes a refusal.
 */
#include "room_commands.h"

#include "base/assert.h"
#include "match_fit.h"
#include "room_send.h"

static uint32_t unconfirmed(const struct room *room, uint16_t seat)
{
    return room->boxes[seat].count + command_queue_wanted(&room->commands, seat) +
           (uint32_t)__builtin_popcount(room->links[seat].refused_wants);
}

/* There is no space for it in the queue: noted, to be refused at the tick. */
static enum sk_reason note_refused(struct room *room, struct seat_link *link,
                                   const struct sk_command *command)
{
    if (link->refused_count == SK_COMMANDS_WAITING_MAX) {
        return SK_REASON_RATE_LIMIT;
    }
    link->refused_wants |= (uint32_t)command->wants_answer << link->refused_count++;
    room->has_refused_commands = true;
    return SK_REASON_NONE;
}

static enum sk_reason take(struct room *room, uint16_t seat, const struct sk_command *command)
{
    struct seat_link *link = &room->links[seat];
    if (command->wants_answer && unconfirmed(room, seat) >= SK_COMMANDS_WAITING_MAX) {
        return SK_REASON_RATE_LIMIT;
    }
    if (link->refused_count > 0) {
        return note_refused(room, link, command);
    }
    switch (command_queue_offer(&room->commands, seat, command)) {
    case COMMAND_KEPT:
        return SK_REASON_NONE;
    case COMMAND_TOO_MANY:
        return SK_REASON_RATE_LIMIT;
    case COMMAND_NO_SPACE:
        return note_refused(room, link, command);
    }
    SK_UNREACHABLE("every verdict returns");
}

enum sk_reason room_on_command(struct room *room, uint16_t seat, const struct sk_command *command)
{
    if (seat >= room->plan.players_max ||
        !match_knows_command(&room->match, command->type, command->size)) {
        return SK_REASON_COMMAND_REFUSED;
    }
    struct seat_link *link = &room->links[seat];
    if (command->number != 0 && command->number <= link->command_number) {
        return SK_REASON_NONE; /* its client could not know that it had come */
    }
    if (command->number != link->command_number + 1) {
        return SK_REASON_COMMAND_REFUSED;
    }
    enum sk_reason reason = take(room, seat, command);
    link->command_number += reason == SK_REASON_NONE;
    return reason;
}

void room_on_answered(struct room *room, uint16_t seat, uint32_t answered)
{
    if (seat < room->plan.players_max) {
        answer_box_confirm(&room->boxes[seat], answered);
    }
}

/* --- answers ------------------------------------------------------------------------------- */

static void send_answer(struct room *room, uint16_t seat, const struct sk_command_answer *answer)
{
    if (room->links[seat].connection) {
        room_send_bytes(&room->links[seat], sk_encode_answer(room->config.encoder, answer));
    }
}

/* Sends what is kept and was not sent yet, as far as there is a connection. */
static void send_kept(struct room *room, uint16_t seat)
{
    struct answer_box *box = &room->boxes[seat];
    for (uint32_t i = 0; i < box->count && room->links[seat].connection; i++) {
        struct sk_command_answer kept = answer_box_get(box, i);
        if (!box->answers[i].is_sent) {
            box->answers[i].is_sent = true;
            send_answer(room, seat, &kept);
        }
    }
}

/* Refuses in static words: kept for who wants an answer, else told once. */
static void refuse(struct room *room, uint16_t seat, uint32_t number, bool wants_answer,
                   const char *words)
{
    struct sk_text text = sk_text_of(words);
    struct sk_command_answer answer = {number, true, (const uint8_t *)text.bytes, text.size};
    if (wants_answer) {
        answer_box_refuse(&room->boxes[seat], number, words);
        send_kept(room, seat);
    } else {
        send_answer(room, seat, &answer);
    }
}

static void answer(struct room *room, const struct queued_command *command, bool is_refused)
{
    const struct sk_answer *made = match_answer(&room->match);
    struct sk_command_answer answer = {command->number, is_refused, made->bytes, made->size};
    if (is_refused && made->size == 0) {
        refuse(room, command->seat, command->number, command->wants_answer,
               "the game refused that command");
    } else if (command->wants_answer) {
        answer_box_push(&room->boxes[command->seat], &answer);
        send_kept(room, command->seat);
    } else if (is_refused) {
        send_answer(room, command->seat, &answer);
    }
}

static void enter(struct room *room, const struct queued_command *command)
{
    struct match_entry entry = {.kind = MATCH_COMMAND,
                                .seat = command->seat,
                                .command = {.type = command->type,
                                            .wants_answer = command->wants_answer,
                                            .number = command->number,
                                            .bytes = command->bytes,
                                            .size = command->size}};
    if (command->wants_answer && !answer_box_has_space(&room->boxes[command->seat])) {
        refuse(room, command->seat, command->number, true, "too many answers wait to be read");
        return;
    }
    enum match_verdict verdict = room_enter(room, &entry);
    if (verdict != MATCH_FAILED) {
        answer(room, command, verdict == MATCH_DECLINED);
    }
}

static void refuse_noted(struct room *room, uint16_t seat)
{
    struct seat_link *link = &room->links[seat];
    uint32_t first = link->command_number - link->refused_count + 1;
    for (uint32_t i = 0; i < link->refused_count; i++) {
        refuse(room, seat, first + i, link->refused_wants >> i & 1, "too many commands at once");
    }
    link->refused_count = 0;
    link->refused_wants = 0;
}

void room_enter_commands(struct room *room)
{
    uint32_t tick = match_tick(&room->match) + 1;
    for (uint32_t i = 0; i < room->commands.count && !room->failure; i++) {
        const struct queued_command *command = &room->commands.commands[i];
        room->links[command->seat].command_tick = tick;
        enter(room, command);
    }
    room->commands.count = 0;
    for (uint32_t i = 0; room->has_refused_commands && i < room->plan.players_max; i++) {
        if (room->links[i].refused_count > 0) {
            room->links[i].command_tick = tick;
            refuse_noted(room, (uint16_t)i);
        }
    }
    room->has_refused_commands = false;
}

/* --- players come and go ---------------------------------------------------------------------- */

void room_start_commands(struct room *room, uint16_t seat)
{
    room->links[seat].command_number = 0;
    room_forget_commands(room, seat);
}

void room_send_answers(struct room *room, uint16_t seat, bool is_new)
{
    if (seat >= room->plan.players_max) {
        return;
    }
    struct answer_box *box = &room->boxes[seat];
    for (uint32_t i = 0; is_new && i < box->count; i++) {
        box->answers[i].is_sent = false;
    }
    send_kept(room, seat);
}

void room_forget_commands(struct room *room, uint16_t seat)
{
    if (seat < room->plan.players_max) {
        command_queue_forget(&room->commands, seat);
        answer_box_clear(&room->boxes[seat]);
        room->links[seat].refused_count = 0;
        room->links[seat].refused_wants = 0;
    }
}
