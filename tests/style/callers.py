"""callers.py - a public function has a caller outside of its own file and of the tests.

A prototype of a header promises something to others; one that nobody else calls is dead, or
should be static.  A caller is a mention in another file, or in an inline function or macro of the
header.  What others outside of this tree call, or tests alone must, stands in callers.txt as
`FUNCTION REASON`; the header of the library that they link is theirs as a whole.
"""
import os
import re

import source

LIST = "tests/style/callers.txt"
FOR_OTHERS = {"clients/c/skirmish.h"}
# Not a member, not the name of a struct or an enum: those may share their name with a function.
NAME = re.compile(r"(?<![\w.])(?<!->)(?<!struct )(?<!enum )[A-Za-z_]\w*\b")


def mentions(code):
    """{name: how often} of the identifiers of C text that may be functions."""
    counts = {}
    for name in NAME.findall(code):
        counts[name] = counts.get(name, 0) + 1
    return counts


def stem(path):
    """A module's .h and .c have one stem."""
    return os.path.splitext(path)[0]


def read_list(root):
    """{function: line} of the list, empty when there is none; a row without a reason is a fault."""
    if not os.path.exists(os.path.join(root, LIST)):
        return {}, []
    rows, faults = {}, []
    for line, row in enumerate(source.read(root, LIST).splitlines(), 1):
        if not row or row.startswith("#"):
            continue
        name, _, reason = row.partition(" ")
        rows[name] = line
        if not reason.strip():
            faults.append(source.Fault(LIST, line, f"{name} has no reason"))
    return rows, faults


def find_users(root, paths):
    """{name: stems} of where a function is mentioned, but for the file that defines it."""
    users, homes = {}, {}
    for path, name, _, _ in source.symbols(root, paths, "f"):
        homes.setdefault(name, set()).add(stem(path))
    for path in paths:
        for name in mentions(source.code(source.read(root, path))):
            if stem(path) not in homes.get(name, ()):
                users.setdefault(name, set()).add(stem(path))
    return users


def check(root):
    """Every prototype of a header outside of tests/."""
    paths = [path for path in source.files(root, source.C_ENDINGS) if not path.startswith("tests/")]
    headers = [path for path in paths if path.endswith(".h") and path not in FOR_OTHERS]
    users = find_users(root, paths)
    in_headers = {path: mentions(source.code(source.read(root, path))) for path in headers}
    listed, faults = read_list(root)
    yield from faults
    for path, name, line, _ in source.symbols(root, headers, "p"):
        is_called = users.get(name, set()) - {stem(path)} or in_headers[path].get(name, 0) > 1
        is_listed = listed.pop(name, None) is not None
        if not is_called and not is_listed:
            yield source.Fault(path, line, f"{name} has no caller outside of its file and tests")
        elif is_called and is_listed:
            yield source.Fault(LIST, 1, f"{name} has a caller: drop the row")
    for name, line in listed.items():
        yield source.Fault(LIST, line, f"{name} is no public function: drop the row")


if __name__ == "__main__":
    source.run(check)
