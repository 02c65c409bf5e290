/* sealed.h - one end of a session of sealed datagrams (WIRE.md, "Sealed datagrams").
 *
 *   session u32 | sequence u32 | sealed bytes | tag        at most 1,200 bytes
 *
 * UDP says nothing of who sent a datagram.  A session has a key each way, made at random for each
 * answer of the join API; what was not sealed with it, or came before, is not used or answered.
 * There is no new key within a session: it ends before its sequences do.
 *
 * Memory   the caller's, which says when the keys are wiped (sk_sealed_deinit); what a function is
 *          given is borrowed for the call.
 * Threads  one.
 * Time     none is read.
 */
#ifndef SK_SEALED_H
#define SK_SEALED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "net/aead.h"
#include "net/replay_window.h"

#define SK_SEALED_HEAD_BYTES      8
#define SK_SEALED_OVERHEAD_BYTES  (SK_SEALED_HEAD_BYTES + SK_AEAD_TAG_BYTES)
#define SK_SEALED_BYTES_MAX       1200 /* of a datagram */
#define SK_SEALED_PLAIN_BYTES_MAX (SK_SEALED_BYTES_MAX - SK_SEALED_OVERHEAD_BYTES)

/* Which way a datagram goes; a part of what is sealed. */
enum sk_sealed_direction { SK_SEALED_TO_SERVER, SK_SEALED_TO_CLIENT };

/* What the answer of the join API gives; the server has the keys the other way round. */
struct sk_sealed_keys {
    uint8_t send[SK_AEAD_KEY_BYTES];
    uint8_t receive[SK_AEAD_KEY_BYTES];
};

struct sk_sealed {
    struct sk_aead *aead; /* borrowed */
    uint32_t session;
    enum sk_sealed_direction sends; /* what it receives goes the other way */
    uint64_t next_sequence;         /* of the next datagram that it sends */
    struct sk_sealed_keys keys;
    struct sk_replay_window window;
};

/* What a datagram held. */
struct sk_sealed_opened {
    size_t bytes;
    bool is_newest; /* of all that came: the address it came from is where the peer is now */
};

/* Begins a session; keeps a borrow of the cipher and copies the keys. */
void sk_sealed_init(struct sk_sealed *sealed, struct sk_aead *aead, uint32_t session,
                    enum sk_sealed_direction sends, const struct sk_sealed_keys *keys);

/* Wipes the keys: the session has ended. */
void sk_sealed_deinit(struct sk_sealed *sealed);

/* The session that a datagram names, into *session.  Returns SK_OK, SK_ERR_TRUNCATED when it is too
 * short to be one or SK_ERR_TOO_BIG. */
SK_MUST_CHECK int sk_sealed_read_session(const uint8_t *datagram, size_t bytes, uint32_t *session);

/* Seals at most SK_SEALED_PLAIN_BYTES_MAX bytes (asserted) into `out`.  Returns the size of the
 * datagram; or SK_ERR_FULL when the session has used up its sequences: it must end. */
SK_MUST_CHECK int sk_sealed_send(struct sk_sealed *sealed, const uint8_t *plain, size_t bytes,
                                 uint8_t out[SK_SEALED_BYTES_MAX]);

/* Opens a datagram into `plain`.  Returns SK_OK with *opened; SK_ERR_TRUNCATED or SK_ERR_TOO_BIG
 * for one that is none, SK_ERR_RANGE for one whose sequence came before or is too old, and
 * SK_ERR_FORGED for one that this session's other end did not seal: nothing is changed then. */
SK_MUST_CHECK int sk_sealed_receive(struct sk_sealed *sealed, const uint8_t *datagram, size_t bytes,
                                    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX],
                                    struct sk_sealed_opened *opened);

#endif
