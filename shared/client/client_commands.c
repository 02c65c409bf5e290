/* client_commands.c - see client_commands.h.
 *
 * Invariants
 *   1. taken_number <= sent_number <= last_number.
 *   2. What waits is of consecutive numbers up to last_number, but for those that are gone.
 */
#include "client/client_commands.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/mem.h"

_Static_assert(SK_COMMANDS_WAITING_MAX < 256, "8 bits tell which of those under way was taken");

uint32_t sk_client_commands_push(struct sk_client_commands *commands, uint16_t type,
                                 const uint8_t *bytes, uint32_t size, bool wants_answer)
{
    SK_ASSERT(size <= SK_COMMAND_BYTES_MAX);
    if (commands->count == SK_COMMANDS_WAITING_MAX) {
        return 0;
    }
    struct sk_client_command *command = &commands->waiting[commands->count++];
    command->number = ++commands->last_number;
    command->type = type;
    command->size = (uint16_t)size;
    command->wants_answer = wants_answer;
    command->is_taken = false;
    if (size > 0) {
        memcpy(command->bytes, bytes, size);
    }
    return command->number;
}

const struct sk_client_command *sk_client_commands_next(const struct sk_client_commands *commands)
{
    for (uint32_t i = 0; i < commands->count; i++) {
        if (commands->waiting[i].number > commands->sent_number) {
            return &commands->waiting[i];
        }
    }
    return NULL;
}

void sk_client_commands_on_sent(struct sk_client_commands *commands)
{
    SK_ASSERT(commands->sent_number < commands->last_number);
    commands->sent_number++;
}

static void remove_at(struct sk_client_commands *commands, uint32_t index)
{
    SK_ASSERT(index < commands->count);
    commands->count--;
    memmove(&commands->waiting[index], &commands->waiting[index + 1],
            (commands->count - index) * sizeof(commands->waiting[0]));
}

/* The server has those up to `number`. */
static void take(struct sk_client_commands *commands, uint32_t number)
{
    commands->taken_number = number;
    for (uint32_t i = commands->count; i-- > 0;) {
        struct sk_client_command *command = &commands->waiting[i];
        command->is_taken = command->number <= number;
        if (command->is_taken && !command->wants_answer) {
            remove_at(commands, i);
        }
    }
}

void sk_client_commands_on_welcome(struct sk_client_commands *commands, uint32_t command_number,
                                   bool is_resumed)
{
    if (!is_resumed || command_number < commands->taken_number ||
        command_number > commands->last_number) {
        *commands = (struct sk_client_commands){0}; /* or a server that forgot: nothing is known */
        commands->last_number = command_number;
    }
    commands->sent_number = command_number;
    take(commands, command_number);
}

void sk_client_commands_on_taken(struct sk_client_commands *commands, uint8_t low_bits)
{
    uint32_t more = (uint8_t)(low_bits - commands->taken_number);
    if (more <= commands->sent_number - commands->taken_number) {
        take(commands, commands->taken_number + more);
    }
}

bool sk_client_commands_on_answer(struct sk_client_commands *commands, uint32_t number)
{
    if (number <= commands->answered_number || number > commands->last_number) {
        return false;
    }
    commands->answered_number = number;
    for (uint32_t i = 0; i < commands->count; i++) {
        if (commands->waiting[i].number == number) {
            remove_at(commands, i);
            break;
        }
    }
    return true;
}
