/* test_api.c - what the join API takes, refuses and answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <errno.h>

#include "api.h"
#include "support/end_of_page.h"
#include "support/toy_hmac.h"

static const char *const option_names[] = {"round_seconds", "score"};
static const uint32_t option_mins[] = {30, 1};
static const uint32_t option_maxes[] = {900, 100};
static const uint32_t option_defaults[] = {180, 20};

static const struct lobby_game games[] = {
    {"arena", 2, 32, 2, option_names, option_mins, option_maxes, option_defaults,
     "/content/arena-1"},
    {"orbs", 2, 1024, 1, option_names + 1, option_mins + 1, option_maxes + 1, option_defaults + 1,
     NULL},
};

static uint64_t count_bits(void *context)
{
    uint64_t *bits = context;
    *bits += 0x9e3779b97f4a7c15u;
    return *bits;
}

static void *allocate(void *context, size_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static void release(void *context, void *block)
{
    (void)context;
    free(block);
}

static const struct ticket_keys keys = {{{1}, {2}}, {10, 9}, toy_hmac};

static struct lobby_config make_config(uint64_t *bits)
{
    return (struct lobby_config){.games = games,
                                 .game_count = 2,
                                 .rooms_max = 8,
                                 .worker_count = 1,
                                 .hold_us = 1,
                                 .reap_us = 1,
                                 .keys = &keys,
                                 .random_bits = count_bits,
                                 .context = bits,
                                 .allocator = {allocate, release, NULL}};
}

static enum sk_reason parse(const char *body, struct api_join *join)
{
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    return api_parse_join(&config, body, strlen(body), join);
}

#define ALL_FIELDS                                                                                 \
    "{\"name\":\"Ada\",\"game\":\"orbs\",\"create\":true,\"public\":false,\"password\":\"pw\","    \
    "\"options\":{\"score\":50},\"players_max\":100,\"spectate\":true,\"more\":[{}]}"

static void test_api_parse_all_fields_are_read(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse(ALL_FIELDS, &join), SK_REASON_NONE);
    assert_int_equal(join.request.name_bytes, 3);
    assert_memory_equal(join.request.name, "Ada", 3);
    assert_int_equal(join.request.game_bytes, 4);
    assert_memory_equal(join.request.game, "orbs", 4);
    assert_int_equal(join.request.password_bytes, 2);
    assert_memory_equal(join.request.password, "pw", 2);
    assert_int_equal(join.request.players_max, 100);
    assert_int_equal(join.request.options[0], 50);
    assert_int_equal(join.request.options[1], LOBBY_NO_OPTION);
    assert_true(join.request.create);
    assert_true(join.request.spectate);
    assert_false(join.request.is_public);
    assert_int_equal(join.resume_bytes, 0);
}

static void test_api_parse_name_alone_is_a_public_quick_join(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse(" {\"name\" : \"Ada\"} \r\n", &join), SK_REASON_NONE);
    assert_int_equal(join.request.game_bytes, 0);
    assert_int_equal(join.request.code_bytes, 0);
    assert_int_equal(join.request.options[0], LOBBY_NO_OPTION);
    assert_true(join.request.is_public);
    assert_false(join.request.create);
    assert_false(join.request.spectate);
}

static void test_api_parse_options_follow_the_game_wherever_it_stands(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse("{\"options\":{\"score\":7},\"name\":\"A\"}", &join), SK_REASON_NONE);
    assert_int_equal(join.request.options[1], 7);
    assert_int_equal(parse("{\"options\":{\"score\":7},\"name\":\"A\",\"game\":\"orbs\"}", &join),
                     SK_REASON_NONE);
    assert_int_equal(join.request.options[0], 7);
}

static void test_api_parse_code_becomes_upper_case(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse("{\"name\":\"A\",\"room\":\" k3v9qz \",\"password\":\"x\"}", &join),
                     SK_REASON_NONE);
    assert_int_equal(join.request.code_bytes, 6);
    assert_memory_equal(join.request.code, "K3V9QZ", 6);
}

static void test_api_parse_resume_stands_alone(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse("{\"resume\":\"0123\",\"unknown\":null}", &join), SK_REASON_NONE);
    assert_int_equal(join.resume_bytes, 4);
    assert_memory_equal(join.resume, "0123", 4);
}

static void test_api_parse_transports_say_who_can_speak_enet(void **state)
{
    static const struct {
        const char *body;
        bool wants_enet;
    } rows[] = {
        {"{\"name\":\"A\"}", false},
        {"{\"name\":\"A\",\"transports\":[]}", false},
        {"{\"name\":\"A\",\"transports\":[\"ws\"]}", false},
        {"{\"name\":\"A\",\"transports\":[\"ENET\"]}", false},
        {"{\"name\":\"A\",\"transports\":[\"enet\",\"ws\"]}", true},
        {"{\"name\":\"A\",\"transports\":[\"quic\",\"enet\"]}", true},
        {"{\"resume\":\"0123\",\"transports\":[\"enet\"]}", true},
        {"{\"transports\":[\"ws\"],\"resume\":\"0123\"}", false},
    };
    struct api_join join;
    (void)state;
    for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(parse(rows[i].body, &join), SK_REASON_NONE);
        assert_int_equal(join.wants_enet, rows[i].wants_enet);
    }
}

static void test_api_parse_name_is_trimmed_and_may_be_any_script(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse("{\"name\":\"\\t A\xc3\xa9 \xf0\x9f\x9a\x80\\u00e9 \"}", &join),
                     SK_REASON_NONE);
    assert_int_equal(join.request.name_bytes, 10);
    assert_memory_equal(join.request.name, "A\xc3\xa9 \xf0\x9f\x9a\x80\xc3\xa9", 10);
}

static void test_api_parse_longest_name_fits(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse("{\"name\":\"12345678901234567890123456789012\"}", &join),
                     SK_REASON_NONE);
    assert_int_equal(join.request.name_bytes, SK_NAME_BYTES_MAX);
}

/* Each row is a body that is taken but for one fault. */
#define NAME "\"name\":\"A\""
static const struct {
    const char *fault;
    enum sk_reason want;
    const char *body;
} faults[] = {
    {"empty body", SK_REASON_REQUEST_BAD, ""},
    {"no JSON", SK_REASON_REQUEST_BAD, "name=A"},
    {"a list", SK_REASON_REQUEST_BAD, "[" NAME "]"},
    {"a string", SK_REASON_REQUEST_BAD, "\"A\""},
    {"cut", SK_REASON_REQUEST_BAD, "{" NAME},
    {"something behind", SK_REASON_REQUEST_BAD, "{" NAME "}}"},
    {"not UTF-8", SK_REASON_REQUEST_BAD, "{" NAME ",\"x\":\"\xff\"}"},
    {"a zero in a string", SK_REASON_REQUEST_BAD, "{\"name\":\"A\\u0000B\"}"},
    {"a field twice", SK_REASON_REQUEST_BAD, "{" NAME "," NAME "}"},
    {"no name", SK_REASON_NAME_BAD, "{\"game\":\"arena\"}"},
    {"empty name", SK_REASON_NAME_BAD, "{\"name\":\"\"}"},
    {"blank name", SK_REASON_NAME_BAD, "{\"name\":\" \\t \"}"},
    {"name is a number", SK_REASON_NAME_BAD, "{\"name\":1}"},
    {"name is null", SK_REASON_NAME_BAD, "{\"name\":null}"},
    {"33 bytes of name", SK_REASON_NAME_BAD, "{\"name\":\"123456789012345678901234567890123\"}"},
    {"newline in name", SK_REASON_NAME_BAD, "{\"name\":\"A\\nB\"}"},
    {"escape in name", SK_REASON_NAME_BAD, "{\"name\":\"A\\u001bB\"}"},
    {"delete in name", SK_REASON_NAME_BAD, "{\"name\":\"A\\u007fB\"}"},
    {"C1 control in name", SK_REASON_NAME_BAD, "{\"name\":\"A\\u009fB\"}"},
    {"line separator in name", SK_REASON_NAME_BAD, "{\"name\":\"A\\u2028B\"}"},
    {"right-to-left override in name", SK_REASON_NAME_BAD, "{\"name\":\"A\\u202eB\"}"},
    {"isolate in name", SK_REASON_NAME_BAD, "{\"name\":\"A\\u2066B\"}"},
    {"half a surrogate in name", SK_REASON_REQUEST_BAD, "{\"name\":\"A\\ud83d\"}"},
    {"unknown game", SK_REASON_GAME_UNKNOWN, "{" NAME ",\"game\":\"aren\"}"},
    {"game is a number", SK_REASON_REQUEST_BAD, "{" NAME ",\"game\":1}"},
    {"code of 5", SK_REASON_ROOM_UNKNOWN, "{" NAME ",\"room\":\"K3V9Q\"}"},
    {"code of 7", SK_REASON_ROOM_UNKNOWN, "{" NAME ",\"room\":\"K3V9QZZ\"}"},
    {"empty code", SK_REASON_ROOM_UNKNOWN, "{" NAME ",\"room\":\"\"}"},
    {"code is a number", SK_REASON_REQUEST_BAD, "{" NAME ",\"room\":123456}"},
    {"create is a number", SK_REASON_REQUEST_BAD, "{" NAME ",\"create\":1}"},
    {"create and room", SK_REASON_REQUEST_BAD, "{" NAME ",\"create\":true,\"room\":\"K3V9QZ\"}"},
    {"public is a text", SK_REASON_REQUEST_BAD, "{" NAME ",\"create\":true,\"public\":\"no\"}"},
    {"quick and private", SK_REASON_REQUEST_BAD, "{" NAME ",\"public\":false}"},
    {"quick and password", SK_REASON_REQUEST_BAD, "{" NAME ",\"password\":\"x\"}"},
    {"password is a number", SK_REASON_REQUEST_BAD, "{" NAME ",\"create\":true,\"password\":1}"},
    {"65 bytes of password", SK_REASON_REQUEST_BAD,
     "{" NAME ",\"create\":true,\"password\":\"12345678901234567890123456789012"
     "123456789012345678901234567890123\"}"},
    {"spectate is a number", SK_REASON_REQUEST_BAD, "{" NAME ",\"spectate\":0}"},
    {"no seats", SK_REASON_REQUEST_BAD, "{" NAME ",\"players_max\":0}"},
    {"1025 seats", SK_REASON_REQUEST_BAD, "{" NAME ",\"players_max\":1025}"},
    {"-1 seats", SK_REASON_REQUEST_BAD, "{" NAME ",\"players_max\":-1}"},
    {"half a seat", SK_REASON_REQUEST_BAD, "{" NAME ",\"players_max\":2.5}"},
    {"infinite seats", SK_REASON_REQUEST_BAD, "{" NAME ",\"players_max\":1e999}"},
    {"seats are a text", SK_REASON_REQUEST_BAD, "{" NAME ",\"players_max\":\"2\"}"},
    {"options are a list", SK_REASON_REQUEST_BAD, "{" NAME ",\"options\":[]}"},
    {"unknown option", SK_REASON_REQUEST_BAD, "{" NAME ",\"options\":{\"scores\":5}}"},
    {"option of another game", SK_REASON_REQUEST_BAD,
     "{" NAME ",\"game\":\"orbs\",\"options\":{\"round_seconds\":60}}"},
    {"an option twice", SK_REASON_REQUEST_BAD, "{" NAME ",\"options\":{\"score\":5,\"score\":6}}"},
    {"option is a text", SK_REASON_REQUEST_BAD, "{" NAME ",\"options\":{\"score\":\"5\"}}"},
    {"option of 2^32 - 1", SK_REASON_REQUEST_BAD, "{" NAME ",\"options\":{\"score\":4294967295}}"},
    {"resume and name", SK_REASON_REQUEST_BAD, "{" NAME ",\"resume\":\"0123\"}"},
    {"resume, transports and name", SK_REASON_REQUEST_BAD,
     "{" NAME ",\"resume\":\"0123\",\"transports\":[\"enet\"]}"},
    {"transports are a text", SK_REASON_REQUEST_BAD, "{" NAME ",\"transports\":\"enet\"}"},
    {"a transport is a number", SK_REASON_REQUEST_BAD, "{" NAME ",\"transports\":[\"enet\",1]}"},
    {"transports twice", SK_REASON_REQUEST_BAD, "{" NAME ",\"transports\":[],\"transports\":[]}"},
    {"empty resume", SK_REASON_TICKET_MALFORMED, "{\"resume\":\"\"}"},
    {"resume is a number", SK_REASON_TICKET_MALFORMED, "{\"resume\":1}"},
};

static void test_api_parse_one_fault_is_refused(void **state)
{
    struct api_join join;
    (void)state;
    assert_int_equal(parse("{" NAME "}", &join), SK_REASON_NONE);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        print_message("  %s\n", faults[i].fault);
        assert_string_equal(sk_reason_word(parse(faults[i].body, &join)),
                            sk_reason_word(faults[i].want));
    }
}

static void test_api_parse_long_resume_is_refused(void **state)
{
    char body[SK_TICKET_BYTES_MAX + 32] = "{\"resume\":\"";
    struct api_join join;
    (void)state;
    size_t start = strlen(body);
    memset(body + start, 'a', SK_TICKET_BYTES_MAX);
    memcpy(body + start + SK_TICKET_BYTES_MAX, "\"}", 3);
    assert_int_equal(parse(body, &join), SK_REASON_NONE);
    assert_int_equal(join.resume_bytes, SK_TICKET_BYTES_MAX);
    memcpy(body + start + SK_TICKET_BYTES_MAX, "a\"}", 4);
    assert_int_equal(parse(body, &join), SK_REASON_TICKET_MALFORMED);
}

static void test_api_parse_body_over_the_limit_is_refused(void **state)
{
    static char body[SK_HTTP_BODY_BYTES_MAX + 2];
    struct api_join join;
    (void)state;
    memset(body, ' ', SK_HTTP_BODY_BYTES_MAX + 1);
    memcpy(body, "{\"name\":\"A\"}", 12);
    body[SK_HTTP_BODY_BYTES_MAX] = '\0';
    assert_int_equal(parse(body, &join), SK_REASON_NONE);
    body[SK_HTTP_BODY_BYTES_MAX] = ' ';
    assert_int_equal(parse(body, &join), SK_REASON_HTTP_TOO_BIG);
}

static void test_api_parse_deep_nesting_is_survived(void **state)
{
    static char body[SK_HTTP_BODY_BYTES_MAX + 1];
    struct api_join join;
    (void)state;
    memset(body, '[', SK_HTTP_BODY_BYTES_MAX);
    assert_int_equal(parse(body, &join), SK_REASON_REQUEST_BAD);
}

static int allocations_left;

static void *allocate_some(size_t size)
{
    if (allocations_left-- > 0) {
        return malloc(size);
    }
    errno = ENOMEM;
    return NULL;
}

static void test_api_parse_without_memory_is_busy(void **state)
{
    cJSON_Hooks hooks = {allocate_some, free};
    enum sk_reason reason = SK_REASON_SERVER_BUSY;
    struct api_join join;
    int count = 0;
    (void)state;
    cJSON_InitHooks(&hooks);
    for (; reason == SK_REASON_SERVER_BUSY; count++) {
        allocations_left = count;
        reason = parse("{\"name\":\"Ada\",\"options\":{\"score\":50}}", &join);
    }
    cJSON_InitHooks(NULL);
    assert_int_equal(reason, SK_REASON_NONE);
    assert_true(count > 5);
    errno = ENOMEM; /* of long ago */
    assert_int_equal(parse("{", &join), SK_REASON_REQUEST_BAD);
}

static void test_api_parse_cut_anywhere_reads_no_byte_behind(void **state)
{
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    struct api_join join;
    (void)state;
    for (size_t size = 0; size <= strlen(ALL_FIELDS); size++) {
        struct end_of_page page = end_of_page_copy(ALL_FIELDS, size);
        enum sk_reason want = size == strlen(ALL_FIELDS) ? SK_REASON_NONE : SK_REASON_REQUEST_BAD;
        assert_int_equal(api_parse_join(&config, (const char *)page.bytes, size, &join), want);
        end_of_page_free(&page);
    }
}

static const struct api_grant a_grant = {.code = "K3V9QZ..",
                                         .game = "arena",
                                         .ws = "ws://[::1]:7777/ws",
                                         .content = "/content/arena-01",
                                         .module = "/module/arena-02.wasm",
                                         .ticket = "0a1b..",
                                         .ticket_bytes = 4,
                                         .expires_s = 10,
                                         .players_max = 16};
#define GRANT_TEXT                                                                                 \
    "{\"room\":\"K3V9QZ\",\"game\":\"arena\",\"ws\":\"ws://[::1]:7777/ws\",\"ticket\":\"0a1b\","   \
    "\"expires_s\":10,\"players_max\":16,\"content\":\"/content/arena-01\",\"module\":\"/module/"  \
    "arena-02.wasm\"}"

static void test_api_render_grant_names_all_that_a_client_needs(void **state)
{
    char out[512];
    (void)state;
    assert_int_equal(api_render_grant(&a_grant, out, sizeof(out)), strlen(GRANT_TEXT));
    assert_string_equal(out, GRANT_TEXT);
}

static void test_api_render_grant_without_content_says_so(void **state)
{
    struct api_grant grant = a_grant;
    char out[512];
    (void)state;
    grant.content = "";
    grant.module = "";
    assert_true(api_render_grant(&grant, out, sizeof(out)) > 0);
    assert_non_null(strstr(out, "\"content\":\"\""));
    assert_non_null(strstr(out, "\"module\":null"));
}

static void test_api_render_grant_gives_keys_as_digits(void **state)
{
    struct sk_sealed_keys pair;
    struct api_enet enet = {.address = "[::1]:7", .session = 4294967041u, .keys = &pair};
    struct api_grant grant = a_grant;
    char out[1024];
    (void)state;
    for (uint32_t i = 0; i < SK_AEAD_KEY_BYTES; i++) {
        pair.send[i] = (uint8_t)(0xe1 + i);
        pair.receive[i] = (uint8_t)i;
    }
    grant.enet = &enet;
    assert_true(api_render_grant(&grant, out, sizeof(out)) > 0);
    assert_non_null(strstr(
        out, "\"enet\":{\"address\":\"[::1]:7\",\"session\":4294967041,"
             "\"send_key\":\"e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff00\","
             "\"receive_key\":"
             "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"}}"));
}

static void test_api_render_into_too_little_is_full(void **state)
{
    char out[512];
    (void)state;
    for (size_t capacity = 0; capacity <= strlen(GRANT_TEXT); capacity++) {
        out[capacity] = '#';
        assert_int_equal(api_render_grant(&a_grant, out, capacity), SK_ERR_FULL);
        assert_int_equal(out[capacity], '#');
    }
}

/* The room says that all who have a ticket came, and that two bots play. */
static void tell_taken(struct lobby *lobby, const struct lobby_room *room)
{
    struct lobby_room_state state = {.occupancy = {.claim_count = 1, .bot_count = 2}};
    for (uint32_t i = 0; i < room->players_max; i++) {
        if (room->seats[i].state != LOBBY_SEAT_FREE) {
            room_occupancy_add(&state.occupancy, i);
        }
    }
    lobby_on_room_state(lobby, room->id, room->epoch, &state, 0);
}

static struct lobby_grant join(struct lobby *lobby, const char *body)
{
    struct api_join parsed;
    struct lobby_grant grant;
    assert_int_equal(parse(body, &parsed), SK_REASON_NONE);
    assert_int_equal(lobby_join(lobby, &parsed.request, 0, &grant), SK_REASON_NONE);
    tell_taken(lobby, grant.room);
    return grant;
}

static const struct api_page whole = {0, API_ROOMS_A_PAGE_MAX};

static int rows_of(const char *list)
{
    int rows = 0;
    for (const char *at = list; (at = strstr(at, "\"game\"")) != NULL; at++) {
        rows++;
    }
    return rows;
}

static void test_api_render_rooms_lists_public_ones(void **state)
{
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    struct lobby *lobby = lobby_create(&config);
    char out[2048];
    char want[512];
    (void)state;
    assert_int_equal(api_render_rooms(lobby, &whole, out, sizeof(out)),
                     strlen("{\"rooms\":[],\"total\":0}"));
    assert_string_equal(out, "{\"rooms\":[],\"total\":0}");
    struct lobby_grant open = join(lobby, "{\"name\":\"A\"}");
    join(lobby, "{\"name\":\"A\",\"create\":true,\"public\":false}");
    struct lobby_grant locked = join(lobby, "{\"name\":\"A\",\"create\":true,\"password\":\"x\","
                                            "\"players_max\":2,\"options\":{\"score\":50}}");
    assert_true(api_render_rooms(lobby, &whole, out, sizeof(out)) > 0);
    snprintf(want, sizeof(want),
             "{\"rooms\":[{\"room\":\"%.6s\",\"game\":\"arena\",\"players\":1,\"bots\":2,"
             "\"players_max\":32,\"state\":\"open\",\"locked\":false,"
             "\"options\":{\"round_seconds\":180,\"score\":20}},"
             "{\"room\":\"%.6s\",\"game\":\"arena\",\"players\":1,\"bots\":2,"
             "\"players_max\":2,\"state\":\"open\",\"locked\":true,"
             "\"options\":{\"round_seconds\":180,\"score\":50}}],\"total\":2}",
             open.room->code, locked.room->code);
    assert_string_equal(out, want);
    lobby_destroy(lobby);
}

static void test_api_render_rooms_of_a_full_room_says_so(void **state)
{
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    struct lobby *lobby = lobby_create(&config);
    char out[1024];
    (void)state;
    join(lobby, "{\"name\":\"A\",\"players_max\":2}");
    join(lobby, "{\"name\":\"B\",\"players_max\":2}");
    assert_true(api_render_rooms(lobby, &whole, out, sizeof(out)) > 0);
    assert_non_null(strstr(out, "\"players\":2,\"bots\":2,\"players_max\":2,\"state\":\"full\""));
    lobby_destroy(lobby);
}

/* As long as they get: sk_game_check() bounds the names. */
static void test_api_render_rooms_of_the_longest_rows_fit(void **state)
{
    static const char name[] = "an_option_24_characters_";
    const char *names[LOBBY_OPTIONS_MAX];
    uint32_t maxes[LOBBY_OPTIONS_MAX];
    const uint32_t zeros[LOBBY_OPTIONS_MAX] = {0};
    for (uint32_t i = 0; i < LOBBY_OPTIONS_MAX; i++) {
        names[i] = name;
        maxes[i] = LOBBY_NO_OPTION - 1;
    }
    const struct lobby_game game = {"a-game-whose-name-is-32-bytes-no",
                                    2,
                                    1024,
                                    LOBBY_OPTIONS_MAX,
                                    names,
                                    zeros,
                                    maxes,
                                    maxes,
                                    NULL};
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    config.games = &game;
    config.game_count = 1;
    struct lobby *lobby = lobby_create(&config);
    struct lobby_request request = {
        .name = "A", .name_bytes = 1, .create = true, .is_public = true};
    char out[2 * API_ROOM_BYTES_MAX];
    struct lobby_grant grant;
    (void)state;
    memset(request.options, 0xff, sizeof(request.options));
    assert_int_equal(lobby_join(lobby, &request, 0, &grant), SK_REASON_NONE);
    int bytes = api_render_rooms(lobby, &whole, out, sizeof(out));
    assert_in_range(bytes, LOBBY_OPTIONS_MAX * sizeof(name), API_ROOM_BYTES_MAX);
    lobby_destroy(lobby);
}

static void test_api_render_rooms_stops_before_the_end_of_the_buffer(void **state)
{
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    struct lobby *lobby = lobby_create(&config);
    char out[3 * API_ROOM_BYTES_MAX];
    (void)state;
    for (int i = 0; i < 8; i++) {
        join(lobby, "{\"name\":\"A\",\"create\":true}");
    }
    assert_true(api_render_rooms(lobby, &whole, out, sizeof(out)) > 0);
    assert_int_equal(rows_of(out), 2);
    assert_non_null(strstr(out, "\"total\":8,\"next\":\"1\"}"));
    lobby_destroy(lobby);
}

#define GAMES_TEXT                                                                                 \
    "{\"games\":[{\"game\":\"arena\",\"content\":\"/content/arena-1\","                            \
    "\"players_min\":2,\"players_max\":32,\"options\":["                                           \
    "{\"name\":\"round_seconds\",\"min\":30,\"max\":900,\"default\":180},"                         \
    "{\"name\":\"score\",\"min\":1,\"max\":100,\"default\":20}]},"                                 \
    "{\"game\":\"orbs\",\"content\":\"\",\"players_min\":2,\"players_max\":1024,\"options\":["     \
    "{\"name\":\"score\",\"min\":1,\"max\":100,\"default\":20}]}]}"

static void test_api_render_games_names_their_options(void **state)
{
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    char out[1024];
    (void)state;
    assert_true(api_render_games(&config, out, sizeof(out)) > 0);
    assert_string_equal(out, GAMES_TEXT);
    for (size_t capacity = 0; capacity <= strlen(GAMES_TEXT); capacity++) {
        assert_int_equal(api_render_games(&config, out, capacity), SK_ERR_FULL);
    }
}

/* Every room that lives all the while is on exactly one page, though others come and go. */
static void test_api_render_rooms_pages_are_the_whole_list(void **state)
{
    uint64_t bits = 0;
    struct lobby_config config = make_config(&bits);
    struct lobby *lobby = lobby_create(&config);
    struct lobby_grant rooms[5];
    char out[2048];
    (void)state;
    for (int i = 0; i < 5; i++) {
        rooms[i] = join(lobby, i == 1 ? "{\"name\":\"A\",\"create\":true,\"public\":false}"
                                      : "{\"name\":\"A\",\"create\":true}");
    }
    assert_true(api_render_rooms(lobby, &(struct api_page){0, 2}, out, sizeof(out)) > 0);
    assert_int_equal(rows_of(out), 2);
    assert_non_null(strstr(out, "\"total\":4,\"next\":\"2\"}"));
    lobby_on_room_gone(lobby, rooms[2].room->id, rooms[2].room->epoch);
    assert_true(api_render_rooms(lobby, &(struct api_page){3, 2}, out, sizeof(out)) > 0);
    assert_int_equal(rows_of(out), 2);
    assert_non_null(strstr(out, "\"total\":3}"));
    assert_true(api_render_rooms(lobby, &(struct api_page){99, 2}, out, sizeof(out)) > 0);
    assert_string_equal(out, "{\"rooms\":[],\"total\":3}");
    lobby_destroy(lobby);
}

static void test_api_parse_page_one_fault_is_refused(void **state)
{
    static const struct {
        const char *query;
        enum sk_reason want;
        struct api_page page;
    } rows[] = {
        {"", SK_REASON_NONE, {0, API_ROOMS_A_PAGE_MAX}},
        {"after=254&limit=10", SK_REASON_NONE, {255, 10}},
        {"limit=1&other=x", SK_REASON_NONE, {0, 1}},
        {"limit=100000", SK_REASON_NONE, {0, API_ROOMS_A_PAGE_MAX}},
        {"limit=0", SK_REASON_REQUEST_BAD, {0, 0}},
        {"limit=", SK_REASON_REQUEST_BAD, {0, 0}},
        {"limit=-1", SK_REASON_REQUEST_BAD, {0, 0}},
        {"limit=1x", SK_REASON_REQUEST_BAD, {0, 0}},
        {"limit=99999999999999999999999999", SK_REASON_REQUEST_BAD, {0, 0}},
        {"limit=%zz", SK_REASON_REQUEST_BAD, {0, 0}},
        {"after=K3V9QZ", SK_REASON_REQUEST_BAD, {0, 0}},
        {"after=4294967296", SK_REASON_REQUEST_BAD, {0, 0}},
        {"after=", SK_REASON_REQUEST_BAD, {0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct api_page page;
        print_message("  %s\n", rows[i].query);
        assert_int_equal(api_parse_page(sk_text_of(rows[i].query), &page), rows[i].want);
        if (rows[i].want == SK_REASON_NONE) {
            assert_int_equal(page.from, rows[i].page.from);
            assert_int_equal(page.limit, rows[i].page.limit);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_api_parse_all_fields_are_read),
        cmocka_unit_test(test_api_parse_name_alone_is_a_public_quick_join),
        cmocka_unit_test(test_api_parse_options_follow_the_game_wherever_it_stands),
        cmocka_unit_test(test_api_parse_code_becomes_upper_case),
        cmocka_unit_test(test_api_parse_resume_stands_alone),
        cmocka_unit_test(test_api_parse_transports_say_who_can_speak_enet),
        cmocka_unit_test(test_api_parse_name_is_trimmed_and_may_be_any_script),
        cmocka_unit_test(test_api_parse_longest_name_fits),
        cmocka_unit_test(test_api_parse_one_fault_is_refused),
        cmocka_unit_test(test_api_parse_long_resume_is_refused),
        cmocka_unit_test(test_api_parse_body_over_the_limit_is_refused),
        cmocka_unit_test(test_api_parse_deep_nesting_is_survived),
        cmocka_unit_test(test_api_parse_cut_anywhere_reads_no_byte_behind),
        cmocka_unit_test(test_api_parse_without_memory_is_busy),
        cmocka_unit_test(test_api_render_grant_names_all_that_a_client_needs),
        cmocka_unit_test(test_api_render_grant_without_content_says_so),
        cmocka_unit_test(test_api_render_grant_gives_keys_as_digits),
        cmocka_unit_test(test_api_render_into_too_little_is_full),
        cmocka_unit_test(test_api_render_rooms_lists_public_ones),
        cmocka_unit_test(test_api_render_rooms_of_a_full_room_says_so),
        cmocka_unit_test(test_api_render_rooms_of_the_longest_rows_fit),
        cmocka_unit_test(test_api_render_rooms_stops_before_the_end_of_the_buffer),
        cmocka_unit_test(test_api_render_games_names_their_options),
        cmocka_unit_test(test_api_render_rooms_pages_are_the_whole_list),
        cmocka_unit_test(test_api_parse_page_one_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
