/* assert.h - checks of our own logic, kept in release builds.
 *
 * A failed SK_ASSERT means that we are wrong, never that a peer is: what a peer can reach is a
 * parser's `if`.  The handler is a hook that the host supplies, because shared/ has no stdio and a
 * browser no process to end.
 *
 * Threads  the hooks are set once, before any other thread starts; calling them is safe anywhere.
 */
#ifndef SK_ASSERT_H
#define SK_ASSERT_H

#include <stdbool.h>

/* What a failed check does.  Must not return.  `file` and `what` live forever. */
typedef void (*sk_assert_fn)(const char *file, int line, const char *what);

/* Sets the handler of SK_ASSERT and SK_UNREACHABLE; NULL restores the default, a trap. */
void sk_assert_set_handler(sk_assert_fn handler);

/* Sets the handler of SK_GAME_ASSERT: ends the room, not the process (a host may longjmp to its own
 * frame around the game's call).  NULL restores the default, the handler of SK_ASSERT. */
void sk_assert_set_game_handler(sk_assert_fn handler);

/* Called by the macros; do not call directly. */
_Noreturn void sk_assert_failed(const char *file, int line, const char *what);
/* Called by SK_GAME_ASSERT; do not call directly. */
_Noreturn void sk_assert_game_failed(const char *file, int line, const char *what);

#define SK_ASSERT(condition)                                                                       \
    ((condition) ? (void)0 : sk_assert_failed(__FILE__, __LINE__, #condition))
#define SK_GAME_ASSERT(condition)                                                                  \
    ((condition) ? (void)0 : sk_assert_game_failed(__FILE__, __LINE__, #condition))
#define SK_UNREACHABLE(why) sk_assert_failed(__FILE__, __LINE__, why)

/* Walks a structure; debug and fuzz builds only. */
#ifdef SK_SLOW_ASSERTS
#define SK_ASSERT_SLOW(condition) SK_ASSERT(condition)
#else
#define SK_ASSERT_SLOW(condition) ((void)(0 && (condition))) /* compiled, never evaluated */
#endif

#endif
