/* test_secrets.c - keys are made once, kept for the owner alone, and belong to one server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/secrets.h"
#include "tls/crypto.h"

struct place {
    char directory[64];
    char keys_path[96];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    assert_non_null(place);
    strcpy(place->directory, "/tmp/test-secrets-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->keys_path, sizeof(place->keys_path), "%s/ticket-keys", place->directory);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char path[96];
    unlink(place->keys_path);
    snprintf(path, sizeof(path), "%s/lock", place->directory);
    unlink(path);
    rmdir(place->directory);
    free(place);
    return 0;
}

static int open_once(const char *directory, struct ticket_keys *keys, const char **why)
{
    struct secrets secrets;
    int result = secrets_open(&secrets, directory, keys, why);
    secrets_close(&secrets);
    return result;
}

static void test_secrets_without_directory_differ_each_time(void **state)
{
    struct ticket_keys first = {0};
    struct ticket_keys second = {0};
    const char *why = NULL;
    (void)state;
    assert_int_equal(open_once(NULL, &first, &why), SK_OK);
    assert_int_equal(open_once(NULL, &second, &why), SK_OK);
    assert_memory_not_equal(first.keys[0], second.keys[0], TICKET_KEY_BYTES);
}

static void test_secrets_with_directory_are_the_same_again(void **state)
{
    const struct place *place = *state;
    struct ticket_keys first = {0};
    struct ticket_keys second = {0};
    const char *why = NULL;
    assert_int_equal(open_once(place->directory, &first, &why), SK_OK);
    assert_int_equal(open_once(place->directory, &second, &why), SK_OK);
    assert_memory_equal(first.keys, second.keys, sizeof(first.keys));
    assert_memory_equal(first.ids, second.ids, sizeof(first.ids));
}

static void test_secrets_file_is_for_the_owner_alone(void **state)
{
    const struct place *place = *state;
    struct ticket_keys keys = {0};
    struct stat status;
    const char *why = NULL;
    assert_int_equal(open_once(place->directory, &keys, &why), SK_OK);
    assert_int_equal(stat(place->keys_path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_secrets_file_that_others_read_is_refused(void **state)
{
    const struct place *place = *state;
    struct ticket_keys keys = {0};
    const char *why = NULL;
    assert_int_equal(open_once(place->directory, &keys, &why), SK_OK);
    assert_int_equal(chmod(place->keys_path, 0644), 0);
    assert_int_equal(open_once(place->directory, &keys, &why), SK_ERR_CONFIG);
    assert_non_null(strstr(why, "chmod"));
}

static void test_secrets_second_server_is_refused(void **state)
{
    const struct place *place = *state;
    struct secrets first;
    struct ticket_keys keys = {0};
    const char *why = NULL;
    assert_int_equal(secrets_open(&first, place->directory, &keys, &why), SK_OK);
    assert_int_equal(open_once(place->directory, &keys, &why), SK_ERR_CONFIG);
    assert_non_null(strstr(why, "another server"));
    secrets_close(&first);
    assert_int_equal(open_once(place->directory, &keys, &why), SK_OK);
}

static void test_secrets_cut_file_is_refused(void **state)
{
    const struct place *place = *state;
    struct ticket_keys keys = {0};
    const char *why = NULL;
    assert_int_equal(open_once(place->directory, &keys, &why), SK_OK);
    assert_int_equal(truncate(place->keys_path, 20), 0);
    assert_int_equal(open_once(place->directory, &keys, &why), SK_ERR_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_without_directory_differ_each_time),
        cmocka_unit_test_setup_teardown(test_secrets_with_directory_are_the_same_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_file_is_for_the_owner_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_file_that_others_read_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_second_server_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_cut_file_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
