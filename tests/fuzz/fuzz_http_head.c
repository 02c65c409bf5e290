/* fuzz_http_head.c - a request or response head, its path, its query and its handshake. */
#include <string.h>

#include "base/assert.h"
#include "net/http_choice.h"
#include "net/http_host.h"
#include "net/http_path.h"
#include "net/ws_handshake.h"

static void no_sha1(const void *bytes, size_t size, uint8_t hash[20])
{
    SK_ASSERT(size == 60);
    memcpy(hash, bytes, 20);
}

static void check_headers(const struct sk_http_headers *headers, const uint8_t *bytes, size_t size)
{
    SK_ASSERT(headers->count <= SK_HTTP_HEADERS_MAX);
    for (uint32_t i = 0; i < headers->count; i++) {
        const struct sk_http_header *row = &headers->rows[i];
        SK_ASSERT(row->name.size > 0);
        SK_ASSERT((const uint8_t *)row->value.bytes + row->value.size <= bytes + size);
        SK_ASSERT(memchr(row->value.bytes, '\n', row->value.size) == NULL);
    }
}

static void check_path(struct sk_text path)
{
    char out[256];
    if (sk_http_path_decode(path, out, sizeof(out)) != SK_OK) {
        return;
    }
    SK_ASSERT(out[0] == '/');
    SK_ASSERT(strstr(out, "/../") == NULL);
    SK_ASSERT(strstr(out, "//") == NULL);
    SK_ASSERT(strlen(out) < 3 || strcmp(out + strlen(out) - 3, "/..") != 0);
}

static void check_host(const struct sk_http_request *request)
{
    struct sk_http_host host;
    if (request->host.size > 0) {
        int result = sk_http_host_parse(request->host, &host);
        SK_ASSERT(result == SK_OK);
        SK_ASSERT(memchr(request->host.bytes, '"', request->host.size) == NULL);
    }
}

static void on_request(const uint8_t *bytes, size_t size)
{
    struct sk_http_request request;
    if (sk_http_request_parse(&request, bytes, size) != SK_OK) {
        return;
    }
    check_headers(&request.headers, bytes, size);
    check_host(&request);
    check_path(request.path);
    SK_ASSERT(sk_http_coding_weight(&request.headers, "br") <= 1000);
    bool is_asked = sk_http_header_count(&request.headers, "if-none-match") > 0;
    SK_ASSERT(is_asked || !sk_http_has_etag(&request.headers, "\"0123456789abcdef\""));
    char value[32];
    int result = sk_http_query_find(request.query, "a", value, sizeof(value));
    SK_ASSERT(result != SK_OK || strlen(value) < sizeof(value));
    bool has_offers = sk_http_header_count(&request.headers, "sec-websocket-protocol") > 0;
    SK_ASSERT(has_offers || !sk_ws_offers(&request, "skirmish.1"));
    if (sk_ws_upgrade_check(&request) == SK_WS_UPGRADE_OK) {
        char accept[SK_WS_ACCEPT_BYTES];
        sk_ws_accept(no_sha1, sk_http_header_find(&request.headers, "sec-websocket-key")->bytes,
                     accept);
    }
}

static void on_response(const uint8_t *bytes, size_t size)
{
    struct sk_http_response response;
    if (sk_http_response_parse(&response, bytes, size) != SK_OK) {
        return;
    }
    check_headers(&response.headers, bytes, size);
    SK_ASSERT(response.status >= 100 && response.status <= 999);
    int result = sk_ws_response_check(no_sha1, &response, "dGhlIHNhbXBsZSBub25jZQ==", "skirmish.1");
    SK_ASSERT(result == SK_OK || result == SK_ERR_CLOSED || result == SK_ERR_PROTOCOL);
}

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int whole = sk_http_head_end(bytes, size, 0);
    size_t half = size / 2;
    int first = sk_http_head_end(bytes, half, 0);
    int cut = first == SK_ERR_AGAIN ? sk_http_head_end(bytes, size, half) : first;
    SK_ASSERT(whole == cut);
    if (whole > 0) {
        on_request(bytes, (size_t)whole);
        on_response(bytes, (size_t)whole);
    }
    return 0;
}
