/* room_password.c - what is hashed: "P", which no ticket begins with, the epoch as u64
 * little-endian, the password.  The first 16 bytes are kept, the lowest bit of the first set, so
 * that no password looks like none. */
#include "room_password.h"

#include "base/assert.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"

enum { PREFIX_BYTES = 1 + 8, MAC_BYTES = 32 };

static void hash_with(const struct ticket_keys *keys, uint32_t key, uint64_t epoch,
                      struct sk_text password, uint8_t hash[ROOM_PASSWORD_HASH_BYTES])
{
    uint8_t message[PREFIX_BYTES + SK_PASSWORD_BYTES_MAX] = {'P'};
    uint8_t mac[MAC_BYTES];
    SK_ASSERT(password.size <= SK_PASSWORD_BYTES_MAX);
    memset(hash, 0, ROOM_PASSWORD_HASH_BYTES);
    if (password.size == 0) {
        return;
    }
    for (uint32_t i = 0; i < 8; i++) {
        message[1 + i] = (uint8_t)(epoch >> 8 * i);
    }
    memcpy(message + PREFIX_BYTES, password.bytes, password.size);
    keys->hmac(keys->keys[key], message, PREFIX_BYTES + password.size, mac);
    memcpy(hash, mac, ROOM_PASSWORD_HASH_BYTES);
    hash[0] |= 1;
}

void room_password_hash(const struct ticket_keys *keys, uint64_t epoch, struct sk_text password,
                        uint8_t hash[ROOM_PASSWORD_HASH_BYTES])
{
    hash_with(keys, 0, epoch, password, hash);
}

bool room_password_fits(const struct ticket_keys *keys, uint64_t epoch, struct sk_text password,
                        const uint8_t hash[ROOM_PASSWORD_HASH_BYTES])
{
    bool fits = false;
    for (uint32_t i = 0; i < TICKET_KEYS; i++) {
        uint8_t shown[ROOM_PASSWORD_HASH_BYTES];
        hash_with(keys, i, epoch, password, shown);
        fits = sk_secret_equal(shown, hash, sizeof(shown)) || fits;
    }
    return fits;
}
