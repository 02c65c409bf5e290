/* schema_json.c - see schema_json.h.  Names in tables are plain words: nothing needs escaping. */
#include "support/schema_json.h"

static const char *const type_names[] = {
    [SK_U8] = "u8",   [SK_I8] = "i8",   [SK_U16] = "u16", [SK_I16] = "i16",
    [SK_U32] = "u32", [SK_I32] = "i32", [SK_F32] = "f32"};
static const char *const predictor_names[] = {
    [SK_HOLD] = "hold", [SK_LINEAR] = "linear", [SK_TURN] = "turn"};

static void print_fields(FILE *out, const struct sk_field *fields, uint32_t count)
{
    fprintf(out, "\"fields\": [");
    for (uint32_t i = 0; i < count; i++) {
        const struct sk_field *field = &fields[i];
        fprintf(out,
                "%s\n    {\"name\": \"%s\", \"unit\": \"%s\", \"type\": \"%s\", \"bits\": %u, "
                "\"predictor\": \"%s\", \"exact\": %s, \"min\": %.17g, \"max\": %.17g}",
                i > 0 ? "," : "", field->name, field->unit, type_names[field->type], field->bits,
                predictor_names[field->predictor],
                (field->flags & SK_EXACT) != 0 ? "true" : "false", field->min, field->max);
    }
    fprintf(out, "]");
}

void schema_json_print(FILE *out, const char *game, const struct sk_schema *schema)
{
    fprintf(out, "{\"game\": \"%s\", \"kinds\": [", game);
    for (uint32_t i = 0; i < schema->kind_count; i++) {
        const struct sk_kind *kind = &schema->kinds[i];
        fprintf(out, "%s\n  {\"name\": \"%s\", \"capacity\": %u, ", i > 0 ? "," : "", kind->name,
                schema->places[i].capacity);
        print_fields(out, kind->fields, kind->field_count);
        fprintf(out, "}");
    }
    fprintf(out, "], \"events\": [");
    for (uint32_t i = 0; i < schema->event_count; i++) {
        const struct sk_event_type *type = &schema->events[i];
        fprintf(out, "%s\n  {\"name\": \"%s\", ", i > 0 ? "," : "", type->name);
        print_fields(out, type->fields, type->field_count);
        fprintf(out, "}");
    }
    fprintf(out, "]}");
}
