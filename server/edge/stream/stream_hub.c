/* stream_hub.c - see stream_hub.h. */
#include "stream/stream_hub.h"

#include <stddef.h>

#include "stream/stream_read.h"

static void flush_at_turns_end(struct loop_task *task)
{
    struct stream_hub *hub =
        (struct stream_hub *)((char *)task - offsetof(struct stream_hub, flush_task));
    write_buffer_flush(hub);
}

void stream_hub_init(struct stream_hub *hub, const struct stream_hub_config *config)
{
    hub->loop = config->loop;
    hub->owner = config->owner;
    hub->counts = config->counts;
    hub->unadmitted = config->unadmitted;
    hub->flush_task.run = flush_at_turns_end;
    block_pool_init(&hub->pool, config->pool_bytes_max);
    handshake_queue_init(&hub->handshakes, stream_read_handshake);
}

void stream_hub_deinit(struct stream_hub *hub)
{
    wheel_disarm(&hub->handshakes.timer);
    block_pool_deinit(&hub->pool);
}
