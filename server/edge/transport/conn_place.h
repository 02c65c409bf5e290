/* conn_place.h - the place of a connection among those of its address (address_limit.h).
 *
 *   none --conn_place_acquire()--> unadmitted --conn_admit()--> admitted
 *    ^-------conn_place_release()------/--------------------------/
 *
 * Threads  the front's.
 */
#ifndef CONN_PLACE_H
#define CONN_PLACE_H

#include "base/result.h"

struct conn;

/* Acquires a place among the unadmitted for its address; nothing when it has one, is admitted, or
 * its address is not limited.  Returns SK_OK or SK_ERR_FULL. */
SK_MUST_CHECK int conn_place_acquire(struct conn *conn);
/* Releases the place that it has, of whichever sort. */
void conn_place_release(struct conn *conn);

#endif
