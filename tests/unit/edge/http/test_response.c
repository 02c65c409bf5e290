/* test_response.c - the head of an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/response.h"

static const char *head_of(const struct http_response *response, bool keeps)
{
    static char out[HTTP_RESPONSE_HEAD_BYTES_MAX];
    size_t bytes = http_response_head(response, keeps, out, sizeof(out));
    assert_int_equal(bytes, strlen(out));
    return out;
}

static void test_response_head_is_written(void **state)
{
    (void)state;
    struct http_response response = {
        .status = 200, .type = "text/plain", .headers = "a: b\r\n", .body_bytes = 7};
    assert_string_equal(head_of(&response, true),
                        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 7\r\n"
                        "a: b\r\n\r\n");
}

static void test_response_head_empty_body_has_a_length(void **state)
{
    (void)state;
    struct http_response response = {.status = 404};
    assert_string_equal(head_of(&response, false),
                        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

static void test_response_head_not_modified_has_no_length(void **state)
{
    (void)state;
    struct http_response response = {.status = 304};
    assert_string_equal(head_of(&response, true), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

static void test_response_of_a_reason_says_word_and_sentence(void **state)
{
    (void)state;
    char body[HTTP_REASON_BODY_BYTES_MAX];
    size_t bytes = http_reason_body(SK_REASON_ROOM_FULL, body);
    assert_int_equal(bytes, strlen(body));
    assert_string_equal(body, "{\"error\":\"room_full\",\"message\":\"the room is full\"}\n");
}

static void test_response_of_every_reason_is_json(void **state)
{
    (void)state;
    for (int i = 0; i < SK_REASON_COUNT; i++) {
        char body[HTTP_REASON_BODY_BYTES_MAX];
        struct http_response response = http_response_of_reason((enum sk_reason)i, body);
        assert_int_equal(response.status, sk_reason_http_status((enum sk_reason)i));
        assert_non_null(strstr(body, sk_reason_word((enum sk_reason)i)));
        assert_int_equal(response.body_bytes, strlen(body));
        assert_null(strpbrk(sk_reason_sentence((enum sk_reason)i), "\"\\"));
        assert_null(strstr(head_of(&response, true), " Status\r\n")); /* it has words */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_response_head_is_written),
        cmocka_unit_test(test_response_head_empty_body_has_a_length),
        cmocka_unit_test(test_response_head_not_modified_has_no_length),
        cmocka_unit_test(test_response_of_a_reason_says_word_and_sentence),
        cmocka_unit_test(test_response_of_every_reason_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
