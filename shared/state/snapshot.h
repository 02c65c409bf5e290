/* snapshot.h - head and own part of a snapshot message: head | own | body (WIRE.md).
 *
 * Head and own part are made for each client, 10-40 bytes; the body is encoded once and shared
 * by all clients with the same baseline.  The two low bits of a message's first byte are 01 for a
 * snapshot and 00 for FlatBuffers.
 */
#ifndef SK_SNAPSHOT_H
#define SK_SNAPSHOT_H

#include "state/delta.h"

struct sk_snapshot_head {
    uint32_t tick;
    uint32_t baseline_ticks; /* how far before `tick` the baseline is; 0: a keyframe */
    uint16_t baseline_hash;  /* the low 16 bits of the baseline's hash; 0 for a keyframe */
    uint16_t own_part_bytes;
};

/* What the server tells this client alone. */
struct sk_own_part {
    uint32_t tick;             /* of the snapshot; a reader takes it from the frame */
    uint32_t input_tick;       /* newest input tick that arrived; 0: none yet, nor any margin */
    int16_t newest_sixteenths; /* how early it came, in 1/16 tick; negative: late */
    int16_t margin_sixteenths; /* the smallest of all since the last snapshot, at most newest */
    uint16_t repeated;         /* bit i: at tick - i the player's input was a repeat or neutral */
    uint16_t dropped_ticks;    /* that the server's time has lost since Welcome, modulo 65536 */
    bool tells_dropped;        /* false: as many as when the newest acked one went out, and
                                  dropped_ticks is 0 */
    uint8_t command_number;    /* of the player's newest command that was taken, modulo 256 */
    bool tells_command;        /* false: the newest acked one has told it, and the number is 0 */
    bool has_player;           /* false for a spectator: no exact rows follow */
    uint16_t player;
};

/* Writes a head.  Returns its bytes, or SK_ERR_FULL. */
SK_MUST_CHECK int sk_snapshot_write_head(const struct sk_snapshot_head *head, uint8_t *out,
                                         size_t capacity);
/* Reads a head.  Returns its bytes (the own part starts there), SK_ERR_TRUNCATED or
 * SK_ERR_PROTOCOL; after SK_OK the own part fits in `size`. */
SK_MUST_CHECK int sk_snapshot_read_head(struct sk_snapshot_head *head, const uint8_t *bytes,
                                        size_t size);

/* Writes the own part of `own->player`: what is above, the exact rows of every entity that
 * the player owns, taken from `world`, and `events` that are for this player alone.  Returns its
 * bytes, at most SK_OWN_PART_BYTES_MAX (the oldest events give way), or SK_ERR_FULL. */
SK_MUST_CHECK int sk_own_part_write(const struct sk_own_part *own, const struct sk_schema *schema,
                                    const void *world, struct sk_event_list events, uint8_t *out,
                                    size_t capacity);
/* Reads it back; `frame` is the same snapshot's, decoded, and tells who owns what.  Exact rows go
 * into the entities of `world` (NULL: they are checked and forgotten), events are appended to
 * `events`.  Returns SK_OK, SK_ERR_TRUNCATED or SK_ERR_RANGE; after an error the world holds some
 * rows. */
SK_MUST_CHECK int sk_own_part_read(struct sk_own_part *own, const struct sk_schema *schema,
                                   const struct sk_frame *frame, void *world,
                                   struct sk_events *events, const uint8_t *bytes, size_t size);
/* Reads only what stands before the exact rows, of a snapshot of `tick`, for who decodes no frame.
 * Returns SK_OK, SK_ERR_TRUNCATED or SK_ERR_RANGE. */
SK_MUST_CHECK int sk_own_part_read_fields(struct sk_own_part *own, uint32_t tick,
                                          const uint8_t *bytes, size_t size);

#endif
