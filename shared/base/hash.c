/* hash.c - see hash.h.  Words are read byte by byte so that alignment and byte order do not matter;
 * compilers turn that into one load. */
#include "base/hash.h"

static const uint64_t MULTIPLIER = 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio, odd */

uint64_t sk_mix(uint64_t value)
{
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9u;
    value ^= value >> 27;
    value *= 0x94d049bb133111ebu;
    value ^= value >> 31;
    return value;
}

static uint64_t read_word(const uint8_t *bytes, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++) {
        word |= (uint64_t)bytes[i] << (8 * i);
    }
    return word;
}

uint64_t sk_hash(uint64_t seed, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t hash = seed ^ (size * MULTIPLIER);
    size_t left = size;
    for (; left >= 8; left -= 8, at += 8) {
        hash = (hash ^ read_word(at, 8)) * MULTIPLIER;
        hash ^= hash >> 32;
    }
    if (left > 0) {
        hash = (hash ^ read_word(at, left)) * MULTIPLIER;
        hash ^= hash >> 32;
    }
    return sk_mix(hash);
}

uint32_t sk_random(uint64_t seed, uint32_t tick, uint32_t entity, uint32_t purpose)
{
    uint64_t when = (uint64_t)tick << 32 | entity;
    uint64_t mixed = sk_mix(seed + MULTIPLIER * (purpose + 1u));
    return (uint32_t)(sk_mix(mixed ^ (when * MULTIPLIER)) >> 32);
}
