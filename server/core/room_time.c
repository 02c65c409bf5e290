/* room_time.c - see room_time.h. */
#include "room_time.h"

void room_drop_time(struct room *room, uint64_t now_us)
{
    uint32_t next_tick = match_tick(&room->match) + 1;
    if (room->used_count == 0 || room_is_over(room)) {
        return; /* its clock stands still */
    }
    uint32_t ticks = tick_clock_drop(&room->clock, next_tick, now_us, SK_CATCH_UP_TICKS_MAX);
    for (uint32_t i = 0; ticks > 0 && i < room->plan.players_max; i++) {
        inbox_drop(&room->links[i].inbox, ticks);
    }
    room->counts.ticks_dropped += ticks;
}

uint32_t room_untold_ticks(const struct room *room, const struct seat_link *link, uint32_t ack)
{
    return ack == 0 ? room->clock.dropped_ticks - link->dropped_before
                    : tick_clock_dropped_since(&room->clock, ack);
}
