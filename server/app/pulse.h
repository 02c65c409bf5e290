/* pulse.h - that a worker lives, and what it does just now, for others to read.
 *
 *   worker: beat each turn or so, note before each call into a game --> pulse
 *   control thread: is it lost? --> /healthz, log, watchdog      fatal signal: where was it?
 *
 * Memory   plain, one a worker; names are borrowed for ever.
 * Threads  one writes, any reads, also a signal handler: members are lock-free atomics, each sound
 *          by itself.  They belong together as long as the writer stands still, and only then is
 *          their sum of interest.
 */
#ifndef PULSE_H
#define PULSE_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "room_phase.h"

enum { PULSE_LOST_MS = 2000, PULSE_CODE_BYTES = 8 };
_Static_assert(SK_CODE_BYTES < PULSE_CODE_BYTES, "a terminated code is one atomic");

struct pulse {
    alignas(64) _Atomic uint64_t beat_ms;
    _Atomic uint64_t code; /* of the room, its bytes */
    const char *_Atomic game;
    _Atomic uint32_t tick;
    _Atomic uint32_t phase;
};

/* Where a worker is. */
struct pulse_work {
    char code[PULSE_CODE_BYTES]; /* terminated */
    const char *game;
    uint32_t tick; /* the one that is being made, or the last */
    enum room_phase phase;
};

/* Makes it the calling thread's, for pulse_mine(). */
void pulse_attach(struct pulse *pulse);
/* The calling thread's, or NULL.  Safe in a signal handler. */
struct pulse *pulse_mine(void);

/* The worker lives. */
void pulse_beat(struct pulse *pulse, uint64_t now_ms);
/* It works for a room from now on, or with phase NONE no longer. */
void pulse_note(struct pulse *pulse, const struct pulse_work *work);

/* How long the last beat is ago; readers and writers may read their clocks in any order. */
uint64_t pulse_age_ms(const struct pulse *pulse, uint64_t now_ms);
/* Where it is; phase NONE: in no room.  Safe in a signal handler. */
struct pulse_work pulse_work(const struct pulse *pulse);

#endif
