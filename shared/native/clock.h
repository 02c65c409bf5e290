/* clock.h - the machine's clocks, for programs.
 *
 * What decides (server/core, clients/c, games) is handed the time and never asks for it: neither
 * may include this.
 *
 * Memory   none.
 * Threads  any; no state.
 * Time     each call reads the clock anew; the kernel's cannot fail (asserted).
 */
#ifndef SK_CLOCK_H
#define SK_CLOCK_H

#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC: never back, whatever the date is set to. */
uint64_t sk_clock_ns(void);
/* The same in microseconds. */
uint64_t sk_clock_us(void);
/* The same in milliseconds. */
uint64_t sk_clock_ms(void);

/* CPU time that the calling thread has used, user and system. */
uint64_t sk_thread_cpu_ns(void);

/* The date: milliseconds since 1970, by CLOCK_REALTIME, which an operator may set back. */
uint64_t sk_wall_ms(void);

#endif
