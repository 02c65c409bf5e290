"""coverage.py BUILD_DIR - do the fuzz targets reach 90% of the lines of each parser?

95% of those that a datagram comes to first.

For a build with SK_COVERAGE=ON (clang).  Runs each target over its corpus and a million mutated
bytes, adds up what they reached, and compares with the table below; a parser that shares a file
with its writer is told by the names of its functions.
"""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINES_MIN = 0.90
BYTES = "1000000"
ANY = ""

# source: names of the functions that count, as a pattern
PARSERS = {
    "shared/net/ws_frame.c": "parse|on_|begin|is_",
    "shared/net/ws_message.c": ANY,
    "shared/net/utf8.c": ANY,
    "shared/net/http_head.c": ANY,
    "shared/net/pieces.c": ANY,
    "shared/net/replay_window.c": ANY,
    "shared/net/sealed.c": ANY,
    "server/edge/address/proxy_header.c": ANY,
    "shared/wire/messages.cpp": "decode|read|verify",
    "shared/state/bits.c": "read|refill",
    "shared/state/subset.c": ANY,
    "shared/state/rows.c": ANY,
    "shared/state/delta.c": ANY,
    "shared/state/event_list.c": ANY,
    "shared/state/exact.c": ANY,
    "shared/state/snapshot.c": "read",
    "shared/sim/view.c": "take|decode|settle|find",
    "server/app/api.c": "read_|on_|is_|check|parse|code_point",
    "shared/native/settings.c":
        "read_(number|choice|flag|typed|value|line|text|file)$|:take$|trim|unquote|cut_comment",
    "server/edge/tls/tls_guard.c": ANY,
    "shared/enet/enet_filter.c": ANY,
}


# the same of some, where more is asked
LINES_MIN_OF = {
    "shared/net/pieces.c": 0.95,
    "shared/net/replay_window.c": 0.95,
    "shared/net/sealed.c": 0.95,
    "shared/enet/enet_filter.c": 0.95,
}


def run_targets(build):
    """Runs all targets; the profile of all together, and the programs."""
    found = glob.glob(f"{build}/tests/fuzz_*")
    targets = sorted(path for path in found if os.access(path, os.X_OK))
    raw = []
    for target in targets:
        name = os.path.basename(target)[len("fuzz_"):]
        raw.append(f"{target}.profraw")
        environment = dict(os.environ, LLVM_PROFILE_FILE=raw[-1])
        subprocess.run([target, f"{ROOT}/tests/fuzz/corpus/{name}", BYTES], env=environment,
                       stdout=subprocess.DEVNULL, check=True)
    profile = f"{build}/tests/fuzz.profdata"
    subprocess.run(["llvm-profdata-14", "merge", "-sparse", "-o", profile] + raw, check=True)
    return targets, profile


def functions(targets, profile, source):
    """Yields (function, lines, lines missed) of a source file."""
    objects = [part for target in targets[1:] for part in ("-object", target)]
    command = ["llvm-cov-14", "report", "-show-functions", f"-instr-profile={profile}", targets[0]]
    report = subprocess.run(command + objects + [source], stdout=subprocess.PIPE, text=True,
                            check=True).stdout
    for line in report.splitlines():
        match = re.match(r"(\S+)\s+\d+\s+\d+\s+\S+%\s+(\d+)\s+(\d+)\s+\S+%", line)
        if match and match.group(1) != "TOTAL":
            yield match.group(1), int(match.group(2)), int(match.group(3))


def measure(targets, profile, source, pattern):
    """Prints a parser's figures; were enough lines reached?"""
    lines = missed = 0
    worst = []
    for name, count, miss in functions(targets, profile, source):
        if re.search(pattern, name):
            lines, missed = lines + count, missed + miss
            worst += [f"{name} {miss}/{count}"] if miss else []
    reached = 1 - missed / lines if lines else 0
    name = os.path.relpath(source, ROOT)
    print(f"coverage source={name} lines={lines} "
          f"reached={100 * reached:.1f}% missed={', '.join(worst) or 'none'}")
    return reached >= LINES_MIN_OF.get(name, LINES_MIN)


def main():
    """Measures every parser of the table."""
    build = os.path.abspath(sys.argv[1])
    targets, profile = run_targets(build)
    good = [measure(targets, profile, f"{ROOT}/{source}", pattern)
            for source, pattern in PARSERS.items()]
    if not all(good):
        sys.exit("coverage: a parser has lines that no fuzz target reaches")


if __name__ == "__main__":
    main()
