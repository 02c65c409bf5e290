/* room_event.c - see room_event.h.
 *
 *   worker:   write the state; old = flags |= POSTED (and GONE);  old had no POSTED: push the mail
 *   control:  old = flags &= ~POSTED; read the state, tell it;    old had GONE: free
 *
 * The mail is pushed only by who turns POSTED on, and it is turned off only by the delivery, so the
 * mail is in the mailbox once at most.  Nothing is lost: flags change in one order.  A send whose
 * change of the flags comes before a delivery's is read by it, for the delivery acquires what the
 * send released; one that comes after finds POSTED off and pushes again.  The state is words that
 * each stand for themselves (64 seats, a count), so a delivery that reads while the worker writes
 * may see some of them new and some old; that worker's change of the flags is still to come, and
 * brings another delivery.
 *
 * After the change that sets GONE the worker touches the event only to push it, which it then does
 * before any delivery can see it.  When POSTED was on, the delivery under way or to come has the
 * flags after that change, and is the one that frees.
 */
#include "room_event.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/assert.h"

enum { POSTED = 1, GONE = 2 };

struct room_event {
    struct mail mail;
    struct control_mailbox *to;
    uint32_t room;
    uint64_t epoch;
    _Atomic uint32_t flags;
    _Atomic bool is_heavy;
    _Atomic uint8_t worker;
    _Atomic uint32_t moves;
    _Atomic uint32_t bot_count;
    _Atomic uint64_t claim_count;
    _Atomic uint64_t in_use[ROOM_OCCUPANCY_WORDS];
};

static void write_state(struct room_event *event, const struct lobby_room_state *state)
{
    const struct room_occupancy *occupancy = &state->occupancy;
    atomic_store_explicit(&event->is_heavy, state->is_heavy, memory_order_relaxed);
    atomic_store_explicit(&event->worker, state->worker, memory_order_relaxed);
    atomic_store_explicit(&event->moves, state->moves, memory_order_relaxed);
    atomic_store_explicit(&event->bot_count, occupancy->bot_count, memory_order_relaxed);
    atomic_store_explicit(&event->claim_count, occupancy->claim_count, memory_order_relaxed);
    for (uint32_t i = 0; i < ROOM_OCCUPANCY_WORDS; i++) {
        atomic_store_explicit(&event->in_use[i], occupancy->in_use[i], memory_order_relaxed);
    }
}

static void read_state(struct room_event *event, struct lobby_room_state *state)
{
    struct room_occupancy *occupancy = &state->occupancy;
    state->is_heavy = atomic_load_explicit(&event->is_heavy, memory_order_relaxed);
    state->worker = atomic_load_explicit(&event->worker, memory_order_relaxed);
    state->moves = atomic_load_explicit(&event->moves, memory_order_relaxed);
    occupancy->bot_count = atomic_load_explicit(&event->bot_count, memory_order_relaxed);
    occupancy->claim_count = atomic_load_explicit(&event->claim_count, memory_order_relaxed);
    for (uint32_t i = 0; i < ROOM_OCCUPANCY_WORDS; i++) {
        occupancy->in_use[i] = atomic_load_explicit(&event->in_use[i], memory_order_relaxed);
    }
}

static void deliver(struct mail *mail, void *receiver)
{
    struct room_event *event = (struct room_event *)mail; /* its first member */
    struct worker_event told = {.room = event->room, .epoch = event->epoch};
    (void)receiver;
    uint32_t old =
        atomic_fetch_and_explicit(&event->flags, ~(uint32_t)POSTED, memory_order_acq_rel);
    SK_ASSERT((old & POSTED) != 0);
    read_state(event, &told.state);
    told.is_gone = (old & GONE) != 0;
    event->to->on_event(event->to->control, &told);
    if (told.is_gone) {
        room_event_destroy(event);
    }
}

struct room_event *room_event_create(struct control_mailbox *to, uint32_t room, uint64_t epoch)
{
    struct room_event *event = calloc(1, sizeof(*event));
    if (event) {
        event->mail.deliver = deliver;
        event->to = to;
        event->room = room;
        event->epoch = epoch;
    }
    return event;
}

void room_event_destroy(struct room_event *event)
{
    free(event);
}

static void post(struct room_event *event, uint32_t flags)
{
    struct loop *loop = event->to->loop;
    uint32_t old = atomic_fetch_or_explicit(&event->flags, flags, memory_order_acq_rel);
    SK_ASSERT((old & GONE) == 0);
    if ((old & POSTED) == 0) {
        loop_post(loop, &event->mail);
    }
}

void room_event_send(struct room_event *event, const struct lobby_room_state *state)
{
    write_state(event, state);
    post(event, POSTED);
}

void room_event_send_gone(struct room_event *event)
{
    post(event, POSTED | GONE);
}
