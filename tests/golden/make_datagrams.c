/* make_datagrams.c - prints the golden vectors of datagrams and pieces (WIRE.md, "Listings").
 *
 *   make_datagrams >tests/golden/datagrams.json
 *
 * The same bytes must come out for ever: another output is another version of the wire.
 */
#include <stdio.h>
#include <string.h>

#include "aead/aead_wolfssl.h"
#include "base/assert.h"
#include "net/pieces.h"
#include "net/sealed.h"

enum { SESSION = 0x37c0de05, SPARE_BYTES = 8 };

/* A datagram on its way, and what it holds. */
struct sent {
    enum sk_sealed_direction direction;
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    size_t plain_bytes;
    uint8_t bytes[SK_SEALED_BYTES_MAX + SPARE_BYTES];
    size_t size;
};

static const char *separator = "";

static void print_hex(const uint8_t *bytes, size_t size)
{
    (void)putchar('"');
    for (size_t i = 0; i < size; i++) {
        printf("%02x", bytes[i]);
    }
    (void)putchar('"');
}

static void fill(uint8_t *bytes, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525 + 1013904223;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

/* --- datagrams ------------------------------------------------------------------------------ */

static struct sent seal(struct sk_sealed *sealed, size_t plain_bytes)
{
    struct sent sent = {.direction = sealed->sends, .plain_bytes = plain_bytes};
    fill(sent.plain, plain_bytes, (uint32_t)sealed->next_sequence);
    int size = sk_sealed_send(sealed, sent.plain, plain_bytes, sent.bytes);
    SK_ASSERT(size > 0);
    sent.size = (size_t)size;
    return sent;
}

static void print_sent(const struct sent *sent, bool is_used)
{
    printf("%s\n  {\"direction\": %d, \"plain\": ", separator, (int)sent->direction);
    separator = ",";
    if (is_used) {
        print_hex(sent->plain, sent->plain_bytes);
    } else {
        printf("null");
    }
    printf(", \"bytes\": ");
    print_hex(sent->bytes, sent->size);
    printf("}");
}

/* Every size that matters; what comes twice, changed or cut is not used. */
static void print_faults(struct sk_sealed *sealed)
{
    static const size_t places[] = {0, 3, 4, 7, 8, 50, 51, 66};
    struct sent sent = seal(sealed, 43); /* 67 bytes; the tag begins at 51 */
    for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        sent.bytes[places[i]] ^= (uint8_t)(1u << i);
        print_sent(&sent, false);
        sent.bytes[places[i]] ^= (uint8_t)(1u << i);
    }
    sent.size--;
    print_sent(&sent, false);
    sent.size = SK_SEALED_OVERHEAD_BYTES - 1;
    print_sent(&sent, false);
    sent.size = SK_SEALED_BYTES_MAX + 1;
    print_sent(&sent, false);
    sent.size = 67;
    sent.direction =
        sent.direction == SK_SEALED_TO_SERVER ? SK_SEALED_TO_CLIENT : SK_SEALED_TO_SERVER;
    print_sent(&sent, false);
    sent.direction = sealed->sends;
    print_sent(&sent, true);
    print_sent(&sent, false);
}

/* What is overtaken is used, once, as long as it is in the window. */
static void print_window(struct sk_sealed *sealed)
{
    struct sent too_old = seal(sealed, 5);
    struct sent old = seal(sealed, 6);
    sealed->next_sequence += SK_REPLAY_WINDOW_SEQUENCES - 2; /* lost on the way */
    struct sent newest = seal(sealed, 7);
    print_sent(&newest, true);
    print_sent(&too_old, false);
    print_sent(&old, true);
    print_sent(&old, false);
    print_sent(&newest, false);
    sealed->next_sequence = UINT32_MAX;
    struct sent last = seal(sealed, 8);
    print_sent(&last, true);
    print_sent(&newest, false);
}

static void print_direction(enum sk_sealed_direction direction, const struct sk_sealed_keys *keys)
{
    static const size_t sizes[] = {0, 1, 63, 64, 65, 1000, SK_SEALED_PLAIN_BYTES_MAX};
    struct sk_sealed sealed;
    sk_sealed_init(&sealed, sk_aead_wolfssl(), SESSION, direction, keys);
    for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct sent sent = seal(&sealed, sizes[i]);
        print_sent(&sent, true);
    }
    print_faults(&sealed);
    print_window(&sealed);
}

static void print_datagrams(void)
{
    struct sk_sealed_keys client;
    struct sk_sealed_keys server;
    fill(client.send, sizeof(client.send), 1);
    fill(client.receive, sizeof(client.receive), 2);
    memcpy(server.send, client.receive, sizeof(server.send));
    memcpy(server.receive, client.send, sizeof(server.receive));
    printf("{\"session\": %u,\n\"send_key\": ", (unsigned)SESSION);
    print_hex(client.send, sizeof(client.send));
    printf(",\n\"receive_key\": ");
    print_hex(client.receive, sizeof(client.receive));
    printf(",\n\"datagrams\": [");
    print_direction(SK_SEALED_TO_SERVER, &client);
    print_direction(SK_SEALED_TO_CLIENT, &server);
    printf("],\n");
}

/* --- pieces --------------------------------------------------------------------------------- */

/* A message whose first part has `head_bytes`; its pieces come every `step`-th, round. */
static void print_cut(uint16_t number, size_t head_bytes, size_t bytes, uint32_t step)
{
    static uint8_t whole[8 * SK_PIECE_BODY_BYTES];
    uint8_t piece[SK_PIECE_BYTES_MAX];
    uint32_t count = sk_pieces_count(bytes);
    struct sk_pieces_message message = {.head = whole,
                                        .head_bytes = head_bytes,
                                        .body = whole + head_bytes,
                                        .body_bytes = bytes - head_bytes,
                                        .number = number};
    fill(whole, bytes, number);
    printf("%s\n  {\"number\": %u, \"bytes\": ", separator, number);
    separator = ",";
    print_hex(whole, bytes);
    printf(",\n   \"pieces\": [");
    for (uint32_t i = 0; i < count; i++) {
        size_t size = sk_pieces_write(&message, i * step % count, piece);
        printf("%s", i > 0 ? ",\n    " : "");
        print_hex(piece, size);
    }
    printf("]}");
}

static void print_pieces(void)
{
    printf("\"cut\": [");
    separator = "";
    print_cut(65534, 0, SK_PIECE_BYTES_MAX + 1, 1);
    print_cut(65535, 100, 2 * SK_PIECE_BODY_BYTES, 1);
    print_cut(0, 1500, 7 * SK_PIECE_BODY_BYTES + 1, 3);
    printf("]}\n");
}

int main(void)
{
    print_datagrams();
    print_pieces();
    return 0;
}
