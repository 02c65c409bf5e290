/* test_settings.c - a table's values from flags, variables, a file and defaults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "native/settings.h"

/* A type of the program's own: X,Y of one digit each. */
struct point {
    uint8_t x;
    uint8_t y;
};

struct target {
    const char *name;
    struct point at;
    uint32_t room_count;
    uint32_t wait_ms;
    uint32_t form;
    bool loud;
    struct sk_setting_list page;
};

static bool read_point(const char *text, void *value)
{
    struct point *point = value;
    *point = (struct point){(uint8_t)(text[0] - '0'), 0};
    if (text[0] < '0' || text[0] > '9' || text[1] != ',') {
        return false;
    }
    point->y = (uint8_t)(text[2] - '0');
    return text[2] >= '0' && text[2] <= '9' && text[3] == '\0';
}

static const struct sk_setting_type point_type = {"X,Y", sizeof(struct point), read_point};

#define AT(member) offsetof(struct target, member)
static const struct sk_setting rows[] = {
    {"name", SK_SETTING_TEXT, NULL, AT(name), NULL, 0, 0, "TEXT", "a name"},
    {"at", SK_SETTING_TYPED, &point_type, AT(at), "1,2", 0, 0, "X,Y", "a place"},
    {"room_count", SK_SETTING_NUMBER, NULL, AT(room_count), "7", 2, 4294967295u, "N", "rooms"},
    {"wait", SK_SETTING_SECONDS, NULL, AT(wait_ms), NULL, 1, 60, "S", "patience"},
    {"form", SK_SETTING_CHOICE, NULL, AT(form), "round", 0, 0, "square|round", "a form"},
    {"loud", SK_SETTING_FLAG, NULL, AT(loud), "false", 0, 0, "", "shouts"},
    {"page", SK_SETTING_LIST, NULL, AT(page), "first", 0, 0, "NAME", "pages"},
};

static struct target target;
static struct sk_settings settings;

static int setup(void **state)
{
    (void)state;
    memset(&target, 0, sizeof(target));
    sk_settings_init(&settings, rows, sizeof(rows) / sizeof(rows[0]), "APP_", &target);
    return 0;
}

/* Reads up to three words as a command line. */
static int read_flags(const char *first, const char *second, const char *third)
{
    char *argv[] = {(char *)"app", (char *)first, (char *)second, (char *)third, NULL};
    int argc = 1;
    while (argv[argc] != NULL) {
        argc++;
    }
    return sk_settings_read_flags(&settings, argc, argv);
}

static int read_file(const char *text)
{
    return sk_settings_read_file(&settings, "app.conf", text, strlen(text));
}

static int read_variable(const char *variable)
{
    char *variables[] = {(char *)variable, NULL};
    return sk_settings_read_variables(&settings, variables);
}

static void test_settings_defaults_fill_what_is_not_set(void **state)
{
    (void)state;
    assert_int_equal(sk_settings_read_defaults(&settings), SK_OK);
    assert_null(target.name);
    assert_int_equal(target.at.x, 1);
    assert_int_equal(target.at.y, 2);
    assert_int_equal(target.wait_ms, 0);
    assert_int_equal(target.room_count, 7);
    assert_int_equal(target.form, 1);
    assert_false(target.loud);
    assert_int_equal(target.page.count, 1);
    assert_string_equal(target.page.items[0], "first");
}

static void test_settings_flag_takes_both_spellings(void **state)
{
    (void)state;
    assert_int_equal(read_flags("--room-count", "8", "--loud"), SK_OK);
    assert_int_equal(target.room_count, 8);
    assert_true(target.loud);
    assert_int_equal(read_flags("--room-count=9", "--loud=false", NULL), SK_OK);
    assert_int_equal(target.room_count, 9);
    assert_false(target.loud);
}

static void test_settings_seconds_are_kept_as_milliseconds(void **state)
{
    (void)state;
    assert_int_equal(read_flags("--wait", "60", NULL), SK_OK);
    assert_int_equal(target.wait_ms, 60000);
}

static void test_settings_help_is_asked_for_anywhere(void **state)
{
    char *argv[] = {(char *)"--help", (char *)"--at", (char *)"--version", NULL};
    (void)state;
    assert_true(sk_settings_is_asked(3, argv, "--version"));
    assert_false(sk_settings_is_asked(3, argv, "--help")); /* the program's name is no argument */
}

static void test_settings_list_is_replaced_by_a_stronger_source(void **state)
{
    (void)state;
    assert_int_equal(read_file("page = a\npage = b\n"), SK_OK);
    assert_int_equal(target.page.count, 2);
    assert_int_equal(read_variable("APP_PAGE=c,d,e"), SK_OK);
    assert_int_equal(target.page.count, 3);
    assert_string_equal(target.page.items[2], "e");
    assert_int_equal(read_flags("--page=f", NULL, NULL), SK_OK);
    assert_int_equal(target.page.count, 1);
    assert_int_equal(read_file("page = g\n"), SK_OK);
    assert_int_equal(target.page.count, 1);
    assert_string_equal(target.page.items[0], "f");
}

static void test_settings_list_is_bounded(void **state)
{
    (void)state;
    for (int i = 0; i < SK_SETTINGS_LIST_ITEMS_MAX; i++) {
        assert_int_equal(read_flags("--page=x", NULL, NULL), SK_OK);
    }
    assert_int_equal(read_flags("--page=x", NULL, NULL), SK_ERR_CONFIG);
    assert_string_equal(settings.error, "--page: more than 16 of them");
}

static void test_settings_file_allows_blanks_comments_and_no_last_newline(void **state)
{
    (void)state;
    assert_int_equal(read_file("# one\n\n \tname =  a = b \r\n  # two\nroom-count=11"), SK_OK);
    assert_string_equal(target.name, "a = b");
    assert_int_equal(target.room_count, 11);
}

static void test_settings_file_value_ends_before_a_comment(void **state)
{
    (void)state;
    assert_int_equal(read_file("name = a#b \t# c\nroom-count = 11 # of 12\n"), SK_OK);
    assert_string_equal(target.name, "a#b");
    assert_int_equal(target.room_count, 11);
}

static void test_settings_file_value_may_be_quoted(void **state)
{
    static const struct {
        const char *text;
        const char *value;
    } list[] = {
        {"name = \"a b\"", "a b"},     {"name = \" a # b \" \t\r\n", " a # b "},
        {"name=\"a\" # c", "a"},       {"name = \"\\\"a\\\\b\\\"\"", "\"a\\b\""},
        {"name = a \"b\"", "a \"b\""}, {"name = a\\b", "a\\b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        print_message("  %s\n", list[i].text);
        (void)setup(NULL);
        assert_int_equal(read_file(list[i].text), SK_OK);
        assert_string_equal(target.name, list[i].value);
    }
}

static void test_settings_variable_of_an_orchestrator_is_left_alone(void **state)
{
    static const char *const list[] = {
        "APP_SERVICE_HOST=10.0.0.1",
        "APP_SERVICE_PORT=7777",
        "APP_SERVICE_PORT_GAME=7777",
        "APP_PORT=tcp://10.0.0.1:7777",
        "APP_PORT_7777_TCP=tcp://10.0.0.1:7777",
        "APP_PORT_7777_TCP_ADDR=10.0.0.1",
        "APP_EU_WEST_SERVICE_HOST=10.0.0.1",
        "APP_EU_WEST_PORT_7777_UDP_PROTO=udp",
        "XAPP_NAME=a",
        "APP=a",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        print_message("  %s\n", list[i]);
        assert_int_equal(read_variable(list[i]), SK_OK);
    }
    assert_null(target.name);
    assert_int_equal(read_variable("APP_NAME=a"), SK_OK);
    assert_string_equal(target.name, "a");
}

static void test_settings_mistyped_variable_is_refused_with_the_nearest(void **state)
{
    static const struct {
        const char *variable;
        const char *error;
    } list[] = {
        {"APP_NAMES=a", "APP_NAMES: no such setting; the nearest is APP_NAME"},
        {"APP_ROOMCOUNT=3", "APP_ROOMCOUNT: no such setting; the nearest is APP_ROOM_COUNT"},
        {"APP_room_count=3", "APP_room_count: no such setting; the nearest is APP_ROOM_COUNT"},
        {"APP_FORMS", "APP_FORMS: no such setting; the nearest is APP_FORM"},
        {"APP_=1", "APP_: no such setting; the nearest is APP_AT"},
        {"APP_PORT=7777", "APP_PORT: no such setting; the nearest is APP_FORM"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        (void)setup(NULL);
        assert_int_equal(read_variable(list[i].variable), SK_ERR_CONFIG);
        assert_string_equal(settings.error, list[i].error);
    }
}

static void test_settings_bad_flag_is_named(void **state)
{
    static const struct {
        const char *first;
        const char *second;
        const char *error;
    } list[] = {
        {"--rooms", "3", "--rooms: no such option; --help lists them"},
        {"room-count", "3", "room-count: no such option; --help lists them"},
        {"--", "3", "--: no such option; --help lists them"},
        {"--room_count", "3", "--room_count: no such option; --help lists them"},
        {"--room-count", NULL, "--room-count: needs a value"},
        {"--room-count", "1", "--room-count: \"1\" is no number from 2 to 4294967295"},
        {"--room-count", "4294967296",
         "--room-count: \"4294967296\" is no number from 2 to 4294967295"},
        {"--room-count", "5x", "--room-count: \"5x\" is no number from 2 to 4294967295"},
        {"--room-count", "", "--room-count: \"\" is no number from 2 to 4294967295"},
        {"--room-count", "18446744073709551619",
         "--room-count: \"18446744073709551619\" is no number from 2 to 4294967295"},
        {"--form", "squar", "--form: \"squar\" is not one of square|round"},
        {"--form", "square|round", "--form: \"square|round\" is not one of square|round"},
        {"--loud=yes", NULL, "--loud: \"yes\" is neither true nor false"},
        {"--at", "nowhere", "--at: \"nowhere\" is no X,Y"},
        {"--wait", "61", "--wait: \"61\" is no number from 1 to 60"},
        {"--name=", NULL, "--name: the value is empty"},
        {"--page=", NULL, "--page: the value is empty"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        (void)setup(NULL);
        assert_int_equal(read_flags(list[i].first, list[i].second, NULL), SK_ERR_CONFIG);
        assert_string_equal(settings.error, list[i].error);
    }
}

static void test_settings_bad_line_is_named(void **state)
{
    static const struct {
        const char *text;
        const char *error;
    } list[] = {
        {"\nrooms = 3\n", "app.conf:2: no such option: \"rooms\""},
        {"room-count 3\n", "app.conf:1: \"room-count 3\" is not NAME = VALUE"},
        {"name = a\n\nroom-count = 1\n",
         "app.conf:3: room-count: \"1\" is no number from 2 to 4294967295"},
        {"name =\n", "app.conf:1: name: the value is empty"},
        {"= a\n", "app.conf:1: no such option: \"\""},
        {"name = # a\n", "app.conf:1: name: the value is empty"},
        {"name = \"\"\n", "app.conf:1: name: the value is empty"},
        {"name = \"a\n", "app.conf:1: name: the quotes are not closed"},
        {"name = \"a\\\"\n", "app.conf:1: name: the quotes are not closed"},
        {"name = \"a\\n\"\n", "app.conf:1: name: in quotes only \\\" and \\\\ are known"},
        {"name = \"a\" b\n", "app.conf:1: name: only a comment may stand behind the quotes"},
        {"name = \"a\"# b\n", "app.conf:1: name: only a comment may stand behind the quotes"},
        {"name = 'a'\n", "app.conf:1: name: quotes are double ones"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        (void)setup(NULL);
        assert_int_equal(read_file(list[i].text), SK_ERR_CONFIG);
        assert_string_equal(settings.error, list[i].error);
    }
}

static void test_settings_bad_variable_is_named_even_when_hidden(void **state)
{
    (void)state;
    assert_int_equal(read_flags("--room-count=5", NULL, NULL), SK_OK);
    assert_int_equal(read_variable("APP_ROOM_COUNT=x"), SK_ERR_CONFIG);
    assert_string_equal(settings.error, "APP_ROOM_COUNT: \"x\" is no number from 2 to 4294967295");
}

static void test_settings_error_is_one_line_whatever_the_value(void **state)
{
    (void)state;
    assert_int_equal(read_flags("--form", "a\nb\033", NULL), SK_ERR_CONFIG);
    assert_string_equal(settings.error, "--form: \"a?b?\" is not one of square|round");
}

static void test_settings_file_that_is_no_text_or_too_large_is_refused(void **state)
{
    static char large[SK_SETTINGS_TEXT_BYTES_MAX];
    (void)state;
    assert_int_equal(sk_settings_read_file(&settings, "app.conf", "name\0", 5), SK_ERR_CONFIG);
    assert_string_equal(settings.error, "app.conf: is no text");
    memset(large, '\n', sizeof(large));
    assert_int_equal(sk_settings_read_file(&settings, "app.conf", large, sizeof(large) - 1), SK_OK);
    (void)setup(NULL);
    assert_int_equal(sk_settings_read_file(&settings, "app.conf", large, sizeof(large)),
                     SK_ERR_CONFIG);
    assert_string_equal(settings.error, "app.conf: is too large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_settings_defaults_fill_what_is_not_set, setup),
        cmocka_unit_test_setup(test_settings_flag_takes_both_spellings, setup),
        cmocka_unit_test_setup(test_settings_seconds_are_kept_as_milliseconds, setup),
        cmocka_unit_test_setup(test_settings_help_is_asked_for_anywhere, setup),
        cmocka_unit_test_setup(test_settings_list_is_replaced_by_a_stronger_source, setup),
        cmocka_unit_test_setup(test_settings_list_is_bounded, setup),
        cmocka_unit_test_setup(test_settings_file_allows_blanks_comments_and_no_last_newline,
                               setup),
        cmocka_unit_test_setup(test_settings_file_value_ends_before_a_comment, setup),
        cmocka_unit_test_setup(test_settings_file_value_may_be_quoted, setup),
        cmocka_unit_test_setup(test_settings_variable_of_an_orchestrator_is_left_alone, setup),
        cmocka_unit_test_setup(test_settings_mistyped_variable_is_refused_with_the_nearest, setup),
        cmocka_unit_test_setup(test_settings_bad_flag_is_named, setup),
        cmocka_unit_test_setup(test_settings_bad_line_is_named, setup),
        cmocka_unit_test_setup(test_settings_bad_variable_is_named_even_when_hidden, setup),
        cmocka_unit_test_setup(test_settings_error_is_one_line_whatever_the_value, setup),
        cmocka_unit_test_setup(test_settings_file_that_is_no_text_or_too_large_is_refused, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
