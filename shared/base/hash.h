/* hash.h - the hash of worlds, layouts and content, and the randomness of games.
 *
 * Not cryptographic: a peer that may choose the bytes can make two equal hashes.  It finds faults
 * and versions, it proves nothing.  The same bytes give the same hash on every machine.
 */
#ifndef SK_HASH_H
#define SK_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Mixes 64 bits so that each bit of the result depends on each bit of `value`; a bijection.
 * The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
 * OOPSLA 2014). */
uint64_t sk_mix(uint64_t value);

/* The hash of `size` bytes, read as little-endian words; `seed` chains several ranges. */
uint64_t sk_hash(uint64_t seed, const void *bytes, size_t size);

/* Randomness without a stream: the same four numbers give the same 32 bits, whatever was asked
 * before, so a replay or a prediction cannot fall out of step.  `purpose` tells two uses apart. */
uint32_t sk_random(uint64_t seed, uint32_t tick, uint32_t entity, uint32_t purpose);

#endif
