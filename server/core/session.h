/* session.h - one connection's conversation: decode, order, rate (SESSION.md, "States of a
 * connection").
 *
 *   GREETING --good hello--> PLAYING --error, leave, loss--> (the owner drops it)
 *
 * Memory   none; decoded messages borrow the bytes they came in.
 * Threads  one at a time; a session moves with its connection.
 * Time     now_us is a parameter.
 */
#ifndef SESSION_H
#define SESSION_H

#include "bucket.h"

#include "base/reason.h"
#include "wire/messages.h"

enum session_state { SESSION_GREETING, SESSION_PLAYING };

struct session {
    enum session_state state;
    uint16_t seat; /* of the room, when PLAYING */
    struct bucket bucket;
};

/* A fresh session that waits for a hello. */
void session_init(struct session *session);
/* The hello was good: from now on it plays in `seat`, `message_hz` being the expected rate. */
void session_start(struct session *session, uint16_t seat, uint32_t message_hz);
/* Checks and decodes one message.  `bytes` must be aligned to 8 (asserted) and outlive *message.
 * Returns SK_REASON_NONE with *message, which is a hello exactly in GREETING; or why the connection
 * must be closed. */
enum sk_reason session_decode(struct session *session, const uint8_t *bytes, size_t size,
                              uint64_t now_us, struct sk_client_message *message);

#endif
