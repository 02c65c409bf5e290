#!/usr/bin/env bash
# feel-page.sh [PRESSES] - from a key to the own figure's motion in the page; see feel_page.mjs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1:-}" = --help ]; then
    echo "./dev bench feel-page [PRESSES]    a round trip (20)"
    exit 0
elif [[ ! ${1:-20} =~ ^[1-9][0-9]*$ ]]; then
    echo "feel-page: $1 is neither a number of presses nor --help" >&2
    exit 2
fi
[ -f clients/web/game/dist/index.html ] || {
    echo "feel-page: the page is not built: ./dev build first" >&2
    exit 1
}
exec node bench/feel_page.mjs "$@"
