/* loop.c - see loop.h.
 *
 * Invariants between turns:
 *   1. No task is queued but for the next turn.
 *   2. tick_due_ns is what on_tick() asked for last, or earlier (loop_wake_at).
 *   3. patient_fd is watched by epoll_fd exactly when is_nested.
 *
 * A look at patient sources costs a system call, one that finds the inputs of sixty players costs
 * no more than one that finds one.  When it is due:
 *
 *   ---|-------- window --------|-----...        or, when a tick comes first or soon after,
 *    looked                    look
 *   ---|--------------------|---                 in one wake: what is there is read, then the tick
 *    looked            look, tick                is made, late by what the reading takes
 *
 * What a thousand players' messages touch lies in no cache when a turn begins, so while one event
 * is handled the memory of those that follow is fetched: their source AHEAD_SOURCE events before,
 * what it points to AHEAD_FAR, AHEAD_NEAR and AHEAD_NEXT before (on_ahead).  Without, a player's
 * message waits five times for memory.
 *
 * Within a turn events[event_index..event_count) are those not handled yet; loop_remove() blanks
 * those of a source that is going away.
 */
#include "loop/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/fetch.h"
#include "native/clock.h"

enum { EVENTS_A_TURN = 256, NS_A_MS = 1000000, NS_A_SECOND = 1000000000 };
enum { AHEAD_SOURCE = 6, AHEAD_FAR = 4, AHEAD_NEAR = 2, AHEAD_NEXT = 1, SOURCE_BYTES = 448 };
enum { QUIET_LOOKS = 8 /* looks at patient sources that found nothing, until they end the wait */ };

struct task_list {
    struct loop_task *first;
    struct loop_task *last;
};

struct loop {
    struct loop_config config;
    int epoll_fd;   /* of urgent sources, and of patient_fd */
    int patient_fd; /* another epoll, of patient sources */
    bool is_nested; /* patient sources end the wait: patient_fd is watched */
    uint32_t quiet_looks;
    uint64_t looked_ns; /* when patient sources were last looked at */
    int mail_fd;        /* an eventfd: mail has come, or loop_stop() was called */
    struct loop_source mail_source;
    struct loop_source patient_source;
    struct mailbox mailbox;
    _Atomic bool is_stopping;
    uint64_t now_ns;
    uint64_t tick_due_ns;
    struct wheel wheel;
    struct task_list tasks;      /* of this turn */
    struct task_list next_tasks; /* of the next */
    uint32_t turn_number;
    uint64_t wait_count;
    int event_count;
    int urgent_count; /* the first of them */
    int event_index;
    struct epoll_event events[2 * EVENTS_A_TURN]; /* of urgent sources, then of patient ones */
};

static void deliver_mail(struct loop_source *source, uint32_t events)
{
    struct loop *loop = (struct loop *)((char *)source - offsetof(struct loop, mail_source));
    uint64_t count = 0;
    (void)events;
    ssize_t result = read(loop->mail_fd, &count, sizeof(count));
    SK_ASSERT(result == (ssize_t)sizeof(count) || errno == EAGAIN);
    struct mail *mail = mailbox_take_all(&loop->mailbox);
    while (mail != NULL) {
        struct mail *next = mail->next; /* deliver() may free it or post it anew */
        mail->deliver(mail, loop);
        mail = next;
    }
}

static void wake(struct loop *loop)
{
    uint64_t one = 1;
    ssize_t result = write(loop->mail_fd, &one, sizeof(one));
    SK_ASSERT(result == (ssize_t)sizeof(one) || errno == EAGAIN);
}

/* Whether the kernel has epoll_pwait2(), that is, timeouts in nanoseconds (Linux 5.11). */
static bool has_nanosecond_waits(int epoll_fd)
{
    struct epoll_event event;
    struct timespec none = {0};
    return epoll_pwait2(epoll_fd, &event, 1, &none, NULL) >= 0;
}

static bool open_patient(struct loop *loop, const char **why)
{
    if (loop->config.window_ns == 0) {
        return true;
    }
    loop->patient_fd = epoll_create1(EPOLL_CLOEXEC);
    if (loop->patient_fd < 0) {
        *why = "no file descriptor left for a loop";
        return false;
    }
    return true;
}

static bool open_fds(struct loop *loop, const char **why)
{
    loop->mail_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (loop->mail_fd < 0 || loop->epoll_fd < 0) {
        *why = "no file descriptor left for a loop";
        return false;
    }
    if (!has_nanosecond_waits(loop->epoll_fd)) {
        *why = "the kernel has no epoll_pwait2: Linux 5.11 or later is needed";
        return false;
    }
    if (loop_add(loop, loop->mail_fd, EPOLLIN, &loop->mail_source) != SK_OK) {
        *why = "the kernel refused to watch an eventfd";
        return false;
    }
    return open_patient(loop, why);
}

/* Something came from a patient source while nothing was expected. */
static void end_quiet(struct loop_source *source, uint32_t events)
{
    struct loop *loop = (struct loop *)((char *)source - offsetof(struct loop, patient_source));
    (void)events;
    loop->quiet_looks = 0;
    loop->looked_ns = 0; /* a look is due */
}

struct loop *loop_create(const struct loop_config *config, const char **why)
{
    struct loop *loop = calloc(1, sizeof(*loop));
    if (loop == NULL) {
        *why = "out of memory";
        return NULL;
    }
    loop->config = *config;
    loop->mail_fd = -1;
    loop->epoll_fd = -1;
    loop->patient_fd = -1;
    loop->patient_source.on_ready = end_quiet;
    loop->mail_source.on_ready = deliver_mail;
    loop->now_ns = sk_clock_ns();
    loop->tick_due_ns = config->on_tick != NULL ? loop->now_ns : LOOP_NEVER;
    wheel_init(&loop->wheel, loop_now_ms(loop));
    if (!open_fds(loop, why)) {
        loop_destroy(loop);
        return NULL;
    }
    return loop;
}

void loop_destroy(struct loop *loop)
{
    if (loop->mail_fd >= 0) {
        (void)close(loop->mail_fd); /* an eventfd holds nothing that could fail to be written */
    }
    if (loop->patient_fd >= 0) {
        (void)close(loop->patient_fd);
    }
    if (loop->epoll_fd >= 0) {
        (void)close(loop->epoll_fd);
    }
    free(loop);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When the next turn must start at the latest. */
static uint64_t due_ns(const struct loop *loop)
{
    uint64_t wheel_ms = wheel_next_ms(&loop->wheel);
    uint64_t wheel_ns = wheel_ms < UINT64_MAX / NS_A_MS ? wheel_ms * NS_A_MS : LOOP_NEVER;
    return least(loop->tick_due_ns, wheel_ns);
}

/* How long until something of our own is due; LOOP_NEVER for nothing, without asking the clock. */
static uint64_t left_ns(const struct loop *loop, uint64_t look_ns)
{
    if (loop->next_tasks.first != NULL) {
        return 0;
    }
    uint64_t due = least(due_ns(loop), look_ns);
    if (due == LOOP_NEVER) {
        return LOOP_NEVER;
    }
    uint64_t now = sk_clock_ns();
    return due > now ? due - now : 0;
}

/* --- patient sources ---------------------------------------------------------------------------
 */

bool loop_has_window(const struct loop *loop)
{
    return loop->patient_fd >= 0;
}

/* Lets patient sources end the wait while no tick is due or nothing comes from them. */
static void choose_nesting(struct loop *loop)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &loop->patient_source};
    bool is_quiet = loop->tick_due_ns == LOOP_NEVER || loop->quiet_looks >= QUIET_LOOKS;
    if (!loop_has_window(loop) || is_quiet == loop->is_nested) {
        return;
    }
    int operation = is_quiet ? EPOLL_CTL_ADD : EPOLL_CTL_DEL;
    int result = epoll_ctl(loop->epoll_fd, operation, loop->patient_fd, &event);
    SK_ASSERT(result == 0);
    loop->is_nested = is_quiet;
}

/* When patient sources are to be looked at; LOOP_NEVER when they end the wait themselves. */
static uint64_t look_due_ns(const struct loop *loop)
{
    if (!loop_has_window(loop)) {
        return LOOP_NEVER;
    }
    if (loop->looked_ns == 0) {
        return 0;
    }
    if (loop->is_nested) {
        return LOOP_NEVER;
    }
    uint64_t window_ns = loop->config.window_ns;
    uint64_t over_ns = loop->looked_ns + window_ns;
    bool tick_is_near = loop->tick_due_ns < over_ns + window_ns / 2;
    return tick_is_near ? loop->tick_due_ns : over_ns;
}

/* Adds their events to those of this turn. */
static void look_at_patient(struct loop *loop)
{
    struct epoll_event *events = loop->events + loop->event_count;
    int count = epoll_wait(loop->patient_fd, events, EVENTS_A_TURN, 0);
    SK_ASSERT(count >= 0 || errno == EINTR);
    loop->event_count += count > 0 ? count : 0;
    loop->quiet_looks = count > 0 ? 0 : loop->quiet_looks + 1;
    loop->looked_ns = count < EVENTS_A_TURN ? loop->now_ns : 0; /* 0: there is more */
}

/* --- a turn ------------------------------------------------------------------------------------
 */

static void wait_for_events(struct loop *loop, uint64_t wait_ns)
{
    choose_nesting(loop);
    uint64_t look_ns = look_due_ns(loop);
    wait_ns = least(wait_ns, left_ns(loop, look_ns));
    struct timespec wait = {.tv_sec = (time_t)(wait_ns / NS_A_SECOND),
                            .tv_nsec = (long)(wait_ns % NS_A_SECOND)};
    int count = epoll_pwait2(loop->epoll_fd, loop->events, EVENTS_A_TURN,
                             wait_ns == LOOP_NEVER ? NULL : &wait, NULL);
    SK_ASSERT(count >= 0 || errno == EINTR);
    loop->wait_count++;
    loop->event_count = count > 0 ? count : 0;
    loop->urgent_count = loop->event_count;
    loop->now_ns = sk_clock_ns();
    if (loop->now_ns >= look_ns) {
        look_at_patient(loop);
    }
}

/* Makes the tick that was due `grace_ns` ago or earlier. */
static void tick_if_due(struct loop *loop, uint64_t grace_ns)
{
    if (loop->tick_due_ns == LOOP_NEVER) {
        return;
    }
    uint64_t now = sk_clock_ns();
    if (now >= loop->tick_due_ns + grace_ns) {
        loop->now_ns = now;
        loop->tick_due_ns = LOOP_NEVER; /* loop_wake_at() inside may lower it */
        uint64_t next = loop->config.on_tick(loop->config.context, now);
        loop->tick_due_ns = least(loop->tick_due_ns, next);
    }
}

/* The source of the event so many after the next, NULL when there is none. */
static const struct loop_source *source_ahead(const struct loop *loop, int ahead)
{
    int index = loop->event_index + ahead;
    return index < loop->event_count ? loop->events[index].data.ptr : NULL;
}

static void announce(const struct loop *loop, int ahead, enum loop_distance distance)
{
    const struct loop_source *source = source_ahead(loop, ahead);
    if (source != NULL && source->is_patient) {
        loop->config.on_ahead(source, distance);
    }
}

/* Fetches what the next events will touch. */
static void look_ahead(const struct loop *loop)
{
    if (loop->config.on_ahead != NULL) {
        sk_fetch(source_ahead(loop, AHEAD_SOURCE), SOURCE_BYTES);
        announce(loop, AHEAD_FAR, LOOP_FAR);
        announce(loop, AHEAD_NEAR, LOOP_NEAR);
        announce(loop, AHEAD_NEXT, LOOP_NEXT);
    }
}

static void handle_until(struct loop *loop, int end, uint64_t grace_ns)
{
    while (loop->event_index < end) {
        tick_if_due(loop, grace_ns);
        look_ahead(loop);
        struct epoll_event *event = &loop->events[loop->event_index++];
        struct loop_source *source = event->data.ptr;
        if (source != NULL) {
            source->on_ready(source, event->events);
        }
    }
}

/* What players sent until now is in the tick that is due now: it waits for the reading, but no
 * longer than half a window. */
static void handle_events(struct loop *loop)
{
    loop->event_index = 0;
    handle_until(loop, loop->urgent_count, 0);
    handle_until(loop, loop->event_count, loop->config.window_ns / 2);
    loop->event_count = 0;
    loop->event_index = 0;
}

static void append_task(struct task_list *list, struct loop_task *task)
{
    if (task->is_queued) {
        return;
    }
    task->is_queued = true;
    task->next = NULL;
    if (list->last != NULL) {
        list->last->next = task;
    } else {
        list->first = task;
    }
    list->last = task;
}

static struct loop_task *remove_task(struct task_list *list)
{
    struct loop_task *task = list->first;
    list->first = task->next;
    if (list->first == NULL) {
        list->last = NULL;
    }
    task->next = NULL;
    task->is_queued = false;
    return task;
}

/* What was put off until this turn is its own now. */
static void begin_next_tasks(struct loop *loop)
{
    while (loop->next_tasks.first != NULL) {
        append_task(&loop->tasks, remove_task(&loop->next_tasks));
    }
}

static void run_tasks(struct loop *loop)
{
    while (loop->tasks.first != NULL) {
        struct loop_task *task = remove_task(&loop->tasks);
        task->run(task); /* may free it or queue it anew */
        tick_if_due(loop, 0);
    }
}

void loop_turn(struct loop *loop, uint64_t wait_ns)
{
    wait_for_events(loop, wait_ns);
    begin_next_tasks(loop);
    loop->turn_number++;
    handle_events(loop);
    wheel_turn(&loop->wheel, loop_now_ms(loop));
    tick_if_due(loop, 0);
    run_tasks(loop);
}

void loop_run(struct loop *loop)
{
    int result = prctl(PR_SET_TIMERSLACK, 1); /* the default delays a tick by up to 50 us */
    SK_ASSERT(result == 0);
    while (!atomic_load_explicit(&loop->is_stopping, memory_order_acquire)) {
        loop_turn(loop, LOOP_NEVER);
    }
}

void loop_stop(struct loop *loop)
{
    atomic_store_explicit(&loop->is_stopping, true, memory_order_release);
    wake(loop);
}

static int set_of(const struct loop *loop, const struct loop_source *source)
{
    return source->is_patient ? loop->patient_fd : loop->epoll_fd;
}

int loop_add(struct loop *loop, int fd, uint32_t events, struct loop_source *source)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    SK_ASSERT(source->on_ready != NULL);
    source->is_patient = false;
    return epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? SK_OK : SK_ERR_SYSTEM;
}

void loop_change(struct loop *loop, int fd, uint32_t events, struct loop_source *source)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    int result = epoll_ctl(set_of(loop, source), EPOLL_CTL_MOD, fd, &event);
    SK_ASSERT(result == 0);
}

void loop_change_patience(struct loop *loop, int fd, uint32_t events, struct loop_source *source,
                          bool is_patient)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    SK_ASSERT(!is_patient || loop_has_window(loop));
    int removed = epoll_ctl(set_of(loop, source), EPOLL_CTL_DEL, fd, NULL);
    source->is_patient = is_patient;
    int added = epoll_ctl(set_of(loop, source), EPOLL_CTL_ADD, fd, &event);
    SK_ASSERT(removed == 0);
    SK_ASSERT(added == 0);
}

void loop_remove(struct loop *loop, int fd, struct loop_source *source)
{
    int result = epoll_ctl(set_of(loop, source), EPOLL_CTL_DEL, fd, NULL);
    SK_ASSERT(result == 0);
    for (int i = loop->event_index; i < loop->event_count; i++) {
        if (loop->events[i].data.ptr == source) {
            loop->events[i].data.ptr = NULL;
        }
    }
}

uint64_t loop_wait_count(const struct loop *loop)
{
    return loop->wait_count;
}

uint64_t loop_now_ns(const struct loop *loop)
{
    return loop->now_ns;
}

uint64_t loop_now_ms(const struct loop *loop)
{
    return loop->now_ns / NS_A_MS;
}

void loop_wake_at(struct loop *loop, uint64_t due_at_ns)
{
    SK_ASSERT(loop->config.on_tick != NULL);
    loop->tick_due_ns = least(loop->tick_due_ns, due_at_ns);
}

void loop_arm(struct loop *loop, struct wheel_timer *timer, uint64_t due_ms)
{
    wheel_arm(&loop->wheel, timer, due_ms);
}

void loop_defer(struct loop *loop, struct loop_task *task)
{
    append_task(&loop->tasks, task);
}

void loop_defer_next(struct loop *loop, struct loop_task *task)
{
    append_task(&loop->next_tasks, task);
}

uint32_t loop_turn_number(const struct loop *loop)
{
    return loop->turn_number;
}

void loop_post(struct loop *loop, struct mail *mail)
{
    if (mailbox_push(&loop->mailbox, mail)) {
        wake(loop);
    }
}
