/* legal_input.h - what a game's tables allow of an input: the same on both ends.
 *
 * The host makes an input legal before it enters it, so no game checks buttons or axes, and the
 * journal has what was played; a client does the same before it predicts, so both play alike.
 *
 * Memory   none.
 */
#ifndef SK_LEGAL_INPUT_H
#define SK_LEGAL_INPUT_H

#include "sim/game.h"

/* Takes away the buttons that the game does not have and moves each axis into its range.  The view
 * stays: whether a client may have seen that is the host's to know. */
void sk_input_legalise(const struct sk_game *game, struct sk_input *input);

#endif
