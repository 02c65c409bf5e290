/* worker_stats.c - see worker_stats.h. */
#include "worker_stats.h"

void worker_stats_init(struct worker_published *published)
{
    *published = (struct worker_published){0};
    pthread_mutex_init(&published->lock, NULL);
}

void worker_stats_deinit(struct worker_published *published)
{
    pthread_mutex_destroy(&published->lock);
}

void worker_stats_write(struct worker_published *published, const struct worker_stats *stats)
{
    pthread_mutex_lock(&published->lock);
    published->stats = *stats;
    pthread_mutex_unlock(&published->lock);
}

void worker_stats_read(struct worker_published *published, struct worker_stats *stats)
{
    pthread_mutex_lock(&published->lock);
    *stats = published->stats;
    pthread_mutex_unlock(&published->lock);
}
