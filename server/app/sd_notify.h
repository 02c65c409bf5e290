/* sd_notify.h - tells the service manager, if one started us, when we serve and when we end.
 *
 * Threads  any; reads the environment, which nobody changes.
 */
#ifndef SD_NOTIFY_H
#define SD_NOTIFY_H

#include <stdint.h>

#include "log/log.h"

/* Sends a state of sd_notify(3); a failure is one warning, because matches go on without it. */
void sd_notify_send(struct log *log, const char *state);

/* How often it wants to hear WATCHDOG=1, at least: half of the time after which it gives us up.  0:
 * it does not ask (sd_watchdog_enabled(3)). */
uint64_t sd_notify_watchdog_ms(void);

#endif
