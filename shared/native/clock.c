/* clock.c - see clock.h. */
#include "native/clock.h"

#include <time.h>

#include "base/assert.h"

enum { NS_A_SECOND = 1000000000, NS_A_MS = 1000000, NS_A_US = 1000 };

static uint64_t read_ns(clockid_t clock)
{
    struct timespec now;
    int result = clock_gettime(clock, &now);
    SK_ASSERT(result == 0);
    return (uint64_t)now.tv_sec * NS_A_SECOND + (uint64_t)now.tv_nsec;
}

uint64_t sk_clock_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

uint64_t sk_clock_us(void)
{
    return read_ns(CLOCK_MONOTONIC) / NS_A_US;
}

uint64_t sk_clock_ms(void)
{
    return read_ns(CLOCK_MONOTONIC) / NS_A_MS;
}

uint64_t sk_thread_cpu_ns(void)
{
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t sk_wall_ms(void)
{
    return read_ns(CLOCK_REALTIME) / NS_A_MS;
}
