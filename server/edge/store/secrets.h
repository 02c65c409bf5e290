/* secrets.h - the keys that tickets are signed with.
 *
 * With a state directory they outlive the server: a resume ticket of before a restart still reads.
 * The directory is locked by one server at a time, its files are for the owner alone.
 *
 *   DIR/lock          held while the server runs
 *   DIR/ticket-keys   "SKTK", version 1, then for each of two keys its id and its 32 bytes
 *
 * Memory   secrets_open() keeps a descriptor, for the lock, until secrets_close().
 * Threads  one, before the others start.
 */
#ifndef SECRETS_H
#define SECRETS_H

#include "ticket.h"

struct secrets {
    int lock_fd; /* -1: no state directory */
};

/* Fills keys->keys and keys->ids: from `directory`, where they are made on first use, or, when it
 * is NULL, afresh.  Returns SK_OK, or SK_ERR_SYSTEM or SK_ERR_CONFIG with *why, a text as of
 * fault.h: the directory cannot be made or read, another server has it, others may read it, or the
 * file is none of ours. */
SK_MUST_CHECK int secrets_open(struct secrets *secrets, const char *directory,
                               struct ticket_keys *keys, const char **why);
/* Gives the lock back. */
void secrets_close(struct secrets *secrets);

#endif
