"""code_hash.py OUT SOURCE ... - writes a header with the hash of a game's sources.

The number says which code stepped a world: the same in the server, the .so and the browser.  The
order of the names on the command line does not count, nor does where the tree lies.
"""
import hashlib
import os
import sys


def digest(paths):
    """64 bits over the base names and the bytes of all files."""
    whole = hashlib.sha256()
    for path in sorted(paths, key=lambda path: (os.path.basename(path), path)):
        with open(path, "rb") as file:
            content = file.read()
        whole.update(f"{os.path.basename(path)} {len(content)}\n".encode() + content)
    return whole.hexdigest()[:16]


def main(out, paths):
    text = ("/* code_hash.gen.h - over the sources of game, sim, state and base. */\n"
            f"#define SK_CODE_HASH 0x{digest(paths)}u\n")
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
