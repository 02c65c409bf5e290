/* stream_end.h - the end of a stream in order.
 *
 * DRAINING reads and discards, because closing a socket with unread bytes sends a reset, which may
 * overtake what was sent last.
 *
 * Threads  the hub's.
 */
#ifndef STREAM_END_H
#define STREAM_END_H

struct stream;

/* In CLOSING: shuts our side when nothing waits any more. */
void stream_end_finish(struct stream *stream);
/* In DRAINING: reads and discards. */
void stream_end_drain(struct stream *stream);

#endif
