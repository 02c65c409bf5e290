/* client_play.c - what the player does: inputs, acks, commands, leaving. */
#include <string.h>

#include "base/assert.h"
#include "client_internal.h"

enum { PROBE_US = 1000000, DIVERGED_US = 10000000 /* both as the server takes them */ };

static struct sk_bytes encode_command(struct client *client)
{
    const struct sk_client_command *next = sk_client_commands_next(&client->commands);
    SK_ASSERT(next != NULL); /* the core has asked */
    struct sk_command command = {.type = next->type,
                                 .wants_answer = next->wants_answer,
                                 .number = next->number,
                                 .bytes = next->bytes,
                                 .size = next->size};
    return sk_encode_command(client->encoder, client->commands.answered_number, &command);
}

static struct sk_received received_by(const struct client *client)
{
    const struct client_match *match = client->match;
    return (struct sk_received){.ack = match->view.newest_tick,
                                .applied = sk_client_core_applied(&match->core),
                                .answered = client->commands.answered_number};
}

/* What the core wants to be sent, as bytes. */
static struct sk_bytes encode(struct client *client, enum sk_core_send what)
{
    const struct sk_client_core *core = &client->match->core;
    struct sk_received received = received_by(client);
    struct sk_inputs inputs = {.tick = core->sampled_tick, .count = core->pending_count};
    switch (what) {
    case SK_CORE_NOTHING:
        break;
    case SK_CORE_INPUTS:
        memcpy(inputs.inputs, core->pending, core->pending_count * sizeof(core->pending[0]));
        return sk_encode_inputs(client->encoder, &received, &inputs);
    case SK_CORE_ACK:
        return sk_encode_ack(client->encoder, &received);
    case SK_CORE_KEYFRAME_REQUEST:
        return sk_encode_keyframe_request(client->encoder, received.ack);
    case SK_CORE_COMMAND:
        return encode_command(client);
    }
    SK_UNREACHABLE("nothing is no message, and every other has its case");
}

/* The inputs that wait, as the host would rather have them. */
static void send_forged(struct client *client)
{
    const struct sk_client_core *core = &client->match->core;
    bool is_more = true;
    for (uint32_t number = 0; is_more && client->follow == CLIENT_FOLLOW_NOTHING; number++) {
        struct sk_received received = received_by(client);
        struct sk_inputs inputs = {.tick = core->sampled_tick, .count = core->pending_count};
        memcpy(inputs.inputs, core->pending, core->pending_count * sizeof(core->pending[0]));
        is_more = client->config.forge(client->config.user, number, &received.ack, &inputs);
        client_send_lossy(client, sk_encode_inputs(client->encoder, &received, &inputs));
    }
}

/* Where both ends do not compute the same, for the server's log. */
static void tell_diverged(struct client *client)
{
    const struct sk_client_predict *predict = client->match->core.predict;
    bool is_soon = client->diverged_us != 0 && client->now_us - client->diverged_us < DIVERGED_US;
    if (predict == NULL || is_soon || predict->drift.counts.diverging == client->diverged_count) {
        return;
    }
    const struct sk_drift_place *place = &predict->drift.newest;
    const struct sk_kind *kind = &client->match->plan.game->kinds[place->kind];
    SK_ASSERT(place->field != NULL);
    struct sk_diverged diverged = {.tick = place->tick,
                                   .kind = place->kind,
                                   .slot = place->slot,
                                   .row = (uint16_t)(place->field - kind->fields)};
    client->diverged_us = client->now_us;
    client->diverged_count = predict->drift.counts.diverging;
    client_send(client, sk_encode_diverged(client->encoder, &diverged));
}

/* The core is at peace: what else is to be said. */
static void send_asides(struct client *client)
{
    if (client->is_probe_wanted) {
        client->is_probe_wanted = false;
        client_send(client, sk_encode_probe(client->encoder));
    } else {
        tell_diverged(client);
    }
}

/* A game that was caught at a fault is predicted no more (client_guard.h). */
static void tell_fault(struct client *client)
{
    const struct client_match *match = client->match;
    bool is_news = match->predict != NULL && match->core.predict == NULL &&
                   client->unpredicted == NULL && match->player != SK_SPECTATOR;
    if (is_news) {
        client->unpredicted = match->predict->fault.what;
        client_emit(client, &(struct client_event){.kind = CLIENT_UNPREDICTED,
                                                   .words = client->unpredicted});
    }
}

void client_flush(struct client *client)
{
    while (client->state == CLIENT_PLAYING && client->follow == CLIENT_FOLLOW_NOTHING &&
           client_is_sent(client)) {
        enum sk_core_send what = sk_client_core_next(&client->match->core, client->now_us);
        if (what == SK_CORE_NOTHING) {
            tell_fault(client);
            send_asides(client);
            return;
        }
        if (what == SK_CORE_INPUTS && client->config.forge != NULL) {
            send_forged(client);
        } else if (what == SK_CORE_COMMAND) {
            client_send(client, encode(client, what));
        } else {
            client_send_lossy(client, encode(client, what));
        }
        sk_client_core_on_sent(&client->match->core, what, client->now_us);
    }
}

void client_press(struct client *client, uint32_t buttons)
{
    if (client->state == CLIENT_PLAYING) {
        sk_client_core_press(&client->match->core, buttons);
    }
}

uint32_t client_sample(struct client *client, const struct sk_input *input, uint64_t now_us)
{
    /* A host that is late samples as of when it should have; the client's own time does not go
     * back, or it would think that nothing was sent for long. */
    client->now_us = now_us > client->now_us ? now_us : client->now_us;
    if (client->state != CLIENT_PLAYING) {
        return 0;
    }
    struct sk_client_core *core = &client->match->core;
    uint32_t tick;
    uint8_t fraction;
    (void)sk_client_core_render(core, now_us, &tick,
                                &fraction); /* the host looks when it samples */
    if (sk_client_core_sample(core, input, now_us) == 0) {
        return 0;
    }
    client_flush(client);
    client_follow_up(client);
    return core->sampled_tick;
}

static int push_command(struct client *client, const struct sk_command *command, uint32_t *number)
{
    *number = 0;
    if (command->size > SK_COMMAND_BYTES_MAX) {
        return SK_ERR_TOO_BIG;
    }
    if (client->match != NULL && client->state != CLIENT_ENDED) {
        *number = sk_client_commands_push(&client->commands, command->type, command->bytes,
                                          (uint32_t)command->size, command->wants_answer);
    }
    if (*number == 0) {
        return SK_ERR_AGAIN;
    }
    client_flush(client);
    client_follow_up(client);
    return SK_OK;
}

int client_command(struct client *client, uint16_t type, const uint8_t *bytes, size_t size)
{
    uint32_t number;
    return push_command(client, &(struct sk_command){.type = type, .bytes = bytes, .size = size},
                        &number);
}

int client_request(struct client *client, uint16_t type, const uint8_t *bytes, size_t size,
                   uint32_t *number)
{
    return push_command(
        client,
        &(struct sk_command){.type = type, .wants_answer = true, .bytes = bytes, .size = size},
        number);
}

int client_probe(struct client *client, uint64_t now_us)
{
    bool is_soon = client->probed_us != 0 && now_us - client->probed_us < PROBE_US;
    if (client->state != CLIENT_PLAYING || is_soon) {
        return SK_ERR_AGAIN;
    }
    client->probed_us = now_us;
    client->is_probe_wanted = true;
    client_flush(client);
    client_follow_up(client);
    return SK_OK;
}

void client_leave(struct client *client, uint64_t now_us)
{
    client->now_us = now_us;
    if (client->state == CLIENT_ENDED) {
        return;
    }
    if (client->state == CLIENT_PLAYING) {
        client_send(client, sk_encode_leave(client->encoder));
        client_send_close(client);
        client->follow = CLIENT_FOLLOW_NOTHING;
    }
    client_end(client, SK_REASON_LEFT);
}
