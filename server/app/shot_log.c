/* shot_log.c - see shot_log.h. */
#include "shot_log.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/assert.h"

enum { LOCKS = 16 };

struct row {
    uint64_t epoch; /* whose shots these are; 0: nobody's */
    uint64_t count; /* that it had; the newest lies before count % SHOT_LOG_KEPT */
    struct sk_audit shots[SHOT_LOG_KEPT];
};

struct shot_log {
    pthread_mutex_t locks[LOCKS];
    uint32_t rooms_max;
    struct row rows[];
};

struct shot_log *shot_log_create(uint32_t rooms_max)
{
    struct shot_log *log = calloc(1, sizeof(*log) + rooms_max * sizeof(log->rows[0]));
    if (!log) {
        return NULL;
    }
    log->rooms_max = rooms_max;
    for (uint32_t i = 0; i < LOCKS; i++) {
        pthread_mutex_init(&log->locks[i], NULL);
    }
    return log;
}

void shot_log_destroy(struct shot_log *log)
{
    if (!log) {
        return;
    }
    for (uint32_t i = 0; i < LOCKS; i++) {
        pthread_mutex_destroy(&log->locks[i]);
    }
    free(log);
}

void shot_log_add(struct shot_log *log, uint32_t room, uint64_t epoch, const struct sk_audit *shot)
{
    SK_ASSERT(room < log->rooms_max);
    struct row *row = &log->rows[room];
    pthread_mutex_lock(&log->locks[room % LOCKS]);
    if (row->epoch != epoch) {
        row->epoch = epoch;
        row->count = 0;
    }
    row->shots[row->count++ % SHOT_LOG_KEPT] = *shot;
    pthread_mutex_unlock(&log->locks[room % LOCKS]);
}

uint32_t shot_log_read(struct shot_log *log, uint32_t room, uint64_t epoch,
                       struct sk_audit shots[SHOT_LOG_KEPT])
{
    SK_ASSERT(room < log->rooms_max);
    const struct row *row = &log->rows[room];
    pthread_mutex_lock(&log->locks[room % LOCKS]);
    uint64_t count = row->epoch == epoch ? row->count : 0;
    uint32_t kept = count < SHOT_LOG_KEPT ? (uint32_t)count : SHOT_LOG_KEPT;
    for (uint32_t i = 0; i < kept; i++) {
        shots[i] = row->shots[(count - kept + i) % SHOT_LOG_KEPT];
    }
    pthread_mutex_unlock(&log->locks[room % LOCKS]);
    return kept;
}
