/* client_lifecycle.c - losing a connection, coming back, ending; and sending.
 *
 * client_drop() and client_end() are the only ways into WAITING and ENDED (client.c's diagram).
 */
#include "base/assert.h"
#include "client_internal.h"

enum { JOIN_DELAY_US_MIN = 10000 };

bool client_is_calling(const struct client *client)
{
    return client->state == CLIENT_JOINING || client->state == CLIENT_FETCHING;
}

bool client_is_datagram(const struct client *client)
{
    return client->is_by_enet && !client_is_calling(client);
}

void client_emit(struct client *client, const struct client_event *event)
{
    if (client->config.on_event != NULL) {
        client->config.on_event(client->config.user, client, client->now_us, event);
    }
}

void client_end(struct client *client, enum sk_reason reason)
{
    client->state = CLIENT_ENDED;
    client->reason = reason;
    client->deadline_us = UINT64_MAX;
    client->socket_wanted = false;
    client->socket_over = client->socket_held;
    client_emit(client, &(struct client_event){.kind = CLIENT_OVER, .reason = reason});
}

static uint64_t join_delay_us(struct client *client)
{
    uint64_t delay_us = sk_client_retry_next_us(&client->retry);
    uint64_t min_us =
        client->retry_after_us > JOIN_DELAY_US_MIN ? client->retry_after_us : JOIN_DELAY_US_MIN;
    client->retry_after_us = 0;
    return delay_us > min_us ? delay_us : min_us + delay_us / 2; /* nor all at once after it */
}

/* A join did not lead to a Welcome: asks again later, or ends. */
static void lose_join(struct client *client, enum sk_reason reason)
{
    uint64_t again_us = client->now_us + join_delay_us(client);
    if (!sk_client_retry_is_passing(reason) || again_us >= client->join_until_us) {
        client_end(client, reason);
        return;
    }
    client->counts.join_retries++;
    client->state = CLIENT_WAITING;
    client->deadline_us = again_us;
}

static bool is_seat_gone(const struct client *client)
{
    return client->now_us - client->lost_us > client->match->seat_seconds * (uint64_t)1000000;
}

static bool chooses_enet(const struct client *client)
{
    return client->offer.has_enet && client->join.wants_enet &&
           client->now_us >= client->enet_again_us;
}

void client_begin(struct client *client, enum client_state state)
{
    client->state = state;
    client->deadline_us = client->now_us + CLIENT_STATE_US;
    client->socket_over = client->socket_held;
    client->socket_wanted = true;
}

static void begin_connect(struct client *client)
{
    client->is_by_enet = chooses_enet(client);
    client_begin(client, CLIENT_CONNECTING);
}

bool client_try_ws(struct client *client)
{
    bool is_early = client->state == CLIENT_CONNECTING || client->state == CLIENT_GREETING;
    if (!is_early || !client->is_by_enet || client->config.transport != CLIENT_TRANSPORT_AUTO) {
        return false;
    }
    client->enet_again_us = client->now_us + CLIENT_ENET_AGAIN_US;
    begin_connect(client);
    return true;
}

/* The server runs other code of the game than we would predict by: it lets in who does not predict,
 * with the same ticket; by datagrams only with new keys, which the join API has. */
static bool greets_again(struct client *client, enum sk_reason reason)
{
    if (reason != SK_REASON_CODE || client->code_told == 0) {
        return false;
    }
    client->hides_code = true;
    client->code_told = 0;
    if (client_is_datagram(client)) {
        client_begin(client, CLIENT_JOINING);
    } else {
        begin_connect(client);
    }
    return true;
}

/* The connection is of no more use: comes back later, or ends. */
void client_drop(struct client *client, enum sk_reason reason)
{
    bool played = client->state == CLIENT_PLAYING;
    if (greets_again(client, reason)) {
        return;
    }
    client->socket_over = client->socket_held;
    client->socket_wanted = false;
    client->reason = reason;
    if (client->match == NULL) {
        lose_join(client, reason);
        return;
    }
    uint64_t played_us = played ? client->now_us - client->welcome_us : 0;
    if (!sk_client_retry_on_end(&client->retry, reason, played_us)) {
        client_end(client, reason);
        return;
    }
    if (played) {
        client->lost_us = client->now_us;
        client->counts.drops++;
    }
    if (is_seat_gone(client)) {
        client_end(client, SK_REASON_SEAT_GONE);
        return;
    }
    client->state = CLIENT_WAITING;
    client->deadline_us = client->now_us + sk_client_retry_next_us(&client->retry);
    if (played) {
        client_emit(client, &(struct client_event){.kind = CLIENT_DROPPED, .reason = reason});
    }
}

static void send_message(struct client *client, struct sk_bytes message, bool is_reliable)
{
    SK_ASSERT(message.size > 0); /* the encoder is sized for the largest that we make */
    int result = client_is_datagram(client)
                     ? client_enet_send(client->enet, is_reliable, message.bytes, message.size)
                     : client_link_send(client->link, message.bytes, message.size);
    if (result == SK_OK) {
        client->counts.messages_sent++;
    } else {
        client->follow = CLIENT_FOLLOW_DROP;
        client->reason = SK_REASON_PEER_GONE;
    }
}

void client_send(struct client *client, struct sk_bytes message)
{
    send_message(client, message, true);
}

void client_send_lossy(struct client *client, struct sk_bytes message)
{
    send_message(client, message, false);
}

void client_send_close(struct client *client)
{
    if (client_is_datagram(client)) {
        client_enet_close(client->enet, SK_REASON_LEFT);
    } else {
        client_link_send_close(client->link, 1000);
    }
}

bool client_is_sent(const struct client *client)
{
    return client_is_datagram(client) || client_link_unsent_bytes(client->link) == 0;
}

void client_follow_up(struct client *client)
{
    enum client_follow after = client->follow;
    client->follow = CLIENT_FOLLOW_NOTHING;
    if (after == CLIENT_FOLLOW_DROP) {
        client_drop(client, client->reason);
    } else if (after != CLIENT_FOLLOW_NOTHING) {
        begin_connect(client);
        client->state = after == CLIENT_FOLLOW_FETCH ? CLIENT_FETCHING : CLIENT_CONNECTING;
    }
}
