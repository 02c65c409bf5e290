/* crash.c - see crash.h.  Only functions that are safe in a signal handler are called there, so the
 * line is put together by hand; its values need no escapes. */
#include "crash.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "log/log.h"
#include "pulse.h"

enum { LINE_BYTES = 512 };

static const struct {
    int number;
    const char *name;
} signals[] = {{SIGSEGV, "SIGSEGV"},
               {SIGABRT, "SIGABRT"},
               {SIGBUS, "SIGBUS"},
               {SIGFPE, "SIGFPE"},
               {SIGILL, "SIGILL"}};

enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

static const struct log *reporter;
static struct sigaction before[SIGNAL_COUNT];

struct line {
    bool is_json;
    size_t size;
    char bytes[LINE_BYTES];
};

static void put(struct line *line, const char *text)
{
    for (; *text && line->size < LINE_BYTES; text++) {
        line->bytes[line->size++] = *text;
    }
}

static void put_name(struct line *line, const char *name)
{
    if (line->is_json) {
        put(line, line->size == 0 ? "{\"" : ",\"");
        put(line, name);
        put(line, "\":");
    } else {
        put(line, line->size == 0 ? "" : " ");
        put(line, name);
        put(line, "=");
    }
}

static void put_text(struct line *line, const char *name, const char *text)
{
    bool is_quoted = line->is_json || strchr(text, ' ') != NULL;
    put_name(line, name);
    put(line, is_quoted ? "\"" : "");
    put(line, text);
    put(line, is_quoted ? "\"" : "");
}

static void put_number(struct line *line, const char *name, uint32_t number)
{
    char digits[11] = "";
    size_t at = sizeof(digits) - 1;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_name(line, name);
    put(line, digits + at);
}

static void put_place(struct line *line, const struct pulse *pulse)
{
    struct pulse_work work = pulse_work(pulse);
    if (work.phase != ROOM_PHASE_NONE) {
        put_text(line, "room", work.code);
        put_text(line, "game", work.game);
        put_number(line, "tick", work.tick);
        put_text(line, "phase", room_phase_word(work.phase));
    }
}

static void write_line(const char *name)
{
    struct line line = {.is_json = reporter->format == LOG_JSON};
    put_text(&line, "level", "error");
    put_text(&line, "event", "fatal signal");
    put_text(&line, "signal", name);
    if (pulse_mine()) {
        put_place(&line, pulse_mine());
    }
    put(&line, line.is_json ? "}\n" : "\n");
    ssize_t wrote = write(reporter->fd, line.bytes, line.size);
    (void)wrote; /* there is nobody left to tell */
}

/* A fault of the processor comes again when the handler returns; a signal that was sent does not.
 */
static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i].number == number) {
            write_line(signals[i].name);
            (void)sigaction(number, &before[i], NULL);
        }
    }
    if (info->si_code <= 0) {
        (void)raise(number);
    }
}

void crash_install(const struct log *log)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    reporter = log;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        int result = sigaction(signals[i].number, &action, &before[i]);
        SK_ASSERT(result == 0); /* these may be handled */
    }
}

void crash_thread_start(void *stack, size_t bytes)
{
    stack_t now = {0};
    stack_t wanted = {.ss_sp = stack, .ss_size = bytes};
    if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE) != 0) {
        int result = sigaltstack(&wanted, NULL);
        SK_ASSERT(result == 0); /* it is large enough */
    }
}

void crash_thread_end(void *stack)
{
    stack_t now = {0};
    stack_t none = {.ss_flags = SS_DISABLE};
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == stack) {
        int result = sigaltstack(&none, NULL);
        SK_ASSERT(result == 0); /* nobody runs on it */
    }
}
