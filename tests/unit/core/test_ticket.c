/* test_ticket.c - what was signed is read back; anything else is refused for its own reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/end_of_page.h"
#include "ticket.h"

#include "base/limits.h"

enum { NOW_S = 1000 };

/* Every bit of key and bytes counts; that is all a test needs of a MAC. */
static void toy_hmac(const uint8_t key[TICKET_KEY_BYTES], const uint8_t *bytes, size_t size,
                     uint8_t mac[32])
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < TICKET_KEY_BYTES + size; i++) {
        hash ^= i < TICKET_KEY_BYTES ? key[i] : bytes[i - TICKET_KEY_BYTES];
        hash *= 0x100000001b3u;
    }
    for (size_t i = 0; i < 32; i++) {
        hash = hash * 0x100000001b3u + i;
        mac[i] = (uint8_t)(hash >> 32);
    }
}

static const struct ticket_keys keys = {{{1}, {2}}, {10, 9}, toy_hmac};

static const struct ticket a_ticket = {.role = TICKET_RESUME,
                                       .seat = 0x1234,
                                       .room = 0x89abcdef,
                                       .epoch = 0x0123456789abcdef,
                                       .expiry_s = NOW_S,
                                       .nonce = 0xfedcba9876543210};

static int read_text(const char *text, struct ticket *ticket)
{
    return ticket_read(ticket, &keys, text, TICKET_TEXT_BYTES, NOW_S);
}

static void test_ticket_round_trip_keeps_every_field(void **state)
{
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket = {0};
    (void)state;
    ticket_write(&a_ticket, &keys, text);
    assert_int_equal(read_text(text, &ticket), SK_OK);
    assert_int_equal(ticket.role, a_ticket.role);
    assert_int_equal(ticket.seat, a_ticket.seat);
    assert_int_equal(ticket.room, a_ticket.room);
    assert_int_equal(ticket.epoch, a_ticket.epoch);
    assert_int_equal(ticket.expiry_s, a_ticket.expiry_s);
    assert_int_equal(ticket.nonce, a_ticket.nonce);
}

static void test_ticket_fits_the_wire_and_a_header(void **state)
{
    char text[TICKET_TEXT_BYTES];
    (void)state;
    ticket_write(&a_ticket, &keys, text);
    assert_true(TICKET_TEXT_BYTES <= SK_TICKET_BYTES_MAX);
    for (size_t i = 0; i < sizeof(text); i++) {
        assert_non_null(memchr("0123456789abcdef", text[i], 16));
    }
}

static void test_ticket_any_changed_digit_is_refused(void **state)
{
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket;
    (void)state;
    ticket_write(&a_ticket, &keys, text);
    for (size_t i = 0; i < sizeof(text); i++) {
        char kept = text[i];
        text[i] = kept == '0' ? '1' : '0';
        int want = i < 4 ? SK_ERR_MISMATCH : SK_ERR_FORGED; /* version, key id; the signed rest */
        assert_int_equal(read_text(text, &ticket), want);
        text[i] = kept;
    }
}

static void test_ticket_digit_that_is_none_is_refused(void **state)
{
    static const char digits[] = {'/', ':', '`', 'g', 'A', 'F', ' ', '\0', (char)0xff};
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket;
    (void)state;
    ticket_write(&a_ticket, &keys, text);
    for (size_t i = 0; i < sizeof(digits); i++) {
        text[TICKET_TEXT_BYTES - 1] = digits[i];
        assert_int_equal(read_text(text, &ticket), SK_ERR_PROTOCOL);
    }
}

static void test_ticket_of_another_size_is_refused_unread(void **state)
{
    char text[TICKET_TEXT_BYTES + 1];
    struct ticket ticket;
    (void)state;
    ticket_write(&a_ticket, &keys, text);
    text[TICKET_TEXT_BYTES] = '0';
    assert_int_equal(ticket_read(&ticket, &keys, text, sizeof(text), NOW_S), SK_ERR_PROTOCOL);
    for (size_t size = 0; size < TICKET_TEXT_BYTES; size++) {
        struct end_of_page page = end_of_page_copy(text, size);
        assert_int_equal(ticket_read(&ticket, &keys, (const char *)page.bytes, size, NOW_S),
                         SK_ERR_PROTOCOL);
        end_of_page_free(&page);
    }
}

static void test_ticket_is_good_through_its_last_second(void **state)
{
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket;
    (void)state;
    ticket_write(&a_ticket, &keys, text);
    assert_int_equal(ticket_read(&ticket, &keys, text, sizeof(text), NOW_S), SK_OK);
    assert_int_equal(ticket_read(&ticket, &keys, text, sizeof(text), NOW_S + 1), SK_ERR_CLOSED);
}

static void test_ticket_of_the_older_key_is_still_good(void **state)
{
    const struct ticket_keys older = {{{2}, {3}}, {9, 8}, toy_hmac};
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket;
    (void)state;
    ticket_write(&a_ticket, &older, text);
    assert_int_equal(read_text(text, &ticket), SK_OK);
}

static void test_ticket_of_an_unknown_key_id_is_refused(void **state)
{
    const struct ticket_keys gone = {{{1}, {2}}, {8, 7}, toy_hmac};
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket;
    (void)state;
    ticket_write(&a_ticket, &gone, text);
    assert_int_equal(read_text(text, &ticket), SK_ERR_MISMATCH);
}

static void test_ticket_of_another_key_with_our_id_is_forged(void **state)
{
    const struct ticket_keys other = {{{7}, {2}}, {10, 9}, toy_hmac};
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket;
    (void)state;
    ticket_write(&a_ticket, &other, text);
    assert_int_equal(read_text(text, &ticket), SK_ERR_FORGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ticket_round_trip_keeps_every_field),
        cmocka_unit_test(test_ticket_fits_the_wire_and_a_header),
        cmocka_unit_test(test_ticket_any_changed_digit_is_refused),
        cmocka_unit_test(test_ticket_digit_that_is_none_is_refused),
        cmocka_unit_test(test_ticket_of_another_size_is_refused_unread),
        cmocka_unit_test(test_ticket_is_good_through_its_last_second),
        cmocka_unit_test(test_ticket_of_the_older_key_is_still_good),
        cmocka_unit_test(test_ticket_of_an_unknown_key_id_is_refused),
        cmocka_unit_test(test_ticket_of_another_key_with_our_id_is_forged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
