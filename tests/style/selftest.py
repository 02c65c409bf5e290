"""selftest.py - each check is silent on a clean tree and speaks when one thing in it is broken."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import callers
import format as format_check
import functions
import headers
import knots
import layers
import one_gate
import shell
import text
import words

CLEAN = {
    "shared/base/ring.h": "/* ring.h - a ring. */\n#ifndef RING_H\n#define RING_H\n\n"
                          "#include <stdint.h>\n\n/* Makes an empty ring. */\n"
                          "int sk_ring_init(int ring);\n\n#endif\n",
    "shared/base/ring.c": "/* ring.c - see ring.h; free() and \"malloc(\" in words are fine. */\n"
                          '#include "base/ring.h"\n\nint sk_ring_init(int ring)\n{\n'
                          "    return ring;\n}\n",
    "shared/native/clock.h": "/* clock.h - a clock. */\n#ifndef CLOCK_H\n#define CLOCK_H\n#endif\n",
    "shared/native/clock.c": "/* clock.c - see clock.h. */\n#include \"native/clock.h\"\n\n"
                             "int sk_clock(void)\n{\n    return clock_gettime(1, 0);\n}\n",
    "shared/state/frame.c": '/* frame.c - a frame. */\n#include "base/ring.h"\n\n'
                            "int sk_frame_init(void)\n{\n    return sk_ring_init(1);\n}\n",
    "server/core/room.h": "/* room.h - a room. */\n#ifndef ROOM_H\n#define ROOM_H\n#endif\n",
    "server/core/room.c": '/* room.c - see room.h. */\n#include "room.h"\n#include "base/ring.h"\n'
                          "void *room_create(void)\n{\n    return calloc(1, 8);\n}\n",
    "server/core/match.c": "/* match.c - the gate. */\nvoid match_enter(void)\n{\n"
                           "    game->step(1);\n    sk_world_start(1);\n}\n",
    "server/edge/ws/ws_stream.h": "/* ws_stream.h - a WebSocket. */\n#ifndef WS_STREAM_H\n"
                                  "#define WS_STREAM_H\n#endif\n",
    "server/edge/loop.c": '/* loop.c - a loop. */\n#include "room.h"\n',
}
HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "../../.clang-format"), encoding="utf-8") as rules:
    CLEAN[".clang-format"] = rules.read()
DEEP = "/* deep.c - too deep. */\nvoid deep(int a)\n{\n" + "    if (a) {\n" * 4 + "    }\n" * 4 + "}\n"
LONG = "/* long.c - too long. */\nvoid longer(int a)\n{\n" + "    a++;\n" * 69 + "}\n"
WIDE = "/* wide.c - too branched. */\nvoid wide(int a)\n{\n" + "    if (a) a++;\n" * 16 + "}\n"

# check, the file that is broken, its text, what the fault must say
ROWS = [
    (layers, "shared/state/bad.c", '#include "room.h"\n', "shared/state must not see"),
    (layers, "server/core/bad.c", '#include "loop.h"\n', "is no header"),
    (layers, "server/core/bad.c", '#include "native/clock.h"\n', "must not see"),
    (layers, "server/core/bad.c", '#include "../edge/loop.h"\n', "climbs out"),
    (layers, "shared/base/bad.c", "#include <string.h>\n", "does not exist in the browser"),
    (layers, "server/edge/stream/bad.c", '#include "ws/ws_stream.h"\n', "edge/stream must not see"),
    (layers, "server/edge/http/bad.c", '#include "ws/ws_stream.h"\n', "edge/http must not see"),
    (layers, "server/edge/ring.h", "", "its name is taken"),
    (functions, "server/core/deep.c", DEEP, "nesting 4"),
    (functions, "server/core/long.c", LONG, "lines 72"),
    (functions, "server/core/wide.c", WIDE, "complexity 17"),
    (functions, functions.RATCHET, "a.c gone lines 90\n", "drop the row"),
    (functions, functions.RATCHET, "server/core/room.c room_create lines 90\n", "shrink"),
    (words, "server/core/bad.c", "void room_step(void)\n{\n    malloc(1);\n}\n", "malloc outside"),
    (words, "server/edge/bad.c", "int x = atoi(a);\n", "atoi is banned"),
    (words, "server/core/bad.c", "int x = time(0);\n", "time is a parameter"),
    (words, "shared/native/bad.c", "int x = clock_gettime(0, 0);\n", "time is a parameter"),
    (words, "shared/base/bad.h", "typedef struct a b;\n", "written out"),
    (words, "shared/base/bad.h", "struct a_t {\n", "POSIX"),
    (words, "shared/base/bad.c", "goto again;\n", "only label"),
    (words, "README.md", "TO" + "DO: more\n", "unfinished"),
    (one_gate, "server/core/bad.c", "bool a = game->join(w, c, 1, 0);\n", "join is the game's"),
    (one_gate, "server/app/bad.c", "room->plan.game->leave (w, c, 1);\n", "leave is the game's"),
    (one_gate, "server/core/bad.h", "game.think(w, c, 1, &i);\n", "think is the game's"),
    (one_gate, "server/core/bad.c", "x = plan->game->command(\n", "command is the game's"),
    (one_gate, "server/core/bad.c", "game->step(\n", "step is the game's"),
    (one_gate, "server/core/bad.c", "void (*run)(void) = sk_world_step;\n", "sk_world_step is"),
    (one_gate, "server/app/bad.c", "sk_world_start(&plan);\n", "sk_world_start is"),
    (headers, "shared/base/ring.c", "int a;\n", "does not begin"),
    (headers, "server/core/room.h", "/* room.h - a room. */\n#include <a.h>\n", "guard"),
    (headers, "server/core/room.h", "/* room.h - a room. */\n#ifndef A_H\n\nint room(void);\n",
     "room has no comment"),
    (callers, "shared/state/frame.c", "/* sk_ring_init() */\nint a = b.sk_ring_init;\n",
     "sk_ring_init has no caller"),
    (callers, "shared/state/bad.h", "/* Frames. */\nint sk_frame_init(void);\n",
     "sk_frame_init has no caller"),
    (callers, callers.LIST, "sk_ring_init games call it\n", "has a caller: drop the row"),
    (callers, callers.LIST, "sk_gone games call it\n", "is no public function"),
    (callers, callers.LIST, "sk_ring_init\n", "has no reason"),
    (text, "shared/base/bad.c", "x" * 101 + "\n", "101 columns"),
    (text, "shared/base/bad.c", "int a; \n", "blanks"),
    (text, "shared/base/bad.c", "int a;", "does not end"),
    (text, "README.md", "see /home" + "/me/notes\n", "one machine"),
    (text, "clients/web/package-lock.json", '"resolved": "https://a"\n', "mirror"),
    (format_check, "shared/base/bad.c", "int  a;\n", "clang-format-14 -i"),
    (shell, "dev", "#!/bin/sh\ncd /tmp\n", "SC2164"),
]


def write(root, tree):
    for path, content in tree.items():
        os.makedirs(os.path.dirname(os.path.join(root, path)) or root, exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(content)


def faults(module, tree):
    """The faults that a check finds in a tree, as text."""
    with tempfile.TemporaryDirectory() as root:
        write(root, tree)
        return [f"{fault.path}:{fault.line}: {fault.what}" for fault in module.check(root)]


class StyleSelfTest(unittest.TestCase):
    def test_clean_tree_is_clean(self):
        for module in (layers, functions, words, headers, callers, text, format_check, shell,
                       one_gate):
            self.assertEqual(faults(module, CLEAN), [], module.__name__)

    def test_one_broken_file_is_named(self):
        for module, path, content, want in ROWS:
            with self.subTest(check=module.__name__, want=want):
                found = faults(module, {**CLEAN, path: content})
                self.assertTrue(any(want in fault for fault in found), found)

    def test_three_files_in_a_circle_are_a_knot(self):
        circle = {("a", "b"): {"b"}, ("b", "c"): {"c"}, ("c", "a"): {"a"}, ("d", "a"): {"a"}}
        self.assertEqual(knots.knots(circle), [["a", "b", "c"]])
        self.assertEqual(len(list(knots.judge(circle, {}))), 3)
        self.assertEqual(list(knots.judge(circle, {("c", "a"): 1})), [])

    def test_a_row_that_closes_no_circle_is_dropped(self):
        line = {("a", "b"): {"b"}, ("b", "c"): {"c"}}
        for row in (("a", "b"), ("c", "a")):
            found = [fault.what for fault in knots.judge(line, {row: 1})]
            self.assertEqual(len(found), 1)
            self.assertIn("drop the row", found[0])

    def test_objects_that_call_each_other_are_a_knot(self):
        sources = {f"server/core/{name}.c": f"void {other}(void);\nvoid {name}(void)\n"
                                            f"{{\n    {other}();\n}}\n"
                   for name, other in (("one", "two"), ("two", "one"))}
        with tempfile.TemporaryDirectory() as root:
            write(root, {**sources, knots.LIST: "server/core/one.c server/core/two.c\n"})
            build = os.path.join(root, "tree")
            folder = os.path.join(build, "server/CMakeFiles/core.dir/core")
            os.makedirs(folder)
            for path in sources:
                target = os.path.join(folder, os.path.basename(path) + ".o")
                subprocess.run(["cc", "-c", os.path.join(root, path), "-o", target], check=True)
            found = [fault.what for fault in knots.check_build(root, build)]
        self.assertEqual([what for what in found if "circle" in what],
                         ["server/core/two.c is in a circle with it: two",
                          "server/core/one.c is in a circle with it: one"])
        self.assertIn("a row is FROM TO REASON", found)


if __name__ == "__main__":
    unittest.main()
