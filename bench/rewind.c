/* rewind.c - what one lag compensated shot costs: everybody else put back to where the shooter saw
 * them, among 32 players of arena. */
#include <stdio.h>
#include <stdlib.h>

#include "arena/arena_world.h"
#include "bench.h"
#include "bench_options.h"

enum { PLAYERS = 32, SHOTS = 20000, ROUNDS = 21, TICKS = ARENA_REWIND_TICKS };

static const struct bench_usage usage = {
    .name = "rewind",
    .purpose = "The time of one lag compensated shot among 32 players.",
};

static struct arena_player players[PLAYERS];

static void walk(uint32_t tick)
{
    for (uint32_t i = 0; i < PLAYERS; i++) {
        players[i].entity.alive = 1;
        players[i].x = (int32_t)(100000 + i * 9000 + tick * 1500);
        players[i].y = (int32_t)(200000 + i * 7000 - tick * 700);
    }
}

/* Nanoseconds a shot. */
static double measure(const struct sk_rewind *rewind, const uint32_t *words, int64_t *sum)
{
    uint64_t start_ns = bench_thread_cpu_ns();
    for (uint32_t shot = 0; shot < SHOTS; shot++) {
        struct sk_moment moment = {
            .tick = TICKS - shot % 27, .interval = 3, .fraction = (uint8_t)shot};
        for (uint32_t i = 1; i < PLAYERS; i++) {
            struct arena_player seen = players[i];
            *sum += sk_rewind_restore(rewind, words, i, &moment, &seen) ? seen.x : 0;
        }
    }
    return (double)(bench_thread_cpu_ns() - start_ns) / SHOTS;
}

int main(int argc, char **argv)
{
    bench_options_check(argc, argv, &usage);
    struct sk_rewind rewind = arena_rewind_of(PLAYERS);
    uint32_t *words = calloc(1, sk_rewind_bytes(&rewind));
    double ns[ROUNDS];
    int64_t sum = 0;
    char machine[BENCH_MACHINE_BYTES];
    if (!words) {
        bench_die("no memory");
    }
    for (uint32_t tick = 1; tick <= TICKS; tick++) {
        walk(tick);
        sk_rewind_record(&rewind, words, players, tick);
    }
    for (uint32_t i = 0; i < ROUNDS; i++) {
        ns[i] = measure(&rewind, words, &sum);
    }
    bench_machine(machine);
    printf("bench=rewind players=%d shot_ns=%.0f ring_bytes=%zu sum=%lld machine=\"%s\"\n", PLAYERS,
           bench_median(ns, ROUNDS), sk_rewind_bytes(&rewind), (long long)sum, machine);
    free(words);
    return 0;
}
