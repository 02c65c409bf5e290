/* player_label.c - see player_label.h. */
#include "player_label.h"

#include <string.h>

#include "base/assert.h"

void player_label_fill(struct player_label *label, const struct room *room, uint16_t seat)
{
    struct sk_text name = room_seat_name(room, seat);
    SK_ASSERT(name.size < sizeof(label->name));
    *label = (struct player_label){.seat = seat};
    memcpy(label->room, room_code(room), SK_CODE_BYTES);
    memcpy(label->name, name.bytes, name.size);
}

void player_label_log(const struct player_label *label, struct log *log, const char *event,
                      const struct address *address, enum sk_reason reason)
{
    char host[ADDRESS_TEXT_BYTES_MAX];
    address_host_text(address, host);
    const struct log_field fields[] = {
        log_text("room", label->room),
        log_number("seat", label->seat),
        log_text("name", label->name),
        log_text("address", host),
        log_text("reason", sk_reason_word(reason)),
    };
    size_t count = sizeof(fields) / sizeof(fields[0]) - (reason == SK_REASON_NONE);
    log_write(log, LOG_INFO, event, fields, count);
}
