/* enet_grant.c - see enet_grant.h. */
#include "enet_grant.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "control_commands.h"
#include "net/http_host.h"
#include "platform.h"
#include "tls/crypto.h"

enum { NUMBER_BITS = 24 }; /* of a session, beside its worker */

void enet_grants_init(struct enet_grants *grants, struct server *server)
{
    grants->server = server;
    for (uint32_t i = 0; i < SERVER_WORKERS_MAX; i++) {
        grants->next[i] = (uint32_t)platform_random_bits(NULL);
    }
}

static bool may_have_keys(const struct server *server, const struct control_request *request)
{
    return request->is_secure || request->is_local || server->config->enet_over_http;
}

/* Where the client goes: what the operator says; the address that is listened on; or, when that is
 * all of this machine's, the host that the client has reached it by. */
static void write_address(const struct server *server, const struct control_request *request,
                          char *text, size_t capacity)
{
    const struct config *config = server->config;
    struct sk_http_host host;
    bool is_named = address_is_any(&config->enet_address) &&
                    sk_http_host_parse(sk_text_of(request->host), &host) == SK_OK;
    if (config->enet_public) {
        (void)snprintf(text, capacity, "%s", config->enet_public);
    } else if (is_named) {
        (void)snprintf(text, capacity, "%.*s:%u", (int)host.name.size, host.name.bytes,
                       (unsigned)server->enet_port);
    } else {
        (void)snprintf(text, capacity, "%s", server->enet_host);
    }
}

static uint32_t next_number(struct enet_grants *grants, uint32_t worker)
{
    uint32_t number = grants->next[worker]++ & ((1u << NUMBER_BITS) - 1);
    return number << 8 | worker;
}

static bool order(struct enet_grants *grants, const struct lobby_room *room,
                  const struct enet_grant *grant)
{
    struct sk_sealed_keys keys;
    memcpy(keys.send, grant->keys.receive, sizeof(keys.send));
    memcpy(keys.receive, grant->keys.send, sizeof(keys.receive));
    bool is_done = control_commands_session(grants->server, room, grant->answer.session, &keys);
    sk_secret_wipe(&keys, sizeof(keys));
    return is_done;
}

bool enet_grant_make(struct enet_grants *grants, const struct control_request *request,
                     const struct lobby_room *room, struct enet_grant *grant)
{
    struct server *server = grants->server;
    if (!server->enet_host || !may_have_keys(server, request) ||
        crypto_random(&grant->keys, sizeof(grant->keys)) != SK_OK) {
        return false;
    }
    uint32_t worker = room_workers_find(&server->room_workers[room->id]);
    write_address(server, request, grant->address, sizeof(grant->address));
    grant->answer = (struct api_enet){
        .address = grant->address, .session = next_number(grants, worker), .keys = &grant->keys};
    return order(grants, room, grant);
}

void enet_grant_wipe(struct enet_grant *grant)
{
    sk_secret_wipe(&grant->keys, sizeof(grant->keys));
}
