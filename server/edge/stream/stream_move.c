/* stream_move.c - see stream_move.h.
 *
 *   stream_move() -> turn's end: depart --mail--> arrive() in the other thread -> on_arrive()
 *
 * Between the two no thread touches the stream, and the mailbox orders their memory.  What the
 * stream has moves with it: blocks change pools, the TLS session its thread; the socket is watched
 * anew, so bytes that came meanwhile are reported there.
 */
#include "stream/stream_move.h"

#include <stddef.h>

#include "base/assert.h"
#include "stream/stream_hub.h"

static size_t block_bytes(const struct stream *stream)
{
    return byte_queue_block_bytes(&stream->unsent) + byte_queue_block_bytes(&stream->input);
}

static void arrive(struct mail *mail, void *receiver)
{
    struct stream *stream = (struct stream *)((char *)mail - offsetof(struct stream, mail));
    uint64_t due_ms = stream->timer.due_ms;
    (void)receiver; /* the loop; move_to knows it */
    stream->link = (struct stream_link){0};
    stream->hub = stream->move_to;
    stream->move_to = NULL;
    stream->is_spent = false; /* turns are another loop's now */
    block_pool_adopt(&stream->hub->pool, block_bytes(stream));
    stream_arm(stream, due_ms);
    if (stream_enter(stream) != SK_OK) {
        stream_drop(stream, SK_REASON_SERVER_FULL);
    }
    stream->hub->owner->on_arrive(stream);
    stream_defer(stream); /* what waited is looked at now */
    stream_watch(stream);
}

void stream_move_depart(struct stream *stream)
{
    write_buffer_flush_own(stream);
    if (stream->state == STREAM_GONE) {
        return; /* its task is queued again */
    }
    stream->hub->owner->on_leave(stream);
    SK_ASSERT(stream->link.list == NULL);
    stream_leave(stream);
    block_pool_disown(&stream->hub->pool, block_bytes(stream));
    stream->mail.deliver = arrive;
    loop_post(stream->move_to->loop, &stream->mail);
}
