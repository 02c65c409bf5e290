/* test_mailbox.c - mails of one sender keep their order, whoever else sends. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "loop/mailbox.h"

enum { SENDERS = 4, MAILS = 5000 };

struct letter {
    struct mail mail; /* first: a mail is its letter */
    int sender;
    int number;
};

struct sender {
    pthread_t thread;
    struct mailbox *mailbox;
    struct letter letters[MAILS];
};

static void *send_all(void *context)
{
    struct sender *sender = context;
    for (int i = 0; i < MAILS; i++) {
        (void)mailbox_push(sender->mailbox, &sender->letters[i].mail);
    }
    return NULL;
}

static void test_mailbox_push_tells_the_first(void **state)
{
    (void)state;
    struct mailbox mailbox = {NULL};
    struct letter letters[3] = {0};
    assert_null(mailbox_take_all(&mailbox));
    assert_true(mailbox_push(&mailbox, &letters[0].mail));
    assert_false(mailbox_push(&mailbox, &letters[1].mail));
    assert_ptr_equal(mailbox_take_all(&mailbox), &letters[0].mail);
    assert_ptr_equal(letters[0].mail.next, &letters[1].mail);
    assert_null(letters[1].mail.next);
    assert_true(mailbox_push(&mailbox, &letters[2].mail));
}

static void test_mailbox_many_senders_keep_their_order(void **state)
{
    (void)state;
    static struct sender senders[SENDERS];
    struct mailbox mailbox = {NULL};
    int next[SENDERS] = {0};
    for (int s = 0; s < SENDERS; s++) {
        senders[s].mailbox = &mailbox;
        for (int i = 0; i < MAILS; i++) {
            senders[s].letters[i] = (struct letter){.sender = s, .number = i};
        }
        assert_int_equal(pthread_create(&senders[s].thread, NULL, send_all, &senders[s]), 0);
    }
    for (int taken = 0; taken < SENDERS * MAILS;) {
        for (struct mail *mail = mailbox_take_all(&mailbox); mail != NULL; mail = mail->next) {
            struct letter *letter = (struct letter *)mail;
            assert_int_equal(letter->number, next[letter->sender]++);
            taken++;
        }
    }
    for (int s = 0; s < SENDERS; s++) {
        assert_int_equal(pthread_join(senders[s].thread, NULL), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mailbox_push_tells_the_first),
        cmocka_unit_test(test_mailbox_many_senders_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
