/* room_bots.c - see room_bots.h.  It only makes entries: that bots come and go is the match's. */
#include "room_bots.h"

uint32_t room_bot_count(const struct room *room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        count += match_seat(&room->match, i)->is_bot;
    }
    return count;
}

static void set_bot(struct room *room, uint32_t seat, bool is_bot)
{
    struct match_entry entry = {
        .kind = MATCH_BOT, .seat = (uint16_t)seat, .bot = {.is_bot = is_bot}};
    (void)room_enter(room, &entry);
}

static uint32_t wanted_bots(const struct room *room)
{
    uint32_t people = 0;
    if (!room->plan.game->think) {
        return 0;
    }
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        people += match_seat(&room->match, i)->state != SEAT_FREE;
    }
    uint32_t fill = room->config.bots_fill < room->plan.players_max ? room->config.bots_fill
                                                                    : room->plan.players_max;
    return fill > people ? fill - people : 0;
}

/* Bots sit at the far end, so that people's seats stay free of them as long as can be. */
void room_balance_bots(struct room *room)
{
    uint32_t wanted = wanted_bots(room);
    uint32_t count = room_bot_count(room);
    for (uint32_t i = room->plan.players_max; i-- > 0 && count < wanted && !room_is_over(room);) {
        const struct seat *seat = match_seat(&room->match, i);
        if (seat->state == SEAT_FREE && !seat->is_bot) {
            set_bot(room, i, true);
            count++;
        }
    }
    for (uint32_t i = 0; i < room->plan.players_max && count > wanted && !room_is_over(room); i++) {
        if (match_seat(&room->match, i)->is_bot) {
            set_bot(room, i, false);
            count--;
        }
    }
}

void room_clear_bot(struct room *room, uint16_t seat)
{
    if (match_seat(&room->match, seat)->is_bot) {
        set_bot(room, seat, false);
    }
}
