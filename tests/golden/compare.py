"""compare.py FILE COMMAND ... - does the command print what the file holds, to the byte?"""
import subprocess
import sys


def main():
    """Compares, and names the first line that differs."""
    with open(sys.argv[1], "rb") as file:
        want = file.read()
    got = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, check=True).stdout
    if got == want:
        return
    pairs = zip(want.split(b"\n"), got.split(b"\n"))
    line = next((i for i, (old, new) in enumerate(pairs) if old != new), 0)
    sys.exit(f"{sys.argv[1]}: line {line + 1} is another.  A change of the wire is a new version: "
             "WIRE.md, both ends and the vectors in one commit; a change of a game's rows is this "
             f"listing with it: {' '.join(sys.argv[2:])} >{sys.argv[1]}")


if __name__ == "__main__":
    main()
