"""knots.py - no cycle among the files of server/, shared/ and clients/c.

What a file refers to is what its object file says (nm): functions and data of others, by symbol.
Calls through a table or a callback are no reference: that is how a lower file reaches a higher
one.  Files that refer to each other in a circle cannot be read, tested or replaced alone.  A
reference that closes a circle and must stay is a row of knots.txt: `FROM TO REASON`.
"""
import os
import re
import subprocess
import sys

import source

LIST = "tests/style/knots.txt"
FOLDERS = ("server/", "shared/", "clients/c/")
OBJECT = re.compile(r"(?:(.*)/)?CMakeFiles/[^/]+\.dir/(.*)\.o$")


def source_of(root, object_path):
    """The file of this tree that an object was made of, or None."""
    match = OBJECT.match(object_path)
    path = os.path.normpath(os.path.join(match.group(1) or "", match.group(2))) if match else ""
    is_ours = path.startswith(FOLDERS) and os.path.exists(os.path.join(root, path))
    return path if is_ours else None


def objects(root, build):
    """{object file: source file} of a build tree."""
    found = {}
    for folder, _, names in os.walk(build):
        for name in names:
            path = os.path.join(folder, name)
            made_of = source_of(root, os.path.relpath(path, build)) if name.endswith(".o") else None
            if made_of:
                found[path] = made_of
    return found


def read_symbols(paths):
    """(object, kind, symbol) of every global symbol of the object files."""
    done = subprocess.run(["nm", "-A", "-g", *paths], text=True, check=True,
                          stdout=subprocess.PIPE)
    for line in done.stdout.splitlines():
        where, _, rest = line.rpartition(":")
        fields = rest.split()
        yield where, fields[-2], fields[-1]


def references(rows):
    """{(from, to): symbols} of rows (file, kind, symbol); what several files define is nobody's."""
    homes, users = {}, {}
    for path, kind, symbol in rows:
        (users if kind in "Uw" else homes).setdefault(symbol, set()).add(path)
    found = {}
    for symbol, paths in users.items():
        if len(homes.get(symbol, ())) != 1:
            continue
        home = next(iter(homes[symbol]))
        for path in paths - {home}:
            found.setdefault((path, home), set()).add(symbol)
    return found


def knots(edges):
    """The strongly connected sets of more than one file, sorted (Tarjan, without recursion)."""
    after = {}
    for start, end in sorted(edges):
        after.setdefault(start, []).append(end)
    index, low, stack, found = {}, {}, [], []
    for root in sorted(after):
        todo = [(root, None)] if root not in index else []
        while todo:
            node, rest = todo.pop()
            if rest is None:
                index[node] = low[node] = len(index)
                stack.append(node)
                rest = iter(after.get(node, ()))
            for next_node in rest:
                if next_node not in index:
                    todo += [(node, rest), (next_node, None)]
                    break
                if next_node in stack:
                    low[node] = min(low[node], index[next_node])
            else:
                if todo:
                    above = todo[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    found.append(sorted(stack[at:]))
                    del stack[at:]
    return sorted(knot for knot in found if len(knot) > 1)


def read_list(root):
    """{(from, to): line} of the list; a row without a reason is a fault."""
    rows, faults = {}, []
    for line, row in enumerate(source.read(root, LIST).splitlines(), 1):
        fields = row.split(maxsplit=2)
        if not fields or row.startswith("#"):
            continue
        if len(fields) < 3:
            faults.append(source.Fault(LIST, line, "a row is FROM TO REASON"))
            continue
        rows[fields[0], fields[1]] = line
    return rows, faults


def judge(edges, listed):
    """Faults of references {(from, to): symbols}, of which those in {(from, to): line} may be."""
    for knot in knots(set(edges) - set(listed)):
        for start, end in sorted(edges):
            if start in knot and end in knot and (start, end) not in listed:
                used = ", ".join(sorted(edges[start, end])[:4])
                yield source.Fault(start, 1, f"{end} is in a circle with it: {used}")
    tied = {path: number for number, knot in enumerate(knots(edges)) for path in knot}
    for (start, end), line in listed.items():
        if (start, end) not in edges or tied.get(start, -1) != tied.get(end, -2):
            yield source.Fault(LIST, line, f"{start} to {end} closes no circle: drop the row")


def check_build(root, build):
    """Every object of a build tree."""
    made_of = objects(root, build)
    rows = [(made_of[where], kind, name) for where, kind, name in read_symbols(sorted(made_of))]
    listed, faults = read_list(root)
    return faults + list(judge(references(rows), listed))


if __name__ == "__main__":
    source.run(lambda root: check_build(root, sys.argv[2]))
