/* replay_window.h - which of the newest 1,024 sequences of a session have come.
 *
 * Datagrams come late, twice and out of order; one that is recorded and sent again must not count.
 * The window is asked before a datagram is opened and moved only after that: what is forged moves
 * nothing.
 *
 * Memory   the caller's; {0} is a window in which nothing has come.
 * Threads  one.
 * Time     none is read.
 */
#ifndef SK_REPLAY_WINDOW_H
#define SK_REPLAY_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define SK_REPLAY_WINDOW_SEQUENCES 1024

struct sk_replay_window {
    uint64_t end; /* the newest sequence that came, and 1; 0: none came */
    uint32_t seen[SK_REPLAY_WINDOW_SEQUENCES / 32]; /* bit sequence % 1024: it came */
};

/* Has it neither come nor fallen behind the window? */
bool sk_replay_window_is_new(const struct sk_replay_window *window, uint32_t sequence);
/* Notes that it came, which must be new (asserted).  Returns whether it is the newest so far. */
bool sk_replay_window_push(struct sk_replay_window *window, uint32_t sequence);

#endif
