/* udp_front.c - see udp_front.h.
 *
 *   socket is ready --> read_batch() --a full batch, at most eight a turn--> read_batch() as a task
 *
 * A tick may be due between two tasks: so no more than a batch is opened before it is asked for.
 */
#include "udp/udp_front.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"
#include "udp/udp_batch.h"
#include "udp/udp_sessions.h"

enum { BATCHES_A_TURN = SK_UDP_DATAGRAMS_A_WAKE / UDP_BATCH_DATAGRAMS };

struct udp_front {
    struct loop_source source; /* first: a source is its front */
    struct loop_task read;     /* the next batch */
    struct loop_task write;    /* what was sealed in this turn */
    struct udp_config config;
    struct udp_counts counts;
    struct udp_sessions sessions;
    struct udp_batch in;
    struct udp_batch out;
    int fd;           /* -1: none */
    uint32_t batches; /* read in this turn */
};

static struct udp_front *of_read(struct loop_task *task)
{
    return (struct udp_front *)((char *)task - offsetof(struct udp_front, read));
}

static struct udp_front *of_write(struct loop_task *task)
{
    return (struct udp_front *)((char *)task - offsetof(struct udp_front, write));
}

/* --- receive ---------------------------------------------------------------------------------- */

static void refuse(struct udp_front *front, enum udp_refusal why)
{
    counter_add(&front->counts.refused[why], 1);
}

static enum udp_refusal refusal_of(int result)
{
    if (result == SK_ERR_FORGED) {
        return UDP_REFUSED_FORGED;
    }
    return result == SK_ERR_RANGE ? UDP_REFUSED_REPLAYED : UDP_REFUSED_TRUNCATED;
}

static void give(struct udp_front *front, uint32_t slot, const uint8_t *plain, size_t bytes)
{
    switch (front->config.handler->on_datagram(front->config.context, slot, plain, bytes)) {
    case UDP_TAKEN:
        return;
    case UDP_FILTERED:
        refuse(front, UDP_REFUSED_FILTERED);
        return;
    case UDP_CROWDED:
        refuse(front, UDP_REFUSED_CROWDED);
        return;
    }
}

static void open_datagram(struct udp_front *front, uint32_t slot,
                          const struct udp_datagram *datagram)
{
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    struct udp_session *session = udp_sessions_get(&front->sessions, slot);
    int result =
        sk_sealed_receive(&session->sealed, datagram->data, datagram->bytes, plain, &opened);
    if (result != SK_OK) {
        refuse(front, refusal_of(result));
        return;
    }
    uint64_t now_ms = loop_now_ms(front->config.loop);
    if (session->place.bytes == 0) {
        loop_arm(front->config.loop, &session->timer, now_ms + front->config.idle_timeout_ms);
    }
    udp_session_receive(session, datagram, opened.is_newest, now_ms);
    give(front, slot, plain, opened.bytes);
}

static void on_datagram(struct udp_front *front, const struct udp_datagram *datagram)
{
    uint32_t number = 0;
    counter_add(&front->counts.datagrams_in, 1);
    counter_add(&front->counts.bytes_in, datagram->bytes);
    if (sk_sealed_read_session(datagram->data, datagram->bytes, &number) != SK_OK) {
        refuse(front, UDP_REFUSED_TRUNCATED);
        return;
    }
    uint32_t slot = udp_sessions_find(&front->sessions, number);
    if (slot == UDP_NO_SLOT) {
        refuse(front, UDP_REFUSED_UNKNOWN_SESSION);
        return;
    }
    open_datagram(front, slot, datagram);
}

static void read_batch(struct udp_front *front)
{
    udp_batch_read(&front->in, front->fd);
    for (uint32_t i = 0; i < front->in.count; i++) {
        on_datagram(front, &front->in.datagrams[i]);
    }
    front->batches++;
    if (front->in.count == UDP_BATCH_DATAGRAMS && front->batches < BATCHES_A_TURN) {
        loop_defer(front->config.loop, &front->read);
    } else if (front->config.handler->on_batch) {
        front->config.handler->on_batch(front->config.context);
    }
}

static void on_read(struct loop_task *task)
{
    read_batch(of_read(task));
}

static void on_ready(struct loop_source *source, uint32_t events)
{
    struct udp_front *front = (struct udp_front *)source;
    (void)events;
    front->batches = 0;
    read_batch(front);
}

/* --- send ------------------------------------------------------------------------------------- */

static void write_batch(struct udp_front *front)
{
    uint32_t unsent = udp_batch_write(&front->out, front->fd);
    counter_add(&front->counts.unsent, unsent);
}

static void on_write(struct loop_task *task)
{
    write_batch(of_write(task));
}

/* Ends the session when its timer is looked at next, not inside of a call of its owner. */
static void spend(struct udp_front *front, struct udp_session *session)
{
    if (!session->is_spent) {
        session->is_spent = true;
        loop_arm(front->config.loop, &session->timer, loop_now_ms(front->config.loop));
    }
}

/* --- sessions --------------------------------------------------------------------------------- */

static uint32_t slot_of(const struct udp_front *front, const struct udp_session *session)
{
    return (uint32_t)(session - front->sessions.rows);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When the session ends if nothing more comes of it. */
static uint64_t due_ms(const struct udp_front *front, const struct udp_session *session)
{
    const struct udp_config *config = &front->config;
    if (session->place.bytes == 0) {
        return session->opened_ms + config->unused_timeout_ms;
    }
    uint64_t silent_ms = session->heard_ms + config->idle_timeout_ms;
    return session->is_admitted ? silent_ms
                                : least(silent_ms, session->opened_ms + config->admit_timeout_ms);
}

static enum sk_reason reason_of_end(const struct udp_front *front,
                                    const struct udp_session *session)
{
    uint64_t now_ms = loop_now_ms(front->config.loop);
    if (session->place.bytes == 0) {
        return SK_REASON_HELLO_EXPECTED;
    }
    bool is_silent = now_ms >= session->heard_ms + front->config.idle_timeout_ms;
    return is_silent ? SK_REASON_IDLE : SK_REASON_HEAD_TIMEOUT;
}

static void end(struct udp_front *front, uint32_t slot, enum sk_reason reason)
{
    if (front->config.handler->on_end) {
        front->config.handler->on_end(front->config.context, slot, reason);
    }
    udp_front_close(front, slot);
}

static void on_due(struct wheel_timer *timer)
{
    struct udp_session *session = (struct udp_session *)timer;
    struct udp_front *front = session->owner;
    uint32_t slot = slot_of(front, session);
    if (session->is_spent) {
        end(front, slot, SK_REASON_SERVER_BUSY); /* whoever is told so comes back with new keys */
    } else if (loop_now_ms(front->config.loop) < due_ms(front, session)) {
        loop_arm(front->config.loop, &session->timer, due_ms(front, session));
    } else {
        end(front, slot, reason_of_end(front, session));
    }
}

/* --- the front -------------------------------------------------------------------------------- */

static uint32_t or_default(uint32_t value, uint32_t default_)
{
    return value != 0 ? value : default_;
}

/* Fills in the defaults. */
static struct udp_config complete(const struct udp_config *config)
{
    struct udp_config complete = *config;
    complete.sessions_max = or_default(config->sessions_max, UDP_SESSIONS_MAX);
    complete.unused_timeout_ms = or_default(config->unused_timeout_ms, SK_UDP_UNUSED_MS);
    complete.admit_timeout_ms = or_default(config->admit_timeout_ms, SK_UDP_ADMIT_MS);
    complete.idle_timeout_ms = or_default(config->idle_timeout_ms, SK_IDLE_TIMEOUT_MS);
    SK_ASSERT(complete.sessions_max <= UDP_SESSIONS_MAX);
    return complete;
}

struct udp_front *udp_front_create(const struct udp_config *config)
{
    struct udp_front *front = calloc(1, sizeof(*front));
    if (!front) {
        return NULL;
    }
    front->config = complete(config);
    front->fd = -1;
    front->source.on_ready = on_ready;
    front->read.run = on_read;
    front->write.run = on_write;
    if (udp_sessions_create(&front->sessions, front->config.sessions_max) != SK_OK) {
        free(front);
        return NULL;
    }
    return front;
}

void udp_front_destroy(struct udp_front *front)
{
    if (!front) {
        return;
    }
    for (uint32_t i = 0; i < front->sessions.max; i++) {
        if (front->sessions.rows[i].is_open) {
            udp_front_close(front, i);
        }
    }
    if (front->fd >= 0) {
        loop_remove(front->config.loop, front->fd, &front->source);
        (void)close(front->fd); /* a datagram that was not taken is lost as on the way */
    }
    udp_sessions_destroy(&front->sessions);
    free(front);
}

int udp_front_listen(struct udp_front *front, int fd)
{
    struct loop *loop = front->config.loop;
    SK_ASSERT(front->fd < 0);
    if (loop_add(loop, fd, EPOLLIN, &front->source) != SK_OK) {
        return SK_ERR_SYSTEM;
    }
    front->fd = fd;
    loop_change_patience(loop, fd, EPOLLIN, &front->source, loop_has_window(loop));
    return SK_OK;
}

bool udp_front_is_source(const struct loop_source *source)
{
    return source->on_ready == on_ready;
}

/* Ends the oldest session that nothing came from yet.  Returns false when there is none. */
static bool make_way(struct udp_front *front)
{
    uint32_t slot = udp_sessions_oldest_unused(&front->sessions);
    if (slot == UDP_NO_SLOT) {
        return false;
    }
    end(front, slot, SK_REASON_SERVER_FULL);
    return true;
}

int udp_front_open(struct udp_front *front, uint32_t number, const struct sk_sealed_keys *keys,
                   uint32_t *slot)
{
    uint64_t now_ms = loop_now_ms(front->config.loop);
    int result = udp_sessions_open(&front->sessions, number, now_ms, slot);
    if (result == SK_ERR_FULL && make_way(front)) {
        result = udp_sessions_open(&front->sessions, number, now_ms, slot);
    }
    if (result != SK_OK) {
        return result;
    }
    struct udp_session *session = udp_sessions_get(&front->sessions, *slot);
    sk_sealed_init(&session->sealed, front->config.aead, number, SK_SEALED_TO_CLIENT, keys);
    session->owner = front;
    session->timer.on_due = on_due;
    loop_arm(front->config.loop, &session->timer, due_ms(front, session));
    counter_add(&front->counts.opened, 1);
    counter_add(&front->counts.sessions, 1);
    return SK_OK;
}

void udp_front_count_unopened(struct udp_front *front)
{
    counter_add(&front->counts.unopened, 1);
}

void udp_front_close(struct udp_front *front, uint32_t slot)
{
    wheel_disarm(&udp_sessions_get(&front->sessions, slot)->timer);
    udp_sessions_close(&front->sessions, slot);
    counter_add(&front->counts.sessions, UINT64_MAX); /* one less */
}

void udp_front_admit(struct udp_front *front, uint32_t slot)
{
    udp_sessions_get(&front->sessions, slot)->is_admitted = true;
}

int udp_front_send(struct udp_front *front, uint32_t slot, const uint8_t *plain, size_t bytes)
{
    struct udp_session *session = udp_sessions_get(&front->sessions, slot);
    size_t size = bytes + SK_SEALED_OVERHEAD_BYTES;
    if (!udp_session_may_send(session, size)) {
        refuse(front, UDP_REFUSED_BUDGET);
        return SK_ERR_FULL;
    }
    if (front->out.count == UDP_BATCH_DATAGRAMS) {
        write_batch(front);
    }
    struct udp_datagram *datagram = &front->out.datagrams[front->out.count];
    if (sk_sealed_send(&session->sealed, plain, bytes, datagram->data) < 0) {
        spend(front, session);
        return SK_ERR_FULL;
    }
    datagram->bytes = size;
    datagram->place = session->place;
    session->bytes_out += size;
    front->out.count++;
    counter_add(&front->counts.datagrams_out, 1);
    counter_add(&front->counts.bytes_out, size);
    loop_defer(front->config.loop, &front->write);
    return SK_OK;
}

void udp_front_address(const struct udp_front *front, uint32_t slot, struct address *address)
{
    struct sockaddr_storage storage = {0};
    const struct udp_session *session = udp_sessions_get(&front->sessions, slot);
    memset(address, 0, sizeof(*address));
    memcpy(&storage, &session->place.address, sizeof(session->place.address));
    if (session->place.bytes != 0 && address_from_socket(&storage, address) != SK_OK) {
        SK_UNREACHABLE("a UDP socket's datagrams come from IP addresses");
    }
}

const struct udp_counts *udp_front_counts(const struct udp_front *front)
{
    return &front->counts;
}
