/* manager.c - see manager.h. */
#include "manager.h"

#include <stdlib.h>

#include "notify/notify.h"

void manager_tell(struct log *log, const char *state)
{
    int result = notify_send(getenv("NOTIFY_SOCKET"), state);
    if (result != SK_OK) {
        log_write(log, LOG_WARN, "service manager not told",
                  LOG_FIELDS(log_text("state", state), log_text("why", sk_result_text(result))));
    }
}
