/* feel_cases.h - what a player feels after something went wrong, and in a full match: a line a case
 * for bench-feel, with its goal and what it was before prediction and mended time.
 *
 * Memory   one match at a time, of tests/support/line_match.h.
 * Time     simulated; the same seed gives the same figures.
 */
#ifndef FEEL_CASES_H
#define FEEL_CASES_H

#include <stdint.h>

/* Runs and prints all cases but the match: stalls, sleeps, a server that stops or loses time, few
 * messages, a step after a stall. */
void feel_cases_run(uint64_t seed);
/* A match of one player and 15 bots for so many seconds. */
void feel_cases_run_match(uint32_t seconds, uint64_t seed);

#endif
