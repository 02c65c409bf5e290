"""hash_equal.py NAME=COMMAND ... - runs every command and demands that all print the same hash."""
import subprocess
import sys


def hash_of(command):
    """The hash= of what a command prints."""
    done = subprocess.run(command.split(), check=True, text=True, stdout=subprocess.PIPE)
    figures = dict(word.split("=", 1) for word in done.stdout.split())
    return figures["hash"]


def main(arguments):
    hashes = {}
    for argument in arguments:
        name, command = argument.split("=", 1)
        hashes[name] = hash_of(command)
        print(f"{name:10} {hashes[name]}")
    if len(set(hashes.values())) != 1:
        sys.exit("the builds do not agree")


if __name__ == "__main__":
    main(sys.argv[1:])
