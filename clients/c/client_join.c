/* client_join.c - see client_join.h. */
#include "client_join.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "net/text.h"

static bool add_text(cJSON *object, const char *name, const char *text)
{
    return text[0] == '\0' || cJSON_AddStringToObject(object, name, text) != NULL;
}

static bool add_flag(cJSON *object, const char *name, bool flag)
{
    return !flag || cJSON_AddTrueToObject(object, name) != NULL;
}

static bool add_number(cJSON *object, const char *name, uint32_t number)
{
    return number == 0 || cJSON_AddNumberToObject(object, name, number) != NULL;
}

static bool fill(cJSON *object, const struct client_join *join)
{
    if (object == NULL) {
        return false;
    }
    if (join->resume[0] != '\0') {
        return add_text(object, "resume", join->resume);
    }
    return add_text(object, "name", join->name) && add_text(object, "game", join->game) &&
           add_text(object, "room", join->room) && add_text(object, "password", join->password) &&
           add_flag(object, "create", join->create) &&
           add_flag(object, "spectate", join->spectate) &&
           add_number(object, "players_max", join->players_max);
}

/* Writes the JSON body, terminated.  Returns false when it does not fit. */
static bool write_body(const struct client_join *join, char *out, int capacity)
{
    cJSON *object = cJSON_CreateObject();
    bool written = fill(object, join) && cJSON_PrintPreallocated(object, out, capacity, false);
    cJSON_Delete(object);
    return written;
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

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text == NULL ? "" : text;
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

static int read_offer(const cJSON *object, struct client_seat_offer *offer)
{
    const char *ticket = text_of(object, "ticket");
    size_t ticket_bytes = strlen(ticket);
    if (ticket_bytes == 0 || ticket_bytes > SK_TICKET_BYTES_MAX) {
        return SK_ERR_PROTOCOL;
    }
    memcpy(offer->ticket, ticket, ticket_bytes + 1);
    copy_path(offer->content, text_of(object, "content"));
    if (!sk_text_copy(sk_text_of(text_of(object, "game")), offer->game, sizeof(offer->game))) {
        offer->game[0] = '\0'; /* we have none of so long a name */
    }
    return client_url_parse(&offer->ws, text_of(object, "ws")) == SK_OK ? SK_OK : SK_ERR_PROTOCOL;
}

/* The server's words go to a terminal: only what prints there. */
static void copy_sentence(char out[CLIENT_SENTENCE_BYTES], const char *text)
{
    size_t at = 0;
    for (; text[at] != '\0' && at < CLIENT_SENTENCE_BYTES - 1; at++) {
        out[at] = text[at] >= ' ' && text[at] <= '~' ? text[at] : '?';
    }
    out[at] = '\0';
}

static int read_object(const cJSON *object, uint16_t status, struct client_seat_offer *offer,
                       struct client_refusal *refusal)
{
    if (status == 200) {
        return read_offer(object, offer);
    }
    refusal->reason = reason_of(text_of(object, "error"), status);
    copy_sentence(refusal->sentence, text_of(object, "message"));
    bool is_ours = cJSON_IsObject(object) || refusal->reason != SK_REASON_INTERNAL;
    return is_ours ? SK_ERR_CLOSED : SK_ERR_PROTOCOL;
}

int client_join_read(uint16_t status, struct sk_text body, struct client_seat_offer *offer,
                     struct client_refusal *refusal)
{
    cJSON *object = cJSON_ParseWithLength(body.bytes, body.size);
    int result = read_object(object, status, offer, refusal);
    cJSON_Delete(object);
    return result;
}
