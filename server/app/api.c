/* api.c - see api.h.
 *
 *   bytes --UTF-8, JSON--> tree --each field by its function--> api_join --check_whole--> lobby
 *
 * Each field's function checks type and size of its own value; what fields mean together is checked
 * once, after the last of them.
 */
#include "api.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "net/http_path.h"
#include "net/text.h"
#include "net/utf8.h"

/* Fields seen, and the game that options are looked up in. */
struct reader {
    const struct lobby_config *config;
    struct api_join *out;
    const cJSON *options;
    uint32_t game;
    uint32_t seen; /* bit i: fields[i] */
};

/* --- values ----------------------------------------------------------------------------------- */

/* Copies a string of at most `capacity` bytes.  Returns false for a longer one or no string. */
static bool read_text(const cJSON *value, char *text, size_t capacity, size_t *size)
{
    if (!cJSON_IsString(value)) {
        return false;
    }
    size_t bytes = strlen(value->valuestring);
    if (bytes > capacity) {
        return false;
    }
    memcpy(text, value->valuestring, bytes);
    *size = bytes;
    return true;
}

/* Reads a whole number from 0 to `max`; NaN and infinity are none. */
static bool read_number(const cJSON *value, uint32_t max, uint32_t *number)
{
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0) || !(value->valuedouble <= max)) {
        return false;
    }
    *number = (uint32_t)value->valuedouble;
    return (double)*number == value->valuedouble;
}

static enum sk_reason read_bool(const cJSON *value, bool *flag)
{
    *flag = cJSON_IsTrue(value);
    return cJSON_IsBool(value) ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
}

/* --- names ------------------------------------------------------------------------------------ */

/* The code point of the character at `bytes`, whose UTF-8 is known to be good. */
static uint32_t code_point(const uint8_t *bytes, size_t *size)
{
    static const uint8_t masks[] = {0x7f, 0x1f, 0x0f, 0x07};
    uint8_t lead = bytes[0];
    *size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t point = lead & masks[*size - 1];
    for (size_t i = 1; i < *size; i++) {
        point = point << 6 | (bytes[i] & 0x3f);
    }
    return point;
}

/* Controls, line separators, and what turns the direction of the text around it. */
static bool is_unwelcome(uint32_t point)
{
    bool is_control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    bool is_separator = point == 0x2028 || point == 0x2029;
    bool is_turn = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    return is_control || is_separator || is_turn;
}

static bool is_name(struct sk_text name)
{
    const uint8_t *bytes = (const uint8_t *)name.bytes;
    size_t size = 0;
    if (name.size == 0 || name.size > SK_NAME_BYTES_MAX || !sk_utf8_is_text(bytes, name.size)) {
        return false;
    }
    for (size_t at = 0; at < name.size; at += size) {
        if (is_unwelcome(code_point(bytes + at, &size))) {
            return false;
        }
    }
    return true;
}

/* --- fields ----------------------------------------------------------------------------------- */

static enum sk_reason on_name(struct reader *reader, const cJSON *value)
{
    if (!cJSON_IsString(value)) {
        return SK_REASON_NAME_BAD;
    }
    struct sk_text name = sk_text_trim(sk_text_of(value->valuestring));
    if (!is_name(name)) {
        return SK_REASON_NAME_BAD;
    }
    memcpy(reader->out->name, name.bytes, name.size);
    reader->out->request.name = reader->out->name;
    reader->out->request.name_bytes = name.size;
    return SK_REASON_NONE;
}

static enum sk_reason on_game(struct reader *reader, const cJSON *value)
{
    const struct lobby_config *config = reader->config;
    if (!cJSON_IsString(value)) {
        return SK_REASON_REQUEST_BAD;
    }
    for (uint32_t i = 0; i < config->game_count; i++) {
        if (strcmp(config->games[i].name, value->valuestring) == 0) {
            reader->game = i;
            reader->out->request.game = config->games[i].name;
            reader->out->request.game_bytes = strlen(config->games[i].name);
            return SK_REASON_NONE;
        }
    }
    return SK_REASON_GAME_UNKNOWN;
}

static char upper(char letter)
{
    return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

static enum sk_reason on_room(struct reader *reader, const cJSON *value)
{
    struct api_join *out = reader->out;
    if (!cJSON_IsString(value)) {
        return SK_REASON_REQUEST_BAD;
    }
    struct sk_text code = sk_text_trim(sk_text_of(value->valuestring));
    if (code.size != SK_CODE_BYTES) {
        return SK_REASON_ROOM_UNKNOWN;
    }
    for (size_t i = 0; i < SK_CODE_BYTES; i++) {
        out->code[i] = upper(code.bytes[i]);
    }
    out->request.code = out->code;
    out->request.code_bytes = SK_CODE_BYTES;
    return SK_REASON_NONE;
}

static enum sk_reason on_create(struct reader *reader, const cJSON *value)
{
    return read_bool(value, &reader->out->request.create);
}

static enum sk_reason on_public(struct reader *reader, const cJSON *value)
{
    return read_bool(value, &reader->out->request.is_public);
}

static enum sk_reason on_spectate(struct reader *reader, const cJSON *value)
{
    return read_bool(value, &reader->out->request.spectate);
}

static enum sk_reason on_password(struct reader *reader, const cJSON *value)
{
    struct api_join *out = reader->out;
    out->request.password = out->password;
    bool fits =
        read_text(value, out->password, sizeof(out->password), &out->request.password_bytes);
    return fits ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
}

static enum sk_reason on_players_max(struct reader *reader, const cJSON *value)
{
    uint32_t *players_max = &reader->out->request.players_max;
    bool fits = read_number(value, SK_PLAYERS_MAX, players_max) && *players_max > 0;
    return fits ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
}

/* Read later, when the game is known. */
static enum sk_reason on_options(struct reader *reader, const cJSON *value)
{
    reader->options = value;
    return cJSON_IsObject(value) ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
}

static enum sk_reason on_resume(struct reader *reader, const cJSON *value)
{
    struct api_join *out = reader->out;
    bool fits = read_text(value, out->resume, sizeof(out->resume), &out->resume_bytes);
    return fits && out->resume_bytes > 0 ? SK_REASON_NONE : SK_REASON_TICKET_MALFORMED;
}

/* Names of what the client can speak; those that we do not know are passed over. */
static enum sk_reason on_transports(struct reader *reader, const cJSON *value)
{
    const cJSON *item = NULL;
    if (!cJSON_IsArray(value)) {
        return SK_REASON_REQUEST_BAD;
    }
    cJSON_ArrayForEach(item, value)
    {
        if (!cJSON_IsString(item)) {
            return SK_REASON_REQUEST_BAD;
        }
        reader->out->wants_enet |= strcmp(item->valuestring, "enet") == 0;
    }
    return SK_REASON_NONE;
}

static const struct {
    const char *name;
    enum sk_reason (*read)(struct reader *reader, const cJSON *value);
} fields[] = {
    {"name", on_name},
    {"game", on_game},
    {"room", on_room},
    {"create", on_create},
    {"public", on_public},
    {"password", on_password},
    {"options", on_options},
    {"spectate", on_spectate},
    {"players_max", on_players_max},
    {"transports", on_transports},
    {"resume", on_resume},
};
enum {
    FIELD_COUNT = sizeof(fields) / sizeof(fields[0]),
    FIELD_RESUME = FIELD_COUNT - 1,
    FIELD_TRANSPORTS = FIELD_COUNT - 2
};

static enum sk_reason read_field(struct reader *reader, const cJSON *value)
{
    for (uint32_t i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(fields[i].name, value->string) != 0) {
            continue;
        }
        if ((reader->seen & 1u << i) != 0) {
            return SK_REASON_REQUEST_BAD;
        }
        reader->seen |= 1u << i;
        return fields[i].read(reader, value);
    }
    return SK_REASON_NONE;
}

/* --- requests --------------------------------------------------------------------------------- */

static enum sk_reason read_option(struct reader *reader, const cJSON *value)
{
    const struct lobby_game *game = &reader->config->games[reader->game];
    for (uint32_t i = 0; i < game->option_count; i++) {
        if (strcmp(game->option_names[i], value->string) == 0) {
            uint32_t *option = &reader->out->request.options[i];
            bool fits =
                *option == LOBBY_NO_OPTION && read_number(value, LOBBY_NO_OPTION - 1, option);
            return fits ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
        }
    }
    return SK_REASON_REQUEST_BAD;
}

static enum sk_reason read_options(struct reader *reader)
{
    enum sk_reason reason = SK_REASON_NONE;
    const cJSON *value = reader->options ? reader->options->child : NULL;
    for (; value && reason == SK_REASON_NONE; value = value->next) {
        reason = read_option(reader, value);
    }
    return reason;
}

/* A room that exists has its own password and options; a quick join takes any that has the
 * options it names, and opens one that the next quick join can find. */
static bool is_at_odds(const struct lobby_request *request)
{
    bool is_quick = request->code_bytes == 0 && !request->create;
    bool is_closed = !request->is_public || request->password_bytes > 0;
    return (request->code_bytes > 0 && request->create) || (is_quick && is_closed);
}

static enum sk_reason check_whole(struct reader *reader)
{
    const struct api_join *out = reader->out;
    if ((reader->seen & 1u << FIELD_RESUME) != 0) {
        bool is_alone = (reader->seen & ~(1u << FIELD_TRANSPORTS)) == 1u << FIELD_RESUME;
        return is_alone ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
    }
    if (out->request.name_bytes == 0) {
        return SK_REASON_NAME_BAD;
    }
    return is_at_odds(&out->request) ? SK_REASON_REQUEST_BAD : read_options(reader);
}

static enum sk_reason read_tree(struct reader *reader, const cJSON *tree)
{
    enum sk_reason reason = cJSON_IsObject(tree) ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
    const cJSON *value = tree ? tree->child : NULL;
    for (; value && reason == SK_REASON_NONE; value = value->next) {
        reason = read_field(reader, value);
    }
    return reason == SK_REASON_NONE ? check_whole(reader) : reason;
}

/* A 0 inside a string would end it early: libcjson's strings have no size. */
static bool has_zero(const char *body, size_t size)
{
    static const char escape[] = "\\u0000";
    return memchr(body, 0, size) != NULL || memmem(body, size, escape, sizeof(escape) - 1) != NULL;
}

static bool is_blank(const char *from, const char *to)
{
    while (from < to && memchr(" \t\r\n", *from, 4) != NULL) {
        from++;
    }
    return from == to;
}

/* Makes *tree of a whole text.  libcjson does not tell a text that is no JSON from memory that is
 * short, but malloc() does: its errno is all of its kind that a parser can leave behind. */
static enum sk_reason parse_text(const char *text, size_t size, cJSON **tree)
{
    const char *end = NULL;
    errno = 0;
    *tree = cJSON_ParseWithLengthOpts(text, size, &end, false);
    if (!*tree && errno == ENOMEM) {
        return SK_REASON_SERVER_BUSY;
    }
    return *tree && is_blank(end, text + size) ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
}

enum sk_reason api_parse_join(const struct lobby_config *config, const char *body, size_t size,
                              struct api_join *out)
{
    char text[SK_HTTP_BODY_BYTES_MAX + 1] = {0}; /* libcjson looks at the byte behind the last */
    cJSON *tree = NULL;
    *out = (struct api_join){.request = {.is_public = true}};
    memset(out->request.options, 0xff, sizeof(out->request.options)); /* LOBBY_NO_OPTION */
    if (size > SK_HTTP_BODY_BYTES_MAX) {
        return SK_REASON_HTTP_TOO_BIG;
    }
    if (has_zero(body, size) || !sk_utf8_is_text((const uint8_t *)body, size)) {
        return SK_REASON_REQUEST_BAD;
    }
    memcpy(text, body, size);
    struct reader reader = {.config = config, .out = out};
    enum sk_reason reason = parse_text(text, size, &tree);
    reason = reason == SK_REASON_NONE ? read_tree(&reader, tree) : reason;
    cJSON_Delete(tree);
    return reason;
}

/* --- list of rooms ---------------------------------------------------------------------------- */

/* Reads a number of the query into *number, which stays as it is when there is none. */
static bool query_number(struct sk_text query, const char *name, uint32_t *number)
{
    char text[24];
    unsigned long long value = 0;
    int result = sk_http_query_find(query, name, text, sizeof(text));
    if (result == SK_ERR_AGAIN) {
        return true;
    }
    if (result != SK_OK || !sk_text_number(sk_text_of(text), &value) || value >= UINT32_MAX) {
        return false;
    }
    *number = (uint32_t)value;
    return true;
}

enum sk_reason api_parse_page(struct sk_text query, struct api_page *page)
{
    uint32_t after = UINT32_MAX; /* one more is the first slot */
    *page = (struct api_page){.limit = API_ROOMS_A_PAGE_MAX};
    bool is_read =
        query_number(query, "after", &after) && query_number(query, "limit", &page->limit);
    page->from = after + 1;
    page->limit = page->limit < API_ROOMS_A_PAGE_MAX ? page->limit : API_ROOMS_A_PAGE_MAX;
    return is_read && page->limit > 0 ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Prints and frees `tree`, of which a part may be missing. */
static int finish(cJSON *tree, bool is_whole, char *out, size_t capacity)
{
    int size = capacity < INT32_MAX ? (int)capacity : INT32_MAX;
    bool is_printed = is_whole && cJSON_PrintPreallocated(tree, out, size, false);
    cJSON_Delete(tree);
    return is_printed ? (int)strlen(out) : SK_ERR_FULL;
}

static bool add_text(cJSON *object, const char *name, const char *text)
{
    return cJSON_AddStringToObject(object, name, text) != NULL;
}

static bool add_number(cJSON *object, const char *name, uint32_t number)
{
    return cJSON_AddNumberToObject(object, name, number) != NULL;
}

static bool add_bool(cJSON *object, const char *name, bool flag)
{
    return cJSON_AddBoolToObject(object, name, flag) != NULL;
}

/* Adds a text that is not terminated, at most SK_TICKET_BYTES_MAX of it. */
static bool add_bytes(cJSON *object, const char *name, const char *bytes, size_t size)
{
    char text[SK_TICKET_BYTES_MAX + 1] = {0};
    SK_ASSERT(size <= SK_TICKET_BYTES_MAX);
    memcpy(text, bytes, size);
    return add_text(object, name, text);
}

/* Adds a key as 64 lower-case hex digits. */
static bool add_key(cJSON *object, const char *name, const uint8_t key[SK_AEAD_KEY_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * SK_AEAD_KEY_BYTES + 1] = {0};
    for (uint32_t i = 0; i < SK_AEAD_KEY_BYTES; i++) {
        text[2 * i] = digits[key[i] >> 4];
        text[2 * i + 1] = digits[key[i] & 15];
    }
    return add_text(object, name, text);
}

static bool add_enet(cJSON *tree, const struct api_enet *enet)
{
    cJSON *object = cJSON_AddObjectToObject(tree, "enet");
    return object && add_text(object, "address", enet->address) &&
           add_number(object, "session", enet->session) &&
           add_key(object, "send_key", enet->keys->send) &&
           add_key(object, "receive_key", enet->keys->receive);
}

int api_render_grant(const struct api_grant *grant, char *out, size_t capacity)
{
    cJSON *tree = cJSON_CreateObject();
    bool is_whole = add_bytes(tree, "room", grant->code, SK_CODE_BYTES) &&
                    add_text(tree, "game", grant->game) && add_text(tree, "ws", grant->ws) &&
                    add_bytes(tree, "ticket", grant->ticket, grant->ticket_bytes) &&
                    add_number(tree, "expires_s", grant->expires_s) &&
                    add_number(tree, "players_max", grant->players_max) &&
                    add_text(tree, "content", grant->content) &&
                    (grant->module[0] != '\0' ? add_text(tree, "module", grant->module)
                                              : cJSON_AddNullToObject(tree, "module") != NULL) &&
                    (!grant->enet || add_enet(tree, grant->enet));
    return finish(tree, is_whole, out, capacity);
}

/* Adds an empty object to a list; NULL when memory is short, which every add_x() then refuses. */
static cJSON *add_row(cJSON *list)
{
    cJSON *row = cJSON_CreateObject();
    if (!row || !cJSON_AddItemToArray(list, row)) {
        cJSON_Delete(row);
        return NULL;
    }
    return row;
}

/* Adds what a room was made with, by name. */
static bool add_options(cJSON *row, const struct lobby_game *game, const struct lobby_room *room)
{
    cJSON *options = cJSON_AddObjectToObject(row, "options");
    bool is_whole = options != NULL;
    for (uint32_t i = 0; is_whole && i < game->option_count; i++) {
        is_whole = add_number(options, game->option_names[i], room->options[i]);
    }
    return is_whole;
}

static bool add_room(cJSON *list, const struct lobby_config *config, const struct lobby_room *room)
{
    const struct lobby_game *game = &config->games[room->game];
    cJSON *row = add_row(list);
    bool is_full = room->used_seats >= room->players_max;
    return add_bytes(row, "room", room->code, SK_CODE_BYTES) && add_text(row, "game", game->name) &&
           add_number(row, "players", room->used_seats) && add_number(row, "bots", room->bots) &&
           add_number(row, "players_max", room->players_max) &&
           add_text(row, "state", is_full ? "full" : "open") &&
           add_bool(row, "locked", room->has_password) && add_options(row, game, room);
}

/* A page as it is filled. */
struct room_list {
    cJSON *rows;
    uint32_t row_count;
    uint32_t rows_max;
    uint32_t total; /* public rooms, of all pages */
    uint32_t last;  /* slot of the last row */
    bool has_more;
};

static bool list_room(struct room_list *list, const struct lobby *lobby,
                      const struct lobby_room *room, const struct api_page *page)
{
    uint32_t slot = room->id;
    list->total++;
    if (slot < page->from) {
        return true;
    }
    if (list->row_count == list->rows_max) {
        list->has_more = true;
        return true;
    }
    list->row_count++;
    list->last = slot;
    return add_room(list->rows, lobby_config_of(lobby), room);
}

int api_render_rooms(const struct lobby *lobby, const struct api_page *page, char *out,
                     size_t capacity)
{
    char next[16];
    size_t fitting = capacity / API_ROOM_BYTES_MAX;
    cJSON *tree = cJSON_CreateObject();
    struct room_list list = {.rows = cJSON_AddArrayToObject(tree, "rooms")};
    list.rows_max = fitting > page->limit ? page->limit : fitting > 0 ? (uint32_t)fitting - 1 : 0;
    bool is_whole = list.rows != NULL;
    const struct lobby_room *room = lobby_next(lobby, NULL);
    for (; room && is_whole; room = lobby_next(lobby, room)) {
        is_whole = !room->is_public || list_room(&list, lobby, room, page);
    }
    is_whole = is_whole && add_number(tree, "total", list.total);
    if (is_whole && list.has_more) {
        (void)snprintf(next, sizeof(next), "%" PRIu32, list.last);
        is_whole = add_text(tree, "next", next);
    }
    return finish(tree, is_whole, out, capacity);
}

static bool add_option(cJSON *list, const struct lobby_game *game, uint32_t index)
{
    cJSON *row = add_row(list);
    return add_text(row, "name", game->option_names[index]) &&
           add_number(row, "min", game->option_mins[index]) &&
           add_number(row, "max", game->option_maxes[index]) &&
           add_number(row, "default", game->option_defaults[index]);
}

static bool add_game(cJSON *list, const struct lobby_game *game)
{
    cJSON *row = add_row(list);
    bool is_whole = add_text(row, "game", game->name) &&
                    add_text(row, "content", game->content_path ? game->content_path : "") &&
                    add_number(row, "players_min", game->players_min) &&
                    add_number(row, "players_max", game->players_max);
    cJSON *options = is_whole ? cJSON_AddArrayToObject(row, "options") : NULL;
    for (uint32_t i = 0; options && is_whole && i < game->option_count; i++) {
        is_whole = add_option(options, game, i);
    }
    return options && is_whole;
}

int api_render_games(const struct lobby_config *config, char *out, size_t capacity)
{
    cJSON *tree = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(tree, "games");
    bool is_whole = list != NULL;
    for (uint32_t i = 0; is_whole && i < config->game_count; i++) {
        is_whole = add_game(list, &config->games[i]);
    }
    return finish(tree, is_whole, out, capacity);
}
