/* udp_front.h - the sealed datagrams of one worker: its UDP socket and its sessions.
 *
 *   socket --> udp_front: session, replay window, seal --> on_datagram(slot, plain)
 *   socket <-- udp_front: seal <-- udp_front_send(slot, plain)
 *
 * A session is made by order of the join API, with its keys, and by nothing that comes over the
 * network.  What is not sealed right is counted and that is all: no answer, no memory, no slot.
 *
 *   (free) --open--> UNUSED --good datagram--> HEARD --admit--> ADMITTED --close, silence--> (free)
 *                      |                         |                             ^
 *                      | nothing came for 15 s   | not admitted for 30 s       |
 *                      +-------------------------+-----------------------------+
 *
 * When no slot is free, the session gives way that has been UNUSED for the longest: who asks for
 * keys and does not use them keeps nobody out.
 *
 * A session has a slot, 0 to sessions_max - 1, by which its owner knows it; it is another's only
 * after on_end() or udp_front_close().
 *
 * Memory   udp_front_create() allocates the table and the buffers; nothing else does.
 * Threads  the loop's, but udp_front_counts(), which any thread may read.
 * Time     the loop's.
 */
#ifndef UDP_FRONT_H
#define UDP_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address/address.h"
#include "base/reason.h"
#include "base/result.h"
#include "loop/counter.h"
#include "loop/loop.h"
#include "net/sealed.h"

/* Why a datagram was not used.  FILTERED: it holds what no client of ours sends.  CROWDED: a good
 * one for which the owner had no room left.  BUDGET: one of ours that was not sent, as the session
 * had sent us too little before it was admitted. */
/* clang-format off */
#define UDP_REFUSALS(ROW)                                                                          \
    ROW(UNKNOWN_SESSION, "unknown_session")                                                        \
    ROW(FORGED,          "forged")                                                                 \
    ROW(REPLAYED,        "replayed")                                                               \
    ROW(TRUNCATED,       "truncated")                                                              \
    ROW(FILTERED,        "filtered")                                                               \
    ROW(CROWDED,         "crowded")                                                                \
    ROW(BUDGET,          "budget")
/* clang-format on */

#define UDP_REFUSAL_ENUM(name, word) UDP_REFUSED_##name,
enum udp_refusal { UDP_REFUSALS(UDP_REFUSAL_ENUM) UDP_REFUSAL_COUNT };
#undef UDP_REFUSAL_ENUM

/* What the owner made of a datagram. */
enum udp_verdict { UDP_TAKEN, UDP_FILTERED, UDP_CROWDED };

/* What the owner of the sessions does.  None of these may end the front. */
struct udp_handler {
    /* A datagram came, borrowed for the call.  What is not taken is counted under its word.  The
     * owner may close the session inside. */
    enum udp_verdict (*on_datagram)(void *context, uint32_t slot, const uint8_t *plain,
                                    size_t bytes);
    /* Some datagrams were given, and no more are ready now.  NULL: nothing is to be done. */
    void (*on_batch)(void *context);
    /* The session has ended by itself: for silence (idle), as nothing came (hello_expected; or
     * server_full, when it made way), it was not admitted in time (head_timeout), or its sequences
     * are used up (server_busy).  Nothing may be sent to it.  NULL: nothing is to be done. */
    void (*on_end)(void *context, uint32_t slot, enum sk_reason reason);
};

struct udp_config {
    struct loop *loop; /* keeps a borrow, as of all pointers here */
    const struct udp_handler *handler;
    void *context; /* the handler's */
    struct sk_aead *aead;
    uint32_t sessions_max;      /* 0: 4095, which is also the most */
    uint32_t unused_timeout_ms; /* 0: SK_UDP_UNUSED_MS */
    uint32_t admit_timeout_ms;  /* 0: SK_UDP_ADMIT_MS, from when it was made */
    uint32_t idle_timeout_ms;   /* 0: SK_IDLE_TIMEOUT_MS; of one that something came from */
};

/* What a front counted since it was made; any thread may read it with counter_read(). */
struct udp_counts {
    struct counter datagrams_in; /* all that came, the refused too */
    struct counter bytes_in;
    struct counter datagrams_out;
    struct counter bytes_out;
    struct counter unsent; /* that the system did not take */
    struct counter refused[UDP_REFUSAL_COUNT];
    struct counter opened;   /* sessions */
    struct counter sessions; /* now, not ever */
    struct counter unopened; /* sessions that were ordered and are not made */
};

enum { UDP_SESSIONS_MAX = 4095 }; /* of a worker: as many peers as an ENet host has */

struct udp_front;

/* Makes the front of a loop, without a socket.  Returns it, owned, or NULL when memory is short. */
struct udp_front *udp_front_create(const struct udp_config *config);
/* Forgets all sessions, without a word to anybody, and closes the socket. */
void udp_front_destroy(struct udp_front *front);
/* Reads and writes a socket of udp_socket.h from now on, which it takes.  Returns SK_OK, or
 * SK_ERR_SYSTEM: the socket is then the caller's. */
SK_MUST_CHECK int udp_front_listen(struct udp_front *front, int fd);

/* Makes a session, as the join API ordered, with the server's keys; copies them.  Returns SK_OK and
 * its slot; SK_ERR_FULL when something came from all, SK_ERR_RANGE when another has this number. */
SK_MUST_CHECK int udp_front_open(struct udp_front *front, uint32_t session,
                                 const struct sk_sealed_keys *keys, uint32_t *slot);
/* Counts a session that was ordered and is not made, as it was refused or its room is elsewhere. */
void udp_front_count_unopened(struct udp_front *front);
/* Forgets a session and its keys.  Its last datagrams may still wait for the end of the turn. */
void udp_front_close(struct udp_front *front, uint32_t slot);
/* It may be sent more than it sent from now on. */
void udp_front_admit(struct udp_front *front, uint32_t slot);

/* Seals at most SK_SEALED_PLAIN_BYTES_MAX bytes (asserted) and sends them at the end of this turn,
 * to where the newest good datagram came from.  Returns SK_OK, or SK_ERR_FULL when it was not sent:
 * nothing has come from there yet, too little did before it was admitted, or it has used up its
 * sequences and ends.  What the network loses, or the kernel does not take, nobody hears of. */
SK_MUST_CHECK int udp_front_send(struct udp_front *front, uint32_t slot, const uint8_t *plain,
                                 size_t bytes);

/* Where the session's newest good datagram came from; all zeros when none has come. */
void udp_front_address(const struct udp_front *front, uint32_t slot, struct address *address);
/* Whether a loop's source is a front, for a loop whose other patient sources are connections. */
bool udp_front_is_source(const struct loop_source *source);
/* Its counters. */
const struct udp_counts *udp_front_counts(const struct udp_front *front);

#endif
