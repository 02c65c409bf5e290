/* player_label.h - what the log says of a player: room, seat, name, address.
 *
 * Memory   copies: when a connection ends its room and its seat may be gone already.
 * Threads  one a label.
 */
#ifndef PLAYER_LABEL_H
#define PLAYER_LABEL_H

#include "address/address.h"
#include "base/limits.h"
#include "log/log.h"
#include "room.h"

struct player_label {
    char room[SK_CODE_BYTES + 1];
    char name[SK_NAME_BYTES_MAX + 1];
    uint16_t seat;
};

/* Copies who sits in the seat. */
void player_label_fill(struct player_label *label, const struct room *room, uint16_t seat);
/* Logs the event with the label, the address without its port and, but for SK_REASON_NONE, the
 * reason. */
void player_label_log(const struct player_label *label, struct log *log, const char *event,
                      const struct address *address, enum sk_reason reason);

#endif
