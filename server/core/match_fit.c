/* match_fit.c - see match_fit.h.  Nothing here changes anything. */
#include "match_fit.h"

#include "base/mem.h"

static bool is_player(const struct match *match, uint32_t seat)
{
    return seat < match->plan->players_max;
}

static bool fits_text(const char *text, size_t capacity, const char *want)
{
    size_t bytes = 0;
    while (want[bytes] != '\0') {
        bytes++;
    }
    return bytes < capacity && memcmp(text, want, bytes + 1) == 0;
}

bool match_fits_opening(const struct match *match, const struct match_opening *opening)
{
    const struct sk_plan *plan = match->plan;
    return fits_text(opening->game, sizeof(opening->game), plan->game->name) &&
           opening->layout_hash == plan->layout_hash &&
           opening->code_hash == plan->game->code_hash && opening->code[SK_CODE_BYTES] == '\0' &&
           opening->players_max == plan->players_max &&
           opening->players_max + (uint32_t)opening->spectators_max == match_seat_count(match) &&
           memcmp(opening->options, plan->options, sizeof(plan->options)) == 0;
}

static bool fits_hold(const struct match *match, const struct match_entry *entry)
{
    const struct seat *seat = &match->seats[entry->seat];
    return !seat_is_in_use(seat) && !seat->is_bot && entry->hold.nonce != 0 &&
           entry->hold.name.size <= SK_NAME_BYTES_MAX &&
           entry->hold.until_tick >= match_tick(match);
}

static bool fits_unhold(const struct seat *seat, const struct match_entry *entry)
{
    return seat->state == SEAT_HELD && seat->join_nonce == entry->unhold.nonce;
}

static bool fits_claim(const struct seat *seat, const struct match_entry *entry)
{
    return entry->claim.resume_nonce != 0 && entry->claim.resume_nonce != entry->claim.nonce &&
           seat_check(seat, entry->claim.role, entry->claim.nonce) == SK_REASON_NONE;
}

static bool fits_confirm(const struct seat *seat)
{
    return seat->state == SEAT_TAKEN && seat->spare_nonce != 0;
}

static bool fits_drop(const struct match *match, const struct match_entry *entry)
{
    return match->seats[entry->seat].state == SEAT_TAKEN &&
           entry->drop.until_tick >= match_tick(match);
}

static bool fits_bot(const struct match *match, const struct match_entry *entry)
{
    const struct seat *seat = &match->seats[entry->seat];
    bool can_think = match->plan->game->think || !entry->bot.is_bot;
    return is_player(match, entry->seat) && seat->state == SEAT_FREE &&
           (seat->is_bot != 0) != entry->bot.is_bot && can_think;
}

bool match_knows_command(const struct match *match, uint16_t type, size_t size)
{
    const struct sk_game *game = match->plan->game;
    return game->command && type < game->command_count && size <= game->commands[type].bytes_max &&
           size <= SK_COMMAND_BYTES_MAX;
}

static bool fits_command(const struct match *match, const struct match_entry *entry)
{
    const struct seat *seat = &match->seats[entry->seat];
    return is_player(match, entry->seat) && seat_is_in_use(seat) &&
           entry->command.number > seat->command_number &&
           match_knows_command(match, entry->command.type, entry->command.size);
}

static bool fits_tick(const struct match *match, const struct match_entry *entry)
{
    static const struct sk_input neutral;
    if (entry->tick.tick != match_tick(match) + 1) {
        return false;
    }
    for (uint32_t i = 0; i < match->plan->players_max; i++) {
        const struct seat *seat = &match->seats[i];
        bool is_played = seat->state == SEAT_TAKEN || seat->is_bot;
        if (!is_played && memcmp(&entry->tick.inputs[i], &neutral, sizeof(neutral)) != 0) {
            return false;
        }
    }
    return true;
}

/* An entry about one seat of a match that runs. */
static bool fits_seat(const struct match *match, const struct match_entry *entry)
{
    if (entry->seat >= match->head->seat_count) {
        return false;
    }
    const struct seat *seat = &match->seats[entry->seat];
    switch (entry->kind) {
    case MATCH_HOLD:
        return fits_hold(match, entry);
    case MATCH_UNHOLD:
        return fits_unhold(seat, entry);
    case MATCH_CLAIM:
        return fits_claim(seat, entry);
    case MATCH_CONFIRM:
        return fits_confirm(seat);
    case MATCH_DROP:
        return fits_drop(match, entry);
    case MATCH_FREE:
        return seat_is_in_use(seat);
    case MATCH_BOT:
        return fits_bot(match, entry);
    case MATCH_COMMAND:
        return fits_command(match, entry);
    case MATCH_OPEN:
    case MATCH_TICK:
    case MATCH_CLOSE:
    case MATCH_ENTRY_KINDS:
        return false;
    }
    return false;
}

bool match_fits(const struct match *match, const struct match_entry *entry)
{
    if (entry->kind == MATCH_OPEN) {
        return match->head->state == MATCH_NEW && match_fits_opening(match, entry->opening);
    }
    if (match->head->state != MATCH_RUNNING) {
        return false;
    }
    if (entry->kind == MATCH_TICK) {
        return fits_tick(match, entry);
    }
    return entry->kind == MATCH_CLOSE || fits_seat(match, entry);
}
