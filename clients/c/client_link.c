/* client_link.c - see client_link.h.
 *
 * Invariants between calls:
 *   1. out_begin <= out_end <= CLIENT_OUT_BYTES; both are 0 when nothing is unsent.
 *   2. memory_bytes > 0 only inside an answer's head or body, or a message that came in pieces.
 *   3. tls is NULL in CLOSED and on a plain connection.
 */
#include "client_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "net/text.h"
#include "wire/messages.h"

enum { PLAIN_BYTES = 16384, SWITCHING_PROTOCOLS = 101 };

static const struct sk_ws_limits limits = {.reader = SK_WS_CLIENT,
                                           .message_bytes_max = SK_SNAPSHOT_BYTES_MAX,
                                           .fragments_max = 0,
                                           .text_allowed = false};

void client_link_set_answer(struct client_link *link, uint8_t *memory, size_t capacity)
{
    SK_ASSERT(capacity >= CLIENT_ANSWER_BYTES_MAX);
    SK_ASSERT(link->memory_bytes == 0);
    link->answer = memory;
    link->answer_capacity = capacity;
}

struct client_link *client_link_create(const struct client_link_events *events, uint64_t seed)
{
    struct client_link *link = calloc(1, sizeof(*link));
    uint8_t *memory = aligned_alloc(16, SK_SNAPSHOT_BYTES_MAX);
    if (link == NULL || memory == NULL) {
        free(link);
        free(memory);
        return NULL;
    }
    link->events = *events;
    link->mask_seed = seed;
    link->memory = memory;
    client_link_set_answer(link, memory, CLIENT_ANSWER_BYTES_MAX);
    return link;
}

void client_link_destroy(struct client_link *link)
{
    if (link != NULL) {
        sk_tls_destroy(link->tls);
        free(link->memory);
        free(link);
    }
}

void client_link_reset(struct client_link *link)
{
    sk_tls_destroy(link->tls);
    link->tls = NULL;
    link->stage = CLIENT_LINK_CLOSED;
    link->over = false;
    link->out_begin = 0;
    link->out_end = 0;
    link->memory_bytes = 0;
    client_link_set_answer(link, link->memory, CLIENT_ANSWER_BYTES_MAX);
    link->request_bytes = 0;
    link->reader = (struct sk_ws_reader){0};
}

/* ---- bytes out --------------------------------------------------------------------------- */

size_t client_link_unsent_bytes(const struct client_link *link)
{
    return link->out_end - link->out_begin;
}

void client_link_on_sent(struct client_link *link, size_t size)
{
    SK_ASSERT(size <= client_link_unsent_bytes(link));
    link->out_begin += size;
    if (link->out_begin == link->out_end) {
        link->out_begin = 0;
        link->out_end = 0;
    }
}

static struct sk_tls_io io_of(struct client_link *link, const uint8_t *in, size_t in_bytes)
{
    return (struct sk_tls_io){.in = in,
                              .in_bytes = in_bytes,
                              .out = link->out + link->out_end,
                              .out_capacity = sizeof(link->out) - link->out_end};
}

static int write_plain(struct client_link *link, const uint8_t *bytes, size_t size)
{
    if (size > sizeof(link->out) - link->out_end) {
        return SK_ERR_FULL;
    }
    memcpy(link->out + link->out_end, bytes, size);
    link->out_end += size;
    return SK_OK;
}

/* Writes towards the socket, sealed if need be; all or nothing. */
static int write_bytes(struct client_link *link, const uint8_t *bytes, size_t size)
{
    if (link->tls == NULL) {
        return write_plain(link, bytes, size);
    }
    struct sk_tls_io io = io_of(link, NULL, 0);
    int result = sk_tls_send(link->tls, &io, bytes, size);
    link->out_end += io.out_bytes;
    return result;
}

static int send_frame(struct client_link *link, enum sk_ws_opcode opcode, const uint8_t *bytes,
                      size_t size)
{
    uint8_t frame[SK_WS_HEAD_BYTES_MAX + SK_MESSAGE_BYTES_MAX];
    uint8_t mask[4];
    if (size > SK_MESSAGE_BYTES_MAX) {
        return SK_ERR_FULL;
    }
    link->mask_seed++;
    uint64_t bits = sk_mix(link->mask_seed);
    memcpy(mask, &bits, sizeof(mask));
    size_t head_bytes = sk_ws_head_write(frame, sk_ws_first(opcode, true), size, mask);
    if (size > 0) {
        memcpy(frame + head_bytes, bytes, size);
    }
    sk_ws_mask(frame + head_bytes, size, mask, 0);
    return write_bytes(link, frame, head_bytes + size);
}

int client_link_send(struct client_link *link, const uint8_t *bytes, size_t size)
{
    SK_ASSERT(link->stage == CLIENT_LINK_WS);
    return send_frame(link, SK_WS_OP_BINARY, bytes, size);
}

void client_link_send_close(struct client_link *link, uint16_t code)
{
    uint8_t bytes[2] = {(uint8_t)(code >> 8), (uint8_t)code};
    if (link->stage == CLIENT_LINK_WS &&
        send_frame(link, SK_WS_OP_CLOSE, bytes, sizeof(bytes)) != SK_OK) {
        link->over = true; /* the socket is full or broken: closing it says the same */
    }
}

/* ---- opening ----------------------------------------------------------------------------- */

static int send_request(struct client_link *link)
{
    link->stage = link->key[0] == '\0' ? CLIENT_LINK_HTTP : CLIENT_LINK_UPGRADE;
    return write_bytes(link, link->request, link->request_bytes);
}

/* Takes from the `size` bytes of ciphertext that came; the request goes as soon as the
 * handshake is done.  Returns as sk_tls_receive(), and adds what it took to *used. */
static int unseal(struct client_link *link, const uint8_t *bytes, size_t size, size_t *used,
                  uint8_t plain[PLAIN_BYTES])
{
    struct sk_tls_io io = io_of(link, bytes + *used, size - *used);
    int plain_bytes = sk_tls_receive(link->tls, &io, plain, PLAIN_BYTES);
    link->out_end += io.out_bytes;
    *used += io.in_used;
    if (link->stage == CLIENT_LINK_TLS && sk_tls_is_open(link->tls)) {
        int result = send_request(link);
        return result == SK_OK ? plain_bytes : result;
    }
    return plain_bytes;
}

static int begin_handshake(struct client_link *link)
{
    static const uint8_t nothing[1];
    uint8_t plain[PLAIN_BYTES];
    size_t used = 0;
    int result = unseal(link, nothing, 0, &used, plain);
    return result == SK_ERR_AGAIN ? SK_OK : result;
}

static int begin(struct client_link *link, struct client_tls_context *context,
                 const struct client_url *url)
{
    SK_ASSERT(link->stage == CLIENT_LINK_CLOSED);
    if (!url->tls) {
        return send_request(link);
    }
    SK_ASSERT(context != NULL);
    link->tls = client_tls_create(context, url->host);
    if (link->tls == NULL) {
        return SK_ERR_MEMORY;
    }
    link->stage = CLIENT_LINK_TLS;
    return begin_handshake(link);
}

int client_link_call(struct client_link *link, struct client_tls_context *context,
                     const struct client_url *url, struct sk_text request)
{
    if (request.size > sizeof(link->request)) {
        return SK_ERR_TOO_BIG;
    }
    memcpy(link->request, request.bytes, request.size);
    link->request_bytes = request.size;
    link->key[0] = '\0';
    return begin(link, context, url);
}

static void make_key(struct client_link *link)
{
    uint8_t random[16];
    for (size_t at = 0; at < sizeof(random); at += sizeof(uint64_t)) {
        link->mask_seed++;
        uint64_t bits = sk_mix(link->mask_seed);
        memcpy(random + at, &bits, sizeof(bits));
    }
    sk_ws_key(random, link->key);
}

int client_link_upgrade(struct client_link *link, struct client_tls_context *context,
                        const struct client_url *url)
{
    char host[CLIENT_HOST_BYTES_MAX + 16];
    if (!client_url_host(url, host, sizeof(host))) {
        return SK_ERR_TOO_BIG;
    }
    make_key(link);
    int bytes = snprintf((char *)link->request, sizeof(link->request),
                         "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Key: %.*s\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
                         url->path, host, SK_WS_KEY_BYTES, link->key, SK_SUBPROTOCOL);
    if (bytes < 0 || (size_t)bytes >= sizeof(link->request)) {
        return SK_ERR_TOO_BIG;
    }
    link->request_bytes = (size_t)bytes;
    return begin(link, context, url);
}

/* ---- bytes in ---------------------------------------------------------------------------- */

static int gather(struct client_link *link, const uint8_t *bytes, size_t size)
{
    if (size > SK_SNAPSHOT_BYTES_MAX - link->memory_bytes) {
        return SK_ERR_TOO_BIG;
    }
    memcpy(link->memory + link->memory_bytes, bytes, size);
    link->memory_bytes += size;
    return SK_OK;
}

/* A message may be read where it lies only when it is a snapshot (bytes) or happens to be aligned.
 */
static int deliver_in_place(struct client_link *link, const uint8_t *bytes, size_t size)
{
    bool usable = sk_is_snapshot(bytes, size) || ((uintptr_t)bytes & 7) == 0;
    if (!usable) {
        memcpy(link->memory, bytes, size);
    }
    return link->events.on_message(link->events.owner, usable ? bytes : link->memory, size);
}

static int on_data(struct client_link *link, const struct sk_ws_piece *piece)
{
    if (piece->first && piece->last) {
        return deliver_in_place(link, piece->bytes, piece->size);
    }
    int result = gather(link, piece->bytes, piece->size);
    if (result != SK_OK || !piece->last) {
        return result;
    }
    size_t size = link->memory_bytes;
    link->memory_bytes = 0;
    return link->events.on_message(link->events.owner, link->memory, size);
}

static int on_close_frame(struct client_link *link, uint16_t code)
{
    client_link_send_close(link, code == SK_WS_CODE_NONE ? 1000 : code);
    link->over = true;
    link->events.on_close(link->events.owner, code);
    return SK_OK;
}

static int on_piece(struct client_link *link, const struct sk_ws_piece *piece)
{
    switch (piece->kind) {
    case SK_WS_NOTHING:
    case SK_WS_PONG:
        return SK_OK;
    case SK_WS_DATA:
        return on_data(link, piece);
    case SK_WS_PING: {
        int result = send_frame(link, SK_WS_OP_PONG, piece->bytes, piece->size);
        return result == SK_ERR_FULL ? SK_OK : result; /* a later ping is answered */
    }
    case SK_WS_CLOSE:
        return on_close_frame(link, piece->close_code);
    }
    SK_UNREACHABLE("every kind returns");
}

static int take_frames(struct client_link *link, uint8_t *bytes, size_t size)
{
    size_t used = 0;
    while (used < size && !link->over) {
        struct sk_ws_piece piece;
        int eaten = sk_ws_read(&link->reader, &limits, bytes + used, size - used, &piece);
        if (eaten < 0) {
            client_link_send_close(link, sk_reason_ws_code(sk_ws_reason(eaten)));
            return eaten;
        }
        used += (size_t)eaten;
        int result = on_piece(link, &piece);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}

/* Of the two forms of RFC 9110 10.2.3 only the number: a client has no calendar. */
static uint32_t retry_after_s(const struct sk_http_response *response)
{
    unsigned long long seconds = 0;
    const struct sk_text *value = sk_http_header_find(&response->headers, "retry-after");
    bool is_number = value != NULL && sk_text_number(*value, &seconds);
    return !is_number ? 0 : seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
}

static int take_answer(struct client_link *link, size_t head_bytes)
{
    struct sk_http_response response;
    int result = sk_http_response_parse(&response, link->answer, head_bytes);
    if (result != SK_OK) {
        return result;
    }
    if (response.body_bytes > link->answer_capacity - SK_HTTP_HEAD_BYTES_MAX) {
        return SK_ERR_TOO_BIG; /* or without a length */
    }
    if (link->memory_bytes - head_bytes < response.body_bytes) {
        return SK_OK;
    }
    link->over = true;
    const struct client_answer answer = {
        .status = response.status,
        .retry_after_s = retry_after_s(&response),
        .body = {(const char *)link->answer + head_bytes, (size_t)response.body_bytes},
    };
    link->events.on_answer(link->events.owner, &answer);
    return SK_OK;
}

static int take_upgrade(struct client_link *link, size_t head_bytes)
{
    struct sk_http_response response;
    int result = sk_http_response_parse(&response, link->answer, head_bytes);
    if (result == SK_OK && response.status != SWITCHING_PROTOCOLS) {
        return take_answer(link, head_bytes); /* it says why not */
    }
    if (result == SK_OK) {
        result = sk_ws_response_check(client_sha1, &response, link->key, SK_SUBPROTOCOL);
    }
    if (result != SK_OK) {
        return result;
    }
    size_t rest_bytes = link->memory_bytes - head_bytes;
    uint8_t rest[CLIENT_ANSWER_BYTES_MAX]; /* frames that came right behind the head */
    SK_ASSERT(rest_bytes <= sizeof(rest));
    memcpy(rest, link->answer + head_bytes, rest_bytes);
    link->memory_bytes = 0;
    link->stage = CLIENT_LINK_WS;
    link->events.on_upgraded(link->events.owner);
    return take_frames(link, rest, rest_bytes);
}

/* Gathers a head, and what came with it, in `answer`; goes on when it is whole.  Returns the bytes
 * taken or an error. */
static int take_head(struct client_link *link, uint8_t *bytes, size_t size)
{
    size_t room = link->answer_capacity - link->memory_bytes;
    size_t taken = size < room ? size : room;
    memcpy(link->answer + link->memory_bytes, bytes, taken);
    link->memory_bytes += taken;
    int head_bytes = sk_http_head_end(link->answer, link->memory_bytes, 0);
    if (head_bytes == SK_ERR_AGAIN) {
        return taken == 0 ? SK_ERR_TOO_BIG : (int)taken;
    }
    if (head_bytes < 0) {
        return head_bytes;
    }
    int result = link->stage == CLIENT_LINK_HTTP ? take_answer(link, (size_t)head_bytes)
                                                 : take_upgrade(link, (size_t)head_bytes);
    return result == SK_OK ? (int)taken : result;
}

static int take_plain(struct client_link *link, uint8_t *bytes, size_t size)
{
    while (size > 0 && !link->over) {
        if (link->stage == CLIENT_LINK_WS) {
            return take_frames(link, bytes, size);
        }
        int taken = take_head(link, bytes, size);
        if (taken < 0) {
            return taken;
        }
        bytes += taken;
        size -= (size_t)taken;
    }
    return SK_OK;
}

static int take_sealed(struct client_link *link, uint8_t *bytes, size_t size)
{
    size_t used = 0;
    while (!link->over) {
        uint8_t plain[PLAIN_BYTES];
        int plain_bytes = unseal(link, bytes, size, &used, plain);
        if (plain_bytes <= 0) {
            return plain_bytes == SK_ERR_AGAIN ? SK_OK : plain_bytes;
        }
        int result = take_plain(link, plain, (size_t)plain_bytes);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}

int client_link_receive(struct client_link *link, uint8_t *bytes, size_t size)
{
    SK_ASSERT(link->stage != CLIENT_LINK_CLOSED);
    if (link->over) {
        return SK_OK;
    }
    return link->tls == NULL ? take_plain(link, bytes, size) : take_sealed(link, bytes, size);
}
