/* answer_box.c - see answer_box.h.  Invariants: used_bytes is the sum of the sizes; the bytes of an
 * answer begin where those of the one before end. */
#include "answer_box.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/mem.h"

_Static_assert(SK_ANSWER_BYTES_MAX <= UINT16_MAX, "kept_answer.size");

void answer_box_init(struct answer_box *box, uint8_t *bytes)
{
    *box = (struct answer_box){.bytes = bytes};
}

void answer_box_clear(struct answer_box *box)
{
    answer_box_init(box, box->bytes);
}

bool answer_box_has_space(const struct answer_box *box)
{
    SK_ASSERT(box->used_bytes <= SK_ANSWERS_BYTES_MAX);
    return box->bytes != NULL && box->count < SK_COMMANDS_WAITING_MAX &&
           SK_ANSWERS_BYTES_MAX - box->used_bytes >= SK_ANSWER_BYTES_MAX;
}

static struct kept_answer *add(struct answer_box *box, uint32_t number)
{
    SK_ASSERT(box->count < SK_COMMANDS_WAITING_MAX);
    SK_ASSERT(box->count == 0 || box->answers[box->count - 1].number < number);
    struct kept_answer *kept = &box->answers[box->count++];
    *kept = (struct kept_answer){.number = number};
    return kept;
}

void answer_box_push(struct answer_box *box, const struct sk_command_answer *answer)
{
    SK_ASSERT(answer_box_has_space(box));
    SK_ASSERT(answer->size <= SK_ANSWER_BYTES_MAX);
    struct kept_answer *kept = add(box, answer->number);
    kept->is_refused = answer->is_refused;
    kept->size = (uint16_t)answer->size;
    kept->words = "";
    if (kept->size > 0) {
        memcpy(box->bytes + box->used_bytes, answer->bytes, kept->size);
    }
    box->used_bytes += kept->size;
}

void answer_box_refuse(struct answer_box *box, uint32_t number, const char *words)
{
    struct kept_answer *kept = add(box, number);
    kept->is_refused = true;
    kept->words = words;
}

void answer_box_confirm(struct answer_box *box, uint32_t number)
{
    uint32_t gone = 0;
    uint32_t gone_bytes = 0;
    while (gone < box->count && box->answers[gone].number <= number) {
        gone_bytes += box->answers[gone++].size;
    }
    SK_ASSERT(gone_bytes <= box->used_bytes);
    if (gone == 0) {
        return;
    }
    box->count -= gone;
    box->used_bytes -= gone_bytes;
    memmove(box->answers, box->answers + gone, box->count * sizeof(box->answers[0]));
    if (box->used_bytes > 0) {
        memmove(box->bytes, box->bytes + gone_bytes, box->used_bytes);
    }
}

struct sk_command_answer answer_box_get(const struct answer_box *box, uint32_t index)
{
    SK_ASSERT(index < box->count);
    const struct kept_answer *kept = &box->answers[index];
    struct sk_command_answer answer = {.number = kept->number, .is_refused = kept->is_refused};
    struct sk_text words = sk_text_of(kept->words);
    if (kept->size == 0) {
        answer.bytes = (const uint8_t *)words.bytes;
        answer.size = words.size;
        return answer;
    }
    answer.bytes = box->bytes;
    for (uint32_t i = 0; i < index; i++) {
        answer.bytes += box->answers[i].size;
    }
    answer.size = kept->size;
    return answer;
}
