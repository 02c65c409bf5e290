/* mailbox.h - messages from any thread to one, without a lock.
 *
 * Senders push on a stack with a compare-and-swap; the receiver takes the whole stack and turns it
 * round.  So a sender never waits, and mails of one sender keep their order.
 *
 * Memory   a mail is a member of its sender's struct and belongs to the mailbox until deliver().
 * Threads  mailbox_push(): any.  The rest: the receiver's.
 */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>

struct mail {
    struct mail *next;
    void (*deliver)(struct mail *mail, void *receiver); /* may free the mail */
};

struct mailbox {
    _Atomic(struct mail *) newest;
};

/* Adds a mail.  Returns whether the box was empty: then the receiver must be woken. */
bool mailbox_push(struct mailbox *mailbox, struct mail *mail);

/* Takes all mails, oldest first, linked by next; NULL when there are none. */
struct mail *mailbox_take_all(struct mailbox *mailbox);

#endif
