/* client_join.c - see client_join.h. */
#include "client_join.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client_json.h"
#include "net/text.h"

enum { SENTENCE_BYTES_MAX = 1024 /* a longer one is not shown */ };

/* An object as it is written; `bad` when it does not fit. */
struct body {
    char *out;
    size_t capacity;
    size_t used;
    bool bad;
};

static void put(struct body *body, const char *text)
{
    size_t bytes = strlen(text);
    body->bad = body->bad || bytes >= body->capacity - body->used;
    if (!body->bad) {
        memcpy(body->out + body->used, text, bytes + 1);
        body->used += bytes;
    }
}

static void put_name(struct body *body, const char *name)
{
    put(body, body->used == 0 ? "{\"" : ",\"");
    put(body, name);
    put(body, "\":");
}

static void put_text(struct body *body, const char *name, const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    put_name(body, name);
    size_t bytes =
        body->bad ? 0
                  : client_json_quote(text, body->out + body->used, body->capacity - body->used);
    body->bad = bytes == 0;
    body->used += bytes;
}

static void put_flag(struct body *body, const char *name, bool flag)
{
    if (flag) {
        put_name(body, name);
        put(body, "true");
    }
}

static void put_number(struct body *body, const char *name, uint32_t number)
{
    char digits[16];
    if (number != 0) {
        (void)snprintf(digits, sizeof(digits), "%" PRIu32, number);
        put_name(body, name);
        put(body, digits);
    }
}

static void put_wishes(struct body *body, const struct client_join *join)
{
    put_text(body, "name", join->name);
    put_text(body, "game", join->game);
    put_text(body, "room", join->room);
    put_text(body, "password", join->password);
    put_flag(body, "create", join->create);
    put_flag(body, "spectate", join->spectate);
    put_number(body, "players_max", join->players_max);
}

/* Writes the JSON body, terminated.  Returns false when it does not fit. */
static bool write_body(const struct client_join *join, char *out, size_t capacity)
{
    struct body body = {.out = out, .capacity = capacity};
    if (join->resume[0] != '\0') {
        put_text(&body, "resume", join->resume);
    } else {
        put_wishes(&body, join);
    }
    if (join->wants_enet) {
        put_name(&body, "transports");
        put(&body, "[\"enet\",\"ws\"]");
    }
    put(&body, "}");
    return !body.bad && body.used > 1;
}

int client_join_write(const struct client_join *join, const struct client_url *url, char *out,
                      size_t capacity)
{
    char body[SK_HTTP_BODY_BYTES_MAX];
    char host[CLIENT_HOST_BYTES_MAX + 16];
    if (!write_body(join, body, sizeof(body)) || !client_url_host(url, host, sizeof(host))) {
        return SK_ERR_TOO_BIG;
    }
    int bytes = snprintf(out, capacity,
                         "POST /api/join HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                         "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                         host, strlen(body), body);
    return bytes < 0 || (size_t)bytes >= capacity ? SK_ERR_TOO_BIG : bytes;
}

int client_join_write_get(const struct client_url *url, const char *path, char *out,
                          size_t capacity)
{
    char host[CLIENT_HOST_BYTES_MAX + 16];
    if (!client_url_host(url, host, sizeof(host))) {
        return SK_ERR_TOO_BIG;
    }
    int bytes = snprintf(out, capacity, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                         path, host);
    return bytes < 0 || (size_t)bytes >= capacity ? SK_ERR_TOO_BIG : bytes;
}

/* Of an answer without a word that this build knows: a proxy's, or a later server's. */
static enum sk_reason reason_of_status(uint16_t status)
{
    switch (status) {
    case 429:
        return SK_REASON_JOIN_RATE;
    case 502:
    case 503:
    case 504:
        return SK_REASON_SERVER_BUSY;
    default:
        return SK_REASON_INTERNAL;
    }
}

static enum sk_reason reason_of(const char *word, uint16_t status)
{
    for (int i = SK_REASON_LEFT; i < SK_REASON_COUNT; i++) {
        if (strcmp(sk_reason_word((enum sk_reason)i), word) == 0) {
            return (enum sk_reason)i;
        }
    }
    return reason_of_status(status);
}

/* A path that can stand in a request's head, else none: who has no content does not predict. */
static void copy_path(char out[SK_CONTENT_PATH_BYTES_MAX + 1], const char *path)
{
    size_t size = strlen(path);
    bool is_sound = size <= SK_CONTENT_PATH_BYTES_MAX && path[0] == '/';
    for (size_t i = 0; is_sound && i < size; i++) {
        is_sound = path[i] > ' ' && path[i] <= '~';
    }
    size = is_sound ? size : 0;
    memcpy(out, path, size);
    out[size] = '\0';
}

static bool read_key(struct sk_text object, const char *name, uint8_t key[SK_AEAD_KEY_BYTES])
{
    char digits[2 * SK_AEAD_KEY_BYTES + 1];
    char *end = NULL;
    if (!client_json_text(object, name, digits, sizeof(digits)) ||
        strlen(digits) != 2 * SK_AEAD_KEY_BYTES) {
        return false;
    }
    for (size_t i = 0; i < SK_AEAD_KEY_BYTES; i++) {
        char pair[3] = {digits[2 * i], digits[2 * i + 1], '\0'};
        key[i] = (uint8_t)strtoul(pair, &end, 16);
        if (*end != '\0') {
            return false;
        }
    }
    return true;
}

/* Reads "enet": {"address", "session", "send_key", "receive_key"}; anything else is none. */
static bool read_enet(struct sk_text object, struct client_seat_offer *offer)
{
    char address[CLIENT_HOST_BYTES_MAX + 16];
    char url[sizeof(address) + 8];
    struct client_enet_session *session = &offer->enet_session;
    struct sk_text enet = client_json_object(object, "enet");
    bool has_address = client_json_text(enet, "address", address, sizeof(address));
    (void)snprintf(url, sizeof(url), "http://%s", address); /* it has the shape of a URL's host */
    return has_address && client_url_parse(&offer->enet, url) == SK_OK &&
           client_json_number(enet, "session", &session->session) &&
           read_key(enet, "send_key", session->keys.send) &&
           read_key(enet, "receive_key", session->keys.receive);
}

static int read_offer(struct sk_text object, struct client_seat_offer *offer)
{
    char content[SK_CONTENT_PATH_BYTES_MAX + 1];
    char url[CLIENT_HOST_BYTES_MAX + CLIENT_PATH_BYTES_MAX + 32];
    if (!client_json_text(object, "ticket", offer->ticket, sizeof(offer->ticket)) ||
        offer->ticket[0] == '\0') {
        return SK_ERR_PROTOCOL;
    }
    (void)client_json_text(object, "content", content, sizeof(content));
    copy_path(offer->content, content);
    offer->has_enet = read_enet(object, offer);
    (void)client_json_text(object, "game", offer->game, sizeof(offer->game));
    bool has_url = client_json_text(object, "ws", url, sizeof(url));
    return has_url && client_url_parse(&offer->ws, url) == SK_OK ? SK_OK : SK_ERR_PROTOCOL;
}

/* The server's words go to a terminal: only what prints there. */
static void make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        *text = *text >= ' ' && *text <= '~' ? *text : '?';
    }
}

int client_join_read(uint16_t status, struct sk_text body, struct client_seat_offer *offer,
                     struct client_refusal *refusal)
{
    char word[32];
    char sentence[SENTENCE_BYTES_MAX];
    if (status == 200) {
        return read_offer(body, offer);
    }
    (void)client_json_text(body, "error", word, sizeof(word));
    (void)client_json_text(body, "message", sentence, sizeof(sentence));
    make_printable(sentence);
    refusal->reason = reason_of(word, status);
    (void)snprintf(refusal->sentence, sizeof(refusal->sentence), "%.*s", CLIENT_SENTENCE_BYTES - 1,
                   sentence);
    bool is_ours = client_json_is_object(body) || refusal->reason != SK_REASON_INTERNAL;
    return is_ours ? SK_ERR_CLOSED : SK_ERR_PROTOCOL;
}
