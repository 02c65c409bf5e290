/* crash.h - one line before a fatal signal ends the process: which signal, and where the thread
 * was.
 *
 *     level=error event="fatal signal" signal=SIGSEGV room=K3V9QZ game=orbs tick=812 phase=step
 *
 * What was there before (the default, so a core dump, or a sanitizer's report) follows.  The line
 * has no time: nothing that tells it may be called in a signal handler.
 *
 * Memory   crash_thread_start() borrows a stack for the thread's life: the thread's own may be
 *          full.
 * Threads  crash_install() once, before the others start; the rest each thread for itself.
 */
#ifndef CRASH_H
#define CRASH_H

#include <stddef.h>

struct log;

enum { CRASH_STACK_BYTES = 32 << 10 };

/* Writes to the log's descriptor in its format from now on; borrows it for ever. */
void crash_install(const struct log *log);
/* Gives the thread a stack for signals, unless it has one (a sanitizer gave it). */
void crash_thread_start(void *stack, size_t bytes);
/* Takes the stack back, before it is freed. */
void crash_thread_end(void *stack);

#endif
