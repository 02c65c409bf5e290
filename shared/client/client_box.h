/* client_box.h - a client's black box: what entered its core in the last 30 seconds, as one file.
 *
 * A complaint becomes a test: skirmish-feel (clients/feel) replays the file natively and gets the
 * same corrections, underruns and late inputs, to the bit.
 *
 * The records lie in two segments, each of which begins with a checkpoint: the newest snapshot as a
 * keyframe, the clock and the inputs.  When one has 30 s or is nearly full the other begins anew,
 * so the file has 30 to 60 s, less when the match is so large that they do not fit.
 *
 *   head | older segment | newer segment | end | u64 sk_hash() over all before it
 *
 *   head     the 8 bytes of SK_BOX_MAGIC, struct sk_box_head
 *   segment  records: u8 enum sk_box_record, u64 now_us, and
 *              CHECKPOINT  struct sk_box_core, struct sk_client_clock, the inputs of
 *                          struct sk_client_predict, the keyframe: u32 bytes and so many
 *              TAKE        u32 bytes and so many: a snapshot message
 *              RENDER      -
 *              SAMPLE      u32 buttons, 4 x i16 axes: what was held
 *              PRESS       u32 buttons; now_us is that of the record before
 *              SENT        u8 enum sk_core_send
 *   end      u8 SK_BOX_END, u64 now_us, u32 predicted tick, u64 sk_client_box_hash()
 *
 * Numbers are little-endian; the structs have no pointer and no padding, and are the same in wasm
 * and on the machines that it runs on.
 *
 * Memory   sk_client_box_init() takes it from an arena; nothing allocates later.
 * Threads  one.
 * Time     what the core was given.
 */
#ifndef CLIENT_BOX_H
#define CLIENT_BOX_H

#include "client/client_clock.h"
#include "client/client_predict.h"

struct sk_client_core;

#define SK_BOX_MAGIC "SKBOX\0\0\1"

enum {
    SK_BOX_SECONDS = 30,
    SK_BOX_SEGMENT_BYTES = 640 << 10,
    SK_BOX_GAME_BYTES = 32,
    SK_BOX_PARTS = 4 /* of the file: sk_client_box_part() */
};

enum sk_box_record {
    SK_BOX_CHECKPOINT = 1,
    SK_BOX_TAKE,
    SK_BOX_RENDER,
    SK_BOX_SAMPLE,
    SK_BOX_PRESS,
    SK_BOX_SENT,
    SK_BOX_END
};

/* What the room is: the replay makes the same plan. */
struct sk_box_head {
    uint32_t head_bytes; /* of this struct */
    uint32_t player;
    uint32_t players_max;
    uint32_t older_bytes; /* of the segments */
    uint32_t newer_bytes;
    uint32_t reserved; /* 0 */
    uint64_t layout_hash;
    uint64_t code_hash; /* of the game that predicted */
    uint64_t seed;
    uint32_t options[SK_OPTIONS_MAX];
    char game[SK_BOX_GAME_BYTES]; /* terminated */
};
_Static_assert(sizeof(struct sk_box_head) == 112, "it is a file's: no padding");

/* The core's own members. */
struct sk_box_core {
    uint64_t input_due_us;
    uint64_t sent_us;
    uint64_t asked_us;
    uint64_t taken_us;
    uint32_t sampled_tick;
    uint32_t pressed;
    uint32_t pending_count;
    uint32_t input_interval_us;
    uint32_t render_tick;
    uint32_t render_fraction;
    uint32_t has_render;
    uint32_t input_tick; /* of the prediction */
    struct sk_input pending[SK_INPUTS_A_MESSAGE_MAX];
};
_Static_assert(sizeof(struct sk_box_core) == 64 + SK_INPUTS_A_MESSAGE_MAX * sizeof(struct sk_input),
               "it is a file's: no padding");

struct sk_box_segment {
    uint8_t *bytes; /* SK_BOX_SEGMENT_BYTES */
    uint32_t used;
    uint64_t begun_us;
};

struct sk_client_box {
    struct sk_box_segment segments[2];
    uint32_t current;      /* which is written */
    bool is_on;            /* a checkpoint has been written */
    bool is_full;          /* the current takes no more, until the other begins */
    struct sk_frame empty; /* the baseline of keyframes */
    uint8_t head[8 + sizeof(struct sk_box_head)];
    uint8_t tail[1 + 8 + 4 + 8 + 8];
};

/* Bytes that sk_client_box_init() takes. */
size_t sk_client_box_cost(const struct sk_plan *plan);
/* Makes an empty box.  Returns SK_OK, or SK_ERR_MEMORY. */
SK_MUST_CHECK int sk_client_box_init(struct sk_client_box *box, const struct sk_plan *plan,
                                     struct sk_arena *arena);

/* The core is given this; each is called before the core does it.  `box` NULL: nothing. */
void sk_client_box_on_take(struct sk_client_box *box, const uint8_t *bytes, size_t size,
                           uint64_t now_us);
void sk_client_box_on_render(struct sk_client_box *box, uint64_t now_us);
void sk_client_box_on_sample(struct sk_client_box *box, const struct sk_input *held,
                             uint64_t now_us);
void sk_client_box_on_press(struct sk_client_box *box, uint32_t buttons);
void sk_client_box_on_sent(struct sk_client_box *box, uint32_t what, uint64_t now_us);
/* The core has applied a snapshot: where a segment is to begin, it does. */
void sk_client_box_on_applied(struct sk_client_box *box, const struct sk_client_core *core,
                              uint64_t now_us);

/* Part `index` (< SK_BOX_PARTS) of the file as of now, *bytes of it, borrowed until the next call
 * for the core; all are to be asked for, in order.  No byte of any: there is nothing yet. */
const uint8_t *sk_client_box_part(struct sk_client_box *box, const struct sk_client_core *core,
                                  uint32_t index, size_t *bytes);
/* Over all that is exact of the player's own predicted entities. */
uint64_t sk_client_box_hash(const struct sk_client_predict *predict);

#endif
