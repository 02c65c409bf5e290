/* stream_move.h - a stream goes to another thread.
 *
 * Threads  the old hub's.
 */
#ifndef STREAM_MOVE_H
#define STREAM_MOVE_H

struct stream;

/* At the end of a turn: takes the stream out of its hub and posts it to stream->move_to. */
void stream_move_depart(struct stream *stream);

#endif
