/* desk.h - the main thread: lobby, signals, admin port, and the end of it all.
 *
 *   ask (join, rooms) --> lobby --> order to a worker, reply to the asker
 *   SIGTERM --> not ready, notice --> drained or drain-seconds --> ORDER_STOP --> desk_run returns
 *
 * All slow work is here (JSON, metrics), so that no tick waits for it.
 *
 * Threads  the main one; desk_ask() and desk_report() may be called by any.
 */
#ifndef DESK_H
#define DESK_H

#include "post.h"
#include "site.h"

/* Makes the desk: its loop, the lobby, the signals (which must be blocked in all threads) and the
 * admin listener.  Returns it, owned, or NULL with *why. */
struct desk *desk_create(struct site *site, int admin_fd, const char **why);
/* Runs until the server is to end: by then every worker has its ORDER_STOP.  Meanwhile it watches
 * the workers (watch.h). */
void desk_run(struct desk *desk);
/* Frees it; the workers must have been joined. */
void desk_destroy(struct desk *desk);

/* Takes an ask or a report. */
void desk_ask(struct desk *desk, struct ask *ask);
/* The same for a report. */
void desk_report(struct desk *desk, struct report *report);

#endif
