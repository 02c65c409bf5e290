/* control.h - the control thread, which is the main one: lobby, signals, admin port, and the end.
 *
 *   request (join, rooms) --> lobby --> command to a worker, response to who asked
 *   SIGTERM --> not ready, notice --> drained or drain-seconds --> STOP --> control_run() returns
 *
 * All slow work is here (JSON, metrics), so that no tick waits for it.
 *
 * Threads  the control thread; others send it mail (control_mail.h).
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "server.h"

/* Makes what the thread owns: its loop, the lobby, the signals (which must be blocked in all
 * threads) and the admin listener.  Returns it, owned, or NULL with *why. */
struct control *control_create(struct server *server, int admin_fd, const char **why);
/* Runs until the server is to end: by then every worker has its worker_stop_send().  Meanwhile it
 * watches the workers (watch.h). */
void control_run(struct control *control);
/* After control_run(), when the workers' threads have ended: takes their last mail. */
void control_finish(struct control *control);
/* Frees it; the workers must have been joined. */
void control_destroy(struct control *control);

#endif
