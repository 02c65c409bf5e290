/* trig.h - angles, roots and distances in integers, for games.
 *
 * sinf and atan2f differ between libraries, so a world that used them would fall apart between
 * server and browser.  An angle is a 16-bit turn: 65536 is once round, 0 points along +x, 16384
 * along +y.  Sines are Q15: 32767 is one.
 */
#ifndef SK_TRIG_H
#define SK_TRIG_H

#include <stdint.h>

/* The sine in Q15, -32767..32767, within 2 units. */
int32_t sk_sin(uint16_t turn);
/* The cosine in Q15, as sk_sin. */
int32_t sk_cos(uint16_t turn);

/* The direction of (x, y) as a turn, within 3 units; 0 for (0, 0).  Every value is safe. */
uint16_t sk_atan2(int32_t y, int32_t x);

/* The root, rounded down. */
uint32_t sk_isqrt(uint64_t value);
/* The length of (x, y), rounded down.  Every value is safe. */
uint32_t sk_distance(int32_t x, int32_t y);

#endif
