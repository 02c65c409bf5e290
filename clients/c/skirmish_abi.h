/* skirmish_abi.h - structs that cross the library's face: its user's may be shorter or longer.
 *
 * Each begins with a uint32_t struct_size, which its user sets.
 */
#ifndef SKIRMISH_ABI_H
#define SKIRMISH_ABI_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* What the user's struct says of its size. */
static inline uint32_t abi_size(const void *given)
{
    uint32_t size;
    memcpy(&size, given, sizeof(size));
    return size;
}

/* Whether a struct of that size has more than the size itself. */
static inline bool abi_is_size(uint32_t size)
{
    return size > sizeof(uint32_t) && size <= UINT16_MAX;
}

/* Takes a user's struct into ours, `size` bytes and all zero: what the user does not know stays 0.
 * Returns false for a size that is none. */
static inline bool abi_take(void *own, size_t size, const void *given)
{
    uint32_t given_size = abi_size(given);
    if (!abi_is_size(given_size)) {
        return false;
    }
    memcpy(own, given, given_size < size ? given_size : size);
    return true;
}

/* Gives ours to the user: what the user does not know is left out, what we do not know is 0.
 * Returns false for a size that is none. */
static inline bool abi_give(void *given, const void *own, size_t size)
{
    uint32_t given_size = abi_size(given);
    if (!abi_is_size(given_size)) {
        return false;
    }
    memset(given, 0, given_size);
    memcpy(given, own, given_size < size ? given_size : size);
    memcpy(given, &given_size, sizeof(given_size));
    return true;
}

#endif
