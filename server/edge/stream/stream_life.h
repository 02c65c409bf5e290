/* stream_life.h - a stream from its descriptor to its end, and what wakes it.
 *
 * Threads  the hub's.
 */
#ifndef STREAM_LIFE_H
#define STREAM_LIFE_H

#include "stream/stream.h"

/* What a stream begins with; zero means none. */
struct stream_config {
    int fd;                        /* taken */
    const struct address *address; /* of the peer; copied */
    struct tls_context *tls;       /* borrowed; NULL: plain */
    const struct stream_protocol *protocol;
    uint32_t timeout_ms; /* for the first record of TLS */
    bool awaits_address; /* a proxy's header comes first */
};

/* Opens a stream, whose struct is {0}, in a hub.  Returns SK_OK, or SK_ERR_SYSTEM: it is no stream
 * then, and the fd the caller's. */
SK_MUST_CHECK int stream_open(struct stream *stream, struct stream_hub *hub,
                              const struct stream_config *config);
/* Ends and frees a stream at once and outside of a turn. */
void stream_destroy(struct stream *stream, enum sk_reason reason);

#endif
