/* client_receive.c - what the link hands over: answers, messages, closes.
 *
 * These run while the link reads, so they do not touch it but to send: what is to be done with the
 * connection is left in client->follow.
 */
#include <string.h>

#include "base/assert.h"
#include "client_internal.h"
#include "net/text.h"

static void on_applied(struct client *client, size_t size)
{
    client->counts.snapshots++;
    client->counts.snapshot_bytes += size;
    client_emit(client, &(struct client_event){.kind = CLIENT_SNAPSHOT, .snapshot_bytes = size});
}

static int on_snapshot(struct client *client, const uint8_t *bytes, size_t size)
{
    if (client->state == CLIENT_GREETING) {
        return SK_OK; /* it has overtaken its Welcome, which tells how to read it */
    }
    if (client->state != CLIENT_PLAYING) {
        return SK_ERR_PROTOCOL;
    }
    int result = sk_client_core_take(&client->match->core, bytes, size,
                                     client->config.skip_snapshots, client->now_us);
    switch (result) {
    case SK_OK:
        on_applied(client, size);
        return SK_OK;
    case SK_ERR_AGAIN: /* an older one that was overtaken */
        return SK_OK;
    case SK_ERR_MISMATCH:
        client->counts.mismatches++;
        client_flush(client); /* asks for a keyframe */
        return SK_OK;
    default: /* bytes that no server writes */
        return result;
    }
}

static const struct sk_game *find_game(const struct client *client, struct sk_text name)
{
    for (uint32_t i = 0; i < client->config.game_count; i++) {
        const struct sk_game *game = client->config.games[i];
        if (sk_text_is(name, game->name)) {
            return game;
        }
    }
    return NULL;
}

static void keep_ticket(struct client *client, struct sk_text ticket)
{
    SK_ASSERT(ticket.size <= SK_TICKET_BYTES_MAX); /* the decoder bounds it */
    memcpy(client->join.resume, ticket.bytes, ticket.size);
    client->join.resume[ticket.size] = '\0';
}

/* Why the match cannot be predicted; NULL when it can. */
static const char *lack_of(const struct client *client, const struct sk_game *game,
                           const struct sk_welcome *welcome)
{
    bool is_of_match = game->content_name == NULL || client->content.hash == welcome->content_hash;
    bool has_content = game->content_name == NULL || client->content.block != NULL;
    if (game->code_hash == 0 || game->code_hash != welcome->code_hash) {
        return "the server runs other code of the game than this program"; /* wrong each time */
    }
    return has_content && is_of_match ? NULL : "the game's content is not at hand";
}

static struct client_match *make_match(struct client *client, const struct sk_welcome *welcome)
{
    const struct sk_game *game = find_game(client, welcome->game);
    client->reason = SK_REASON_GAME_UNKNOWN;
    client->refusal = (struct client_refusal){client->reason, "this program lacks the room's game"};
    if (game == NULL) {
        return NULL;
    }
    client->unpredicted = lack_of(client, game, welcome);
    struct client_match_config config = {.game = game,
                                         .welcome = welcome,
                                         .predicts =
                                             client->config.predict && client->unpredicted == NULL,
                                         .has_box = client->config.has_box,
                                         .content = client->content.block};
    return client_match_create(&config, &client->reason);
}

/* The view before has told some of what the keyframe repeats. */
static void carry_over(struct client_match *match, const struct client_match *before)
{
    if (before != NULL && before->core.has_render) {
        sk_view_resume(&match->view, before->core.render_tick);
    }
}

static void tell_unpredicted(struct client *client)
{
    bool is_asked = client->config.predict && client->match->player != SK_SPECTATOR;
    if (is_asked && client->unpredicted != NULL) {
        client_emit(client, &(struct client_event){.kind = CLIENT_UNPREDICTED,
                                                   .words = client->unpredicted});
    }
}

static int on_welcome(struct client *client, const struct sk_welcome *welcome)
{
    if (client->state != CLIENT_GREETING) {
        return SK_ERR_PROTOCOL;
    }
    struct client_match *match = make_match(client, welcome);
    if (match == NULL) {
        client->follow = CLIENT_FOLLOW_DROP; /* with make_match()'s reason */
        return SK_OK;
    }
    client->counts.inputs_dropped += client->match == NULL ? 0 : client->match->core.gave_way_count;
    client->counts.inputs_repeated +=
        client->match == NULL ? 0 : client->match->core.repeated_count;
    carry_over(match, welcome->resumed ? client->match : NULL);
    client_match_destroy(client->match);
    client->match = match;
    struct sk_core_config core = {.view = &match->view,
                                  .predict = match->predict,
                                  .box = match->box,
                                  .commands = &client->commands,
                                  .is_player = match->player != SK_SPECTATOR,
                                  .is_lossy = client_is_datagram(client),
                                  .tick = welcome->tick,
                                  .rtt_us = client->now_us - client->hello_us,
                                  .input_rate_hz = client->config.input_rate_hz};
    sk_client_core_init(&match->core, &core, client->now_us);
    sk_client_commands_on_welcome(&client->commands, welcome->command_number, welcome->resumed);
    keep_ticket(client, welcome->resume);
    sk_client_retry_reset(&client->retry);
    client->welcome_us = client->now_us;
    client->diverged_count = 0;
    client->is_probe_wanted = false;
    client->counts.resumes += welcome->resumed ? 1 : 0;
    client->state = CLIENT_PLAYING;
    if (client_is_datagram(client)) {
        client->deadline_us = client->now_us + CLIENT_ENET_SILENT_US;
        client_enet_on_welcome(client->enet);
    }
    client_emit(client, &(struct client_event){.kind = CLIENT_WELCOMED, .welcome = welcome});
    tell_unpredicted(client);
    return SK_OK;
}

static void on_roster(struct client *client, const struct sk_server_message *message)
{
    for (uint32_t i = 0; i < message->roster.count; i++) {
        struct sk_seat seat = sk_roster_seat(message, i);
        client_match_set_seat(client->match, &seat);
        client_emit(client, &(struct client_event){.kind = CLIENT_ROSTER, .seat = &seat});
    }
}

static void on_answer_message(struct client *client, const struct sk_command_answer *answer)
{
    if (sk_client_commands_on_answer(&client->commands, answer->number)) {
        client_emit(client, &(struct client_event){.kind = CLIENT_ANSWERED, .answer = answer});
    }
}

/* What comes after Welcome, or a Goodbye at any time. */
static int on_other(struct client *client, const struct sk_server_message *message)
{
    if (message->type == SK_SERVER_GOODBYE) {
        client->reason = (enum sk_reason)message->goodbye.reason;
        client->follow = CLIENT_FOLLOW_DROP; /* the close frame behind it brings nothing new */
        return SK_OK;
    }
    bool may_overtake = message->type == SK_SERVER_ROSTER || message->type == SK_SERVER_NOTICE;
    if (client->state == CLIENT_GREETING && may_overtake) {
        return SK_OK;
    }
    if (client->state != CLIENT_PLAYING) {
        return SK_ERR_PROTOCOL;
    }
    if (message->type == SK_SERVER_ROSTER) {
        on_roster(client, message);
    } else if (message->type == SK_SERVER_RESUME) {
        keep_ticket(client, message->resume);
    } else if (message->type == SK_SERVER_NOTICE) {
        client_emit(client,
                    &(struct client_event){.kind = CLIENT_NOTICE, .notice = &message->notice});
    } else if (message->type == SK_SERVER_ANSWER) {
        on_answer_message(client, &message->answer);
    } else if (message->type == SK_SERVER_PROBED) {
        client_emit(client,
                    &(struct client_event){.kind = CLIENT_PROBED, .probed = &message->probed});
    }
    return SK_OK;
}

static int on_message(void *owner, const uint8_t *bytes, size_t size)
{
    struct client *client = owner;
    if (sk_is_snapshot(bytes, size)) {
        return on_snapshot(client, bytes, size);
    }
    struct sk_server_message message;
    int result = sk_server_message_decode(bytes, size, &message);
    if (result != SK_OK) {
        return result;
    }
    return message.type == SK_SERVER_WELCOME ? on_welcome(client, &message.welcome)
                                             : on_other(client, &message);
}

static uint64_t layout_hash_of(const struct client *client)
{
    return client->match == NULL ? 0 : client->match->plan.layout_hash;
}

/* The code that it would predict by: the server refuses another at once. */
static uint64_t code_hash_of(const struct client *client)
{
    const struct sk_game *game = find_game(client, sk_text_of(client->offer.game));
    bool is_known = game != NULL && (game->content_name == NULL || client->content.block != NULL);
    bool is_told = client->config.predict && !client->join.spectate && !client->hides_code;
    return is_known && is_told ? game->code_hash : 0;
}

static void greet(struct client *client)
{
    struct sk_hello hello = {.version = SK_WIRE_VERSION,
                             .ticket = sk_text_of(client->offer.ticket),
                             .layout_hash = layout_hash_of(client),
                             .code_hash = code_hash_of(client),
                             .ordered = !client_is_datagram(client)};
    client->code_told = hello.code_hash;
    client->state = CLIENT_GREETING;
    client->hello_us = client->now_us;
    client_send(client, sk_encode_hello(client->encoder, &hello));
}

static void on_upgraded(void *owner)
{
    struct client *client = owner;
    client->deadline_us = client->now_us + CLIENT_STATE_US;
    greet(client);
}

/* The time to a Welcome runs since the first datagram. */
static void on_enet_open(void *owner)
{
    struct client *client = owner;
    if (client->state == CLIENT_CONNECTING) {
        greet(client);
    }
}

/* Whether the offer's content must be had before the match. */
static bool wants_content(const struct client *client)
{
    const struct client_seat_offer *offer = &client->offer;
    const struct sk_game *game = find_game(client, sk_text_of(offer->game));
    bool is_used = client->config.predict && !client->join.spectate && game != NULL &&
                   game->content_name != NULL && offer->content[0] != '\0';
    bool is_held =
        client->content.block != NULL && strcmp(offer->content, client->content.path) == 0;
    return is_used && !is_held;
}

static void on_offer(struct client *client)
{
    client->follow = CLIENT_FOLLOW_CONNECT;
    if (wants_content(client) &&
        client_content_answer_create(&client->content, client->offer.content) == SK_OK) {
        client->follow = CLIENT_FOLLOW_FETCH;
    }
}

/* One that does not come, or that the game does not take, is played without: unpredicted. */
static void on_content(struct client *client, const struct client_answer *answer)
{
    const struct sk_game *game = find_game(client, sk_text_of(client->offer.game));
    SK_ASSERT(game != NULL); /* wants_content() */
    client->follow = CLIENT_FOLLOW_CONNECT;
    if (answer->status != 200 ||
        client_content_create(&client->content, game, answer->body) != SK_OK) {
        client_content_destroy(&client->content);
    }
}

static void on_answer(void *owner, const struct client_answer *answer)
{
    struct client *client = owner;
    if (client->state == CLIENT_FETCHING) {
        on_content(client, answer);
        return;
    }
    int result = client_join_read(answer->status, answer->body, &client->offer, &client->refusal);
    client->retry_after_us = answer->retry_after_s * (uint64_t)1000000;
    bool is_offer = result == SK_OK && client->state == CLIENT_JOINING;
    if (is_offer && client->config.transport == CLIENT_TRANSPORT_ENET && !client->offer.has_enet) {
        client->follow = CLIENT_FOLLOW_DROP;
        client->reason = SK_REASON_REQUEST_BAD;
        client->refusal = (struct client_refusal){client->reason, "the server offers no UDP"};
    } else if (is_offer) {
        on_offer(client);
    } else {
        client->follow = CLIENT_FOLLOW_DROP;
        client->reason = result == SK_ERR_CLOSED ? client->refusal.reason : SK_REASON_MALFORMED;
    }
}

static enum sk_reason reason_of(uint16_t code)
{
    for (int i = SK_REASON_COUNT - 1; i > SK_REASON_NONE; i--) {
        if (sk_reason_ws_code((enum sk_reason)i) == code) {
            return (enum sk_reason)i;
        }
    }
    return SK_REASON_PEER_GONE;
}

static void on_close(void *owner, uint16_t code)
{
    struct client *client = owner;
    if (client->follow == CLIENT_FOLLOW_NOTHING) { /* no Goodbye came before */
        client->follow = CLIENT_FOLLOW_DROP;
        client->reason = code == 1000 ? SK_REASON_PEER_GONE : reason_of(code);
    }
}

static void on_enet_close(void *owner, uint32_t reason)
{
    struct client *client = owner;
    bool is_known = reason > SK_REASON_NONE && reason < SK_REASON_COUNT;
    if (client->follow == CLIENT_FOLLOW_NOTHING && client_is_datagram(client)) {
        client->follow = CLIENT_FOLLOW_DROP;
        client->reason = is_known ? (enum sk_reason)reason : SK_REASON_PEER_GONE;
    }
}

struct client_enet_events client_enet_events_of(struct client *client)
{
    return (struct client_enet_events){.owner = client,
                                       .on_open = on_enet_open,
                                       .on_message = on_message,
                                       .on_close = on_enet_close};
}

struct client_link_events client_events(struct client *client)
{
    return (struct client_link_events){.owner = client,
                                       .on_answer = on_answer,
                                       .on_upgraded = on_upgraded,
                                       .on_message = on_message,
                                       .on_close = on_close};
}
