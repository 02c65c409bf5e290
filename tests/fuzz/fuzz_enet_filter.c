/* fuzz_enet_filter.c - what an admitted client sends to ENet in one session: each datagram behind
 * its count of bytes. */
#include <stdbool.h>

#include "base/assert.h"
#include "enet/enet_filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* One that passes passes again, but for the CONNECTs that are counted. */
static void check(struct sk_enet_filter *filter, const uint8_t *bytes, size_t size)
{
    struct sk_enet_filter before = *filter;
    int result = sk_enet_filter_check(filter, bytes, size);
    SK_ASSERT(filter->connect_count <= SK_ENET_CONNECTS_MAX);
    SK_ASSERT(filter->delivered == before.delivered);
    SK_ASSERT(result == SK_OK || result == SK_ERR_PROTOCOL);
    SK_ASSERT(sk_enet_filter_check(&before, bytes, size) == result);
    if (result == SK_OK) {
        bool is_padded = bytes[size - 1] == 0;
        SK_ASSERT(size >= 6);
        SK_ASSERT(sk_enet_filter_check(&before, bytes, size - 1) == SK_ERR_PROTOCOL || is_padded);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sk_enet_filter filter = {.delivered = 10};
    while (size > 1) {
        size_t datagram_bytes = bytes[0] < size - 1 ? bytes[0] : size - 1;
        check(&filter, bytes + 1, datagram_bytes);
        bytes += 1 + datagram_bytes;
        size -= 1 + datagram_bytes;
    }
    return 0;
}
