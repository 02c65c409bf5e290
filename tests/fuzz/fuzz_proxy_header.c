/* fuzz_proxy_header.c - the header that a proxy puts in front of a connection. */
#include <string.h>

#include "address/proxy_header.h"
#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct address address = {0};
    int used = proxy_header_parse(bytes, size, &address);
    if (used > 0) {
        struct address again = {0};
        SK_ASSERT((size_t)used <= size);
        SK_ASSERT(used <= PROXY_HEADER_BYTES_MAX);
        SK_ASSERT(proxy_header_parse(bytes, (size_t)used, &again) == used);
        SK_ASSERT(memcmp(&again, &address, sizeof(again)) == 0);
        SK_ASSERT(proxy_header_parse(bytes, (size_t)used - 1, &again) == SK_ERR_AGAIN);
    }
    return 0;
}
