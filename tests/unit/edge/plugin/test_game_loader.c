/* test_game_loader.c - each game that cannot be used is refused with a sentence, nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "plugin/game_loader.h"

enum { WHY_BYTES = 512 };

/* GAMES and FIXTURES are folders of the build tree. */
static void expect_refused(const char *name, int want, const char *sentence)
{
    struct game_loaded loaded;
    char why[WHY_BYTES] = "";
    assert_int_equal(game_load(&loaded, name, why, sizeof(why)), want);
    assert_null(loaded.game);
    assert_null(loaded.library);
    print_message("  %s\n", why);
    assert_non_null(strstr(why, sentence));
    assert_null(strchr(why, '\n'));
}

static void test_game_loader_built_in_is_found_by_name(void **state)
{
    (void)state;
    struct game_loaded loaded;
    char why[WHY_BYTES];
    assert_int_equal(game_load(&loaded, "arena", why, sizeof(why)), SK_OK);
    assert_string_equal(loaded.game->name, "arena");
    game_unload(&loaded);
    assert_int_equal(game_load(&loaded, "template", why, sizeof(why)), SK_OK);
    game_unload(&loaded);
}

static void test_game_loader_so_is_the_game_that_is_built_in(void **state)
{
    (void)state;
    struct game_loaded loaded;
    struct game_loaded here;
    char why[WHY_BYTES];
    assert_int_equal(game_load(&loaded, GAMES "/arena.so", why, sizeof(why)), SK_OK);
    assert_int_equal(game_load(&here, "arena", why, sizeof(why)), SK_OK);
    assert_ptr_not_equal(loaded.game, here.game);
    assert_true(loaded.game->code_hash == here.game->code_hash);
    assert_true(loaded.game->code_hash != 0);
    game_unload(&loaded);
    assert_null(loaded.game);
}

static void test_game_loader_unknown_name_is_refused(void **state)
{
    (void)state;
    expect_refused("chess", SK_ERR_CONFIG, "game chess is unknown");
}

static void test_game_loader_not_a_file_is_refused(void **state)
{
    (void)state;
    expect_refused(GAMES "/missing.so", SK_ERR_CONFIG, "is not a file");
    expect_refused(GAMES "/", SK_ERR_CONFIG, "is not a file");
}

static void test_game_loader_not_a_library_is_refused(void **state)
{
    (void)state;
    expect_refused(GAMES "/arena.ts", SK_ERR_CONFIG, "is not a library that can be loaded");
}

static void test_game_loader_missing_symbol_is_refused(void **state)
{
    (void)state;
    expect_refused(FIXTURES "/no_entry.so", SK_ERR_CONFIG, "has no function sk_game_entry");
}

static void test_game_loader_wrong_abi_is_refused(void **state)
{
    (void)state;
    expect_refused(FIXTURES "/wrong_abi.so", SK_ERR_MISMATCH, "another version of the game");
}

static void test_game_loader_wrong_size_is_refused(void **state)
{
    (void)state;
    expect_refused(FIXTURES "/wrong_size.so", SK_ERR_MISMATCH, "another size");
}

static jmp_buf room;

static void on_game_failed(const char *file, int line, const char *what)
{
    (void)file;
    (void)line;
    (void)what;
    longjmp(room, 1);
}

static void test_game_loader_failed_check_of_a_so_reaches_the_host(void **state)
{
    (void)state;
    struct game_loaded loaded;
    char why[WHY_BYTES];
    uint64_t world[16];
    assert_int_equal(game_load(&loaded, FIXTURES "/failing.so", why, sizeof(why)), SK_OK);
    sk_assert_set_game_handler(on_game_failed);
    if (setjmp(room) == 0) {
        loaded.game->start(world, NULL);
        fail_msg("the check did not fail");
    }
    sk_assert_set_game_handler(NULL);
    game_unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_game_loader_built_in_is_found_by_name),
        cmocka_unit_test(test_game_loader_so_is_the_game_that_is_built_in),
        cmocka_unit_test(test_game_loader_unknown_name_is_refused),
        cmocka_unit_test(test_game_loader_not_a_file_is_refused),
        cmocka_unit_test(test_game_loader_not_a_library_is_refused),
        cmocka_unit_test(test_game_loader_missing_symbol_is_refused),
        cmocka_unit_test(test_game_loader_wrong_abi_is_refused),
        cmocka_unit_test(test_game_loader_wrong_size_is_refused),
        cmocka_unit_test(test_game_loader_failed_check_of_a_so_reaches_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
