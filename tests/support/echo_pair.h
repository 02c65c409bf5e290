/* echo_pair.h - two loops in two threads, and an echo service whose connections can be moved
 * between them while they talk.
 *
 * Memory   static; one pair a process at a time.
 * Threads  the functions belong to the test's thread, and wait where they have to.
 * Time     waiting is polling with short sleeps, for end-to-end tests only.
 */
#ifndef ECHO_PAIR_H
#define ECHO_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "transport/conn.h"

enum { ECHO_FLOOD_BYTES = 8192 }; /* of one message of a flood: 0x5a, then zeros */

/* Starts the pair with this profile (its handler and tls are filled in); the first loop listens.
 * `connections_max` is the fronts', 0 for the default. */
void echo_pair_start(const struct conn_profile *profile, bool is_secure, uint32_t connections_max);
/* Stops it and frees everything. */
void echo_pair_stop(void);
/* Where the first loop listens. */
uint16_t echo_pair_port(void);
/* Moves the connection that was upgraded last to the other loop, wherever it is; returns when
 * on_moved() was called there, or at once when it has gone. */
void echo_pair_move(void);
/* The counters of front 0 or 1. */
const struct front_counts *echo_pair_counts(int side);
/* Waits until a counter reaches `value`. */
void echo_pair_wait(const struct counter *counter, uint64_t value);
/* Whether the connection on `side` has bytes that the kernel did not take. */
bool echo_pair_has_unsent(int side);

#endif
