/* result.c - the words of result.h's table. */
#include "base/result.h"

const char *sk_result_text(int result)
{
    switch (result) {
#define ROW(name, value, words)                                                                    \
    case SK_##name:                                                                                \
        return words;
        SK_RESULTS(ROW)
#undef ROW
    default: /* any int may come here */
        return "unknown";
    }
}
