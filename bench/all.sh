#!/usr/bin/env bash
# all.sh [SECONDS] - every benchmark, briefly; one table of what they say, in README.md.
#
# SECONDS is what a measurement of exchange and peers takes (5).  The lines stay in
# build/bench.lines.  A tree with changes gives the table on stdout alone: figures in the README are
# of a commit that can be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1:-}" = --help ]; then
    echo "./dev bench all [SECONDS]    that a measurement of exchange and peers takes (5)"
    exit 0
elif [[ ! ${1:-5} =~ ^[1-9][0-9]*$ ]]; then
    echo "all: $1 is neither a number of seconds nor --help" >&2
    exit 2
fi
seconds=${1:-5}
lines=build/bench.lines
changes=$(git status --porcelain -- . ':!README.md' 2>/dev/null || echo unknown)
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)${changes:+ with changes}
: >"$lines"

# run NAME COMMAND...: its lines; a benchmark that fails is a line as well.
run() {
    local name=$1
    shift
    echo "all: $name" >&2
    "$@" >>"$lines" || echo "bench=$name failed=1" >>"$lines"
}

run exchange build/release/bench-exchange --seconds "$seconds"
run peers build/release/bench-peers --seconds "$seconds"
run enet build/release/bench-enet --seconds "$seconds"
run echo build/release/bench-echo --rounds 3 --seconds-tenths 5
run idle build/release/bench-idle --connections 2000
run codec build/release/bench-codec
run storm build/release/bench-storm
run hash bench/hash.sh 100000
run fps bench/fps.sh 10
run replay bench/replay.sh
run loss bench/loss.sh 8
run rewind build/release/bench-rewind
run feel build/release/bench-feel
run feel-page bench/feel-page.sh 20

if [ -z "$changes" ]; then
    python3 -B bench/table.py "$lines" "$commit" README.md
else
    echo "all: the tree has changes, so README.md stays as it is" >&2
    python3 -B bench/table.py "$lines" "$commit"
fi
