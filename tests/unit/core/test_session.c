/* test_session.c - which message may come when, and the reason when one may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "session.h"

enum { MESSAGE_HZ = 60, SECOND_US = 1000000 };

static struct sk_encoder *encoder;
static struct session session;
static struct sk_client_message message;

static int set_up(void **state)
{
    (void)state;
    encoder = sk_encoder_create(4096);
    session_init(&session);
    return encoder ? 0 : -1;
}

static int set_up_playing(void **state)
{
    int result = set_up(state);
    session_start(&session, 3, MESSAGE_HZ);
    return result;
}

static int tear_down(void **state)
{
    (void)state;
    sk_encoder_destroy(encoder);
    return 0;
}

static enum sk_reason take_at(struct sk_bytes bytes, uint64_t now_us)
{
    static _Alignas(8) uint8_t aligned[4096];
    memcpy(aligned, bytes.bytes, bytes.size);
    return session_decode(&session, aligned, bytes.size, now_us, &message);
}

static void assert_taken(struct sk_bytes bytes, enum sk_reason want)
{
    assert_string_equal(sk_reason_word(take_at(bytes, 0)), sk_reason_word(want));
}

static struct sk_bytes hello(uint16_t version)
{
    struct sk_hello hello = {.version = version, .ticket = sk_text_of("0123"), .ordered = true};
    return sk_encode_hello(encoder, &hello);
}

static void test_session_good_hello_is_taken(void **state)
{
    (void)state;
    assert_taken(hello(SK_WIRE_VERSION), SK_REASON_NONE);
    assert_int_equal(message.type, SK_CLIENT_HELLO);
    assert_int_equal(message.hello.ticket.size, 4);
    assert_int_equal(session.state, SESSION_GREETING); /* the ticket is not looked at yet */
}

static void test_session_hello_of_another_version_is_refused(void **state)
{
    (void)state;
    assert_taken(hello(SK_WIRE_VERSION + 1), SK_REASON_VERSION);
    assert_taken(hello(0), SK_REASON_VERSION);
}

static void test_session_message_before_hello_is_refused(void **state)
{
    struct sk_inputs inputs = {.tick = 5, .count = 1};
    struct sk_command command = {.type = 0};
    (void)state;
    assert_taken(sk_encode_inputs(encoder, &(struct sk_received){0}, &inputs),
                 SK_REASON_HELLO_EXPECTED);
    assert_taken(sk_encode_ack(encoder, &(struct sk_received){0}), SK_REASON_HELLO_EXPECTED);
    assert_taken(sk_encode_command(encoder, 0, &command), SK_REASON_HELLO_EXPECTED);
    assert_taken(sk_encode_keyframe_request(encoder, 0), SK_REASON_HELLO_EXPECTED);
    assert_taken(sk_encode_leave(encoder), SK_REASON_HELLO_EXPECTED);
}

static void test_session_message_after_hello_is_taken(void **state)
{
    struct sk_inputs inputs = {.tick = 5, .count = 1, .inputs = {{.buttons = 9}}};
    (void)state;
    assert_taken(sk_encode_inputs(encoder, &(struct sk_received){.ack = 4}, &inputs),
                 SK_REASON_NONE);
    assert_int_equal(message.type, SK_CLIENT_INPUTS);
    assert_int_equal(message.ack, 4);
    assert_int_equal(message.inputs.inputs[0].buttons, 9);
}

static void test_session_second_hello_is_refused(void **state)
{
    (void)state;
    assert_taken(hello(SK_WIRE_VERSION), SK_REASON_HELLO_TWICE);
}

static void test_session_bytes_that_are_no_message_are_malformed(void **state)
{
    static const uint8_t noise[64] = {0x40, 0x10, 0xff, 0xff, 0xff, 0x7f};
    static const uint8_t snapshot[] = {0x01, 0x05, 0x00};
    (void)state;
    assert_taken((struct sk_bytes){noise, 0}, SK_REASON_MALFORMED);
    assert_taken((struct sk_bytes){noise, sizeof(noise)}, SK_REASON_MALFORMED);
    assert_taken((struct sk_bytes){snapshot, sizeof(snapshot)}, SK_REASON_MALFORMED);
    struct sk_bytes ack = sk_encode_ack(encoder, &(struct sk_received){0});
    for (size_t size = 0; size < ack.size; size++) {
        enum sk_reason reason = take_at((struct sk_bytes){ack.bytes, size}, SECOND_US * size);
        assert_true(reason == SK_REASON_MALFORMED || reason == SK_REASON_NONE);
    }
}

static void test_session_greeting_has_a_budget(void **state)
{
    uint32_t count = 0;
    (void)state;
    while (take_at(hello(SK_WIRE_VERSION), 0) == SK_REASON_NONE) {
        count++;
    }
    assert_int_equal(count, SK_MESSAGE_BURST_MS / 1000);
    assert_taken(hello(SK_WIRE_VERSION), SK_REASON_RATE_LIMIT);
}

/* Ten seconds of a stalled connection arrive at once. */
static void test_session_stall_that_ends_is_survived(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 10 * MESSAGE_HZ; i++) {
        assert_taken(sk_encode_ack(encoder, &(struct sk_received){0}), SK_REASON_NONE);
    }
}

static void test_session_more_than_twice_the_rate_is_refused(void **state)
{
    uint32_t count = 0;
    (void)state;
    while (take_at(sk_encode_ack(encoder, &(struct sk_received){0}), 0) == SK_REASON_NONE) {
        count++;
    }
    assert_in_range(count, 2 * 10 * MESSAGE_HZ, 2 * 10 * MESSAGE_HZ + 1);
    assert_taken(sk_encode_ack(encoder, &(struct sk_received){0}), SK_REASON_RATE_LIMIT);
    assert_int_equal(take_at(sk_encode_ack(encoder, &(struct sk_received){0}), SECOND_US),
                     SK_REASON_NONE);
}

static void test_session_malformed_messages_cost_their_token(void **state)
{
    static const uint8_t noise[8];
    enum sk_reason reason = SK_REASON_NONE;
    (void)state;
    for (uint32_t i = 0; i < 11; i++) {
        reason = take_at((struct sk_bytes){noise, sizeof(noise)}, 0);
    }
    assert_int_equal(reason, SK_REASON_RATE_LIMIT);
}

#define GREETING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define PLAYING_TEST(name)  cmocka_unit_test_setup_teardown(name, set_up_playing, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GREETING_TEST(test_session_good_hello_is_taken),
        GREETING_TEST(test_session_hello_of_another_version_is_refused),
        GREETING_TEST(test_session_message_before_hello_is_refused),
        PLAYING_TEST(test_session_message_after_hello_is_taken),
        PLAYING_TEST(test_session_second_hello_is_refused),
        PLAYING_TEST(test_session_bytes_that_are_no_message_are_malformed),
        GREETING_TEST(test_session_greeting_has_a_budget),
        PLAYING_TEST(test_session_stall_that_ends_is_survived),
        PLAYING_TEST(test_session_more_than_twice_the_rate_is_refused),
        GREETING_TEST(test_session_malformed_messages_cost_their_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
