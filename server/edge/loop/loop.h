/* loop.h - one thread's epoll, its clock, its timers and its mailbox.
 *
 * A turn:  wait -> each ready source, mail being one (between two: is a tick due?) -> coarse timers
 *          -> tick -> deferred tasks (after each: is a tick due?)
 *
 * A source is urgent, and ends the wait, or patient: while ticks are made, and only then, patient
 * sources are looked at once in a window of time and just before a tick, so that a thousand players
 * who each send sixty inputs a second wake their loop a thousand times a second and not sixty
 * thousand.  When nothing has come from them for a while they end the wait like all others.
 *
 * Everything that a loop owns is touched by its thread alone; other threads post mail to it.
 *
 * Memory   loop_create() allocates; nothing else does.  Sources, mails, timers and tasks are
 *          members of their owners' structs, which must outlive them.
 * Threads  all functions belong to the loop's thread but loop_post() and loop_stop().
 * Time     CLOCK_MONOTONIC in nanoseconds, read once a turn and before each question for a tick.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "loop/mailbox.h"
#include "loop/wheel.h"

#define LOOP_NEVER UINT64_MAX

struct loop;

/* Something with an fd.  `events` are epoll's. */
struct loop_source {
    void (*on_ready)(struct loop_source *source, uint32_t events);
    bool is_patient; /* the loop's: in which of its sets it is */
};

/* Something to do at the end of this turn, when no caller holds a pointer any more. */
struct loop_task {
    struct loop_task *next;
    void (*run)(struct loop_task *task);
    bool is_queued;
};

/* How soon an event comes: what was fetched FAR ahead is read without a wait when it is NEAR, and
 * what was then when it is NEXT. */
enum loop_distance { LOOP_NEXT, LOOP_NEAR, LOOP_FAR };

struct loop_config {
    /* Does what is due at `now_ns` and returns when it wants to be asked again, an absolute time,
     * or LOOP_NEVER.  NULL: there are no ticks. */
    uint64_t (*on_tick)(void *context, uint64_t now_ns);
    /* An event of this patient source comes soon, whose own memory was fetched before: fetches into
     * the cache what on_ready() will touch of others' memory, and changes nothing.  NULL: nothing
     * is. */
    void (*on_ahead)(const struct loop_source *source, enum loop_distance distance);
    void *context;
    uint64_t window_ns; /* how long what patient sources bring may wait; 0: they are urgent too */
};

/* Makes a loop.  Returns it, owned, or NULL with *why a sentence in static storage. */
struct loop *loop_create(const struct loop_config *config, const char **why);
/* Frees a loop that is not running.  Mail that was not delivered is dropped. */
void loop_destroy(struct loop *loop);

/* Runs turns until loop_stop().  The calling thread becomes the loop's. */
void loop_run(struct loop *loop);
/* Runs one turn that waits at most `wait_ns`; for tests and for a loop that someone else drives. */
void loop_turn(struct loop *loop, uint64_t wait_ns);
/* Ends loop_run() after the current turn.  Any thread, and signal handlers. */
void loop_stop(struct loop *loop);

/* Watches `fd` for `events` (epoll's), urgently.  Returns SK_OK or SK_ERR_SYSTEM. */
SK_MUST_CHECK int loop_add(struct loop *loop, int fd, uint32_t events, struct loop_source *source);
/* Changes what is watched.  The fd must have been added (asserted). */
void loop_change(struct loop *loop, int fd, uint32_t events, struct loop_source *source);
/* The same, and makes the source patient or urgent. */
void loop_change_patience(struct loop *loop, int fd, uint32_t events, struct loop_source *source,
                          bool is_patient);
/* Whether the loop knows patient sources: without a window all are urgent. */
bool loop_has_window(const struct loop *loop);
/* Watches no longer.  What is ready in this turn already is forgotten for `source`. */
void loop_remove(struct loop *loop, int fd, struct loop_source *source);

/* How often the loop has waited since it was made: each is a system call and mostly a sleep. */
uint64_t loop_wait_count(const struct loop *loop);

/* The time of this turn, of sk_clock_ns(). */
uint64_t loop_now_ns(const struct loop *loop);
/* The same in milliseconds, as coarse timers count. */
uint64_t loop_now_ms(const struct loop *loop);
/* Wants on_tick() to be asked at `due_ns` or earlier; for a tick that was added outside of it. */
void loop_wake_at(struct loop *loop, uint64_t due_ns);

/* Arms a coarse timer for `due_ms`; an armed one is moved.  wheel_disarm() undoes it. */
void loop_arm(struct loop *loop, struct wheel_timer *timer, uint64_t due_ms);

/* Runs the task at the end of this turn; nothing when it is queued already. */
void loop_defer(struct loop *loop, struct loop_task *task);
/* Runs the task at the end of the next turn, which does not wait for events then: what is ready
 * comes first.  Nothing when it is queued already, for this turn too. */
void loop_defer_next(struct loop *loop, struct loop_task *task);
/* Counts the turns, wrapping: two calls in one turn agree, calls in two neighbours differ. */
uint32_t loop_turn_number(const struct loop *loop);

/* Hands `mail` to the loop's thread, which calls its deliver() in its next turn.  Any thread; in
 * the order of one sender. */
void loop_post(struct loop *loop, struct mail *mail);

#endif
