/* client_clock.h - what a client knows of time: which tick its inputs are for, which moment of the
 * past is drawn, how long the way is (SESSION.md, "Inputs and time").
 *
 *   past                                         now                        future
 *   ---|--------------------|---------------------|-------------------|------->  server's ticks
 *      render time          newest snapshot       server's tick       input tick
 *      |<---- render delay ---------------------->|<------ lead ----->|
 *
 * Lead: the server reports how long before its step an input came.  The 5th percentile of that
 * over 2 s is kept at about one tick: raised at once, lowered by a sixtieth of the excess a tick
 * and at most a tenth of time, left alone within one tick.  Where margins jitter, it is kept
 * higher, by up to 50 ms, so that nearly none of those below it is late.  What is more than 250 ms
 * too much, and the first report after a stall or a pause, moves it in one step to where it
 * belongs.  A late input that comes alone is not believed when it asks for more than 100 ms: a
 * second report must.
 *
 * Render time: one interval behind the snapshots that come quickest, and as much more as nearly all
 * others come later than these, so that nearly always there is one on each side of it.
 *
 * Where snapshots are late it waits at the newest.  Flight time, of what drawing may extrapolate
 * (state/field.h), is the same but goes on for 100 ms.  Both catch up at most 1.5 times as fast.
 *
 * The server's own time may lose ticks, when it was too slow; it says so, and both move at once.
 *
 * Memory   plain, the caller's; nothing is allocated.
 * Threads  one.
 * Time     microseconds of any monotonic clock, which the caller passes and which never go back.
 */
#ifndef CLIENT_CLOCK_H
#define CLIENT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SK_CLOCK_MARGINS = 128,  /* 2 s of reports at the highest rate that is looked at */
    SK_CLOCK_ARRIVALS = 256, /* 13 s of snapshots at 20 a second */
    SK_CLOCK_SENT = 512      /* inputs under way: 2 s at 240 a second */
};

/* What a snapshot says of this client's inputs. */
struct sk_clock_report {
    uint32_t snapshot_tick;
    uint32_t input_tick;       /* the newest that came; 0: none yet */
    int16_t newest_sixteenths; /* its margin, in 1/16 tick; negative: it was late */
    int16_t margin_sixteenths; /* the smallest of all that came since the snapshot before */
    uint16_t dropped_ticks;    /* that the server's time has lost since Welcome, modulo 65536 */
};

struct sk_clock_margin {
    uint64_t at_us;
    int64_t early_us; /* the margin as it were with shift_us 0 */
};

/* An input that went out. */
struct sk_clock_sent {
    uint64_t at_us;
    int64_t shift_us; /* as it was then, had nothing been lost yet */
    uint32_t tick;    /* the same */
};

struct sk_clock_arrival {
    uint64_t at_us;
    int64_t transit_us; /* at_us less the time of its tick, with the server's time as it is now */
};

struct sk_client_clock {
    uint32_t tick_hz;
    uint32_t interval_us; /* between two snapshots */
    uint64_t start_us;    /* Welcome */
    /* lead: input tick T is due at origin_us + T ticks - shift_us */
    int64_t origin_us;
    int64_t shift_us;
    int64_t tail_us;         /* by which the margins are kept larger, for they jitter */
    uint64_t reported_us;    /* the newest report */
    uint64_t active_us;      /* the newest sign of life of our own program */
    uint32_t reported_tick;  /* of the newest report: its input_tick */
    uint16_t dropped_ticks;  /* as of the newest report */
    bool is_settled;         /* the first two seconds are over */
    bool is_resynchronising; /* the next current report moves the lead to where it belongs */
    bool is_doubted;         /* the report before wanted a leap */
    uint32_t resync_count;   /* how often one did */
    struct sk_clock_margin margins[SK_CLOCK_MARGINS]; /* ring */
    uint32_t margin_count;                            /* ever taken since the last resync */
    struct sk_clock_sent sent[SK_CLOCK_SENT];         /* by tick, as they were named first */
    uint32_t lost_ticks;                              /* by which they are now named less */
    /* the line */
    uint32_t rtt_us;             /* smoothed; 0: not measured yet */
    uint32_t jitter_us;          /* of snapshots, as RFC 3550, 6.4.1 has it */
    int64_t transit_us;          /* of the newest current snapshot */
    int64_t late_transit_us;     /* of the newest that it held back */
    uint32_t equally_late_count; /* how many in a row came no less late */
    uint64_t late_since_us; /* when the line began to give out what it held back; 0: it does not */
    /* render time */
    struct sk_clock_arrival arrivals[SK_CLOCK_ARRIVALS]; /* ring */
    uint32_t arrival_count;                              /* ever taken */
    int64_t quickest_us;                                 /* transit */
    int64_t delay_us;                                    /* behind the quickest */
    int64_t render_us;                                   /* drawn last, in the server's time */
    int64_t flight_us;                                   /* the same, of what is extrapolated */
    uint64_t framed_us;                                  /* when that was */
    uint32_t newest_tick;                                /* of all snapshots */
    bool has_render;
    uint32_t underrun_count; /* frames drawn beyond the newest snapshot, counted once each time */
    bool is_underrun;
};

/* Begins at Welcome: the server was at `tick` when it wrote, about half of `rtt_us` ago (what
 * passed since Hello was sent). */
void sk_client_clock_init(struct sk_client_clock *clock, uint32_t tick_hz,
                          uint32_t snapshot_divisor, uint32_t tick, uint64_t rtt_us,
                          uint64_t now_us);

/* The program runs: a frame is drawn, a timer or a message came.  After 250 ms without it has
 * paused, which is no fault of the line's. */
void sk_client_clock_on_active(struct sk_client_clock *clock, uint64_t now_us);

/* The newest tick whose input is due now. */
uint32_t sk_client_clock_input_tick(const struct sk_client_clock *clock, uint64_t now_us);
/* How far it is from that tick to the next, in 1/256. */
uint8_t sk_client_clock_input_fraction(const struct sk_client_clock *clock, uint64_t now_us);
/* When the input of `tick` is due. */
uint64_t sk_client_clock_input_due_us(const struct sk_client_clock *clock, uint32_t tick);
/* The input of `tick` goes out now. */
void sk_client_clock_on_sent(struct sk_client_clock *clock, uint32_t tick, uint64_t now_us);
/* A snapshot came; `report` is its own part.  Returns how many ticks the
 * server's time has lost since the one before: the input of tick T is now that of T less these,
 * everywhere, also of what waits to be sent; the server does the same with what is under way. */
uint32_t sk_client_clock_on_snapshot(struct sk_client_clock *clock, uint32_t tick,
                                     const struct sk_clock_report *report, uint64_t now_us);

/* Moves render time on to now.  Returns false before the first snapshot, else the moment to draw:
 * *tick and 1/256 of the way to the next.  Never goes back, save for a resynchronisation. */
bool sk_client_clock_render(struct sk_client_clock *clock, uint64_t now_us, uint32_t *tick,
                            uint8_t *fraction);
/* By how many 1/256 tick flight time was ahead of the moment drawn last. */
uint32_t sk_client_clock_ahead(const struct sk_client_clock *clock);
/* How far ahead of the server's time inputs are stamped, as far as that is known. */
int64_t sk_client_clock_lead_us(const struct sk_client_clock *clock, uint64_t now_us);

#endif
