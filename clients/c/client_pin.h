/* client_pin.h - a pinned certificate as a person writes it down, for client_tls.h.
 *
 * Memory, Threads, Time   none is kept, any, none is read.
 */
#ifndef CLIENT_PIN_H
#define CLIENT_PIN_H

#include <stdbool.h>
#include <stdint.h>

enum { CLIENT_PIN_BYTES = 32 }; /* of a SHA-256 */

/* Fills `pin` from 64 hex digits of either case; false when `hex` is anything else. */
bool client_pin_read(uint8_t pin[CLIENT_PIN_BYTES], const char *hex);

#endif
