/* response.c - see response.h. */
#include "http/response.h"

#include <stdio.h>

#include "base/assert.h"

/* The words behind a status, "Not Found"; "Status" for one that is none of ours. */
static const char *status_words(uint16_t status)
{
    static const struct {
        uint16_t status;
        const char *words;
    } rows[] = {
        {200, "OK"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {421, "Misdirected Request"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].status == status) {
            return rows[i].words;
        }
    }
    return "Status";
}

/* Whether an answer of this status never has a body, not even an empty one (RFC 9110, 6.4.1). */
static bool is_bodiless(uint16_t status)
{
    return status == 204 || status == 304 || status < 200;
}

size_t http_response_head(const struct http_response *response, bool keeps, char *out,
                          size_t capacity)
{
    char length[40] = "";
    if (!is_bodiless(response->status)) {
        (void)snprintf(length, sizeof(length), "content-length: %zu\r\n", response->body_bytes);
    }
    int bytes = snprintf(
        out, capacity, "HTTP/1.1 %u %s\r\n%s%s%s%s%s%s\r\n", response->status,
        status_words(response->status), response->type != NULL ? "content-type: " : "",
        response->type != NULL ? response->type : "", response->type != NULL ? "\r\n" : "", length,
        response->headers != NULL ? response->headers : "", keeps ? "" : "connection: close\r\n");
    SK_ASSERT(bytes > 0 && (size_t)bytes < capacity);
    return (size_t)bytes;
}

/* Words and sentences are ours and hold nothing that JSON escapes. */
size_t http_reason_body(enum sk_reason reason, char body[HTTP_REASON_BODY_BYTES_MAX])
{
    int bytes =
        snprintf(body, HTTP_REASON_BODY_BYTES_MAX, "{\"error\":\"%s\",\"message\":\"%s\"}\n",
                 sk_reason_word(reason), sk_reason_sentence(reason));
    SK_ASSERT(bytes > 0 && bytes < HTTP_REASON_BODY_BYTES_MAX);
    return (size_t)bytes;
}

const char *http_headers_of_status(uint16_t status)
{
    bool may_retry = status == 429 || status == 503;
    return may_retry ? "cache-control: no-store\r\nretry-after: 1\r\n"
                     : "cache-control: no-store\r\n";
}

struct http_response http_response_of_reason(enum sk_reason reason,
                                             char body[HTTP_REASON_BODY_BYTES_MAX])
{
    size_t bytes = http_reason_body(reason, body);
    uint16_t status = sk_reason_http_status(reason);
    return (struct http_response){.status = status,
                                  .type = "application/json",
                                  .headers = http_headers_of_status(status),
                                  .body = (const uint8_t *)body,
                                  .body_bytes = bytes};
}
