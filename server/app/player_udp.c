/* player_udp.c - see player_udp.h. */
#include "player_udp.h"

/* Nothing speaks over a session yet. */
static bool on_datagram(void *context, uint32_t slot, const uint8_t *plain, size_t bytes)
{
    (void)context;
    (void)slot;
    (void)plain;
    (void)bytes;
    return false;
}

const struct udp_handler player_udp_handler = {.on_datagram = on_datagram};
