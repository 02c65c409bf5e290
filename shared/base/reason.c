/* reason.c - the rows of reason.h as one constant table. */
#include "base/reason.h"

struct reason_row {
    const char *word;
    const char *sentence;
    uint16_t ws_code;
    uint16_t http_status;
};

#define ROW(name, word, ws, http, sentence) {word, sentence, ws, http},
static const struct reason_row rows[] = {SK_REASONS(ROW)};
#undef ROW

static const struct reason_row unknown = {"unknown", "unknown", 1011, 500};

static const struct reason_row *row_of(enum sk_reason reason)
{
    return (unsigned)reason < SK_REASON_COUNT ? &rows[reason] : &unknown;
}

const char *sk_reason_word(enum sk_reason reason)
{
    return row_of(reason)->word;
}

const char *sk_reason_sentence(enum sk_reason reason)
{
    return row_of(reason)->sentence;
}

uint16_t sk_reason_ws_code(enum sk_reason reason)
{
    return row_of(reason)->ws_code;
}

uint16_t sk_reason_http_status(enum sk_reason reason)
{
    return row_of(reason)->http_status;
}
