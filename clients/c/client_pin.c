/* client_pin.c - see client_pin.h. */
#include "client_pin.h"

#include <stddef.h>
#include <string.h>

static int hex_of(char digit)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *found = digit == '\0' ? NULL : strchr(digits, digit);
    return found == NULL ? -1 : (int)(found - digits) % 16;
}

bool client_pin_read(uint8_t pin[CLIENT_PIN_BYTES], const char *hex)
{
    bool is_good = strlen(hex) == (size_t)2 * CLIENT_PIN_BYTES;
    for (size_t i = 0; is_good && i < CLIENT_PIN_BYTES; i++) {
        int high = hex_of(hex[2 * i]);
        int low = hex_of(hex[2 * i + 1]);
        is_good = high >= 0 && low >= 0;
        pin[i] = (uint8_t)(high * 16 + low);
    }
    return is_good;
}
