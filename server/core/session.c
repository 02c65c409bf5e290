/* session.c - see session.h. */
#include "session.h"

#include "base/assert.h"
#include "base/limits.h"

enum { GREETING_MESSAGES_A_SECOND = 1, HEADROOM = 2 };

void session_init(struct session *session)
{
    *session = (struct session){.state = SESSION_GREETING};
    session->bucket = bucket_make(GREETING_MESSAGES_A_SECOND, SK_MESSAGE_BURST_MS);
}

void session_start(struct session *session, uint16_t seat, uint32_t message_hz)
{
    SK_ASSERT(session->state == SESSION_GREETING);
    session->state = SESSION_PLAYING;
    session->seat = seat;
    session->bucket = bucket_make(HEADROOM * message_hz, SK_MESSAGE_BURST_MS);
}

static enum sk_reason reason_of(int result)
{
    return result == SK_ERR_RANGE ? SK_REASON_INPUT_RANGE : SK_REASON_MALFORMED;
}

enum sk_reason session_decode(struct session *session, const uint8_t *bytes, size_t size,
                              uint64_t now_us, struct sk_client_message *message)
{
    if (!bucket_spend(&session->bucket, now_us)) {
        return SK_REASON_RATE_LIMIT;
    }
    int result = sk_client_message_decode(bytes, size, message);
    if (result != SK_OK) {
        return reason_of(result);
    }
    bool is_hello = message->type == SK_CLIENT_HELLO;
    if (session->state == SESSION_GREETING && !is_hello) {
        return SK_REASON_HELLO_EXPECTED;
    }
    if (session->state == SESSION_PLAYING && is_hello) {
        return SK_REASON_HELLO_TWICE;
    }
    if (is_hello && message->hello.version != SK_WIRE_VERSION) {
        return SK_REASON_VERSION;
    }
    return SK_REASON_NONE;
}
