/* fuzz_join_request.c - the body of POST /api/join and the query of GET /api/rooms: what is taken
 * is within the lobby's limits. */
#include <string.h>

#include "api.h"
#include "base/assert.h"
#include "net/utf8.h"

static const char *const option_names[] = {"round_seconds", "score"};
static const uint32_t option_limits[] = {1, 100};

static const struct lobby_game games[] = {
    {"arena", 2, 32, 2, option_names, option_limits, option_limits, option_limits, NULL},
    {"orbs", 2, 1024, 0, NULL, NULL, NULL, NULL, NULL},
};

static void check(const struct api_join *join)
{
    const struct lobby_request *request = &join->request;
    SK_ASSERT(join->resume_bytes > 0 || request->name_bytes > 0);
    SK_ASSERT(join->resume_bytes <= SK_TICKET_BYTES_MAX);
    SK_ASSERT(request->name_bytes <= SK_NAME_BYTES_MAX);
    SK_ASSERT(sk_utf8_is_text((const uint8_t *)join->name, request->name_bytes));
    SK_ASSERT(request->code_bytes == 0 || request->code_bytes == SK_CODE_BYTES);
    SK_ASSERT(request->password_bytes <= SK_PASSWORD_BYTES_MAX);
    SK_ASSERT(request->players_max <= SK_PLAYERS_MAX);
    SK_ASSERT(request->game_bytes == 0 || memchr("ao", request->game[0], 2) != NULL);
}

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct lobby_config config = {.games = games, .game_count = 2};
    struct api_join join;
    enum sk_reason reason = api_parse_join(&config, (const char *)bytes, size, &join);
    SK_ASSERT(reason < SK_REASON_COUNT);
    if (reason == SK_REASON_NONE) {
        check(&join);
    }
    struct api_page page;
    if (api_parse_page((struct sk_text){(const char *)bytes, size}, &page) == SK_REASON_NONE) {
        SK_ASSERT(page.limit > 0 && page.limit <= API_ROOMS_A_PAGE_MAX);
    }
    return 0;
}
