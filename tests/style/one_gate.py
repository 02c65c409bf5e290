"""one_gate.py - a game's functions are called in one file of the server: the gate of a match.

What calls them elsewhere changes a world behind the journal's back.  `sk_game_check` and the plan
are free: they touch no world.  Comments and strings do not count.
"""
import re

import source

GATE = "server/core/match.c"
CALLS = re.compile(r"(?:->|\.)\s*(join|leave|command|step|think|start|predict|infer|upgrade)\s*\("
                   r"|\b(sk_world_step|sk_world_start)\b")


def check(root):
    """Every C file of the server but the gate; naming a world's function counts as calling it."""
    for path in source.files(root, (".c", ".h")):
        if not path.startswith("server/") or path == GATE:
            continue
        code = source.code(source.read(root, path))
        for call in CALLS.finditer(code):
            name = next(group for group in call.groups() if group)
            yield source.Fault(path, source.line_of(code, call.start()),
                               f"{name} is the game's: only {GATE} calls it")


if __name__ == "__main__":
    source.run(check)
