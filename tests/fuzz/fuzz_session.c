/* fuzz_session.c - a whole conversation: sessions, a room of four seats, connections that come and
 * go.
 *
 *   input: bots, then steps of  kind  peer  argument  [bytes of a message]
 *
 * Every snapshot that goes out must decode at its client, whatever the clients said; nothing a peer
 * does may reach an assert.
 */
#include <string.h>

#include "base/assert.h"
#include "session.h"
#include "support/toy_room.h"

enum { PEERS = 6, SEATS = 4 + TOY_SPECTATORS, MESSAGE_BYTES_MAX = 256, STEPS_MAX = 400 };

enum step_kind {
    STEP_MESSAGE,
    STEP_TICKS,
    STEP_LATE,
    STEP_LOSE,
    STEP_JOIN,
    STEP_RESUME,
    STEP_INPUTS,
    STEP_UNSENT,
    STEP_HEAR, /* the worker hears of the connections that the room closed */
    STEP_COUNT,
};

struct client {
    struct session session;
    uint16_t seat;
    bool is_closing; /* closed, and the worker has not heard of it */
};

struct conversation {
    struct toy_room toy;
    struct client clients[PEERS];
    const uint8_t *bytes;
    size_t left;
};

static uint8_t next(struct conversation *talk)
{
    if (talk->left == 0) {
        return 0;
    }
    talk->left--;
    return *talk->bytes++;
}

static void hear(struct conversation *talk, uint32_t peer)
{
    struct client *client = &talk->clients[peer];
    if (client->is_closing) {
        client->is_closing = false;
        room_drop(talk->toy.room, client->seat, &talk->toy.peers[peer],
                  talk->toy.peers[peer].closed_for);
    }
}

/* After each step: who was closed by the room, and did all snapshots decode? */
static void check(struct conversation *talk)
{
    for (uint32_t i = 0; i < PEERS; i++) {
        struct peer *peer = &talk->toy.peers[i];
        struct client *client = &talk->clients[i];
        bool is_playing = client->session.state == SESSION_PLAYING && !client->is_closing;
        if (is_playing && !peer->is_open) {
            client->is_closing = true;
            session_init(&client->session);
        }
        SK_ASSERT(peer->view_result == SK_OK);
        SK_ASSERT(peer->unsent_max_count == 0);
    }
}

static void show(struct conversation *talk, uint32_t peer, const struct ticket *ticket)
{
    struct client *client = &talk->clients[peer];
    if (talk->toy.peers[peer].is_open || client->is_closing) {
        return; /* one connection, one hello */
    }
    session_init(&client->session);
    if (toy_room_show(&talk->toy, peer, ticket) == SK_REASON_NONE) {
        client->seat = ticket->seat;
        session_start(&client->session, ticket->seat, talk->toy.plan.tick_hz);
    }
}

static void join(struct conversation *talk, uint32_t peer, uint8_t argument)
{
    uint16_t seat = argument % (SEATS + 1); /* one of them there is not */
    struct ticket ticket = {
        .role = TICKET_JOIN, .seat = seat, .nonce = (uint64_t)argument / SEATS + 1};
    if (seat < SEATS) {
        uint32_t kept_ms = argument > 200 ? argument % 2 : TOY_HOLD_MS;
        room_hold(talk->toy.room, seat, ticket.nonce, sk_text_of("Ada"), kept_ms);
    }
    show(talk, peer, &ticket);
}

/* What the worker does when a message is refused. */
static void refuse(struct conversation *talk, uint32_t peer, enum sk_reason reason)
{
    struct peer *end = &talk->toy.peers[peer];
    SK_ASSERT(reason < SK_REASON_COUNT);
    if (reason != SK_REASON_NONE && end->is_open) {
        end->is_open = false;
        end->closed_for = reason;
        talk->clients[peer].is_closing = true;
        session_init(&talk->clients[peer].session);
    }
}

static void on_bytes(struct conversation *talk, uint32_t peer, uint8_t argument)
{
    static _Alignas(8) uint8_t aligned[MESSAGE_BYTES_MAX];
    struct sk_client_message message;
    struct client *client = &talk->clients[peer];
    size_t size = argument < talk->left ? argument : talk->left;
    memcpy(aligned, talk->bytes, size);
    talk->bytes += size;
    talk->left -= size;
    enum sk_reason reason =
        session_decode(&client->session, aligned, size, talk->toy.now_us, &message);
    if (reason == SK_REASON_NONE && talk->toy.peers[peer].is_open) {
        SK_ASSERT(message.type != SK_CLIENT_HELLO);
        reason = toy_room_send(&talk->toy, peer, &message);
    }
    refuse(talk, peer, reason);
}

static void on_inputs(struct conversation *talk, uint32_t peer, uint8_t argument)
{
    struct sk_client_message message = toy_room_inputs(&talk->toy, peer, argument);
    if (!talk->toy.peers[peer].is_open) {
        return;
    }
    message.inputs.tick += next(talk) - 128u;
    message.inputs.count = 1u + argument % SK_INPUTS_A_MESSAGE_MAX;
    message.inputs.inputs[0].view_tick = next(talk);
    message.ack -= next(talk);
    refuse(talk, peer, toy_room_send(&talk->toy, peer, &message));
}

static void on_time(struct conversation *talk, uint64_t late_us)
{
    uint64_t due_us = room_due_us(talk->toy.room);
    talk->toy.now_us = (due_us != UINT64_MAX ? due_us : talk->toy.now_us) + late_us;
    room_step(talk->toy.room, talk->toy.now_us);
}

static void lose(struct conversation *talk, uint32_t peer, uint8_t argument)
{
    refuse(talk, peer, argument % 2 ? SK_REASON_PEER_GONE : SK_REASON_LEFT);
    hear(talk, peer);
}

static void run_step(struct conversation *talk)
{
    enum step_kind kind = next(talk) % STEP_COUNT;
    uint32_t peer = next(talk) % PEERS;
    uint8_t argument = next(talk);
    switch (kind) {
    case STEP_MESSAGE:
        on_bytes(talk, peer, argument);
        break;
    case STEP_TICKS:
        toy_room_step(&talk->toy, argument % 8);
        break;
    case STEP_LATE:
        on_time(talk, (uint64_t)argument * argument * 1000);
        break;
    case STEP_LOSE:
        lose(talk, peer, argument);
        break;
    case STEP_JOIN:
        join(talk, peer, argument);
        break;
    case STEP_RESUME:
        show(talk, peer, &talk->toy.peers[argument % PEERS].resume);
        break;
    case STEP_INPUTS:
        on_inputs(talk, peer, argument);
        break;
    case STEP_UNSENT:
        talk->toy.peers[peer].has_unsent = argument % 2;
        break;
    case STEP_HEAR:
        hear(talk, peer);
        break;
    case STEP_COUNT:
        SK_UNREACHABLE("a remainder");
    }
    check(talk);
}

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct conversation talk;
    talk = (struct conversation){.bytes = bytes, .left = size};
    toy_room_open(&talk.toy, &(struct toy_room_config){.players_max = 4,
                                                       .bots_fill = next(&talk) % 6,
                                                       .seat_seconds = 1});
    for (uint32_t i = 0; i < PEERS; i++) {
        session_init(&talk.clients[i].session);
    }
    for (uint32_t i = 0; i < STEPS_MAX && talk.left > 0; i++) {
        run_step(&talk);
    }
    for (uint32_t i = 0; i < PEERS; i++) {
        hear(&talk, i);
    }
    toy_room_close(&talk.toy);
    return 0;
}
