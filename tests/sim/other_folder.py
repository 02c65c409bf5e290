"""other_folder.py SOURCE BUILD GAME - a checkout's place must not show in what it builds.

Builds the game's wasm once more from a copy of shared/ in another folder, by the very commands of
BUILD, and compares the bytes; then looks for the source's folder in the native programs as they are
installed: without what is for debuggers.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = ("skirmishd", "skirmish-bots")
STEPS = ("--target=wasm32", "wasm-ld", "code_hash.py")


def commands(build, game):
    """What makes the game's wasm, line by line."""
    done = subprocess.run(["ninja", "-C", build, "-t", "commands", f"games/{game}.wasm"],
                          stdout=subprocess.PIPE, text=True, check=True)
    return [line for line in done.stdout.splitlines() if any(step in line for step in STEPS)]


def build_elsewhere(source, build, game, folder):
    """Runs the commands with the source's and the build's folder replaced; returns the bytes."""
    shutil.copytree(f"{source}/shared", f"{folder}/source/shared")
    for command in commands(build, game):
        moved = command.replace(build, f"{folder}/build").replace(source, f"{folder}/source")
        place = moved.split(" && ", 1)[0].removeprefix("cd ")
        for needed in (place, f"{folder}/build/generated/games/{game}", f"{folder}/build/games",
                       f"{folder}/build/wasm/core", f"{folder}/build/wasm/{game}"):
            pathlib.Path(needed).mkdir(parents=True, exist_ok=True)
        subprocess.run(moved, shell=True, check=True)
    return pathlib.Path(folder, "build", "games", f"{game}.wasm").read_bytes()


def main(source, build, game):
    with tempfile.TemporaryDirectory() as folder:
        there = build_elsewhere(source, build, game, folder)
    here = pathlib.Path(build, "games", f"{game}.wasm").read_bytes()
    print(f"{game}.wasm: {len(here)} bytes here, {len(there)} there")
    if here != there:
        sys.exit(f"{game}.wasm of another folder has other bytes")
    for program in PROGRAMS:
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["strip", "-o", stripped.name, f"{build}/{program}"], check=True)
            if source.encode() in pathlib.Path(stripped.name).read_bytes():
                sys.exit(f"{program} names {source}")


if __name__ == "__main__":
    main(*sys.argv[1:])
