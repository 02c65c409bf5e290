/* test_event.c - events are quantised when they are emitted, and too many are dropped and counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "state/event.h"

struct hit {
    uint16_t victim;
    uint8_t damage;
    uint8_t reserved;
};

static const struct sk_field hit_fields[] = {
    SK_FIELD(struct hit, victim, player, 0, 1023, 10, SK_HOLD),
    SK_FIELD(struct hit, damage, percent, 0, 100, 7, SK_HOLD),
};
static const struct sk_event_type event_types[] = {{"hit", hit_fields, 2, sizeof(struct hit)}};
static const struct sk_kind kinds[] = {{"thing", NULL, 0, sizeof(struct sk_entity)}};
static const struct sk_place places[] = {{64, 1}};

static struct sk_schema schema;

static int make_schema(void **state)
{
    (void)state;
    int result = sk_schema_init(&schema, kinds, 1, places);
    return result == SK_OK ? sk_schema_set_events(&schema, event_types, 1) : result;
}

static void test_event_emitted_is_quantised_and_stamped(void **state)
{
    (void)state;
    struct sk_event events[2];
    struct sk_events sink = {.events = events, .capacity = 2, .tick = 9, .schema = &schema};

    sk_emit(&sink, 0, 3, &(struct hit){.victim = 17, .damage = 250});

    assert_int_equal(sink.count, 1);
    assert_int_equal(events[0].tick, 9);
    assert_int_equal(events[0].audience, 3);
    assert_int_equal(events[0].values[0], 17);
    assert_int_equal(events[0].values[1], 100);
    assert_int_equal(events[0].values[2], 0);
}

static void test_event_emitted_when_full_is_dropped_and_counted(void **state)
{
    (void)state;
    struct sk_event events[2];
    struct sk_events sink = {.events = events, .capacity = 1, .schema = &schema};

    sk_emit(&sink, 0, SK_TO_ALL, &(struct hit){.victim = 1});
    sk_emit(&sink, 0, SK_TO_ALL, &(struct hit){.victim = 2});

    assert_int_equal(sink.count, 1);
    assert_int_equal(sink.dropped_count, 1);
    assert_int_equal(events[0].values[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_event_emitted_is_quantised_and_stamped),
        cmocka_unit_test(test_event_emitted_when_full_is_dropped_and_counted),
    };
    return cmocka_run_group_tests(tests, make_schema, NULL);
}
