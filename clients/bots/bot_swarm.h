/* bot_swarm.h - one thread of bots: an epoll, a schedule, and what it measured.
 *
 * The schedule is open: bot i is to send in phase i % 16 of each period, whatever happened before,
 * but for what a thread that lags a quarter of a second gives up.
 * A generator that waits for answers would send less just when the server is slow, and would not
 * see it.  These are the phases of the floor that the server is compared with.
 *
 *   JOINING --main saw all settled--> MEASURING --time is over--> LEAVING --thread ends
 *
 * Memory   bot_swarm_create() allocates.
 * Threads  the swarm's thread owns all but `stage` and `live`, which main writes and reads.
 */
#ifndef BOT_SWARM_H
#define BOT_SWARM_H

#include <pthread.h>
#include <stdatomic.h>

#include "bot.h"
#include "bot_options.h"

enum { BOT_PHASES = 16 };

enum bot_stage { BOT_JOINING, BOT_MEASURING, BOT_LEAVING };

/* For the live line; a little old. */
struct bot_live {
    _Atomic uint32_t playing;
    _Atomic uint32_t settled; /* welcomed once, or ended */
    _Atomic uint64_t snapshots;
    _Atomic uint64_t bytes_in;
};

struct bot_swarm {
    struct bot_shared shared;
    struct bot *bots; /* owned */
    uint32_t bot_count;
    uint32_t first_index; /* of all bots */
    uint32_t created_count;
    struct bot_options options;
    struct client_context *context;     /* borrowed */
    const struct bot_content *contents; /* borrowed; NULL: bots play at random */
    uint64_t start_us;
    uint64_t phases_done;
    uint64_t published_us;
    uint64_t cut_all_us; /* when all connections are cut; 0: never */
    uint64_t cpu_start_us;
    uint64_t messages_start;
    uint64_t mismatches_start;
    uint64_t repeated_start;
    enum bot_stage seen; /* the stage that the thread is in */
    _Atomic int stage;   /* enum bot_stage, as main wants it */
    struct bot_live live;
    pthread_t thread;
};

struct bot_swarm_config {
    const struct bot_options *options;
    struct client_context *context;
    const struct bot_content *contents; /* BOT_GAMES of them; NULL: bots play at random */
    uint32_t first_index;
    uint32_t bot_count;
    uint64_t start_us;
};

/* Returns an owned swarm whose bots have not begun, or NULL with *why. */
struct bot_swarm *bot_swarm_create(const struct bot_swarm_config *config, const char **why);
/* Frees a swarm whose thread has ended, or was never started; NULL is nothing. */
void bot_swarm_destroy(struct bot_swarm *swarm);

/* Starts the thread.  Returns SK_OK or SK_ERR_SYSTEM. */
SK_MUST_CHECK int bot_swarm_start(struct bot_swarm *swarm);
/* Tells the thread to go on to this stage. */
void bot_swarm_set_stage(struct bot_swarm *swarm, enum bot_stage stage);
/* Waits for the thread to end, which it does after BOT_LEAVING; its stats is then whole. */
void bot_swarm_join(struct bot_swarm *swarm);

#endif
