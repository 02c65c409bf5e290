/* control_mail.c - see control_mail.h. */
#include "control_mail.h"

#include <stdlib.h>

struct worker_event *worker_event_create(enum worker_event_kind kind)
{
    struct worker_event *event = calloc(1, sizeof(*event));
    if (event) {
        event->kind = kind;
    }
    return event;
}

struct control_request *control_request_create(size_t body_bytes)
{
    struct control_request *request = calloc(1, sizeof(*request) + body_bytes);
    if (request) {
        request->size = body_bytes;
    }
    return request;
}

void control_mail_destroy(void *mail)
{
    free(mail);
}

static void deliver_event(struct mail *mail, void *receiver)
{
    struct worker_event *event = (struct worker_event *)mail; /* its first member */
    (void)receiver;
    event->to->on_event(event->to->control, event);
}

void worker_event_send(struct control_mailbox *to, struct worker_event *event)
{
    event->to = to;
    event->mail.deliver = deliver_event;
    loop_post(to->loop, &event->mail);
}

static void deliver_request(struct mail *mail, void *receiver)
{
    struct control_request *request = (struct control_request *)mail; /* its first member */
    (void)receiver;
    request->to->on_request(request->to->control, request);
}

void control_request_send(struct control_mailbox *to, struct control_request *request)
{
    request->to = to;
    request->mail.deliver = deliver_request;
    loop_post(to->loop, &request->mail);
}
