/* fault.h - what the system said when it refused, for the operator who has to change it.
 *
 * Memory   one text a thread, valid until that thread's next call.
 * Threads  any.
 */
#ifndef FAULT_H
#define FAULT_H

/* The formatted text, and behind it ": " and what errno means; nothing behind it when errno is 0.
 * A text that is too long is cut. */
__attribute__((format(printf, 1, 2))) const char *fault_text(const char *format, ...);

#endif
