/* sizes.c - see sizes.h; compiled with the lean library, not with the server. */
#include "sizes.h"

const unsigned long sk_wolfssl_sizes[SK_WOLFSSL_SIZES_COUNT] = SK_WOLFSSL_SIZES;
