/* secret.c - see secret.h.  The bytes are volatile, or the compiler may stop early too. */
#include "base/secret.h"

#include <stdint.h>

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
