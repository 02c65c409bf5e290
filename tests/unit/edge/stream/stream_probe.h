/* stream_probe.h - a stream with a small protocol of the tests' own, over a pair of sockets.
 *
 * The protocol's unit is a word of four bytes: it eats whole words and remembers them.  The tests
 * turn the loops by hand, so nothing happens but inside probe_turn().
 *
 * Memory   static members of the test; a probe's stream is freed by nobody.
 * Threads  one: both hubs' loops are turned by the test.
 */
#ifndef STREAM_PROBE_H
#define STREAM_PROBE_H

#include "stream/stream_hub.h"
#include "stream/stream_life.h"

enum { PROBE_WORD_BYTES = 4, PROBE_GOT_BYTES_MAX = 1 << 12 };

/* What the protocol and the owner were told. */
struct probe_counts {
    int opened;
    int idle;
    int peer_ends;
    int writable;
    int due;
    int ends;
    int leaves;
    int arrivals;
    int addresses;
    int gone;
};

struct probe {
    struct stream stream; /* first: a stream is its probe */
    int peer_fd;          /* the other end of its socket */
    struct probe_counts counts;
    uint8_t got[PROBE_GOT_BYTES_MAX];
    size_t got_bytes;
    /* what the protocol does with a word */
    bool holds;                /* holds the stream after each */
    uint16_t work_units;       /* counts so many for each */
    enum sk_reason drops_with; /* drops the stream at the first; SK_REASON_NONE: not */
    bool refuses_address;
};

/* A loop, its hub and its counters. */
struct probe_side {
    struct loop *loop;
    struct stream_hub hub;
    struct stream_counts counts;
};

/* Makes a side without streams; `owner` NULL: they are probes. */
void probe_side_open(struct probe_side *side, const struct stream_owner *owner);
/* Ends it; its streams must be gone or moved away. */
void probe_side_close(struct probe_side *side);
/* One turn of its loop, without waiting. */
void probe_turn(struct probe_side *side);

/* Makes a pair of connected sockets and returns one end. */
int probe_pair(int *peer_fd);
/* Opens a stream over one end of a new pair of sockets; `config` may say more, NULL: nothing. */
void probe_open(struct probe *probe, struct probe_side *side, const struct stream_config *config);
/* Ends what is left of it and closes the peer's end. */
void probe_close(struct probe *probe);
/* The peer sends bytes. */
void probe_peer_sends(struct probe *probe, const void *bytes, size_t size);
/* What the peer has got: up to `size` bytes.  Returns how many, 0 at the end, -1 for none yet. */
long probe_peer_gets(struct probe *probe, void *bytes, size_t size);

#endif
