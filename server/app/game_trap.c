/* game_trap.c - a check has no argument to carry its jump or its log in: the one lives in thread
 * storage, the other is set once. */
#include "game_trap.h"

#include <setjmp.h>
#include <stdlib.h>

#include "base/assert.h"
#include "log/log.h"

static _Thread_local jmp_buf *running;
static struct log *reporter;

static void on_failed(const char *file, int line, const char *what)
{
    log_write(reporter, LOG_ERROR, "assert failed",
              LOG_FIELDS(log_text("file", file), log_number("line", (uint64_t)line),
                         log_text("check", what)));
    abort();
}

static void on_game_failed(const char *file, int line, const char *what)
{
    log_write(reporter, LOG_ERROR, "game failed",
              LOG_FIELDS(log_text("file", file), log_number("line", (uint64_t)line),
                         log_text("check", what)));
    if (running) {
        longjmp(*running, 1);
    }
    abort();
}

void game_trap_install(struct log *log)
{
    reporter = log;
    sk_assert_set_handler(on_failed);
    sk_assert_set_game_handler(on_game_failed);
}

bool game_trap_run(void (*run)(void *context), void *context)
{
    jmp_buf here;
    SK_ASSERT(running == NULL);
    if (setjmp(here) != 0) {
        running = NULL;
        return false;
    }
    running = &here;
    run(context);
    running = NULL;
    return true;
}
