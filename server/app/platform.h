/* platform.h - what core/ is handed of the outside: memory, chance and the date. */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdint.h>

#include "allocator.h"

/* malloc, aligned to 16. */
extern const struct sk_allocator platform_allocator;
/* 64 bits from the kernel that nobody can foresee; the context is not used. */
uint64_t platform_random_bits(void *context);
/* Wall-clock seconds since 1970; the context is not used. */
uint64_t platform_wall_s(void *context);

#endif
