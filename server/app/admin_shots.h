/* admin_shots.h - GET /api/rooms/CODE/shots of the admin port: how the room's last shots were
 * judged, as JSON.
 *
 *   {"room":"K7QWMD","shots":[{"tick":900,"shooter":2,"target":5,"moved":310,"missed":-40,
 *    "view_tick":885,"view_interval":3,"view_fraction":128,"limit":"none"}, ...]}
 *
 * The oldest is first.  `shooter` and `target` are seats; a target of null: nobody was near.
 * view_tick 0: it was judged in the present.  The words of `limit` are enum sk_view_limit's.
 *
 * Memory   none of its own.
 * Threads  the control thread's.
 */
#ifndef ADMIN_SHOTS_H
#define ADMIN_SHOTS_H

#include <stdbool.h>

#include "lobby.h"
#include "net/text.h"
#include "shot_log.h"

enum { ADMIN_SHOTS_BYTES_MAX = 16 << 10 };

/* Whether a path asks for shots; then *code is the text that stands for the room. */
bool admin_shots_is_path(struct sk_text path, struct sk_text *code);
/* Writes the answer for the room of that code, in any case.  Returns its bytes, or SK_ERR_MISMATCH
 * when there is no such room. */
SK_MUST_CHECK int admin_shots_render(const struct lobby *lobby, struct shot_log *log,
                                     struct sk_text code, char out[ADMIN_SHOTS_BYTES_MAX]);

#endif
