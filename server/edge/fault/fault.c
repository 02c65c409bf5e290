/* fault.c - see fault.h. */
#include "fault/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"

enum { TEXT_BYTES = 512, WHAT_BYTES = 400 };

const char *fault_text(const char *format, ...)
{
    static _Thread_local char text[TEXT_BYTES];
    char what[WHAT_BYTES];
    int error = errno;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    SK_ASSERT(size >= 0);
    (void)snprintf(text, sizeof(text), "%s%s%.100s", what, error ? ": " : "",
                   error ? strerror(error) : "");
    return text;
}
