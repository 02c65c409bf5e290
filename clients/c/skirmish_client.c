/* skirmish_client.c - see skirmish_client.h. */
#include "skirmish_client.h"

#include <stdlib.h>

#include "base/assert.h"
#include "client_url.h"
#include "net/text.h"
#include "skirmish_abi.h"

_Static_assert((int)SK_CLIENT_STATE_ENDED == (int)CLIENT_ENDED, "one is the other");
_Static_assert((int)SK_CLIENT_STATE_PLAYING == (int)CLIENT_PLAYING, "one is the other");
_Static_assert((int)SK_CLIENT_TRANSPORT_AUTO == (int)CLIENT_TRANSPORT_AUTO, "one is the other");
_Static_assert((int)SK_CLIENT_ACTION_CLOSE == (int)CLIENT_CLOSE, "one is the other");
_Static_assert(sizeof(((struct sk_client_target *)0)->host) > CLIENT_HOST_BYTES_MAX, "hosts fit");
_Static_assert(sizeof(((struct sk_client_input *)0)->axes) == sizeof(((struct sk_input *)0)->axes),
               "axes are copied");

uint32_t sk_version(void)
{
    return SK_VERSION;
}

/* ---- life -------------------------------------------------------------------------------- */

/* The server leaves snapshots out, too: as many are lost as datagrams are missing, at most. */
static void on_snapshot(struct sk_client *face)
{
    const struct sk_view *view = client_view(face->client);
    uint32_t ticks = view->newest_tick - face->newest_tick;
    uint32_t divisor = view->plan->snapshot_divisor;
    uint64_t missing = client_datagrams(face->client).missing;
    uint64_t lost = missing > face->missing ? missing - face->missing : 0;
    if (face->newest_tick != 0 && ticks > divisor) {
        uint64_t left_out = ticks / divisor - 1;
        face->snapshots_lost += lost < left_out ? lost : left_out;
    }
    face->newest_tick = view->newest_tick;
    face->missing = missing;
}

static void on_event(void *user, struct client *client, uint64_t now_us,
                     const struct client_event *event)
{
    struct sk_client *face = user;
    (void)now_us;
    if (event->kind == CLIENT_WELCOMED) {
        face->newest_tick = 0;
        face->missing = 0;
        (void)sk_text_copy(event->welcome->room, face->room, sizeof(face->room));
    } else if (event->kind == CLIENT_SNAPSHOT) {
        on_snapshot(face);
    }
    skirmish_events_push(&face->events, client, event);
}

static struct client_config settings_of(struct sk_client *face,
                                        const struct sk_client_config *config)
{
    return (struct client_config){.context = face->context,
                                  .url = config->url,
                                  .name = config->name,
                                  .game = config->game,
                                  .room = config->room,
                                  .password = config->password,
                                  .resume_ticket = config->resume_ticket,
                                  .create = (config->flags & SK_CLIENT_CREATE_ROOM) != 0,
                                  .spectate = (config->flags & SK_CLIENT_SPECTATE) != 0,
                                  .predict = (config->flags & SK_CLIENT_UNPREDICTED) == 0,
                                  .has_box = (config->flags & SK_CLIENT_BLACK_BOX) != 0,
                                  .players_max = config->players_max,
                                  .input_rate_hz = config->input_rate_hz,
                                  .join_timeout_ms = config->join_timeout_ms,
                                  .transport = (enum client_transport)config->transport,
                                  .games = config->games,
                                  .game_count = config->game_count,
                                  .seed = config->seed,
                                  .on_event = on_event,
                                  .user = face};
}

static bool make_context_create(struct sk_client *face, const struct sk_client_config *config,
                                const char **why)
{
    bool is_tls = config->url != NULL && sk_text_starts(sk_text_of(config->url), "https://");
    if (!is_tls) {
        return true;
    }
    struct client_trust trust = {.ca_path = config->ca_path,
                                 .pin = config->pin_sha256,
                                 .insecure = (config->flags & SK_CLIENT_INSECURE) != 0};
    face->context = client_context_create(&trust, why);
    return face->context != NULL;
}

static bool fill_create(struct sk_client *face, const struct sk_client_config *given,
                        const char **why)
{
    struct sk_client_config config = {0};
    *why = "struct_size of the settings is not set";
    if (!abi_take(&config, sizeof(config), given)) {
        return false;
    }
    *why = "there is no such transport";
    if (config.transport > SK_CLIENT_TRANSPORT_AUTO) {
        return false;
    }
    *why = "no game is named that this program has";
    if (config.games == NULL || config.game_count == 0) {
        return false;
    }
    if (!make_context_create(face, &config, why)) {
        return false;
    }
    struct client_config settings = settings_of(face, &config);
    face->client = client_create(&settings, why);
    return face->client != NULL;
}

struct sk_client *sk_client_create(const struct sk_client_config *config, const char **why)
{
    struct sk_client *face = calloc(1, sizeof(*face));
    const char *reason = "out of memory";
    if (face == NULL || !fill_create(face, config, &reason)) {
        *why = reason; /* which stays as it was for a client that is made */
        sk_client_destroy(face);
        return NULL;
    }
    return face;
}

void sk_client_destroy(struct sk_client *face)
{
    if (face != NULL) {
        client_destroy(face->client);
        client_context_destroy(face->context);
        free(face);
    }
}

/* ---- the host's calls about the socket ---------------------------------------------------- */

uint32_t sk_client_poll(struct sk_client *face, uint64_t now_us)
{
    return client_poll(face->client, now_us);
}

uint64_t sk_client_next_us(const struct sk_client *face)
{
    return client_next_us(face->client);
}

int sk_client_target(const struct sk_client *face, struct sk_client_target *target)
{
    uint16_t port;
    const char *host = client_target(face->client, &port);
    bool is_datagram = client_is_datagram(face->client);
    struct sk_client_target own = {
        .socket = is_datagram ? SK_CLIENT_SOCKET_DATAGRAM : SK_CLIENT_SOCKET_STREAM, .port = port};
    bool is_copied = sk_text_copy(sk_text_of(host), own.host, sizeof(own.host));
    SK_ASSERT(is_copied); /* a struct client_url bounds it */
    return abi_give(target, &own, sizeof(own)) ? SK_CLIENT_OK : SK_CLIENT_BAD_SIZE;
}

void sk_client_on_open(struct sk_client *face, uint64_t now_us)
{
    client_on_open(face->client, now_us);
}

void sk_client_on_bytes(struct sk_client *face, uint8_t *bytes, size_t size, uint64_t now_us)
{
    face->bytes_in += size;
    client_on_bytes(face->client, bytes, size, now_us);
}

void sk_client_on_lost(struct sk_client *face, uint64_t now_us)
{
    client_on_lost(face->client, now_us);
}

const uint8_t *sk_client_output(const struct sk_client *face, size_t *size)
{
    return client_output(face->client, size);
}

void sk_client_on_sent(struct sk_client *face, size_t size)
{
    face->bytes_out += size;
    client_on_sent(face->client, size);
}

/* ---- playing ----------------------------------------------------------------------------- */

int sk_client_next_event(struct sk_client *face, struct sk_client_event *event)
{
    struct sk_client_event own;
    if (!abi_is_size(abi_size(event))) {
        return SK_CLIENT_BAD_SIZE;
    }
    if (!skirmish_events_take(&face->events, face->client, &own)) {
        return 0;
    }
    return abi_give(event, &own, sizeof(own)) ? 1 : SK_CLIENT_BAD_SIZE;
}

void sk_client_press(struct sk_client *face, uint32_t buttons)
{
    client_press(face->client, buttons);
}

uint32_t sk_client_sample(struct sk_client *face, const struct sk_client_input *input,
                          uint64_t now_us)
{
    struct sk_client_input own = {0};
    struct sk_input held = {0};
    if (!abi_take(&own, sizeof(own), input)) {
        return 0;
    }
    held.buttons = own.buttons;
    memcpy(held.axes, own.axes, sizeof(held.axes));
    return client_sample(face->client, &held, now_us);
}

static int result_of(int result)
{
    if (result == SK_ERR_TOO_BIG) {
        return SK_CLIENT_TOO_BIG;
    }
    return result == SK_OK ? SK_CLIENT_OK : SK_CLIENT_AGAIN;
}

int sk_client_command(struct sk_client *face, uint32_t type, const void *bytes, size_t size,
                      uint32_t *number)
{
    if (type > UINT16_MAX) {
        return SK_CLIENT_NONE;
    }
    return result_of(number == NULL
                         ? client_command(face->client, (uint16_t)type, bytes, size)
                         : client_request(face->client, (uint16_t)type, bytes, size, number));
}

int sk_client_probe(struct sk_client *face, uint64_t now_us)
{
    return result_of(client_probe(face->client, now_us));
}

void sk_client_leave(struct sk_client *face, uint64_t now_us)
{
    client_leave(face->client, now_us);
}
