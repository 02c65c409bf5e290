/* result.h - what a function that can fail returns.
 *
 * SK_OK is 0, errors are negative; a parser returns the bytes it ate (>= 0) or an error.
 */
#ifndef SK_RESULT_H
#define SK_RESULT_H

#define SK_MUST_CHECK __attribute__((warn_unused_result))

/*      name       value  in words                                                            */
/* clang-format off */
#define SK_RESULTS(ROW)                                                                            \
    ROW(OK, 0, "ok")                                                                               \
    ROW(ERR_CONFIG, -1, "a setting is impossible")                                                 \
    ROW(ERR_PROTOCOL, -2, "the peer broke the protocol")                                           \
    ROW(ERR_TOO_BIG, -3, "larger than the limit")                                                  \
    ROW(ERR_TRUNCATED, -4, "ends too early")                                                       \
    ROW(ERR_RANGE, -5, "a value is out of range")                                                  \
    ROW(ERR_FULL, -6, "no room left")                                                              \
    ROW(ERR_MEMORY, -7, "out of memory")                                                           \
    ROW(ERR_SYSTEM, -8, "the system refused")                                                      \
    ROW(ERR_CLOSED, -9, "the other side is gone")                                                  \
    ROW(ERR_AGAIN, -10, "nothing to do now")                                                       \
    ROW(ERR_MISMATCH, -11, "made by another version")                                              \
    ROW(ERR_UTF8, -12, "text that is not UTF-8")                                                   \
    ROW(ERR_FORGED, -13, "the signature does not fit")
/* clang-format on */

#define SK_RESULT_ENUM(name, value, words) SK_##name = (value),
enum sk_result { SK_RESULTS(SK_RESULT_ENUM) };
#undef SK_RESULT_ENUM

/* The words for one of enum sk_result, for a log line; "unknown" for anything else.  Never NULL. */
const char *sk_result_text(int result);

#endif
