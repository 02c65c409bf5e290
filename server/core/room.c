/* room.c - the life of a match.
 *
 *   messages --> inbox, command queue --> room_step --> world --> frame --> body --> transport
 *
 * Seats 0..players_max-1 are the players', spectators' come after them.  Within a tick: commands in
 * order of arrival, then bots think, then inputs in order of seats, then the game's step.
 */
#include "room.h"

#include "base/assert.h"
#include "base/mem.h"
#include "command_queue.h"
#include "roster.h"
#include "tick_clock.h"

enum { ROSTER_ROWS_MAX = 128 };
enum { FUTURE_GRACE_US = 1000000, DROP_GRACE_US = 5000000 };
enum { RESUME_SECONDS = 24 * 3600, RENEW_SECONDS = RESUME_SECONDS / 2, RENEW_CHECK_SECONDS = 60 };

struct room {
    struct room_config config;
    struct sk_plan plan;
    char code[SK_CODE_BYTES + 1];
    struct tick_clock clock;
    void *world;
    struct seat *seats;
    uint32_t seat_count; /* players_max + spectators_max */
    uint32_t used_count; /* seats that are TAKEN or AWAY */
    struct sk_input *inputs;
    struct sk_events events; /* of the step that runs */
    struct command_queue commands;
    struct sk_seat *roster; /* scratch, seat_count of them */
    struct replicate replicate;
    bool is_thinned;       /* the newest snapshot was not sent, for the room was late */
    uint64_t future_ok_us; /* until then inputs may be too early: time was dropped */
    struct room_counts counts;
};

static uint32_t world_tick(const struct room *room)
{
    return ((const struct sk_world *)room->world)->tick;
}

static void enter_phase(const struct room *room, enum room_phase phase, uint32_t tick)
{
    const struct room_host *host = &room->config.host;
    if (host->on_phase) {
        host->on_phase(host->context, room, phase, tick);
    }
}

/* --- bots ------------------------------------------------------------------------------------ */

static void seat_bot(struct room *room, uint32_t index, bool is_bot)
{
    struct seat *seat = &room->seats[index];
    const struct sk_game *game = room->plan.game;
    SK_ASSERT(seat->state == SEAT_FREE);
    SK_ASSERT(seat->is_bot != is_bot);
    seat->is_bot = is_bot;
    seat->is_changed = true;
    enter_phase(room, is_bot ? ROOM_PHASE_JOIN : ROOM_PHASE_LEAVE, world_tick(room));
    if (is_bot) {
        game->join(room->world, room->config.content, index, true);
    } else {
        game->leave(room->world, room->config.content, index);
    }
}

static uint32_t wanted_bots(const struct room *room)
{
    uint32_t people = 0;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        people += room->seats[i].state != SEAT_FREE;
    }
    uint32_t fill = room->config.bots_fill < room->plan.players_max ? room->config.bots_fill
                                                                    : room->plan.players_max;
    return fill > people ? fill - people : 0;
}

/* Bots sit at the far end, so that people's seats stay free of them as long as can be. */
static void balance_bots(struct room *room)
{
    uint32_t wanted = room->plan.game->think ? wanted_bots(room) : 0;
    uint32_t count = room_bot_count(room);
    for (uint32_t i = room->plan.players_max; i-- > 0 && count < wanted;) {
        if (room->seats[i].state == SEAT_FREE && !room->seats[i].is_bot) {
            seat_bot(room, i, true);
            count++;
        }
    }
    for (uint32_t i = 0; i < room->plan.players_max && count > wanted; i++) {
        if (room->seats[i].is_bot) {
            seat_bot(room, i, false);
            count--;
        }
    }
}

/* --- life ------------------------------------------------------------------------------------ */

static size_t room_cost(const struct sk_plan *plan, uint32_t seat_count)
{
    size_t cost = sk_arena_cost(sizeof(struct room));
    cost += sk_arena_cost(plan->world_bytes);
    cost += sk_arena_cost(seat_count * sizeof(struct seat));
    cost += sk_arena_cost(seat_count * sizeof(struct sk_seat));
    cost += sk_arena_cost(plan->players_max * sizeof(struct sk_input));
    cost += sk_arena_cost(plan->players_max * SK_INBOX_SLOTS * sizeof(struct inbox_slot));
    cost += sk_arena_cost(SK_FRAME_EVENTS_MAX * sizeof(struct sk_event));
    return cost + replicate_cost(plan);
}

static void *take(struct sk_arena *arena, size_t bytes)
{
    void *taken = sk_arena_take(arena, bytes);
    SK_ASSERT(taken != NULL); /* room_cost() counted it */
    return taken;
}

static void carve(struct room *room, struct sk_arena *arena)
{
    uint32_t players = room->plan.players_max;
    room->world = take(arena, room->plan.world_bytes);
    room->seats = take(arena, room->seat_count * sizeof(struct seat));
    room->roster = take(arena, room->seat_count * sizeof(struct sk_seat));
    room->inputs = take(arena, players * sizeof(struct sk_input));
    room->events.events = sk_arena_take_raw(arena, SK_FRAME_EVENTS_MAX * sizeof(struct sk_event));
    room->events.capacity = SK_FRAME_EVENTS_MAX;
    room->events.schema = &room->plan.schema;
    struct inbox_slot *slots = take(arena, players * SK_INBOX_SLOTS * sizeof(struct inbox_slot));
    int result = replicate_init(&room->replicate, &room->plan, arena);
    for (uint32_t i = 0; i < players && result == SK_OK; i++) {
        result = inbox_init(&room->seats[i].inbox, slots + i * SK_INBOX_SLOTS, SK_INBOX_SLOTS, 1);
    }
    SK_ASSERT(result == SK_OK); /* sizes are ours */
    for (uint32_t i = players; i < room->seat_count; i++) {
        room->seats[i].is_spectator = true;
    }
}

struct room *room_create(const struct room_config *config, const char **why)
{
    uint32_t seat_count = config->plan->players_max + config->spectators_max;
    size_t cost = room_cost(config->plan, seat_count);
    void *block = config->allocator.take(config->allocator.context, cost);
    if (!block) {
        *why = "no memory for another room";
        return NULL;
    }
    struct sk_arena arena;
    sk_arena_init(&arena, block, cost);
    struct room *room = take(&arena, sizeof(*room));
    room->config = *config;
    room->plan = *config->plan;
    room->seat_count = seat_count;
    room->clock = (struct tick_clock){config->origin_us, room->plan.tick_hz};
    memcpy(room->code, config->code, SK_CODE_BYTES);
    carve(room, &arena);
    enter_phase(room, ROOM_PHASE_START, 0);
    sk_world_start(&room->plan, room->world, config->content, config->seed, config->secret_seed);
    balance_bots(room);
    return room;
}

void room_destroy(struct room *room)
{
    if (!room) {
        return;
    }
    for (uint32_t i = 0; i < room->seat_count; i++) {
        SK_ASSERT(room->seats[i].connection == NULL);
    }
    struct sk_allocator allocator = room->config.allocator;
    allocator.give(allocator.context, room);
}

/* --- what others may know --------------------------------------------------------------------- */

uint32_t room_id(const struct room *room)
{
    return room->config.id;
}

uint64_t room_epoch(const struct room *room)
{
    return room->config.epoch;
}

const char *room_code(const struct room *room)
{
    return room->code;
}

const struct sk_game *room_game(const struct room *room)
{
    return room->plan.game;
}

uint32_t room_tick_hz(const struct room *room)
{
    return room->plan.tick_hz;
}

const void *room_world(const struct room *room)
{
    return room->world;
}

struct room_counts room_counts(const struct room *room)
{
    struct room_counts counts = room->counts;
    counts.bodies_encoded = room->replicate.encoded_count;
    counts.keyframes_encoded = room->replicate.keyframe_count;
    counts.keyframes_forced = room->replicate.forced_keyframe_count;
    counts.events_dropped = room->events.dropped_count;
    return counts;
}

static bool is_in_use(const struct seat *seat)
{
    return seat->state == SEAT_TAKEN || seat->state == SEAT_AWAY;
}

uint32_t room_player_count(const struct room *room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        count += is_in_use(&room->seats[i]);
    }
    return count;
}

uint32_t room_connected_count(const struct room *room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        count += room->seats[i].state == SEAT_TAKEN;
    }
    return count;
}

uint32_t room_bot_count(const struct room *room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        count += room->seats[i].is_bot;
    }
    return count;
}

struct sk_text room_seat_name(const struct room *room, uint16_t index)
{
    SK_ASSERT(index < room->seat_count);
    const struct seat *seat = &room->seats[index];
    return (struct sk_text){seat->name, seat->name_bytes};
}

/* --- sending ---------------------------------------------------------------------------------- */

static void send_bytes(struct seat *seat, struct sk_bytes bytes)
{
    struct transport_message message = {.head = bytes.bytes, .head_bytes = bytes.size};
    SK_ASSERT(seat->connection != NULL);
    SK_ASSERT(bytes.size > 0);
    seat->transport->send(seat->connection, &message);
}

static void send_all(struct room *room, struct sk_bytes bytes)
{
    for (uint32_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].connection) {
            send_bytes(&room->seats[i], bytes);
        }
    }
}

static void close_seat(struct room *room, struct seat *seat, enum sk_reason reason)
{
    const struct transport *transport = seat->transport;
    void *connection = seat->connection;
    send_bytes(seat, sk_encode_goodbye(room->config.encoder, (uint16_t)reason));
    seat->connection = NULL;
    transport->close(connection, reason);
}

static uint64_t wall_clock_s(const struct room *room)
{
    return room->config.host.now_s(room->config.host.context);
}

static void write_resume(struct room *room, uint16_t index, char text[TICKET_TEXT_BYTES])
{
    struct seat *seat = &room->seats[index];
    SK_ASSERT(seat->resume_nonce != 0);
    seat->ticket_s = wall_clock_s(room);
    struct ticket ticket = {.role = TICKET_RESUME,
                            .seat = index,
                            .room = room->config.id,
                            .epoch = room->config.epoch,
                            .nonce = seat->resume_nonce,
                            .expiry_s = seat->ticket_s + RESUME_SECONDS};
    ticket_write(&ticket, room->config.keys, text);
}

static void send_welcome(struct room *room, uint16_t index, bool resumed)
{
    char resume[TICKET_TEXT_BYTES];
    const struct room_config *config = &room->config;
    const struct sk_game *game = room->plan.game;
    write_resume(room, index, resume);
    struct sk_welcome welcome = {
        .version = SK_WIRE_VERSION,
        .player = index < room->plan.players_max ? index : SK_NO_OWNER,
        .players_max = (uint16_t)room->plan.players_max,
        .tick_hz = room->plan.tick_hz,
        .snapshot_divisor = room->plan.snapshot_divisor,
        .seat_seconds = (uint16_t)config->seat_seconds,
        .tick = world_tick(room),
        .epoch = config->epoch,
        .seed = config->seed,
        .layout_hash = room->plan.layout_hash,
        .code_hash = game->code_hash,
        .content_hash = config->content_hash,
        .resumed = resumed,
        .game = sk_text_of(game->name),
        .room = {room->code, SK_CODE_BYTES},
        .content = sk_text_of(config->content_path ? config->content_path : ""),
        .resume = {resume, sizeof(resume)},
    };
    memcpy(welcome.options, room->plan.options, sizeof(welcome.options));
    send_bytes(&room->seats[index], sk_encode_welcome(config->encoder, &welcome));
}

/* In parts, so that no message is large however many seats there are. */
static void send_roster(struct room *room, struct seat *to)
{
    uint32_t count = roster_fill(room->seats, room->plan.players_max, to != NULL, room->roster);
    for (uint32_t from = 0; from < count; from += ROSTER_ROWS_MAX) {
        uint32_t rows = count - from < ROSTER_ROWS_MAX ? count - from : ROSTER_ROWS_MAX;
        struct sk_bytes bytes = sk_encode_roster(room->config.encoder, room->roster + from, rows);
        if (to) {
            send_bytes(to, bytes);
        } else {
            send_all(room, bytes);
        }
    }
}

static void send_snapshot(struct room *room, uint16_t index, uint64_t now_us)
{
    uint8_t head[SK_PRIVATE_BYTES_MAX + 32];
    struct seat *seat = &room->seats[index];
    if (outbox_unacked_ms(&seat->outbox, now_us) > SK_ACK_TIMEOUT_MS) {
        close_seat(room, seat, SK_REASON_SLOW_READER);
        return;
    }
    if (seat->transport->has_unsent(seat->connection)) {
        room->counts.snapshots_held_unsent++;
        return;
    }
    if (!outbox_may_send(&seat->outbox)) {
        room->counts.snapshots_held_unacked++;
        return;
    }
    uint32_t baseline_tick = outbox_baseline(&seat->outbox, room->replicate.oldest_tick);
    const struct replicate_body *body = replicate_body(&room->replicate, baseline_tick);
    struct sk_private private = {.input_tick = seat->inbox.newest_tick,
                                 .margin_sixteenths = seat_take_margin(seat),
                                 .repeated = seat->repeated,
                                 .has_player = !seat->is_spectator,
                                 .player = index};
    int head_bytes = body ? replicate_write_head(&room->replicate, body, room->world, &private,
                                                 head, sizeof(head))
                          : SK_ERR_FULL;
    if (head_bytes < 0) {
        close_seat(room, seat, SK_REASON_INTERNAL); /* a world too large for a snapshot */
        return;
    }
    struct transport_message message = {head, (size_t)head_bytes, body->bytes, body->size};
    seat->transport->send(seat->connection, &message);
    outbox_on_sent(&seat->outbox, room->replicate.newest_tick, now_us);
    room->counts.snapshots_sent++;
    room->counts.snapshot_bytes += message.head_bytes + message.body_bytes;
}

static void send_snapshots(struct room *room, uint64_t now_us)
{
    for (uint32_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].connection) {
            send_snapshot(room, (uint16_t)i, now_us);
        }
    }
}

/* --- seats ------------------------------------------------------------------------------------ */

void room_hold(struct room *room, uint16_t index, uint64_t nonce, const char *name,
               size_t name_bytes)
{
    SK_ASSERT(index < room->seat_count);
    struct seat *seat = &room->seats[index];
    if (is_in_use(seat)) {
        return; /* its hello and the lobby's patience crossed: the new ticket will be refused */
    }
    if (seat->is_bot) {
        seat_bot(room, index, false);
    }
    seat_hold(seat, nonce, name, name_bytes);
    balance_bots(room);
}

void room_unhold(struct room *room, uint16_t index, uint64_t nonce)
{
    SK_ASSERT(index < room->seat_count);
    seat_unhold(&room->seats[index], nonce);
    balance_bots(room);
}

static void free_seat(struct room *room, uint16_t index)
{
    struct seat *seat = &room->seats[index];
    SK_ASSERT(is_in_use(seat));
    command_queue_forget(&room->commands, index);
    if (!seat->is_spectator) {
        enter_phase(room, ROOM_PHASE_LEAVE, world_tick(room));
        room->plan.game->leave(room->world, room->config.content, index);
    }
    seat_free(seat);
    room->used_count--;
    room->config.host.on_seat_freed(room->config.host.context, room, index);
    balance_bots(room);
}

/* The first has come: time goes on from here. */
static void wake_clock(struct room *room, uint64_t now_us)
{
    uint64_t interval_us = 1000000u * (uint64_t)room->plan.snapshot_divisor / room->plan.tick_hz;
    tick_clock_go_on(&room->clock, world_tick(room) + 1, now_us, interval_us);
}

enum sk_reason room_admit(struct room *room, const struct ticket *ticket, uint64_t layout_hash,
                          void *connection, const struct transport *transport, uint64_t now_us)
{
    uint16_t index = ticket->seat;
    if (index >= room->seat_count) {
        return SK_REASON_SEAT_GONE;
    }
    if (layout_hash != 0 && layout_hash != room->plan.layout_hash) {
        return SK_REASON_LAYOUT;
    }
    struct seat *seat = &room->seats[index];
    enum sk_reason reason = seat_check(seat, ticket);
    if (reason != SK_REASON_NONE) {
        return reason;
    }
    bool is_new = seat->state == SEAT_HELD;
    if (room->used_count == 0) {
        wake_clock(room, now_us);
    }
    if (seat->connection) {
        close_seat(room, seat, SK_REASON_DISPLACED);
    }
    seat_claim(seat, connection, transport, now_us);
    outbox_init(&seat->outbox, room->plan.snapshot_divisor, room->plan.tick_hz,
                transport->is_ordered);
    seat_renew(seat, is_new ? 0 : ticket->nonce,
               room->config.host.random_bits(room->config.host.context) | 1);
    if (!seat->is_spectator) {
        inbox_reset(&seat->inbox, world_tick(room) + 1);
    }
    if (is_new && !seat->is_spectator) {
        enter_phase(room, ROOM_PHASE_JOIN, world_tick(room));
        room->plan.game->join(room->world, room->config.content, index, false);
    }
    if (is_new) {
        room->used_count++;
        room->config.host.on_seat_taken(room->config.host.context, room, index);
    }
    send_welcome(room, index, !is_new);
    send_roster(room, seat);
    return SK_REASON_NONE;
}

void room_drop(struct room *room, uint16_t index, const void *connection, enum sk_reason reason)
{
    SK_ASSERT(index < room->seat_count);
    struct seat *seat = &room->seats[index];
    if (seat->connection && seat->connection != connection) {
        return; /* displaced: the seat is another connection's by now */
    }
    if (seat->state != SEAT_TAKEN) {
        return;
    }
    seat_lose(seat, world_tick(room) + room->config.seat_seconds * room->plan.tick_hz);
    if (reason == SK_REASON_LEFT || reason == SK_REASON_KICKED || sk_reason_is_fault(reason)) {
        free_seat(room, index);
    }
}

static void free_expired(struct room *room)
{
    for (uint32_t i = 0; i < room->seat_count; i++) {
        struct seat *seat = &room->seats[i];
        if (seat->state == SEAT_AWAY && world_tick(room) >= seat->away_until_tick) {
            free_seat(room, (uint16_t)i);
        }
    }
}

/* --- messages --------------------------------------------------------------------------------- */

static bool is_view_known(const struct room *room, const struct sk_input *input)
{
    return input->view_tick <= room->replicate.newest_tick;
}

static enum sk_reason on_inputs(struct room *room, struct seat *seat,
                                const struct sk_inputs *inputs, uint64_t now_us)
{
    if (seat->is_spectator) {
        return SK_REASON_INPUT_RANGE;
    }
    SK_ASSERT(inputs->count <= SK_INPUTS_A_MESSAGE_MAX);
    bool is_settled = now_us > seat->claimed_us + FUTURE_GRACE_US && now_us > room->future_ok_us;
    for (uint32_t i = 0; i < inputs->count; i++) {
        uint32_t tick = inputs->tick - (inputs->count - 1) + i;
        if (!is_view_known(room, &inputs->inputs[i])) {
            return SK_REASON_INPUT_RANGE;
        }
        enum inbox_verdict verdict = inbox_offer(&seat->inbox, tick, &inputs->inputs[i]);
        if (verdict == INBOX_EARLY && is_settled) {
            return SK_REASON_INPUT_FUTURE;
        }
        room->counts.inputs_kept += verdict == INBOX_KEPT;
        room->counts.inputs_dropped += verdict != INBOX_KEPT;
    }
    seat_add_margin(seat, tick_clock_margin(&room->clock, inputs->tick, now_us));
    return SK_REASON_NONE;
}

static void refuse_command(struct room *room, struct seat *seat, struct sk_text why)
{
    struct sk_notice notice = {.kind = SK_NOTICE_COMMAND_REFUSED, .text = why};
    if (seat->connection) {
        send_bytes(seat, sk_encode_notice(room->config.encoder, &notice));
    }
}

static enum sk_reason on_command(struct room *room, uint16_t index,
                                 const struct sk_command *command)
{
    const struct sk_game *game = room->plan.game;
    bool is_known = command->type < game->command_count && game->command;
    if (!is_known || command->size > game->commands[command->type].bytes_max ||
        command->size > SK_COMMAND_BYTES_MAX || room->seats[index].is_spectator) {
        return SK_REASON_COMMAND_REFUSED;
    }
    switch (
        command_queue_offer(&room->commands, index, command->type, command->bytes, command->size)) {
    case COMMAND_KEPT:
        return SK_REASON_NONE;
    case COMMAND_TOO_MANY:
        return SK_REASON_RATE_LIMIT;
    case COMMAND_NO_ROOM:
        refuse_command(room, &room->seats[index], sk_text_of("too many commands at once"));
        return SK_REASON_NONE;
    }
    SK_UNREACHABLE("every verdict returns");
}

static enum sk_reason on_ack(struct seat *seat, uint32_t ack, uint64_t now_us)
{
    int result = outbox_on_ack(&seat->outbox, ack, now_us);
    return result == SK_OK ? SK_REASON_NONE : SK_REASON_ACK_UNKNOWN;
}

enum sk_reason room_on_message(struct room *room, uint16_t index,
                               const struct sk_client_message *message, uint64_t now_us)
{
    SK_ASSERT(index < room->seat_count);
    struct seat *seat = &room->seats[index];
    enum sk_reason reason = SK_REASON_NONE;
    if (!seat->connection) {
        return SK_REASON_DISPLACED; /* closed by the room already */
    }
    seat_confirm(seat);
    switch (message->type) {
    case SK_CLIENT_HELLO:
        return SK_REASON_HELLO_TWICE;
    case SK_CLIENT_INPUTS:
        reason = on_ack(seat, message->ack, now_us);
        return reason == SK_REASON_NONE ? on_inputs(room, seat, &message->inputs, now_us) : reason;
    case SK_CLIENT_ACK:
        return on_ack(seat, message->ack, now_us);
    case SK_CLIENT_COMMAND:
        return on_command(room, index, &message->command);
    case SK_CLIENT_KEYFRAME_REQUEST:
        seat->outbox.wants_keyframe = true;
        return on_ack(seat, message->ack, now_us);
    case SK_CLIENT_LEAVE:
        return SK_REASON_LEFT;
    }
    return SK_REASON_MALFORMED;
}

/* --- time ------------------------------------------------------------------------------------- */

uint64_t room_due_us(const struct room *room)
{
    return room->used_count == 0 ? UINT64_MAX
                                 : tick_clock_due_us(&room->clock, world_tick(room) + 1);
}

static void run_commands(struct room *room)
{
    for (uint32_t i = 0; i < room->commands.count; i++) {
        const struct queued_command *command = &room->commands.commands[i];
        struct seat *seat = &room->seats[command->seat];
        SK_ASSERT(is_in_use(seat)); /* command_queue_forget() */
        bool is_taken = room->plan.game->command(room->world, room->config.content, command->seat,
                                                 command->type, command->bytes, command->size);
        if (!is_taken) {
            refuse_command(room, seat, sk_text_of("the game refused that command"));
        }
    }
    room->commands.count = 0;
}

static void gather_inputs(struct room *room, uint32_t tick)
{
    const struct sk_game *game = room->plan.game;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        struct seat *seat = &room->seats[i];
        room->inputs[i] = (struct sk_input){0};
        if (seat->is_bot) {
            game->think(room->world, room->config.content, i, &room->inputs[i]);
        } else if (seat->state == SEAT_TAKEN) {
            bool is_fresh = inbox_take(&seat->inbox, tick, &room->inputs[i]);
            seat->repeated = (uint8_t)(seat->repeated << 1 | !is_fresh);
            room->counts.inputs_repeated += !is_fresh;
        }
    }
}

static void step_once(struct room *room)
{
    uint32_t tick = world_tick(room) + 1;
    enter_phase(room, ROOM_PHASE_COMMAND, tick);
    run_commands(room);
    enter_phase(room, ROOM_PHASE_THINK, tick);
    gather_inputs(room, tick);
    room->events.count = 0;
    enter_phase(room, ROOM_PHASE_STEP, tick);
    sk_world_step(&room->plan, room->world, room->config.content, room->inputs, &room->events);
    struct sk_event_list events = {room->events.events, room->events.count};
    replicate_add_events(&room->replicate, events);
    room->counts.ticks++;
    free_expired(room);
}

/* Ticks to make now; time that cannot be made good is dropped. */
static uint32_t due_ticks(struct room *room, uint64_t now_us)
{
    uint64_t dropped = 0;
    uint32_t due = tick_clock_take(&room->clock, world_tick(room) + 1, now_us,
                                   SK_CATCH_UP_TICKS_MAX, &dropped);
    if (dropped > 0) {
        room->counts.ticks_dropped += dropped;
        room->future_ok_us = now_us + DROP_GRACE_US;
    }
    return due;
}

/* A late room sends every other snapshot: its ticks come three in a wake, and a rule that looked at
 * the last of them alone could pass over all snapshots for ever. */
static void make_snapshot(struct room *room, bool is_late, uint64_t now_us)
{
    replicate_add_frame(&room->replicate, room->world, world_tick(room));
    room->is_thinned = is_late && !room->is_thinned;
    if (room->is_thinned) {
        room->counts.snapshots_thinned++;
    } else {
        send_snapshots(room, now_us);
    }
}

/* Once a minute: who has a ticket that is half through gets a younger one.  Its nonce is the same,
 * so the old one stays good and nothing is lost when the message is. */
static void renew_tickets(struct room *room)
{
    char text[TICKET_TEXT_BYTES];
    if (world_tick(room) % (RENEW_CHECK_SECONDS * room->plan.tick_hz) != 0) {
        return;
    }
    uint64_t now_s = wall_clock_s(room);
    for (uint32_t i = 0; i < room->seat_count; i++) {
        struct seat *seat = &room->seats[i];
        if (seat->connection && now_s >= seat->ticket_s + RENEW_SECONDS) {
            write_resume(room, (uint16_t)i, text);
            send_bytes(
                seat, sk_encode_resume(room->config.encoder, (struct sk_text){text, sizeof(text)}));
        }
    }
}

void room_step(struct room *room, uint64_t now_us)
{
    uint32_t due = room->used_count > 0 ? due_ticks(room, now_us) : 0;
    for (uint32_t i = 0; i < due; i++) {
        step_once(room);
        enter_phase(room, ROOM_PHASE_SEND, world_tick(room));
        send_roster(room, NULL);
        renew_tickets(room);
        if (world_tick(room) % room->plan.snapshot_divisor == 0) {
            bool has_later = i + room->plan.snapshot_divisor < due;
            make_snapshot(room, has_later || due == SK_CATCH_UP_TICKS_MAX, now_us);
        }
    }
}

/* --- all at once ------------------------------------------------------------------------------ */

void room_notice(struct room *room, const struct sk_notice *notice)
{
    send_all(room, sk_encode_notice(room->config.encoder, notice));
}

void room_close(struct room *room, enum sk_reason reason)
{
    for (uint32_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].connection) {
            close_seat(room, &room->seats[i], reason);
        }
    }
}
