#!/usr/bin/env bash
# loss.sh [SECONDS] - how old snapshots are for 48 players whose packets get lost: WebSocket, ENet.
#
# The age is looked at with each input, beyond that of the fastest snapshot when it came, which is
# the one way.  Goals, for ENet: at 10% a p99 of at most 7 ticks with arena's 20 snapshots a second,
# at 20% everybody plays on.  enet_bytes is what ENet puts around a snapshot, its confirmations too.
#
# Server and bots share a network namespace of their own; nftables drops 0, 1, 5, 10 and 20% of the
# packets each way.  WebSocket is measured as it is, and without TCP_RTO_MIN_US (no_rto_min.c), as
# on a kernel that lacks it.  Where the machine forbids a namespace or has no nft it says so and
# skips.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1:-}" = --help ]; then
    echo "./dev bench loss [SECONDS]    of each measurement (14)"
    exit 0
elif [[ ! ${1:-14} =~ ^[1-9][0-9]*$ ]]; then
    echo "loss: $1 is neither a number of seconds nor --help" >&2
    exit 2
fi
seconds=${1:-14}
build=$PWD/build/release
space=skirmish-loss-$$
port=7801
children=()

skip() {
    echo "bench=loss skipped=\"$1\""
    exit 0
}

inside() {
    ip netns exec "$space" "$@"
}

clean() {
    local child
    for child in "${children[@]}"; do
        kill "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    done
    ip netns del "$space" 2>/dev/null || true
}

# measure TRANSPORT LOSS RTO_MIN: one line.  What is lost begins when all have joined.
measure() {
    local transport=$1 loss=$2 preload='' protocol=tcp server dropper
    [ "$transport" = enet ] && protocol=udp
    [ "$3" = kernel ] && preload=$build/bench/bench-no-rto-min.so
    inside nft flush ruleset
    inside nft add table inet loss
    inside nft 'add chain inet loss in { type filter hook input priority 0; }'
    ip netns exec "$space" env LD_PRELOAD="$preload" "$build/skirmishd" --listen "127.0.0.1:$port" \
        --admin 127.0.0.1:0 --enet "127.0.0.1:$port" --drain-seconds 0 >/dev/null 2>&1 &
    server=$!
    children=("$server")
    sleep 1
    (
        sleep 3
        for way in dport sport; do
            inside nft "add rule inet loss in $protocol $way $port" \
                "numgen random mod 100 < $loss drop"
        done
    ) &
    dropper=$!
    inside env LD_PRELOAD="$preload" "$build/skirmish-bots" --url "http://127.0.0.1:$port" \
        --bots 48 --seconds "$seconds" --room-size 16 --transport "$transport" \
        --json 2>/dev/null |
        python3 -c '
import json, sys
figures = json.loads(sys.stdin.read().splitlines()[-1])
transport, loss, rto_min, machine = sys.argv[1:]
values = " ".join(f"{key}={figures[key]}" for key in (
    "age_p50_ms", "age_p99_ms", "interval_p50_ms", "interval_p99_ms", "interval_p999_ms",
    "snapshots_per_s", "mismatches", "drops", "failed"))
if transport == "enet":
    datagram = figures["bytes_in_per_s"] / max(1, figures["snapshots_per_s"])
    message = figures["snapshot_bytes_mean"]
    values += (f" datagram_bytes={datagram:.0f} sealed_bytes=24 "
               f"enet_bytes={datagram - 24 - message:.0f} message_bytes={message}")
    plays = figures["drops"] == 0 and figures["failed"] == 0 and figures["snapshots_per_s"] > 0
    goals = {"10": figures["age_p99_ms"] <= 7000 / 60, "20": plays}
    values += f" met={int(goals[loss])}" if loss in goals else ""
print(f"bench=loss peer={transport} loss_percent={loss} rto_min={rto_min} players=48 {values} "
      f"machine=\"{machine}\"")
' "$transport" "$loss" "$3" "$(nproc) cores, Linux $(uname -r)"
    wait "$dropper"
    kill "$server"
    wait "$server" 2>/dev/null || true
    children=()
}

command -v nft >/dev/null || skip "no nft on this machine"
command -v ip >/dev/null || skip "no ip on this machine"
ip netns add "$space" 2>/dev/null || skip "this machine allows no network namespace"
trap clean EXIT
inside ip link set lo up
inside nft list ruleset >/dev/null 2>&1 || skip "this machine allows no nftables"
for loss in 0 1 5 10 20; do
    measure ws "$loss" 20ms
    measure ws "$loss" kernel
    measure enet "$loss" none
done
