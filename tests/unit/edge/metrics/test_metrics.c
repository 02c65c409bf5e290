/* test_metrics.c - a page sums its workers and says so in the words of Prometheus.
 *
 * With an argument the program prints the page instead, for promtool to check.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "example.h"
#include "metrics/process.h"

static struct example workers[2];
static const void *const parts[] = {&workers[0], &workers[1]};
static char page[8192];

static void fill(void)
{
    memset(workers, 0, sizeof(workers));
    workers[0].ticks = 40;
    workers[1].ticks = 2;
    workers[0].rooms = 1;
    workers[0].in_bytes = 5;
    workers[1].out_bytes = UINT64_MAX;
    workers[1].closed[1] = 7;
    sk_histogram_add(&workers[0].late_us, 50);
    sk_histogram_add(&workers[1].late_us, 900);
    sk_histogram_add(&workers[1].late_us, 2000000);
}

static void render(struct metrics_text *text, size_t capacity)
{
    metrics_init(text, page, capacity);
    metrics_add_rows(text, example_rows, EXAMPLE_ROWS, parts, 2);
}

static void test_metrics_page_is_the_sum_of_its_parts(void **state)
{
    static const char want[] = "# HELP skirmish_ticks_total Ticks stepped.\n"
                               "# TYPE skirmish_ticks_total counter\n"
                               "skirmish_ticks_total 42\n"
                               "# HELP skirmish_rooms Rooms that are open.\n"
                               "# TYPE skirmish_rooms gauge\n"
                               "skirmish_rooms 1\n"
                               "# HELP skirmish_network_bytes_total Bytes on the wire.\n"
                               "# TYPE skirmish_network_bytes_total counter\n"
                               "skirmish_network_bytes_total{direction=\"in\"} 5\n"
                               "skirmish_network_bytes_total{direction=\"out\"} "
                               "18446744073709551615\n"
                               "# HELP skirmish_closed_total Connections closed.\n"
                               "# TYPE skirmish_closed_total counter\n"
                               "skirmish_closed_total{reason=\"kicked\"} 0\n"
                               "skirmish_closed_total{reason=\"a\\\"b\\\\c\\nd\"} 7\n"
                               "skirmish_closed_total{reason=\"idle\"} 0\n"
                               "# HELP skirmish_tick_late_seconds How late a tick began.\n"
                               "# TYPE skirmish_tick_late_seconds histogram\n"
                               "skirmish_tick_late_seconds_bucket{le=\"0.0001\"} 1\n"
                               "skirmish_tick_late_seconds_bucket{le=\"0.001\"} 2\n"
                               "skirmish_tick_late_seconds_bucket{le=\"0.01\"} 2\n"
                               "skirmish_tick_late_seconds_bucket{le=\"+Inf\"} 3\n"
                               "skirmish_tick_late_seconds_sum 2.00095\n"
                               "skirmish_tick_late_seconds_count 3\n";
    (void)state;
    struct metrics_text text;
    fill();
    render(&text, sizeof(page));
    assert_int_equal(metrics_end(&text), SK_OK);
    assert_string_equal(page, want);
}

static void test_metrics_page_that_does_not_fit_is_refused_at_any_size(void **state)
{
    (void)state;
    struct metrics_text text;
    fill();
    render(&text, sizeof(page));
    size_t whole = text.size;
    for (size_t capacity = 0; capacity <= whole; capacity++) {
        page[capacity] = '!';
        render(&text, capacity);
        assert_int_equal(metrics_end(&text), SK_ERR_FULL);
        assert_int_equal(page[capacity], '!');
    }
    render(&text, whole + 1);
    assert_int_equal(metrics_end(&text), SK_OK);
}

static void test_metrics_process_figures_are_those_of_this_one(void **state)
{
    (void)state;
    struct process_figures before, after;
    assert_int_equal(process_read(&before), SK_OK);
    assert_in_range(before.resident_bytes, 100000, 10000000000u);
    assert_in_range(before.open_fds, 3, before.max_fds);
    FILE *file = fopen("/dev/null", "re");
    assert_int_equal(process_read(&after), SK_OK);
    assert_int_equal(after.open_fds, before.open_fds + 1);
    assert_int_equal(fclose(file), 0);
}

static void test_metrics_info_is_one_with_its_labels(void **state)
{
    static const struct metrics_label labels[] = {{"version", "1.2"}, {"library", "a \"b\""}};
    struct metrics_text text;
    (void)state;
    metrics_init(&text, page, sizeof(page));
    metrics_add_info(&text, "skirmish_build_info", "Which build.", labels, 2);
    assert_string_equal(page, "# HELP skirmish_build_info Which build.\n"
                              "# TYPE skirmish_build_info gauge\n"
                              "skirmish_build_info{version=\"1.2\",library=\"a \\\"b\\\"\"} 1\n");
}

static void test_metrics_words_may_be_a_list_of_the_start(void **state)
{
    static const char *const games[] = {"arena", "orbs"};
    static const uint64_t rooms[] = {3, 4};
    const void *twice[] = {rooms, rooms};
    const struct metrics_row row = {.name = "rooms",
                                    .help = "Rooms.",
                                    .kind = METRICS_GAUGE,
                                    .label = "game",
                                    .words = games,
                                    .word_count = 2};
    struct metrics_text text;
    (void)state;
    metrics_init(&text, page, sizeof(page));
    metrics_add_rows(&text, &row, 1, twice, 2);
    assert_string_equal(page, "# HELP rooms Rooms.\n# TYPE rooms gauge\n"
                              "rooms{game=\"arena\"} 6\nrooms{game=\"orbs\"} 8\n");
}

static int print_page(void)
{
    struct metrics_text text;
    struct process_figures figures;
    fill();
    render(&text, sizeof(page));
    if (process_read(&figures) != SK_OK) {
        return 1;
    }
    process_add(&text, &figures);
    metrics_add_info(&text, "skirmish_build_info", "Which build.",
                     &(struct metrics_label){"version", "1.2"}, 1);
    return metrics_end(&text) == SK_OK && fputs(page, stdout) >= 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metrics_page_is_the_sum_of_its_parts),
        cmocka_unit_test(test_metrics_page_that_does_not_fit_is_refused_at_any_size),
        cmocka_unit_test(test_metrics_info_is_one_with_its_labels),
        cmocka_unit_test(test_metrics_words_may_be_a_list_of_the_start),
        cmocka_unit_test(test_metrics_process_figures_are_those_of_this_one),
    };
    (void)argv;
    return argc > 1 ? print_page() : cmocka_run_group_tests(tests, NULL, NULL);
}
