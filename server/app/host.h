/* host.h - what core/ is handed of the outside: memory, chance and the date. */
#ifndef HOST_H
#define HOST_H

#include <stdint.h>

#include "allocator.h"

/* malloc, aligned to 16. */
extern const struct sk_allocator host_allocator;
/* 64 bits from the kernel that nobody can foresee; the context is not used. */
uint64_t host_random_bits(void *context);
/* Wall-clock seconds since 1970; the context is not used. */
uint64_t host_wall_s(void *context);

#endif
