/* toy_room.c - see toy_room.h. */
#include "support/toy_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { ENCODER_BYTES = 32 << 10, ID = 3, EPOCH = 99 };

static void toy_hmac(const uint8_t key[TICKET_KEY_BYTES], const uint8_t *bytes, size_t size,
                     uint8_t mac[32])
{
    memset(mac, key[0], 32);
    for (size_t i = 0; i < size; i++) {
        mac[i % 32] ^= bytes[i];
    }
}

const struct ticket_keys toy_room_keys = {{{1}, {2}}, {1, 2}, toy_hmac};

/* --- what the room asks for ------------------------------------------------------------------- */

static void *allocate(void *context, size_t bytes)
{
    struct toy_room *toy = context;
    toy->block_count++;
    return aligned_alloc(16, (bytes + 15) & ~(size_t)15);
}

static void release(void *context, void *block)
{
    (void)context;
    free(block);
}

static uint64_t random_bits(void *context)
{
    struct toy_room *toy = context;
    toy->random = toy->random * 6364136223846793005u + 1442695040888963407u;
    return toy->random;
}

static uint64_t now_s(void *context)
{
    const struct toy_room *toy = context;
    return toy->now_us / 1000000 + toy->later_s;
}

static void on_occupancy(void *context, const struct room *room)
{
    struct toy_room *toy = context;
    struct room_occupancy before = toy->occupancy;
    room_occupancy(room, &toy->occupancy);
    for (uint32_t i = 0; i < ROOM_SEATS_MAX; i++) {
        bool was_in_use = room_occupancy_has(&before, i);
        bool is_in_use = room_occupancy_has(&toy->occupancy, i);
        toy->taken_count += is_in_use && !was_in_use;
        toy->freed_count += was_in_use && !is_in_use;
    }
    toy->told_count++;
}

/* --- the transport ---------------------------------------------------------------------------- */

static void take_snapshot(struct peer *peer, const struct transport_message *message)
{
    static uint8_t bytes[2 * SK_SNAPSHOT_BYTES_MAX];
    struct sk_snapshot_head head;
    size_t size = message->head_bytes + message->body_bytes;
    SK_ASSERT(size <= sizeof(bytes));
    memcpy(bytes, message->head, message->head_bytes);
    memcpy(bytes + message->head_bytes, message->body, message->body_bytes);
    int result = sk_snapshot_read_head(&head, bytes, size);
    SK_ASSERT(result > 0);
    peer->unsent_max_count += peer->has_unsent;
    peer->snapshot_count++;
    peer->keyframe_count += head.baseline_ticks == 0;
    peer->baseline_ticks = head.baseline_ticks;
    peer->snapshot_bytes = size;
    peer->body = message->body;
    peer->view_result = sk_view_take(&peer->view, bytes, size);
    peer->refused_count += peer->view_result != SK_OK;
    peer->taken_count += peer->view_result == SK_OK && peer->view.own.tells_command;
    peer->has_unsent = peer->has_unsent || peer->fills_up;
}

static void take_ticket(struct peer *peer, struct sk_text text)
{
    int result = ticket_read(&peer->resume, &toy_room_keys, text.bytes, text.size, 0);
    SK_ASSERT(result == SK_OK);
}

static void take_welcome(struct peer *peer, const struct sk_welcome *welcome)
{
    peer->welcome_count++;
    peer->is_resumed = welcome->resumed;
    peer->player = welcome->player;
    peer->roster_here = 0;
    peer->answer_count = 0;
    peer->command_number = welcome->command_number;
    take_ticket(peer, welcome->resume);
}

static void take_roster(struct peer *peer, const struct sk_server_message *message)
{
    uint32_t count = message->roster.count;
    peer->roster_messages++;
    peer->roster_rows_max = count > peer->roster_rows_max ? count : peer->roster_rows_max;
    for (uint32_t i = 0; i < count; i++) {
        peer->roster_here += sk_roster_seat(message, i).state == SK_SEAT_HERE;
    }
}

static void take_answer(struct peer *peer, const struct sk_command_answer *answer)
{
    SK_ASSERT(peer->answer_count == 0 || answer->number > peer->answer.number);
    peer->answer_count++;
    peer->refused_answer_count += answer->is_refused;
    peer->answer = *answer;
    peer->answer_byte = answer->size > 0 ? answer->bytes[0] : 0;
}

static void take_message(struct peer *peer, const struct sk_server_message *message)
{
    switch (message->type) {
    case SK_SERVER_WELCOME:
        take_welcome(peer, &message->welcome);
        break;
    case SK_SERVER_ROSTER:
        take_roster(peer, message);
        break;
    case SK_SERVER_NOTICE:
        peer->notice_count++;
        peer->notice = message->notice.kind;
        break;
    case SK_SERVER_GOODBYE:
        peer->goodbye = (enum sk_reason)message->goodbye.reason;
        break;
    case SK_SERVER_RESUME:
        peer->resume_count++;
        take_ticket(peer, message->resume);
        break;
    case SK_SERVER_ANSWER:
        take_answer(peer, &message->answer);
        break;
    case SK_SERVER_PROBED:
        break;
    }
}

static void on_send(void *connection, const struct transport_message *message,
                    enum transport_delivery delivery)
{
    static _Alignas(8) uint8_t aligned[ENCODER_BYTES];
    struct peer *peer = connection;
    SK_ASSERT(!peer->is_closed);
    bool is_snapshot = sk_is_snapshot(message->head, message->head_bytes);
    SK_ASSERT(delivery == (is_snapshot ? TRANSPORT_LOSSY : TRANSPORT_RELIABLE));
    if (!peer->is_open) {
        return; /* it broke, and the room has not heard of it */
    }
    if (is_snapshot) {
        take_snapshot(peer, message);
        return;
    }
    struct sk_server_message decoded;
    SK_ASSERT(message->head_bytes <= sizeof(aligned));
    SK_ASSERT(message->body_bytes == 0);
    memcpy(aligned, message->head, message->head_bytes);
    int result = sk_server_message_decode(aligned, message->head_bytes, &decoded);
    SK_ASSERT(result == SK_OK);
    take_message(peer, &decoded);
}

static bool has_unsent(void *connection)
{
    const struct peer *peer = connection;
    return peer->has_unsent;
}

static void on_close(void *connection, enum sk_reason reason)
{
    struct peer *peer = connection;
    SK_ASSERT(!peer->is_closed);
    peer->is_closed = true;
    peer->is_open = false;
    peer->closed_for = reason;
}

static bool can_move(void *connection)
{
    const struct peer *peer = connection;
    return !peer->is_ending;
}

static void on_move(void *connection, uint32_t worker)
{
    struct peer *peer = connection;
    peer->move_count++;
    peer->moved_to = worker;
}

/* --- life ------------------------------------------------------------------------------------- */

static void open_view(struct peer *peer, const struct sk_plan *plan)
{
    struct sk_arena arena;
    size_t cost = sk_view_cost(plan);
    if (!peer->memory) {
        peer->memory = aligned_alloc(16, (cost + 15) & ~(size_t)15);
        SK_ASSERT(peer->memory != NULL);
    }
    sk_arena_init(&arena, peer->memory, cost);
    int result = sk_view_init(&peer->view, plan, &arena);
    SK_ASSERT(result == SK_OK);
}

static void on_assert(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

void toy_room_open(struct toy_room *toy, const struct toy_room_config *config)
{
    const uint32_t options[SK_OPTIONS_MAX] = {config->rocks ? config->rocks : 1};
    const char *why = NULL;
    *toy = (struct toy_room){.next_nonce = 1000};
    sk_assert_set_handler(on_assert);
    int result = sk_plan_init(&toy->plan, config->game ? config->game : &toy_game,
                              config->players_max ? config->players_max : 16,
                              config->game ? config->options : options);
    SK_ASSERT(result == SK_OK);
    toy->plan.tick_hz = config->tick_hz ? config->tick_hz : toy->plan.tick_hz;
    toy->transport =
        (struct transport){on_send, has_unsent, on_close, !config->is_lossy, can_move, on_move};
    toy->encoder = sk_encoder_create(ENCODER_BYTES);
    struct room_config room = {
        .plan = &toy->plan,
        .content = config->content,
        .id = ID,
        .epoch = EPOCH,
        .code = {'K', '3', 'V', '9', 'Q', 'Z'},
        .spectators_max = TOY_SPECTATORS,
        .bots_fill = config->bots_fill,
        .seat_seconds = config->seat_seconds ? config->seat_seconds : 30,
        .keys = &toy_room_keys,
        .encoder = toy->encoder,
        .host = {.random_bits = random_bits,
                 .now_s = now_s,
                 .on_occupancy = on_occupancy,
                 .on_phase = config->on_phase,
                 .on_entry = config->on_entry,
                 .on_shot = config->on_shot,
                 .trap = config->trap,
                 .context = toy},
        .allocator = {allocate, release, toy},
    };
    toy->room = room_create(&room, &why);
    SK_ASSERT(toy->room != NULL);
    for (uint32_t i = 0; i < TOY_PEERS; i++) {
        open_view(&toy->peers[i], &toy->plan);
    }
}

void toy_room_close(struct toy_room *toy)
{
    room_close(toy->room, SK_REASON_ROOM_CLOSED);
    room_destroy(toy->room);
    sk_encoder_destroy(toy->encoder);
    for (uint32_t i = 0; i < TOY_PEERS; i++) {
        free(toy->peers[i].memory);
    }
}

/* --- connections ------------------------------------------------------------------------------ */

enum sk_reason toy_room_show(struct toy_room *toy, uint32_t peer, const struct ticket *ticket)
{
    struct peer *shown = &toy->peers[peer];
    open_view(shown, &toy->plan);
    shown->is_open = true;
    shown->is_closed = false;
    shown->has_unsent = false;
    shown->closed_for = SK_REASON_NONE;
    shown->goodbye = SK_REASON_NONE;
    struct room_client_build build = {toy->plan.layout_hash, toy->client_code_hash};
    enum sk_reason reason =
        room_admit(toy->room, ticket, &build, shown, &toy->transport, toy->now_us);
    shown->is_open = reason == SK_REASON_NONE;
    return reason;
}

enum sk_reason toy_room_join(struct toy_room *toy, uint32_t peer, uint16_t seat)
{
    struct ticket ticket = {
        .role = TICKET_JOIN, .seat = seat, .room = ID, .epoch = EPOCH, .nonce = toy->next_nonce++};
    room_hold(toy->room, seat, ticket.nonce, sk_text_of("Ada"), TOY_HOLD_MS);
    return toy_room_show(toy, peer, &ticket);
}

void toy_room_drop(struct toy_room *toy, uint32_t peer, enum sk_reason reason)
{
    struct peer *dropped = &toy->peers[peer];
    uint16_t seat = dropped->resume.seat;
    dropped->is_open = false;
    room_drop(toy->room, seat, dropped, reason);
}

/* --- time ------------------------------------------------------------------------------------- */

uint32_t toy_room_tick(const struct toy_room *toy)
{
    return ((const struct sk_world *)room_world(toy->room))->tick;
}

void toy_room_step(struct toy_room *toy, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t due_us = room_due_us(toy->room);
        toy->now_us = due_us != UINT64_MAX ? due_us : toy->now_us + 1000000 / toy->plan.tick_hz;
        room_step(toy->room, toy->now_us);
    }
}

struct sk_client_message toy_room_inputs(const struct toy_room *toy, uint32_t peer,
                                         uint32_t buttons)
{
    return (struct sk_client_message){
        .type = SK_CLIENT_INPUTS,
        .ack = toy->peers[peer].view.newest_tick,
        .inputs = {.tick = toy_room_tick(toy) + 2, .count = 1, .inputs = {{.buttons = buttons}}}};
}

enum sk_reason toy_room_send(struct toy_room *toy, uint32_t peer,
                             const struct sk_client_message *message)
{
    struct peer *sender = &toy->peers[peer];
    struct sk_client_message sent = *message;
    if (sent.type == SK_CLIENT_COMMAND && sent.command.number == 0) {
        sent.command.number = ++sender->command_number;
    }
    return room_on_message(toy->room, sender->resume.seat, &sent, toy->now_us);
}

void toy_room_play(struct toy_room *toy, uint32_t count, uint32_t buttons)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t peer = 0; peer < TOY_PEERS; peer++) {
            struct sk_client_message message = toy_room_inputs(toy, peer, buttons);
            if (toy->peers[peer].is_open) {
                enum sk_reason reason = toy_room_send(toy, peer, &message);
                SK_ASSERT(reason == SK_REASON_NONE);
            }
        }
        toy_room_step(toy, 1);
    }
}
