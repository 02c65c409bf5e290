/* pending_rooms.c - see pending_rooms.h. */
#include "pending_rooms.h"

#include <stdlib.h>

#include "base/assert.h"

struct pending_rooms {
    uint32_t room_count;
    struct order *first[]; /* by id: the OPEN, then the HOLDs in order of arrival; NULL: none */
};

struct pending_rooms *pending_rooms_create(uint32_t room_count)
{
    struct pending_rooms *rooms = calloc(1, sizeof(*rooms) + room_count * sizeof(struct order *));
    if (rooms) {
        rooms->room_count = room_count;
    }
    return rooms;
}

static void destroy_all(struct order *order)
{
    while (order) {
        struct order *next = order->next;
        post_destroy(order);
        order = next;
    }
}

void pending_rooms_destroy(struct pending_rooms *rooms)
{
    for (uint32_t i = 0; rooms && i < rooms->room_count; i++) {
        destroy_all(rooms->first[i]);
    }
    free(rooms);
}

static struct order *find(const struct pending_rooms *rooms, uint32_t room, uint64_t epoch)
{
    struct order *open = room < rooms->room_count ? rooms->first[room] : NULL;
    return open && open->epoch == epoch ? open : NULL;
}

void pending_rooms_open(struct pending_rooms *rooms, struct order *open)
{
    SK_ASSERT(open->room < rooms->room_count);
    SK_ASSERT(rooms->first[open->room] == NULL);
    SK_ASSERT(open->kind == ORDER_OPEN);
    open->next = NULL;
    rooms->first[open->room] = open;
}

static void append(struct order *open, struct order *hold)
{
    struct order *last = open;
    while (last->next) {
        last = last->next;
    }
    last->next = hold;
    hold->next = NULL;
}

static void remove_hold(struct order *open, uint16_t seat, uint64_t nonce)
{
    for (struct order *before = open; before->next; before = before->next) {
        struct order *hold = before->next;
        if (hold->seat == seat && hold->nonce == nonce) {
            before->next = hold->next;
            post_destroy(hold);
            return;
        }
    }
}

bool pending_rooms_apply(struct pending_rooms *rooms, struct order *order)
{
    struct order *open = find(rooms, order->room, order->epoch);
    if (!open) {
        return false;
    }
    if (order->kind == ORDER_HOLD) {
        append(open, order);
        return true;
    }
    if (order->kind == ORDER_UNHOLD) {
        remove_hold(open, order->seat, order->nonce);
    } else if (order->kind == ORDER_CLOSE) {
        rooms->first[open->room] = NULL;
        destroy_all(open);
    }
    post_destroy(order);
    return true;
}

struct order *pending_rooms_take(struct pending_rooms *rooms, uint32_t room, uint64_t epoch)
{
    struct order *open = find(rooms, room, epoch);
    if (open) {
        rooms->first[room] = NULL;
    }
    return open;
}
