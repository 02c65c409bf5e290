/* player_enet.c - see player_enet.h.
 *
 *   OPEN --close_player()--> CLOSING --end_closing() at the end of the turn--> its owner has heard
 *     \--ENet's end, silence--> (ENet's peer is gone) --^          and ENet's peer is gone: (free)
 *
 * ENet's service walks all peers of the host: so what came is looked at four times in a tick of 60
 * Hz, one look being just before the tick, and all that the ticks sent goes out with one walk.  At
 * least every REPEAT_NS what was not confirmed is looked at.
 */
#include "player_enet.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "enet/enet_filter.h"
#include "enet/enet_host.h"
#include "enet/enet_port.h"
#include "net/pieces.h"
#include "player.h"

enum {
    QUEUE_DATAGRAMS = 512, /* that wait for ENet; then it takes them at once */
    SERVICE_NS = 4100000,  /* between two looks at what came, on the average */
    CREDIT_MAX = 4,        /* looks that may follow each other at once */
    FLUSH_NS = 1000000,    /* between two walks for what is to be sent */
    REPEAT_NS = 20000000,  /* between two looks at what was not confirmed */
    LAST_WORDS_MS = 1000   /* for the peer to confirm them */
};
_Static_assert((int)SK_SEALED_PLAIN_BYTES_MAX == (int)SK_ENET_DATAGRAM_BYTES_MAX,
               "what ENet makes can be sealed");
_Static_assert((int)SK_PIECE_BYTES_MAX <= (int)SK_ENET_MESSAGE_BYTES_MAX, "a piece is a message");
_Static_assert((int)UDP_SESSIONS_MAX <= (int)SK_ENET_PEERS_MAX, "each session may be a peer");

enum enet_player_state { ENET_PLAYER_OPEN, ENET_PLAYER_CLOSING, ENET_PLAYER_TOLD };

#define NO_SLOT UINT32_MAX

struct enet_player {
    struct wheel_timer timer; /* first: a timer is its player; for the hello, then the last words */
    struct player player;
    struct player_enet *enet;
    ENetPeer *peer; /* NULL: gone */
    uint32_t slot;  /* NO_SLOT: the front has ended it */
    struct enet_player *next_closing;
    enum enet_player_state state;
    enum sk_reason reason; /* once CLOSING */
    uint16_t piece_number; /* of the next message that is cut */
    uint32_t resends;      /* of its messages, when they were last counted */
    bool is_admitted;
    int place;              /* among those of its address */
    struct address address; /* where it was last */
};

struct player_enet {
    struct loop_task closing; /* first: a task is its table */
    const struct worker_parts *worker;
    struct sk_enet_host *host;
    struct enet_player *first_closing;
    uint64_t served_ns;  /* when ENet last took and sent what there was */
    uint64_t flushed_ns; /* when it last sent */
    uint64_t counted_ns; /* when repeats were last counted */
    uint64_t spent_ns;   /* how far the time is used up that services may take */
    bool has_received;   /* since the last service */
    bool has_sent;
    struct player_enet_counts counts;
    struct enet_player *players[UDP_SESSIONS_MAX];   /* by slot */
    struct sk_enet_filter filters[UDP_SESSIONS_MAX]; /* likewise */
};

/* --- a session's slot ------------------------------------------------------------------------- */

/* The front's slot is another session's from now on. */
static void leave_slot(struct player_enet *enet, uint32_t slot)
{
    SK_ASSERT(slot < UDP_SESSIONS_MAX);
    sk_enet_host_forget(enet->host, slot);
    if (enet->players[slot]) {
        enet->players[slot]->slot = NO_SLOT;
        enet->players[slot]->peer = NULL;
        enet->players[slot] = NULL;
    }
    enet->filters[slot] = (struct sk_enet_filter){0};
}

static void close_slot(struct player_enet *enet, uint32_t slot)
{
    leave_slot(enet, slot);
    udp_front_close(enet->worker->udp, slot);
}

/* --- the end of a player ---------------------------------------------------------------------- */

static void release_place(struct enet_player *one)
{
    struct front_shared *shared = &one->enet->worker->server->shared;
    address_limit_release(one->is_admitted ? &shared->admitted : &shared->unadmitted, one->place);
    one->place = ADDRESS_LIMIT_NONE;
}

static void enet_player_destroy(struct enet_player *one)
{
    struct player_enet *enet = one->enet;
    SK_ASSERT(one->state == ENET_PLAYER_TOLD);
    wheel_disarm(&one->timer);
    if (one->peer) {
        sk_enet_peer_drop(enet->host, one->peer);
    }
    if (one->slot != NO_SLOT) {
        close_slot(enet, one->slot);
    }
    release_place(one);
    counter_add(&enet->counts.players, UINT64_MAX); /* one less */
    free(one);
}

/* Its owner hears of the end at the end of this turn. */
static void begin_closing(struct enet_player *one, enum sk_reason reason)
{
    struct player_enet *enet = one->enet;
    SK_ASSERT(one->state == ENET_PLAYER_OPEN);
    one->state = ENET_PLAYER_CLOSING;
    one->reason = reason;
    one->next_closing = enet->first_closing;
    enet->first_closing = one;
    counter_add(&enet->counts.closed[reason], 1);
    loop_defer(enet->worker->loop, &enet->closing);
}

/* The peer hears why, and has LAST_WORDS_MS to confirm it. */
static void close_player(struct enet_player *one, enum sk_reason reason)
{
    struct loop *loop = one->enet->worker->loop;
    if (one->state != ENET_PLAYER_OPEN) {
        return;
    }
    sk_enet_peer_close(one->enet->host, one->peer, reason);
    one->enet->has_sent = true;
    loop_wake_at(loop, loop_now_ns(loop));
    loop_arm(loop, &one->timer, loop_now_ms(loop) + LAST_WORDS_MS);
    begin_closing(one, reason);
}

/* The peer is gone, or must hear nothing. */
static void lose_player(struct enet_player *one, enum sk_reason reason)
{
    if (one->state == ENET_PLAYER_OPEN) {
        begin_closing(one, reason);
    } else if (one->state == ENET_PLAYER_TOLD) {
        enet_player_destroy(one);
    }
}

static void end_closing(struct loop_task *task)
{
    struct player_enet *enet = (struct player_enet *)task;
    while (enet->first_closing) {
        struct enet_player *one = enet->first_closing;
        enet->first_closing = one->next_closing;
        one->state = ENET_PLAYER_TOLD;
        player_on_close(&one->player, enet->worker, one->reason);
        if (!one->peer || one->slot == NO_SLOT) {
            enet_player_destroy(one);
        }
    }
}

/* --- transport -------------------------------------------------------------------------------- */

static void send_cut(struct enet_player *one, const struct transport_message *message)
{
    uint8_t piece[SK_PIECE_BYTES_MAX];
    struct sk_pieces_message whole = {.head = message->head,
                                      .head_bytes = message->head_bytes,
                                      .body = message->body,
                                      .body_bytes = message->body_bytes,
                                      .number = one->piece_number};
    uint32_t count = sk_pieces_count(message->head_bytes + message->body_bytes);
    one->piece_number++;
    for (uint32_t i = 0; i < count; i++) {
        struct sk_enet_message cut = {.head = piece};
        cut.head_bytes = sk_pieces_write(&whole, i, piece);
        sk_enet_peer_send(one->enet->host, one->peer, &cut);
    }
}

static void send_whole(struct enet_player *one, const struct transport_message *message,
                       bool is_reliable)
{
    struct sk_enet_message whole = {.is_reliable = is_reliable,
                                    .head = message->head,
                                    .head_bytes = message->head_bytes,
                                    .body = message->body,
                                    .body_bytes = message->body_bytes};
    sk_enet_peer_send(one->enet->host, one->peer, &whole);
}

static void send_message(void *connection, const struct transport_message *message,
                         enum transport_delivery delivery)
{
    struct enet_player *one = connection;
    bool is_reliable = delivery == TRANSPORT_RELIABLE;
    if (one->state != ENET_PLAYER_OPEN) {
        return;
    }
    if (!is_reliable && sk_pieces_count(message->head_bytes + message->body_bytes) > 0) {
        send_cut(one, message);
    } else {
        send_whole(one, message, is_reliable);
    }
    one->enet->has_sent = true;
    if (is_reliable &&
        sk_enet_peer_unconfirmed(one->enet->host, one->peer) > SK_SEND_QUEUE_BYTES_MAX) {
        close_player(one, SK_REASON_SLOW_READER);
    }
}

/* What may be lost never waits. */
static bool has_unsent(void *connection)
{
    (void)connection;
    return false;
}

static void close_connection(void *connection, enum sk_reason reason)
{
    close_player(connection, reason);
}

static bool can_move(void *connection)
{
    (void)connection;
    return false;
}

static struct address address_of_slot(const struct player_enet *enet, uint32_t slot)
{
    struct address address = {0};
    udp_front_address(enet->worker->udp, slot, &address);
    return address;
}

static bool is_limited(const struct player_enet *enet, const struct address *address)
{
    return enet->worker->server->profile.limits_loopback || !address_is_loopback(address);
}

/* A place for the address among those that are admitted, or not yet; SK_ERR_FULL when it has as
 * many as it may have. */
static int acquire_place(const struct player_enet *enet, uint32_t slot, bool is_admitted)
{
    struct server *server = enet->worker->server;
    struct address address = address_of_slot(enet, slot);
    uint32_t max = is_admitted ? server->profile.admitted_max : server->profile.unadmitted_max;
    if (max == 0 || !is_limited(enet, &address)) {
        return ADDRESS_LIMIT_NONE;
    }
    return address_limit_acquire(
        is_admitted ? &server->shared.admitted : &server->shared.unadmitted, &address, max);
}

static bool admit(void *connection)
{
    struct enet_player *one = connection;
    int place = acquire_place(one->enet, one->slot, true);
    if (place == SK_ERR_FULL) {
        return false;
    }
    release_place(one);
    one->place = place;
    one->is_admitted = true;
    wheel_disarm(&one->timer);
    udp_front_admit(one->enet->worker->udp, one->slot);
    return true;
}

static const struct address *address_of(void *connection)
{
    struct enet_player *one = connection;
    if (one->slot != NO_SLOT) {
        one->address = address_of_slot(one->enet, one->slot);
    }
    return &one->address;
}

static const struct player_transport enet_transport = {.of_room = {.send = send_message,
                                                                   .has_unsent = has_unsent,
                                                                   .close = close_connection,
                                                                   .is_ordered = false,
                                                                   .can_move = can_move},
                                                       .admit = admit,
                                                       .address = address_of};

/* --- ENet's events ---------------------------------------------------------------------------- */

static void on_due(struct wheel_timer *timer)
{
    struct enet_player *one = (struct enet_player *)timer;
    if (one->state == ENET_PLAYER_OPEN) {
        close_player(one, SK_REASON_HEAD_TIMEOUT); /* not admitted in time */
    } else {
        enet_player_destroy(one); /* nobody confirmed the last words */
    }
}

static struct enet_player *enet_player_create(struct player_enet *enet, uint32_t slot,
                                              ENetPeer *peer, int place)
{
    struct enet_player *one = calloc(1, sizeof(*one));
    if (one) {
        one->timer.on_due = on_due;
        one->enet = enet;
        one->slot = slot;
        one->peer = peer;
        one->place = place;
        player_init(&one->player, enet->worker, &enet_transport, one);
        counter_add(&enet->counts.players, 1);
    }
    return one;
}

/* Counts one that is refused before it is anybody's. */
static void refuse(struct player_enet *enet, enum sk_reason reason)
{
    counter_add(&enet->counts.closed[reason], 1);
}

/* One whose address has as many as it may have is told so, and forgotten: it takes no place. */
static void *on_connect(void *context, uint32_t number, ENetPeer *peer)
{
    struct player_enet *enet = context;
    struct loop *loop = enet->worker->loop;
    if (enet->players[number]) {
        refuse(enet, SK_REASON_SERVER_BUSY); /* its last connection has not ended yet */
        return NULL;
    }
    int place = acquire_place(enet, number, false);
    bool is_over = place == SK_ERR_FULL;
    place = is_over ? ADDRESS_LIMIT_NONE : place;
    struct enet_player *one = enet_player_create(enet, number, peer, place);
    if (!one) {
        address_limit_release(&enet->worker->server->shared.unadmitted, place);
        refuse(enet, SK_REASON_SERVER_FULL);
        return NULL;
    }
    enet->players[number] = one;
    loop_arm(loop, &one->timer, loop_now_ms(loop) + enet->worker->server->profile.admit_timeout_ms);
    if (is_over) {
        close_player(one, SK_REASON_ADDRESS_LIMIT);
    }
    return one;
}

static void on_message(void *user, const uint8_t *bytes, size_t size)
{
    struct enet_player *one = user;
    if (one->state != ENET_PLAYER_OPEN) {
        return;
    }
    if (size > SK_MESSAGE_BYTES_MAX) {
        close_player(one, SK_REASON_WS_TOO_BIG);
        return;
    }
    player_on_message(&one->player, bytes, size);
}

/* A client that says good bye by ENet alone has lost its connection, for all that we know. */
static void on_end(void *user, uint32_t data)
{
    struct enet_player *one = user;
    one->peer = NULL;
    lose_player(one, data == SK_REASON_LEFT ? SK_REASON_LEFT : SK_REASON_PEER_GONE);
}

static void on_send(void *context, uint32_t number, const uint8_t *bytes, size_t size)
{
    const struct player_enet *enet = context;
    if (udp_front_send(enet->worker->udp, number, bytes, size) != SK_OK) {
        return; /* it is lost, as on the way, and counted */
    }
}

static const struct sk_enet_events enet_events = {
    .on_connect = on_connect, .on_message = on_message, .on_end = on_end, .on_send = on_send};

/* --- datagrams -------------------------------------------------------------------------------- */

/* ENet counts for itself, from 0 again now and then. */
static void count_resends(struct player_enet *enet)
{
    for (uint32_t i = 0; i < UDP_SESSIONS_MAX; i++) {
        struct enet_player *one = enet->players[i];
        if (one && one->peer) {
            uint32_t resends = sk_enet_peer_resends(one->peer);
            uint32_t before = resends >= one->resends ? one->resends : 0;
            counter_add(&enet->counts.resends, resends - before);
            one->resends = resends;
        }
    }
}

static void service(struct player_enet *enet, uint64_t now_ns)
{
    enet->has_received = false;
    enet->has_sent = false;
    enet->served_ns = now_ns;
    enet->flushed_ns = now_ns;
    sk_enet_host_service(enet->host, (uint32_t)(now_ns / 1000000));
    if (now_ns - enet->counted_ns >= REPEAT_NS) {
        enet->counted_ns = now_ns;
        count_resends(enet);
    }
}

/* Whether one more look at what came is within four a tick, on the average. */
static bool spend_service(struct player_enet *enet, uint64_t now_ns)
{
    uint64_t earliest_ns = now_ns - CREDIT_MAX * SERVICE_NS;
    enet->spent_ns = enet->spent_ns > earliest_ns ? enet->spent_ns : earliest_ns;
    if (now_ns - enet->spent_ns < SERVICE_NS) {
        return false;
    }
    enet->spent_ns += SERVICE_NS;
    return true;
}

/* What no client of ours sends: the session ends. */
static void on_filtered(struct player_enet *enet, uint32_t slot)
{
    if (enet->players[slot]) {
        close_player(enet->players[slot], SK_REASON_MALFORMED);
        return;
    }
    counter_add(&enet->counts.closed[SK_REASON_MALFORMED], 1);
    close_slot(enet, slot);
}

static enum udp_verdict on_datagram(void *context, uint32_t slot, const uint8_t *plain,
                                    size_t bytes)
{
    struct player_enet *enet = context;
    const struct enet_player *one = enet->players[slot];
    enet->filters[slot].delivered = one && one->peer ? sk_enet_peer_delivered(one->peer) : 0;
    if (sk_enet_filter_check(&enet->filters[slot], plain, bytes) != SK_OK) {
        on_filtered(enet, slot);
        return UDP_FILTERED;
    }
    enet->has_received = true;
    return sk_enet_host_push(enet->host, slot, plain, bytes) ? UDP_TAKEN : UDP_CROWDED;
}

/* A turn brings at most SK_UDP_DATAGRAMS_A_WAKE. */
static void on_batch(void *context)
{
    struct player_enet *enet = context;
    struct loop *loop = enet->worker->loop;
    bool is_crowded = sk_enet_host_waiting(enet->host) >= QUEUE_DATAGRAMS / 2;
    if (enet->has_received) {
        loop_wake_at(loop, is_crowded ? loop_now_ns(loop) : enet->served_ns + SERVICE_NS);
    }
}

static void on_session_end(void *context, uint32_t slot, enum sk_reason reason)
{
    struct player_enet *enet = context;
    struct enet_player *one = enet->players[slot];
    leave_slot(enet, slot);
    if (one) {
        lose_player(one, reason);
    }
}

const struct udp_handler player_enet_handler = {
    .on_datagram = on_datagram, .on_batch = on_batch, .on_end = on_session_end};

void player_enet_receive(struct player_enet *enet, uint64_t now_ns)
{
    bool is_crowded = sk_enet_host_waiting(enet->host) >= QUEUE_DATAGRAMS / 2;
    if (enet->has_received && (is_crowded || spend_service(enet, now_ns))) {
        service(enet, now_ns);
    }
}

static uint64_t earlier(uint64_t a_ns, uint64_t b_ns)
{
    return a_ns < b_ns ? a_ns : b_ns;
}

static uint64_t next_ns(const struct player_enet *enet)
{
    uint64_t next = LOOP_NEVER;
    if (counter_read(&enet->counts.players) > 0) {
        next = enet->served_ns + REPEAT_NS;
    }
    if (enet->has_received) {
        next = earlier(next, enet->served_ns + SERVICE_NS);
    }
    return enet->has_sent ? earlier(next, enet->flushed_ns + FLUSH_NS) : next;
}

uint64_t player_enet_send(struct player_enet *enet, uint64_t now_ns)
{
    bool has_players = counter_read(&enet->counts.players) > 0;
    if (has_players && now_ns - enet->served_ns >= REPEAT_NS) {
        service(enet, now_ns);
    } else if (enet->has_sent && now_ns - enet->flushed_ns >= FLUSH_NS) {
        enet->has_sent = false;
        enet->flushed_ns = now_ns;
        sk_enet_host_flush(enet->host, (uint32_t)(now_ns / 1000000));
    }
    return next_ns(enet);
}

/* --- create, close, destroy ------------------------------------------------------------------- */

struct player_enet *player_enet_create(const struct worker_parts *worker)
{
    struct player_enet *enet = calloc(1, sizeof(*enet));
    if (!enet) {
        return NULL;
    }
    struct sk_enet_host_config host = {.peers_max = UDP_SESSIONS_MAX,
                                       .queue_count = QUEUE_DATAGRAMS,
                                       .events = &enet_events,
                                       .context = enet};
    enet->worker = worker;
    enet->closing.run = end_closing;
    enet->host = sk_enet_host_create(&host);
    if (!enet->host) {
        free(enet);
        return NULL;
    }
    return enet;
}

void player_enet_close_all(struct player_enet *enet, enum sk_reason reason)
{
    for (uint32_t i = 0; i < UDP_SESSIONS_MAX; i++) {
        if (enet->players[i]) {
            close_player(enet->players[i], reason);
        }
    }
}

void player_enet_destroy(struct player_enet *enet)
{
    if (!enet) {
        return;
    }
    player_enet_close_all(enet, SK_REASON_SERVER_STOPPING);
    end_closing(&enet->closing);
    for (uint32_t i = 0; i < UDP_SESSIONS_MAX; i++) {
        if (enet->players[i]) {
            enet_player_destroy(enet->players[i]);
        }
    }
    sk_enet_host_destroy(enet->host);
    free(enet);
}

const struct player_enet_counts *player_enet_counts(const struct player_enet *enet)
{
    return &enet->counts;
}
