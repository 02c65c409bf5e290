/* fake_server.h - a server in memory for one client: what SESSION.md says, without socket or clock.
 *
 * It plays dots, answers the join call, upgrades, greets, and sends snapshots when told.  What the
 * client sent lies open in the struct.
 *
 * Memory   fake_server_open() allocates, fake_server_close() frees.
 */
#ifndef FAKE_SERVER_H
#define FAKE_SERVER_H

#include "base/arena.h"
#include "net/ws_message.h"
#include "state/snapshot.h"
#include "wire/messages.h"

enum { FAKE_SERVER_BYTES = 16384, FAKE_SERVER_PLAYERS = 4 };

struct fake_server {
    struct sk_plan plan;
    struct sk_encoder *encoder;
    void *memory;
    void *world;
    struct sk_frame empty;
    struct sk_frame sent; /* the baseline of the next snapshot */
    struct sk_frame made;
    bool upgraded;
    bool keyframe_due;
    struct sk_ws_reader reader;
    uint8_t in[FAKE_SERVER_BYTES]; /* a request, as far as it came */
    size_t in_bytes;
    uint8_t out[FAKE_SERVER_BYTES]; /* for the client */
    size_t out_bytes;
    const char *join_answer;    /* NULL: a seat; else the whole answer */
    const char *upgrade_answer; /* NULL: 101; else the whole answer */
    bool resumed;               /* what Welcome says; so is the next */
    uint64_t code_hash;         /* from open() on that of dots */
    const char *content;        /* what is served as the game's; NULL: it has none */
    const char *enet_offer;     /* the answer's "enet"; NULL: it offers no UDP */
    /* Where messages go instead of `out`; NULL: there. */
    void (*on_message)(void *context, const void *bytes, size_t size);
    void *context;
    int16_t margin_sixteenths;
    /* what came: */
    char ticket[SK_TICKET_BYTES_MAX + 1];
    struct sk_inputs inputs; /* the newest message */
    uint32_t ack;
    uint32_t input_messages;
    uint32_t acks;
    uint32_t keyframe_requests;
    uint32_t leaves;
    uint32_t probes;
    uint32_t fetches; /* of the content */
    uint32_t divergences;
    struct sk_diverged diverged; /* the newest */
    uint64_t code_told;          /* by the newest hello */
    uint32_t pongs;
    uint32_t closes;
    uint32_t joins;
    uint32_t faults; /* anything else */
};

/* Opens a room at tick 1000. */
void fake_server_open(struct fake_server *server);
/* Frees what open() took. */
void fake_server_close(struct fake_server *server);
/* A new connection: forgets the last one's bytes. */
void fake_server_connect(struct fake_server *server);
/* Takes what the client sent, which it changes; answers lie in out. */
void fake_server_take(struct fake_server *server, uint8_t *bytes, size_t size);
/* Takes one message of the client's. */
void fake_server_take_message(struct fake_server *server, const uint8_t *bytes, size_t size);
/* Steps so many ticks. */
void fake_server_step(struct fake_server *server, uint32_t ticks);
/* Moves the dot of player 0 as no input does. */
void fake_server_push_y(struct fake_server *server);
/* Sends a snapshot. */
void fake_server_snapshot(struct fake_server *server);
/* Sends a message or a control frame as it is. */
void fake_server_send(struct fake_server *server, enum sk_ws_opcode opcode, const void *bytes,
                      size_t size);

#endif
