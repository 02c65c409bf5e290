/* fuzz_settings.c - a config file of any bytes: each setting keeps within its bounds. */
#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct config config; /* too large for a stack that has red zones */
    char *argv[] = {(char *)"skirmishd", NULL};
    char *variables[] = {NULL};
    SK_ASSERT(config_load(&config, 1, argv, variables) == CONFIG_RUN);
    config.settings.text_bytes = 0;
    memset(config.settings.sources, 0, sizeof(config.settings.sources));
    int result = sk_settings_read_file(&config.settings, "fuzz", (const char *)bytes, size);
    SK_ASSERT(result == SK_OK || config.settings.error[0] != '\0');
    SK_ASSERT(strchr(config.settings.error, '\n') == NULL);
    SK_ASSERT(config.seat_seconds >= 1 && config.seat_seconds <= 3600);
    SK_ASSERT(config.log <= 1 && config.log_level <= 3);
    SK_ASSERT(config.game.count >= 1 && config.game.count <= SK_SETTINGS_LIST_ITEMS_MAX);
    return 0;
}
