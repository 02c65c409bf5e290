/* toy_hmac.c - see toy_hmac.h. */
#include "support/toy_hmac.h"

#include <string.h>

#include "base/hash.h"

void toy_hmac(const uint8_t key[32], const uint8_t *bytes, size_t size, uint8_t mac[32])
{
    for (uint64_t i = 0; i < 4; i++) {
        uint64_t word = sk_hash(4 * key[0] + i, bytes, size);
        memcpy(mac + 8 * i, &word, 8);
    }
}
