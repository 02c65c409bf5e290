/* test_tls_guard.c - the record guard alone: every limit from both sides, every way to cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tls/tls_guard.h"

struct row {
    const char *what;
    enum tls_refusal want;
    uint8_t header[TLS_HEADER_BYTES];
};

static void check_rows(const struct tls_guard *guard, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_message("  %s\n", rows[i].what);
        assert_int_equal(tls_guard_check(guard, rows[i].header), rows[i].want);
    }
}

static void test_tls_guard_handshake_has_its_limits(void **state)
{
    static const struct row rows[] = {
        {"hello", TLS_NOT_REFUSED, {22, 3, 1, 1, 0}},
        {"hello of 4096", TLS_NOT_REFUSED, {22, 3, 1, 0x10, 0}},
        {"hello of 4097", TLS_REFUSED_BIG, {22, 3, 1, 0x10, 1}},
        {"change of cipher", TLS_NOT_REFUSED, {20, 3, 3, 0, 1}},
        {"alert", TLS_NOT_REFUSED, {21, 3, 3, 0, 2}},
        {"sealed finished", TLS_NOT_REFUSED, {23, 3, 3, 0, 53}},
        {"sealed record of 17", TLS_NOT_REFUSED, {23, 3, 3, 0, 17}},
        {"sealed record of 16", TLS_REFUSED_SHORT, {23, 3, 3, 0, 16}},
        {"type below", TLS_REFUSED_TYPE, {19, 3, 3, 0, 40}},
        {"type above", TLS_REFUSED_TYPE, {24, 3, 3, 0, 40}},
        {"version 2", TLS_REFUSED_TYPE, {22, 2, 1, 1, 0}},
        {"GET /", TLS_REFUSED_TYPE, {'G', 'E', 'T', ' ', '/'}},
    };
    struct tls_guard guard = {0};
    (void)state;
    check_rows(&guard, rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_tls_guard_open_session_has_its_limits(void **state)
{
    static const struct row rows[] = {
        {"sealed record of 17", TLS_NOT_REFUSED, {23, 3, 3, 0, 17}},
        {"sealed record of 16", TLS_REFUSED_SHORT, {23, 3, 3, 0, 16}},
        {"sealed record of 2^14 + 256", TLS_NOT_REFUSED, {23, 3, 3, 0x41, 0}},
        {"sealed record of 2^14 + 257", TLS_REFUSED_BIG, {23, 3, 3, 0x41, 1}},
        {"hello", TLS_REFUSED_TYPE, {22, 3, 1, 1, 0}},
        {"change of cipher", TLS_REFUSED_TYPE, {20, 3, 3, 0, 1}},
        {"alert", TLS_REFUSED_TYPE, {21, 3, 3, 0, 2}},
    };
    struct tls_guard guard = {.is_open = true};
    (void)state;
    check_rows(&guard, rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_tls_guard_sum_of_a_flight_has_a_limit(void **state)
{
    static const uint8_t header[TLS_HEADER_BYTES] = {22, 3, 1, 0, 95};
    struct tls_guard guard = {.flight_bytes = SK_TLS_FLIGHT_BYTES_MAX - 100};
    (void)state;
    assert_int_equal(tls_guard_check(&guard, header), TLS_NOT_REFUSED);
    guard.flight_bytes++;
    assert_int_equal(tls_guard_check(&guard, header), TLS_REFUSED_HANDSHAKE);
    tls_guard_on_answer(&guard);
    assert_int_equal(tls_guard_check(&guard, header), TLS_NOT_REFUSED);
}

static void test_tls_guard_idle_records_have_a_limit(void **state)
{
    uint8_t record[TLS_HEADER_BYTES + 17] = {23, 3, 3, 0, 17};
    uint8_t to[sizeof(record)];
    struct tls_guard guard = {.is_open = true};
    int result = 1;
    int count = 0;
    (void)state;
    for (; result > 0 && count < 100; count++) {
        struct sk_tls_io io = {.in = record, .in_bytes = sizeof(record)};
        do {
            result = tls_guard_read(&guard, &io, to, sizeof(to));
        } while (result > 0 && io.in_used < io.in_bytes);
        if (count % 2 == 1) {
            tls_guard_on_plain(&guard); /* every second record gave some */
        }
    }
    assert_int_equal(result, SK_ERR_PROTOCOL);
    assert_int_equal(guard.refusal, TLS_REFUSED_IDLE);
    assert_in_range(count, 2 * SK_TLS_IDLE_RECORDS_MAX - 2, 2 * SK_TLS_IDLE_RECORDS_MAX);
}

static void test_tls_guard_data_forever_passes(void **state)
{
    uint8_t record[TLS_HEADER_BYTES + 17] = {23, 3, 3, 0, 17};
    uint8_t to[sizeof(record)];
    struct tls_guard guard = {.is_open = true};
    (void)state;
    for (int i = 0; i < 70000; i++) {
        struct sk_tls_io io = {.in = record, .in_bytes = sizeof(record)};
        assert_int_equal(tls_guard_read(&guard, &io, to, sizeof(to)), TLS_HEADER_BYTES);
        assert_int_equal(tls_guard_read(&guard, &io, to, sizeof(to)), 17);
        tls_guard_on_plain(&guard);
    }
}

/* Reads all of `in`, whose first `cut` bytes come alone, asking for `piece` bytes at a time. */
static size_t read_cut(const uint8_t *in, size_t in_bytes, size_t cut, size_t piece, uint8_t *to)
{
    struct tls_guard guard = {0};
    size_t given = 0;
    size_t ends[2] = {cut, in_bytes};
    struct sk_tls_io io = {.in = in};
    for (int part = 0; part < 2; part++) {
        io.in_bytes = ends[part];
        int result = 0;
        while ((result = tls_guard_read(&guard, &io, to + given, piece)) > 0) {
            given += (size_t)result;
        }
        assert_int_equal(result, SK_ERR_AGAIN);
        assert_int_equal(io.in_used, io.in_bytes);
    }
    assert_true(tls_guard_is_between(&guard));
    return given;
}

static void test_tls_guard_any_split_passes_the_same_bytes(void **state)
{
    uint8_t in[5 + 7 + 5 + 1 + 5 + 20] = {22, 3, 1, 0, 7, 1, 2,  3, 4, 5, 6, 7,
                                          20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 20};
    (void)state;
    for (size_t cut = 0; cut <= sizeof(in); cut++) {
        for (size_t piece = 1; piece <= 8; piece++) {
            uint8_t to[sizeof(in) + 8] = {0};
            assert_int_equal(read_cut(in, sizeof(in), cut, piece, to), sizeof(in));
            assert_memory_equal(to, in, sizeof(in));
        }
    }
}

static void test_tls_guard_gives_no_part_of_a_header(void **state)
{
    static const uint8_t header[TLS_HEADER_BYTES] = {22, 3, 1, 0, 9};
    struct tls_guard guard = {0};
    uint8_t to[8];
    struct sk_tls_io io = {.in = header};
    (void)state;
    for (io.in_bytes = 0; io.in_bytes < TLS_HEADER_BYTES; io.in_bytes++) {
        assert_int_equal(tls_guard_read(&guard, &io, to, sizeof(to)), SK_ERR_AGAIN);
        assert_int_equal(io.in_used, io.in_bytes);
        assert_true(tls_guard_is_between(&guard));
    }
    assert_int_equal(tls_guard_read(&guard, &io, to, sizeof(to)), TLS_HEADER_BYTES);
    assert_false(tls_guard_is_between(&guard));
}

static void test_tls_guard_refusals_have_words(void **state)
{
    (void)state;
    for (int a = 0; a < TLS_REFUSAL_COUNT; a++) {
        assert_true(strlen(tls_refusal_word((enum tls_refusal)a)) > 0);
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(tls_refusal_word((enum tls_refusal)a),
                                    tls_refusal_word((enum tls_refusal)b));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tls_guard_handshake_has_its_limits),
        cmocka_unit_test(test_tls_guard_open_session_has_its_limits),
        cmocka_unit_test(test_tls_guard_sum_of_a_flight_has_a_limit),
        cmocka_unit_test(test_tls_guard_idle_records_have_a_limit),
        cmocka_unit_test(test_tls_guard_data_forever_passes),
        cmocka_unit_test(test_tls_guard_any_split_passes_the_same_bytes),
        cmocka_unit_test(test_tls_guard_gives_no_part_of_a_header),
        cmocka_unit_test(test_tls_guard_refusals_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
