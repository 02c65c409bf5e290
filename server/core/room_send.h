/* room_send.h - what goes out of a room: welcomes, rosters, notices, snapshots, goodbyes.
 *
 * Memory   messages are the encoder's, good until its next one.
 * Threads  one: the room's.
 */
#ifndef ROOM_SEND_H
#define ROOM_SEND_H

#include "room_state.h"

/* Sends an encoded message to a seat's connection, which there must be (asserted). */
void room_send_bytes(struct seat_link *link, struct sk_bytes bytes);
/* The same to everybody who is connected. */
void room_send_all(struct room *room, struct sk_bytes bytes);
/* Says goodbye for `reason` and closes a seat's connection. */
void room_close_link(struct room *room, struct seat_link *link, enum sk_reason reason);
/* Tells a seat's connection who it is, with a resume ticket. */
void room_send_welcome(struct room *room, uint16_t seat, bool resumed);
/* Once a minute: who has a resume ticket that is half through gets a younger one. */
void room_renew_tickets(struct room *room);
/* Tells `to` who sits where; NULL: tells everybody what has changed. */
void room_send_roster(struct room *room, struct seat_link *to);
/* Sends the newest frame to all who may be sent one.  A world too large for a snapshot fails the
 * room. */
void room_send_snapshots(struct room *room, uint64_t now_us);

#endif
