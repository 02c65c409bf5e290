/* legal_input.c - see legal_input.h. */
#include "sim/legal_input.h"

static int16_t clamp(int16_t value, struct sk_axis axis)
{
    return value < axis.min ? axis.min : value > axis.max ? axis.max : value;
}

void sk_input_legalise(const struct sk_game *game, struct sk_input *input)
{
    input->buttons &= game->buttons;
    for (uint32_t i = 0; i < SK_AXES; i++) {
        input->axes[i] = clamp(input->axes[i], game->axes[i]);
    }
}
