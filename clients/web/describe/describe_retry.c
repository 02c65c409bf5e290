/* describe_retry.c - writes client/client_retry.h as TypeScript: describe_retry OUT.ts. */
#include <stdio.h>
#include <stdlib.h>

#include "client/client_retry.h"

static void print_words(FILE *out, const char *name, bool (*is_in)(enum sk_reason reason))
{
    fprintf(out, "export const %s: ReadonlySet<string> = new Set([\n", name);
    for (int i = 0; i < SK_REASON_COUNT; i++) {
        if (is_in((enum sk_reason)i)) {
            fprintf(out, "  \"%s\",\n", sk_reason_word((enum sk_reason)i));
        }
    }
    fprintf(out, "]);\n");
}

static void print_bounds(FILE *out)
{
    uint64_t bound_us = 0;
    fprintf(out,
            "/** The longest wait before each attempt; the last is that of all further ones. */\n"
            "export const retryBoundsMs: readonly number[] = [");
    for (uint32_t i = 0; i == 0 || sk_client_retry_bound_us(i) != bound_us; i++) {
        bound_us = sk_client_retry_bound_us(i);
        fprintf(out, "%s%llu", i > 0 ? ", " : "", (unsigned long long)(bound_us / 1000));
    }
    fprintf(out, "];\n");
}

int main(int argument_count, char **arguments)
{
    FILE *out = argument_count == 2 ? fopen(arguments[1], "w") : NULL;
    if (!out) {
        fprintf(stderr, "describe_retry: name a file that can be written\n");
        return EXIT_FAILURE;
    }
    fprintf(out, "// Made from shared/client/client_retry.c.  Do not change.\n");
    print_bounds(out);
    fprintf(out, "export const joinMs = %d;\n", SK_RETRY_JOIN_MS);
    fprintf(out, "export const directAttempts = %d;\n", SK_RETRY_DIRECT);
    fprintf(out, "export const blamesMax = %d;\n", SK_RETRY_BLAMES_MAX);
    fprintf(out, "export const blamelessMs = %d;\n", SK_RETRY_BLAMELESS_MS);
    print_words(out, "finalWords", sk_client_retry_is_final);
    print_words(out, "blameWords", sk_client_retry_is_blame);
    print_words(out, "passingWords", sk_client_retry_is_passing);
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
