/* tls_io.h - the bytes that one call of the TLS filter may take and give.
 *
 * Memory   borrows both ranges for the call.  Threads  that of the call.  Time  none.
 */
#ifndef TLS_IO_H
#define TLS_IO_H

#include <stddef.h>
#include <stdint.h>

/* The filter takes from `in` and puts into `out`. */
struct tls_io {
    const uint8_t *in; /* borrowed: ciphertext from the socket */
    size_t in_bytes;
    size_t in_used; /* of in_bytes, taken so far; what is left was not needed yet */
    uint8_t *out;   /* borrowed: where ciphertext for the socket goes */
    size_t out_capacity;
    size_t out_bytes; /* put there so far */
};

#endif
