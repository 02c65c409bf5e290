/* test_client_join.c - the join call's request, and answers good and bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client_join.h"

static struct client_url a_url(void)
{
    struct client_url url;
    assert_int_equal(client_url_parse(&url, "http://127.0.0.1:7777"), SK_OK);
    return url;
}

static void test_client_join_request_names_what_is_asked_for(void **state)
{
    (void)state;
    char out[1024];
    struct client_url url = a_url();
    struct client_join join = {
        .name = "A \"b\"", .game = "arena", .create = true, .players_max = 16};
    int bytes = client_join_write(&join, &url, out, sizeof(out));
    assert_int_equal(bytes, strlen(out));
    assert_non_null(strstr(out, "POST /api/join HTTP/1.1\r\nHost: 127.0.0.1:7777\r\n"));
    assert_non_null(strstr(out, "\r\nContent-Length: 64\r\n"));
    assert_string_equal(strstr(out, "\r\n\r\n") + 4,
                        "{\"name\":\"A \\\"b\\\"\",\"game\":\"arena\",\"create\":true,"
                        "\"players_max\":16}");
}

static void test_client_join_resume_is_asked_for_alone(void **state)
{
    (void)state;
    char out[1024];
    struct client_url url = a_url();
    struct client_join join = {.name = "Ada", .resume = "t1"};
    assert_true(client_join_write(&join, &url, out, sizeof(out)) > 0);
    assert_string_equal(strstr(out, "\r\n\r\n") + 4, "{\"resume\":\"t1\"}");
}

static void test_client_join_request_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char out[64];
    struct client_url url = a_url();
    struct client_join join = {.name = "Ada"};
    assert_int_equal(client_join_write(&join, &url, out, sizeof(out)), SK_ERR_TOO_BIG);
}

static int read_answer(uint16_t status, const char *body, enum sk_reason *reason)
{
    struct client_seat_offer offer = {0};
    struct client_refusal refusal = {0};
    int result = client_join_read(status, sk_text_of(body), &offer, &refusal);
    *reason = refusal.reason;
    return result;
}

static void test_client_join_offer_is_read(void **state)
{
    (void)state;
    struct client_refusal refusal;
    struct client_seat_offer offer;
    const char *body = "{\"ticket\":\"abc\",\"ws\":\"wss://h:1/ws\",\"later\":[1]}";
    assert_int_equal(client_join_read(200, sk_text_of(body), &offer, &refusal), SK_OK);
    assert_string_equal(offer.ticket, "abc");
    assert_true(offer.ws.tls);
    assert_string_equal(offer.ws.path, "/ws");
}

static void test_client_join_refusal_has_its_reason(void **state)
{
    (void)state;
    enum sk_reason reason;
    assert_int_equal(read_answer(410, "{\"error\":\"seat_gone\"}", &reason), SK_ERR_CLOSED);
    assert_int_equal(reason, SK_REASON_SEAT_GONE);
    assert_int_equal(read_answer(400, "{\"error\":\"of_later\"}", &reason), SK_ERR_CLOSED);
    assert_int_equal(reason, SK_REASON_INTERNAL);
}

/* Words for a terminal: nothing that moves its cursor, and never more than fits. */
static void test_client_join_refusal_brings_the_servers_sentence(void **state)
{
    (void)state;
    struct client_seat_offer offer;
    struct client_refusal refusal;
    const char *body = "{\"error\":\"room_full\",\"message\":\"no\\u001b[2J \\\"seat\\\"\"}";
    assert_int_equal(client_join_read(409, sk_text_of(body), &offer, &refusal), SK_ERR_CLOSED);
    assert_string_equal(refusal.sentence, "no?[2J \"seat\"");
    char text[400];
    snprintf(text, sizeof(text), "{\"error\":\"room_full\",\"message\":\"%0300d\"}", 0);
    assert_int_equal(client_join_read(409, sk_text_of(text), &offer, &refusal), SK_ERR_CLOSED);
    assert_int_equal(strlen(refusal.sentence), CLIENT_SENTENCE_BYTES - 1);
}

/* What stands before a server, or comes after this build, has no word of ours. */
static void test_client_join_refusal_without_a_word_is_known_by_its_status(void **state)
{
    (void)state;
    enum sk_reason reason;
    assert_int_equal(read_answer(503, "{\"error\":\"of_later\"}", &reason), SK_ERR_CLOSED);
    assert_int_equal(reason, SK_REASON_SERVER_BUSY);
    assert_int_equal(read_answer(502, "<html>", &reason), SK_ERR_CLOSED);
    assert_int_equal(reason, SK_REASON_SERVER_BUSY);
    assert_int_equal(read_answer(429, "", &reason), SK_ERR_CLOSED);
    assert_int_equal(reason, SK_REASON_JOIN_RATE);
    assert_int_equal(read_answer(404, "<html>", &reason), SK_ERR_PROTOCOL);
}

/* Each row is a good offer but for one fault. */
static void test_client_join_answer_with_one_fault_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{\"ticket\":\"abc\",\"ws\":\"wss://h:1/ws\"",
        "[\"ticket\",\"abc\",\"ws\",\"wss://h:1/ws\"]",
        "{\"ticket\":1,\"ws\":\"wss://h:1/ws\"}",
        "{\"ticket\":\"\",\"ws\":\"wss://h:1/ws\"}",
        "{\"ws\":\"wss://h:1/ws\"}",
        "{\"ticket\":\"abc\"}",
        "{\"ticket\":\"abc\",\"ws\":\"h:1/ws\"}",
        "",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum sk_reason reason;
        print_message("  %s\n", rows[i]);
        assert_int_equal(read_answer(200, rows[i], &reason), SK_ERR_PROTOCOL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_join_request_names_what_is_asked_for),
        cmocka_unit_test(test_client_join_resume_is_asked_for_alone),
        cmocka_unit_test(test_client_join_request_that_does_not_fit_is_refused),
        cmocka_unit_test(test_client_join_offer_is_read),
        cmocka_unit_test(test_client_join_refusal_has_its_reason),
        cmocka_unit_test(test_client_join_refusal_brings_the_servers_sentence),
        cmocka_unit_test(test_client_join_refusal_without_a_word_is_known_by_its_status),
        cmocka_unit_test(test_client_join_answer_with_one_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
