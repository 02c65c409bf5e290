/* reason.h - why a connection was refused or ended: one word, the same on the wire, in the log and
 * in the metric.
 *
 * The word is the text of the WebSocket close frame, the `reason` of the JSON error of the join
 * API, of the log line and of the metric's label.  The number is the FlatBuffers enum's.
 */
#ifndef SK_REASON_H
#define SK_REASON_H

#include <stdbool.h>
#include <stdint.h>

/* Append only: the position is the number on the wire.  ws is the close code of RFC 6455 7.4 (4000
 * and up are ours), http the status of the join API's answer.
 *      name               word                  ws    http  what a person reads                  */
/* clang-format off */
#define SK_REASONS(ROW)                                                                            \
    ROW(NONE, "none", 1000, 200, "no reason")                                                      \
    ROW(LEFT, "left", 1000, 200, "you left the match")                                             \
    ROW(SERVER_STOPPING, "server_stopping", 1001, 503, "the server is stopping")                   \
    ROW(WS_PROTOCOL, "ws_protocol", 1002, 400, "the connection broke the WebSocket protocol")      \
    ROW(WS_UNSUPPORTED, "ws_unsupported", 1003, 400, "this endpoint takes binary messages only")   \
    ROW(WS_UTF8, "ws_utf8", 1007, 400, "a text message was not UTF-8")                             \
    ROW(WS_TOO_BIG, "ws_too_big", 1009, 413, "a message was larger than the limit")                \
    ROW(WS_FRAGMENTS, "ws_fragments", 1008, 400, "a message came in too many fragments")           \
    ROW(HEAD_TIMEOUT, "head_timeout", 4001, 408, "the request did not arrive in time")             \
    ROW(HTTP_MALFORMED, "http_malformed", 4002, 400, "the request was not valid HTTP")             \
    ROW(HTTP_TOO_BIG, "http_too_big", 4003, 431, "the request was larger than the limit")          \
    ROW(ORIGIN, "origin", 4004, 403, "this page may not connect here")                             \
    ROW(TLS, "tls", 4005, 400, "the TLS handshake failed")                                         \
    ROW(TLS_BUSY, "tls_busy", 4006, 503, "too many handshakes at once")                            \
    ROW(ADDRESS_LIMIT, "address_limit", 4007, 429, "too many connections from one address")        \
    ROW(SERVER_FULL, "server_full", 4008, 503, "the server is full")                               \
    ROW(IDLE, "idle", 4009, 408, "nothing was heard for too long")                                 \
    ROW(SLOW_READER, "slow_reader", 4010, 408, "the connection could not keep up")                 \
    ROW(RATE_LIMIT, "rate_limit", 4011, 429, "too many messages")                                  \
    ROW(PEER_GONE, "peer_gone", 4012, 400, "the connection was lost")                              \
    ROW(MALFORMED, "malformed", 4020, 400, "a message could not be read")                          \
    ROW(HELLO_EXPECTED, "hello_expected", 4021, 400, "the first message must be a hello")          \
    ROW(HELLO_TWICE, "hello_twice", 4022, 400, "a second hello came")                              \
    ROW(VERSION, "version", 4023, 409, "the client speaks another version of the protocol")        \
    ROW(LAYOUT, "layout", 4024, 409, "the client was built for another version of the game")       \
    ROW(INPUT_RANGE, "input_range", 4025, 400, "an input was out of range")                        \
    ROW(INPUT_FUTURE, "input_future", 4026, 400, "an input was too far in the future")             \
    ROW(ACK_UNKNOWN, "ack_unknown", 4027, 400, "a snapshot was acknowledged that was never sent")  \
    ROW(COMMAND_REFUSED, "command_refused", 4028, 400, "the game does not know this command")      \
    ROW(TICKET_MALFORMED, "ticket_malformed", 4040, 400, "the ticket could not be read")           \
    ROW(TICKET_FORGED, "ticket_forged", 4041, 403, "the ticket was not made by this server")       \
    ROW(TICKET_EXPIRED, "ticket_expired", 4042, 410, "the ticket is too old")                      \
    ROW(TICKET_USED, "ticket_used", 4043, 409, "the ticket was used before")                       \
    ROW(ROOM_UNKNOWN, "room_unknown", 4050, 404, "there is no such room")                          \
    ROW(ROOM_FULL, "room_full", 4051, 409, "the room is full")                                     \
    ROW(ROOM_CLOSED, "room_closed", 4052, 410, "the room was closed")                              \
    ROW(ROOM_FAILED, "room_failed", 4053, 500, "the room stopped because of an error in the game") \
    ROW(ROOM_PASSWORD, "room_password", 4054, 403, "the room's password is another")               \
    ROW(ROOMS_FULL, "rooms_full", 4055, 503, "no further room can be opened")                      \
    ROW(GAME_UNKNOWN, "game_unknown", 4056, 404, "this server does not have that game")            \
    ROW(NAME_BAD, "name_bad", 4057, 400, "the name is empty, too long or not text")                \
    ROW(SEAT_GONE, "seat_gone", 4058, 410, "the seat was given up")                                \
    ROW(DISPLACED, "displaced", 4059, 409, "the seat was taken by a newer connection")             \
    ROW(KICKED, "kicked", 4060, 403, "you were removed from the match")                            \
    ROW(REQUEST_BAD, "request_bad", 4061, 400, "the request's fields are not as they should be")   \
    ROW(INTERNAL, "internal", 1011, 500, "the server failed")                                      \
    ROW(SERVER_BUSY, "server_busy", 4062, 503, "the server is busy; try again in a moment")        \
    ROW(JOIN_RATE, "join_rate", 4063, 429, "too many requests from one address; try again soon") \
    ROW(HOST, "host", 4064, 421, "the server does not go by that host's name")                     \
    ROW(CODE, "code", 4065, 409, "the server runs other code of the game than the client")
/* clang-format on */

#define SK_REASON_ENUM(name, word, ws, http, sentence) SK_REASON_##name,
enum sk_reason { SK_REASONS(SK_REASON_ENUM) SK_REASON_COUNT };
#undef SK_REASON_ENUM

/* The one word; "unknown" for a number that is none of ours.  Never NULL. */
const char *sk_reason_word(enum sk_reason reason);
/* A sentence for a person; "unknown" for a number that is none of ours.  Never NULL. */
const char *sk_reason_sentence(enum sk_reason reason);
/* The close code for a close frame, 1000..4999; 1011 for a number that is none of ours. */
uint16_t sk_reason_ws_code(enum sk_reason reason);
/* Whether the peer broke the protocol, which no honest client does: what it had is not kept for it.
 * Reasons that a stall of the network or of the server can bring about are none. */
bool sk_reason_is_fault(enum sk_reason reason);
/* The status of the HTTP answer that carries this reason; 500 for a number that is none of ours. */
uint16_t sk_reason_http_status(enum sk_reason reason);

#endif
