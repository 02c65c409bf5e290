"""layers.py - who may include whom.

    base <- state <- sim <- client <- wasm       both ends, no libc
    base <- state <- sim <- games <- wasm
    base, sim, net <- native   base, state, sim <- wire    native only
    base <- enet            native only: server/app, clients/c
    net <- aead             native only: server/app, clients/c
    native <- server/edge, server/app, clients/game_client, clients/bots     it has a clock
    shared <- server/core <- server/edge <- server/app
    stream <- http, ws <- transport    in server/edge; http and ws do not see each other
    shared <- clients/c <- clients/game_client, clients/bots

The compiler keeps most of this (a library sees only what it links); this check also sees headers
that nobody compiles, two headers with one name, and system headers where there is no system.
"""
import os
import re

import source

FREESTANDING = {"stdint.h", "stddef.h", "stdbool.h", "float.h"}
BOTH_ENDS = {"shared/base", "shared/state", "shared/sim", "shared/client", "shared/games",
             "shared/wasm"}
SHARED = BOTH_ENDS | {"shared/wire", "shared/net"}
NATIVE = {"shared/native"}
ENET = {"shared/enet"}
AEAD = {"shared/aead"}
SEES = {
    "shared/base": set(),
    "shared/state": {"shared/base"},
    "shared/sim": {"shared/base", "shared/state"},
    "shared/client": {"shared/base", "shared/state", "shared/sim"},
    "shared/games": {"shared/base", "shared/state", "shared/sim"},
    "shared/wasm": BOTH_ENDS,
    "shared/wire": {"shared/base", "shared/state", "shared/sim"},
    "shared/net": {"shared/base"},
    "shared/native": {"shared/base", "shared/net", "shared/sim"},
    "shared/enet": {"shared/base"},
    "shared/aead": {"shared/base", "shared/net"},
    "server/core": SHARED,
    "server/edge": SHARED | NATIVE | {"server/core"},
    "server/app": SHARED | NATIVE | ENET | AEAD | {"server/core", "server/edge"},
    "clients/c": SHARED | ENET | AEAD,
    "clients/game_client": SHARED | NATIVE | {"clients/c"},
    "clients/bots": SHARED | NATIVE | {"clients/c"},
}
# A stream does not know its protocols, nor they each other or whose connection they are.
HIDDEN = {
    "server/edge/stream": {"http", "ws", "transport"},
    "server/edge/http": {"ws", "transport"},
    "server/edge/ws": {"http", "transport"},
}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
GENERATED = re.compile(r"(_generated|\.gen)\.h$")  # made by the build, beside no source


def layer_of(path):
    """The first two folders of a path that SEES knows, else None (tests and benchmarks see all)."""
    layer = "/".join(path.split("/")[:2])
    return layer if layer in SEES else None


def game_of(path):
    """The game a file of shared/games belongs to, else None."""
    parts = path.split("/")
    return parts[2] if path.startswith("shared/games/") and len(parts) > 3 else None


def check_quoted(path, line, name, headers):
    """Faults of one #include "name"."""
    if ".." in name.split("/"):
        yield source.Fault(path, line, f'"{name}" climbs out of its folder')
        return
    targets = [header for header in headers if ("/" + header).endswith("/" + name)]
    if not targets:
        if not GENERATED.search(name):
            yield source.Fault(path, line, f'"{name}" is no header of this tree')
        return
    target = targets[0]
    layer, seen = layer_of(path), layer_of(target)
    if os.path.basename(os.path.dirname(target)) in HIDDEN.get(os.path.dirname(path), ()):
        yield source.Fault(path, line, f"{os.path.dirname(path)} must not see {target}")
    if layer and seen != layer and seen not in SEES[layer]:
        yield source.Fault(path, line, f"{layer} must not see {target}")
    if layer == "shared/games" and game_of(target) and game_of(path) \
            and game_of(path) != game_of(target):
        yield source.Fault(path, line, f"one game must not see another: {target}")


def check_unique(headers):
    """Faults of two headers that share a name."""
    first = {}
    for header in headers:
        name = os.path.basename(header)
        if name in first:
            yield source.Fault(header, 1, f"its name is taken by {first[name]}")
        first.setdefault(name, header)


def check(root):
    """Every include of every C and C++ file."""
    headers = source.files(root, (".h",))
    yield from check_unique(headers)
    for path in source.files(root, source.C_ENDINGS):
        text = source.read(root, path)
        for match in INCLUDE.finditer(text):
            line, name = source.line_of(text, match.start()), match.group(2)
            if match.group(1) == '"':
                yield from check_quoted(path, line, name, headers)
            elif layer_of(path) in BOTH_ENDS and name not in FREESTANDING:
                yield source.Fault(path, line, f"<{name}> does not exist in the browser")


if __name__ == "__main__":
    source.run(check)
