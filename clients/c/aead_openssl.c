/* aead_openssl.c - see aead_openssl.h.
 *
 * A context each way: OpenSSL keeps a cipher's own memory in it, so that a new key and nonce for
 * each datagram allocate nothing.
 */
#include "aead_openssl.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/assert.h"

struct aead_openssl {
    struct sk_aead aead; /* first: what others hold */
    EVP_CIPHER_CTX *seal;
    EVP_CIPHER_CTX *open;
};

static void seal(struct sk_aead *aead, const struct sk_aead_text *text, uint8_t *out,
                 uint8_t tag[SK_AEAD_TAG_BYTES])
{
    EVP_CIPHER_CTX *context = ((struct aead_openssl *)aead)->seal;
    int size = 0;
    bool is_done = EVP_EncryptInit_ex(context, NULL, NULL, text->key, text->nonce) == 1 &&
                   EVP_EncryptUpdate(context, NULL, &size, text->associated,
                                     (int)text->associated_bytes) == 1 &&
                   EVP_EncryptUpdate(context, out, &size, text->in, (int)text->bytes) == 1 &&
                   EVP_EncryptFinal_ex(context, out + text->bytes, &size) == 1 &&
                   EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, SK_AEAD_TAG_BYTES, tag) == 1;
    SK_ASSERT(is_done); /* a stream cipher of a context that was made has nothing that fails */
}

static int open_sealed(struct sk_aead *aead, const struct sk_aead_text *text,
                       const uint8_t tag[SK_AEAD_TAG_BYTES], uint8_t *out)
{
    EVP_CIPHER_CTX *context = ((struct aead_openssl *)aead)->open;
    uint8_t copy[SK_AEAD_TAG_BYTES]; /* OpenSSL wants one that is not const */
    int size = 0;
    for (uint32_t i = 0; i < sizeof(copy); i++) {
        copy[i] = tag[i];
    }
    bool is_good = EVP_DecryptInit_ex(context, NULL, NULL, text->key, text->nonce) == 1 &&
                   EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, sizeof(copy), copy) == 1 &&
                   EVP_DecryptUpdate(context, NULL, &size, text->associated,
                                     (int)text->associated_bytes) == 1 &&
                   EVP_DecryptUpdate(context, out, &size, text->in, (int)text->bytes) == 1 &&
                   EVP_DecryptFinal_ex(context, out + text->bytes, &size) == 1;
    return is_good ? SK_OK : SK_ERR_FORGED;
}

static bool start(struct aead_openssl *made)
{
    made->seal = EVP_CIPHER_CTX_new();
    made->open = EVP_CIPHER_CTX_new();
    return made->seal && made->open &&
           EVP_EncryptInit_ex(made->seal, EVP_chacha20_poly1305(), NULL, NULL, NULL) == 1 &&
           EVP_DecryptInit_ex(made->open, EVP_chacha20_poly1305(), NULL, NULL, NULL) == 1;
}

struct sk_aead *sk_aead_openssl_create(void)
{
    static const struct sk_aead_cipher cipher = {.seal = seal, .open = open_sealed};
    struct aead_openssl *made = calloc(1, sizeof(*made));
    if (!made) {
        return NULL;
    }
    made->aead.cipher = &cipher;
    if (!start(made)) {
        sk_aead_openssl_destroy(&made->aead);
        return NULL;
    }
    return &made->aead;
}

void sk_aead_openssl_destroy(struct sk_aead *aead)
{
    struct aead_openssl *made = (struct aead_openssl *)aead;
    if (made) {
        EVP_CIPHER_CTX_free(made->seal);
        EVP_CIPHER_CTX_free(made->open);
        free(made);
    }
}
