/* fuzz_server_message.c - hostile bytes as a server's message. */
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "wire/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_text(struct sk_text text, const uint8_t *bytes, size_t size)
{
    if (text.size > 0) {
        SK_ASSERT((const uint8_t *)text.bytes >= bytes);
        SK_ASSERT((const uint8_t *)text.bytes + text.size <= bytes + size);
    }
}

static void check_message(const struct sk_server_message *message, const uint8_t *bytes,
                          size_t size)
{
    switch (message->type) {
    case SK_SERVER_WELCOME:
        check_text(message->welcome.game, bytes, size);
        check_text(message->welcome.room, bytes, size);
        check_text(message->welcome.content, bytes, size);
        check_text(message->welcome.resume, bytes, size);
        break;
    case SK_SERVER_ROSTER:
        for (uint32_t i = 0; i < message->roster.count; i++) {
            check_text(sk_roster_seat(message, i).name, bytes, size);
        }
        break;
    case SK_SERVER_RESUME:
        check_text(message->resume, bytes, size);
        break;
    case SK_SERVER_NOTICE:
        check_text(message->notice.text, bytes, size);
        break;
    case SK_SERVER_GOODBYE:
        check_text(message->goodbye.word, bytes, size);
        break;
    case SK_SERVER_ANSWER:
        check_text((struct sk_text){(const char *)message->answer.bytes, message->answer.size},
                   bytes, size);
        break;
    case SK_SERVER_PROBED:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static _Alignas(8) uint8_t aligned[4096];
    struct sk_server_message message;
    if (size > sizeof(aligned)) {
        return 0;
    }
    memcpy(aligned, bytes, size);
    if (sk_server_message_decode(aligned, size, &message) == SK_OK) {
        check_message(&message, aligned, size);
    }
    return 0;
}
