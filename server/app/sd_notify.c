/* sd_notify.c - see sd_notify.h. */
#include "sd_notify.h"

#include <stdlib.h>
#include <unistd.h>

#include "notify/notify.h"

void sd_notify_send(struct log *log, const char *state)
{
    int result = notify_send(getenv("NOTIFY_SOCKET"), state);
    if (result != SK_OK) {
        log_write(log, LOG_WARN, "service manager not told",
                  LOG_FIELDS(log_text("state", state), log_text("why", sk_result_text(result))));
    }
}

/* A variable that is a number, 0 for any other. */
static uint64_t number_of(const char *name)
{
    const char *text = getenv(name);
    char *end = NULL;
    unsigned long long number = text ? strtoull(text, &end, 10) : 0;
    return end && end != text && *end == '\0' ? number : 0;
}

uint64_t sd_notify_watchdog_ms(void)
{
    bool is_other = getenv("WATCHDOG_PID") && number_of("WATCHDOG_PID") != (uint64_t)getpid();
    return is_other ? 0 : number_of("WATCHDOG_USEC") / 2000;
}
