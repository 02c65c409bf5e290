/* mailbox.c - see mailbox.h.
 *
 * A push exchanges `newest` only by compare and swap, a take exchanges it with NULL; a mail is
 * pushed anew only after it was delivered, so no pointer on the stack is ever stale (no ABA).
 */
#include "loop/mailbox.h"

#include <stddef.h>

bool mailbox_push(struct mailbox *mailbox, struct mail *mail)
{
    struct mail *newest = atomic_load_explicit(&mailbox->newest, memory_order_relaxed);
    do {
        mail->next = newest;
    } while (!atomic_compare_exchange_weak_explicit(&mailbox->newest, &newest, mail,
                                                    memory_order_release, memory_order_relaxed));
    return newest == NULL;
}

struct mail *mailbox_take_all(struct mailbox *mailbox)
{
    struct mail *newest = atomic_exchange_explicit(&mailbox->newest, NULL, memory_order_acquire);
    struct mail *oldest = NULL;
    while (newest != NULL) {
        struct mail *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}
