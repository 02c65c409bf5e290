/* command_queue.c - see command_queue.h. */
#include "command_queue.h"

#include "base/assert.h"
#include "base/mem.h"

static uint32_t count_of(const struct command_queue *queue, uint16_t seat)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < queue->count; i++) {
        count += queue->commands[i].seat == seat;
    }
    return count;
}

uint32_t command_queue_wanted(const struct command_queue *queue, uint16_t seat)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < queue->count; i++) {
        count += queue->commands[i].seat == seat && queue->commands[i].wants_answer;
    }
    return count;
}

enum command_verdict command_queue_offer(struct command_queue *queue, uint16_t seat,
                                         const struct sk_command *command)
{
    SK_ASSERT(command->size <= SK_COMMAND_BYTES_MAX);
    SK_ASSERT(queue->count <= COMMAND_QUEUE_MAX);
    if (count_of(queue, seat) == COMMAND_QUEUE_A_SEAT_MAX) {
        return COMMAND_TOO_MANY;
    }
    if (queue->count == COMMAND_QUEUE_MAX) {
        return COMMAND_NO_SPACE;
    }
    struct queued_command *queued = &queue->commands[queue->count++];
    queued->number = command->number;
    queued->seat = seat;
    queued->type = command->type;
    queued->size = (uint16_t)command->size;
    queued->wants_answer = command->wants_answer;
    if (command->size > 0) {
        memcpy(queued->bytes, command->bytes, command->size);
    }
    return COMMAND_KEPT;
}

void command_queue_forget(struct command_queue *queue, uint16_t seat)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < queue->count; i++) {
        if (queue->commands[i].seat != seat) {
            queue->commands[kept++] = queue->commands[i];
        }
    }
    queue->count = kept;
    SK_ASSERT_SLOW(count_of(queue, seat) == 0);
}
