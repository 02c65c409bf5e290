/* routes.c - see routes.h.  A route is a row: path, methods, what to do. */
#include "routes.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "origin.h"
#include "player_ws.h"
#include "proxy.h"
#include "watch.h"
#include "web/files.h"
#include "worker_parts.h"

struct route_call {
    struct conn *conn;
    const struct sk_http_request *request;
    const uint8_t *body;
    const struct worker_parts *worker;
    struct server *server;
};

static bool is_method(const struct sk_http_request *request, const char *method)
{
    return sk_text_is(request->method, method);
}

static void answer(struct conn *conn, uint16_t status, const char *sentence)
{
    struct http_response response = {.status = status,
                                     .type = "text/plain; charset=utf-8",
                                     .body = (const uint8_t *)sentence,
                                     .body_bytes = strlen(sentence),
                                     .body_is_static = true};
    conn_respond(conn, &response);
}

/* --- API -------------------------------------------------------------------------------------- */

static struct origin_rule rule_of(const struct server *server)
{
    return (struct origin_rule){server->config->origin.items, server->config->origin.count,
                                server->is_loopback};
}

static const struct sk_text *origin_of(const struct route_call *call)
{
    return sk_http_header_find(&call->request->headers, "origin");
}

static bool may_page(const struct route_call *call)
{
    struct origin_rule rule = rule_of(call->server);
    return origin_is_allowed(&rule, origin_of(call), call->request->host);
}

/* The page's origin as a string; empty without one, or when it is too long to be sent back. */
static void copy_origin(const struct route_call *call, char *out, size_t capacity)
{
    const struct sk_text *origin = origin_of(call);
    (void)sk_text_copy(origin ? *origin : (struct sk_text){NULL, 0}, out, capacity);
}

/* Whether the limits per address hold for the client of this request. */
static bool is_limited(const struct route_call *call)
{
    return call->server->config->limit_loopback || !address_is_loopback(conn_address(call->conn));
}

static uint32_t index_of(const struct route_call *call)
{
    return address_limit_index(&call->server->shared.unadmitted, conn_address(call->conn));
}

/* The lobby does the work of a request for all, so an address may ask it only so often. */
static bool may_ask(const struct route_call *call)
{
    uint32_t per_second = call->server->config->joins_per_second;
    uint32_t burst = per_second * SK_JOIN_BURST_S;
    return !is_limited(call) ||
           address_rate_take(&call->server->join_rate, index_of(call), 1000000 / per_second, burst,
                             worker_parts_now_us(call->worker));
}

static void cors_headers(const char *origin, char *out, size_t capacity)
{
    out[0] = '\0';
    if (origin[0] != '\0') {
        (void)snprintf(out, capacity,
                       "access-control-allow-origin: %s\r\nvary: origin\r\n"
                       "access-control-allow-methods: GET, POST\r\n"
                       "access-control-allow-headers: content-type\r\n"
                       "access-control-max-age: 600\r\n",
                       origin);
    }
}

/* Refuses what the page behind the request may read. */
static void refuse_page(const struct route_call *call, enum sk_reason reason)
{
    char body[HTTP_REASON_BODY_BYTES_MAX];
    char origin[128];
    char headers[640];
    struct http_response response = http_response_of_reason(reason, body);
    size_t used = (size_t)snprintf(headers, sizeof(headers), "%s", response.headers);
    copy_origin(call, origin, sizeof(origin));
    cors_headers(origin, headers + used, sizeof(headers) - used);
    response.headers = headers;
    conn_respond(call->conn, &response);
}

static bool is_secure(const struct route_call *call)
{
    const struct sk_text *scheme =
        sk_http_header_find(&call->request->headers, "x-forwarded-proto");
    bool is_told = conn_is_proxied(call->conn) && scheme != NULL;
    return is_told ? sk_text_is_any_case(*scheme, "https") : call->server->profile.tls != NULL;
}

/* Answers the connection that asked the control thread. */
static void on_response(struct conn *conn, const struct control_response *answer)
{
    char headers[640];
    size_t used =
        (size_t)snprintf(headers, sizeof(headers), "%s", http_headers_of_status(answer->status));
    cors_headers(answer->origin, headers + used, sizeof(headers) - used);
    struct http_response response = {.status = answer->status,
                                     .type = "application/json",
                                     .headers = headers,
                                     .body = (const uint8_t *)answer->body,
                                     .body_bytes = answer->size};
    conn_respond(conn, &response);
}

static void ask_control(const struct route_call *call, enum control_request_kind kind,
                        struct sk_text body)
{
    SK_ASSERT(body.size <= SK_HTTP_BODY_BYTES_MAX); /* the profile's limit, or a head's */
    struct control_request *request = control_request_create(body.size);
    if (!request) {
        refuse_page(call, SK_REASON_SERVER_BUSY);
        return;
    }
    request->kind = kind;
    request->peer = is_limited(call) ? index_of(call) + 1 : LOBBY_NO_PEER;
    request->worker = call->worker->index;
    request->conn = conn_id_of(call->conn);
    request->on_response = on_response;
    request->is_secure = is_secure(call);
    request->is_local = address_is_loopback(conn_address(call->conn));
    (void)sk_text_copy(call->request->host, request->host, sizeof(request->host));
    copy_origin(call, request->origin, sizeof(request->origin));
    if (body.size > 0) {
        memcpy(request->body, body.bytes, body.size);
    }
    control_request_send(&call->server->control_mailbox, request);
}

static void preflight(const struct route_call *call)
{
    char origin[128];
    char headers[512];
    copy_origin(call, origin, sizeof(origin));
    cors_headers(origin, headers, sizeof(headers));
    struct http_response response = {.status = 204, .headers = headers};
    conn_respond(call->conn, &response);
}

static void api(const struct route_call *call, enum control_request_kind kind, struct sk_text body)
{
    if (!may_page(call)) {
        conn_refuse(call->conn, SK_REASON_ORIGIN);
    } else if (is_method(call->request, "OPTIONS")) {
        preflight(call);
    } else if (!may_ask(call)) {
        refuse_page(call, SK_REASON_JOIN_RATE);
    } else {
        ask_control(call, kind, body);
    }
}

static void on_join(const struct route_call *call)
{
    size_t size = (size_t)call->request->body_bytes;
    api(call, CONTROL_REQUEST_JOIN, (struct sk_text){(const char *)call->body, size});
}

static void on_rooms(const struct route_call *call)
{
    api(call, CONTROL_REQUEST_ROOMS, call->request->query);
}

static void on_games(const struct route_call *call)
{
    api(call, CONTROL_REQUEST_GAMES, call->request->query);
}

/* --- pages, content, health ------------------------------------------------------------------- */

static void on_ws(const struct route_call *call)
{
    if (conn_upgrade_kind(call->conn) != SK_WS_UPGRADE_OK) {
        conn_refuse_upgrade(call->conn);
        return;
    }
    if (!may_page(call)) {
        conn_refuse(call->conn, SK_REASON_ORIGIN);
        return;
    }
    const struct sk_http_headers *headers = &call->request->headers;
    bool is_ours = sk_ws_offers(call->request, SK_SUBPROTOCOL);
    bool has_any = sk_http_header_find(headers, "sec-websocket-protocol") != NULL;
    if (has_any && !is_ours) {
        conn_refuse(call->conn, SK_REASON_VERSION);
        return;
    }
    conn_upgrade(call->conn, is_ours ? SK_SUBPROTOCOL : NULL);
    player_ws_open(call->conn);
}

static void on_health(const struct route_call *call)
{
    char text[WATCH_TEXT_BYTES];
    uint16_t status =
        watch_health(call->server, loop_now_ms(front_loop(conn_front(call->conn))), text);
    struct http_response response = {.status = status,
                                     .type = "text/plain; charset=utf-8",
                                     .body = (const uint8_t *)text,
                                     .body_bytes = strlen(text)};
    conn_respond(call->conn, &response);
}

static void on_ready(const struct route_call *call)
{
    bool is_ready = atomic_load(&call->server->is_ready);
    answer(call->conn, is_ready ? 200 : 503, is_ready ? "ready\n" : "not ready\n");
}

static void on_content(const struct route_call *call)
{
    const struct catalog_game *game =
        catalog_find_content(call->server->catalog, call->request->path);
    if (!game) {
        answer(call->conn, 404, "There is no such content.\n");
        return;
    }
    struct http_response response = {.status = 200,
                                     .type = "application/octet-stream",
                                     .headers =
                                         "cache-control: public, max-age=31536000, immutable\r\n"
                                         "access-control-allow-origin: *\r\n",
                                     .body = game->source,
                                     .body_bytes = game->source_bytes,
                                     .body_is_static = true};
    conn_respond(call->conn, &response);
}

static void on_module(const struct route_call *call)
{
    char headers[GAME_MODULE_HEADERS_BYTES];
    struct http_response response;
    const struct catalog *catalog = call->server->catalog;
    for (uint32_t i = 0; i < catalog->count; i++) {
        if (game_module_answer(catalog->games[i].module, call->request, &response, headers)) {
            conn_respond(call->conn, &response);
            return;
        }
    }
    answer(call->conn, 404, "There is no such module.\n");
}

static void on_file(const struct route_call *call)
{
    if (call->server->files) {
        struct files_answer found;
        files_answer(call->server->files, call->request, &found);
        conn_respond(call->conn, &found.response);
    } else {
        answer(call->conn, 404, "This server has no page: start it with --web DIR.\n");
    }
}

/* --- dispatch --------------------------------------------------------------------------------- */

struct route {
    const char *path;
    bool is_prefix;
    const char *methods; /* as the Allow header has them */
    void (*run)(const struct route_call *call);
};

static const struct route routes[] = {
    {"/ws", false, NULL, on_ws}, /* conn_refuse_upgrade() knows the methods */
    {"/api/join", false, "POST, OPTIONS", on_join},
    {"/api/rooms", false, "GET, OPTIONS", on_rooms},
    {"/api/games", false, "GET, OPTIONS", on_games},
    {"/content/", true, "GET, HEAD", on_content},
    {"/module/", true, "GET, HEAD", on_module},
    {"/healthz", false, "GET, HEAD", on_health},
    {"/readyz", false, "GET, HEAD", on_ready},
    {"/", true, "GET, HEAD", on_file},
};

static bool is_on_route(const struct route *route, struct sk_text path)
{
    return route->is_prefix ? sk_text_starts(path, route->path) : sk_text_is(path, route->path);
}

static bool is_allowed(const struct route *route, struct sk_text method)
{
    struct sk_text list = sk_text_of(route->methods ? route->methods : "");
    struct sk_text known;
    while (sk_text_next(&list, ',', &known)) {
        if (sk_text_equal(known, method)) {
            return true;
        }
    }
    return route->methods == NULL;
}

static void refuse_method(struct conn *conn, const struct route *route)
{
    char headers[64];
    static const char sentence[] = "This path does not know that method.\n";
    (void)snprintf(headers, sizeof(headers), "allow: %s\r\n", route->methods);
    struct http_response response = {.status = 405,
                                     .type = "text/plain; charset=utf-8",
                                     .headers = headers,
                                     .body = (const uint8_t *)sentence,
                                     .body_bytes = sizeof(sentence) - 1,
                                     .body_is_static = true};
    conn_respond(conn, &response);
}

/* Behind a proxy that we trust, the request names the client's address.  Returns whether that
 * address may have one more connection. */
static bool believe_proxy(const struct route_call *call)
{
    const struct config *config = call->server->config;
    struct address address;
    if (!conn_is_proxied(call->conn)) {
        return true;
    }
    int result = proxy_read(config->trusted_proxies, config->trusted_proxy.count,
                            &call->request->headers, &address);
    return conn_set_address(call->conn, result == SK_OK ? &address : NULL) == SK_OK;
}

void routes_on_request(struct conn *conn, const struct sk_http_request *request,
                       const uint8_t *body)
{
    const struct worker_parts *worker = front_user(conn_front(conn));
    struct route_call call = {
        .conn = conn, .request = request, .body = body, .worker = worker, .server = worker->server};
    const struct route *route = routes;
    while (!is_on_route(route, request->path)) {
        SK_ASSERT(route < routes + sizeof(routes) / sizeof(routes[0]) - 1); /* "/" takes all */
        route++;
    }
    if (!believe_proxy(&call)) {
        conn_refuse(conn, SK_REASON_ADDRESS_LIMIT);
    } else if (is_allowed(route, request->method)) {
        route->run(&call);
    } else {
        refuse_method(conn, route);
    }
}
