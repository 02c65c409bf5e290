#!/usr/bin/env bash
# fps.sh [SECONDS] - frames a second of the browser game; see fps.mjs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1:-}" = --help ]; then
    echo "./dev bench fps [SECONDS]    that are measured (20)"
    exit 0
elif [[ ! ${1:-20} =~ ^[1-9][0-9]*$ ]]; then
    echo "fps: $1 is neither a number of seconds nor --help" >&2
    exit 2
fi
[ -f clients/web/game/dist/index.html ] || {
    echo "fps: the page is not built: ./dev build first" >&2
    exit 1
}
exec node bench/fps.mjs "$@"
