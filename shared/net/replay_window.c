/* replay_window.c - see replay_window.h.
 *
 * Invariant: a bit of a sequence in end - 1024 to end - 1 says whether that one came, and none else
 * has a bit.
 */
#include "net/replay_window.h"

#include "base/assert.h"

_Static_assert((SK_REPLAY_WINDOW_SEQUENCES & (SK_REPLAY_WINDOW_SEQUENCES - 1)) == 0,
               "sequence % window survives the end of 32 bits");

static uint32_t *word_of(struct sk_replay_window *window, uint64_t sequence)
{
    return &window->seen[sequence % SK_REPLAY_WINDOW_SEQUENCES / 32];
}

static uint32_t bit_of(uint64_t sequence)
{
    return 1u << sequence % 32;
}

bool sk_replay_window_is_new(const struct sk_replay_window *window, uint32_t sequence)
{
    if (sequence >= window->end) {
        return true;
    }
    if (window->end - sequence > SK_REPLAY_WINDOW_SEQUENCES) {
        return false;
    }
    return (window->seen[sequence % SK_REPLAY_WINDOW_SEQUENCES / 32] & bit_of(sequence)) == 0;
}

/* Moves the end behind a sequence; what lies between came not. */
static void move_end(struct sk_replay_window *window, uint32_t sequence)
{
    uint64_t from = window->end;
    if (sequence - from >= SK_REPLAY_WINDOW_SEQUENCES) {
        from = (uint64_t)sequence + 1 - SK_REPLAY_WINDOW_SEQUENCES; /* all bits, each once */
    }
    for (uint64_t i = from; i <= sequence; i++) {
        *word_of(window, i) &= ~bit_of(i);
    }
    window->end = (uint64_t)sequence + 1;
}

bool sk_replay_window_push(struct sk_replay_window *window, uint32_t sequence)
{
    SK_ASSERT(sk_replay_window_is_new(window, sequence));
    bool is_newest = sequence >= window->end;
    if (is_newest) {
        move_end(window, sequence);
    }
    *word_of(window, sequence) |= bit_of(sequence);
    SK_ASSERT(window->end > sequence);
    return is_newest;
}
