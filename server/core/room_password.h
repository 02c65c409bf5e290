/* room_password.h - a room's password, as it is kept: a keyed hash, from which nobody reads it.
 *
 * The key is the one that signs tickets, so that a room and its tickets survive a restart together,
 * or neither does; the room's epoch makes the hashes of two rooms with one password differ.
 *
 * Memory   none.
 * Threads  any.
 */
#ifndef ROOM_PASSWORD_H
#define ROOM_PASSWORD_H

#include <stdbool.h>
#include <stdint.h>

#include "ticket.h"

#include "base/span.h"

enum { ROOM_PASSWORD_HASH_BYTES = 16 };

/* Writes the hash of the password of the room with this epoch, which is all zero exactly when the
 * password is empty: the room has none.  At most SK_PASSWORD_BYTES_MAX (asserted). */
void room_password_hash(const struct ticket_keys *keys, uint64_t epoch, struct sk_text password,
                        uint8_t hash[ROOM_PASSWORD_HASH_BYTES]);
/* Is it this room's password?  Compared in constant time, under each key that still verifies. */
bool room_password_fits(const struct ticket_keys *keys, uint64_t epoch, struct sk_text password,
                        const uint8_t hash[ROOM_PASSWORD_HASH_BYTES]);

#endif
