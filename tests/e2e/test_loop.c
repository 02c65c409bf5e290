/* test_loop.c - ticks, mail, timers and tasks of a loop, in the order that its head promises. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "loop/loop.h"
#include "native/clock.h"

enum { TICK_NS = 2000000, SOURCES = 8, BUSY_NS = 3000000 };

/* What happened, as letters. */
struct diary {
    struct loop *loop;
    char text[256];
    size_t size;
    uint64_t first_tick_ns;
    uint64_t last_tick_ns;
    int tick_count;
    int ticks_wanted;
};

static void note(struct diary *diary, char letter)
{
    if (diary->size + 1 < sizeof(diary->text)) {
        diary->text[diary->size++] = letter;
    }
}

static uint64_t on_tick(void *context, uint64_t now_ns)
{
    struct diary *diary = context;
    note(diary, 'T');
    diary->first_tick_ns = diary->tick_count == 0 ? now_ns : diary->first_tick_ns;
    diary->last_tick_ns = now_ns;
    if (++diary->tick_count == diary->ticks_wanted) {
        loop_stop(diary->loop);
    }
    return diary->first_tick_ns + (uint64_t)diary->tick_count * TICK_NS;
}

static struct loop *make(struct diary *diary, bool ticks)
{
    const char *why = "";
    struct loop_config config = {.on_tick = ticks ? on_tick : NULL, .context = diary};
    diary->loop = loop_create(&config, &why);
    assert_non_null(diary->loop);
    return diary->loop;
}

static void test_loop_ticks_are_never_early_and_do_not_drift(void **state)
{
    (void)state;
    struct diary diary = {.ticks_wanted = 50};
    struct loop *loop = make(&diary, true);
    loop_run(loop);
    assert_int_equal(diary.tick_count, 50);
    assert_true(diary.last_tick_ns >= diary.first_tick_ns + 49u * TICK_NS);
    loop_destroy(loop);
}

struct busy_source {
    struct loop_source source; /* first: a source is its struct */
    struct diary *diary;
    int fd;
};

static void be_busy(struct loop_source *source, uint32_t events)
{
    struct busy_source *busy = (struct busy_source *)source;
    (void)events;
    uint64_t until_ns = sk_clock_ns() + BUSY_NS;
    while (sk_clock_ns() < until_ns) {
    }
    note(busy->diary, 's');
    loop_remove(busy->diary->loop, busy->fd, source);
}

/* Eight sources are ready at once and each takes longer than a tick's period: ticks come between
 * them, not after them. */
static void test_loop_tick_is_asked_for_between_sources(void **state)
{
    (void)state;
    struct diary diary = {.ticks_wanted = 1000};
    struct loop *loop = make(&diary, true);
    struct busy_source sources[SOURCES];
    for (int i = 0; i < SOURCES; i++) {
        sources[i] = (struct busy_source){{.on_ready = be_busy}, &diary, eventfd(1, EFD_CLOEXEC)};
        assert_int_equal(loop_add(loop, sources[i].fd, EPOLLIN, &sources[i].source), SK_OK);
    }
    loop_turn(loop, 0);
    assert_null(strstr(diary.text, "ss"));
    assert_int_equal(diary.tick_count, SOURCES + 1);
    for (int i = 0; i < SOURCES; i++) {
        assert_int_equal(close(sources[i].fd), 0);
    }
    loop_destroy(loop);
}

struct pair_source {
    struct loop_source source; /* first */
    struct pair_source *other;
    struct loop *loop;
    int fd;
    int count;
};

static void remove_other(struct loop_source *source, uint32_t events)
{
    struct pair_source *pair = (struct pair_source *)source;
    (void)events;
    pair->count++;
    loop_remove(pair->loop, pair->other->fd, &pair->other->source);
    loop_remove(pair->loop, pair->fd, source);
}

/* Both are ready in one turn, the first removes the second: the second must not be called. */
static void test_loop_removed_source_is_forgotten_in_the_same_turn(void **state)
{
    (void)state;
    struct diary diary = {0};
    struct loop *loop = make(&diary, false);
    struct pair_source pair[2];
    for (int i = 0; i < 2; i++) {
        pair[i] = (struct pair_source){.source = {.on_ready = remove_other},
                                       .other = &pair[1 - i],
                                       .loop = loop,
                                       .fd = eventfd(1, 0)};
        assert_int_equal(loop_add(loop, pair[i].fd, EPOLLIN, &pair[i].source), SK_OK);
    }
    loop_turn(loop, 0);
    assert_int_equal(pair[0].count + pair[1].count, 1);
    assert_int_equal(close(pair[0].fd), 0);
    assert_int_equal(close(pair[1].fd), 0);
    loop_destroy(loop);
}

struct chore {
    struct loop_task task; /* first: a task is its chore */
    struct diary *diary;
    char letter;
    struct chore *then; /* queued by this one */
};

static void do_chore(struct loop_task *task)
{
    struct chore *chore = (struct chore *)task;
    note(chore->diary, chore->letter);
    if (chore->then != NULL) {
        loop_defer(chore->diary->loop, &chore->then->task);
        chore->then = NULL;
    }
}

static void test_loop_tasks_run_once_in_order_at_the_turns_end(void **state)
{
    (void)state;
    struct diary diary = {0};
    struct loop *loop = make(&diary, false);
    struct chore a = {.task.run = do_chore, .diary = &diary, .letter = 'a'};
    struct chore b = {.task.run = do_chore, .diary = &diary, .letter = 'b', .then = &a};
    loop_defer(loop, &a.task);
    loop_defer(loop, &b.task);
    loop_defer(loop, &a.task); /* queued already */
    loop_turn(loop, 0);
    assert_string_equal(diary.text, "aba");
    loop_destroy(loop);
}

struct repeated {
    struct loop_task task; /* first */
    struct diary *diary;
    uint32_t turn_number;
};

static void do_again(struct loop_task *task)
{
    struct repeated *repeated = (struct repeated *)task;
    struct loop *loop = repeated->diary->loop;
    note(repeated->diary, 'r');
    assert_int_not_equal(repeated->turn_number, loop_turn_number(loop));
    repeated->turn_number = loop_turn_number(loop);
    loop_defer_next(loop, task);
}

static void note_source(struct loop_source *source, uint32_t events)
{
    (void)events;
    note(((struct busy_source *)source)->diary, 's');
}

/* A task that goes on in the next turn lets what is ready come first, and no turn waits for it. */
static void test_loop_task_of_the_next_turn_comes_after_what_is_ready(void **state)
{
    (void)state;
    struct diary diary = {0};
    struct loop *loop = make(&diary, false);
    struct repeated repeated = {.task.run = do_again, .diary = &diary};
    struct busy_source ready = {{.on_ready = note_source}, &diary, eventfd(1, EFD_CLOEXEC)};
    assert_int_equal(loop_add(loop, ready.fd, EPOLLIN, &ready.source), SK_OK);
    loop_defer(loop, &repeated.task);
    loop_turn(loop, 0);
    loop_turn(loop, 0);
    loop_remove(loop, ready.fd, &ready.source);
    loop_turn(loop, LOOP_NEVER);
    assert_string_equal(diary.text, "srsrr");
    assert_int_equal(close(ready.fd), 0);
    loop_destroy(loop);
}

static void be_slow(struct loop_task *task)
{
    struct chore *chore = (struct chore *)task;
    uint64_t until_ns = sk_clock_ns() + BUSY_NS;
    while (sk_clock_ns() < until_ns) {
    }
    note(chore->diary, chore->letter);
}

static void test_loop_tick_is_asked_for_between_tasks(void **state)
{
    (void)state;
    struct diary diary = {.ticks_wanted = 1000};
    struct loop *loop = make(&diary, true);
    struct chore chores[SOURCES];
    for (int i = 0; i < SOURCES; i++) {
        chores[i] = (struct chore){.task.run = be_slow, .diary = &diary, .letter = 'c'};
        loop_defer(loop, &chores[i].task);
    }
    loop_turn(loop, 0);
    assert_null(strstr(diary.text, "cc"));
    loop_destroy(loop);
}

/* --- patient sources ---------------------------------------------------------------------------
 */

enum { WINDOW_MS = 40, FAR_MS = 10000, SOON_MS = 12 };

/* A loop whose next tick is `tick_ms` away, with one source; 'T' is a tick, 's' the source. */
struct waiting {
    struct diary diary;
    struct busy_source source;
    uint64_t tick_at_ns;
};

static uint64_t tick_later(void *context, uint64_t now_ns)
{
    struct waiting *waiting = context;
    if (waiting->tick_at_ns <= now_ns) {
        note(&waiting->diary, 'T');
        waiting->tick_at_ns = now_ns + FAR_MS * 1000000ull;
    }
    return waiting->tick_at_ns;
}

static void note_and_drain(struct loop_source *source, uint32_t events)
{
    struct busy_source *ready = (struct busy_source *)source;
    uint64_t count = 0;
    (void)events;
    assert_int_equal(read(ready->fd, &count, sizeof(count)), sizeof(count));
    note(ready->diary, 's');
}

static void ring(const struct waiting *waiting)
{
    uint64_t one = 1;
    assert_int_equal(write(waiting->source.fd, &one, sizeof(one)), sizeof(one));
}

static void start_waiting(struct waiting *waiting, uint64_t tick_ms)
{
    const char *why = "";
    struct loop_config config = {
        .on_tick = tick_later, .context = waiting, .window_ns = WINDOW_MS * 1000000ull};
    *waiting = (struct waiting){.tick_at_ns = sk_clock_ns() + tick_ms * 1000000};
    waiting->source = (struct busy_source){
        .source.on_ready = note_and_drain, .diary = &waiting->diary, .fd = eventfd(0, EFD_CLOEXEC)};
    waiting->diary.loop = loop_create(&config, &why);
    assert_non_null(waiting->diary.loop);
    assert_int_equal(
        loop_add(waiting->diary.loop, waiting->source.fd, EPOLLIN, &waiting->source.source), SK_OK);
    loop_change_patience(waiting->diary.loop, waiting->source.fd, EPOLLIN, &waiting->source.source,
                         true);
    loop_turn(waiting->diary.loop, 0); /* asks for the tick, and looks for the first time */
}

static void end_waiting(struct waiting *waiting)
{
    assert_int_equal(close(waiting->source.fd), 0);
    loop_destroy(waiting->diary.loop);
}

static void test_loop_patient_source_waits_for_the_window(void **state)
{
    (void)state;
    struct waiting waiting;
    start_waiting(&waiting, FAR_MS);
    uint64_t began_ns = sk_clock_ns();
    ring(&waiting);
    loop_turn(waiting.diary.loop, LOOP_NEVER);
    assert_string_equal(waiting.diary.text, "s");
    assert_true(sk_clock_ns() - began_ns > WINDOW_MS / 2 * 1000000ull);
    end_waiting(&waiting);
}

static void test_loop_patient_source_is_read_before_the_tick(void **state)
{
    (void)state;
    struct waiting waiting;
    start_waiting(&waiting, SOON_MS);
    ring(&waiting);
    while (strchr(waiting.diary.text, 'T') == NULL) {
        loop_turn(waiting.diary.loop, LOOP_NEVER);
    }
    assert_string_equal(waiting.diary.text, "sT");
    end_waiting(&waiting);
}

static void test_loop_urgent_source_ends_the_wait_at_once(void **state)
{
    (void)state;
    struct waiting waiting;
    start_waiting(&waiting, FAR_MS);
    struct busy_source urgent = {
        .source.on_ready = note_source, .diary = &waiting.diary, .fd = eventfd(1, EFD_CLOEXEC)};
    assert_int_equal(loop_add(waiting.diary.loop, urgent.fd, EPOLLIN, &urgent.source), SK_OK);
    uint64_t began_ns = sk_clock_ns();
    loop_turn(waiting.diary.loop, LOOP_NEVER);
    assert_string_equal(waiting.diary.text, "s");
    assert_true(sk_clock_ns() - began_ns < WINDOW_MS / 2 * 1000000ull);
    assert_int_equal(close(urgent.fd), 0);
    end_waiting(&waiting);
}

/* When nothing has come for a while no look is made any more, and what comes ends the wait. */
static void test_loop_quiet_patient_source_ends_the_wait(void **state)
{
    (void)state;
    struct waiting waiting;
    start_waiting(&waiting, FAR_MS);
    uint32_t turn_number = loop_turn_number(waiting.diary.loop);
    for (int i = 0; i < 12; i++) {
        loop_turn(waiting.diary.loop, WINDOW_MS * 1000000ull);
    }
    assert_int_equal(loop_turn_number(waiting.diary.loop) - turn_number, 12);
    ring(&waiting);
    uint64_t began_ns = sk_clock_ns();
    while (waiting.diary.size == 0) {
        loop_turn(waiting.diary.loop, LOOP_NEVER);
    }
    assert_true(sk_clock_ns() - began_ns < WINDOW_MS / 2 * 1000000ull);
    end_waiting(&waiting);
}

enum { AHEAD_SOURCES = 12, REMOVED = 9 };

/* One of a crowd of patient sources that are ready at once; the crowd notes what came in which
 * order: 'F', 'N', 'X' announced from far, near and next, 'H' handled. */
struct announced {
    struct loop_source source; /* first */
    struct loop *loop;
    struct announced *removes; /* with its own event, NULL: none */
    char seen[8];
    size_t seen_count;
    int fd;
};

static void note_ahead(const struct loop_source *source, enum loop_distance distance)
{
    struct announced *announced = (struct announced *)(uintptr_t)source;
    assert_true(announced->seen_count < sizeof(announced->seen) - 1);
    announced->seen[announced->seen_count++] = "XNF"[distance];
}

static void note_handled(struct loop_source *source, uint32_t events)
{
    struct announced *announced = (struct announced *)source;
    (void)events;
    assert_true(announced->seen_count < sizeof(announced->seen) - 1);
    announced->seen[announced->seen_count++] = 'H';
    loop_remove(announced->loop, announced->fd, source);
    if (announced->removes) {
        loop_remove(announced->loop, announced->removes->fd, &announced->removes->source);
    }
}

static void add_announced(struct loop *loop, struct announced *announced)
{
    *announced = (struct announced){
        .source.on_ready = note_handled, .loop = loop, .fd = eventfd(1, EFD_CLOEXEC)};
    assert_int_equal(loop_add(loop, announced->fd, EPOLLIN, &announced->source), SK_OK);
    loop_change_patience(loop, announced->fd, EPOLLIN, &announced->source, true);
}

/* Each is announced from far, near and next, then handled, but for the first few, which nothing
 * came before; one that is removed meanwhile is not. */
static void test_loop_announces_patient_sources_ahead(void **state)
{
    (void)state;
    const char *why = "";
    struct diary diary = {.ticks_wanted = 1000};
    struct announced crowd[AHEAD_SOURCES];
    struct loop_config config = {
        .on_tick = on_tick, .on_ahead = note_ahead, .context = &diary, .window_ns = 1000000};
    struct loop *loop = loop_create(&config, &why);
    assert_non_null(loop);
    for (int i = 0; i < AHEAD_SOURCES; i++) {
        add_announced(loop, &crowd[i]);
    }
    crowd[0].removes = &crowd[REMOVED];
    loop_turn(loop, 0);
    assert_int_equal(loop_wait_count(loop), 1);
    for (int i = 0; i < AHEAD_SOURCES; i++) {
        const char *want = i >= 4 ? "FNXH" : i >= 2 ? "NXH" : i >= 1 ? "XH" : "H";
        assert_string_equal(crowd[i].seen, i == REMOVED ? "" : want);
        assert_int_equal(close(crowd[i].fd), 0);
    }
    loop_destroy(loop);
}

struct letter {
    struct mail mail; /* first: a mail is its letter */
    struct diary *diary;
    char letter;
};

static void deliver(struct mail *mail, void *receiver)
{
    struct letter *letter = (struct letter *)mail;
    assert_ptr_equal(receiver, letter->diary->loop);
    note(letter->diary, letter->letter);
    if (letter->letter == 'z') {
        loop_stop(letter->diary->loop);
    }
}

static void *post(void *context)
{
    struct letter *letters = context;
    for (int i = 0; i < 26; i++) {
        loop_post(letters[i].diary->loop, &letters[i].mail);
    }
    return NULL;
}

static void test_loop_mail_of_a_thread_wakes_it_in_order(void **state)
{
    (void)state;
    struct diary diary = {0};
    struct loop *loop = make(&diary, false);
    struct letter letters[26];
    pthread_t thread;
    for (int i = 0; i < 26; i++) {
        letters[i] = (struct letter){{NULL, deliver}, &diary, (char)('a' + i)};
    }
    assert_int_equal(pthread_create(&thread, NULL, post, letters), 0);
    loop_run(loop); /* waits for ever but for the mail */
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(diary.text, "abcdefghijklmnopqrstuvwxyz");
    loop_destroy(loop);
}

static void stop_by_timer(struct wheel_timer *timer)
{
    timer->due_ms = 0;
}

static void test_loop_timer_ends_the_wait(void **state)
{
    (void)state;
    struct diary diary = {0};
    struct loop *loop = make(&diary, false);
    struct wheel_timer timer = {.on_due = stop_by_timer};
    uint64_t due_ms = loop_now_ms(loop) + 30;
    loop_arm(loop, &timer, due_ms);
    loop_turn(loop, LOOP_NEVER);
    assert_int_equal(timer.due_ms, 0);
    assert_true(loop_now_ms(loop) >= due_ms);
    loop_destroy(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loop_ticks_are_never_early_and_do_not_drift),
        cmocka_unit_test(test_loop_tick_is_asked_for_between_sources),
        cmocka_unit_test(test_loop_removed_source_is_forgotten_in_the_same_turn),
        cmocka_unit_test(test_loop_tasks_run_once_in_order_at_the_turns_end),
        cmocka_unit_test(test_loop_task_of_the_next_turn_comes_after_what_is_ready),
        cmocka_unit_test(test_loop_tick_is_asked_for_between_tasks),
        cmocka_unit_test(test_loop_patient_source_waits_for_the_window),
        cmocka_unit_test(test_loop_patient_source_is_read_before_the_tick),
        cmocka_unit_test(test_loop_urgent_source_ends_the_wait_at_once),
        cmocka_unit_test(test_loop_quiet_patient_source_ends_the_wait),
        cmocka_unit_test(test_loop_announces_patient_sources_ahead),
        cmocka_unit_test(test_loop_mail_of_a_thread_wakes_it_in_order),
        cmocka_unit_test(test_loop_timer_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
