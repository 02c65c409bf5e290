/* address_setting.c - see address_setting.h. */
#include "address/address_setting.h"

#include "address/address.h"

static bool read_address(const char *text, void *value)
{
    return address_parse(text, value) == SK_OK;
}

const struct sk_setting_type address_setting = {"ADDRESS:PORT", sizeof(struct address),
                                                read_address};
