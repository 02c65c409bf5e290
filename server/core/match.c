/* match.c - see match.h.
 *
 *   NEW --OPEN--> RUNNING --CLOSE--> CLOSED
 *
 * An entry is first checked against the block, whole and without a change (match_fit.h); then told
 * to the hook; then applied, which may not be refused any more.  The game is called in here and
 * nowhere else in the server, inside the trap, once an entry.
 *
 * Invariants (match_is_sound): the first players_max seats are the players', the rest spectators';
 * each is sound by itself; the head says what the plan says.
 */
#include "match.h"

#include "base/assert.h"
#include "match_fit.h"

/* --- calls into the game ---------------------------------------------------------------------- */

struct game_call {
    struct match *match;
    const struct match_entry *entry;
    struct sk_input *thoughts;
    bool is_taken; /* the command */
};

static void notify_phase(const struct match *match, enum room_phase phase, uint32_t tick)
{
    if (match->hooks.on_phase) {
        match->hooks.on_phase(match->hooks.context, phase, tick);
    }
}

/* Returns false, once and for all, when a check of the game's fails. */
static bool call_game(struct game_call *call, enum room_phase phase, void (*run)(void *call))
{
    struct match *match = call->match;
    bool is_next =
        phase == ROOM_PHASE_COMMAND || phase == ROOM_PHASE_THINK || phase == ROOM_PHASE_STEP;
    notify_phase(match, phase, match_tick(match) + is_next);
    if (!match->hooks.trap) {
        run(call);
    } else if (!match->hooks.trap(run, call)) {
        match->has_failed = true;
    }
    notify_phase(match, ROOM_PHASE_NONE, match_tick(match));
    return !match->has_failed;
}

static void run_start(void *context)
{
    const struct game_call *call = context;
    const struct match *match = call->match;
    const struct match_opening *opening = call->entry->opening;
    sk_world_start(match->plan, match->world, match->content, opening->seed, opening->secret_seed);
}

static void run_join(void *context)
{
    const struct game_call *call = context;
    const struct match *match = call->match;
    bool is_bot = call->entry->kind == MATCH_BOT;
    match->plan->game->join(match->world, match->content, call->entry->seat, is_bot);
}

static void run_leave(void *context)
{
    const struct game_call *call = context;
    const struct match *match = call->match;
    match->plan->game->leave(match->world, match->content, call->entry->seat);
}

static void run_command(void *context)
{
    struct game_call *call = context;
    struct match *match = call->match;
    const struct match_entry *entry = call->entry;
    match->answer.size = 0;
    call->is_taken = match->plan->game->command(match->world, match->content, entry->seat,
                                                &entry->command, &match->answer);
    SK_GAME_ASSERT(match->answer.size <= sizeof(match->answer.bytes));
}

static void run_think(void *context)
{
    const struct game_call *call = context;
    const struct match *match = call->match;
    for (uint32_t i = 0; i < match->plan->players_max; i++) {
        if (match->seats[i].is_bot) {
            match->plan->game->think(match->world, match->content, i, &call->thoughts[i]);
        }
    }
}

static void run_step(void *context)
{
    const struct game_call *call = context;
    struct match *match = call->match;
    match->events.count = 0;
    match->events.audits = &match->audits;
    match->audits.count = 0;
    sk_world_step(match->plan, match->world, match->content, call->entry->tick.inputs,
                  &match->events);
}

/* --- applying one that fits ------------------------------------------------------------------- */

static bool open(struct match *match, struct game_call *call)
{
    match->head->version = MATCH_BLOCK_VERSION;
    match->head->opening = *call->entry->opening;
    match->head->state = MATCH_RUNNING;
    return call_game(call, ROOM_PHASE_START, run_start);
}

static bool claim(struct match *match, struct game_call *call)
{
    const struct match_entry *entry = call->entry;
    struct seat *seat = &match->seats[entry->seat];
    bool is_new = seat->state == SEAT_HELD;
    seat_claim(seat, entry->claim.nonce, entry->claim.resume_nonce);
    match->head->claim_count += is_new;
    return !is_new || seat->is_spectator || call_game(call, ROOM_PHASE_JOIN, run_join);
}

static bool free_seat(struct match *match, struct game_call *call)
{
    struct seat *seat = &match->seats[call->entry->seat];
    seat_free(seat);
    return seat->is_spectator || call_game(call, ROOM_PHASE_LEAVE, run_leave);
}

static bool set_bot(struct match *match, struct game_call *call)
{
    bool is_bot = call->entry->bot.is_bot;
    match->seats[call->entry->seat].is_bot = is_bot;
    return is_bot ? call_game(call, ROOM_PHASE_JOIN, run_join)
                  : call_game(call, ROOM_PHASE_LEAVE, run_leave);
}

/* Returns false when the game failed. */
static bool apply(struct match *match, struct game_call *call)
{
    const struct match_entry *entry = call->entry;
    struct seat *seat = &match->seats[entry->seat];
    switch (entry->kind) {
    case MATCH_OPEN:
        return open(match, call);
    case MATCH_HOLD:
        seat_hold(seat, entry->hold.nonce, entry->hold.name, entry->hold.until_tick);
        return true;
    case MATCH_UNHOLD:
        seat_free(seat);
        return true;
    case MATCH_CLAIM:
        return claim(match, call);
    case MATCH_CONFIRM:
        seat_confirm(seat);
        return true;
    case MATCH_DROP:
        seat_leave(seat, entry->drop.until_tick);
        return true;
    case MATCH_FREE:
        return free_seat(match, call);
    case MATCH_BOT:
        return set_bot(match, call);
    case MATCH_COMMAND:
        seat->command_number = entry->command.number;
        return call_game(call, ROOM_PHASE_COMMAND, run_command);
    case MATCH_TICK:
        return call_game(call, ROOM_PHASE_STEP, run_step);
    case MATCH_CLOSE:
        match->head->state = MATCH_CLOSED;
        return true;
    case MATCH_ENTRY_KINDS:
        break;
    }
    SK_UNREACHABLE("match_fits() knows every kind");
}

enum match_verdict match_enter(struct match *match, const struct match_entry *entry)
{
    struct game_call call = {.match = match, .entry = entry, .is_taken = true};
    if (match->has_failed) {
        return MATCH_FAILED;
    }
    if (!match_fits(match, entry)) {
        return MATCH_UNFIT;
    }
    if (match->hooks.on_entry) {
        match->hooks.on_entry(match->hooks.context, entry);
    }
    match->head->entry_count++;
    if (!apply(match, &call)) {
        return MATCH_FAILED;
    }
    SK_ASSERT_SLOW(match_is_sound(match));
    return call.is_taken ? MATCH_DONE : MATCH_DECLINED;
}

bool match_think(struct match *match, struct sk_input *inputs)
{
    struct game_call call = {.match = match, .thoughts = inputs};
    return !match->has_failed && call_game(&call, ROOM_PHASE_THINK, run_think);
}

/* --- the block -------------------------------------------------------------------------------- */

size_t match_block_bytes(const struct sk_plan *plan, uint16_t spectators_max)
{
    size_t seat_count = plan->players_max + (size_t)spectators_max;
    return sizeof(struct match_head) + seat_count * sizeof(struct seat) + plan->world_bytes;
}

static void start_block(struct match *match, uint32_t seat_count, size_t block_bytes)
{
    match->head->block_bytes = (uint32_t)block_bytes;
    match->head->seat_count = seat_count;
    for (uint32_t i = match->plan->players_max; i < seat_count; i++) {
        match->seats[i].is_spectator = true;
    }
}

int match_init(struct match *match, const struct match_config *config)
{
    size_t block_bytes = match_block_bytes(config->plan, config->spectators_max);
    uint32_t seat_count = config->plan->players_max + (uint32_t)config->spectators_max;
    struct match_head *head = config->block;
    SK_ASSERT((uintptr_t)config->block % 16 == 0);
    *match = (struct match){.plan = config->plan,
                            .content = config->content,
                            .head = head,
                            .seats = (struct seat *)(head + 1),
                            .hooks = config->hooks};
    match->world = match->seats + seat_count;
    match->events = (struct sk_events){
        .events = config->events, .capacity = SK_FRAME_EVENTS_MAX, .schema = &config->plan->schema};
    if (head->version == 0) {
        start_block(match, seat_count, block_bytes);
        return SK_OK;
    }
    bool is_ours = head->version == MATCH_BLOCK_VERSION && head->block_bytes == block_bytes &&
                   head->seat_count == seat_count && match_is_sound(match);
    return is_ours ? SK_OK : SK_ERR_MISMATCH;
}

const void *match_block(const struct match *match, size_t *bytes)
{
    *bytes = match->head->block_bytes;
    return match->head;
}

/* --- queries ---------------------------------------------------------------------------------- */

const struct seat *match_seat(const struct match *match, uint32_t index)
{
    SK_ASSERT(index < match->head->seat_count);
    return &match->seats[index];
}

struct sk_event_list match_events(const struct match *match)
{
    return (struct sk_event_list){match->events.events, match->events.count};
}

const struct sk_audits *match_audits(const struct match *match)
{
    return &match->audits;
}

const struct sk_answer *match_answer(const struct match *match)
{
    return &match->answer;
}

static bool is_world_sound(const struct match *match)
{
    const struct sk_world *world = match->world;
    return world->world_bytes == match->plan->world_bytes &&
           world->players_max == match->plan->players_max;
}

bool match_is_sound(const struct match *match)
{
    const struct match_head *head = match->head;
    bool is_open = head->state == MATCH_RUNNING || head->state == MATCH_CLOSED;
    if (!is_open || !match_fits_opening(match, &head->opening) || !is_world_sound(match)) {
        return false;
    }
    for (uint32_t i = 0; i < head->seat_count; i++) {
        const struct seat *seat = &match->seats[i];
        bool is_spectator = i >= match->plan->players_max;
        if (!seat_is_sound(seat) || (seat->is_spectator != 0) != is_spectator) {
            return false;
        }
    }
    return true;
}
