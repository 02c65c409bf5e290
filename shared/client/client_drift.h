/* client_drift.h - whether both ends agree: the exact own state of a snapshot against what was
 * predicted there.
 *
 *   MATCHED     bit for bit
 *   LATE        an input was missing there, so another was used
 *   TOUCHED     a row that others change too (SK_SHARED) is another, or the entity has appeared,
 *               ended or been put elsewhere: others had a hand in it
 *   DIVERGING   none of these: the two ends do not compute the same, which is a bug.  The first
 *               entity and row are named
 *
 * Memory   plain, the caller's.
 * Threads  one.
 * Time     ticks.
 */
#ifndef CLIENT_DRIFT_H
#define CLIENT_DRIFT_H

#include "client/client_own.h"

enum sk_drift { SK_DRIFT_MATCHED, SK_DRIFT_LATE, SK_DRIFT_TOUCHED, SK_DRIFT_DIVERGING };

/* Where two ends differ. */
struct sk_drift_place {
    uint32_t tick;
    uint16_t kind;
    uint16_t slot;
    const struct sk_field *field; /* NULL: nowhere yet */
    double predicted;
    double told;
};

/* How many snapshots of each verdict there were. */
struct sk_drift_counts {
    uint64_t matched;
    uint64_t late;
    uint64_t touched;
    uint64_t diverging;
};

struct sk_client_drift {
    struct sk_drift_counts counts;
    struct sk_drift_place newest; /* of the newest that was DIVERGING */
};

/* Compares a snapshot's world with what was predicted for its tick and counts the verdict.
 * `is_late`: an input since the snapshot before was not the client's own. */
enum sk_drift sk_client_drift_judge(struct sk_client_drift *drift, const struct sk_client_own *own,
                                    const void *predicted, const void *told, bool is_late);

#endif
