#!/usr/bin/env bash
# hash.sh [TICKS [PLAYERS]] - one made-up match of arena in every build, then one that was recorded
# of a server's bots and of players over bad lines (an eighth as long): do they agree, how fast?
#
# Prints a line a build and match; `ratio` is its time over that of gcc -O2 in the same run.  Exits
# 1 when two hashes differ; a recorded match ends at the first tick whose hash is another.
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

record=$(mktemp)
trap 'rm -f "$record"' EXIT

# run BUILD ARGUMENT...: the program of one build.
run() {
    local name=$1
    shift
    if [ "$name" = wasm ]; then
        node tests/sim/fixture.mjs "$build/games/arena.wasm" "$maps" "$@"
    elif [ "$name" = record ]; then
        "$build/tests/record" "$maps" "$@"
    else
        "$build/tests/fixture_arena_$name" "$maps" "$@"
    fi
}

# value KEY: of the words key=value in $line.
value() {
    sed -E "s/.*$1=([^ ]*).*/\1/" <<<"$line"
}

# compare MATCH PLAYERS ARGUMENT...: a line for each build's.
compare() {
    local match=$1 players=$2 first_us='' name hash us equal ratio
    shift 2
    for name in gcc_O2 clang_O2 gcc_O0 wasm; do
        line=$(run "$name" "$@")
        hash=$(value hash)
        us=$(value us_per_tick)
        : "${first_hash:=$hash}" "${first_us:=$us}"
        equal=1
        [ "$hash" = "$first_hash" ] || equal=0 failed=1
        ratio=$(awk "BEGIN { printf \"%.2f\", $us / $first_us }")
        echo "bench=hash game=arena match=$match build=$name ticks=$(value ticks)" \
            "players=$players hash=$hash us_per_tick=$us ratio=$ratio equal=$equal" \
            "machine=\"$machine\""
    done
}

first_hash='' failed=0
compare made_up "$players" "$ticks" "$seed" "$players"
line=$(run record "$((ticks / 8 + 1))" "$record")
first_hash=$(value hash)
compare recorded 8 8 "$record"
exit "$failed"
