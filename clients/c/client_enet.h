/* client_enet.h - one session of a client over ENet in sealed datagrams (WIRE.md).
 *
 *   client_enet_create() -> CONNECT --on_open()--> messages both ways --on_close()--> of no use
 *
 * No I/O: datagrams of the socket come in one by one, those for it lie in a queue.  What has a key
 * needs no handshake: a session has its keys from the answer of the join API, and is used once.
 *
 * Memory   client_enet_create() allocates; ENet allocates for each packet.
 * Threads  one.
 * Time     now_us of the caller.
 */
#ifndef CLIENT_ENET_H
#define CLIENT_ENET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/sealed.h"

struct client_enet;

/* What the answer of the join API says. */
struct client_enet_session {
    uint32_t session;
    struct sk_sealed_keys keys;
};

/* How a session fares. */
struct client_enet_figures {
    size_t queue_bytes; /* that wait for the socket */
    uint32_t resends;   /* of our reliable messages */
    uint64_t missing;   /* datagrams of the server's that later ones have overtaken, or lost */
};

/* What a session tells its owner.  None of them may destroy it. */
struct client_enet_events {
    void *owner;
    void (*on_open)(void *owner);
    /* A message, aligned to 8.  Returns SK_OK, or an error that ends the connection. */
    int (*on_message)(void *owner, const uint8_t *bytes, size_t size);
    /* The server has ended it, with the number of a reason, or does not answer: 0. */
    void (*on_close)(void *owner, uint32_t reason);
};

/* Begins a session: its first datagram waits in the queue.  Returns it, owned, or NULL when memory
 * is short or ENet does not call our functions (enet_port.h). */
struct client_enet *client_enet_create(const struct client_enet_events *events,
                                       const struct client_enet_session *session, uint64_t now_us);
/* Frees it and forgets the keys; nothing for NULL. */
void client_enet_destroy(struct client_enet *enet);

/* A datagram came; what is not the server's, or came before, is nothing.  Returns SK_OK, or the
 * error of on_message(). */
SK_MUST_CHECK int client_enet_receive(struct client_enet *enet, const uint8_t *datagram,
                                      size_t bytes, uint64_t now_us);
/* When a datagram came last that was the server's; when it was created, before the first. */
uint64_t client_enet_heard_us(const struct client_enet *enet);
/* How it fares. */
struct client_enet_figures client_enet_figures(const struct client_enet *enet);
/* Sends a message with the next client_enet_poll(); one that is not reliable may be lost.  Returns
 * SK_OK, or SK_ERR_TOO_BIG. */
SK_MUST_CHECK int client_enet_send(struct client_enet *enet, bool is_reliable, const uint8_t *bytes,
                                   size_t size);
/* The server has let us in: datagrams are no longer padded. */
void client_enet_on_welcome(struct client_enet *enet);
/* Says good bye with the number of a reason, as far as one datagram can. */
void client_enet_close(struct client_enet *enet, uint32_t reason);

/* Sends what was given, and repeats what was not confirmed in time. */
void client_enet_poll(struct client_enet *enet, uint64_t now_us);
/* When to call it at the latest. */
uint64_t client_enet_next_us(const struct client_enet *enet);
/* The datagram that goes next, borrowed until client_enet_pop(); *size is 0 when there is none. */
const uint8_t *client_enet_output(const struct client_enet *enet, size_t *size);
/* It was given to the socket, which took it or not. */
void client_enet_pop(struct client_enet *enet);

#endif
