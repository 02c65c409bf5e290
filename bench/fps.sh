#!/usr/bin/env bash
# fps.sh [SECONDS] - frames a second of the browser game; see fps.mjs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -f clients/web/game/dist/index.html ] || {
    echo "fps: the page is not built: ./dev build first" >&2
    exit 1
}
exec node bench/fps.mjs "$@"
