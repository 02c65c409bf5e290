/* example.c - see example.h. */
#include "example.h"

static const char *word_of(uint32_t index)
{
    static const char *const words[] = {"kicked", "a\"b\\c\nd", "idle"};
    return words[index];
}

static const uint64_t bounds[] = {100, 1000, 10000};

#define AT(member) offsetof(struct example, member)
const struct metrics_row example_rows[EXAMPLE_ROWS] = {
    {.name = "skirmish_ticks_total", .help = "Ticks stepped.", .offset = AT(ticks)},
    {.name = "skirmish_rooms",
     .help = "Rooms that are open.",
     .kind = METRICS_GAUGE,
     .offset = AT(rooms)},
    {.name = "skirmish_network_bytes_total",
     .help = "Bytes on the wire.",
     .offset = AT(in_bytes),
     .label = "direction",
     .word = "in"},
    {.name = "skirmish_network_bytes_total",
     .help = "Bytes on the wire.",
     .offset = AT(out_bytes),
     .label = "direction",
     .word = "out"},
    {.name = "skirmish_closed_total",
     .help = "Connections closed.",
     .offset = AT(closed),
     .label = "reason",
     .word_count = 3,
     .word_of = word_of},
    {.name = "skirmish_tick_late_seconds",
     .help = "How late a tick began.",
     .kind = METRICS_HISTOGRAM,
     .offset = AT(late_us),
     .scale = 1000000,
     .bounds = bounds,
     .bound_count = 3},
};
