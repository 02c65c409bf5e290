/* test_no_allocation.c - echoing allocates nothing once it is under way, over ws and wss.
 *
 * malloc, calloc and realloc of everything that is linked statically (our libraries, the lean
 * wolfSSL) are counted by wrappers that the linker puts in front (--wrap).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/echo_pair.h"
#include "support/ws_peer.h"

enum { WARM_UP_ROUNDS = 50, ROUNDS = 2000, IN_FLIGHT = 16 };

static _Atomic uint64_t allocations;

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *block, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);

void *__wrap_malloc(size_t bytes)
{
    atomic_fetch_add(&allocations, 1);
    return __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    atomic_fetch_add(&allocations, 1);
    return __real_calloc(count, bytes);
}

void *__wrap_realloc(void *block, size_t bytes)
{
    atomic_fetch_add(&allocations, 1);
    return __real_realloc(block, bytes);
}

/* Sixteen messages of 20 bytes, one of them in two fragments that arrive apart, and a ping. */
static void exchange(struct ws_peer *peer)
{
    static const uint8_t frame[] = {0x82, 0x80 | 20, 0,   0,   0,   0,   'h', 'e', 'l',
                                    'l',  'o',       ' ', 'h', 'e', 'l', 'l', 'o', ' ',
                                    'h',  'e',       'l', 'l', 'o', '!', '!', '!'};
    static const uint8_t first_half[] = {0x02, 0x80 | 3, 0, 0, 0, 0, 'o', 'n'};
    static const uint8_t second_half[] = {'e', 0x80, 0x80 | 3, 0,    0, 0, 0, 't',
                                          'w', 'o',  0x89,     0x80, 0, 0, 0, 0};
    uint8_t got[22];
    for (int i = 0; i < IN_FLIGHT; i++) {
        ws_peer_send(peer, frame, sizeof(frame));
    }
    for (int i = 0; i < IN_FLIGHT; i++) {
        ws_peer_read(peer, got, sizeof(got));
        assert_memory_equal(got + 2, frame + 6, 20);
    }
    ws_peer_send(peer, first_half, sizeof(first_half));
    ws_peer_send(peer, second_half, sizeof(second_half));
    ws_peer_read(peer, got, 10);
    assert_memory_equal(got, "\x82\x06onetwo\x8a\x00", 10);
}

static void check(bool is_secure)
{
    static const struct conn_profile profile = {.text_allowed = true};
    echo_pair_start(&profile, is_secure, 0);
    struct ws_peer peer = ws_peer_open(echo_pair_port(), is_secure);
    ws_peer_upgrade(&peer);
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
        exchange(&peer);
    }
    uint64_t before = atomic_load(&allocations);
    assert_true(before > 0); /* the counter counts */
    for (int i = 0; i < ROUNDS; i++) {
        exchange(&peer);
    }
    assert_int_equal(atomic_load(&allocations) - before, 0);
    ws_peer_close(&peer);
    echo_pair_stop();
}

static void test_echo_over_ws_allocates_nothing(void **state)
{
    (void)state;
    check(false);
}

static void test_echo_over_wss_allocates_nothing(void **state)
{
    (void)state;
    check(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_echo_over_ws_allocates_nothing),
        cmocka_unit_test(test_echo_over_wss_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
