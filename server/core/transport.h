/* transport.h - how a room talks to a connection without knowing what kind it is.
 *
 * A WebSocket, with or without TLS, stands behind it, and in tests an array.  Transports that lose
 * messages say so with is_ordered.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"

/* One message in two parts: `head` is this client's own, `body` may be shared with others. */
struct transport_message {
    const uint8_t *head; /* borrowed during the call, as is body */
    size_t head_bytes;
    const uint8_t *body; /* NULL when body_bytes is 0 */
    size_t body_bytes;
};

/* What a message needs of a transport that may lose some; one that is ordered loses none. */
enum transport_delivery {
    TRANSPORT_LOSSY,    /* it may be lost or overtaken: a newer one of its kind says all of it */
    TRANSPORT_RELIABLE, /* it comes once, after the reliable ones before it */
};

struct transport {
    /* Sends one message.  What the kernel does not take at once the transport copies; a transport
     * that cannot keep it closes the connection by itself (`slow_reader`). */
    void (*send)(void *connection, const struct transport_message *message,
                 enum transport_delivery delivery);
    /* Does it still hold bytes that the kernel did not take? */
    bool (*has_unsent)(void *connection);
    /* Ends the connection after what was sent; the owner hears of it later, never inside. */
    void (*close)(void *connection, enum sk_reason reason);
    /* Messages arrive in order and none is lost: deltas may build on the last one sent.  The hello
     * must say the same. */
    bool is_ordered;
    /* May it go to another worker now?  false: it is about to end, and its owner hears of it. */
    bool (*can_move)(void *connection);
    /* Takes it, with all that it holds, to another worker's thread, where its owner says that it
     * has come (room_move.h); none of these functions may be called before.  NULL: it cannot. */
    void (*move)(void *connection, uint32_t worker);
};

#endif
