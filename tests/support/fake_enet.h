/* fake_enet.h - the UDP side of fake_server.h: one session, whose datagrams are carried by hand.
 *
 *   fake_enet_offer() --join answer--> fake_enet_take() ... out[]     a session is used once
 *
 * Memory   fake_enet_open() allocates, fake_enet_close() frees.
 */
#ifndef FAKE_ENET_H
#define FAKE_ENET_H

#include "enet/enet_host.h"
#include "fake_server.h"
#include "net/sealed.h"

enum { FAKE_ENET_DATAGRAMS = 64 };

struct fake_enet {
    struct fake_server *server; /* borrowed */
    struct sk_aead *aead;
    struct sk_sealed sealed;
    struct sk_enet_host *host;
    ENetPeer *peer;     /* NULL: nobody is connected */
    uint32_t session;   /* the newest that was offered */
    uint32_t taken;     /* datagrams that were the client's */
    uint32_t refused;   /* that were not */
    char offer[256];    /* the session as the join answer tells it */
    uint32_t out_count; /* for the client: */
    size_t out_bytes[FAKE_ENET_DATAGRAMS];
    uint8_t out[FAKE_ENET_DATAGRAMS][SK_SEALED_BYTES_MAX];
};

/* The server offers UDP from the first fake_enet_offer() on; it is kept as a borrow. */
void fake_enet_open(struct fake_enet *enet, struct fake_server *server);
/* Frees what open() took. */
void fake_enet_close(struct fake_enet *enet);
/* Begins another session, at HOST:PORT, which the next join answer tells; the last one is gone. */
void fake_enet_offer(struct fake_enet *enet, const char *address);
/* Takes a datagram; what answers it lies in out. */
void fake_enet_take(struct fake_enet *enet, const uint8_t *bytes, size_t size, uint64_t now_us);
/* Sends what is due, and repeats what was not confirmed. */
void fake_enet_poll(struct fake_enet *enet, uint64_t now_us);

#endif
