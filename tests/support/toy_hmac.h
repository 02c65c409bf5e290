/* toy_hmac.h - a stand-in for HMAC-SHA256 where a test needs one that only tells texts apart. */
#ifndef TOY_HMAC_H
#define TOY_HMAC_H

#include <stddef.h>
#include <stdint.h>

/* A ticket_hmac_fn: every byte of the key's first and of the text changes all of `mac`. */
void toy_hmac(const uint8_t key[32], const uint8_t *bytes, size_t size, uint8_t mac[32]);

#endif
