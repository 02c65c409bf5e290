/* ticket.h - a signed right to a seat, verified offline.
 *
 * A join ticket is given by the lobby and good for one hello; a resume ticket is given at admission
 * and brings its holder back to the same seat.  Both name room, epoch and seat and carry a nonce
 * that the seat remembers, so that each is used once.  A ticket holds no key and no name.
 *
 * Memory   none.
 * Threads  keys are read only after the start; rotation makes a new struct.
 * Time     wall-clock seconds are a parameter.
 */
#ifndef TICKET_H
#define TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"
#include "base/result.h"

enum { TICKET_KEY_BYTES = 32, TICKET_KEYS = 2 };
/* 36 signed bytes and 16 of MAC, each as two hex digits. */
enum { TICKET_SIGNED_BYTES = 36, TICKET_MAC_BYTES = 16 };
enum { TICKET_TEXT_BYTES = 2 * (TICKET_SIGNED_BYTES + TICKET_MAC_BYTES) };

/* HMAC-SHA256 of `bytes`; the edge supplies it. */
typedef void (*ticket_hmac_fn)(const uint8_t key[TICKET_KEY_BYTES], const uint8_t *bytes,
                               size_t size, uint8_t mac[32]);

struct ticket_keys {
    uint8_t keys[TICKET_KEYS][TICKET_KEY_BYTES];
    uint8_t ids[TICKET_KEYS]; /* keys[0] signs, both verify: the other one is on its way out */
    ticket_hmac_fn hmac;
};

enum ticket_role { TICKET_JOIN = 1, TICKET_RESUME = 2 };

struct ticket {
    uint8_t role;   /* enum ticket_role */
    uint16_t seat;  /* of the room: players first, spectators after them */
    uint32_t room;  /* id */
    uint64_t epoch; /* of the room: ids are used again, epochs are not */
    uint64_t expiry_s;
    uint64_t nonce;
};

/* Writes the text of a signed ticket, without a terminator. */
void ticket_write(const struct ticket *ticket, const struct ticket_keys *keys,
                  char text[TICKET_TEXT_BYTES]);

/* Reads a ticket's text.  Returns SK_OK; SK_ERR_PROTOCOL when it is none; SK_ERR_MISMATCH for a
 * version or key that is not ours; SK_ERR_FORGED when the MAC does not fit (compared in constant
 * time); SK_ERR_CLOSED when it expired before `now_s`.  Every text is safe. */
SK_MUST_CHECK int ticket_read(struct ticket *ticket, const struct ticket_keys *keys,
                              const char *text, size_t size, uint64_t now_s);
/* What a peer hears for a result of ticket_read(). */
enum sk_reason ticket_reason(int result);

#endif
