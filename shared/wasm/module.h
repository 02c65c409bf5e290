/* module.h - what the exports of a module share: one view of one room.
 *
 * exports.c keeps it and has the exports of the game and its view, core_exports.c those of the
 * client core, which plays by that view.
 */
#ifndef SK_WASM_MODULE_H
#define SK_WASM_MODULE_H

#include "sim/view.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

struct sk_wasm_room {
    bool is_open;
    struct sk_plan plan;
    struct sk_view view;
    struct sk_input input;
    uint8_t message[SK_SNAPSHOT_BYTES_MAX];
};

extern struct sk_wasm_room sk_wasm_room;

#endif
