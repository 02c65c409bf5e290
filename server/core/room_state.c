/* room_state.c - see room_state.h. */
#include "room_state.h"

#include "base/assert.h"

bool room_is_over(const struct room *room)
{
    return room->failure || room->is_closed;
}

void room_fail(struct room *room, const char *failure)
{
    if (!room->failure) {
        room->failure = failure;
    }
}

/* Does an entry change what the roster says of its seat? */
static bool is_told(enum match_entry_kind kind)
{
    return kind == MATCH_CLAIM || kind == MATCH_DROP || kind == MATCH_FREE || kind == MATCH_BOT;
}

/* Does it change what room_occupancy() says?  A CLAIM may, which room_admit() knows. */
static bool is_counted(enum match_entry_kind kind)
{
    return kind == MATCH_FREE || kind == MATCH_BOT;
}

enum match_verdict room_enter(struct room *room, const struct match_entry *entry)
{
    enum match_verdict verdict = match_enter(&room->match, entry);
    SK_ASSERT(verdict != MATCH_UNFIT);
    if (verdict == MATCH_FAILED) {
        room_fail(room, "a check of the game failed");
    } else if (is_told(entry->kind)) {
        room->links[entry->seat].is_changed = true;
    }
    room->is_occupancy_new = room->is_occupancy_new || is_counted(entry->kind);
    return verdict;
}

void room_end_moving(struct room *room, struct seat_link *link)
{
    SK_ASSERT(!link->moving || room->moving_count > 0);
    room->moving_count -= link->moving != NULL;
    link->moving = NULL;
}

void room_tell_occupancy(struct room *room)
{
    const struct room_host *host = &room->config.host;
    if (room->is_occupancy_new && !room->failure) {
        room->is_occupancy_new = false;
        host->on_occupancy(host->context, room);
    }
}

void room_enter_phase(const struct room *room, enum room_phase phase)
{
    const struct room_host *host = &room->config.host;
    if (host->on_phase) {
        host->on_phase(host->context, room, phase, match_tick(&room->match));
    }
}
