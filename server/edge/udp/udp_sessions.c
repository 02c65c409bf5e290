/* udp_sessions.c - see udp_sessions.h.
 *
 * Invariant: index[place of a number] - 1 is the slot of the one open session with that place.
 */
#include "udp/udp_sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { INDEX_PLACES = 65536, FOLLOWS_A_SECOND = 4, SECOND_MS = 1000 };

static uint16_t place_of(uint32_t number)
{
    return (uint16_t)(number >> 8);
}

int udp_sessions_create(struct udp_sessions *table, uint32_t max)
{
    SK_ASSERT(max > 0);
    SK_ASSERT(max < UINT16_MAX);
    *table = (struct udp_sessions){.max = max};
    table->rows = calloc(max, sizeof(*table->rows));
    table->index = calloc(INDEX_PLACES, sizeof(*table->index));
    if (!table->rows || !table->index) {
        udp_sessions_destroy(table);
        return SK_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < max; i++) {
        table->rows[i].free_index = i + 1 < max ? i + 1 : UDP_NO_SLOT;
    }
    return SK_OK;
}

void udp_sessions_destroy(struct udp_sessions *table)
{
    for (uint32_t i = 0; table->rows && i < table->max; i++) {
        sk_sealed_deinit(&table->rows[i].sealed);
    }
    free(table->rows);
    free(table->index);
    *table = (struct udp_sessions){0};
}

int udp_sessions_open(struct udp_sessions *table, uint32_t number, uint64_t now_ms, uint32_t *slot)
{
    uint16_t *entry = &table->index[place_of(number)];
    if (*entry != 0) {
        return SK_ERR_RANGE;
    }
    if (table->first_free == UDP_NO_SLOT) {
        return SK_ERR_FULL;
    }
    *slot = table->first_free;
    struct udp_session *session = &table->rows[*slot];
    SK_ASSERT(!session->is_open);
    table->first_free = session->free_index;
    *session = (struct udp_session){
        .sealed = {.session = number}, .is_open = true, .opened_ms = now_ms, .heard_ms = now_ms};
    *entry = (uint16_t)(*slot + 1);
    table->count++;
    return SK_OK;
}

uint32_t udp_sessions_oldest_unused(const struct udp_sessions *table)
{
    uint32_t oldest = UDP_NO_SLOT;
    for (uint32_t i = 0; i < table->max; i++) {
        const struct udp_session *session = &table->rows[i];
        bool is_unused = session->is_open && session->place.bytes == 0;
        if (is_unused &&
            (oldest == UDP_NO_SLOT || session->opened_ms < table->rows[oldest].opened_ms)) {
            oldest = i;
        }
    }
    return oldest;
}

void udp_sessions_close(struct udp_sessions *table, uint32_t slot)
{
    struct udp_session *session = udp_sessions_get(table, slot);
    uint16_t *entry = &table->index[place_of(session->sealed.session)];
    SK_ASSERT(*entry == slot + 1);
    *entry = 0;
    sk_sealed_deinit(&session->sealed);
    session->is_open = false;
    session->free_index = table->first_free;
    table->first_free = slot;
    table->count--;
}

uint32_t udp_sessions_find(const struct udp_sessions *table, uint32_t number)
{
    uint16_t entry = table->index[place_of(number)];
    bool is_it = entry != 0 && table->rows[entry - 1].sealed.session == number;
    return is_it ? entry - 1u : UDP_NO_SLOT;
}

struct udp_session *udp_sessions_get(const struct udp_sessions *table, uint32_t slot)
{
    SK_ASSERT(slot < table->max);
    SK_ASSERT(table->rows[slot].is_open);
    return &table->rows[slot];
}

/* Follows the peer to another place, but not wherever somebody who can send on its behalf may want
 * it to be next: it would be told nothing any more. */
static void follow(struct udp_session *session, const struct udp_place *place, uint64_t now_ms)
{
    if (memcmp(&session->place, place, sizeof(*place)) == 0) {
        return;
    }
    if (session->place.bytes != 0) {
        if (now_ms - session->follow_ms >= SECOND_MS) {
            session->follow_ms = now_ms;
            session->follows = 0;
        }
        if (session->follows == FOLLOWS_A_SECOND) {
            return;
        }
        session->follows++;
    }
    session->place = *place;
}

void udp_session_receive(struct udp_session *session, const struct udp_datagram *datagram,
                         bool is_newest, uint64_t now_ms)
{
    session->heard_ms = now_ms;
    session->bytes_in += datagram->bytes;
    if (is_newest) {
        follow(session, &datagram->place, now_ms);
    }
}

bool udp_session_may_send(const struct udp_session *session, size_t bytes)
{
    bool is_paid = session->is_admitted || session->bytes_out + bytes <= session->bytes_in;
    return session->place.bytes != 0 && is_paid;
}
