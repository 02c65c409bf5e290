/* stream_probe.c - see stream_probe.h. */
#include "stream_probe.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct address_limit unadmitted;

static struct probe *of(struct stream *stream)
{
    return (struct probe *)stream;
}

/* --- the protocol ----------------------------------------------------------------------------- */

static void on_open(struct stream *stream)
{
    of(stream)->counts.opened++;
}

static size_t on_bytes(struct stream *stream, uint8_t *bytes, size_t size)
{
    struct probe *probe = of(stream);
    if (size < PROBE_WORD_BYTES) {
        return 0;
    }
    assert_true(probe->got_bytes + PROBE_WORD_BYTES <= sizeof(probe->got));
    memcpy(probe->got + probe->got_bytes, bytes, PROBE_WORD_BYTES);
    probe->got_bytes += PROBE_WORD_BYTES;
    stream->is_held = probe->holds;
    if (probe->work_units > 0) {
        stream_count_work(stream, probe->work_units);
    }
    if (probe->drops_with != SK_REASON_NONE) {
        stream_drop(stream, probe->drops_with);
    }
    return PROBE_WORD_BYTES;
}

static void on_idle(struct stream *stream)
{
    of(stream)->counts.idle++;
}

static void on_peer_end(struct stream *stream)
{
    of(stream)->counts.peer_ends++;
    stream_close(stream, SK_REASON_NONE);
}

static void on_writable(struct stream *stream)
{
    of(stream)->counts.writable++;
}

static void on_due(struct stream *stream)
{
    of(stream)->counts.due++;
}

static void on_end(struct stream *stream)
{
    of(stream)->counts.ends++;
}

static const struct stream_protocol protocol = {
    .on_open = on_open,
    .on_bytes = on_bytes,
    .on_idle = on_idle,
    .on_peer_end = on_peer_end,
    .on_writable = on_writable,
    .on_due = on_due,
    .close = stream_close,
    .on_end = on_end,
};

/* --- the owner -------------------------------------------------------------------------------- */

static bool on_address(struct stream *stream)
{
    of(stream)->counts.addresses++;
    return !of(stream)->refuses_address;
}

static void on_leave(struct stream *stream)
{
    of(stream)->counts.leaves++;
}

static void on_arrive(struct stream *stream)
{
    of(stream)->counts.arrivals++;
}

static void on_gone(struct stream *stream)
{
    of(stream)->counts.gone++;
}

static const struct stream_owner probe_owner = {
    .on_address = on_address,
    .on_leave = on_leave,
    .on_arrive = on_arrive,
    .on_gone = on_gone,
};

/* --- a side ----------------------------------------------------------------------------------- */

void probe_side_open(struct probe_side *side, const struct stream_owner *owner)
{
    const char *why = "";
    struct loop_config config = {0};
    memset(side, 0, sizeof(*side));
    side->loop = loop_create(&config, &why);
    assert_non_null(side->loop);
    struct stream_hub_config hub = {.loop = side->loop,
                                    .owner = owner != NULL ? owner : &probe_owner,
                                    .counts = &side->counts,
                                    .unadmitted = &unadmitted,
                                    .pool_bytes_max = 1 << 20};
    stream_hub_init(&side->hub, &hub);
}

void probe_side_close(struct probe_side *side)
{
    assert_int_equal(side->hub.pool.used_bytes, 0);
    assert_null(side->hub.write.owner);
    assert_int_equal(side->hub.handshakes.place_count, 0);
    stream_hub_deinit(&side->hub);
    loop_destroy(side->loop);
}

void probe_turn(struct probe_side *side)
{
    loop_turn(side->loop, 0);
}

/* --- a stream --------------------------------------------------------------------------------- */

int probe_pair(int *peer_fd)
{
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    *peer_fd = fds[1];
    return fds[0];
}

void probe_open(struct probe *probe, struct probe_side *side, const struct stream_config *config)
{
    struct stream_config complete = config != NULL ? *config : (struct stream_config){0};
    static const struct address nobody;
    memset(probe, 0, sizeof(*probe));
    complete.fd = probe_pair(&probe->peer_fd);
    probe->stream.place = ADDRESS_LIMIT_NONE;
    complete.protocol = &protocol;
    complete.address = &nobody;
    assert_int_equal(stream_open(&probe->stream, &side->hub, &complete), SK_OK);
    assert_true(stream_is_sound(&probe->stream));
}

void probe_close(struct probe *probe)
{
    if (probe->counts.gone == 0) {
        stream_destroy(&probe->stream, SK_REASON_SERVER_STOPPING);
    }
    assert_int_equal(probe->counts.ends, 1);
    assert_int_equal(probe->counts.gone, 1);
    assert_int_equal(close(probe->peer_fd), 0);
}

void probe_peer_sends(struct probe *probe, const void *bytes, size_t size)
{
    assert_int_equal(send(probe->peer_fd, bytes, size, MSG_NOSIGNAL), size);
}

long probe_peer_gets(struct probe *probe, void *bytes, size_t size)
{
    ssize_t got = recv(probe->peer_fd, bytes, size, 0);
    assert_true(got >= 0 || errno == EAGAIN || errno == ECONNRESET);
    return (long)got;
}
