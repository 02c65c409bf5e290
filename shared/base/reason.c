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

bool sk_reason_is_fault(enum sk_reason reason)
{
    static const uint16_t faults[] = {
        SK_REASON_WS_PROTOCOL, SK_REASON_WS_UNSUPPORTED, SK_REASON_WS_UTF8,
        SK_REASON_WS_TOO_BIG,  SK_REASON_WS_FRAGMENTS,   SK_REASON_TLS,
        SK_REASON_MALFORMED,   SK_REASON_HELLO_EXPECTED, SK_REASON_HELLO_TWICE,
        SK_REASON_INPUT_RANGE, SK_REASON_ACK_UNKNOWN,    SK_REASON_COMMAND_REFUSED};
    for (uint32_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        if (faults[i] == (unsigned)reason) {
            return true;
        }
    }
    return false;
}
