/* notify.h - tells systemd how far the service is: sd_notify(3) without its library.
 *
 * Memory   none kept.
 * Threads  any.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "base/result.h"

/* Sends one state, as "READY=1" or "STOPPING=1", to the datagram socket at `path`: what the
 * variable NOTIFY_SOCKET says, where '@' begins an abstract name.  NULL is SK_OK: nobody asked.
 * Returns SK_ERR_CONFIG for a path that no socket can have, SK_ERR_SYSTEM when it was not taken; a
 * service goes on in either case. */
SK_MUST_CHECK int notify_send(const char *path, const char *state);

#endif
