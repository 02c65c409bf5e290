/* fake_server.c - see fake_server.h. */
#include "fake_server.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "dots.h"
#include "net/text.h"
#include "net/ws_handshake.h"

#define CONTENT_PATH "/content/dots-1"

static const struct sk_ws_limits limits = {
    .reader = SK_WS_SERVER, .message_bytes_max = SK_MESSAGE_BYTES_MAX, .fragments_max = 8};

void fake_server_open(struct fake_server *server)
{
    struct sk_arena arena;
    *server = (struct fake_server){.margin_sixteenths = 16};
    int result = sk_plan_init(&server->plan, dots_game(), FAKE_SERVER_PLAYERS, NULL);
    server->code_hash = server->plan.game->code_hash;
    SK_ASSERT(result == SK_OK);
    size_t bytes =
        3 * sk_frame_cost(&server->plan.schema) + sk_arena_cost(server->plan.world_bytes);
    server->memory = aligned_alloc(16, bytes);
    server->encoder = sk_encoder_create(4096);
    sk_arena_init(&arena, server->memory, bytes);
    server->world = sk_arena_take(&arena, server->plan.world_bytes);
    result = sk_frame_init(&server->empty, &server->plan.schema, &arena);
    result = result == SK_OK ? sk_frame_init(&server->sent, &server->plan.schema, &arena) : result;
    result = result == SK_OK ? sk_frame_init(&server->made, &server->plan.schema, &arena) : result;
    SK_ASSERT(result == SK_OK);
    sk_world_start(&server->plan, server->world, NULL, 1, 0);
    ((struct sk_world *)server->world)->tick = 1000;
    server->plan.game->join(server->world, NULL, 0, false);
    server->plan.game->join(server->world, NULL, 1, true);
}

void fake_server_close(struct fake_server *server)
{
    sk_encoder_destroy(server->encoder);
    free(server->memory);
}

void fake_server_connect(struct fake_server *server)
{
    server->on_message = NULL;
    server->upgraded = false;
    server->in_bytes = 0;
    server->out_bytes = 0;
    server->reader = (struct sk_ws_reader){0};
}

static void put(struct fake_server *server, const void *bytes, size_t size)
{
    SK_ASSERT(size <= sizeof(server->out) - server->out_bytes);
    memcpy(server->out + server->out_bytes, bytes, size);
    server->out_bytes += size;
}

void fake_server_send(struct fake_server *server, enum sk_ws_opcode opcode, const void *bytes,
                      size_t size)
{
    uint8_t head[SK_WS_HEAD_BYTES_MAX];
    if (server->on_message != NULL) {
        if (opcode == SK_WS_OP_BINARY) {
            server->on_message(server->context, bytes, size);
        }
        return;
    }
    put(server, head, sk_ws_head_write(head, sk_ws_first(opcode, true), size, NULL));
    put(server, bytes, size);
}

static void send_message(struct fake_server *server, struct sk_bytes message)
{
    SK_ASSERT(message.size > 0);
    fake_server_send(server, SK_WS_OP_BINARY, message.bytes, message.size);
}

static uint32_t tick_of(const struct fake_server *server)
{
    return ((const struct sk_world *)server->world)->tick;
}

static uint64_t content_hash(const struct fake_server *server)
{
    return server->content == NULL ? 0 : sk_hash(0, server->content, strlen(server->content));
}

/* Whoever would predict by other code is refused. */
static bool is_refused(struct fake_server *server, const struct sk_hello *hello)
{
    uint16_t code = sk_reason_ws_code(SK_REASON_CODE);
    const uint8_t close[2] = {(uint8_t)(code >> 8), (uint8_t)code};
    server->code_told = hello->code_hash;
    if (hello->code_hash == 0 || hello->code_hash == server->code_hash) {
        return false;
    }
    send_message(server, sk_encode_goodbye(server->encoder, SK_REASON_CODE));
    fake_server_send(server, SK_WS_OP_CLOSE, close, sizeof(close));
    return true;
}

static void on_hello(struct fake_server *server, const struct sk_hello *hello)
{
    if (is_refused(server, hello)) {
        return;
    }
    struct sk_welcome welcome = {.version = SK_WIRE_VERSION,
                                 .players_max = FAKE_SERVER_PLAYERS,
                                 .tick_hz = 60,
                                 .snapshot_divisor = 3,
                                 .seat_seconds = 30,
                                 .tick = tick_of(server),
                                 .layout_hash = server->plan.layout_hash,
                                 .resumed = server->resumed,
                                 .code_hash = server->code_hash,
                                 .content_hash = content_hash(server),
                                 .game = sk_text_of("dots"),
                                 .room = sk_text_of("ABCDEF"),
                                 .resume = sk_text_of("resume-1")};
    const struct sk_seat seats[] = {{0, SK_SEAT_HERE, false, sk_text_of("Ada")},
                                    {1, SK_SEAT_HERE, true, sk_text_of("Bot")}};
    memcpy(server->ticket, hello->ticket.bytes, hello->ticket.size);
    server->ticket[hello->ticket.size] = '\0';
    memcpy(welcome.options, server->plan.options, sizeof(welcome.options));
    send_message(server, sk_encode_welcome(server->encoder, &welcome));
    send_message(server, sk_encode_roster(server->encoder, seats, 2));
    server->keyframe_due = true;
    fake_server_snapshot(server);
}

void fake_server_take_message(struct fake_server *server, const uint8_t *bytes, size_t size)
{
    static _Alignas(8) uint8_t aligned[SK_MESSAGE_BYTES_MAX];
    struct sk_client_message message;
    memcpy(aligned, bytes, size);
    if (sk_client_message_decode(aligned, size, &message) != SK_OK) {
        server->faults++;
        return;
    }
    switch (message.type) {
    case SK_CLIENT_HELLO:
        on_hello(server, &message.hello);
        break;
    case SK_CLIENT_INPUTS:
        server->inputs = message.inputs;
        server->input_messages++;
        server->ack = message.ack;
        break;
    case SK_CLIENT_ACK:
        server->acks++;
        server->ack = message.ack;
        break;
    case SK_CLIENT_KEYFRAME_REQUEST:
        server->keyframe_requests++;
        server->keyframe_due = true;
        break;
    case SK_CLIENT_LEAVE:
        server->leaves++;
        break;
    case SK_CLIENT_PROBE:
        server->probes++;
        send_message(server, sk_encode_probed(server->encoder,
                                              &(struct sk_probed){.tick = tick_of(server)}));
        break;
    case SK_CLIENT_DIVERGED:
        server->divergences++;
        server->diverged = message.diverged;
        break;
    case SK_CLIENT_COMMAND:
        break;
    }
}

static void on_piece(struct fake_server *server, const struct sk_ws_piece *piece)
{
    bool whole = piece->kind == SK_WS_DATA && piece->first && piece->last;
    if (whole) {
        fake_server_take_message(server, piece->bytes, piece->size);
    }
    server->pongs += piece->kind == SK_WS_PONG;
    server->closes += piece->kind == SK_WS_CLOSE;
    server->faults += piece->kind == SK_WS_DATA && !whole;
}

static void sha1(const void *bytes, size_t size, uint8_t hash[20])
{
    SHA1(bytes, size, hash);
}

static void upgrade(struct fake_server *server, const struct sk_http_request *request)
{
    char answer[512];
    char accept[SK_WS_ACCEPT_BYTES];
    const struct sk_text *key = sk_http_header_find(&request->headers, "sec-websocket-key");
    SK_ASSERT(key != NULL);
    if (server->upgrade_answer != NULL) {
        put(server, server->upgrade_answer, strlen(server->upgrade_answer));
        return;
    }
    sk_ws_accept(sha1, key->bytes, accept);
    int bytes = snprintf(answer, sizeof(answer),
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Accept: %.*s\r\n"
                         "Sec-WebSocket-Protocol: skirmish.1\r\n\r\n",
                         SK_WS_ACCEPT_BYTES, accept);
    put(server, answer, (size_t)bytes);
    server->upgraded = true;
}

static void answer_join(struct fake_server *server)
{
    static const char format[] = "{\"room\":\"ABCDEF\",\"game\":\"dots\",\"ticket\":\"ticket-1\","
                                 "\"content\":\"%s\",\"ws\":\"ws://127.0.0.1:7777/ws\"%s%s}";
    char body[512];
    char answer[768];
    const char *enet = server->enet_offer;
    int body_bytes = snprintf(body, sizeof(body), format, server->content ? CONTENT_PATH : "",
                              enet != NULL ? ",\"enet\":" : "", enet != NULL ? enet : "");
    int bytes = snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s",
                         body_bytes, body);
    server->joins++;
    if (server->join_answer != NULL) {
        put(server, server->join_answer, strlen(server->join_answer));
    } else {
        put(server, answer, (size_t)bytes);
    }
}

static void answer_content(struct fake_server *server)
{
    char head[64];
    size_t size = strlen(server->content);
    int bytes =
        snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
    server->fetches++;
    put(server, head, (size_t)bytes);
    put(server, server->content, size);
}

static void take_request(struct fake_server *server, const uint8_t *bytes, size_t size)
{
    struct sk_http_request request;
    SK_ASSERT(size <= sizeof(server->in) - server->in_bytes);
    memcpy(server->in + server->in_bytes, bytes, size);
    server->in_bytes += size;
    int head_bytes = sk_http_head_end(server->in, server->in_bytes, 0);
    if (head_bytes == SK_ERR_AGAIN) {
        return;
    }
    SK_ASSERT(head_bytes > 0);
    int result = sk_http_request_parse(&request, server->in, (size_t)head_bytes);
    SK_ASSERT(result == SK_OK);
    if (sk_ws_upgrade_check(&request) == SK_WS_UPGRADE_OK) {
        upgrade(server, &request);
    } else if (sk_text_is(request.path, CONTENT_PATH)) {
        answer_content(server);
    } else if (server->in_bytes == (size_t)head_bytes + request.body_bytes) {
        answer_join(server);
    }
}

void fake_server_take(struct fake_server *server, uint8_t *bytes, size_t size)
{
    if (!server->upgraded) {
        take_request(server, bytes, size);
        return;
    }
    size_t used = 0;
    while (used < size) {
        struct sk_ws_piece piece;
        int eaten = sk_ws_read(&server->reader, &limits, bytes + used, size - used, &piece);
        if (eaten < 0) {
            server->faults++;
            return;
        }
        used += (size_t)eaten;
        on_piece(server, &piece);
    }
}

void fake_server_step(struct fake_server *server, uint32_t ticks)
{
    struct sk_input inputs[FAKE_SERVER_PLAYERS] = {{0}};
    struct sk_events events = {.schema = &server->plan.schema};
    inputs[0].axes[0] = 7;
    inputs[1].axes[1] = 3;
    for (uint32_t i = 0; i < ticks; i++) {
        sk_world_step(&server->plan, server->world, NULL, inputs, &events);
    }
}

void fake_server_push_y(struct fake_server *server)
{
    dots_push_y(server->world, 0);
}

static size_t write_parts(struct fake_server *server, const struct sk_frame *baseline, uint8_t *out,
                          size_t capacity)
{
    const struct sk_schema *schema = &server->plan.schema;
    struct sk_event_list none = {NULL, 0};
    uint8_t own_part[SK_OWN_PART_BYTES_MAX];
    struct sk_own_part own = {.tick = server->made.tick,
                              .input_tick = server->inputs.tick,
                              .newest_sixteenths = server->margin_sixteenths,
                              .margin_sixteenths = server->margin_sixteenths,
                              .has_player = true};
    int own_part_bytes =
        sk_own_part_write(&own, schema, server->world, none, own_part, sizeof(own_part));
    SK_ASSERT(own_part_bytes > 0);
    bool keyframe = baseline == &server->empty;
    struct sk_snapshot_head head = {.tick = server->made.tick,
                                    .baseline_ticks =
                                        keyframe ? 0 : server->made.tick - baseline->tick,
                                    .baseline_hash = keyframe ? 0 : (uint16_t)baseline->hash,
                                    .own_part_bytes = (uint16_t)own_part_bytes};
    int head_bytes = sk_snapshot_write_head(&head, out, capacity);
    SK_ASSERT(head_bytes > 0);
    memcpy(out + head_bytes, own_part, (size_t)own_part_bytes);
    size_t used = (size_t)(head_bytes + own_part_bytes);
    int body_bytes =
        sk_delta_encode(schema, baseline, &server->made, none, out + used, capacity - used);
    SK_ASSERT(body_bytes >= 0);
    return used + (size_t)body_bytes;
}

void fake_server_snapshot(struct fake_server *server)
{
    uint8_t message[2048];
    sk_frame_extract(&server->made, &server->plan.schema, server->world, tick_of(server));
    const struct sk_frame *baseline = server->keyframe_due ? &server->empty : &server->sent;
    size_t size = write_parts(server, baseline, message, sizeof(message));
    server->keyframe_due = false;
    sk_frame_copy(&server->sent, &server->made, &server->plan.schema);
    fake_server_send(server, SK_WS_OP_BINARY, message, size);
}
