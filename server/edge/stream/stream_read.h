/* stream_read.h - from the socket to the protocol, through TLS where there is some.
 *
 * Threads  the hub's.
 */
#ifndef STREAM_READ_H
#define STREAM_READ_H

struct stream;

/* The socket of a stream that is not paused has something to read. */
void stream_read_ready(struct stream *stream);
/* A handshake, whose peer has sent something, has its turn (handshake_queue.h). */
void stream_read_handshake(struct stream *stream);
/* Gives the protocol what waited while the stream was paused; nothing while it still is. */
void stream_read_resume(struct stream *stream);

#endif
