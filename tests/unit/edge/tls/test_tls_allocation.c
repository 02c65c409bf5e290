/* test_tls_allocation.c - an open session of the lean build allocates nothing for a game's
 * messages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/memory.h>

#include "tls/crypto.h"
#include "tls/tls.h"
#include "tls_peer.h"

static size_t allocation_count;
static size_t held_count;

static void *count_malloc(size_t size)
{
    allocation_count++;
    held_count++;
    return malloc(size);
}

static void count_free(void *block)
{
    held_count -= block != NULL;
    free(block);
}

static void *count_realloc(void *block, size_t size)
{
    allocation_count++;
    held_count += block == NULL;
    return realloc(block, size);
}

struct fixture {
    struct peer_files files;
    struct tls_context *context;
    struct peer peer;
};

static int set_up(void **state)
{
    const char *start_why = NULL;
    char why[TLS_WHY_BYTES];
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_int_equal(wolfSSL_SetAllocators(count_malloc, count_free, count_realloc), 0);
    assert_int_equal(crypto_start(&start_why), SK_OK);
    peer_files_make(&fixture->files, PEER_KEY_EC, 1);
    fixture->context = tls_context_create(fixture->files.cert_path, fixture->files.key_path, why);
    assert_non_null(fixture->context);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    tls_context_destroy(fixture->context);
    peer_files_remove(&fixture->files);
    free(fixture);
    return 0;
}

static void exchange(struct peer *peer, size_t in_bytes, size_t out_bytes)
{
    uint8_t bytes[4096] = {7};
    uint8_t got[4096];
    peer->plain_bytes = 0;
    assert_int_equal(SSL_write(peer->ssl, bytes, (int)in_bytes), in_bytes);
    peer_client_step(peer);
    assert_int_equal(peer_server_take(peer, peer->flight_bytes), SK_ERR_AGAIN);
    assert_int_equal(peer->plain_bytes, in_bytes);
    assert_int_equal(peer_server_send(peer, bytes, out_bytes), SK_OK);
    assert_int_equal(SSL_read(peer->ssl, got, sizeof(got)), out_bytes);
}

static void test_tls_allocation_small_messages_need_none(void **state)
{
    struct fixture *fixture = *state;
    peer_open(&fixture->peer, fixture->context);
    peer_handshake(&fixture->peer, 100000);
    size_t before = allocation_count;
    for (size_t size = 1; size <= 450; size++) {
        exchange(&fixture->peer, size, size);
    }
    assert_int_equal(allocation_count, before);
    peer_close(&fixture->peer);
}

static void test_tls_allocation_large_message_is_given_back(void **state)
{
    struct fixture *fixture = *state;
    peer_open(&fixture->peer, fixture->context);
    peer_handshake(&fixture->peer, 100000);
    size_t held = held_count;
    size_t before = allocation_count;
    exchange(&fixture->peer, 4000, 4000);
    assert_true(allocation_count > before);
    assert_int_equal(held_count, held);
    peer_close(&fixture->peer);
}

static void test_tls_allocation_session_is_given_back(void **state)
{
    struct fixture *fixture = *state;
    size_t held = held_count;
    peer_open(&fixture->peer, fixture->context);
    peer_handshake(&fixture->peer, 7);
    exchange(&fixture->peer, 100, 100);
    peer_close(&fixture->peer);
    assert_int_equal(held_count, held);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tls_allocation_small_messages_need_none),
        TEST(test_tls_allocation_large_message_is_given_back),
        TEST(test_tls_allocation_session_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
