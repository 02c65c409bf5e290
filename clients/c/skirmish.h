/* skirmish.h - libskirmish: a player's end of a Skirmish match.  The only header that one needs.
 *
 * Two layers, of which a program uses one:
 *
 *   sk_game_client_*   owns its sockets: open, update once a frame, next_event, sample, close
 *   sk_client_*        has no I/O: a host with an event loop of its own gives and takes the bytes
 *
 * What is asked of a match (entities, seats, figures, commands) is the same for both: the upper
 * layer shows its client, sk_game_client_client().
 *
 * A library of another version may know more members of a struct, or fewer: each begins with
 * struct_size, which its user sets to sizeof the struct as it was compiled.  What is zero means the
 * default, in what goes in; in what comes out, that there is none.
 *
 * TLS is OpenSSL's, or that of wolfSSL where the library was built with -DSK_CLIENT_TLS=wolfssl; a
 * program that is given away with wolfSSL comes under the GPL.
 *
 * Memory   handles are made by create or open and freed by destroy or close.  Playing by WebSocket
 *          allocates nothing, a connection's beginning aside; by datagrams ENet allocates and frees
 *          for each message.  Texts that are returned live until the next call for the handle.
 * Threads  a handle belongs to one thread at a time; different ones share nothing that changes.
 * Time     microseconds of any monotonic clock, which the caller passes and which never go back.
 *
 * Compiles as C99 and as C++11.
 */
#ifndef SKIRMISH_H
#define SKIRMISH_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SK_API __attribute__((visibility("default")))
#else
#define SK_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define SK_VERSION_MAJOR 0
#define SK_VERSION_MINOR 1
#define SK_VERSION_PATCH 0
#define SK_VERSION       ((SK_VERSION_MAJOR << 16) | (SK_VERSION_MINOR << 8) | SK_VERSION_PATCH)

/* The SK_VERSION of the library that runs. */
SK_API uint32_t sk_version(void);

/* ---- games ------------------------------------------------------------------------------- */

/* A game that this program can show and predict: linked in, or loaded. */
struct sk_game;

/* Loads a game from the .so that the server loads (--game); it stays loaded.  Returns NULL with
 * *why, which lives forever, for what is no game of this library's ABI. */
SK_API const struct sk_game *sk_client_game_load(const char *path, const char **why);

/* ---- settings ---------------------------------------------------------------------------- */

enum sk_client_flag {
    SK_CLIENT_CREATE_ROOM = 1,
    SK_CLIENT_SPECTATE = 2,
    SK_CLIENT_UNPREDICTED = 4, /* the player's own entities are drawn as the server tells them */
    SK_CLIENT_BLACK_BOX = 8,   /* keep the last 30 s: sk_client_box() */
    SK_CLIENT_INSECURE = 16    /* believe any certificate: a development server's own */
};

enum sk_client_transport {
    SK_CLIENT_TRANSPORT_WS,
    SK_CLIENT_TRANSPORT_ENET, /* sealed datagrams; a server that has none refuses */
    SK_CLIENT_TRANSPORT_AUTO  /* datagrams; WebSocket when no Welcome came in a second, and when
                                 another join follows in the minute after that */
};

/* Texts are copied; `games` and what it names are borrowed while the client lives. */
struct sk_client_config {
    uint32_t struct_size;
    uint32_t flags;            /* enum sk_client_flag */
    const char *url;           /* http(s)://HOST:PORT of the server; needed */
    const char *name;          /* of the player; needed */
    const char *game;          /* default: the server's first */
    const char *room;          /* a code; default: the fullest public room with a free seat */
    const char *password;      /* of the room */
    const char *resume_ticket; /* sk_client_ticket() of an earlier run: back to that seat */
    const char *ca_path;       /* PEM file of certificates to trust; default: the system's */
    const char *pin_sha256;    /* 64 hex digits: the SHA-256 of the one certificate to trust */
    const struct sk_game *const *games; /* needed */
    uint32_t game_count;
    uint32_t players_max;     /* of a room that this join opens; default: the server's */
    uint32_t input_rate_hz;   /* messages with inputs a second, at most; default: as they come */
    uint32_t join_timeout_ms; /* how long a busy server is asked again; default: 30000 */
    uint64_t seed;            /* of masks and of the time between two tries; any number */
    uint32_t transport;       /* enum sk_client_transport; default: WebSocket */
};

/* ---- results ----------------------------------------------------------------------------- */

enum sk_client_result {
    SK_CLIENT_OK = 0,
    SK_CLIENT_AGAIN = -1, /* not now: not playing, too soon, or too many under way */
    SK_CLIENT_TOO_BIG = -2,
    SK_CLIENT_NONE = -3,    /* there is no such thing */
    SK_CLIENT_BAD_SIZE = -4 /* struct_size is none that this library knows */
};

enum sk_client_state {
    SK_CLIENT_STATE_JOINING,  /* asking the join API for a seat */
    SK_CLIENT_STATE_FETCHING, /* the game's content, which prediction needs */
    SK_CLIENT_STATE_CONNECTING,
    SK_CLIENT_STATE_GREETING,
    SK_CLIENT_STATE_PLAYING,
    SK_CLIENT_STATE_WAITING, /* dropped, or not let in yet; tries again soon */
    SK_CLIENT_STATE_ENDED    /* for good */
};

enum { SK_CLIENT_NOBODY = 0xffff }; /* an owner or a player that is none */

/* ---- events ------------------------------------------------------------------------------ */

enum sk_client_event_kind {
    SK_CLIENT_EVENT_NONE,
    SK_CLIENT_EVENT_WELCOME,     /* plays: player, is_resumed, `word` the game, `text` the room */
    SK_CLIENT_EVENT_SEAT,        /* a seat has changed: player; sk_client_seat() */
    SK_CLIENT_EVENT_GAME,        /* something happened: type, tick, told, values */
    SK_CLIENT_EVENT_NOTICE,      /* the server's words: text; seconds until it stops, or 0 */
    SK_CLIENT_EVENT_ANSWER,      /* to a command: number, is_refused, bytes; refused: text */
    SK_CLIENT_EVENT_SERVER,      /* sk_client_server() has new figures */
    SK_CLIENT_EVENT_UNPREDICTED, /* nothing is predicted, or no more: text says why */
    SK_CLIENT_EVENT_DROPPED,     /* the connection is lost: word, text; the client comes back */
    SK_CLIENT_EVENT_ENDED        /* for good: word, text */
};

/* How a game's event is to be shown. */
enum sk_client_told {
    SK_CLIENT_TOLD_NONE,
    SK_CLIENT_TOLD_HAPPENED,  /* at the server */
    SK_CLIENT_TOLD_PREDICTED, /* by the player's own input, now */
    SK_CLIENT_TOLD_CONFIRMED, /* one that was predicted has happened */
    SK_CLIENT_TOLD_UNDONE     /* one that was predicted has not */
};

struct sk_client_event {
    uint32_t struct_size;
    uint32_t kind; /* enum sk_client_event_kind */
    uint32_t tick;
    uint32_t type; /* sk_client_event_name() */
    uint32_t told; /* enum sk_client_told */
    uint32_t player;
    uint32_t number; /* of the command */
    uint32_t seconds;
    uint32_t is_refused;
    uint32_t is_resumed;
    uint32_t value_count;
    uint32_t byte_count;
    double values[8]; /* sk_client_event_row_name() */
    char word[32];    /* a reason of SESSION.md */
    char text[264];
    uint8_t bytes[896];
};

/* ---- what is drawn and asked ------------------------------------------------------------- */

/* The controller.  Buttons and axes mean what the game says; sk_client_constant(). */
struct sk_client_input {
    uint32_t struct_size;
    uint32_t buttons;
    int16_t axes[4];
};

enum sk_client_entity_flag { SK_CLIENT_ENTITY_PREDICTED = 1 };

struct sk_client_entity {
    uint32_t struct_size;
    uint16_t kind;  /* sk_client_kind_name() */
    uint16_t flags; /* enum sk_client_entity_flag */
    uint32_t slot;  /* of its kind: an entity keeps it while it lives */
    uint16_t owner; /* a player, or SK_CLIENT_NOBODY */
    uint16_t value_count;
    double values[32]; /* sk_client_row_name() */
};

struct sk_client_match {
    uint32_t struct_size;
    uint32_t player; /* this client's seat; SK_CLIENT_NOBODY: it only looks */
    uint32_t players_max;
    uint32_t tick_hz;
    uint32_t snapshot_hz;
    uint32_t kind_count;
    uint32_t event_count;
    char game[40];
    char room[8];
};

enum sk_client_seat_state { SK_CLIENT_SEAT_EMPTY, SK_CLIENT_SEAT_HERE, SK_CLIENT_SEAT_AWAY };

struct sk_client_seat {
    uint32_t struct_size;
    uint32_t player;
    uint32_t state; /* enum sk_client_seat_state */
    uint32_t is_bot;
    char name[40]; /* UTF-8 */
};

struct sk_client_stats {
    uint32_t struct_size;
    uint32_t state; /* enum sk_client_state */
    uint32_t tick;  /* of the newest snapshot */
    uint32_t ping_us;
    uint32_t jitter_us;
    uint32_t snapshot_age_us;
    uint32_t delay_us;    /* by which others are drawn in the past */
    int32_t lead_us;      /* by which inputs are stamped ahead of the server's time */
    int32_t margin_us;    /* by which the newest input was there in time */
    uint32_t queue_bytes; /* that the socket has not taken yet */
    uint32_t resends;     /* in this connection: of ENet, or of TCP (the upper layer's alone) */
    uint32_t is_predicted;
    uint32_t underruns; /* others stood still, or were extrapolated, for want of a snapshot */
    uint32_t resyncs;   /* of the clock, after a stall or a pause */
    double correction;  /* that drawing still has to smooth, in parts of a row's range */
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t snapshots;
    uint64_t snapshots_lost;  /* that never came: by UDP; more are left out by the server */
    uint64_t keyframes_asked; /* a baseline was not at hand */
    uint64_t messages_out;
    uint64_t inputs_late;     /* snapshots that told of one */
    uint64_t inputs_repeated; /* ticks for which the server had none of the player's */
    uint64_t inputs_dropped;  /* that never went out */
    uint64_t drift_matched;   /* snapshots that told what was predicted, bit for bit */
    uint64_t drift_late;      /* that did not, for an input was late */
    uint64_t drift_touched;   /* for others had a hand in it */
    uint64_t drift_diverging; /* for no reason: a bug */
    uint64_t events_confirmed;
    uint64_t events_undone;
    uint64_t events_lost; /* that nobody took with next_event in time */
    uint64_t drops;
    uint64_t resumes;
    uint64_t join_retries;
};

/* How the server fares, as of the newest SK_CLIENT_EVENT_SERVER. */
struct sk_client_server {
    uint32_t struct_size;
    uint32_t tick;
    uint32_t step_us_p50; /* what a tick of the room takes */
    uint32_t step_us_p99;
    uint32_t late_us_p50; /* how late it begins */
    uint32_t late_us_p99;
    uint32_t dropped_ticks;
    uint32_t rtt_us; /* as the server sees this connection */
    uint32_t unacked;
    uint32_t snapshots_held;
    uint32_t inputs_repeated;
    uint32_t views_clamped;
};

/* ---- the client without I/O -------------------------------------------------------------- */

struct sk_client;

/* Returns a client that has not begun: the first sk_client_poll() begins to join.  NULL with *why,
 * which lives forever, for settings that cannot be, or no memory. */
SK_API struct sk_client *sk_client_create(const struct sk_client_config *config, const char **why);
/* Frees the client; the host closes its socket itself.  NULL is nothing. */
SK_API void sk_client_destroy(struct sk_client *client);

enum sk_client_action { SK_CLIENT_ACTION_NONE, SK_CLIENT_ACTION_OPEN, SK_CLIENT_ACTION_CLOSE };
enum sk_client_socket { SK_CLIENT_SOCKET_STREAM = 1, SK_CLIENT_SOCKET_DATAGRAM };

/* What to connect to at SK_CLIENT_ACTION_OPEN. */
struct sk_client_target {
    uint32_t struct_size;
    uint32_t socket; /* enum sk_client_socket */
    uint32_t port;
    char host[260]; /* a name or an address */
};

/* Does what is due by now and says what the host must do with its socket, an enum sk_client_action;
 * each is told once.  To be called until it is NONE: after each other call, and at
 * sk_client_next_us(). */
SK_API uint32_t sk_client_poll(struct sk_client *client, uint64_t now_us);
/* When sk_client_poll() has something to do by itself; UINT64_MAX: never. */
SK_API uint64_t sk_client_next_us(const struct sk_client *client);
/* Fills *target.  Returns SK_CLIENT_OK or SK_CLIENT_BAD_SIZE. */
SK_API int sk_client_target(const struct sk_client *client, struct sk_client_target *target);
/* The connection that was asked for is there: a TCP connection, or a UDP socket that is connected.
 * Of the latter each datagram that comes is one sk_client_on_bytes(), and sk_client_output() shows
 * one after the other, of which sk_client_on_sent() takes no part: what UDP does not take is lost.
 */
SK_API void sk_client_on_open(struct sk_client *client, uint64_t now_us);
/* Bytes came; they may be changed in place. */
SK_API void sk_client_on_bytes(struct sk_client *client, uint8_t *bytes, size_t size,
                               uint64_t now_us);
/* The connection could not be made, or ended by itself; the host has closed it. */
SK_API void sk_client_on_lost(struct sk_client *client, uint64_t now_us);
/* Bytes for the socket, *size of them; borrowed until the next call. */
SK_API const uint8_t *sk_client_output(const struct sk_client *client, size_t *size);
/* The socket took the first `size` of them. */
SK_API void sk_client_on_sent(struct sk_client *client, size_t size);

/* ---- both layers: playing ---------------------------------------------------------------- */

/* Takes the oldest event: what became of the connection, then seats, then what has happened in the
 * game by the moment that was drawn or sampled last.  Returns 1, 0 when there is none, or
 * SK_CLIENT_BAD_SIZE.  To be called until it is 0, once a frame: of the first kind 24 are kept. */
SK_API int sk_client_next_event(struct sk_client *client, struct sk_client_event *event);
/* Buttons went down: the next input has them, however soon they are let go of. */
SK_API void sk_client_press(struct sk_client *client, uint32_t buttons);
/* Samples what is held, once a frame or tick.  Inputs of all ticks since the last sample are
 * stamped and sent.  Returns the tick in which it will count; 0: none, not playing or no new tick
 * yet. */
SK_API uint32_t sk_client_sample(struct sk_client *client, const struct sk_client_input *input,
                                 uint64_t now_us);
/* Sends a command of the game, once for certain, also over a drop.  With `number` not NULL it wants
 * an answer: SK_CLIENT_EVENT_ANSWER of that number; without, one comes only if it is refused.
 * Returns SK_CLIENT_OK, SK_CLIENT_AGAIN or SK_CLIENT_TOO_BIG. */
SK_API int sk_client_command(struct sk_client *client, uint32_t type, const void *bytes,
                             size_t size, uint32_t *number);
/* Asks for the server's figures, once a second at most.  SK_CLIENT_OK or SK_CLIENT_AGAIN. */
SK_API int sk_client_probe(struct sk_client *client, uint64_t now_us);
/* Gives the seat up and ends. */
SK_API void sk_client_leave(struct sk_client *client, uint64_t now_us);

/* Where the client is in its life: enum sk_client_state. */
SK_API uint32_t sk_client_state(const struct sk_client *client);
/* Why the last connection, or all, ended: a word of SESSION.md, and words for a person. */
SK_API const char *sk_client_reason(const struct sk_client *client);
SK_API const char *sk_client_sentence(const struct sk_client *client);
/* What brings another run back to this seat; "" before the first Welcome. */
SK_API const char *sk_client_ticket(const struct sk_client *client);
/* Fills *match.  SK_CLIENT_OK, SK_CLIENT_AGAIN before the first Welcome, SK_CLIENT_BAD_SIZE. */
SK_API int sk_client_match(const struct sk_client *client, struct sk_client_match *match);
/* Fills *seat.  SK_CLIENT_OK, SK_CLIENT_NONE when the room has no such seat, SK_CLIENT_BAD_SIZE. */
SK_API int sk_client_seat(const struct sk_client *client, uint32_t player,
                          struct sk_client_seat *seat);
/* Fills *stats.  SK_CLIENT_OK or SK_CLIENT_BAD_SIZE. */
SK_API int sk_client_stats(const struct sk_client *client, uint64_t now_us,
                           struct sk_client_stats *stats);
/* Fills *server.  SK_CLIENT_OK, SK_CLIENT_AGAIN before the first, SK_CLIENT_BAD_SIZE. */
SK_API int sk_client_server(const struct sk_client *client, struct sk_client_server *server);

/* Fills at most `capacity` entities as of now, each of the size that the first one's struct_size
 * says: others a little in the past, the player's own where they are.  Returns how many there are,
 * which may be more, or SK_CLIENT_BAD_SIZE. */
SK_API int sk_client_draw(struct sk_client *client, uint64_t now_us,
                          struct sk_client_entity *entities, size_t capacity);

/* The game's names, from the first Welcome on; NULL for what there is not. */
SK_API const char *sk_client_kind_name(const struct sk_client *client, uint32_t kind);
SK_API const char *sk_client_row_name(const struct sk_client *client, uint32_t kind, uint32_t row);
SK_API const char *sk_client_event_name(const struct sk_client *client, uint32_t type);
SK_API const char *sk_client_event_row_name(const struct sk_client *client, uint32_t type,
                                            uint32_t row);
/* A number of the game by its name: a button, a state.  SK_CLIENT_OK or SK_CLIENT_NONE. */
SK_API int sk_client_constant(const struct sk_client *client, const char *name, int32_t *value);
/* What a game that is linked in made of the server's content, its map, in the game's own shape;
 * NULL when nothing is predicted, or the game has none.  Borrowed until the next call. */
SK_API const void *sk_client_content(const struct sk_client *client);
/* The type of a command by its name, for sk_client_command(); SK_CLIENT_NONE: the game has none. */
SK_API int sk_client_command_type(const struct sk_client *client, const char *name);

/* Copies the black box, a file that skirmish-feel replays.  Returns its bytes, which may be
 * more than `capacity`: then what was copied is no file.  0: there is none, or nothing in it. */
SK_API size_t sk_client_box(struct sk_client *client, void *out, size_t capacity);

/* ---- the client that owns its sockets ---------------------------------------------------- */

struct sk_game_client;

/* Returns a client that begins to join at the first update; NULL as sk_client_create(). */
SK_API struct sk_game_client *sk_game_client_open(const struct sk_client_config *config,
                                                  const char **why);
/* Leaves the match, closes what is open and frees all.  NULL is nothing. */
SK_API void sk_game_client_close(struct sk_game_client *game_client, uint64_t now_us);
/* Sends and receives what there is, without waiting but for the look-up of a server's name; a name
 * with several addresses is tried at each, IPv6 and IPv4.  To be called once a frame at least.
 * Returns enum sk_client_state. */
SK_API uint32_t sk_game_client_update(struct sk_game_client *game_client, uint64_t now_us);
/* Waits until something comes, but no longer than `wait_us`. */
SK_API void sk_game_client_wait(struct sk_game_client *game_client, uint64_t wait_us);
/* As sk_client_next_event(), sk_client_sample() and sk_client_stats(), of its client. */
SK_API int sk_game_client_next_event(struct sk_game_client *game_client,
                                     struct sk_client_event *event);
SK_API uint32_t sk_game_client_sample(struct sk_game_client *game_client,
                                      const struct sk_client_input *input, uint64_t now_us);
SK_API int sk_game_client_stats(struct sk_game_client *game_client, uint64_t now_us,
                                struct sk_client_stats *stats);
/* Its client, for what is drawn and asked; not for the calls about the socket. */
SK_API struct sk_client *sk_game_client_client(struct sk_game_client *game_client);
/* Microseconds of this machine's monotonic clock, for who has none at hand. */
SK_API uint64_t sk_game_client_now_us(void);

#ifdef __cplusplus
}
#endif

#endif
