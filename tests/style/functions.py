"""functions.py - how long, how deep and how branched a function may be.

What is over a limit stands in ratchet.txt with its figure, as `PATH FUNCTION MEASURE FIGURE`.  The
figure must be the present one, so a row can shrink and go but not grow unseen.
"""
import os
import re
import subprocess

import source

LIMITS = {"lines": 70, "nesting": 3, "complexity": 15}
RATCHET = "tests/style/ratchet.txt"


def opens_block(code, brace):
    """Whether the brace at this offset opens the body of an if, a loop, a switch, else or do."""
    before = code[:brace].rstrip()
    if re.search(r"\b(else|do)$", before):
        return True
    if not before.endswith(")"):
        return False
    depth, at = 0, len(before)
    while at > 0:
        at -= 1
        depth += {")": 1, "(": -1}.get(before[at], 0)
        if depth == 0:
            break
    word = re.search(r"(\w+)\s*$", before[:at])
    return bool(word) and word.group(1) not in ("return", "sizeof")


def nesting_of(body):
    """The deepest nesting of control blocks inside a function's text, its own braces not counted."""
    start = body.find("{")
    deepest, stack = 0, []
    for match in re.finditer(r"[{}]", body[start + 1:]):
        at = start + 1 + match.start()
        if body[at] == "{":
            stack.append(opens_block(body, at))
            deepest = max(deepest, sum(stack))
        elif stack:
            stack.pop()
    return deepest


def complexities(root, paths):
    """(path, line) -> McCabe's number as pmccabe counts it, each case of a switch as one."""
    if not paths:
        return {}
    done = subprocess.run(["pmccabe"] + paths, cwd=root, text=True, check=True,
                          stdout=subprocess.PIPE)
    found = {}
    for row in done.stdout.splitlines():
        columns = row.split("\t")
        path, line = re.match(r"(.*)\((\d+)\)", columns[5]).groups()
        found[path, int(line)] = int(columns[1])
    return found


def figures(root):
    """Yields (path, function, line, measure, figure) of every function."""
    paths = source.files(root, source.C_ENDINGS)
    counted = complexities(root, paths)
    texts = {path: source.code(source.read(root, path)).splitlines() for path in paths}
    for path, name, line, end in source.symbols(root, paths, "f"):
        body = "\n".join(texts[path][line - 1:end])
        yield path, name, line, "lines", end - line + 1
        yield path, name, line, "nesting", nesting_of(body)
        yield path, name, line, "complexity", counted.get((path, line), 1)


def read_ratchet(root):
    """{(path, function, measure): figure} from the list, empty when there is none."""
    if not os.path.exists(os.path.join(root, RATCHET)):
        return {}
    rows = (line.split() for line in source.read(root, RATCHET).splitlines()
            if line and not line.startswith("#"))
    return {(path, name, measure): int(figure) for path, name, measure, figure in rows}


def check(root):
    """Every function against the limits and the ratchet."""
    listed = read_ratchet(root)
    for path, name, line, measure, figure in figures(root):
        limit = LIMITS[measure]
        was = listed.pop((path, name, measure), None)
        if was is None and figure > limit:
            yield source.Fault(path, line, f"{name}: {measure} {figure}, the limit is {limit}")
        elif was is not None and figure > was:
            yield source.Fault(path, line, f"{name}: {measure} grew from {was} to {figure}")
        elif was is not None and figure < was:
            now = f"is {figure}" if figure > limit else "is within the limit"
            yield source.Fault(RATCHET, 1, f"{path} {name} {measure} {now}: let the row shrink")
    for path, name, measure in listed:
        yield source.Fault(RATCHET, 1, f"{path} {name} {measure}: no such function, drop the row")


if __name__ == "__main__":
    source.run(check)
