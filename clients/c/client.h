/* client.h - a player's end of a Skirmish match, without I/O at its heart.
 *
 * A client is a state machine.  The host owns socket and clock: it opens a TCP connection when
 * client_poll() asks for one, hands over what arrives, sends what client_output() shows, and
 * samples the player's controller once a frame or tick.  The client joins through the server's API,
 * speaks WebSocket (TLS where the URL says https), decodes and verifies snapshots, keeps its inputs
 * just ahead of the server's tick, and comes back to its seat after a drop.  So one thread drives
 * one client in a game or a thousand in a load test.
 *
 *     while (running) {
 *         switch (client_poll(client, now_us)) {      until it is CLIENT_NOTHING
 *         case CLIENT_OPEN:  connect to client_target(), then client_on_open()
 *         case CLIENT_CLOSE: send what is left of the output, close the socket
 *         }
 *         bytes came:           client_on_bytes()
 *         the socket takes:     client_output(), client_on_sent()
 *         the socket ended:     client_on_lost()
 *         each frame:           client_sample(), client_draw(), client_take_event()
 *     }
 *
 * Memory   client_create() allocates; a match's memory is made when its Welcome comes.
 *          Snapshots and inputs allocate nothing.  What events and getters show is borrowed until
 *          the next call.
 * Threads  one client belongs to one thread at a time; a context may be shared by all.
 * Time     microseconds of a monotonic clock that the host reads.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"
#include "base/result.h"
#include "client/client_core.h"
#include "client_enet.h"
#include "client_tls.h"
#include "sim/view.h"
#include "wire/messages.h"

#ifdef __cplusplus
extern "C" {
#endif

struct client;
/* What clients of one process share: TLS settings and certificates. */
struct client_context;

/* Returns an owned context, or NULL with *why set. */
struct client_context *client_context_create(const struct client_trust *trust, const char **why);
/* Frees a context whose clients are all destroyed; NULL is nothing. */
void client_context_destroy(struct client_context *context);

enum client_state {
    CLIENT_JOINING,    /* asking the join API for a ticket */
    CLIENT_FETCHING,   /* the game's content, which prediction needs */
    CLIENT_CONNECTING, /* TCP, TLS and WebSocket handshake */
    CLIENT_GREETING,   /* hello sent */
    CLIENT_PLAYING,
    CLIENT_WAITING, /* dropped or not let in yet; tries again soon */
    CLIENT_ENDED,   /* for good: client_reason() says why */
};

enum client_event_kind {
    CLIENT_WELCOMED,    /* plays, for the first time or again (welcome->resumed) */
    CLIENT_SNAPSHOT,    /* one was applied: client_view() is new */
    CLIENT_ROSTER,      /* `seat` changed */
    CLIENT_NOTICE,      /* words from the server */
    CLIENT_ANSWERED,    /* a command was answered or refused */
    CLIENT_PROBED,      /* the server's figures, asked for with client_probe() */
    CLIENT_UNPREDICTED, /* nothing is predicted, or no more: `words` say why */
    CLIENT_DROPPED,     /* the connection is lost; `reason`; the client tries to come back */
    CLIENT_OVER,        /* the state is CLIENT_ENDED; `reason` */
};

struct client_event {
    enum client_event_kind kind;
    enum sk_reason reason;
    const struct sk_welcome *welcome;       /* of WELCOMED */
    const struct sk_seat *seat;             /* of ROSTER */
    const struct sk_notice *notice;         /* of NOTICE */
    const struct sk_command_answer *answer; /* of ANSWERED */
    const struct sk_probed *probed;         /* of PROBED */
    const char *words;                      /* of UNPREDICTED */
    size_t snapshot_bytes;                  /* of SNAPSHOT: its message */
};

/* Gets an event while one of the client's functions runs; must not call back into the client but
 * for its getters. */
typedef void (*client_event_fn)(void *user, struct client *client, uint64_t now_us,
                                const struct client_event *event);

/* For who tests a server: may change message `number` (0, 1, ...) that is made of these inputs,
 * and the ack that it names, before it is sent.  While it returns true one more is sent. */
typedef bool (*client_forge_fn)(void *user, uint32_t number, uint32_t *ack,
                                struct sk_inputs *inputs);

/* Zero means the default.  Texts are copied. */
/* What a client speaks once it has joined. */
enum client_transport {
    CLIENT_TRANSPORT_WS,
    CLIENT_TRANSPORT_ENET, /* datagrams; a server that has none refuses */
    CLIENT_TRANSPORT_AUTO  /* datagrams; WebSocket when no Welcome came in a second, and when
                              another join follows in the minute after that */
};

struct client_config {
    struct client_context *context; /* kept as a borrow; needed for https */
    const char *url;                /* http(s)://HOST:PORT of the server; needed */
    const char *name;               /* of the player; needed */
    const char *game;               /* default: the server's first */
    const char *room;               /* a code; default: quick join */
    const char *password;
    const char *resume_ticket;          /* of an earlier run: back to that seat */
    bool create;                        /* a new room */
    bool spectate;                      /* only look */
    bool skip_snapshots;                /* acknowledge them, but decode none: client_view() stays
                                           empty, for a load generator */
    uint32_t players_max;               /* of a room that this join opens; default: the server's */
    uint32_t input_rate_hz;             /* messages with inputs a second, at most, so that several
                                           ticks share one; default: one whenever one is made */
    enum client_transport transport;    /* default: WebSocket */
    uint32_t join_timeout_ms;           /* how long a join that the network or a busy server refused
                                           is tried again; default: 30000 */
    bool predict;                       /* the player's own entities, when the server runs the very
                                           code that is linked here; else they are drawn as it tells
                                           them, client_prediction() is NULL, and CLIENT_UNPREDICTED
                                           says so */
    bool has_box;                       /* who predicts keeps a black box of the last 30 s */
    const struct sk_game *const *games; /* linked into this program; needed */
    uint32_t game_count;
    uint64_t seed; /* of masks and back-off; any number */
    client_event_fn on_event;
    client_forge_fn forge; /* inputs are sent as they were made without it */
    void *user;
};

/* What happened so far. */
struct client_counts {
    uint64_t snapshots;
    uint64_t snapshot_bytes;
    uint64_t mismatches; /* baseline missing or of another hash; a keyframe was asked for */
    uint64_t messages_sent;
    uint64_t inputs_dropped;  /* more waited for the socket than one message takes */
    uint64_t inputs_repeated; /* ticks for which the server had no input of the player's */
    uint64_t join_retries;    /* joins that were asked for again */
    uint64_t drops;
    uint64_t resumes;
};

/* Returns an owned client that has not begun: the first client_poll() begins to join.  NULL with
 * *why set for a URL or name that cannot be, https without a context, or no memory. */
struct client *client_create(const struct client_config *config, const char **why);
/* Frees the client; the host closes its socket itself.  NULL is nothing. */
void client_destroy(struct client *client);

enum client_action { CLIENT_NOTHING, CLIENT_OPEN, CLIENT_CLOSE };

/* Does what is due by now (deadlines, acks, trying again) and says what the host must do with the
 * socket; each action is told once.  Call until CLIENT_NOTHING: after each other call, and at
 * client_next_us(). */
SK_MUST_CHECK enum client_action client_poll(struct client *client, uint64_t now_us);
/* When client_poll() has something to do by itself; UINT64_MAX: never. */
uint64_t client_next_us(const struct client *client);
/* Where to connect at CLIENT_OPEN: a name or address, and *port. */
const char *client_target(const struct client *client, uint16_t *port);
/* Whether a UDP socket is wanted there, and not a TCP connection: it is open as soon as it is
 * connected.  Each datagram that comes is a client_on_bytes(), and client_output() shows one after
 * the other, of which client_on_sent() takes no part: what UDP does not take is lost. */
bool client_is_datagram(const struct client *client);

/* The TCP connection that was asked for is there. */
void client_on_open(struct client *client, uint64_t now_us);
/* Bytes arrived; they may be changed in place. */
void client_on_bytes(struct client *client, uint8_t *bytes, size_t size, uint64_t now_us);
/* The connection could not be made or ended by itself; the host has closed it. */
void client_on_lost(struct client *client, uint64_t now_us);
/* Bytes for the socket, *size of them, 0 when there are none; borrowed until the next call. */
const uint8_t *client_output(const struct client *client, size_t *size);
/* The socket took the first `size` of them. */
void client_on_sent(struct client *client, size_t size);

/* Buttons went down: the next input has them. */
void client_press(struct client *client, uint32_t buttons);
/* Samples the controller: buttons and axes of `input`; the view is filled in here.  `now_us` may
 * lie in the past: when the sample was due.  Inputs for all ticks since the last sample are stamped
 * and sent in one message; while unsent bytes wait for the socket they wait here, the newest
 * SK_INPUTS_A_MESSAGE_MAX.  Returns the tick in which the input will count, or 0 when there is none
 * (not playing, or no new tick yet). */
uint32_t client_sample(struct client *client, const struct sk_input *input, uint64_t now_us);
/* Sends a command of the game, once for certain unless the seat is lost; after a drop again, until
 * the server has it.  An CLIENT_ANSWERED comes only if it is refused.  Returns SK_OK;
 * SK_ERR_AGAIN before the first Welcome, after the end and while SK_COMMANDS_WAITING_MAX wait;
 * SK_ERR_TOO_BIG. */
SK_MUST_CHECK int client_command(struct client *client, uint16_t type, const uint8_t *bytes,
                                 size_t size);
/* The same, with an CLIENT_ANSWERED of that *number to come. */
SK_MUST_CHECK int client_request(struct client *client, uint16_t type, const uint8_t *bytes,
                                 size_t size, uint32_t *number);
/* Asks the server for its figures, which CLIENT_PROBED brings.  Returns SK_OK, or SK_ERR_AGAIN
 * while not playing and within a second of the last time. */
SK_MUST_CHECK int client_probe(struct client *client, uint64_t now_us);
/* Gives the seat up and ends. */
void client_leave(struct client *client, uint64_t now_us);

/* Where the client is in its life. */
enum client_state client_state(const struct client *client);
/* Why the last connection, or the whole client, ended. */
enum sk_reason client_reason(const struct client *client);
/* The same for a person: in the server's words where it sent some.  Borrowed until the next call.
 */
const char *client_sentence(const struct client *client);
/* The match as far as it is known; NULL before the first Welcome. */
struct sk_view *client_view(const struct client *client);
/* Calls `draw` for each entity as of now: others a little in the past, the player's own where they
 * are, when they are predicted (client/client_predict.h). */
void client_draw(struct client *client, uint64_t now_us, sk_draw_fn draw, void *context);
/* Takes what has happened by the moment that was drawn or sampled last, the player's own doing at
 * once; says how it is to be told (client/client_events.h), SK_EVENT_NONE when nothing is left. */
enum sk_event_told client_take_event(struct client *client, struct sk_event *event);
/* The match's core, with its clock and counts; NULL before the first Welcome. */
const struct sk_client_core *client_core(const struct client *client);
/* The resume ticket; "" before the first Welcome. */
const char *client_ticket(const struct client *client);
/* What is predicted, with its verdicts and counts; NULL when nothing is.  Borrowed until the next
 * call. */
const struct sk_client_predict *client_prediction(const struct client *client);
/* Part `index` (< SK_BOX_PARTS) of the black box's file as of now, as sk_client_box_part(); NULL
 * without a box, or nothing in it. */
const uint8_t *client_box_part(struct client *client, uint32_t index, size_t *bytes);
/* What the game made of the server's content (its map), in the game's own shape: the very block
 * that is predicted by.  NULL when nothing is predicted, or of no content.  Borrowed until the
 * next call. */
const void *client_content(const struct client *client);
/* This client's seat; SK_SPECTATOR when it only looks or has not joined. */
uint16_t client_player(const struct client *client);
/* Seat `player` of the room, state SK_SEAT_EMPTY when nobody sits there. */
struct sk_seat client_seat(const struct client *client, uint32_t player);
/* How a connection by datagrams fares; zeros without one. */
struct client_enet_figures client_datagrams(const struct client *client);
/* What happened so far. */
struct client_counts client_counts(const struct client *client);

#ifdef __cplusplus
}
#endif

#endif
