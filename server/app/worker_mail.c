/* worker_mail.c - see worker_mail.h. */
#include "worker_mail.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/secret.h"

struct worker_command *worker_command_create(enum worker_command_kind kind)
{
    struct worker_command *command = calloc(1, sizeof(*command));
    if (command) {
        command->kind = kind;
    }
    return command;
}

struct control_response *control_response_create(size_t body_bytes)
{
    struct control_response *response = calloc(1, sizeof(*response) + body_bytes);
    if (response) {
        response->size = body_bytes;
    }
    return response;
}

void worker_command_destroy(struct worker_command *command)
{
    room_event_destroy(command->event);
    sk_secret_wipe(&command->keys, sizeof(command->keys));
    free(command);
}

void control_response_destroy(struct control_response *response)
{
    free(response);
}

static void deliver_command(struct mail *mail, void *receiver)
{
    struct worker_command *command = (struct worker_command *)mail; /* its first member */
    (void)receiver;
    command->to->on_command(command->to->worker, command);
}

void worker_command_send(struct worker_mailbox *to, struct worker_command *command)
{
    command->to = to;
    command->mail.deliver = deliver_command;
    loop_post(to->loop, &command->mail);
}

static void deliver_response(struct mail *mail, void *receiver)
{
    struct control_response *response = (struct control_response *)mail; /* its first member */
    (void)receiver;
    response->to->on_response(response->to->worker, response);
}

void control_response_send(struct worker_mailbox *to, struct control_response *response)
{
    response->to = to;
    response->mail.deliver = deliver_response;
    loop_post(to->loop, &response->mail);
}

static void deliver_notice(struct mail *mail, void *receiver)
{
    struct worker_mailbox *to =
        (struct worker_mailbox *)((char *)mail - offsetof(struct worker_mailbox, notice));
    (void)receiver;
    to->on_notice(to->worker, to->notice_seconds);
}

void worker_notice_send(struct worker_mailbox *to, uint32_t seconds)
{
    SK_ASSERT(to->notice.deliver == NULL);
    to->notice.deliver = deliver_notice;
    to->notice_seconds = seconds;
    loop_post(to->loop, &to->notice);
}

static void deliver_stop(struct mail *mail, void *receiver)
{
    struct worker_mailbox *to =
        (struct worker_mailbox *)((char *)mail - offsetof(struct worker_mailbox, stop));
    (void)receiver;
    to->on_stop(to->worker);
}

void worker_stop_send(struct worker_mailbox *to)
{
    SK_ASSERT(to->stop.deliver == NULL);
    to->stop.deliver = deliver_stop;
    loop_post(to->loop, &to->stop);
}
