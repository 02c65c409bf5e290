/* line_match.c - see line_match.h. */
#include "support/line_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { MS = 1000, SECOND = 1000 * MS };

/* The transport's functions get a peer of the toy room, and there is one room at a time. */
static struct line_match *open_match;

static uint32_t client_of(const void *connection)
{
    const struct peer *peer = connection;
    uint32_t index = (uint32_t)(peer - open_match->toy.peers);
    SK_ASSERT(index < open_match->config.client_count);
    return index;
}

static void carry(uint32_t index, bool is_up, enum transport_delivery delivery, const void *bytes,
                  size_t size)
{
    struct line_client *client = &open_match->clients[index];
    struct line *line = is_up ? &client->up : &client->down;
    if (open_match->config.carrier) {
        open_match->config.carrier->send(index, is_up, delivery, bytes, size);
    } else if (delivery == TRANSPORT_LOSSY) {
        line_put(line, open_match->now_us, bytes, size);
    } else {
        line_put_surely(line, open_match->now_us, bytes, size);
    }
}

static const void *get(struct line_match *match, uint32_t index, bool is_up, size_t *size)
{
    struct line_client *client = &match->clients[index];
    const struct line_carrier *carrier = match->config.carrier;
    return carrier ? carrier->receive(index, is_up, size)
                   : line_get(is_up ? &client->up : &client->down, match->now_us, size);
}

/* --- server --------------------------------------------------------------------------------- */

static void on_send(void *connection, const struct transport_message *sent,
                    enum transport_delivery delivery)
{
    static uint8_t bytes[LINE_MESSAGE_BYTES];
    struct line_client *client = &open_match->clients[client_of(connection)];
    size_t size = sent->head_bytes + sent->body_bytes;
    SK_ASSERT(size <= sizeof(bytes));
    memcpy(bytes, sent->head, sent->head_bytes);
    if (sent->body_bytes > 0) {
        memcpy(bytes + sent->head_bytes, sent->body, sent->body_bytes);
    }
    if (sk_is_snapshot(bytes, size)) {
        client->snapshot_count++;
        client->keyframe_count += bytes[0] >> 2 == 0; /* WIRE.md, "Head" */
    }
    carry(client_of(connection), false, delivery, bytes, size);
}

static void on_close(void *connection, enum sk_reason reason)
{
    open_match->clients[client_of(connection)].closed_for = reason;
}

static bool server_stands(const struct line_match *match)
{
    uint64_t phase_ms = match->now_us / MS % (match->lose_every_ms ? match->lose_every_ms : 1);
    return line_span_has(&match->server_stop, match->now_us) ||
           (match->lose_every_ms > 0 && phase_ms < match->lose_ms);
}

static void take_messages(struct line_match *match, uint32_t index)
{
    struct line_client *client = &match->clients[index];
    struct sk_client_message message;
    const void *bytes;
    size_t size;
    while (client->closed_for == SK_REASON_NONE &&
           (bytes = get(match, index, true, &size)) != NULL) {
        int result = sk_client_message_decode(bytes, size, &message);
        SK_ASSERT(result == SK_OK);
        enum sk_reason reason = toy_room_send(&match->toy, index, &message);
        client->closed_for = reason != SK_REASON_NONE ? reason : client->closed_for;
    }
}

static void run_server(struct line_match *match)
{
    if (server_stands(match)) {
        return;
    }
    match->toy.now_us = match->now_us;
    for (uint32_t i = 0; i < match->config.client_count; i++) {
        take_messages(match, i);
    }
    if (room_due_us(match->toy.room) <= match->now_us) {
        room_step(match->toy.room, match->now_us);
        if (match->config.on_step) {
            match->config.on_step(match);
        }
    }
}

/* --- client --------------------------------------------------------------------------------- */

static void tell_take(struct line_match *match, const struct line_client *client, bool is_taken)
{
    if (match->config.on_take) {
        match->config.on_take(match, (uint32_t)(client - match->clients), is_taken);
    }
}

static void take_snapshot(struct line_match *match, struct line_client *client, const void *bytes,
                          size_t size)
{
    tell_take(match, client, false);
    int result = sk_client_core_take(&client->core, bytes, size, false, match->now_us);
    tell_take(match, client, true);
    bool is_lossy = client->down.is_lossy;
    SK_ASSERT(result == SK_OK || is_lossy);
    SK_ASSERT(result == SK_OK || result == SK_ERR_AGAIN || result == SK_ERR_MISMATCH);
    int32_t margin = client->core.view->own.newest_sixteenths;
    client->lag_sixteenths_max =
        margin > client->lag_sixteenths_max ? margin : client->lag_sixteenths_max;
}

static void start_prediction(struct line_match *match, struct line_client *client, uint32_t player)
{
    struct sk_arena arena;
    const struct sk_plan *plan = &match->toy.plan;
    size_t bytes = sk_client_predict_cost(plan);
    client->memory = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    SK_ASSERT(client->memory);
    memset(client->memory, 0, bytes);
    sk_arena_init(&arena, client->memory, bytes);
    int result =
        sk_client_predict_init(&client->predict, plan, match->config.room.content, player, &arena);
    SK_ASSERT(result == SK_OK);
}

static void open_box(struct line_match *match, struct line_client *client)
{
    struct sk_arena arena;
    size_t bytes = sk_client_box_cost(&match->toy.plan);
    client->box_memory = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    SK_ASSERT(client->box_memory);
    memset(client->box_memory, 0, bytes);
    sk_arena_init(&arena, client->box_memory, bytes);
    int result = sk_client_box_init(&client->box, &match->toy.plan, &arena);
    SK_ASSERT(result == SK_OK);
}

static void take_welcome(struct line_match *match, uint32_t index, const void *bytes, size_t size)
{
    struct line_client *client = &match->clients[index];
    struct sk_view *view = &match->toy.peers[index].view;
    struct sk_server_message decoded;
    SK_ASSERT(sk_server_message_decode(bytes, size, &decoded) == SK_OK);
    if (decoded.type != SK_SERVER_WELCOME) {
        return;
    }
    struct sk_core_config config = {.view = view,
                                    .is_player = true,
                                    .is_lossy = match->config.room.is_lossy,
                                    .tick = decoded.welcome.tick,
                                    .rtt_us = 2 * match->config.faults.delay_us,
                                    .input_rate_hz = match->config.input_rate_hz};
    if (match->config.predicts) {
        start_prediction(match, client, decoded.welcome.player);
        config.predict = &client->predict;
    }
    if (match->config.has_box && index == 0) {
        open_box(match, client);
        config.box = &client->box;
    }
    ((struct sk_world *)view->world)->seed = decoded.welcome.seed;
    sk_client_core_init(&client->core, &config, match->now_us);
    client->is_welcome = true;
}

static void hear(struct line_match *match, uint32_t index)
{
    struct line_client *client = &match->clients[index];
    const void *bytes;
    size_t size;
    while ((bytes = get(match, index, false, &size)) != NULL) {
        if (!sk_is_snapshot(bytes, size)) {
            take_welcome(match, index, bytes, size);
        } else if (client->is_welcome) {
            take_snapshot(match, client, bytes, size);
        }
    }
}

static struct sk_bytes encode_inputs(struct line_match *match, struct line_client *client,
                                     const struct sk_received *received)
{
    const struct sk_client_core *core = &client->core;
    struct sk_inputs inputs = {.tick = core->sampled_tick, .count = core->pending_count};
    memcpy(inputs.inputs, core->pending, core->pending_count * sizeof(core->pending[0]));
    client->input_message_count++;
    return sk_encode_inputs(match->encoder, received, &inputs);
}

static void send(struct line_match *match, struct line_client *client, enum sk_core_send what)
{
    uint32_t index = (uint32_t)(client - match->clients);
    struct sk_received received = {.ack = client->core.view->newest_tick,
                                   .applied = sk_client_core_applied(&client->core)};
    if (what == SK_CORE_KEYFRAME_REQUEST) {
        struct sk_bytes message = sk_encode_keyframe_request(match->encoder, received.ack);
        client->keyframe_requests++;
        carry(index, true, TRANSPORT_RELIABLE, message.bytes, message.size);
    } else {
        bool has_inputs = what == SK_CORE_INPUTS;
        struct sk_bytes message = has_inputs ? encode_inputs(match, client, &received)
                                             : sk_encode_ack(match->encoder, &received);
        carry(index, true, TRANSPORT_LOSSY, message.bytes, message.size);
    }
    sk_client_core_on_sent(&client->core, what, match->now_us);
}

static void run_frame(struct line_match *match, uint32_t index)
{
    struct line_client *client = &match->clients[index];
    struct sk_input controller = {.buttons = TOY_PRESS};
    uint32_t tick;
    uint8_t fraction;
    (void)sk_client_core_render(&client->core, match->now_us, &tick, &fraction);
    if (match->config.control) {
        match->config.control(match, index, &controller);
    }
    (void)sk_client_core_sample(&client->core, &controller, match->now_us);
    if (match->config.on_frame) {
        match->config.on_frame(match, index);
    }
}

static void run_client(struct line_match *match, uint32_t index)
{
    struct line_client *client = &match->clients[index];
    if (line_span_has(&client->sleep, match->now_us)) {
        return;
    }
    hear(match, index);
    if (!client->is_welcome) {
        return;
    }
    if (match->now_us / MS % client->frame_ms == 0) {
        run_frame(match, index);
    }
    enum sk_core_send what;
    while ((what = sk_client_core_next(&client->core, match->now_us)) != SK_CORE_NOTHING) {
        send(match, client, what);
    }
}

/* --- both ----------------------------------------------------------------------------------- */

void line_match_run(struct line_match *match, uint64_t ms)
{
    for (uint64_t i = 0; i < ms; i++) {
        match->now_us += MS;
        if (match->config.carrier) {
            match->config.carrier->poll();
        }
        run_server(match);
        for (uint32_t client = 0; client < match->config.client_count; client++) {
            run_client(match, client);
        }
    }
}

void line_match_clear(struct line_match *match)
{
    match->before = room_counts(match->toy.room);
    for (uint32_t i = 0; i < match->config.client_count; i++) {
        match->clients[i].lag_sixteenths_max = INT16_MIN;
    }
}

double line_match_fresh_share(const struct line_match *match)
{
    struct room_counts counts = room_counts(match->toy.room);
    double ticks = (double)(counts.ticks - match->before.ticks) * match->config.client_count;
    return 1 - (double)(counts.inputs_repeated - match->before.inputs_repeated) / ticks;
}

void line_match_open(struct line_match *match, const struct line_match_config *config)
{
    memset(match, 0, sizeof(*match));
    SK_ASSERT(config->client_count <= LINE_CLIENTS_MAX);
    match->config = *config;
    match->now_us = SECOND;
    toy_room_open(&match->toy, &config->room);
    match->encoder = sk_encoder_create(LINE_MESSAGE_BYTES);
    SK_ASSERT(match->encoder);
    match->toy.transport.send = on_send;
    match->toy.transport.close = on_close;
    match->toy.now_us = match->now_us;
    open_match = match;
    for (uint32_t i = 0; i < config->client_count; i++) {
        struct line_client *client = &match->clients[i];
        line_open(&client->up, config->room.is_lossy, 2 * (config->seed + i) + 1);
        line_open(&client->down, config->room.is_lossy, 2 * (config->seed + i) + 2);
        client->up.faults = config->faults;
        client->down.faults = config->faults;
        client->frame_ms = LINE_FRAME_MS;
        enum sk_reason reason = toy_room_join(&match->toy, i, (uint16_t)i);
        SK_ASSERT(reason == SK_REASON_NONE);
        match->toy.peers[i].resume.seat = (uint16_t)i; /* the ticket is on its way */
    }
}

void line_match_close(struct line_match *match)
{
    toy_room_close(&match->toy);
    sk_encoder_destroy(match->encoder);
    for (uint32_t i = 0; i < match->config.client_count; i++) {
        line_close(&match->clients[i].up);
        line_close(&match->clients[i].down);
        free(match->clients[i].memory);
        free(match->clients[i].box_memory);
    }
    open_match = NULL;
}
