/* sealed.c - see sealed.h.
 *
 *   nonce        8 zero bytes, the sequence as in the head
 *   associated   "SKU1", the direction, the head
 */
#include "net/sealed.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/secret.h"

enum { LABEL_BYTES = 4, ASSOCIATED_BYTES = LABEL_BYTES + 1 + SK_SEALED_HEAD_BYTES };
enum { SEQUENCE_AT = 4 };
_Static_assert((int)ASSOCIATED_BYTES <= SK_AEAD_ASSOCIATED_BYTES_MAX, "a cipher takes it");
_Static_assert(SK_SEALED_PLAIN_BYTES_MAX <= SK_AEAD_BYTES_MAX, "a cipher takes it");

/* What the cipher is given beside the bytes, as long as it takes to seal or open one datagram. */
struct cover {
    uint8_t nonce[SK_AEAD_NONCE_BYTES];
    uint8_t associated[ASSOCIATED_BYTES];
};

static uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void write_u32(uint8_t *bytes, uint32_t value)
{
    for (uint32_t i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> 8 * i);
    }
}

static void make_cover(struct cover *cover, const uint8_t *head, enum sk_sealed_direction direction)
{
    static const uint8_t label[LABEL_BYTES] = {'S', 'K', 'U', '1'};
    memset(cover->nonce, 0, sizeof(cover->nonce));
    memcpy(cover->nonce + sizeof(cover->nonce) - 4, head + SEQUENCE_AT, 4);
    memcpy(cover->associated, label, sizeof(label));
    cover->associated[LABEL_BYTES] = (uint8_t)direction;
    memcpy(cover->associated + LABEL_BYTES + 1, head, SK_SEALED_HEAD_BYTES);
}

static enum sk_sealed_direction opposite(enum sk_sealed_direction direction)
{
    return direction == SK_SEALED_TO_SERVER ? SK_SEALED_TO_CLIENT : SK_SEALED_TO_SERVER;
}

void sk_sealed_init(struct sk_sealed *sealed, struct sk_aead *aead, uint32_t session,
                    enum sk_sealed_direction sends, const struct sk_sealed_keys *keys)
{
    *sealed = (struct sk_sealed){.aead = aead, .session = session, .sends = sends, .keys = *keys};
}

void sk_sealed_deinit(struct sk_sealed *sealed)
{
    sk_secret_wipe(sealed, sizeof(*sealed));
}

int sk_sealed_read_session(const uint8_t *datagram, size_t bytes, uint32_t *session)
{
    if (bytes < SK_SEALED_OVERHEAD_BYTES) {
        return SK_ERR_TRUNCATED;
    }
    if (bytes > SK_SEALED_BYTES_MAX) {
        return SK_ERR_TOO_BIG;
    }
    *session = read_u32(datagram);
    return SK_OK;
}

int sk_sealed_send(struct sk_sealed *sealed, const uint8_t *plain, size_t bytes,
                   uint8_t out[SK_SEALED_BYTES_MAX])
{
    struct cover cover;
    SK_ASSERT(bytes <= SK_SEALED_PLAIN_BYTES_MAX);
    if (sealed->next_sequence > UINT32_MAX) {
        return SK_ERR_FULL; /* a sequence that comes twice would give the key away */
    }
    write_u32(out, sealed->session);
    write_u32(out + SEQUENCE_AT, (uint32_t)sealed->next_sequence);
    sealed->next_sequence++;
    make_cover(&cover, out, sealed->sends);
    struct sk_aead_text text = {.key = sealed->keys.send,
                                .nonce = cover.nonce,
                                .associated = cover.associated,
                                .associated_bytes = sizeof(cover.associated),
                                .in = plain,
                                .bytes = bytes};
    uint8_t *at = out + SK_SEALED_HEAD_BYTES;
    sk_aead_seal(sealed->aead, &text, at, at + bytes);
    return (int)(bytes + SK_SEALED_OVERHEAD_BYTES);
}

static int open_sealed(const struct sk_sealed *sealed, const uint8_t *datagram, size_t bytes,
                       uint8_t *plain)
{
    struct cover cover;
    make_cover(&cover, datagram, opposite(sealed->sends));
    const uint8_t *at = datagram + SK_SEALED_HEAD_BYTES;
    struct sk_aead_text text = {.key = sealed->keys.receive,
                                .nonce = cover.nonce,
                                .associated = cover.associated,
                                .associated_bytes = sizeof(cover.associated),
                                .in = at,
                                .bytes = bytes};
    return sk_aead_open(sealed->aead, &text, at + bytes, plain);
}

int sk_sealed_receive(struct sk_sealed *sealed, const uint8_t *datagram, size_t bytes,
                      uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX], struct sk_sealed_opened *opened)
{
    uint32_t session = 0;
    int result = sk_sealed_read_session(datagram, bytes, &session);
    if (result != SK_OK) {
        return result;
    }
    uint32_t sequence = read_u32(datagram + SEQUENCE_AT);
    if (session != sealed->session) {
        return SK_ERR_FORGED;
    }
    if (!sk_replay_window_is_new(&sealed->window, sequence)) {
        return SK_ERR_RANGE;
    }
    result = open_sealed(sealed, datagram, bytes - SK_SEALED_OVERHEAD_BYTES, plain);
    if (result == SK_OK) {
        opened->bytes = bytes - SK_SEALED_OVERHEAD_BYTES;
        opened->is_newest = sk_replay_window_push(&sealed->window, sequence);
    }
    return result;
}
