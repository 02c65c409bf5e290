#!/usr/bin/env bash
# replay.sh [ROUNDS] - what a snapshot costs a page that predicts 750 ms ahead; see replay.mjs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1:-}" = --help ]; then
    echo "./dev bench replay [ROUNDS]    over the recorded matches (50)"
    exit 0
elif [[ ! ${1:-50} =~ ^[1-9][0-9]*$ ]]; then
    echo "replay: $1 is neither a number of rounds nor --help" >&2
    exit 2
fi
exec node bench/replay.mjs "$@"
