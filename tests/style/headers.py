"""headers.py - a file says what it is, a header is guarded and each of its functions explained."""
import os
import re

import source


def check_head(path, text):
    """The first line of a C file: its own name and what it is."""
    name = os.path.basename(path)
    if not text.startswith(f"/* {name} - "):
        yield source.Fault(path, 1, f"does not begin with /* {name} - what it is")


def check_guard(path, code):
    """The first directive of a header is its include guard."""
    first = re.search(r"^[ \t]*#[ \t]*(\w+)[ \t]*(\w*)", code, re.MULTILINE)
    if not first or first.group(1) != "ifndef" or not first.group(2).endswith("_H"):
        yield source.Fault(path, 1, "has no include guard")


def line_before(lines, line):
    """The text above the run of declarations that `line` is in: a family may share a comment."""
    at = line - 2
    while at >= 0 and re.match(r"^ *[A-Za-z_][^{}#]*$", lines[at]):
        at -= 1
    return lines[at].rstrip() if at >= 0 else ""


def check(root):
    """Heads of C files, guards and prototypes of headers."""
    for path in source.files(root, (".c", ".h")):
        text = source.read(root, path)
        yield from check_head(path, text)
        if path.endswith(".h"):
            yield from check_guard(path, source.code(text))
    headers = source.files(root, (".h",))
    texts = {path: source.read(root, path).splitlines() for path in headers}
    for path, name, line, _ in source.symbols(root, headers, "pf"):
        if not line_before(texts[path], line).endswith("*/"):
            yield source.Fault(path, line, f"{name} has no comment")


if __name__ == "__main__":
    source.run(check)
