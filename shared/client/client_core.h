/* client_core.h - a client while it plays, on both ends of the wire's world: libskirmish links it,
 * the browser gets it in the game's module.
 *
 *   snapshot --> view, clock                    controller --sample--> inputs of the ticks due
 *   frame    --> the moment to draw             next --> what is to be sent now, if anything
 *
 * It keeps when something is due and nothing else of the connection: sockets, encoding and trying
 * again are its host's.  A client queues nothing: while the socket holds unsent bytes, inputs wait
 * here, the newest SK_INPUTS_A_MESSAGE_MAX, and older ones give way: the server has repeated or
 * passed over them long since.
 *
 * Memory   plain, the caller's; borrows view and prediction.  Nothing is allocated.
 * Threads  one.
 * Time     microseconds of any monotonic clock, which the caller passes.
 */
#ifndef CLIENT_CORE_H
#define CLIENT_CORE_H

#include "client/client_box.h"
#include "client/client_clock.h"
#include "client/client_commands.h"
#include "client/client_predict.h"

/* What is to be sent; each but a command names the newest snapshot applied. */
enum sk_core_send {
    SK_CORE_NOTHING,
    SK_CORE_INPUTS, /* pending_count of them, the last of sampled_tick, copies among them */
    SK_CORE_ACK,
    SK_CORE_KEYFRAME_REQUEST,
    SK_CORE_COMMAND, /* sk_client_commands_next() */
};

struct sk_core_config {
    struct sk_view *view;              /* kept as a borrow: empty, of the room's plan */
    struct sk_client_predict *predict; /* kept as a borrow: of the player's seat; NULL: none; let
                                          go of when the game is caught at a fault */
    struct sk_client_commands
        *commands;             /* kept as a borrow, over several connections; NULL: none */
    struct sk_client_box *box; /* kept as a borrow: what enters is noted there; NULL: none */
    bool is_player;            /* else it only looks */
    bool is_lossy;             /* messages may be lost or overtaken on the way */
    uint32_t tick;             /* of the Welcome */
    uint64_t rtt_us;           /* from Hello to Welcome */
    uint32_t input_rate_hz;    /* messages with inputs, at most; 0: as they are made */
};

struct sk_client_core {
    struct sk_view *view;
    struct sk_client_predict *predict;
    struct sk_client_commands *commands;
    struct sk_client_box *box;
    struct sk_client_clock clock;
    bool is_player;
    bool is_lossy;
    bool asks_keyframe;
    uint32_t sampled_tick; /* the newest input made */
    uint32_t pressed;      /* since the last input */
    uint32_t pending_count;
    uint32_t copied_count; /* the first of them went out before, and may have been lost */
    struct sk_input pending[SK_INPUTS_A_MESSAGE_MAX]; /* consecutive ticks */
    uint32_t input_interval_us;                       /* between two messages with inputs */
    uint64_t input_due_us;                            /* the next may go out */
    uint64_t sent_us;                                 /* the newest message */
    uint64_t asked_us;                                /* for a keyframe; 0: not since one came */
    uint32_t render_tick;                             /* drawn last */
    uint8_t render_fraction;
    bool has_render;
    uint64_t taken_us;       /* when the newest snapshot came; 0: none did */
    uint64_t gave_way_count; /* inputs that never went out */
    uint64_t late_count;     /* snapshots that told of an input that came late */
    uint64_t repeated_count; /* ticks whose input was a repeat, or neutral */
};

/* Begins at a Welcome. */
void sk_client_core_init(struct sk_client_core *core, const struct sk_core_config *config,
                         uint64_t now_us);

/* Takes one snapshot message, as sk_view_take() or, with `skips`, sk_view_skip() do, whose results
 * it returns. */
SK_MUST_CHECK int sk_client_core_take(struct sk_client_core *core, const uint8_t *bytes,
                                      size_t size, bool skips, uint64_t now_us);
/* Moves the moment that is drawn on to now: *tick and 1/256 of the way to the next.  Returns false
 * before the first snapshot. */
bool sk_client_core_render(struct sk_client_core *core, uint64_t now_us, uint32_t *tick,
                           uint8_t *fraction);

/* Calls `draw` for each entity as of the frame of sk_client_core_render() at `now_us`: others at
 * the moment that it gave, the player's own, when they are predicted, as they are now. */
void sk_client_core_draw(struct sk_client_core *core, uint64_t now_us, sk_draw_fn draw,
                         void *context);

/* Takes what happened by the frame of sk_client_core_render(): the player's own doing at once, as
 * predicted, and what became of it (client_events.h); what else happened when the moment that is
 * drawn passes it.  Returns SK_EVENT_NONE when there is nothing more. */
enum sk_event_told sk_client_core_take_event(struct sk_client_core *core, struct sk_event *event);

/* Buttons went down: the next input has them, however soon they are let go of. */
void sk_client_core_press(struct sk_client_core *core, uint32_t buttons);
/* Makes the inputs of the ticks that have come due: `controller` is what is held now, its view is
 * filled in with the moment drawn last.  After a pause or a leap only the newest is made.  Returns
 * how many, the last of sampled_tick; 0 for who only looks. */
uint32_t sk_client_core_sample(struct sk_client_core *core, const struct sk_input *controller,
                               uint64_t now_us);
/* When the next input is due; UINT64_MAX for who only looks. */
uint64_t sk_client_core_next_us(const struct sk_client_core *core);

/* What is to be sent now, to be asked when the socket holds nothing unsent, until NOTHING. */
enum sk_core_send sk_client_core_next(const struct sk_client_core *core, uint64_t now_us);
/* What inputs and acks tell beside the newest snapshot (sk_view_applied()); 0 over a transport that
 * keeps the order: there the server need not know. */
uint32_t sk_client_core_applied(const struct sk_client_core *core);
/* When sk_client_core_next() has something by itself: an ack that is due, inputs that waited for
 * others to share a message; UINT64_MAX: never. */
uint64_t sk_client_core_due_us(const struct sk_client_core *core);
/* That was sent. */
void sk_client_core_on_sent(struct sk_client_core *core, enum sk_core_send what, uint64_t now_us);

#endif
