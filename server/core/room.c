/* room.c - the life of a room and its ticks.
 *
 *   messages --> inbox, command queue --> room_step --> match --> frame --> body --> transport
 *
 * Seats 0..players_max-1 are the players', spectators' come after them.  A tick's order (match.h)
 * is kept by make_tick(): commands, bots, inputs, step, expired seats; the hash and the snapshot
 * come after it.
 */
#include "room.h"

#include "base/assert.h"
#include "base/mem.h"
#include "room_bots.h"
#include "room_commands.h"
#include "room_move.h"
#include "room_seats.h"
#include "room_send.h"
#include "room_time.h"
#include "sim/legal_input.h"

/* --- life ------------------------------------------------------------------------------------- */

/* Of the answers that are kept; a game without commands makes none. */
static size_t answer_bytes(const struct sk_plan *plan)
{
    return plan->game->command_count > 0 ? plan->players_max * (size_t)SK_ANSWERS_BYTES_MAX : 0;
}

static size_t room_cost(const struct room_config *config, uint32_t seat_count)
{
    const struct sk_plan *plan = config->plan;
    size_t cost = sk_arena_cost(sizeof(struct room));
    cost += sk_arena_cost(match_block_bytes(plan, config->spectators_max));
    cost += sk_arena_cost(seat_count * sizeof(struct seat_link));
    cost += sk_arena_cost(seat_count * sizeof(struct sk_seat));
    cost += sk_arena_cost(seat_count * sizeof(struct baseline_claim));
    cost += sk_arena_cost(plan->players_max * sizeof(struct sk_input));
    cost += sk_arena_cost(plan->players_max * sizeof(struct answer_box));
    cost += sk_arena_cost(answer_bytes(plan));
    size_t slot_count = plan->players_max * inbox_slot_count(plan->tick_hz);
    cost += sk_arena_cost(slot_count * sizeof(struct inbox_slot));
    cost += sk_arena_cost(SK_FRAME_EVENTS_MAX * sizeof(struct sk_event));
    return cost + replicate_cost(plan);
}

static void *carve_bytes(struct sk_arena *arena, size_t bytes)
{
    void *taken = sk_arena_take(arena, bytes);
    SK_ASSERT(taken != NULL); /* room_cost() counted it */
    return taken;
}

static void on_entry(void *context, const struct match_entry *entry)
{
    const struct room *room = context;
    const struct room_host *host = &room->config.host;
    host->on_entry(host->context, room, entry);
}

static void on_phase(void *context, enum room_phase phase, uint32_t tick)
{
    const struct room *room = context;
    const struct room_host *host = &room->config.host;
    host->on_phase(host->context, room, phase, tick);
}

static void carve_match(struct room *room, struct sk_arena *arena)
{
    const struct room_host *host = &room->config.host;
    uint16_t spectators_max = room->config.spectators_max;
    struct match_config match = {
        .plan = &room->plan,
        .content = room->config.content,
        .spectators_max = spectators_max,
        .block = carve_bytes(arena, match_block_bytes(&room->plan, spectators_max)),
        .events = sk_arena_take_raw(arena, SK_FRAME_EVENTS_MAX * sizeof(struct sk_event)),
        .hooks = {.trap = host->trap,
                  .on_entry = host->on_entry ? on_entry : NULL,
                  .on_phase = host->on_phase ? on_phase : NULL,
                  .context = room},
    };
    int result = match_init(&room->match, &match);
    SK_ASSERT(result == SK_OK); /* the block is zeroed */
}

/* Of the answers' bytes no page is touched before there is one. */
static void carve_boxes(struct room *room, struct sk_arena *arena)
{
    size_t bytes = answer_bytes(&room->plan);
    uint8_t *all = bytes > 0 ? sk_arena_take_raw(arena, bytes) : NULL;
    SK_ASSERT(all != NULL || bytes == 0);
    room->boxes = carve_bytes(arena, room->plan.players_max * sizeof(struct answer_box));
    for (uint32_t i = 0; all && i < room->plan.players_max; i++) {
        answer_box_init(&room->boxes[i], all + (size_t)i * SK_ANSWERS_BYTES_MAX);
    }
}

static void carve(struct room *room, struct sk_arena *arena)
{
    uint32_t players = room->plan.players_max;
    carve_match(room, arena);
    room->links = carve_bytes(arena, room->seat_count * sizeof(struct seat_link));
    room->roster = carve_bytes(arena, room->seat_count * sizeof(struct sk_seat));
    room->claims = carve_bytes(arena, room->seat_count * sizeof(struct baseline_claim));
    room->inputs = carve_bytes(arena, players * sizeof(struct sk_input));
    size_t slot_count = inbox_slot_count(room->plan.tick_hz);
    struct inbox_slot *slots = carve_bytes(arena, players * slot_count * sizeof(slots[0]));
    for (uint32_t i = 0; i < players; i++) {
        inbox_init(&room->links[i].inbox, slots + i * slot_count, room->plan.tick_hz,
                   room->plan.game->press_buttons);
    }
    carve_boxes(room, arena);
    int result = replicate_init(&room->replicate, &room->plan, arena);
    SK_ASSERT(result == SK_OK); /* sizes are ours */
}

static void open_match(struct room *room)
{
    const struct room_config *config = &room->config;
    const struct sk_plan *plan = &room->plan;
    struct match_opening opening = {
        .epoch = config->epoch,
        .layout_hash = plan->layout_hash,
        .code_hash = plan->game->code_hash,
        .content_hash = config->content_hash,
        .seed = config->seed,
        .secret_seed = config->secret_seed,
        .players_max = (uint16_t)plan->players_max,
        .spectators_max = config->spectators_max,
        .is_public = config->is_public,
    };
    struct match_entry entry = {.kind = MATCH_OPEN, .opening = &opening};
    struct sk_text game = sk_text_of(plan->game->name);
    SK_ASSERT(game.size < sizeof(opening.game)); /* sk_game_check() */
    memcpy(opening.game, game.bytes, game.size);
    memcpy(opening.code, config->code, SK_CODE_BYTES);
    memcpy(opening.options, plan->options, sizeof(opening.options));
    memcpy(opening.password_hash, config->password_hash, sizeof(opening.password_hash));
    if (room_enter(room, &entry) == MATCH_DONE) {
        room_balance_bots(room);
    }
}

struct room *room_create(const struct room_config *config, const char **why)
{
    uint32_t seat_count = config->plan->players_max + config->spectators_max;
    SK_ASSERT(seat_count <= ROOM_SEATS_MAX);
    size_t cost = room_cost(config, seat_count);
    void *block = config->allocator.allocate(config->allocator.context, cost);
    if (!block) {
        *why = "no memory for another room";
        return NULL;
    }
    struct sk_arena arena;
    sk_arena_init(&arena, block, cost);
    struct room *room = carve_bytes(&arena, sizeof(*room));
    room->config = *config;
    room->plan = *config->plan;
    room->seat_count = seat_count;
    room->clock =
        (struct tick_clock){.origin_us = config->origin_us, .tick_hz = room->plan.tick_hz};
    carve(room, &arena);
    open_match(room);
    if (room->failure) {
        *why = "the game's start failed";
        room_destroy(room);
        return NULL;
    }
    return room;
}

void room_destroy(struct room *room)
{
    if (!room) {
        return;
    }
    for (uint32_t i = 0; i < room->seat_count; i++) {
        SK_ASSERT(room->links[i].connection == NULL);
    }
    struct sk_allocator allocator = room->config.allocator;
    allocator.release(allocator.context, room);
}

/* --- queries ---------------------------------------------------------------------------------- */

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
    return room->config.code;
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
    return room->match.world;
}

const char *room_failure(const struct room *room)
{
    return room->failure;
}

struct room_counts room_counts(const struct room *room)
{
    struct room_counts counts = room->counts;
    counts.bodies_encoded = room->replicate.encoded_count;
    counts.keyframes_encoded = room->replicate.keyframe_count;
    counts.keyframes_forced = room->replicate.forced_keyframe_count;
    counts.events_dropped = room->match.events.dropped_count;
    return counts;
}

uint32_t room_player_count(const struct room *room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        count += seat_is_in_use(match_seat(&room->match, i));
    }
    return count;
}

uint32_t room_connected_count(const struct room *room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        count += match_seat(&room->match, i)->state == SEAT_TAKEN;
    }
    return count;
}

void room_occupancy(const struct room *room, struct room_occupancy *occupancy)
{
    *occupancy = (struct room_occupancy){.claim_count = room->match.head->claim_count,
                                         .bot_count = room_bot_count(room)};
    for (uint32_t i = 0; i < room->seat_count; i++) {
        const struct seat_link *link = &room->links[i];
        if (seat_is_in_use(match_seat(&room->match, i))) {
            room_occupancy_add(occupancy, i);
        }
        occupancy->is_bound |= link->connection && !link->transport->move;
    }
}

struct sk_text room_seat_name(const struct room *room, uint16_t index)
{
    const struct seat *seat = match_seat(&room->match, index);
    return (struct sk_text){seat->name, seat->name_bytes};
}

void room_probe(const struct room *room, uint16_t seat, struct sk_probed *probed)
{
    SK_ASSERT(seat < room->seat_count);
    const struct seat_link *link = &room->links[seat];
    probed->tick = match_tick(&room->match);
    probed->dropped_ticks = room->clock.dropped_ticks;
    probed->rtt_us = link->sent.rtt_us;
    probed->unacked = link->sent.unacked_count;
    probed->snapshots_held = link->snapshots_held;
    probed->inputs_repeated = link->inputs_repeated;
    probed->views_clamped = link->views_clamped;
}

/* --- time ------------------------------------------------------------------------------------- */

uint64_t room_due_us(const struct room *room)
{
    if (room->used_count == 0 || room_is_over(room)) {
        return UINT64_MAX;
    }
    uint64_t due_us = tick_clock_due_us(&room->clock, match_tick(&room->match) + 1);
    return room_is_waiting(room, due_us) ? room->wait_until_us : due_us;
}

static void count_limit(struct room_counts *counts, enum sk_view_limit limit)
{
    switch (limit) {
    case SK_VIEW_OLD:
        counts->views_old++;
        break;
    case SK_VIEW_WIDE:
        counts->views_wide++;
        break;
    case SK_VIEW_AHEAD:
        counts->views_ahead++;
        break;
    case SK_VIEW_BEHIND:
        counts->views_behind++;
        break;
    case SK_VIEW_FREE:
    case SK_VIEW_LIMIT_COUNT:
        break;
    }
}

/* A view counts where something is pressed; who is silent for long comes back where he is. */
static void judge_view(struct room *room, struct seat_link *link, uint32_t tick,
                       struct sk_input *input)
{
    bool has_view = input->view_tick != 0;
    struct view_claim claim = {tick, has_view ? link->inbox.taken_ack : link->sent.acked_tick};
    if (has_view || input->buttons != 0) {
        view_clock_apply(&link->view, &room->plan, &claim, input);
        count_limit(&room->counts, (enum sk_view_limit)input->view_limit);
        link->views_clamped += input->view_limit != SK_VIEW_FREE;
    }
}

/* The inputs of people; everybody else's are neutral. */
static void gather_inputs(struct room *room, uint32_t tick)
{
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        struct seat_link *link = &room->links[i];
        room->inputs[i] = (struct sk_input){0};
        if (match_seat(&room->match, i)->state == SEAT_TAKEN) {
            bool is_fresh = inbox_take(&link->inbox, tick, &room->inputs[i]);
            judge_view(room, link, tick, &room->inputs[i]);
            link->repeated = (uint16_t)(link->repeated << 1 | !is_fresh);
            room->counts.inputs_repeated += !is_fresh;
            link->inputs_repeated += !is_fresh;
        }
    }
}

/* What is entered is legal, a bot's thought too. */
static void legalise_inputs(struct room *room)
{
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        sk_input_legalise(room->plan.game, &room->inputs[i]);
    }
}

static void tell_shots(const struct room *room)
{
    const struct room_host *host = &room->config.host;
    const struct sk_audits *audits = match_audits(&room->match);
    for (uint32_t i = 0; host->on_shot && i < audits->count; i++) {
        host->on_shot(host->context, room, &audits->audits[i]);
    }
}

static void step_match(struct room *room)
{
    uint32_t tick = match_tick(&room->match) + 1;
    struct match_entry entry = {.kind = MATCH_TICK, .tick = {tick, room->inputs}};
    gather_inputs(room, tick);
    if (!match_think(&room->match, room->inputs)) {
        room_fail(room, "a check of the game failed");
        return;
    }
    legalise_inputs(room);
    if (room_enter(room, &entry) == MATCH_DONE) {
        replicate_add_events(&room->replicate, match_events(&room->match));
        tell_shots(room);
        room->counts.ticks++;
    }
}

/* Returns whether the room goes on. */
static bool make_tick(struct room *room)
{
    room_enter_commands(room);
    if (!room->failure) {
        step_match(room);
    }
    if (!room->failure) {
        room_free_expired(room);
    }
    return !room->failure;
}

/* Ticks to make now; time that cannot be made good is dropped. */
static uint32_t due_ticks(struct room *room, uint64_t now_us)
{
    room_drop_time(room, now_us);
    uint32_t due = tick_clock_due_ticks(&room->clock, match_tick(&room->match) + 1, now_us);
    return due < SK_CATCH_UP_TICKS_MAX ? due : SK_CATCH_UP_TICKS_MAX;
}

/* A late room sends every other snapshot: its ticks come three in a wake, and a rule that looked at
 * the last of them alone could pass over all snapshots for ever. */
static void make_snapshot(struct room *room, bool is_late, uint64_t now_us)
{
    replicate_add_frame(&room->replicate, room->match.world, match_tick(&room->match));
    room->is_thinned = is_late && !room->is_thinned;
    if (room->is_thinned) {
        room->counts.snapshots_thinned++;
    } else {
        room_send_snapshots(room, now_us);
    }
}

void room_step(struct room *room, uint64_t now_us)
{
    bool is_still = room->used_count == 0 || room_is_over(room) || room_is_waiting(room, now_us);
    uint32_t due = is_still ? 0 : due_ticks(room, now_us);
    for (uint32_t i = 0; i < due && make_tick(room); i++) {
        uint32_t tick = match_tick(&room->match);
        room_enter_phase(room, ROOM_PHASE_SEND);
        room_send_roster(room, NULL);
        room_renew_tickets(room);
        if (tick % room->plan.snapshot_divisor == 0) {
            bool has_later = i + room->plan.snapshot_divisor < due;
            make_snapshot(room, has_later || due == SK_CATCH_UP_TICKS_MAX, now_us);
        }
        room_enter_phase(room, ROOM_PHASE_NONE);
    }
    room_tell_occupancy(room);
}

/* --- everybody -------------------------------------------------------------------------------- */

void room_notice(struct room *room, const struct sk_notice *notice)
{
    room_send_all(room, sk_encode_notice(room->config.encoder, notice));
}

void room_close(struct room *room, enum sk_reason reason)
{
    struct match_entry entry = {.kind = MATCH_CLOSE};
    if (!room_is_over(room)) {
        (void)room_enter(room, &entry);
    }
    room->is_closed = true;
    for (uint32_t i = 0; i < room->seat_count; i++) {
        if (room->links[i].connection) {
            room_close_link(room, &room->links[i], reason);
        }
    }
}
