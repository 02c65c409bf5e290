#!/usr/bin/env bash
# hash.sh [TICKS [PLAYERS]] - one made-up match of arena in every build: do they agree, how fast?
#
# Prints a line a build; `ratio` is its time over that of gcc -O2 in the same run.  Exits 1 when two
# hashes differ.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for argument; do
    if [ "$argument" = --help ]; then
        echo "./dev bench hash [TICKS [PLAYERS]]    a match of so long (1000000) and so many (8)"
        exit 0
    elif [[ ! $argument =~ ^[1-9][0-9]*$ ]]; then
        echo "hash: $argument is neither a number nor --help" >&2
        exit 2
    fi
done
ticks=${1:-1000000}
players=${2:-8}
seed=20
maps=assets/maps/arena.txt
build=build/release
machine="$(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo), $(nproc) cpus"

# run BUILD: the program of one build.
run() {
    if [ "$1" = wasm ]; then
        node tests/sim/fixture.mjs "$build/games/arena.wasm" "$maps" "$ticks" "$seed" "$players"
    else
        "$build/tests/fixture_arena_$1" "$maps" "$ticks" "$seed" "$players"
    fi
}

# value KEY: of the words key=value in $line.
value() {
    sed -E "s/.*$1=([^ ]*).*/\1/" <<<"$line"
}

first_hash='' first_us='' failed=0
for name in gcc_O2 clang_O2 gcc_O0 wasm; do
    line=$(run "$name")
    hash=$(value hash)
    us=$(value us_per_tick)
    : "${first_hash:=$hash}" "${first_us:=$us}"
    equal=1
    [ "$hash" = "$first_hash" ] || equal=0 failed=1
    ratio=$(awk "BEGIN { printf \"%.2f\", $us / $first_us }")
    echo "bench=hash game=arena build=$name ticks=$ticks players=$players hash=$hash" \
        "us_per_tick=$us ratio=$ratio equal=$equal machine=\"$machine\""
done
exit "$failed"
