/* http_head.c - see http_head.h.
 *
 * A head that sk_http_head_end() has measured consists of lines that end in CRLF, the last of them
 * empty, without any other control character than tab.  next_line() relies on that and checks it
 * again, so that a caller who skipped the first step gets an error and no fault.
 */
#include "net/http_head.h"

#include "base/assert.h"
#include "net/http_host.h"

static bool is_token_byte(char byte)
{
    static const char others[] = "!#$%&'*+-.^_`|~"; /* RFC 9110, 5.6.2 */
    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
        (byte >= 'a' && byte <= 'z')) {
        return true;
    }
    return byte != '\0' && sk_text_find(sk_text_of(others), byte) < sizeof(others) - 1;
}

static bool is_token(struct sk_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_token_byte(text.bytes[i])) {
            return false;
        }
    }
    return text.size > 0;
}

static bool is_control_byte(uint8_t byte)
{
    return (byte < ' ' && byte != '\t') || byte == 0x7f;
}

/* Whether byte `at` may stand there, judged by it and the one before. */
static bool fits(const uint8_t *bytes, size_t at)
{
    bool after_cr = at > 0 && bytes[at - 1] == '\r';
    if (after_cr || bytes[at] == '\n') {
        return after_cr && bytes[at] == '\n';
    }
    return bytes[at] == '\r' || !is_control_byte(bytes[at]);
}

static bool ends_head(const uint8_t *bytes, size_t at)
{
    return at >= 3 && bytes[at] == '\n' && bytes[at - 2] == '\n';
}

int sk_http_head_end(const uint8_t *bytes, size_t size, size_t seen_bytes)
{
    SK_ASSERT(seen_bytes <= size);
    size_t limit = size < SK_HTTP_HEAD_BYTES_MAX ? size : SK_HTTP_HEAD_BYTES_MAX;
    for (size_t at = seen_bytes; at < limit; at++) {
        if (!fits(bytes, at)) {
            return SK_ERR_PROTOCOL;
        }
        if (ends_head(bytes, at)) {
            return (int)at + 1;
        }
    }
    return size >= SK_HTTP_HEAD_BYTES_MAX ? SK_ERR_TOO_BIG : SK_ERR_AGAIN;
}

/* Takes the next line, without its CRLF, off the head.  Returns false when there is none. */
static bool next_line(struct sk_text *head, struct sk_text *line)
{
    size_t end = sk_text_find(*head, '\n');
    if (end == head->size || end == 0 || head->bytes[end - 1] != '\r') {
        return false;
    }
    *line = sk_text_first(*head, end - 1);
    *head = sk_text_from(*head, end + 1);
    return true;
}

static bool value_is_clean(struct sk_text value)
{
    for (size_t i = 0; i < value.size; i++) {
        if (is_control_byte((uint8_t)value.bytes[i])) {
            return false;
        }
    }
    return true;
}

static int parse_header(struct sk_http_headers *headers, struct sk_text line)
{
    size_t colon = sk_text_find(line, ':');
    struct sk_text name = {line.bytes, colon};
    if (colon == line.size || !is_token(name)) {
        return SK_ERR_PROTOCOL; /* also a folded line: its first byte is a blank */
    }
    struct sk_text value = {line.bytes + colon + 1, line.size - colon - 1};
    if (!value_is_clean(value)) {
        return SK_ERR_PROTOCOL;
    }
    if (headers->count == SK_HTTP_HEADERS_MAX) {
        return SK_ERR_TOO_BIG;
    }
    headers->rows[headers->count++] = (struct sk_http_header){name, sk_text_trim(value)};
    return SK_OK;
}

static int parse_headers(struct sk_http_headers *headers, struct sk_text *head)
{
    struct sk_text line;
    while (next_line(head, &line)) {
        if (line.size == 0) {
            return head->size == 0 ? SK_OK : SK_ERR_PROTOCOL;
        }
        int result = parse_header(headers, line);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_ERR_PROTOCOL; /* no blank line */
}

/* Reads content-length, which must stand there at most once (RFC 9112, 6.3). */
static int parse_length(const struct sk_http_headers *headers, uint64_t *body_bytes)
{
    const struct sk_text *value = sk_http_header_find(headers, "content-length");
    if (value == NULL) {
        return SK_OK;
    }
    unsigned long long number = 0;
    if (sk_http_header_count(headers, "content-length") > 1 || !sk_text_number(*value, &number)) {
        return SK_ERR_PROTOCOL;
    }
    *body_bytes = number;
    return SK_OK;
}

/* "HTTP/1.0" or "HTTP/1.1". */
static bool parse_version(struct sk_text version, bool *is_newer)
{
    *is_newer = sk_text_is(version, "HTTP/1.1");
    return *is_newer || sk_text_is(version, "HTTP/1.0");
}

static bool target_is_clean(struct sk_text target)
{
    for (size_t i = 0; i < target.size; i++) {
        uint8_t byte = (uint8_t)target.bytes[i];
        if (byte <= ' ' || byte >= 0x7f || byte == '#') {
            return false;
        }
    }
    return target.size > 0;
}

static void split_target(struct sk_http_request *request, struct sk_text target)
{
    size_t mark = sk_text_find(target, '?');
    request->path = mark > 0 ? sk_text_first(target, mark) : sk_text_of("/");
    request->query = sk_text_after(target, '?');
}

/* A path, or a URL of which the path may be missing (RFC 9112, 3.2.1 and 3.2.2). */
static bool parse_target(struct sk_http_request *request, struct sk_text target)
{
    struct sk_text rest = target;
    struct sk_http_host host;
    if (!target_is_clean(target)) {
        return false;
    }
    if (target.bytes[0] != '/' && (!sk_http_url_split(target, &request->host, &rest) ||
                                   sk_http_host_parse(request->host, &host) != SK_OK)) {
        return false;
    }
    split_target(request, rest);
    return true;
}

/* method SP target SP version, with exactly one blank each (RFC 9112, 3). */
static int parse_request_line(struct sk_http_request *request, struct sk_text line, bool *is_newer)
{
    size_t first = sk_text_find(line, ' ');
    if (first == line.size) {
        return SK_ERR_PROTOCOL;
    }
    struct sk_text rest = sk_text_from(line, first + 1);
    size_t second = sk_text_find(rest, ' ');
    if (second == rest.size) {
        return SK_ERR_PROTOCOL;
    }
    struct sk_text target = sk_text_first(rest, second);
    struct sk_text version = sk_text_from(rest, second + 1);
    request->method = sk_text_first(line, first);
    bool fits = is_token(request->method) && parse_target(request, target) &&
                parse_version(version, is_newer);
    return fits ? SK_OK : SK_ERR_PROTOCOL;
}

/* One Host, which HTTP/1.0 may leave out and which may be empty (RFC 9112, 3.2); a target's own
 * host stands. */
static bool parse_host(struct sk_http_request *request, bool is_newer)
{
    struct sk_http_host host;
    uint32_t count = sk_http_header_count(&request->headers, "host");
    if (count == 0) {
        return !is_newer;
    }
    struct sk_text given = *sk_http_header_find(&request->headers, "host");
    if (count > 1 || (given.size > 0 && sk_http_host_parse(given, &host) != SK_OK)) {
        return false;
    }
    request->host = request->host.size > 0 ? request->host : given;
    return true;
}

/* What the headers say about the connection and the body. */
static int judge_request(struct sk_http_request *request, bool is_newer)
{
    const struct sk_http_headers *headers = &request->headers;
    if (!parse_host(request, is_newer)) {
        return SK_ERR_PROTOCOL;
    }
    request->wants_continue = is_newer && sk_http_header_has(headers, "expect", "100-continue");
    request->keep_alive = is_newer && !sk_http_header_has(headers, "connection", "close");
    request->body_is_chunked = sk_http_header_find(headers, "transfer-encoding") != NULL;
    bool has_length = sk_http_header_find(headers, "content-length") != NULL;
    if (request->body_is_chunked && has_length) {
        return SK_ERR_PROTOCOL; /* request smuggling: RFC 9112, 6.1 */
    }
    return parse_length(headers, &request->body_bytes);
}

int sk_http_request_parse(struct sk_http_request *request, const uint8_t *bytes, size_t size)
{
    struct sk_text head = {(const char *)bytes, size};
    struct sk_text line;
    bool is_newer = false;
    *request = (struct sk_http_request){0};
    if (!next_line(&head, &line)) {
        return SK_ERR_PROTOCOL;
    }
    int result = parse_request_line(request, line, &is_newer);
    if (result == SK_OK) {
        result = parse_headers(&request->headers, &head);
    }
    return result == SK_OK ? judge_request(request, is_newer) : result;
}

/* version SP 3 digits SP reason; the reason may be empty (RFC 9112, 4). */
static int parse_status_line(struct sk_http_response *response, struct sk_text line)
{
    bool is_newer = false;
    unsigned long long status = 0;
    if (line.size < 12 || !parse_version(sk_text_first(line, 8), &is_newer) ||
        line.bytes[8] != ' ' || !sk_text_number((struct sk_text){line.bytes + 9, 3}, &status)) {
        return SK_ERR_PROTOCOL;
    }
    if (status < 100 || (line.size > 12 && line.bytes[12] != ' ')) {
        return SK_ERR_PROTOCOL;
    }
    response->status = (uint16_t)status;
    return SK_OK;
}

int sk_http_response_parse(struct sk_http_response *response, const uint8_t *bytes, size_t size)
{
    struct sk_text head = {(const char *)bytes, size};
    struct sk_text line;
    *response = (struct sk_http_response){.body_bytes = UINT64_MAX};
    if (!next_line(&head, &line)) {
        return SK_ERR_PROTOCOL;
    }
    int result = parse_status_line(response, line);
    if (result == SK_OK) {
        result = parse_headers(&response->headers, &head);
    }
    return result == SK_OK ? parse_length(&response->headers, &response->body_bytes) : result;
}

const struct sk_text *sk_http_header_find(const struct sk_http_headers *headers, const char *name)
{
    for (uint32_t i = 0; i < headers->count; i++) {
        if (sk_text_is_any_case(headers->rows[i].name, name)) {
            return &headers->rows[i].value;
        }
    }
    return NULL;
}

uint32_t sk_http_header_count(const struct sk_http_headers *headers, const char *name)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < headers->count; i++) {
        count += sk_text_is_any_case(headers->rows[i].name, name) ? 1 : 0;
    }
    return count;
}

static bool list_has(struct sk_text list, const char *token)
{
    struct sk_text element;
    while (sk_text_next(&list, ',', &element)) {
        if (sk_text_is_any_case(element, token)) {
            return true;
        }
    }
    return false;
}

bool sk_http_header_has(const struct sk_http_headers *headers, const char *name, const char *token)
{
    for (uint32_t i = 0; i < headers->count; i++) {
        const struct sk_http_header *row = &headers->rows[i];
        if (sk_text_is_any_case(row->name, name) && list_has(row->value, token)) {
            return true;
        }
    }
    return false;
}
