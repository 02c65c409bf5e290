/* seat_link.c - see seat_link.h. */
#include "seat_link.h"

#include "base/assert.h"

enum { MARGIN_NONE = INT16_MAX };

void seat_link_attach(struct seat_link *link, void *connection, const struct transport *transport,
                      uint64_t now_us)
{
    SK_ASSERT(connection != NULL);
    SK_ASSERT(link->connection == NULL);
    link->connection = connection;
    link->transport = transport;
    link->claimed_us = now_us;
    link->newest_sixteenths = 0;
    link->margin_sixteenths = MARGIN_NONE;
    link->repeated = UINT16_MAX;
    link->command_tick = 0;
    link->inputs_repeated = 0;
    link->snapshots_held = 0;
    link->views_clamped = 0;
    link->view = (struct view_clock){0};
    link->is_confirmed = false;
    link->is_behind = false;
}

void seat_link_add_margin(struct seat_link *link, int64_t sixteenths, bool is_newest)
{
    int64_t limit = MARGIN_NONE - 1;
    int64_t margin = sixteenths > limit ? limit : sixteenths < -limit ? -limit : sixteenths;
    if (margin < link->margin_sixteenths) {
        link->margin_sixteenths = (int16_t)margin;
    }
    if (is_newest) {
        link->newest_sixteenths = (int16_t)margin;
    }
}

int16_t seat_link_pop_margin(struct seat_link *link)
{
    int16_t margin = link->margin_sixteenths;
    link->margin_sixteenths = MARGIN_NONE;
    return margin < link->newest_sixteenths ? margin : link->newest_sixteenths;
}
