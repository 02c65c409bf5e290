/* room_event.h - what a room tells the control thread: one mail that is there before the room is.
 *
 *   control: create --WORKER_COMMAND_OPEN--> worker: send, send, ..., send_gone --> control: freed
 *
 * The lobby must hear of every change or it counts wrong for ever, so this mail may not fail: it is
 * allocated before the room is given out, and who asks for a room that has no memory for it is
 * refused.  It tells the whole each time, so that what was sent several times before the control
 * thread came to it is delivered once.
 *
 * Memory   room_event_create() allocates; it is freed after it was delivered as gone.
 * Threads  created by the control thread, then the worker's that runs the room, and with the room
 *          the next worker's; delivered in the control thread.
 */
#ifndef ROOM_EVENT_H
#define ROOM_EVENT_H

#include "control_mail.h"

struct room_event;

/* Makes the event of a room of this id and epoch.  Returns it, owned, or NULL when memory is
 * short. */
struct room_event *room_event_create(struct control_mailbox *to, uint32_t room, uint64_t epoch);
/* Frees one of which nothing was sent; nothing for NULL. */
void room_event_destroy(struct room_event *event);

/* Tells the control thread, by its mailbox's on_event(), what the room is now. */
void room_event_send(struct room_event *event, const struct lobby_room_state *state);
/* Tells it that the room is gone, and gives the event away. */
void room_event_send_gone(struct room_event *event);

#endif
