/* client_play.c - what the player does: inputs, acks, commands, leaving.
 *
 * Invariant: `pending` holds the inputs of consecutive ticks, the last of them sampled_tick.  A
 * client queues nothing else: while bytes are unsent, inputs wait there.
 */
#include <string.h>

#include "base/assert.h"
#include "client_internal.h"

bool client_may_ack(const struct sk_client *client)
{
    return client->state == SK_CLIENT_PLAYING && client->match->view.newest_tick != 0;
}

void client_ack(struct sk_client *client)
{
    if (client_may_ack(client) && client->now_us - client->sent_us >= CLIENT_ACK_INTERVAL_US &&
        client_link_unsent_bytes(client->link) == 0) {
        client_send(client, sk_encode_ack(client->encoder, client->match->view.newest_tick));
        client_follow_up(client);
    }
}

/* Appends the input of one tick; the oldest gives way. */
static void push_input(struct sk_client *client, const struct sk_input *input)
{
    struct sk_inputs *pending = &client->pending;
    if (pending->count == SK_INPUTS_A_MESSAGE_MAX) {
        memmove(pending->inputs, pending->inputs + 1,
                (SK_INPUTS_A_MESSAGE_MAX - 1) * sizeof(pending->inputs[0]));
        pending->count--;
        client->counts.inputs_dropped++;
    }
    pending->inputs[pending->count++] = *input;
    pending->tick++;
}

static void flush_inputs(struct sk_client *client)
{
    struct sk_inputs *pending = &client->pending;
    if (pending->count == 0 || client_link_unsent_bytes(client->link) > 0) {
        return;
    }
    for (uint32_t i = 0; i < pending->count; i++) {
        client_lead_on_sent(&client->match->lead, pending->tick - i);
    }
    client_send(client,
                sk_encode_inputs(client->encoder, client->match->view.newest_tick, pending));
    pending->count = 0;
    client_follow_up(client);
}

static struct sk_input with_view(const struct sk_client *client, const struct sk_input *input)
{
    struct sk_input sample = *input;
    uint32_t tick;
    uint8_t fraction;
    sample.view_tick = 0;
    sample.view_fraction = 0;
    memset(sample.reserved, 0, sizeof(sample.reserved));
    if (client_render_time(&client->match->render, client->now_us, &tick, &fraction)) {
        sample.view_tick =
            sk_view_between(&client->match->view, tick, fraction, &sample.view_fraction);
    }
    return sample;
}

/* The first tick to fill after the one sampled last: a leap longer than a message is not filled. */
static uint32_t first_tick_to_fill(const struct sk_client *client, uint32_t tick)
{
    uint32_t missing = tick - client->sampled_tick;
    bool leap = client->sampled_tick == 0 || missing > SK_INPUTS_A_MESSAGE_MAX;
    return leap ? tick : client->sampled_tick + 1;
}

uint32_t sk_client_sample(struct sk_client *client, const struct sk_input *input, uint64_t now_us)
{
    /* A host that is late samples as of when it should have; the client's own time does not go
     * back, or it would think that nothing was sent for long. */
    client->now_us = now_us > client->now_us ? now_us : client->now_us;
    if (client->state != SK_CLIENT_PLAYING || client->match->player == SK_SPECTATOR) {
        return 0;
    }
    uint32_t tick = client_lead_tick(&client->match->lead, now_us);
    if (tick <= client->sampled_tick) {
        return 0;
    }
    struct sk_input sample = with_view(client, input);
    uint32_t first = first_tick_to_fill(client, tick);
    if (first != client->pending.tick + 1) {
        client->counts.inputs_dropped += client->pending.count; /* a message has no gaps */
        client->pending.count = 0;
        client->pending.tick = first - 1;
    }
    for (uint32_t filled = first; filled <= tick; filled++) {
        push_input(client, &sample);
    }
    SK_ASSERT(client->pending.tick == tick);
    client->sampled_tick = tick;
    flush_inputs(client);
    return tick;
}

int sk_client_command(struct sk_client *client, uint16_t type, const uint8_t *bytes, size_t size)
{
    if (size > SK_COMMAND_BYTES_MAX) {
        return SK_ERR_TOO_BIG;
    }
    if (client->state != SK_CLIENT_PLAYING || client_link_unsent_bytes(client->link) > 0) {
        return SK_ERR_AGAIN;
    }
    struct sk_command command = {.type = type, .bytes = bytes, .size = size};
    client_send(client, sk_encode_command(client->encoder, &command));
    client_follow_up(client);
    return SK_OK;
}

void sk_client_leave(struct sk_client *client, uint64_t now_us)
{
    client->now_us = now_us;
    if (client->state == SK_CLIENT_ENDED) {
        return;
    }
    if (client->state == SK_CLIENT_PLAYING) {
        client_send(client, sk_encode_leave(client->encoder));
        client_link_send_close(client->link, 1000);
        client->follow = CLIENT_FOLLOW_NOTHING;
    }
    client_end(client, SK_REASON_LEFT);
}
