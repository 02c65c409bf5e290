/* schema_json.h - a schema as data for programs that cannot read C (WIRE.md, "Listings"). */
#ifndef SCHEMA_JSON_H
#define SCHEMA_JSON_H

#include <stdio.h>

#include "state/field.h"

/* Prints the schema as one JSON object, without a line end. */
void schema_json_print(FILE *out, const char *game, const struct sk_schema *schema);

#endif
