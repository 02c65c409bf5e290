/* no_operators.c - what the C++ code in the library would take from the C++ run time.
 *
 * The wire's messages are read and written by FlatBuffers' headers (shared/wire/messages.cpp).
 * Their default allocator names new[] and delete[], though nothing of ours ever lets it allocate.
 * With these, which leave neither library, a program needs no libstdc++ to link it.
 */
#include <stddef.h>

#include "base/assert.h"

/* As the C++ ABI calls new[], delete[] and delete. */
void *_Znam(size_t size);
void _ZdaPv(void *memory);
void _ZdlPvm(void *memory, size_t size);

void *_Znam(size_t size)
{
    (void)size;
    SK_UNREACHABLE("an encoder has memory of its own");
}

void _ZdaPv(void *memory)
{
    (void)memory;
    SK_UNREACHABLE("an encoder has memory of its own");
}

void _ZdlPvm(void *memory, size_t size)
{
    (void)memory;
    (void)size;
    SK_UNREACHABLE("nothing is made with new");
}
