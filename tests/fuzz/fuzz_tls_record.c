/* fuzz_tls_record.c - raw bytes from a peer into a fresh TLS session.
 *
 * The first byte says in what pieces the others come and how much room the answers have.  The guard
 * of an open session gets the same bytes: what lies behind it needs keys.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "tls/crypto.h"
#include "tls/tls.h"
#include "tls/tls_guard.h"
#include "tls_peer.h"

/* The target: libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct tls_context *make_context(void)
{
    struct peer_files files;
    const char *start_why = NULL;
    char why[TLS_WHY_BYTES];
    SK_ASSERT(crypto_start(&start_why) == SK_OK);
    peer_files_make(&files, PEER_KEY_EC, 1);
    struct tls_context *context = tls_context_create(files.cert_path, files.key_path, why);
    peer_files_remove(&files);
    SK_ASSERT(context != NULL);
    return context;
}

/* Feeds one piece.  Returns whether the session goes on. */
static int take_piece(struct sk_tls *tls, const uint8_t *piece, size_t bytes, size_t room)
{
    uint8_t out[4096];
    uint8_t plain[64];
    struct sk_tls_io io = {.in = piece, .in_bytes = bytes, .out = out, .out_capacity = room};
    for (;;) {
        int result = sk_tls_receive(tls, &io, plain, sizeof(plain));
        SK_ASSERT(io.in_used <= bytes);
        SK_ASSERT(io.out_bytes <= room);
        if (result == SK_ERR_FULL) {
            SK_ASSERT(io.out_bytes > 0);
            io.out_bytes = 0;
        } else if (result <= 0) {
            SK_ASSERT(result != SK_ERR_AGAIN || io.in_used == bytes);
            return result == SK_ERR_AGAIN;
        }
    }
}

static void run_session(struct tls_context *context, uint8_t how, const uint8_t *bytes, size_t size)
{
    size_t piece_max = how % 16 == 0 ? 65536 : (size_t)(how % 16) * 17;
    size_t room = how / 16 == 0 ? 4096 : (size_t)(how / 16) * 33;
    struct sk_tls *tls = tls_create(context);
    SK_ASSERT(tls != NULL);
    size_t at = 0;
    int goes_on = 1;
    while (goes_on && at < size) {
        size_t piece = size - at < piece_max ? size - at : piece_max;
        goes_on = take_piece(tls, bytes + at, piece, room);
        at += piece;
    }
    sk_tls_destroy(tls);
}

static void run_guard(const uint8_t *bytes, size_t size)
{
    struct tls_guard guard = {.is_open = true};
    struct sk_tls_io io = {.in = bytes, .in_bytes = size};
    uint8_t to[300];
    size_t given = 0;
    int result = 0;
    while ((result = tls_guard_read(&guard, &io, to, sizeof(to))) > 0) {
        SK_ASSERT(memcmp(to, bytes + given, (size_t)result) == 0);
        given += (size_t)result;
    }
    SK_ASSERT(given <= io.in_used);
    SK_ASSERT(result == SK_ERR_AGAIN || guard.refusal != TLS_NOT_REFUSED);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct tls_context *context;
    if (context == NULL) {
        context = make_context();
    }
    if (size == 0) {
        return 0;
    }
    int first = tls_check_first_record(context, bytes + 1, size - 1);
    SK_ASSERT(first == SK_OK || first == SK_ERR_PROTOCOL || first == TLS_HEADER_BYTES);
    run_session(context, bytes[0], bytes + 1, size - 1);
    run_guard(bytes + 1, size - 1);
    return 0;
}
