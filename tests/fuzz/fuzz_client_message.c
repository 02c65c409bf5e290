/* fuzz_client_message.c - hostile bytes as a client's message. */
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "wire/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What a decoded message borrows lies within its bytes. */
static void check_within(const void *part, size_t part_bytes, const uint8_t *bytes, size_t size)
{
    if (part_bytes > 0) {
        SK_ASSERT((const uint8_t *)part >= bytes);
        SK_ASSERT((const uint8_t *)part + part_bytes <= bytes + size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static _Alignas(8) uint8_t aligned[SK_MESSAGE_BYTES_MAX];
    struct sk_client_message message;
    if (size > sizeof(aligned)) {
        return 0;
    }
    memcpy(aligned, bytes, size);
    if (sk_client_message_decode(aligned, size, &message) != SK_OK) {
        return 0;
    }
    SK_ASSERT(message.type >= SK_CLIENT_HELLO);
    SK_ASSERT(message.type <= SK_CLIENT_DIVERGED);
    if (message.type == SK_CLIENT_HELLO) {
        check_within(message.hello.ticket.bytes, message.hello.ticket.size, aligned, size);
    } else if (message.type == SK_CLIENT_COMMAND) {
        check_within(message.command.bytes, message.command.size, aligned, size);
    } else if (message.type == SK_CLIENT_INPUTS) {
        SK_ASSERT(message.inputs.count >= 1);
        SK_ASSERT(message.inputs.count <= SK_INPUTS_A_MESSAGE_MAX);
    }
    return 0;
}
