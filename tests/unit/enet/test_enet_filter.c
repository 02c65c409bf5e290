/* test_enet_filter.c - what our own clients say passes; each row has one fault and does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "enet/enet_filter.h"
#include "support/end_of_page.h"

enum { ROW_BYTES = 64 };

#define HEAD      0x80, 0x01, 0x12, 0x34
#define CONNECTED 0x00, 0x07, 0x00, 0x00 /* outgoing peer, session ids */
#define MTU       0x00, 0x00, 0x04, 0x98
#define WINDOW    0x00, 0x01, 0x00, 0x00
#define CHANNELS  0x00, 0x00, 0x00, 0x02
#define NONE      0x00, 0x00, 0x00, 0x00
#define REST      NONE, NONE, NONE, NONE, NONE /* throttle, connect id, data */

struct row {
    const char *what;
    uint8_t size;
    uint8_t bytes[ROW_BYTES];
};

static int check(const uint8_t *bytes, size_t size)
{
    struct sk_enet_filter filter = {.delivered = 10};
    struct end_of_page page = end_of_page_copy(bytes, size);
    int result = sk_enet_filter_check(&filter, page.bytes, size);
    end_of_page_free(&page);
    return result;
}

static void test_enet_filter_own_commands_pass(void **state)
{
    static const struct row rows[] = {
        {"acknowledge", 12, {HEAD, 1, 0xff, 0, 1, 0, 1, 0, 5}},
        {"connect",
         52,
         {0x8f, 0xff, 0, 1, 0x82, 0xff, 0, 1, CONNECTED, MTU, WINDOW, CHANNELS, NONE, NONE, REST}},
        {"verify",
         48,
         {HEAD, 0x83, 0xff, 0, 1, CONNECTED, MTU, WINDOW, CHANNELS, NONE, NONE, NONE, NONE}},
        {"disconnect", 12, {HEAD, 0x84, 0xff, 0, 3, 0, 0, 0, 9}},
        {"disconnect at once", 10, {0x00, 0x01, 0x44, 0xff, 0, 3, 0, 0, 0, 9}},
        {"ping", 8, {HEAD, 0x85, 0xff, 0, 2}},
        {"reliable", 11, {HEAD, 0x86, 0, 0, 11, 0, 1, 7}},
        {"reliable, a copy", 11, {HEAD, 0x86, 0, 0, 3, 0, 1, 7}},
        {"reliable, far ahead", 11, {HEAD, 0x86, 0, 1, 10, 0, 1, 7}},
        {"unsequenced", 12, {0x00, 0x01, 0x49, 1, 0, 0, 0, 4, 0, 2, 7, 8}},
        {"padding", 11, {HEAD, 0x85, 0xff, 0, 2, 0, 0, 0}},
        {"two commands", 15, {HEAD, 0x85, 0xff, 0, 2, 0x86, 0, 0, 11, 0, 1, 7}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (check(rows[i].bytes, rows[i].size) != SK_OK) {
            fail_msg("%s is refused", rows[i].what);
        }
    }
}

/* Each is one of those above but for one fault. */
static void test_enet_filter_one_fault_is_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", 0, {0}},
        {"half a head", 1, {0x00}},
        {"a head alone", 4, {HEAD}},
        {"half a sent time", 3, {0x80, 0x01, 0x12}},
        {"compressed", 8, {0xc0, 0x01, 0, 0, 0x85, 0xff, 0, 2}},
        {"half a command's head", 7, {HEAD, 0x85, 0xff, 0}},
        {"an unknown flag", 8, {HEAD, 0x95, 0xff, 0, 2}},
        {"no command", 8, {HEAD, 0x80, 0xff, 0, 2}},
        {"unreliable", 13, {HEAD, 0x07, 1, 0, 0, 0, 1, 0, 1, 7}},
        {"fragment", 29, {HEAD, 0x88, 0, 0, 11, 0, 11, 0, 1, 0, 0, 0, 2,
                          0,    0,    0, 0, 0,  0, 0,  2, 0, 0, 0, 0, 7}},
        {"bandwidth limit", 16, {HEAD, 0x8a, 0xff, 0, 2, NONE, NONE}},
        {"throttle configure", 20, {HEAD, 0x8b, 0xff, 0, 2, NONE, NONE, NONE}},
        {"unreliable fragment", 29, {HEAD, 0x0c, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 2,
                                     0,    0,    0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 7}},
        {"command 15", 8, {HEAD, 0x8f, 0xff, 0, 2}},
        {"an acknowledge cut", 11, {HEAD, 1, 0xff, 0, 1, 0, 1, 0}},
        {"an acknowledge of channel 2", 12, {HEAD, 1, 2, 0, 1, 0, 1, 0, 5}},
        {"a connect cut",
         51,
         {0x8f, 0xff, 0, 1, 0x82, 0xff, 0, 1, CONNECTED, MTU, WINDOW, CHANNELS, NONE, NONE, REST}},
        {"mtu 1,099",
         52,
         {0x8f, 0xff, 0, 1, 0x82, 0xff, 0, 1, CONNECTED, 0x00, 0x00, 0x04, 0x4b, WINDOW, CHANNELS,
          NONE, NONE, REST}},
        {"three channels",
         52,
         {0x8f, 0xff, 0, 1, 0x82, 0xff, 0, 1, CONNECTED, MTU, WINDOW, 0, 0, 0, 3, NONE, NONE,
          REST}},
        {"an incoming bandwidth",
         52,
         {0x8f, 0xff, 0, 1, 0x82, 0xff, 0, 1, CONNECTED, MTU, WINDOW, CHANNELS, 0, 0, 0, 1, NONE,
          REST}},
        {"an outgoing bandwidth",
         52,
         {0x8f, 0xff, 0, 1, 0x82, 0xff, 0, 1, CONNECTED, MTU, WINDOW, CHANNELS, NONE, 0, 0, 0, 1,
          REST}},
        {"a ping on a channel", 8, {HEAD, 0x85, 0, 0, 2}},
        {"reliable on the lossy channel", 11, {HEAD, 0x86, 1, 0, 11, 0, 1, 7}},
        {"reliable too far ahead", 11, {HEAD, 0x86, 0, 1, 11, 0, 1, 7}},
        {"reliable and empty", 10, {HEAD, 0x86, 0, 0, 11, 0, 0}},
        {"reliable, longer than the datagram", 11, {HEAD, 0x86, 0, 0, 11, 0, 2, 7}},
        {"unsequenced on the reliable channel", 12, {0x00, 0x01, 0x49, 0, 0, 0, 0, 4, 0, 2, 7, 8}},
        {"unsequenced and empty", 10, {0x00, 0x01, 0x49, 1, 0, 0, 0, 4, 0, 0}},
        {"unsequenced, longer than the datagram",
         12,
         {0x00, 0x01, 0x49, 1, 0, 0, 0, 4, 0, 3, 7, 8}},
        {"padding that is not zero", 11, {HEAD, 0x85, 0xff, 0, 2, 0, 0, 1}},
        {"padding alone", 8, {HEAD, 0, 0, 0, 0}},
        {"a byte behind the last", 9, {HEAD, 0x85, 0xff, 0, 2, 0x85}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (check(rows[i].bytes, rows[i].size) != SK_ERR_PROTOCOL) {
            fail_msg("%s passes", rows[i].what);
        }
    }
}

static void test_enet_filter_thirty_third_command_is_refused(void **state)
{
    static const uint8_t ping[] = {0x85, 0xff, 0, 2};
    uint8_t bytes[4 + 33 * sizeof(ping)] = {HEAD};
    (void)state;
    for (size_t i = 0; i < 33; i++) {
        memcpy(bytes + 4 + i * sizeof(ping), ping, sizeof(ping));
    }
    assert_int_equal(check(bytes, sizeof(bytes) - sizeof(ping)), SK_OK);
    assert_int_equal(check(bytes, sizeof(bytes)), SK_ERR_PROTOCOL);
}

static void test_enet_filter_ninth_connect_is_refused(void **state)
{
    static const uint8_t connect[] = {0x8f,      0xff, 0,      1,        0x82, 0xff, 0,   1,
                                      CONNECTED, MTU,  WINDOW, CHANNELS, NONE, NONE, REST};
    struct sk_enet_filter filter = {0};
    (void)state;
    for (uint32_t i = 0; i < SK_ENET_CONNECTS_MAX; i++) {
        assert_int_equal(sk_enet_filter_check(&filter, connect, sizeof(connect)), SK_OK);
    }
    assert_int_equal(sk_enet_filter_check(&filter, connect, sizeof(connect)), SK_ERR_PROTOCOL);
}

static void test_enet_filter_sequences_wrap(void **state)
{
    static const uint8_t first[] = {HEAD, 0x86, 0, 0, 1, 0, 1, 7};
    struct sk_enet_filter filter = {.delivered = 0xffff};
    (void)state;
    assert_int_equal(sk_enet_filter_check(&filter, first, sizeof(first)), SK_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enet_filter_own_commands_pass),
        cmocka_unit_test(test_enet_filter_one_fault_is_refused),
        cmocka_unit_test(test_enet_filter_thirty_third_command_is_refused),
        cmocka_unit_test(test_enet_filter_ninth_connect_is_refused),
        cmocka_unit_test(test_enet_filter_sequences_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
