/* watch.h - looks whether all workers still have a pulse, and tells who should know.
 *
 *   each poll: LIVES --no beat for 2 s--> LOST (one line: room, game, tick, phase) --beat--> LIVES
 *
 * While all live, the service manager's watchdog is told; when one does not come back, systemd ends
 * and restarts the process (WatchdogSec).
 *
 * Memory   plain.
 * Threads  watch_poll() the control thread's; the rest any.
 * Time     monotonic milliseconds, handed in.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stddef.h>

#include "server.h"

enum { WATCH_TEXT_BYTES = 20 + 5 * SERVER_WORKERS_MAX };

struct watch {
    struct server *server;
    uint64_t polled_ms;
    uint64_t tell_every_ms; /* 0: the service manager has no watchdog */
    uint64_t told_ms;
    bool is_lost[SERVER_WORKERS_MAX];
};

/* Begins: `tell_every_ms` is what sd_notify_watchdog_ms() says. */
void watch_init(struct watch *watch, struct server *server, uint64_t tell_every_ms);
/* To be called a few times a second. */
void watch_poll(struct watch *watch, uint64_t now_ms);

/* Whether worker `index` has shown no sign of life for PULSE_LOST_MS. */
bool watch_is_lost(const struct server *server, uint32_t index, uint64_t now_ms);
/* What /healthz answers: returns its status and writes its text, terminated. */
uint16_t watch_health(const struct server *server, uint64_t now_ms, char text[WATCH_TEXT_BYTES]);

#endif
