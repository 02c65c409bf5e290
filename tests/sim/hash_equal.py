"""hash_equal.py NAME=COMMAND ... - runs every command; all must print the same hashes.

They are of the world, of its layout and of the code.
"""
import subprocess
import sys


def hashes_of(command):
    """What a command prints, but for its speed."""
    done = subprocess.run(command.split(), check=True, text=True, stdout=subprocess.PIPE)
    return [word for word in done.stdout.split() if not word.startswith("us_per_tick=")]


def main(arguments):
    found = set()
    for argument in arguments:
        name, command = argument.split("=", 1)
        hashes = " ".join(hashes_of(command))
        found.add(hashes)
        print(f"{name:10} {hashes}")
    if len(found) != 1:
        sys.exit("the builds do not agree")


if __name__ == "__main__":
    main(sys.argv[1:])
