/* enet_host.h - one ENet host over a port: a server's with many peers or a client's with one.
 *
 *   server:  sk_enet_host_push(CONNECT) -> service -> on_connect --+
 *   client:  sk_enet_host_connect() ------> service -> on_connect -+--> on_message ... -> on_end
 *
 * Both ends speak alike: two channels, RELIABLE messages on one, LOSSY ones unsequenced on the
 * other, ENet's throttle off, its maxima low.  A peer has a number of the owner's,
 * in enet_port.h's sense, and an ENetPeer while it is connected.
 *
 * Memory   sk_enet_host_create() allocates the host; ENet allocates for each packet and command,
 *          and what it cannot get is a datagram that was lost.
 * Threads  one at a time.  sk_enet_prepare() before the first thread.
 * Time     a parameter of sk_enet_host_service(), in milliseconds, which may wrap.
 */
#ifndef SK_ENET_HOST_H
#define SK_ENET_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <enet/enet.h>

#include "base/result.h"

/* What a datagram's head and a command's head leave of SK_ENET_DATAGRAM_BYTES_MAX; ENet would cut a
 * message that is bigger, which is for reliable ones only. */
enum {
    SK_ENET_MESSAGE_BYTES_MAX = 1148,
    SK_ENET_RELIABLE_BYTES_MAX = 64 << 10,
    SK_ENET_PEERS_MAX = 0xfff /* of a host */
};

struct sk_enet_host;

/* One message in two parts; both are borrowed, `body` may be NULL. */
struct sk_enet_message {
    bool is_reliable; /* and in order with the other reliable ones */
    const uint8_t *head;
    size_t head_bytes;
    const uint8_t *body;
    size_t body_bytes;
};

/* What a host tells its owner, inside sk_enet_host_service() but for on_send, which any function
 * may cause.  Inside the others every function of the host may be called but service and
 * destroy. */
struct sk_enet_events {
    /* A peer's CONNECT has come, or the answer to ours.  Returns what the other events get as
     * `user`, or NULL to refuse the peer. */
    void *(*on_connect)(void *context, uint32_t number, ENetPeer *peer);
    /* A whole message; `bytes` are aligned to 8 and borrowed. */
    void (*on_message)(void *user, const uint8_t *bytes, size_t size);
    /* The peer has disconnected with this number; or confirmed that we did, or answers no longer,
     * both with 0.  The ENetPeer is gone. */
    void (*on_end)(void *user, uint32_t data);
    /* A datagram for the peer of that number. */
    void (*on_send)(void *context, uint32_t number, const uint8_t *bytes, size_t size);
};

struct sk_enet_host_config {
    uint32_t peers_max;   /* at most SK_ENET_PEERS_MAX */
    uint32_t queue_count; /* datagrams that may wait for service, 256 */
    const struct sk_enet_events *events;
    void *context;
};

/* Makes ENet ready in this process; may be called again.  SK_ERR_SYSTEM: it cannot be. */
SK_MUST_CHECK int sk_enet_prepare(void);
/* Two hosts connect and one says a word to the other, without a file descriptor and by a clock that
 * we set.  SK_ERR_SYSTEM: ENet does not call our functions (enet_port.h), and must not be used. */
SK_MUST_CHECK int sk_enet_self_test(void);

/* Makes a host without peers.  Returns it, owned, or NULL. */
struct sk_enet_host *sk_enet_host_create(const struct sk_enet_host_config *config);
/* Frees it and forgets its peers without a word; nothing for NULL. */
void sk_enet_host_destroy(struct sk_enet_host *host);

/* A datagram of that peer's waits for the next service.  false: it is lost, for the queue is full
 * or it is above SK_ENET_DATAGRAM_BYTES_MAX. */
bool sk_enet_host_push(struct sk_enet_host *host, uint32_t number, const uint8_t *bytes,
                       size_t size);
/* How many wait. */
uint32_t sk_enet_host_waiting(const struct sk_enet_host *host);
/* Takes what waits, repeats what was not confirmed in time, sends what there is to send. */
void sk_enet_host_service(struct sk_enet_host *host, uint32_t now_ms);

/* Sends what there is to send, and no more: half the work. */
void sk_enet_host_flush(struct sk_enet_host *host, uint32_t now_ms);

/* Asks the peer of that number for a connection.  SK_ERR_FULL or SK_ERR_MEMORY. */
SK_MUST_CHECK int sk_enet_host_connect(struct sk_enet_host *host, uint32_t number);
/* Sends a message with the next service; nothing when the peer is not connected, the message above
 * SK_ENET_RELIABLE_BYTES_MAX or memory short.  A lossy one fits SK_ENET_MESSAGE_BYTES_MAX
 * (asserted). */
void sk_enet_peer_send(struct sk_enet_host *host, ENetPeer *peer,
                       const struct sk_enet_message *message);
/* Ends the connection, after what is reliable was confirmed, with a number for the peer; on_end
 * tells when that is confirmed. */
void sk_enet_peer_close(struct sk_enet_host *host, ENetPeer *peer, uint32_t data);
/* Forgets the peer without a word: no event of it comes any more. */
void sk_enet_peer_drop(struct sk_enet_host *host, ENetPeer *peer);

/* The same by the peer's number, however far it has come, and forgets what waits of it: another may
 * have its number from now on.  Walks all peers. */
void sk_enet_host_forget(struct sk_enet_host *host, uint32_t number);

/* How many of its reliable messages were repeated since ENet last began to count, which it does
 * every ten seconds. */
uint32_t sk_enet_peer_resends(const ENetPeer *peer);
/* How many bytes of reliable messages the peer has not confirmed. */
size_t sk_enet_peer_unconfirmed(const struct sk_enet_host *host, const ENetPeer *peer);
/* The newest of its reliable messages that came in order (enet_filter.h). */
uint16_t sk_enet_peer_delivered(const ENetPeer *peer);

#endif
