/* address_setting.h - ADDRESS:PORT as the value of a setting, kept as a struct address.
 *
 * Memory   static.
 * Threads  any; no state.
 */
#ifndef ADDRESS_SETTING_H
#define ADDRESS_SETTING_H

#include "native/settings.h"

/* For rows of kind SK_SETTING_TYPED. */
extern const struct sk_setting_type address_setting;

#endif
