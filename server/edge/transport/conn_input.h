/* conn_input.h - from the socket to HTTP and WebSocket, through TLS where there is some.
 *
 * Threads  the front's.
 */
#ifndef CONN_INPUT_H
#define CONN_INPUT_H

#include <stddef.h>
#include <stdint.h>

struct conn;
struct loop_source;

/* epoll says that something can be done. */
void conn_on_ready(struct loop_source *source, uint32_t events);
/* The handshake, whose peer has sent something, has its turn (handshake_queue.h). */
void conn_go_on_with_handshake(struct conn *conn);
/* Looks again at bytes that were kept while the connection was paused. */
void conn_look_again(struct conn *conn);

#endif
