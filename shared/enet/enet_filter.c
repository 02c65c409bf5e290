/* enet_filter.c - see enet_filter.h; the layouts are those of enet/protocol.h, in network order.
 *
 *   head: peer u16, flags in its high bits | sent time u16, when flagged
 *   then commands: number and flags u8 | channel u8 | sequence u16 | what the command has
 *   then zeros: padding
 */
#include "enet/enet_filter.h"

#include <stdbool.h>

#include "base/assert.h"

enum {
    HEAD_COMPRESSED = 0x4000,
    HEAD_SENT_TIME = 0x8000,
    COMMAND_NUMBER = 0x0f,
    COMMAND_UNKNOWN_FLAGS = 0x30,
    NO_CHANNEL = 0xff /* a command of the peer's and of none of its channels */
};

enum command {
    ACKNOWLEDGE = 1,
    CONNECT = 2,
    VERIFY_CONNECT = 3,
    DISCONNECT = 4,
    PING = 5,
    SEND_RELIABLE = 6,
    SEND_UNSEQUENCED = 9
};

/* The sizes of commands, without the data behind the last two; 0: not let through. */
static const uint8_t command_bytes[COMMAND_NUMBER + 1] = {
    [ACKNOWLEDGE] = 8, [CONNECT] = 48,      [VERIFY_CONNECT] = 44,  [DISCONNECT] = 8,
    [PING] = 4,        [SEND_RELIABLE] = 6, [SEND_UNSEQUENCED] = 8,
};

static uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)read_u16(bytes) << 16 | read_u16(bytes + 2);
}

/* It is repeated until it is answered, and each walks all peers of the host. */
static int check_connect(struct sk_enet_filter *filter, const uint8_t *command)
{
    bool is_own = read_u32(command + 8) >= SK_ENET_MTU_MIN &&   /* mtu */
                  read_u32(command + 16) == SK_ENET_CHANNELS && /* channels */
                  read_u32(command + 20) == 0 &&                /* incoming bandwidth */
                  read_u32(command + 24) == 0;                  /* outgoing bandwidth */
    if (!is_own || filter->connect_count == SK_ENET_CONNECTS_MAX) {
        return SK_ERR_PROTOCOL;
    }
    filter->connect_count++;
    return SK_OK;
}

static int check_reliable(const struct sk_enet_filter *filter, const uint8_t *command)
{
    int16_t ahead = (int16_t)(read_u16(command + 2) - filter->delivered);
    bool is_own = command[1] == SK_ENET_RELIABLE_CHANNEL && ahead <= SK_ENET_RELIABLE_AHEAD_MAX;
    return is_own ? SK_OK : SK_ERR_PROTOCOL;
}

static int check_command(struct sk_enet_filter *filter, const uint8_t *command)
{
    switch (command[0] & COMMAND_NUMBER) {
    case CONNECT:
        return check_connect(filter, command);
    case SEND_RELIABLE:
        return check_reliable(filter, command);
    case SEND_UNSEQUENCED:
        return command[1] == SK_ENET_LOSSY_CHANNEL ? SK_OK : SK_ERR_PROTOCOL;
    case ACKNOWLEDGE:
        return command[1] < SK_ENET_CHANNELS || command[1] == NO_CHANNEL ? SK_OK : SK_ERR_PROTOCOL;
    default:
        return command[1] == NO_CHANNEL ? SK_OK : SK_ERR_PROTOCOL;
    }
}

/* The size of the command that begins there, with its data; 0: not let through. */
static size_t size_of_command(const uint8_t *bytes, size_t size)
{
    uint8_t number = bytes[0] & COMMAND_NUMBER;
    size_t fixed_bytes = command_bytes[number];
    if ((bytes[0] & COMMAND_UNKNOWN_FLAGS) != 0 || fixed_bytes == 0 || fixed_bytes > size) {
        return 0;
    }
    if (number != SEND_RELIABLE && number != SEND_UNSEQUENCED) {
        return fixed_bytes;
    }
    size_t data_bytes = read_u16(bytes + fixed_bytes - 2);
    /* an empty one would cost memory that no maximum of ENet's counts */
    return data_bytes > 0 && data_bytes <= size - fixed_bytes ? fixed_bytes + data_bytes : 0;
}

/* The size of a datagram's head, 0: not let through. */
static size_t size_of_head(const uint8_t *bytes, size_t size)
{
    if (size < 2 || (read_u16(bytes) & HEAD_COMPRESSED) != 0) {
        return 0;
    }
    return (read_u16(bytes) & HEAD_SENT_TIME) != 0 ? 4 : 2;
}

/* A client pads its datagrams until it is let in; ENet stops at a command of number 0. */
static bool is_padding(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

int sk_enet_filter_check(struct sk_enet_filter *filter, const uint8_t *bytes, size_t size)
{
    size_t at = size_of_head(bytes, size);
    if (at == 0 || at >= size) {
        return SK_ERR_PROTOCOL;
    }
    for (uint32_t count = 0; at < size; count++) {
        if (count > 0 && bytes[at] == 0) {
            return is_padding(bytes + at, size - at) ? SK_OK : SK_ERR_PROTOCOL;
        }
        size_t command_size = count < SK_ENET_COMMANDS_MAX && size - at >= 4
                                  ? size_of_command(bytes + at, size - at)
                                  : 0;
        if (command_size == 0 || check_command(filter, bytes + at) != SK_OK) {
            return SK_ERR_PROTOCOL;
        }
        at += command_size;
    }
    SK_ASSERT(at == size);
    return SK_OK;
}
