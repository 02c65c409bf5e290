/* messages.h - the C face of the FlatBuffers messages (skirmish.fbs).
 *
 * One thin C++ file stands behind it, the project's only one: Debian ships FlatBuffers' C++ runtime
 * and no C one.  Decoding verifies first, with depth 8 and 64 tables, from an 8-byte aligned copy
 * that the caller lends: the verifier does not check the address.
 *
 * Memory   decoded strings and vectors borrow the caller's aligned copy.  Encoders write into the
 *          caller's buffer through a builder that lives in the encoder's struct: after
 *          sk_encoder_create() nothing is allocated.
 * Threads  an encoder belongs to one thread; decoding has no state.
 */
#ifndef SK_MESSAGES_H
#define SK_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/result.h"
#include "base/span.h"
#include "sim/game.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SK_WIRE_VERSION = 3, SK_SPECTATOR = 0xffff /* sk_welcome.player of who only looks */ };
#define SK_SUBPROTOCOL "skirmish.1"

enum sk_client_type {
    SK_CLIENT_HELLO = 1, /* as the union's tags in skirmish.fbs */
    SK_CLIENT_INPUTS,
    SK_CLIENT_ACK,
    SK_CLIENT_COMMAND,
    SK_CLIENT_KEYFRAME_REQUEST,
    SK_CLIENT_LEAVE,
    SK_CLIENT_PROBE,
    SK_CLIENT_DIVERGED,
};

struct sk_hello {
    uint16_t version;
    struct sk_text ticket;
    uint64_t layout_hash;
    uint64_t code_hash; /* 0: it does not predict */
    bool ordered;
};

struct sk_inputs {
    uint32_t tick;  /* of the last one; inputs[i] is of tick - (count - 1) + i */
    uint32_t count; /* 1..SK_INPUTS_A_MESSAGE_MAX */
    struct sk_input inputs[SK_INPUTS_A_MESSAGE_MAX];
};

/* An own entity that should be as predicted and is not. */
struct sk_diverged {
    uint32_t tick;
    uint16_t kind; /* as the client says: the game may have none of that number */
    uint16_t slot;
    uint16_t row;
};

struct sk_client_message {
    enum sk_client_type type;
    uint32_t ack;      /* of INPUTS, ACK and KEYFRAME_REQUEST */
    uint32_t applied;  /* of INPUTS and ACK: bit i: so is the snapshot i + 1 intervals before it */
    uint32_t answered; /* of INPUTS, ACK and COMMAND: the newest Answer received; 0: none yet */
    union {
        struct sk_hello hello;
        struct sk_inputs inputs;
        struct sk_command command;
        struct sk_diverged diverged;
    };
};

enum sk_server_type {
    SK_SERVER_WELCOME = 1,
    SK_SERVER_ROSTER,
    SK_SERVER_RESUME,
    SK_SERVER_NOTICE,
    SK_SERVER_GOODBYE,
    SK_SERVER_ANSWER,
    SK_SERVER_PROBED,
};

struct sk_welcome {
    uint16_t version;
    uint16_t player;
    uint16_t players_max;
    uint16_t tick_hz;
    uint16_t snapshot_divisor;
    uint16_t seat_seconds;
    uint32_t tick;
    uint64_t epoch;
    uint64_t seed;
    uint64_t layout_hash;
    uint64_t code_hash;
    uint64_t content_hash;
    uint32_t options[SK_OPTIONS_MAX];
    uint32_t command_number; /* of the newest command that need not come again */
    bool resumed;
    struct sk_text game;
    struct sk_text room;
    struct sk_text content;
    struct sk_text resume;
};

enum sk_seat_state { SK_SEAT_EMPTY, SK_SEAT_HERE, SK_SEAT_AWAY };

struct sk_seat {
    uint16_t player;
    uint8_t state; /* enum sk_seat_state */
    bool bot;
    struct sk_text name;
};

enum sk_notice_kind { SK_NOTICE_TEXT, SK_NOTICE_STOPPING, SK_NOTICE_KINDS };

struct sk_notice {
    enum sk_notice_kind kind;
    uint32_t seconds;
    struct sk_text text;
};

struct sk_roster {
    uint32_t count; /* at most SK_PLAYERS_MAX; read each with sk_roster_seat() */
    const void *seats;
};

struct sk_goodbye {
    uint16_t reason; /* enum sk_reason, as far as this build knows it */
    struct sk_text word;
};

/* What became of a command. */
struct sk_command_answer {
    uint32_t number;
    bool is_refused;
    const uint8_t *bytes; /* of a refused one: words */
    size_t size;
};

/* How a server fares, for one of its players; see skirmish.fbs. */
struct sk_probed {
    uint32_t tick;
    uint32_t step_us_p50;
    uint32_t step_us_p99;
    uint32_t late_us_p50;
    uint32_t late_us_p99;
    uint32_t dropped_ticks;
    uint32_t rtt_us;
    uint32_t unacked;
    uint32_t snapshots_held;
    uint32_t inputs_repeated;
    uint32_t views_clamped;
};

struct sk_server_message {
    enum sk_server_type type;
    union {
        struct sk_welcome welcome;
        struct sk_roster roster;
        struct sk_text resume;
        struct sk_notice notice;
        struct sk_goodbye goodbye;
        struct sk_command_answer answer;
        struct sk_probed probed;
    };
};

/* Whether a message is a snapshot (its first byte's low two bits are 01) and not FlatBuffers (00).
 */
static inline bool sk_is_snapshot(const uint8_t *bytes, size_t size)
{
    return size > 0 && (bytes[0] & 3) == 1;
}

/* Verifies and reads a client's message.  `bytes` must be aligned to 8 (asserted) and outlives what
 * *message borrows.  Returns SK_OK; SK_ERR_PROTOCOL for anything that does not verify or has no
 * known body; SK_ERR_RANGE for inputs or texts beyond limits.h. */
SK_MUST_CHECK int sk_client_message_decode(const uint8_t *bytes, size_t size,
                                           struct sk_client_message *message);
/* The same for a server's message. */
SK_MUST_CHECK int sk_server_message_decode(const uint8_t *bytes, size_t size,
                                           struct sk_server_message *message);
/* Seat `index` of a decoded roster, index < count (asserted). */
struct sk_seat sk_roster_seat(const struct sk_server_message *message, uint32_t index);

/* A builder with memory of its own, reused message after message. */
struct sk_encoder;
/* Returns an owned encoder whose messages have at most `bytes_max` bytes, or NULL. */
struct sk_encoder *sk_encoder_create(size_t bytes_max);
/* Frees the encoder and with it what its last message borrowed; NULL is nothing. */
void sk_encoder_destroy(struct sk_encoder *encoder);

/* What an encode function made: borrows the encoder until its next call; size 0 when it did not
 * fit. */
struct sk_bytes {
    const uint8_t *bytes;
    size_t size;
};

/* What a client has received. */
struct sk_received {
    uint32_t ack;      /* the newest snapshot applied; 0: none yet */
    uint32_t applied;  /* bit i: so is the one i + 1 intervals before; 0 over what is ordered */
    uint32_t answered; /* number of the newest Answer; 0: none yet */
};

/* One message each, of the fields that they are given; those are copied. */
struct sk_bytes sk_encode_hello(struct sk_encoder *encoder, const struct sk_hello *hello);
struct sk_bytes sk_encode_inputs(struct sk_encoder *encoder, const struct sk_received *received,
                                 const struct sk_inputs *inputs);
struct sk_bytes sk_encode_ack(struct sk_encoder *encoder, const struct sk_received *received);
struct sk_bytes sk_encode_command(struct sk_encoder *encoder, uint32_t answered,
                                  const struct sk_command *command);
struct sk_bytes sk_encode_keyframe_request(struct sk_encoder *encoder, uint32_t ack);
struct sk_bytes sk_encode_leave(struct sk_encoder *encoder);
struct sk_bytes sk_encode_probe(struct sk_encoder *encoder);
struct sk_bytes sk_encode_diverged(struct sk_encoder *encoder, const struct sk_diverged *diverged);
struct sk_bytes sk_encode_welcome(struct sk_encoder *encoder, const struct sk_welcome *welcome);
struct sk_bytes sk_encode_roster(struct sk_encoder *encoder, const struct sk_seat *seats,
                                 uint32_t count);
struct sk_bytes sk_encode_resume(struct sk_encoder *encoder, struct sk_text resume);
struct sk_bytes sk_encode_notice(struct sk_encoder *encoder, const struct sk_notice *notice);
struct sk_bytes sk_encode_goodbye(struct sk_encoder *encoder, uint16_t reason);
struct sk_bytes sk_encode_answer(struct sk_encoder *encoder,
                                 const struct sk_command_answer *answer);
struct sk_bytes sk_encode_probed(struct sk_encoder *encoder, const struct sk_probed *probed);

#ifdef __cplusplus
}
#endif

#endif
