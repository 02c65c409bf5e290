/* secret.c - see secret.h.  What is compared is volatile, or the compiler may stop early too; what
 * is wiped is named to an assembly that may read it, so that the zeros must be there. */
#include "base/secret.h"

#include <stdint.h>

#include "base/mem.h"

bool sk_secret_equal(const void *a, const void *b, size_t size)
{
    const volatile uint8_t *left = a;
    const volatile uint8_t *right = b;
    uint8_t differ = 0;
    for (size_t i = 0; i < size; i++) {
        differ |= (uint8_t)(left[i] ^ right[i]);
    }
    return differ == 0;
}

void sk_secret_wipe(void *secret, size_t size)
{
    if (size > 0) {
        memset(secret, 0, size);
        __asm__ volatile("" : : "r"(secret) : "memory");
    }
}
