/* client_retry.c - see client_retry.h. */
#include "client/client_retry.h"

#include <stddef.h>

#include "base/hash.h"

enum { FIRST_US_MAX = 500000, DOUBLINGS_MAX = 4 /* 500 ms << 4 is 8 s */ };

static const enum sk_reason final_reasons[] = {
    SK_REASON_KICKED,           SK_REASON_DISPLACED,     SK_REASON_ROOM_CLOSED,
    SK_REASON_ROOM_FAILED,      SK_REASON_ROOM_UNKNOWN,  SK_REASON_SEAT_GONE,
    SK_REASON_VERSION,          SK_REASON_LAYOUT,        SK_REASON_CODE,
    SK_REASON_TICKET_MALFORMED, SK_REASON_TICKET_FORGED, SK_REASON_TICKET_EXPIRED,
    SK_REASON_TICKET_USED,      SK_REASON_LEFT,
};

static const enum sk_reason blame_reasons[] = {
    SK_REASON_INPUT_FUTURE,
    SK_REASON_RATE_LIMIT,
    SK_REASON_SLOW_READER,
};

static const enum sk_reason passing_reasons[] = {
    SK_REASON_PEER_GONE, SK_REASON_HEAD_TIMEOUT,  SK_REASON_SERVER_BUSY,    SK_REASON_JOIN_RATE,
    SK_REASON_TLS_BUSY,  SK_REASON_ADDRESS_LIMIT, SK_REASON_TICKET_EXPIRED, SK_REASON_SEAT_GONE,
};

void sk_client_retry_reset(struct sk_client_retry *retry)
{
    retry->attempt_count = 0;
}

uint64_t sk_client_retry_bound_us(uint32_t attempt)
{
    if (attempt == 0) {
        return 0;
    }
    uint32_t doublings = attempt - 1 < DOUBLINGS_MAX ? attempt - 1 : DOUBLINGS_MAX;
    return (uint64_t)FIRST_US_MAX << doublings;
}

uint64_t sk_client_retry_next_us(struct sk_client_retry *retry)
{
    uint32_t attempt = retry->attempt_count++;
    return sk_mix(retry->seed ^ sk_mix(attempt)) % (sk_client_retry_bound_us(attempt) + 1);
}

static bool is_among(const enum sk_reason *reasons, size_t count, enum sk_reason reason)
{
    for (size_t i = 0; i < count; i++) {
        if (reasons[i] == reason) {
            return true;
        }
    }
    return false;
}

bool sk_client_retry_is_final(enum sk_reason reason)
{
    return is_among(final_reasons, sizeof(final_reasons) / sizeof(final_reasons[0]), reason);
}

/* What breaks the protocol is such a reason too, and so is what a stall can bring about: that alone
 * comes seldom enough. */
bool sk_client_retry_is_blame(enum sk_reason reason)
{
    size_t count = sizeof(blame_reasons) / sizeof(blame_reasons[0]);
    return sk_reason_is_fault(reason) || is_among(blame_reasons, count, reason);
}

bool sk_client_retry_on_end(struct sk_client_retry *retry, enum sk_reason reason,
                            uint64_t played_us)
{
    if (played_us >= SK_RETRY_BLAMELESS_MS * (uint64_t)1000) {
        retry->blame_count = 0;
    }
    if (sk_client_retry_is_final(reason)) {
        return false;
    }
    if (!sk_client_retry_is_blame(reason)) {
        return true;
    }
    if (retry->attempt_count < retry->blame_count) {
        retry->attempt_count = retry->blame_count;
    }
    retry->blame_count++;
    return retry->blame_count < SK_RETRY_BLAMES_MAX;
}

bool sk_client_retry_is_passing(enum sk_reason reason)
{
    return is_among(passing_reasons, sizeof(passing_reasons) / sizeof(passing_reasons[0]), reason);
}
