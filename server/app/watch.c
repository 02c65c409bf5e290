/* watch.c - see watch.h. */
#include "watch.h"

#include <stdio.h>

#include "sd_notify.h"

/* Above it, this process stood still and not its workers. */
enum { PAUSE_MS = 1000 };

void watch_init(struct watch *watch, struct server *server, uint64_t tell_every_ms)
{
    *watch = (struct watch){.server = server, .tell_every_ms = tell_every_ms};
}

bool watch_is_lost(const struct server *server, uint32_t index, uint64_t now_ms)
{
    return pulse_age_ms(&server->workers[index].pulse, now_ms) > PULSE_LOST_MS;
}

static void say_lost(const struct watch *watch, uint32_t index, uint64_t age_ms)
{
    struct pulse_work work = pulse_work(&watch->server->workers[index].pulse);
    if (work.phase == ROOM_PHASE_NONE) {
        log_write(watch->server->log, LOG_ERROR, "worker hangs",
                  LOG_FIELDS(log_number("worker", index), log_text("phase", "none"),
                             log_number("for_ms", age_ms)));
        return;
    }
    log_write(watch->server->log, LOG_ERROR, "worker hangs",
              LOG_FIELDS(log_number("worker", index), log_text("room", work.code),
                         log_text("game", work.game), log_number("tick", work.tick),
                         log_text("phase", room_phase_word(work.phase)),
                         log_number("for_ms", age_ms)));
}

/* Notes whether the worker is lost, and says so when that is new.  Returns it. */
static bool look_at(struct watch *watch, uint32_t index, uint64_t now_ms)
{
    bool is_lost = watch_is_lost(watch->server, index, now_ms);
    if (is_lost && !watch->is_lost[index]) {
        say_lost(watch, index, pulse_age_ms(&watch->server->workers[index].pulse, now_ms));
    } else if (!is_lost && watch->is_lost[index]) {
        log_write(watch->server->log, LOG_WARN, "worker goes on",
                  LOG_FIELDS(log_number("worker", index)));
    }
    watch->is_lost[index] = is_lost;
    return is_lost;
}

void watch_poll(struct watch *watch, uint64_t now_ms)
{
    bool was_paused = now_ms > watch->polled_ms + PAUSE_MS;
    bool has_lost = false;
    watch->polled_ms = now_ms;
    for (uint32_t i = 0; i < watch->server->worker_count && !was_paused; i++) {
        has_lost |= look_at(watch, i, now_ms);
    }
    if (watch->tell_every_ms > 0 && !has_lost && now_ms >= watch->told_ms + watch->tell_every_ms) {
        watch->told_ms = now_ms;
        sd_notify_send(watch->server->log, "WATCHDOG=1");
    }
}

uint16_t watch_health(const struct server *server, uint64_t now_ms, char text[WATCH_TEXT_BYTES])
{
    int size = 0;
    for (uint32_t i = 0; i < server->worker_count; i++) {
        if (watch_is_lost(server, i, now_ms)) {
            size += snprintf(text + size, (size_t)(WATCH_TEXT_BYTES - size), "%s%u",
                             size > 0 ? ", " : "hanging workers: ", i);
        }
    }
    (void)snprintf(text + size, (size_t)(WATCH_TEXT_BYTES - size), size > 0 ? "\n" : "ok\n");
    return size > 0 ? 503 : 200;
}
