/* test_sealed.c - a datagram is taken as it was sealed, once, by the other end alone.
 *
 * Each test runs over both ciphers: what one of them seals the other one opens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "aead/aead_wolfssl.h"
#include "aead_openssl.h"
#include "net/sealed.h"
#include "support/end_of_page.h"

enum { SESSION = 0x00abcd03 };

/* One end seals, the other opens. */
struct pair {
    struct sk_sealed client;
    struct sk_sealed server;
};

static struct sk_aead *ciphers[2];

static int make_ciphers(void **state)
{
    (void)state;
    ciphers[0] = sk_aead_wolfssl();
    ciphers[1] = sk_aead_openssl_create();
    return ciphers[1] == NULL;
}

static int free_ciphers(void **state)
{
    (void)state;
    sk_aead_openssl_destroy(ciphers[1]);
    return 0;
}

/* The client seals with cipher `i`, the server opens with the other one. */
static struct pair pair_of(uint32_t i)
{
    struct sk_sealed_keys mine;
    struct sk_sealed_keys theirs;
    struct pair pair;
    memset(mine.send, 0x11, sizeof(mine.send));
    memset(mine.receive, 0x22, sizeof(mine.receive));
    memcpy(theirs.send, mine.receive, sizeof(theirs.send));
    memcpy(theirs.receive, mine.send, sizeof(theirs.receive));
    sk_sealed_init(&pair.client, ciphers[i], SESSION, SK_SEALED_TO_SERVER, &mine);
    sk_sealed_init(&pair.server, ciphers[1 - i], SESSION, SK_SEALED_TO_CLIENT, &theirs);
    return pair;
}

static int receive(struct sk_sealed *sealed, const uint8_t *datagram, size_t bytes)
{
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    struct end_of_page page = end_of_page_copy(datagram, bytes);
    int result = sk_sealed_receive(sealed, page.bytes, bytes, plain, &opened);
    end_of_page_free(&page);
    return result;
}

static void test_sealed_cipher_is_that_of_rfc_8439(void **state)
{
    /* section 2.8.2 */
    static const char words[] = "Ladies and Gentlemen of the class of '99: If I could offer you "
                                "only one tip for the future, sunscreen would be it.";
    static const uint8_t nonce[] = {7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
    static const uint8_t associated[] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1,
                                         0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    static const uint8_t expected[] = {
        0xd3, 0x1a, 0x8d, 0x34, 0x64, 0x8e, 0x60, 0xdb, 0x7b, 0x86, 0xaf, 0xbc, 0x53, 0xef, 0x7e,
        0xc2, 0xa4, 0xad, 0xed, 0x51, 0x29, 0x6e, 0x08, 0xfe, 0xa9, 0xe2, 0xb5, 0xa7, 0x36, 0xee,
        0x62, 0xd6, 0x3d, 0xbe, 0xa4, 0x5e, 0x8c, 0xa9, 0x67, 0x12, 0x82, 0xfa, 0xfb, 0x69, 0xda,
        0x92, 0x72, 0x8b, 0x1a, 0x71, 0xde, 0x0a, 0x9e, 0x06, 0x0b, 0x29, 0x05, 0xd6, 0xa5, 0xb6,
        0x7e, 0xcd, 0x3b, 0x36, 0x92, 0xdd, 0xbd, 0x7f, 0x2d, 0x77, 0x8b, 0x8c, 0x98, 0x03, 0xae,
        0xe3, 0x28, 0x09, 0x1b, 0x58, 0xfa, 0xb3, 0x24, 0xe4, 0xfa, 0xd6, 0x75, 0x94, 0x55, 0x85,
        0x80, 0x8b, 0x48, 0x31, 0xd7, 0xbc, 0x3f, 0xf4, 0xde, 0xf0, 0x8e, 0x4b, 0x7a, 0x9d, 0xe5,
        0x76, 0xd2, 0x65, 0x86, 0xce, 0xc6, 0x4b, 0x61, 0x16};
    static const uint8_t expected_tag[] = {0x1a, 0xe1, 0x0b, 0x59, 0x4f, 0x09, 0xe2, 0x6a,
                                           0x7e, 0x90, 0x2e, 0xcb, 0xd0, 0x60, 0x06, 0x91};
    uint8_t key[SK_AEAD_KEY_BYTES];
    uint8_t out[sizeof(expected)];
    uint8_t tag[SK_AEAD_TAG_BYTES];
    (void)state;
    assert_int_equal(sizeof(words) - 1, sizeof(expected));
    for (uint32_t i = 0; i < sizeof(key); i++) {
        key[i] = (uint8_t)(0x80 + i);
    }
    struct sk_aead_text text = {.key = key,
                                .nonce = nonce,
                                .associated = associated,
                                .associated_bytes = sizeof(associated),
                                .bytes = sizeof(expected)};
    for (uint32_t i = 0; i < 2; i++) {
        text.in = (const uint8_t *)words;
        sk_aead_seal(ciphers[i], &text, out, tag);
        assert_memory_equal(out, expected, sizeof(expected));
        assert_memory_equal(tag, expected_tag, sizeof(tag));
        text.in = expected;
        assert_int_equal(sk_aead_open(ciphers[i], &text, expected_tag, out), SK_OK);
        assert_memory_equal(out, words, sizeof(expected));
    }
}

static void test_sealed_every_length_is_opened_as_sealed(void **state)
{
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint8_t out[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    (void)state;
    for (uint32_t i = 0; i < sizeof(plain); i++) {
        plain[i] = (uint8_t)(i * 7);
    }
    for (uint32_t i = 0; i < 2; i++) {
        struct pair pair = pair_of(i);
        for (size_t bytes = 0; bytes <= sizeof(plain); bytes++) {
            struct end_of_page page = end_of_page_copy(plain, bytes);
            int size = sk_sealed_send(&pair.client, page.bytes, bytes, datagram);
            end_of_page_free(&page);
            assert_int_equal(size, bytes + SK_SEALED_OVERHEAD_BYTES);
            assert_int_equal(sk_sealed_receive(&pair.server, datagram, (size_t)size, out, &opened),
                             SK_OK);
            assert_int_equal(opened.bytes, bytes);
            assert_true(opened.is_newest);
            assert_memory_equal(out, plain, bytes);
        }
    }
}

static void test_sealed_every_flipped_bit_is_refused(void **state)
{
    static const uint8_t plain[] = "one datagram, of which no bit may flip";
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        struct pair pair = pair_of(i);
        size_t size = (size_t)sk_sealed_send(&pair.client, plain, sizeof(plain), datagram);
        for (size_t bit = 0; bit < size * 8; bit++) {
            datagram[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(receive(&pair.server, datagram, size), SK_ERR_FORGED);
            datagram[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_int_equal(receive(&pair.server, datagram, size), SK_OK); /* nothing was moved */
    }
}

static void test_sealed_every_other_length_is_refused(void **state)
{
    static const uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    uint8_t datagram[SK_SEALED_BYTES_MAX + 1] = {0};
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        struct pair pair = pair_of(i);
        size_t size = (size_t)sk_sealed_send(&pair.client, plain, sizeof(plain), datagram);
        assert_int_equal(size, SK_SEALED_BYTES_MAX);
        for (size_t bytes = 0; bytes < size; bytes++) {
            assert_int_equal(receive(&pair.server, datagram, bytes),
                             bytes < SK_SEALED_OVERHEAD_BYTES ? SK_ERR_TRUNCATED : SK_ERR_FORGED);
        }
        assert_int_equal(receive(&pair.server, datagram, size + 1), SK_ERR_TOO_BIG);
        assert_int_equal(receive(&pair.server, datagram, size), SK_OK);
    }
}

static void test_sealed_other_direction_is_refused(void **state)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    struct sk_sealed_keys same;
    struct sk_sealed client;
    struct sk_sealed server;
    (void)state;
    memset(&same, 0x33, sizeof(same)); /* or the key alone would refuse it */
    sk_sealed_init(&client, ciphers[0], SESSION, SK_SEALED_TO_SERVER, &same);
    sk_sealed_init(&server, ciphers[1], SESSION, SK_SEALED_TO_CLIENT, &same);
    size_t size = (size_t)sk_sealed_send(&client, NULL, 0, datagram);
    assert_int_equal(receive(&client, datagram, size), SK_ERR_FORGED);
    size = (size_t)sk_sealed_send(&server, NULL, 0, datagram);
    assert_int_equal(receive(&server, datagram, size), SK_ERR_FORGED);
    assert_int_equal(receive(&client, datagram, size), SK_OK);
    size = (size_t)sk_sealed_send(&client, NULL, 0, datagram);
    assert_int_equal(receive(&server, datagram, size), SK_OK);
}

static void test_sealed_other_session_is_refused(void **state)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint32_t session = 0;
    (void)state;
    struct pair pair = pair_of(0);
    struct sk_sealed other = pair.server;
    other.session++;
    size_t size = (size_t)sk_sealed_send(&pair.client, NULL, 0, datagram);
    assert_int_equal(sk_sealed_read_session(datagram, size, &session), SK_OK);
    assert_int_equal(session, SESSION);
    assert_int_equal(datagram[0], SESSION & 0xff); /* the worker */
    assert_int_equal(receive(&other, datagram, size), SK_ERR_FORGED);
    datagram[0]++; /* now it names the other one, but was not sealed for it */
    assert_int_equal(receive(&other, datagram, size), SK_ERR_FORGED);
}

static void test_sealed_other_key_is_refused(void **state)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    (void)state;
    struct pair pair = pair_of(1);
    pair.server.keys.receive[31] ^= 1;
    size_t size = (size_t)sk_sealed_send(&pair.client, NULL, 0, datagram);
    assert_int_equal(receive(&pair.server, datagram, size), SK_ERR_FORGED);
}

static void test_sealed_same_datagram_is_taken_once(void **state)
{
    uint8_t first[SK_SEALED_BYTES_MAX];
    uint8_t second[SK_SEALED_BYTES_MAX];
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    (void)state;
    struct pair pair = pair_of(0);
    size_t size = (size_t)sk_sealed_send(&pair.client, NULL, 0, first);
    assert_int_equal(sk_sealed_send(&pair.client, NULL, 0, second), size);
    assert_int_equal(sk_sealed_receive(&pair.server, second, size, plain, &opened), SK_OK);
    assert_true(opened.is_newest);
    assert_int_equal(sk_sealed_receive(&pair.server, first, size, plain, &opened), SK_OK);
    assert_false(opened.is_newest); /* overtaken: the peer may have moved since */
    assert_int_equal(receive(&pair.server, first, size), SK_ERR_RANGE);
    assert_int_equal(receive(&pair.server, second, size), SK_ERR_RANGE);
}

static void test_sealed_forged_sequence_moves_no_window(void **state)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint8_t forged[SK_SEALED_BYTES_MAX];
    (void)state;
    struct pair pair = pair_of(0);
    size_t size = (size_t)sk_sealed_send(&pair.client, NULL, 0, datagram);
    memcpy(forged, datagram, size);
    memset(forged + 4, 0xff, 4); /* far ahead: all that the client sends would be too old */
    assert_int_equal(receive(&pair.server, forged, size), SK_ERR_FORGED);
    assert_int_equal(receive(&pair.server, datagram, size), SK_OK);
}

static void test_sealed_session_ends_with_its_sequences(void **state)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    (void)state;
    struct pair pair = pair_of(0);
    pair.client.next_sequence = UINT32_MAX;
    int size = sk_sealed_send(&pair.client, NULL, 0, datagram);
    assert_int_equal(size, SK_SEALED_OVERHEAD_BYTES);
    assert_int_equal(receive(&pair.server, datagram, (size_t)size), SK_OK);
    assert_int_equal(sk_sealed_send(&pair.client, NULL, 0, datagram), SK_ERR_FULL);
    assert_int_equal(sk_sealed_send(&pair.client, NULL, 0, datagram), SK_ERR_FULL);
}

static void test_sealed_ended_session_has_no_keys(void **state)
{
    static const struct sk_sealed nothing;
    (void)state;
    struct pair pair = pair_of(0);
    sk_sealed_deinit(&pair.server);
    assert_memory_equal(&pair.server, &nothing, sizeof(nothing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sealed_cipher_is_that_of_rfc_8439),
        cmocka_unit_test(test_sealed_every_length_is_opened_as_sealed),
        cmocka_unit_test(test_sealed_every_flipped_bit_is_refused),
        cmocka_unit_test(test_sealed_every_other_length_is_refused),
        cmocka_unit_test(test_sealed_other_direction_is_refused),
        cmocka_unit_test(test_sealed_other_session_is_refused),
        cmocka_unit_test(test_sealed_other_key_is_refused),
        cmocka_unit_test(test_sealed_same_datagram_is_taken_once),
        cmocka_unit_test(test_sealed_forged_sequence_moves_no_window),
        cmocka_unit_test(test_sealed_session_ends_with_its_sequences),
        cmocka_unit_test(test_sealed_ended_session_has_no_keys),
    };
    return cmocka_run_group_tests(tests, make_ciphers, free_ciphers);
}
