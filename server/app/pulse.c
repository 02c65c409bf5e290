/* pulse.c - see pulse.h.  Relaxed order will do: nothing is read through what is read here. */
#include "pulse.h"

#include <stddef.h>
#include <string.h>

static _Thread_local struct pulse *mine;

void pulse_attach(struct pulse *pulse)
{
    mine = pulse;
}

struct pulse *pulse_mine(void)
{
    return mine;
}

void pulse_beat(struct pulse *pulse, uint64_t now_ms)
{
    atomic_store_explicit(&pulse->beat_ms, now_ms, memory_order_relaxed);
}

void pulse_note(struct pulse *pulse, const struct pulse_work *work)
{
    uint64_t code = 0;
    memcpy(&code, work->code, sizeof(code));
    atomic_store_explicit(&pulse->code, code, memory_order_relaxed);
    atomic_store_explicit(&pulse->game, work->game, memory_order_relaxed);
    atomic_store_explicit(&pulse->tick, work->tick, memory_order_relaxed);
    atomic_store_explicit(&pulse->phase, work->phase, memory_order_relaxed);
}

uint64_t pulse_age_ms(const struct pulse *pulse, uint64_t now_ms)
{
    uint64_t beat_ms = atomic_load_explicit(&pulse->beat_ms, memory_order_relaxed);
    return now_ms > beat_ms ? now_ms - beat_ms : 0;
}

struct pulse_work pulse_work(const struct pulse *pulse)
{
    struct pulse_work work = {
        .game = atomic_load_explicit(&pulse->game, memory_order_relaxed),
        .tick = atomic_load_explicit(&pulse->tick, memory_order_relaxed),
        .phase = (enum room_phase)atomic_load_explicit(&pulse->phase, memory_order_relaxed)};
    uint64_t code = atomic_load_explicit(&pulse->code, memory_order_relaxed);
    memcpy(work.code, &code, sizeof(code));
    return work;
}
