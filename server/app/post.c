/* post.c - see post.h. */
#include "post.h"

#include <stdlib.h>

struct order *post_order_create(enum order_kind kind)
{
    struct order *order = calloc(1, sizeof(*order));
    if (order) {
        order->kind = kind;
    }
    return order;
}

struct reply *post_reply_create(size_t body_bytes)
{
    struct reply *reply = calloc(1, sizeof(*reply) + body_bytes);
    if (reply) {
        reply->size = body_bytes;
    }
    return reply;
}

struct report *post_report_create(enum report_kind kind)
{
    struct report *report = calloc(1, sizeof(*report));
    if (report) {
        report->kind = kind;
    }
    return report;
}

struct ask *post_ask_create(size_t body_bytes)
{
    struct ask *ask = calloc(1, sizeof(*ask) + body_bytes);
    if (ask) {
        ask->size = body_bytes;
    }
    return ask;
}

void post_destroy(void *mail)
{
    free(mail);
}
