#!/bin/sh
# promtool.sh ARGS - promtool from the machine or from where ./dev puts it; exit 77, which ctest
# shows as skipped, when there is none.
fetched=$(dirname "$0")/../../build/deps/prometheus/usr/bin
PATH=$PATH:$fetched
if ! command -v promtool >/dev/null; then
    echo "there is no promtool: ./dev test fetches it" >&2
    exit 77
fi
exec promtool "$@"
