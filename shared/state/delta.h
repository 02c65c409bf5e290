/* delta.h - the body of a snapshot: what changed between two frames, bit-packed (WIRE.md, "Body").
 *
 * A packet depends on nothing but the baseline that its head names, so one body serves all clients
 * that hold that baseline.  A keyframe is the delta from the empty frame.
 *
 * Memory   nothing is allocated.
 * Errors   encoding asserts (the frames are ours); decoding checks every bit.
 */
#ifndef SK_DELTA_H
#define SK_DELTA_H

#include "state/event_list.h"
#include "state/frame.h"

/* Encodes `frame` against `baseline` (the empty frame for a keyframe).  Returns the bytes written
 * to `out`, or SK_ERR_FULL when `capacity` is too small; `out` is then garbage. */
SK_MUST_CHECK int sk_delta_encode(const struct sk_schema *schema, const struct sk_frame *baseline,
                                  const struct sk_frame *frame, struct sk_event_list events,
                                  uint8_t *out, size_t capacity);

/* Decodes into `frame`, whose tick the caller has set from the head, and hash; events are appended
 * to `events` (those that do not fit are dropped and counted).  Returns SK_OK, SK_ERR_TRUNCATED, or
 * SK_ERR_RANGE for anything else that sk_delta_encode() would not have written (but for a choice of
 * widths that is not the cheapest); `frame` is then garbage, `baseline` untouched.  `frame` and
 * `baseline` must differ. */
SK_MUST_CHECK int sk_delta_decode(const struct sk_schema *schema, const struct sk_frame *baseline,
                                  const uint8_t *bytes, size_t size, struct sk_frame *frame,
                                  struct sk_events *events);

#endif
