/* fuzz_sealed.c - a stream of datagrams: each sequence is taken once, and nothing else changes.
 *
 * A cipher that seals nothing stands in for a real one, which no fuzzer gets past: it takes what
 * has a tag of zeros.  The stream is datagrams, each with its size in two bytes before it; those of
 * the session that the first one names are for us.
 */
#include <string.h>

#include "base/assert.h"
#include "net/sealed.h"

enum { SIZE_BYTES = 2, SEQUENCES_MAX = 256 };

static void seal(struct sk_aead *aead, const struct sk_aead_text *text, uint8_t *out,
                 uint8_t tag[SK_AEAD_TAG_BYTES])
{
    (void)aead;
    memcpy(out, text->in, text->bytes);
    memset(tag, 0, SK_AEAD_TAG_BYTES);
}

static int open_sealed(struct sk_aead *aead, const struct sk_aead_text *text,
                       const uint8_t tag[SK_AEAD_TAG_BYTES], uint8_t *out)
{
    static const uint8_t zeros[SK_AEAD_TAG_BYTES];
    (void)aead;
    if (memcmp(tag, zeros, sizeof(zeros)) != 0) {
        return SK_ERR_FORGED;
    }
    memcpy(out, text->in, text->bytes);
    return SK_OK;
}

static const struct sk_aead_cipher cipher = {.seal = seal, .open = open_sealed};

/* Both ends of a session, and what came of it. */
struct match {
    struct sk_sealed server;
    struct sk_sealed client;
    uint32_t taken[SEQUENCES_MAX];
    uint32_t taken_count;
    uint64_t end; /* the newest that was taken, and 1 */
};

/* What was taken comes back to who sent it, as it was. */
static void answer(struct match *match, const uint8_t *plain, size_t bytes)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint8_t again[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    int size = sk_sealed_send(&match->server, plain, bytes, datagram);
    if (size < 0) {
        SK_ASSERT(match->server.next_sequence > UINT32_MAX);
        return;
    }
    int result = sk_sealed_receive(&match->client, datagram, (size_t)size, again, &opened);
    SK_ASSERT(result == SK_OK);
    SK_ASSERT(opened.bytes == bytes);
    SK_ASSERT(memcmp(again, plain, bytes) == 0);
}

static void note(struct match *match, uint32_t sequence, bool is_newest)
{
    for (uint32_t i = 0; i < match->taken_count; i++) {
        SK_ASSERT(match->taken[i] != sequence);
    }
    SK_ASSERT(is_newest == (sequence >= match->end));
    SK_ASSERT(sequence + (uint64_t)SK_REPLAY_WINDOW_SEQUENCES >= match->end);
    match->end = is_newest ? (uint64_t)sequence + 1 : match->end;
    match->taken[match->taken_count++] = sequence;
}

static void receive(struct match *match, const uint8_t *datagram, size_t bytes)
{
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    struct sk_sealed before = match->server;
    int result = sk_sealed_receive(&match->server, datagram, bytes, plain, &opened);
    if (result == SK_OK) {
        uint32_t sequence = 0;
        memcpy(&sequence, datagram + 4, sizeof(sequence)); /* a fuzzer's machine is little-endian */
        note(match, sequence, opened.is_newest);
        answer(match, plain, opened.bytes);
    } else {
        SK_ASSERT(memcmp(&before, &match->server, sizeof(before)) == 0);
    }
}

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct match match;
    struct sk_aead aead = {.cipher = &cipher};
    struct sk_sealed_keys keys;
    uint32_t session = 0;
    memset(&match, 0, sizeof(match));
    memset(&keys, 0, sizeof(keys));
    if (size < SIZE_BYTES || sk_sealed_read_session(bytes + SIZE_BYTES, size - SIZE_BYTES,
                                                    &session) == SK_ERR_TRUNCATED) {
        return 0;
    }
    sk_sealed_init(&match.server, &aead, session, SK_SEALED_TO_CLIENT, &keys);
    sk_sealed_init(&match.client, &aead, session, SK_SEALED_TO_SERVER, &keys);
    match.server.next_sequence = bytes[0] % 8 == 7 ? UINT32_MAX : 0; /* near its end */
    while (size >= SIZE_BYTES && match.taken_count < SEQUENCES_MAX) {
        size_t wanted = (size_t)(bytes[0] | bytes[1] << 8);
        size_t taken = wanted < size - SIZE_BYTES ? wanted : size - SIZE_BYTES;
        receive(&match, bytes + SIZE_BYTES, taken);
        bytes += SIZE_BYTES + taken;
        size -= SIZE_BYTES + taken;
    }
    sk_sealed_deinit(&match.server);
    return 0;
}
