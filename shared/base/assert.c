/* assert.c - the two hooks.  They are the only globals of shared/: a check has no argument to carry
 * its host in. */
#include "base/assert.h"

static sk_assert_fn on_failed;
static sk_assert_fn on_game_failed;

void sk_assert_set_handler(sk_assert_fn handler)
{
    on_failed = handler;
}

void sk_assert_set_game_handler(sk_assert_fn handler)
{
    on_game_failed = handler;
}

_Noreturn void sk_assert_failed(const char *file, int line, const char *what)
{
    if (on_failed) {
        on_failed(file, line, what);
    }
    __builtin_trap();
}

_Noreturn void sk_assert_game_failed(const char *file, int line, const char *what)
{
    if (on_game_failed) {
        on_game_failed(file, line, what);
    }
    sk_assert_failed(file, line, what);
}
