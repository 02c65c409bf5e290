/* room_time.h - time that a room was too slow for: it is dropped, and everybody's inputs with it.
 *
 *   wake --room_drop_time--> clock: origin later --> inboxes: what waits is for earlier ticks
 *     \--then-------------> messages judged, ticks made --> own part: so many ticks were lost
 *
 * A client that has not heard of it yet goes on as before, and what it sends is for as many ticks
 * earlier as were dropped since the snapshot that it names (SESSION.md, "Lost time").
 *
 * Memory   none.
 * Threads  one: the room's.
 */
#ifndef ROOM_TIME_H
#define ROOM_TIME_H

#include "room_state.h"

/* Drops what is due beyond SK_CATCH_UP_TICKS_MAX: before anything is judged by the room's time. */
void room_drop_time(struct room *room, uint64_t now_us);
/* How many ticks were dropped of which the link's client cannot know, if the newest snapshot that
 * it has is that of tick `ack`; 0: none yet. */
uint32_t room_untold_ticks(const struct room *room, const struct seat_link *link, uint32_t ack);

#endif
