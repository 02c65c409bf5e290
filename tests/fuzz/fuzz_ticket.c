/* fuzz_ticket.c - any text as a ticket: what is taken was signed, and says so again. */
#include <string.h>

#include "base/assert.h"
#include "support/toy_room.h"

enum { NOW_S = 1000 };

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct ticket ticket = {0};
    struct ticket again = {0};
    char text[TICKET_TEXT_BYTES];
    int result = ticket_read(&ticket, &toy_room_keys, (const char *)bytes, size, NOW_S);
    SK_ASSERT(result == SK_OK || result < 0);
    if (result != SK_OK || (ticket.role != TICKET_JOIN && ticket.role != TICKET_RESUME)) {
        return 0; /* the toy MAC lets a role through that the real one would not */
    }
    SK_ASSERT(size == TICKET_TEXT_BYTES);
    SK_ASSERT(ticket.expiry_s >= NOW_S);
    ticket_write(&ticket, &toy_room_keys, text);
    result = ticket_read(&again, &toy_room_keys, text, sizeof(text), NOW_S);
    SK_ASSERT(result == SK_OK);
    SK_ASSERT(again.nonce == ticket.nonce);
    SK_ASSERT(again.seat == ticket.seat);
    return 0;
}
