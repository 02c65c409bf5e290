/* line_match.h - a real room and real client cores over simulated lines, in steps of a millisecond.
 *
 * Messages are bytes both ways; carry() and line_get() in line_match.c are all that knows of the
 * lines.  The room's worker wakes each millisecond, unless it stands, takes what came and makes the
 * ticks that are due.  Each client takes what came, each frame it samples and draws, and it sends
 * what is due.  It is all one process and one clock: the same seed gives the same run.
 *
 * Memory   line_match_open() allocates, line_match_close() frees.
 */
#ifndef LINE_MATCH_H
#define LINE_MATCH_H

#include "client/client_core.h"
#include "support/line.h"
#include "support/toy_room.h"

enum { LINE_CLIENTS_MAX = 8, LINE_FRAME_MS = 16 };

struct line_match;

/* What brings messages over the lines of the match; up is to the server. */
struct line_carrier {
    void (*send)(uint32_t client, bool is_up, enum transport_delivery delivery, const void *bytes,
                 size_t size);
    /* The next message that has come, aligned and borrowed until the next call; NULL: none. */
    const void *(*receive)(uint32_t client, bool is_up, size_t *size);
    /* A millisecond has passed. */
    void (*poll)(void);
};

struct line_match_config {
    struct toy_room_config room;
    uint32_t client_count;
    bool predicts;
    uint32_t input_rate_hz; /* as of the core */
    bool has_box;           /* client 0 has a black box */
    uint64_t seed;
    const struct line_carrier *carrier; /* NULL: a message is what a line carries */
    struct line_faults faults;          /* of every line at first; delay_us is half a round trip */
    /* What a client holds at a frame, which it has rendered; NULL: TOY_PRESS. */
    void (*control)(struct line_match *match, uint32_t client, struct sk_input *controller);
    /* A client has drawn and sampled; the room has stepped.  Each may be NULL. */
    void (*on_frame)(struct line_match *match, uint32_t client);
    void (*on_step)(struct line_match *match);
    /* A client takes a snapshot next, or has taken it; may be NULL. */
    void (*on_take)(struct line_match *match, uint32_t client, bool is_taken);
};

struct line_client {
    struct sk_client_core core;
    struct sk_client_predict predict;
    struct line up;
    struct line down;
    struct line_span sleep; /* no frame, no timer; what comes waits */
    uint32_t frame_ms;
    bool is_welcome;
    enum sk_reason closed_for;
    int32_t lag_sixteenths_max; /* since line_match_clear(): of a newest input's margin */
    uint64_t keyframe_requests;
    uint64_t snapshot_count; /* sent to it */
    uint64_t keyframe_count; /* of them */
    uint64_t input_message_count;
    struct sk_client_box box; /* of client 0 */
    void *memory;
    void *box_memory;
};

struct line_match {
    struct line_match_config config;
    struct toy_room toy;
    struct sk_encoder *encoder; /* of all clients */
    uint64_t now_us;
    struct line_span server_stop;
    uint32_t lose_every_ms; /* the server stands for lose_ms of so many; 0: never */
    uint32_t lose_ms;
    struct room_counts before; /* as of line_match_clear() */
    struct line_client clients[LINE_CLIENTS_MAX];
};

/* Opens the room, and every client takes the seat of its number. */
void line_match_open(struct line_match *match, const struct line_match_config *config);
void line_match_close(struct line_match *match);
/* Lets so many milliseconds pass. */
void line_match_run(struct line_match *match, uint64_t ms);
/* Begins the figures anew. */
void line_match_clear(struct line_match *match);
/* Of the ticks since then, the share of one player's that had its input. */
double line_match_fresh_share(const struct line_match *match);

#endif
