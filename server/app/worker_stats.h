/* worker_stats.h - what a worker did, for the control thread to read.
 *
 *   worker, four times a second --> worker_stats_write --> worker_stats_read --> /metrics
 *
 * Memory   plain; one struct worker_published a worker.
 * Threads  worker_stats_write() and worker_stats_read() may be called by any.
 */
#ifndef WORKER_STATS_H
#define WORKER_STATS_H

#include <pthread.h>

#include "base/histogram.h"
#include "lobby.h"
#include "room_counts.h"

/* What one worker did, as of a quarter of a second ago. */
struct worker_stats {
    struct room_counts rooms_total;  /* of all rooms, closed ones too */
    uint64_t rooms[LOBBY_GAMES_MAX]; /* this and the next five by game, as the catalog has them */
    uint64_t players[LOBBY_GAMES_MAX];
    uint64_t players_connected[LOBBY_GAMES_MAX];
    uint64_t bots[LOBBY_GAMES_MAX];
    uint64_t rooms_failed[LOBBY_GAMES_MAX];
    uint64_t diverged[LOBBY_GAMES_MAX]; /* of predictions, as clients told */
    uint64_t rooms_moved;               /* that came from another worker */
    uint64_t cpu_us;                    /* of the thread */
    uint64_t waits;                     /* of its loop */
    struct sk_histogram late_us;        /* from when a tick was due to when it began */
};

struct worker_published {
    pthread_mutex_t lock;
    struct worker_stats stats;
};

/* Makes it ready; all figures are zero. */
void worker_stats_init(struct worker_published *published);
/* Frees what the system holds for it. */
void worker_stats_deinit(struct worker_published *published);

/* Publishes a copy. */
void worker_stats_write(struct worker_published *published, const struct worker_stats *stats);
/* Copies what was last published. */
void worker_stats_read(struct worker_published *published, struct worker_stats *stats);

#endif
