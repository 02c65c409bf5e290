"""core_equal.py NODE REPLAY WASM PLAYERS TICK PROGRAM ... - one client core in all builds.

Each PROGRAM (core_script.c, by another compiler) writes down the same script; the wasm build
answers each of its calls as the first did.
"""
import subprocess
import sys
import tempfile


def run(*command):
    done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    return done.stdout.splitlines()


def compare(name, wanted, got):
    for number, (want, have) in enumerate(zip(wanted, got), 1):
        if want != have:
            sys.exit(f"{name}, call {number}: {have[:200]}\n  but the first says {want[:200]}")
    if len(wanted) != len(got):
        sys.exit(f"{name}: {len(got)} calls, the first makes {len(wanted)}")
    print(f"{name}: {len(got)} calls, all answered the same")


def main(node, replay, wasm, players, tick, first, *others):
    wanted = run(first, players, tick)
    for program in others:
        compare(program, wanted, run(program, players, tick))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as script:
        script.write("\n".join(wanted) + "\n")
        script.flush()
        compare(wasm, wanted, run(node, replay, wasm, script.name, players))


if __name__ == "__main__":
    main(*sys.argv[1:])
