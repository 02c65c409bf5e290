/* client.c - see client.h.
 *
 *   JOINING --offer--> CONNECTING --101--> GREETING --Welcome--> PLAYING
 *      \--> FETCHING ------^
 *      ^                   ^                  |                     |
 *      |                   |                  +------- lost --------+
 *      |                   |                            v
 *      +-- third try on ---+---- retry delay ------- WAITING --time is over--> ENDED
 *
 * on_answer() leaves JOINING and FETCHING, on_upgraded() CONNECTING, on_welcome() GREETING;
 * client_drop() and client_end() are the only ways into WAITING and ENDED.  Who was never welcomed
 * is not held a seat: what the network or a busy server refused is asked for again from the join
 * API, for join_timeout_ms; any other refusal ends.
 *
 * The link's events come while it reads, so they do not touch it: they leave what is to be done in
 * `after`, and client_on_bytes() does it.
 *
 * The socket: `wanted` -> poll says OPEN -> `held` -> `over` -> poll says CLOSE -> not held.
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "client_internal.h"
#include "net/text.h"

struct client_context {
    struct client_tls_context *tls;
};

/* ---- life -------------------------------------------------------------------------------- */

struct client_context *client_context_create(const struct client_trust *trust, const char **why)
{
    struct client_context *context = calloc(1, sizeof(*context));
    if (context == NULL) {
        *why = "out of memory";
        return NULL;
    }
    context->tls = client_tls_context_create(trust, why);
    if (context->tls == NULL) {
        free(context);
        return NULL;
    }
    return context;
}

void client_context_destroy(struct client_context *context)
{
    if (context != NULL) {
        client_tls_context_destroy(context->tls);
        free(context);
    }
}

/* ---- create ------------------------------------------------------------------------------ */

static bool copy_text(char *out, size_t bytes, const char *text)
{
    return sk_text_copy(sk_text_of(text == NULL ? "" : text), out, bytes);
}

static bool take_config(struct client *client, const struct client_config *config, const char **why)
{
    struct client_join *join = &client->join;
    client->config = *config;
    join->create = config->create;
    join->spectate = config->spectate;
    join->wants_enet = config->transport != CLIENT_TRANSPORT_WS;
    join->players_max = config->players_max;
    *why = "the URL is not http(s)://HOST:PORT";
    if (config->url == NULL || client_url_parse(&client->url, config->url) != SK_OK) {
        return false;
    }
    *why = "https needs a context";
    if (client->url.tls && config->context == NULL) {
        return false;
    }
    *why = "a text is missing or too long";
    return config->name != NULL && copy_text(join->name, sizeof(join->name), config->name) &&
           copy_text(join->game, sizeof(join->game), config->game) &&
           copy_text(join->room, sizeof(join->room), config->room) &&
           copy_text(join->password, sizeof(join->password), config->password) &&
           copy_text(join->resume, sizeof(join->resume), config->resume_ticket);
}

static uint64_t join_timeout_us(const struct client_config *config)
{
    return (config->join_timeout_ms ? config->join_timeout_ms : SK_RETRY_JOIN_MS) * (uint64_t)1000;
}

static bool make_parts_create(struct client *client)
{
    const struct client_link_events events = client_events(client);
    client->link = client_link_create(&events, client->config.seed);
    client->encoder = sk_encoder_create(SK_MESSAGE_BYTES_MAX);
    return client->link != NULL && client->encoder != NULL;
}

struct client *client_create(const struct client_config *config, const char **why)
{
    struct client *client = calloc(1, sizeof(*client));
    *why = "out of memory";
    if (client == NULL || !take_config(client, config, why)) {
        goto fail;
    }
    *why = "out of memory";
    if (!make_parts_create(client)) {
        goto fail;
    }
    client->retry = (struct sk_client_retry){
        .seed = config->seed, .attempt_count = 1}; /* who was refused does not come back at once */
    client->join_timeout_us = join_timeout_us(config);
    client->state = CLIENT_JOINING;
    client->socket_wanted = true;
    client->deadline_us = UINT64_MAX;
    return client;
fail:
    client_destroy(client);
    return NULL;
}

void client_destroy(struct client *client)
{
    if (client != NULL) {
        client_match_destroy(client->match);
        client_content_destroy(&client->content);
        client_link_destroy(client->link);
        client_enet_destroy(client->enet);
        sk_encoder_destroy(client->encoder);
        free(client);
    }
}

/* ---- the host's calls -------------------------------------------------------------------- */

_Static_assert(sizeof(((struct client_seat_offer *)0)->ticket) ==
                   sizeof(((struct client_join *)0)->resume),
               "try_again() copies one into the other");

/* Tries to come back: with the known address first, later by the join API; who has no seat yet, or
 * needs new keys, by the join API. */
static void try_again(struct client *client)
{
    bool direct = client->match != NULL && !client->is_by_enet &&
                  client->retry.attempt_count <= SK_RETRY_DIRECT;
    if (direct) {
        memcpy(client->offer.ticket, client->join.resume, sizeof(client->offer.ticket));
    }
    client_begin(client, direct ? CLIENT_CONNECTING : CLIENT_JOINING);
}

static void on_deadline(struct client *client)
{
    switch (client->state) {
    case CLIENT_WAITING:
        try_again(client);
        break;
    case CLIENT_PLAYING:
        client_drop(client, SK_REASON_IDLE);
        break;
    case CLIENT_JOINING:
    case CLIENT_FETCHING:
    case CLIENT_CONNECTING:
    case CLIENT_GREETING:
        if (!client_try_ws(client)) {
            client_drop(client, SK_REASON_HEAD_TIMEOUT);
        }
        break;
    case CLIENT_ENDED:
        SK_UNREACHABLE("has no deadline");
    }
}

static bool has_enet(const struct client *client)
{
    return client->enet != NULL && client->socket_held && client_is_datagram(client);
}

static void poll_enet(struct client *client)
{
    if (has_enet(client) && client->now_us >= client_enet_next_us(client->enet)) {
        client_enet_poll(client->enet, client->now_us);
        client_follow_up(client);
    }
}

enum client_action client_poll(struct client *client, uint64_t now_us)
{
    client->now_us = now_us;
    if (client->join_until_us == 0) {
        client->join_until_us = now_us + client->join_timeout_us;
    }
    if (now_us >= client->deadline_us) {
        on_deadline(client);
    }
    client_flush(client);
    client_follow_up(client);
    poll_enet(client);
    if (client->socket_over) {
        client->socket_over = false;
        client->socket_held = false;
        return CLIENT_CLOSE;
    }
    if (client->socket_wanted) {
        client->socket_wanted = false;
        client->socket_held = true;
        if (client->deadline_us == UINT64_MAX) {
            client->deadline_us = now_us + CLIENT_STATE_US;
        }
        return CLIENT_OPEN;
    }
    return CLIENT_NOTHING;
}

uint64_t client_next_us(const struct client *client)
{
    uint64_t next_us = client->deadline_us;
    if (client->socket_over || client->socket_wanted) {
        return 0;
    }
    uint64_t due_us =
        client->state == CLIENT_PLAYING ? sk_client_core_due_us(&client->match->core) : next_us;
    uint64_t enet_us = has_enet(client) ? client_enet_next_us(client->enet) : next_us;
    due_us = due_us < enet_us ? due_us : enet_us;
    return due_us < next_us ? due_us : next_us;
}

const char *client_target(const struct client *client, uint16_t *port)
{
    const struct client_url *offered =
        client_is_datagram(client) ? &client->offer.enet : &client->offer.ws;
    const struct client_url *url = client_is_calling(client) ? &client->url : offered;
    *port = url->port;
    return url->host;
}

static int begin_call(struct client *client, struct client_tls_context *tls)
{
    char request[CLIENT_REQUEST_BYTES];
    bool fetches = client->state == CLIENT_FETCHING;
    int bytes = fetches ? client_join_write_get(&client->url, client->offer.content, request,
                                                sizeof(request))
                        : client_join_write(&client->join, &client->url, request, sizeof(request));
    if (bytes < 0) {
        return bytes;
    }
    if (fetches) {
        client_link_set_answer(client->link, client->content.answer, CLIENT_CONTENT_ANSWER_BYTES);
    }
    return client_link_call(client->link, tls, &client->url,
                            (struct sk_text){request, (size_t)bytes});
}

/* A session is good for one connection: its keys are forgotten with it. */
static void begin_enet(struct client *client)
{
    bool is_auto = client->config.transport == CLIENT_TRANSPORT_AUTO;
    const struct client_enet_events events = client_enet_events_of(client);
    client_enet_destroy(client->enet);
    client->enet = client_enet_create(&events, &client->offer.enet_session, client->now_us);
    client->offer.has_enet = false;
    client->deadline_us = client->now_us + (is_auto ? CLIENT_ENET_WELCOME_US : CLIENT_STATE_US);
    if (client->enet == NULL && !client_try_ws(client)) {
        client_drop(client, SK_REASON_PEER_GONE);
    }
}

void client_on_open(struct client *client, uint64_t now_us)
{
    struct client_tls_context *tls = client->config.context ? client->config.context->tls : NULL;
    client->now_us = now_us;
    SK_ASSERT(client->socket_held);
    client_link_reset(client->link);
    if (client_is_datagram(client)) {
        begin_enet(client);
        return;
    }
    if (client->offer.ws.tls && tls == NULL) {
        client_drop(client, SK_REASON_TLS); /* http led to wss, which nobody set up */
        return;
    }
    int result = client_is_calling(client)
                     ? begin_call(client, tls)
                     : client_link_upgrade(client->link, tls, &client->offer.ws);
    if (result != SK_OK) {
        client_drop(client, SK_REASON_REQUEST_BAD);
    }
}

static enum sk_reason reason_of_result(const struct client *client, int result)
{
    if (client->link->stage == CLIENT_LINK_TLS) {
        return SK_REASON_TLS;
    }
    return result == SK_ERR_CLOSED ? SK_REASON_PEER_GONE : SK_REASON_MALFORMED;
}

/* Until when the server may be silent.  Anybody can send a datagram: what did not open is none. */
static uint64_t silent_until_us(const struct client *client)
{
    return client_is_datagram(client) ? client_enet_heard_us(client->enet) + CLIENT_ENET_SILENT_US
                                      : client->now_us + SK_IDLE_TIMEOUT_MS * (uint64_t)1000;
}

void client_on_bytes(struct client *client, uint8_t *bytes, size_t size, uint64_t now_us)
{
    client->now_us = now_us;
    if (!client->socket_held || client->socket_over) {
        return;
    }
    int result = client_is_datagram(client) ? client_enet_receive(client->enet, bytes, size, now_us)
                                            : client_link_receive(client->link, bytes, size);
    if (client->state == CLIENT_PLAYING) {
        client->deadline_us = silent_until_us(client);
    }
    if (client->follow != CLIENT_FOLLOW_NOTHING) {
        client_follow_up(client);
    } else if (result != SK_OK) {
        client_drop(client, reason_of_result(client, result));
    }
}

void client_on_lost(struct client *client, uint64_t now_us)
{
    client->now_us = now_us;
    client->socket_held = false;
    client->socket_over = false;
    client_link_reset(client->link);
    bool is_over = client->state == CLIENT_ENDED || client->state == CLIENT_WAITING;
    if (!is_over && !client_try_ws(client)) {
        client_drop(client, SK_REASON_PEER_GONE);
    }
}

const uint8_t *client_output(const struct client *client, size_t *size)
{
    if (client_is_datagram(client)) {
        *size = 0;
        return client->enet != NULL ? client_enet_output(client->enet, size) : NULL;
    }
    *size = client_link_unsent_bytes(client->link);
    return client->link->out + client->link->out_begin;
}

void client_on_sent(struct client *client, size_t size)
{
    if (client_is_datagram(client)) {
        client_enet_pop(client->enet);
        return;
    }
    client_link_on_sent(client->link, size);
}

/* ---- getters ----------------------------------------------------------------------------- */

enum client_state client_state(const struct client *client)
{
    return client->state;
}

enum sk_reason client_reason(const struct client *client)
{
    return client->reason;
}

const char *client_sentence(const struct client *client)
{
    bool has_own = client->refusal.reason == client->reason && client->refusal.sentence[0] != '\0';
    return has_own ? client->refusal.sentence : sk_reason_sentence(client->reason);
}

struct sk_view *client_view(const struct client *client)
{
    return client->match == NULL ? NULL : &client->match->view;
}

void client_draw(struct client *client, uint64_t now_us, sk_draw_fn draw, void *context)
{
    uint32_t tick;
    uint8_t fraction;
    if (client->match != NULL &&
        sk_client_core_render(&client->match->core, now_us, &tick, &fraction)) {
        sk_client_core_draw(&client->match->core, now_us, draw, context);
    }
}

enum sk_event_told client_take_event(struct client *client, struct sk_event *event)
{
    return client->match == NULL ? SK_EVENT_NONE
                                 : sk_client_core_take_event(&client->match->core, event);
}

const struct sk_client_core *client_core(const struct client *client)
{
    return client->match == NULL ? NULL : &client->match->core;
}

const char *client_ticket(const struct client *client)
{
    return client->join.resume;
}

const struct sk_client_predict *client_prediction(const struct client *client)
{
    return client->match == NULL ? NULL : client->match->core.predict;
}

const uint8_t *client_box_part(struct client *client, uint32_t index, size_t *bytes)
{
    *bytes = 0;
    bool has_box = client->match != NULL && client->match->core.box != NULL;
    return has_box ? sk_client_box_part(client->match->core.box, &client->match->core, index, bytes)
                   : NULL;
}

uint16_t client_player(const struct client *client)
{
    return client->match == NULL ? SK_SPECTATOR : client->match->player;
}

struct sk_seat client_seat(const struct client *client, uint32_t player)
{
    if (client->match == NULL) {
        return (struct sk_seat){.player = (uint16_t)player, .name = {"", 0}};
    }
    return client_match_seat(client->match, player);
}

const void *client_content(const struct client *client)
{
    return client_prediction(client) == NULL ? NULL : client->content.block;
}

struct client_enet_figures client_datagrams(const struct client *client)
{
    return has_enet(client) ? client_enet_figures(client->enet) : (struct client_enet_figures){0};
}

struct client_counts client_counts(const struct client *client)
{
    struct client_counts counts = client->counts;
    counts.inputs_dropped += client->match == NULL ? 0 : client->match->core.gave_way_count;
    counts.inputs_repeated += client->match == NULL ? 0 : client->match->core.repeated_count;
    return counts;
}
