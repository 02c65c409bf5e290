/* control_requests.c - see control_requests.h. */
#include "control_requests.h"

#include <stdio.h>
#include <string.h>

#include "api.h"
#include "base/assert.h"
#include "control_commands.h"
#include "http/response.h"
#include "platform.h"

/* Sends requests->body. */
static void respond_with(struct control_requests *requests, const struct control_request *request,
                         uint16_t status, struct control_response *response)
{
    response->conn = request->conn;
    response->on_response = request->on_response;
    response->status = status;
    memcpy(response->origin, request->origin, sizeof(response->origin));
    memcpy(response->body, requests->body, response->size);
    control_response_send(&requests->server->workers[request->worker].mailbox, response);
}

static void respond_reason(struct control_requests *requests, struct control_request *request,
                           enum sk_reason reason)
{
    struct control_response *response = request->refusal;
    SK_ASSERT(response != NULL); /* a request is answered once */
    request->refusal = NULL;
    response->size = http_reason_body(reason, requests->body);
    respond_with(requests, request, sk_reason_http_status(reason), response);
}

/* Sends `size` bytes of requests->body, which an error made when it is negative.  Returns
 * SK_REASON_NONE, or what was sent instead. */
static enum sk_reason respond(struct control_requests *requests, struct control_request *request,
                              int size)
{
    size_t bytes = size > 0 ? (size_t)size : 0;
    struct control_response *response = control_response_create(bytes);
    if (!response) {
        respond_reason(requests, request, SK_REASON_SERVER_BUSY);
        return SK_REASON_SERVER_BUSY;
    }
    respond_with(requests, request, size < 0 ? 500 : 200, response);
    return SK_REASON_NONE;
}

static void refuse(struct control_requests *requests, struct control_request *request,
                   enum sk_reason reason)
{
    respond_reason(requests, request, reason);
    counter_add(&requests->server->joins[reason], 1);
    log_write(requests->server->log, LOG_DEBUG, "join refused",
              LOG_FIELDS(log_text("reason", sk_reason_word(reason))));
}

/* Answers with where to go: the same server, under the name that the client used. */
static void grant(struct control_requests *requests, struct control_request *request,
                  const struct lobby_room *room, struct sk_text ticket, bool wants_enet)
{
    struct enet_grant enet;
    bool has_enet = wants_enet && enet_grant_make(&requests->enet, request, room, &enet);
    char ws[SK_HTTP_HOST_BYTES_MAX + 16];
    const char *host = request->host[0] != '\0' ? request->host : requests->server->host;
    const struct catalog_game *entry = &requests->server->catalog->games[room->game];
    (void)snprintf(ws, sizeof(ws), "%s://%s/ws", request->is_secure ? "wss" : "ws", host);
    struct api_grant answer = {.code = room->code,
                               .game = entry->game->name,
                               .ws = ws,
                               .content = entry->content_path,
                               .module = entry->module->path,
                               .ticket = ticket.bytes,
                               .ticket_bytes = ticket.size,
                               .expires_s = CONTROL_HOLD_S,
                               .players_max = room->players_max,
                               .enet = has_enet ? &enet.answer : NULL};
    enum sk_reason reason = respond(
        requests, request, api_render_grant(&answer, requests->body, sizeof(requests->body)));
    counter_add(&requests->server->joins[reason], 1);
    enet_grant_wipe(&enet);
}

static void resume(struct control_requests *requests, struct control_request *request,
                   const struct api_join *join)
{
    struct ticket ticket;
    struct sk_text text = {join->resume, join->resume_bytes};
    int result =
        ticket_read(&ticket, &requests->server->keys, text.bytes, text.size, platform_wall_s(NULL));
    const struct lobby_room *room = NULL;
    if (result == SK_OK) {
        room = lobby_find(requests->lobby, ticket.room, ticket.epoch);
    }
    if (room) {
        grant(requests, request, room, text, join->wants_enet);
    } else {
        refuse(requests, request, result == SK_OK ? SK_REASON_SEAT_GONE : ticket_reason(result));
    }
}

static void seat_newcomer(struct control_requests *requests, struct control_request *request,
                          const struct api_join *join, uint64_t now_us)
{
    struct lobby_grant given;
    const struct lobby_request *newcomer = &join->request;
    enum sk_reason reason = lobby_join(requests->lobby, newcomer, now_us, &given);
    if (reason == SK_REASON_NONE && given.is_new &&
        !control_commands_open(requests->server, given.room)) {
        lobby_on_room_gone(requests->lobby, given.room->id, given.room->epoch);
        reason = SK_REASON_SERVER_FULL;
    }
    if (reason == SK_REASON_NONE && !control_commands_hold(requests->server, &given, newcomer)) {
        reason = SK_REASON_SERVER_FULL; /* the hold expires by itself */
    }
    if (reason != SK_REASON_NONE) {
        refuse(requests, request, reason);
        return;
    }
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket = {.role = TICKET_JOIN,
                            .seat = given.seat,
                            .room = given.room->id,
                            .epoch = given.room->epoch,
                            .expiry_s = platform_wall_s(NULL) + CONTROL_HOLD_S,
                            .nonce = given.nonce};
    ticket_write(&ticket, &requests->server->keys, text);
    grant(requests, request, given.room, (struct sk_text){text, sizeof(text)}, join->wants_enet);
}

static void answer_join(struct control_requests *requests, struct control_request *request,
                        uint64_t now_us)
{
    struct api_join join;
    enum sk_reason reason =
        api_parse_join(lobby_config_of(requests->lobby), request->body, request->size, &join);
    if (reason != SK_REASON_NONE) {
        refuse(requests, request, reason);
    } else if (join.resume_bytes > 0) {
        resume(requests, request, &join);
    } else {
        join.request.peer = request->peer;
        seat_newcomer(requests, request, &join, now_us);
    }
}

static void list_rooms(struct control_requests *requests, struct control_request *request)
{
    struct api_page page;
    if (api_parse_page((struct sk_text){request->body, request->size}, &page) != SK_REASON_NONE) {
        respond_reason(requests, request, SK_REASON_REQUEST_BAD);
        return;
    }
    (void)respond(requests, request,
                  api_render_rooms(requests->lobby, &page, requests->body, sizeof(requests->body)));
}

void control_requests_answer(struct control_requests *requests, struct control_request *request,
                             uint64_t now_us)
{
    switch (request->kind) {
    case CONTROL_REQUEST_JOIN:
        answer_join(requests, request, now_us);
        break;
    case CONTROL_REQUEST_ROOMS:
        list_rooms(requests, request);
        break;
    case CONTROL_REQUEST_GAMES:
        (void)respond(requests, request,
                      api_render_games(lobby_config_of(requests->lobby), requests->body,
                                       sizeof(requests->body)));
        break;
    }
}
